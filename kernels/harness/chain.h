/*
 * Chains of dependent operations on registers: rulers of known length for the harness itself. An op cannot begin before the one
 * before it has ended, so the loop around it costs nothing, and the last value tells exactly how many were done.
 */
#ifndef KERNELS_HARNESS_CHAIN_H
#define KERNELS_HARNESS_CHAIN_H

#include <inttypes.h>

#include <transept/kernel.h>

/* Odd, or powers of STEP would end in 0; with high bits set, for some multipliers are quicker on small numbers. */
#define CHAIN_FIRST UINT64_C(0x9e3779b97f4a7c15)
#define CHAIN_STEP  UINT64_C(0xbf58476d1ce4e5b9)

struct chain {
    uint64_t value;
    uint64_t step;
};

static inline int chain_setup(struct tsp_bench *bench) {
    struct chain *chain = tsp_alloc(bench, sizeof *chain, 64);
    if (chain == NULL) {
        return -1;
    }
    *chain = (struct chain){.value = CHAIN_FIRST & TSP_CHAIN_MASK, .step = CHAIN_STEP & TSP_CHAIN_MASK};
    bench->state = chain;
    return 0;
}

static inline int chain_check(struct tsp_bench *bench, uint64_t expected) {
    const struct chain *chain = bench->state;
    if (((chain->value ^ expected) & TSP_CHAIN_MASK) != 0) {
        return tsp_fail(bench, "the chain ended in %#" PRIx64 ", not in %#" PRIx64,
                        chain->value & TSP_CHAIN_MASK, expected & TSP_CHAIN_MASK);
    }
    return 0;
}

#endif
