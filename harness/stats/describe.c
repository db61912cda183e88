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

static double absolute_deviation(const double *samples, size_t n, double median, double *scratch)
{
    for (size_t i = 0; i < n; ++i) {
        scratch[i] = fabs(samples[i] - median);
    }
    return tsp_stats_median(scratch, n);
}

static uint64_t count_outliers(const double *sorted, size_t n, double median, double mad)
{
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
 * The interval of quantile p rests on how many samples fall below it, so it is the autocorrelation of *that* which widens it: of the
 * signs of x − quantile. (Tails are less correlated than values are: under a normal AR(1) with ρ = 0.8 τ is 9 for the values, 6 for
 * the median's signs and 3 for P99's; and one huge sample hides the correlation of all the others from the values' τ, not from
 * the signs'.) Whether p is supported at all is asked of both. Returns false when memory is out.
 */
static bool estimate_quantile(struct tsp_estimate *estimate, const double *samples, const double *sorted, size_t n,
                              double effective, double p, double *signs)
{
    *estimate = (struct tsp_estimate){.value = NAN, .lo = NAN, .hi = NAN, .needs = tsp_stats_needed(p)};
    if (effective < (double)estimate->needs) {
        return true;
    }
    double quantile = tsp_stats_quantile(sorted, n, p);
    for (size_t i = 0; i < n; ++i) {
        signs[i] = (double)((samples[i] > quantile) - (samples[i] < quantile));
    }
    double time = tsp_stats_autocorrelation_time(signs, n);
    *estimate = tsp_stats_quantile_interval(sorted, n, (double)n / time, p);
    return !isnan(time);
}

static int describe_with(const double *samples, size_t n, struct tsp_description *d, double *sorted, double *scratch)
{
    memcpy(sorted, samples, n * sizeof *sorted);
    gsl_sort(sorted, 1, n);
    double median = tsp_stats_quantile(sorted, n, 0.5);
    d->n = n;
    d->mean = gsl_stats_mean(samples, 1, n);
    d->sd = n < 2 ? NAN : gsl_stats_sd_m(samples, 1, n, d->mean);
    d->min = sorted[0];
    d->max = sorted[n - 1];
    d->mad = absolute_deviation(samples, n, median, scratch);
    d->outliers = count_outliers(sorted, n, median, d->mad);
    d->autocorrelation = d->min == d->max ? NAN : gsl_stats_lag1_autocorrelation_m(samples, 1, n, d->mean);
    for (size_t i = 0; i < TSP_SKETCH_POINTS; ++i) {
        d->sketch[i] = tsp_stats_quantile(sorted, n, (double)i / (TSP_SKETCH_POINTS - 1));
    }
    d->effective = (double)n / tsp_stats_autocorrelation_time(samples, n);
    return !isnan(d->effective) && estimate_quantile(&d->p50, samples, sorted, n, d->effective, 0.5, scratch) &&
                   estimate_quantile(&d->p95, samples, sorted, n, d->effective, 0.95, scratch) &&
                   estimate_quantile(&d->p99, samples, sorted, n, d->effective, 0.99, scratch) &&
                   estimate_quantile(&d->p999, samples, sorted, n, d->effective, 0.999, scratch)
               ? 0
               : -1;
}

int tsp_stats_describe(const double *samples, size_t n, struct tsp_description *description, struct tsp_error *error)
{
    if (n == 0) {
        return tsp_error_set(error, "no samples to describe: the round took none; give it more time");
    }
    for (size_t i = 0; i < n; ++i) {
        if (!isfinite(samples[i])) {
            return tsp_error_set(error, "sample %zu of %zu is %f, not a number to describe: the round's clock or counter is broken",
                                 i + 1, n, samples[i]);
        }
    }
    double *sorted = calloc(n, sizeof *sorted);
    double *scratch = calloc(n, sizeof *scratch);
    int status = sorted == NULL || scratch == NULL ? -1 : describe_with(samples, n, description, sorted, scratch);
    free(sorted);
    free(scratch);
    return status == 0 ? 0 : tsp_error_set(error, "no memory to describe %zu samples: take fewer, or end other programs", n);
}
