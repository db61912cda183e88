/* Whether this CPU lets us read the ISA's counter, and whether that counter is a clock. */
#ifndef TRANSEPT_MEASURE_CLOCK_PROBE_H
#define TRANSEPT_MEASURE_CLOCK_PROBE_H

#include <stddef.h>

#include "measure/clock_series.h"
#include "transept/measure.h"

/** Calls `read` in a child of its own. Returns 0 when it came back; -1 with `reason` when it died or could not be tried. */
int tsp_clock_try(void (*read)(void), const char *name, char *reason, size_t size);

/** The ISA's counter under that trial, then: it must move within 20 µs, every time. 0, or -1 with `reason`. */
int tsp_clock_probe_isa(char *reason, size_t size);

/** Reads the clock 10⁶ times, start and stop in turn, and gathers the steps. */
void tsp_clock_watch(const struct tsp_clock *clock, struct tsp_clock_steps *steps);

/** Points over at least `ms` milliseconds, for tsp_clock_fit_points(). Returns how many of the `room` were taken. */
size_t tsp_clock_points(const struct tsp_clock *clock, double ms, struct tsp_clock_point *points,
                        size_t room);

#endif
