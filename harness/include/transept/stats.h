/* What samples say: quantiles, their intervals, descriptions. Pure functions over arrays; GSL underneath; no I/O. */
#ifndef TRANSEPT_STATS_H
#define TRANSEPT_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "transept/error.h"
#include "transept/round.h"

/*
 * Values are finite unless a comment says otherwise; units are the caller's. Arrays stay the caller's, and nothing is kept. No
 * function touches GSL's error handler, which belongs to the whole process: arguments that GSL would refuse never reach it.
 */

/** Type-7 quantile (Hyndman & Fan 1996) of ascending values, 0 ≤ p ≤ 1; NaN when n is 0 or p is outside. */
double tsp_stats_quantile(const double *sorted, size_t n, double p);

/** Median of unsorted values; reorders them. NaN when n is 0. */
double tsp_stats_median(double *values, size_t n);

/** Effective samples that a quantile p takes to be reported: ⌈3 / min(p, 1 − p)⌉ (measurement.md). UINT64_MAX unless 0 < p < 1. */
uint64_t tsp_stats_needed(double p);

/**
 * Effective samples from which both bounds of a quantile's 95 % interval exist: ⌈ln 0.025 / ln max(p, 1 − p)⌉ (P50: 6, P95: 72,
 * P99: 368, P99.9: 3,688). UINT64_MAX unless 0 < p < 1.
 */
uint64_t tsp_stats_needed_for_bounds(double p);

/**
 * Integrated autocorrelation time of a series in the order of measurement, ≥ 1 (method and source in stats/autocorrelation.c); 1 for
 * a constant series, NaN when n is 0 or memory is out.
 */
double tsp_stats_autocorrelation_time(const double *series, size_t n);

/**
 * A quantile with its distribution-free 95 % interval from order statistics (binomial; David & Nagaraja 2003, §7.1; interpolated
 * between ranks as stats/interval.c says), for `effective` independent samples out of n. Each bound fails with probability 2.5 %.
 * `needs` is 0 when all three numbers are there; else it says from how many effective samples on they would be:
 * - below tsp_stats_needed(p), value and bounds are NaN and `needs` is that count;
 * - from there to tsp_stats_needed_for_bounds(p), the value is given and the bound on the side of the tail is NaN, since even the
 *   largest sample (the least, for p < ½) lies beyond the quantile with less than 97.5 %; `needs` is the latter count.
 */
struct tsp_estimate tsp_stats_quantile_interval(const double *sorted, size_t n, double effective, double p);

/**
 * Describes samples given in the order of measurement. `effective` is that of the values; each quantile's interval uses the
 * autocorrelation of being beyond it (stats/describe.c). `sd` is NaN for n = 1, `autocorrelation` when all samples are equal.
 * Where MAD is 0, outliers are counted by the mean absolute deviation instead. Returns -1 when n is 0, a sample is not finite, or
 * memory is out; `description` is then undefined.
 */
int tsp_stats_describe(const double *samples, size_t n, struct tsp_description *description,
                       struct tsp_error *error);

/**
 * The estimate that is reported: Student's t over one value a round, on their logarithms when all are positive and within a factor
 * of 4, else on the values themselves (a net time may be zero, or nothing but noise). `value` is the centre of that: the geometric mean, or the mean. Values that are not
 * finite (rounds without the quantile) are left out; with fewer than 3 left the bounds are NaN and `value` is their median, NaN
 * with none. `needs` is always 0: what is missing is rounds, and which samples a round lacks is in the round's own estimate.
 */
struct tsp_estimate tsp_stats_across_rounds(const double *values, size_t rounds);

#endif
