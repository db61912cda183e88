/* Intervals of what is measured in blocks of time, one after another, such as the seconds of a run. Pure. */
#ifndef TRANSEPT_STATS_BLOCKS_H
#define TRANSEPT_STATS_BLOCKS_H

#include <stddef.h>

#include "transept/round.h"

/** From so many blocks on there is an interval. */
#define TSP_BLOCKS_LEAST 3

/**
 * Σ part ÷ Σ whole over blocks, with its 95 % interval: the ratio estimator over clusters with Student's t (Cochran, Sampling Techniques, 3rd ed., §6.3
 * and §9A.1). It takes the blocks for independent of one another, within a block anything may depend on anything. Under TSP_BLOCKS_LEAST blocks the
 * bounds are NaN; where `whole` sums to 0 everything is.
 */
struct tsp_estimate tsp_blocks_ratio(const double *part, const double *whole, size_t blocks);

#endif
