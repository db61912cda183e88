/* What a person sees while a run goes on. */
#include "progress.h"

#include <stdio.h>
#include <string.h>

#include "terminal.h"

#define BAR_COLUMNS 12

void tsp_display_clear(struct tsp_display *display) {
    if (display->drawn) {
        (void)fputs("\r\033[K", stderr);
        display->drawn = false;
    }
}

/* A case's id in at most `room` columns (ids are ASCII): its middle gives way, for family and last parameter tell most. */
static void shorten(char *text, size_t size, const char *id, size_t room) {
    size_t length = strlen(id);
    if (length <= room || room < 8) {
        (void)snprintf(text, size, "%.*s", (int)room, id);
        return;
    }
    size_t head = (room - 3) / 2;
    (void)snprintf(text, size, "%.*s...%s", (int)head, id, id + length - (room - 3 - head));
}

static void draw(struct tsp_display *display, const struct tsp_progress *progress) {
    char left[32];
    char counts[96];
    char id[TSP_ID_MAX];
    unsigned width = tsp_terminal_width(stderr) - 1; /* a full line would wrap on some terminals */
    size_t full =
        progress->step_count == 0 ? BAR_COLUMNS : progress->steps_done * BAR_COLUMNS / progress->step_count;
    (void)tsp_duration_text(progress->left_ms, left, sizeof left);
    int used =
        snprintf(counts, sizeof counts, " %zu/%zu cases, %zu/%zu rounds, %s left ", progress->cases_done,
                 progress->case_count, progress->steps_done, progress->step_count, left);
    size_t room = (size_t)used + BAR_COLUMNS + 2 < width ? width - BAR_COLUMNS - 2 - (size_t)used : 0;
    shorten(id, sizeof id, progress->tcase->id, room);
    (void)fprintf(stderr, "\r[%s%.*s%s%.*s]%.*s%s\033[K", display->colour ? "\033[32m" : "", (int)full,
                  "############", display->colour ? "\033[0m" : "", (int)(BAR_COLUMNS - full), "............",
                  (int)(width > BAR_COLUMNS + 2 ? width - BAR_COLUMNS - 2 : 0), counts, id);
    display->drawn = true;
}

static void started(void *data, const struct tsp_progress *progress) {
    struct tsp_display *display = data;
    if (display->redraws) {
        draw(display, progress);
    }
}

/* On no terminal: a line for each tenth of the run. */
static void tell(struct tsp_display *display, const struct tsp_progress *progress) {
    unsigned tenths = (unsigned)(progress->steps_done * 10 / progress->step_count);
    if (tenths <= display->tenths) {
        return;
    }
    char left[32];
    display->tenths = tenths;
    (void)fprintf(stderr, "transept run: %u %%, %zu of %zu cases and %zu of %zu rounds done, %s left\n",
                  tenths * 10, progress->cases_done, progress->case_count, progress->steps_done,
                  progress->step_count, tsp_duration_text(progress->left_ms, left, sizeof left));
}

static void finished(void *data, const struct tsp_progress *progress, const struct tsp_round *round) {
    struct tsp_display *display = data;
    if (round->status != TSP_OK) {
        tsp_display_clear(display);
        (void)fprintf(stderr, "transept run: %s: %s%s%s: %s\n", progress->tcase->id,
                      display->colour ? "\033[31m" : "", tsp_status_name(round->status),
                      display->colour ? "\033[0m" : "", round->reason);
    }
    if (display->redraws) {
        draw(display, progress);
    } else {
        tell(display, progress);
    }
}

static void warned(void *data, const char *text) {
    tsp_display_clear(data);
    (void)fprintf(stderr, "transept run: %s\n", text);
}

struct tsp_observer tsp_display_observer(struct tsp_display *display) {
    *display = (struct tsp_display){.redraws = tsp_terminal_redraws(stderr),
                                    .colour = tsp_terminal_has_colour(stderr)};
    return (struct tsp_observer){.data = display, .started = started, .finished = finished, .warned = warned};
}
