/* In which order the rounds come. */
#include "transept/plan.h"

/* Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators", figure 5's SplitMix64. */
static uint64_t next_random(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* A number below `bound`, each as likely: values of the incomplete last stretch are drawn again. */
static uint64_t random_below(uint64_t *state, uint64_t bound) {
    uint64_t excess = (UINT64_MAX % bound + 1) % bound;
    uint64_t value;
    do {
        value = next_random(state);
    } while (value > UINT64_MAX - excess);
    return value % bound;
}

void tsp_plan_order(struct tsp_step *steps, size_t cases, unsigned rounds, uint64_t seed) {
    uint64_t state = seed;
    for (unsigned round = 0; round < rounds; ++round, steps += cases) {
        for (size_t i = 0; i < cases; ++i) {
            steps[i] = (struct tsp_step){.planned = (unsigned)i, .round = round};
        }
        for (size_t i = cases; i > 1; --i) {
            size_t j = (size_t)random_below(&state, i);
            struct tsp_step swapped = steps[i - 1];
            steps[i - 1] = steps[j];
            steps[j] = swapped;
        }
    }
}
