/* Quantiles of one sample, and how many samples they take. */
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "transept/stats.h"

double tsp_stats_quantile(const double *sorted, size_t n, double p) {
    if (n == 0 || !(p >= 0.0 && p <= 1.0)) {
        return NAN;
    }
    return gsl_stats_quantile_from_sorted_data(sorted, 1, n, p);
}

double tsp_stats_median(double *values, size_t n) {
    return n == 0 ? NAN : gsl_stats_median(values, 1, n);
}

uint64_t tsp_stats_needed(double p) {
    if (!(p > 0.0 && p < 1.0)) {
        return UINT64_MAX;
    }
    /* 1 − 0.9 is a little less than 0.1: without the allowance P90 would take 31 samples, not 30. */
    double needed = ceil(3.0 / fmin(p, 1.0 - p) * (1.0 - 1e-12));
    return needed < 0x1p63 ? (uint64_t)needed : UINT64_MAX;
}
