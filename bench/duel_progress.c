/* How far a duel is. */
#include "duel_progress.h"

#include <stdio.h>

#include "terminal.h"

struct tsp_duel_display tsp_duel_display_make(const char *name) {
    return (struct tsp_duel_display){.name = name, .redraws = tsp_terminal_redraws(stderr)};
}

void tsp_duel_display_clear(struct tsp_duel_display *display) {
    if (display->drawn) {
        (void)fputs("\r\033[K", stderr);
        display->drawn = false;
    }
}

void tsp_duel_display_show(void *data, const struct tsp_duel_progress *progress) {
    struct tsp_duel_display *display = data;
    char left[32];
    (void)tsp_duration_text(progress->left_ms, left, sizeof left);
    if (display->redraws) {
        int width = (int)tsp_terminal_width(stderr) - 48;
        (void)fprintf(stderr, "\r%zu/%zu cases, %s left  %.*s\033[K", progress->cases_over,
                      progress->case_count, left, width > 0 ? width : 0, progress->id);
        display->drawn = true;
        return;
    }
    if (progress->left_ms > display->most_ms) {
        display->most_ms = progress->left_ms;
    }
    unsigned tenths = (unsigned)(10 * (1 - progress->left_ms / display->most_ms));
    if (tenths > display->tenths) {
        display->tenths = tenths;
        (void)fprintf(stderr, "%s: %u %%, %zu of %zu cases done, %s left\n", display->name, tenths * 10,
                      progress->cases_over, progress->case_count, left);
    }
}
