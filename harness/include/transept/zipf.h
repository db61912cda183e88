/*
 * Numbers by Zipf's law: of `count` of them the k-th, from 1, has the share k^-exponent ÷ Σ.
 *
 * Rejection-inversion (Hörmann & Derflinger 1996, "Rejection-inversion to generate variates from monotone discrete distributions", ACM TOMACS 6:
 * 169–184): exact for every exponent, without a table, and over 4 of 5 draws are taken.
 */
#ifndef TRANSEPT_ZIPF_H
#define TRANSEPT_ZIPF_H

#include <stdint.h>

/** What all draws share; read only. */
struct tsp_zipf {
    uint64_t count;
    double exponent;
    double first; /* integrals of the hat at the first and behind the last number, and a shortcut (zipf.c) */
    double last;
    double shortcut;
};

/** `count` is at least 1, the exponent positive. */
void tsp_zipf_make(struct tsp_zipf *zipf, uint64_t count, double exponent);

/** A number from 0, the likeliest, to under the count. `random` is the state of SplitMix64 and moves on: the same state, the same numbers. */
uint64_t tsp_zipf_draw(const struct tsp_zipf *zipf, uint64_t *random);

#endif
