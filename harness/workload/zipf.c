/*
 * Zipf's law. The hat is h(x) = x^-s; H is its integral from 1 on, written by expm1 and log1p so that it is smooth through s = 1.
 */
#include "transept/zipf.h"

#include <math.h>

#include "workload/random.h"

/* (e^x - 1) ÷ x and log(1 + x) ÷ x, with their limits at 0. */
static double expm1_ratio(double x) {
    return fabs(x) > 1e-8 ? expm1(x) / x : 1 + x / 2;
}

static double log1p_ratio(double x) {
    return fabs(x) > 1e-8 ? log1p(x) / x : 1 - x / 2;
}

static double hat(double x, double exponent) {
    return exp(-exponent * log(x));
}

static double hat_integral(double x, double exponent) {
    double logarithm = log(x);
    return expm1_ratio((1 - exponent) * logarithm) * logarithm;
}

static double hat_inverse(double integral, double exponent) {
    double t = fmax(integral * (1 - exponent), -1); /* rounding may pass the pole */
    return exp(log1p_ratio(t) * integral);
}

void tsp_zipf_make(struct tsp_zipf *zipf, uint64_t count, double exponent) {
    *zipf = (struct tsp_zipf){.count = count, .exponent = exponent};
    zipf->first = hat_integral(1.5, exponent) - 1;
    zipf->last = hat_integral((double)count + 0.5, exponent);
    zipf->shortcut = 2 - hat_inverse(hat_integral(2.5, exponent) - hat(2, exponent), exponent);
}

/* Rank 1 is the likeliest. */
uint64_t tsp_zipf_draw(const struct tsp_zipf *zipf, uint64_t *random) {
    for (;;) {
        double integral = zipf->last + tsp_random_unit(random) * (zipf->first - zipf->last);
        double x = hat_inverse(integral, zipf->exponent);
        double rank = fmin(fmax(floor(x + 0.5), 1), (double)zipf->count);
        if (rank - x <= zipf->shortcut ||
            integral >= hat_integral(rank + 0.5, zipf->exponent) - hat(rank, zipf->exponent)) {
            return (uint64_t)rank - 1;
        }
    }
}
