/* What samples say: quantiles, their intervals, descriptions. Pure functions over arrays; GSL underneath; no I/O. */
#ifndef TRANSEPT_STATS_H
#define TRANSEPT_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "transept/error.h"
#include "transept/round.h"

/** Type-7 quantile (Hyndman & Fan 1996) of ascending values, 0 ≤ p ≤ 1; NaN when n is 0. */
double tsp_stats_quantile(const double *sorted, size_t n, double p);

/** Median of unsorted values; reorders them. NaN when n is 0. */
double tsp_stats_median(double *values, size_t n);

/** Effective samples that a quantile p takes to be reported: ⌈3 / min(p, 1 − p)⌉ (measurement.md). */
uint64_t tsp_stats_needed(double p);

/** Effective samples from which both bounds of a quantile's 95 % interval exist: ⌈ln 0.025 / ln max(p, 1 − p)⌉ (P95: 72, P99: 368). */
uint64_t tsp_stats_needed_for_bounds(double p);

/** Integrated autocorrelation time of a series in the order of measurement, ≥ 1 (method and source in stats/autocorrelation.c). */
double tsp_stats_autocorrelation_time(const double *series, size_t n);

/**
 * A quantile with its distribution-free 95 % interval from order statistics (binomial; David & Nagaraja 2003, §7.1), for
 * `effective` independent samples out of n. Value and bounds are NaN and `needs` is set when `effective` does not support p.
 */
struct tsp_estimate tsp_stats_quantile_interval(const double *sorted, size_t n, double effective, double p);

/** Describes samples given in the order of measurement. Returns -1 when n is 0, a sample is not finite, or memory is out. */
int tsp_stats_describe(const double *samples, size_t n, struct tsp_description *description, struct tsp_error *error);

/**
 * The estimate that is reported: Student's t over one value a round, on their logarithms when all are positive, else on the
 * values themselves (a net time may be zero). NaN values (rounds without the quantile) are left out; with fewer than 3 rounds
 * the bounds are NaN and `value` is the median.
 */
struct tsp_estimate tsp_stats_across_rounds(const double *values, size_t rounds);

#endif
