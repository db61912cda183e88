/*
 * Which key comes next.
 *
 * Zipf by rejection-inversion (Hörmann & Derflinger 1996, "Rejection-inversion to generate variates from monotone discrete distributions", ACM TOMACS 6:
 * 169–184): exact for every exponent, without a table, and over 4 of 5 draws are taken. The hat is h(x) = x^-s; H is its integral from 1 on, written
 * by expm1 and log1p so that it is smooth through s = 1.
 */
#include "workload/keys.h"

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

void tsp_keys_make(struct tsp_keys *keys, const struct tsp_workload *workload) {
    double s = workload->exponent;
    *keys = (struct tsp_keys){.distribution = workload->distribution, .count = workload->keys, .exponent = s};
    if (keys->distribution == TSP_KEYS_ZIPF) {
        keys->first = hat_integral(1.5, s) - 1;
        keys->last = hat_integral((double)keys->count + 0.5, s);
        keys->shortcut = 2 - hat_inverse(hat_integral(2.5, s) - hat(2, s), s);
    }
}

void tsp_key_source_make(struct tsp_key_source *source, const struct tsp_keys *keys, unsigned index,
                         unsigned threads, uint64_t seed) {
    *source = (struct tsp_key_source){
        .keys = keys, .random = tsp_mix64(tsp_mix64(seed) + index), .next = keys->count * index / threads};
}

/* Rank 1 is the likeliest. */
static uint64_t draw_zipf(struct tsp_key_source *source) {
    const struct tsp_keys *keys = source->keys;
    for (;;) {
        double integral = keys->last + tsp_random_unit(&source->random) * (keys->first - keys->last);
        double x = hat_inverse(integral, keys->exponent);
        double rank = fmin(fmax(floor(x + 0.5), 1), (double)keys->count);
        if (rank - x <= keys->shortcut ||
            integral >= hat_integral(rank + 0.5, keys->exponent) - hat(rank, keys->exponent)) {
            return (uint64_t)rank;
        }
    }
}

uint64_t tsp_key_next(struct tsp_key_source *source) {
    const struct tsp_keys *keys = source->keys;
    switch (keys->distribution) {
    case TSP_KEYS_ZIPF:
        return draw_zipf(source) - 1;
    case TSP_KEYS_SEQUENTIAL: {
        uint64_t key = source->next;
        source->next = key + 1 < keys->count ? key + 1 : 0;
        return key;
    }
    default:
        return tsp_random_below(&source->random, keys->count);
    }
}
