/* What a person sees while a run goes on: a bar on a terminal, a line now and then elsewhere. All on stderr. */
#ifndef TRANSEPT_BENCH_PROGRESS_H
#define TRANSEPT_BENCH_PROGRESS_H

#include <stdbool.h>

#include "transept/run.h"

struct tsp_display {
    bool redraws;
    bool colour;
    bool drawn;      /* a bar stands on the last line */
    unsigned tenths; /* of the run that have been told of by a line */
};

/** An observer that tells of a run by `display`; both belong to the caller. */
struct tsp_observer tsp_display_observer(struct tsp_display *display);

/** Takes the bar away, so that other lines can follow. */
void tsp_display_clear(struct tsp_display *display);

#endif
