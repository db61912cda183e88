/* Numbers as table cells. */
#ifndef TRANSEPT_BENCH_CELLS_H
#define TRANSEPT_BENCH_CELLS_H

#include <stddef.h>

#include "transept/round.h"

/** How the times of a group are written: all in one unit and with the same decimals, so that they can be compared by eye. */
struct tsp_scale {
    double divisor;
    const char *unit; /* "ns", "µs", "ms", "s"; static */
    int decimals;
};

/** A scale for times (ns, finite) of which these are the smallest and the largest magnitude. */
struct tsp_scale tsp_scale_choose(double smallest, double largest);

/** A time of `ns`; the sign for "none" when it is not finite. Returns `text`. */
const char *tsp_cell_time(char *text, size_t size, const struct tsp_scale *scale, double ns);

/** The scale for one row: the group's, with more decimals where the interval would else be written as 0. `largest` is the row's largest time. */
struct tsp_scale tsp_scale_refine(struct tsp_scale scale, const struct tsp_estimate *estimate,
                                  double largest);

/** How far the interval reaches from the value on its longer side, with the plus-minus sign; empty when there is none. */
const char *tsp_cell_interval(char *text, size_t size, const struct tsp_scale *scale,
                              const struct tsp_estimate *estimate);

/** A quantile: its value, or how many effective samples it takes ("n<300"). */
const char *tsp_cell_quantile(char *text, size_t size, const struct tsp_scale *scale,
                              const struct tsp_estimate *estimate);

/** A count an op: whole numbers as such, others with two decimals, or with as many as show that they are none; large ones as 12.3k or 4.56M. */
const char *tsp_cell_count(char *text, size_t size, double value);

#endif
