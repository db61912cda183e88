/* Who measures what, and who goes first. */
#include <stdlib.h>

#include "transept/duel.h"

/* The end of SplitMix64 (Steele, Lea & Flood 2014, figure 5): neighbouring numbers become unlike ones. */
static uint64_t mix(uint64_t z) {
    z += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int tsp_duel_sweep(unsigned *order, size_t cases, unsigned sweep, uint64_t seed, struct tsp_error *error) {
    struct tsp_step *steps = calloc(cases > 0 ? cases : 1, sizeof *steps);
    if (steps == NULL) {
        return tsp_error_set(error, "no memory to put %zu cases in order", cases);
    }
    tsp_plan_order(steps, cases, 1, mix(seed) ^ sweep);
    for (size_t i = 0; i < cases; ++i) {
        order[i] = steps[i].planned;
    }
    free(steps);
    return 0;
}

unsigned tsp_duel_first_turn(unsigned planned, unsigned pair, uint64_t seed) {
    uint64_t coin = mix(mix(mix(seed) ^ planned) ^ (pair / 2));
    return (unsigned)(coin >> 63) ^ (pair & 1);
}
