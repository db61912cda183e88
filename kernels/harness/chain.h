/*
 * Chains of dependent operations on registers: rulers of known length for the harness itself. An op cannot begin before the one
 * before it has ended, and the last value tells exactly how many were done. What the loop's own instructions still cost, by taking a
 * port from the chain now and then, is about two cycles a turn: 0.8 % of 256 additions, so a turn here is 1,024 of them.
 */
#ifndef KERNELS_HARNESS_CHAIN_H
#define KERNELS_HARNESS_CHAIN_H

#include <inttypes.h>

#include <transept/kernel.h>

/* Odd, or powers of STEP would end in 0; with high bits set, for some multipliers are quicker on small numbers. */
#define CHAIN_FIRST UINT64_C(0x9e3779b97f4a7c15)
#define CHAIN_STEP  UINT64_C(0xbf58476d1ce4e5b9)

/* The statement 1,024 times a turn, then what is left of a batch in turns of 256: so 2n ops are twice the turns of n. */
#define CHAIN_REPEAT(ops, ...)                                                                               \
    do {                                                                                                     \
        TSP_REPEAT_BY(1024, TSP_X1024, (ops) & ~UINT64_C(1023), __VA_ARGS__);                                \
        TSP_REPEAT_LONG((ops)&UINT64_C(1023), __VA_ARGS__);                                                  \
    } while (0)

struct chain {
    uint64_t value;
    uint64_t step;
};

/* The same loops with nothing in them. */
static inline void chain_reference(void *state, uint64_t ops) {
    (void)state;
    CHAIN_REPEAT(ops, __asm__ volatile(""));
}

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
