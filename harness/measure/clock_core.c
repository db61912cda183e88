/* The core-clock estimate (measurement.md, "Clocks" 5): two chains of dependent operations of known latency. */
#include <math.h>

#include "measure/clock_read.h"
#include "measure/clock_series.h"
#include "transept/kernel.h"
#include "transept/measure.h"

enum {
    TRIES = 48, /* the shortest is kept: an interrupt can only lengthen one */
    ADDS =
        8 *
        256, /* 0.5–1 µs, far above the resolution of most counters and far below the gap between two interrupts */
    MULS = 4 * 256,
    COARSE = 16 /* factor for clocks whose tick is long beside that */
};

#define FINE_HZ 1e8

static __attribute__((noinline)) void chain_adds(uint64_t ops) {
    uint64_t x = 1;
    uint64_t y = 3;
    TSP_HIDE(y);
    for (; ops != 0; ops -= 256) {
        TSP_X256(x = tsp_chain_add(x, y))
    }
    TSP_KEEP(x);
}

static __attribute__((noinline)) void chain_muls(uint64_t ops) {
    uint64_t x = 1;
    uint64_t y = 3;
    TSP_HIDE(y);
    for (; ops != 0; ops -= 256) {
        TSP_X256(x = tsp_chain_mul(x, y))
    }
    TSP_KEEP(x);
}

static double shortest_ns(const struct tsp_clock *clock, void (*chain)(uint64_t), uint64_t ops) {
    uint64_t shortest = UINT64_MAX;
    for (int i = 0; i < TRIES; ++i) {
        uint64_t begin = tsp_clock_begin(clock);
        chain(ops);
        uint64_t ticks = tsp_clock_end(clock) - begin;
        shortest = ticks < shortest ? ticks : shortest;
    }
    return tsp_clock_ns(clock, shortest);
}

/* By difference, so that the clock, the call and the loop's entry drop out. */
static double ns_per_op(const struct tsp_clock *clock, void (*chain)(uint64_t), uint64_t ops) {
    return (shortest_ns(clock, chain, 4 * ops) - shortest_ns(clock, chain, ops)) / (3 * (double)ops);
}

double tsp_clock_core_ghz(const struct tsp_clock *clock) {
    uint64_t longer = clock->isa && clock->hz >= FINE_HZ ? 1 : COARSE;
    double add_ns = ns_per_op(clock, chain_adds, longer * ADDS);
    double mul_ns = ns_per_op(clock, chain_muls, longer * MULS);
    return tsp_clock_core_judge(add_ns, mul_ns, TSP_CHAIN_MUL_CYCLES);
}
