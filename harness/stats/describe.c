/* Everything that is kept of one round's samples. */
#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "transept/stats.h"

#define OUTLIER_MADS 10.0

/*
 * Where more than half of the samples are equal (a coarse clock) MAD is 0 and every other sample would be an outlier. The mean
 * absolute deviation takes its place then, as in Iglewicz & Hoaglin, "How to Detect and Handle Outliers" (1993): for normal samples
 * σ = 1.4826 MAD = 1.2533 mean absolute deviations.
 */
#define MADS_PER_MEAN_DEVIATION (1.2533141373155003 / 1.4826022185056018)

struct samples {
    const double *measured; /* in the order of measurement */
    double *sorted;
    double *scratch;
    size_t n;
};

static double absolute_deviation(const double *samples, size_t n, double median, double *scratch) {
    for (size_t i = 0; i < n; ++i) {
        scratch[i] = fabs(samples[i] - median);
    }
    return tsp_stats_median(scratch, n);
}

static uint64_t count_outliers(const double *sorted, size_t n, double median, double mad) {
    if (mad == 0.0) {
        mad = MADS_PER_MEAN_DEVIATION * gsl_stats_absdev_m(sorted, 1, n, median);
    }
    uint64_t count = 0;
    while (count < n && sorted[n - 1 - count] > median + OUTLIER_MADS * mad) {
        ++count;
    }
    return count;
}

/*
 * The interval of a quantile rests on how many samples fall below a threshold, so it is the autocorrelation of *that* which
 * widens it, of the signs of x − threshold, and not that of the values: tails are less correlated, and a single huge sample hides
 * the correlation of all the others from the values' τ but not from the signs'. The threshold is the lower bound that the values'
 * τ gives: beyond P99 itself lie so few samples that their τ comes out too small whenever they are too few by chance, and under a
 * normal AR(1) with ρ = 0.9 the interval of 10,000 samples covered 93 % (mean of four seeds) in place of 95 %; beyond the bound
 * lie more. Whether p is reported at all is asked of the values' τ, as measurement.md says; where the signs' τ does not support an
 * interval the bounds alone are withheld. A round in which the core clock stepped once has few independent signs, yet its median
 * is as good a vote as any in the interval across rounds. For p ≥ ½. Returns false when memory is out.
 */
static bool estimate_quantile(struct tsp_estimate *estimate, const struct samples *samples, double effective,
                              double p) {
    size_t n = samples->n;
    *estimate = tsp_stats_quantile_interval(samples->sorted, n, effective, p);
    if (isnan(estimate->value)) {
        return true;
    }
    double threshold = p > 0.5 ? estimate->lo : estimate->value;
    for (size_t i = 0; i < n; ++i) {
        double x = samples->measured[i];
        samples->scratch[i] = (double)((x > threshold) - (x < threshold));
    }
    double time = tsp_stats_autocorrelation_time(samples->scratch, n);
    struct tsp_estimate bounds = tsp_stats_quantile_interval(samples->sorted, n, (double)n / time, p);
    estimate->lo = bounds.lo;
    estimate->hi = bounds.hi;
    estimate->needs = bounds.needs;
    return !isnan(time);
}

/* Fills the description but for the quantiles. Returns false when memory is out. */
static bool describe_moments(const struct samples *samples, struct tsp_description *d) {
    const double *x = samples->measured;
    size_t n = samples->n;
    double median = tsp_stats_quantile(samples->sorted, n, 0.5);
    d->n = n;
    d->mean = gsl_stats_mean(x, 1, n);
    d->sd = n < 2 ? NAN : gsl_stats_sd_m(x, 1, n, d->mean);
    d->min = samples->sorted[0];
    d->max = samples->sorted[n - 1];
    d->mad = absolute_deviation(x, n, median, samples->scratch);
    d->outliers = count_outliers(samples->sorted, n, median, d->mad);
    d->autocorrelation = d->min == d->max ? NAN : gsl_stats_lag1_autocorrelation_m(x, 1, n, d->mean);
    d->effective = (double)n / tsp_stats_autocorrelation_time(x, n);
    return !isnan(d->effective);
}

static bool describe_quantiles(const struct samples *samples, struct tsp_description *d) {
    for (size_t i = 0; i < TSP_SKETCH_POINTS; ++i) {
        d->sketch[i] = tsp_stats_quantile(samples->sorted, samples->n, (double)i / (TSP_SKETCH_POINTS - 1));
    }
    return estimate_quantile(&d->p50, samples, d->effective, 0.5) &&
           estimate_quantile(&d->p95, samples, d->effective, 0.95) &&
           estimate_quantile(&d->p99, samples, d->effective, 0.99) &&
           estimate_quantile(&d->p999, samples, d->effective, 0.999);
}

int tsp_stats_describe(const double *samples, size_t n, struct tsp_description *description,
                       struct tsp_error *error) {
    if (n == 0) {
        return tsp_error_set(error, "no samples to describe: the round took none; give it more time");
    }
    for (size_t i = 0; i < n; ++i) {
        if (!isfinite(samples[i])) {
            return tsp_error_set(
                error, "sample %zu of %zu is %f, not a finite number: the clock or counter read it wrongly",
                i + 1, n, samples[i]);
        }
    }
    struct samples work = {samples, calloc(n, sizeof *samples), calloc(n, sizeof *samples), n};
    bool done = work.sorted != NULL && work.scratch != NULL;
    if (done) {
        memcpy(work.sorted, samples, n * sizeof *samples);
        gsl_sort(work.sorted, 1, n);
        done = describe_moments(&work, description) && describe_quantiles(&work, description);
    }
    free(work.sorted);
    free(work.scratch);
    return done ? 0
                : tsp_error_set(error, "no memory to describe %zu samples: take fewer, or end other programs",
                                n);
}
