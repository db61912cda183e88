/* Random numbers of a workload's threads. */
#ifndef TRANSEPT_WORKLOAD_RANDOM_H
#define TRANSEPT_WORKLOAD_RANDOM_H

#include <stdint.h>

/** A bijection of 64-bit numbers that spreads them: the end of SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators"). */
static inline uint64_t tsp_mix64(uint64_t z) {
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/** The next number of SplitMix64. */
static inline uint64_t tsp_random_next(uint64_t *state) {
    return tsp_mix64(*state += UINT64_C(0x9e3779b97f4a7c15));
}

/** A number below `bound` (1 … 2^32), each as likely but for 2^-32: the upper bits of the 96-bit product (Lemire 2019, without the rejection). */
static inline uint64_t tsp_random_below(uint64_t *state, uint64_t bound) {
    uint64_t random = tsp_random_next(state);
    return ((random >> 32) * bound + ((random & UINT32_MAX) * bound >> 32)) >> 32;
}

/** From 0 to under 1, in steps of 2^-53. */
static inline double tsp_random_unit(uint64_t *state) {
    return (double)(tsp_random_next(state) >> 11) * 0x1p-53;
}

#endif
