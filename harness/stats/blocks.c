/* Intervals of what is measured in blocks of time. */
#include "stats/blocks.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

struct tsp_estimate tsp_blocks_ratio(const double *part, const double *whole, size_t blocks) {
    struct tsp_estimate estimate = {.value = NAN, .lo = NAN, .hi = NAN};
    double parts = 0;
    double wholes = 0;
    double squares = 0;
    for (size_t i = 0; i < blocks; ++i) {
        parts += part[i];
        wholes += whole[i];
    }
    if (!(wholes > 0)) {
        return estimate;
    }
    estimate.value = parts / wholes;
    if (blocks < TSP_BLOCKS_LEAST) {
        return estimate;
    }
    for (size_t i = 0; i < blocks; ++i) {
        double residual = part[i] - estimate.value * whole[i];
        squares += residual * residual;
    }
    double n = (double)blocks;
    double error = sqrt(squares * n / (n - 1)) / wholes;
    double half = gsl_cdf_tdist_Pinv(0.975, n - 1) * error;
    estimate.lo = estimate.value - half;
    estimate.hi = estimate.value + half;
    return estimate;
}
