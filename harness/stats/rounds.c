/* What several rounds say together: each gives one value, and their spread carries what differs between processes. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "transept/stats.h"

#define ROUNDS_FOR_BOUNDS 3

/*
 * Rounds differ by factors only where the cost is clear of zero. A net time that is nothing but noise is now 0.0001 ns, now 0.02: its
 * logarithms would put the upper bound at many times anything seen. Beyond this ratio of the largest to the smallest, the values
 * themselves are averaged.
 */
#define LOGARITHMS_UP_TO 4.0

/* What one pass over the finite values finds. */
struct spread {
    size_t count;
    double min;
    double max;
};

static struct spread spread_of(const double *values, size_t rounds) {
    struct spread spread = {.count = 0, .min = INFINITY, .max = -INFINITY};
    for (size_t i = 0; i < rounds; ++i) {
        if (isfinite(values[i])) {
            ++spread.count;
            spread.min = fmin(spread.min, values[i]);
            spread.max = fmax(spread.max, values[i]);
        }
    }
    return spread;
}

/* Mean and standard error, on the logarithms or on the values; Welford's updates need no second array. */
static void mean_and_error(const double *values, size_t rounds, bool logarithms, double *mean,
                           double *error) {
    double count = 0.0;
    double squares = 0.0;
    *mean = 0.0;
    for (size_t i = 0; i < rounds; ++i) {
        if (isfinite(values[i])) {
            double x = logarithms ? log(values[i]) : values[i];
            double before = x - *mean;
            count += 1.0;
            *mean += before / count;
            squares += before * (x - *mean);
        }
    }
    *error = sqrt(squares / (count - 1.0) / count);
}

/* Of one or two values: their middle. */
static double middle_of(struct spread spread) {
    return spread.count == 0 ? NAN : 0.5 * spread.min + 0.5 * spread.max;
}

struct tsp_estimate tsp_stats_across_rounds(const double *values, size_t rounds) {
    struct tsp_estimate estimate = {.value = NAN, .lo = NAN, .hi = NAN, .needs = 0};
    struct spread spread = spread_of(values, rounds);
    if (spread.count < ROUNDS_FOR_BOUNDS) {
        estimate.value = middle_of(spread);
        return estimate;
    }
    if (spread.min == spread.max) { /* exp(log x) is not always x: equal rounds give exactly their value */
        estimate.value = estimate.lo = estimate.hi = spread.min;
        return estimate;
    }
    bool logarithms = spread.min > 0.0 && spread.max <= LOGARITHMS_UP_TO * spread.min;
    double mean = 0.0;
    double error = 0.0;
    mean_and_error(values, rounds, logarithms, &mean, &error);
    double reach = gsl_cdf_tdist_Pinv(0.975, (double)(spread.count - 1)) * error;
    estimate.value = logarithms ? exp(mean) : mean;
    estimate.lo = logarithms ? exp(mean - reach) : mean - reach;
    estimate.hi = logarithms ? exp(mean + reach) : mean + reach;
    return estimate;
}
