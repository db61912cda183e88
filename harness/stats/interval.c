/*
 * The distribution-free interval of a quantile.
 *
 * The r-th of n independent ordered samples lies below the true quantile p with probability P(Bin(n, p) ≥ r), whatever the
 * distribution: that is the regularised incomplete beta function I_p(r, n + 1 − r). Whole ranks overshoot 95 %, by much where a tail
 * is thin; so the rank is solved for as a real number and the bound is interpolated between its neighbours (fractional order
 * statistics: Hutson, "Calculating nonparametric confidence intervals for quantiles using fractional order statistics", Journal of
 * Applied Statistics 26 (1999); Hettmansperger & Sheather 1986 and Nyblom 1992 interpolate to the same end).
 *
 * A rank of `effective` samples becomes a position among all n by its share: r / (effective + 1) is where the r-th stands on average.
 */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "transept/stats.h"

#define TAIL   0.025             /* left out on either side of a 95 % interval */
#define Z_TAIL 1.959963984540054 /* of the normal distribution */

/* Above this n·p·(1 − p) the expansion below is within 0.02 of a rank, and cheaper than the beta function. */
#define EXACT_VARIANCE 200.0
#define RANK_TOLERANCE 1e-4

/* P(the r-th of n lies below quantile p), for a real r. */
static double probability_below(double rank, double n, double p) {
    return gsl_cdf_beta_P(p, rank, n + 1.0 - rank);
}

/*
 * The rank that lies below quantile p with probability 1 − TAIL; NaN when not even the least sample does. All arguments stay where
 * GSL's functions raise no error, for its error handler is the whole process's: a library may neither set it nor let it abort.
 */
static double lower_rank(double n, double p) {
    double variance = n * p * (1.0 - p);
    if (variance >
        EXACT_VARIANCE) { /* Cornish & Fisher 1938 up to the skewness, with the continuity correction */
        return n * p + 0.5 - Z_TAIL * sqrt(variance) + (1.0 - 2.0 * p) * (Z_TAIL * Z_TAIL - 1.0) / 6.0;
    }
    double low = 1.0;
    double high = n;
    if (probability_below(low, n, p) < 1.0 - TAIL) {
        return NAN;
    }
    while (high - low > RANK_TOLERANCE) {
        double middle = 0.5 * (low + high);
        if (probability_below(middle, n, p) >= 1.0 - TAIL) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The value at a rank of `effective` samples, by its share of the way through all n. */
static double value_at_rank(const double *sorted, size_t n, double effective, double rank) {
    double position = rank / (effective + 1.0) * ((double)n + 1.0); /* 1 … n */
    return tsp_stats_quantile(sorted, n, fmin(fmax((position - 1.0) / ((double)n - 1.0), 0.0), 1.0));
}

uint64_t tsp_stats_needed_for_bounds(double p) {
    if (!(p > 0.0 && p < 1.0)) {
        return UINT64_MAX;
    }
    double needed = ceil(log(TAIL) / log1p(-fmin(p, 1.0 - p)));
    return needed < 0x1p63 ? (uint64_t)needed : UINT64_MAX;
}

struct tsp_estimate tsp_stats_quantile_interval(const double *sorted, size_t n, double effective, double p) {
    struct tsp_estimate estimate = {.value = NAN, .lo = NAN, .hi = NAN, .needs = 0};
    if (effective > (double)n) { /* not fmin(), which would take a NaN for n */
        effective = (double)n;
    }
    uint64_t needed = tsp_stats_needed(p);
    if (!(effective >= (double)needed)) {
        estimate.needs = needed;
        return estimate;
    }
    estimate.value = tsp_stats_quantile(sorted, n, p);
    double low = lower_rank(effective, p);
    double high = effective + 1.0 - lower_rank(effective, 1.0 - p); /* the mirror image */
    if (isnan(low) || isnan(high)) {
        estimate.needs = tsp_stats_needed_for_bounds(p);
    }
    if (!isnan(low)) {
        estimate.lo = value_at_rank(sorted, n, effective, low);
    }
    if (!isnan(high)) {
        estimate.hi = value_at_rank(sorted, n, effective, high);
    }
    return estimate;
}
