/* How far a duel is: a line that is drawn anew on a terminal, a line for each tenth elsewhere. All on stderr. */
#ifndef TRANSEPT_BENCH_DUEL_PROGRESS_H
#define TRANSEPT_BENCH_DUEL_PROGRESS_H

#include <stdbool.h>

#include "transept/duel.h"

struct tsp_duel_display {
    const char *name; /* the command's */
    bool redraws;
    bool drawn;
    double most_ms;  /* the longest that was to come */
    unsigned tenths; /* that have been told of */
};

struct tsp_duel_display tsp_duel_display_make(const char *name);

/** A tsp_duel_observer over a struct tsp_duel_display. */
void tsp_duel_display_show(void *data, const struct tsp_duel_progress *progress);

/** Takes the line away. */
void tsp_duel_display_clear(struct tsp_duel_display *display);

#endif
