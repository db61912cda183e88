/*
 * A chain of 100 additions with so many more in a hundred: work that is slower by a known share, to see whether a comparison finds it. Held to one
 * another by transept duel --with.
 */
#include "chain.h"

#define ADD      value = tsp_chain_add(value, step);
#define CHAIN_50 TSP_X16(ADD) TSP_X16(ADD) TSP_X16(ADD) ADD ADD

enum { SLOWDOWN_BASE = 100 };

static void plain(void *state, uint64_t ops) {
    struct chain *chain = state;
    uint64_t value = chain->value;
    const uint64_t step = chain->step;
    TSP_REPEAT(ops, CHAIN_50 CHAIN_50);
    chain->value = value;
}

static void slower_by_2(void *state, uint64_t ops) {
    struct chain *chain = state;
    uint64_t value = chain->value;
    const uint64_t step = chain->step;
    TSP_REPEAT(ops, CHAIN_50 CHAIN_50 ADD ADD);
    chain->value = value;
}

/* By the values of `percent`. */
static tsp_body *const bodies[] = {plain, slower_by_2};

static int check(struct tsp_bench *bench, uint64_t ops) {
    uint64_t additions = SLOWDOWN_BASE + (uint64_t)tsp_param_int(bench, "percent");
    return chain_check(bench, CHAIN_FIRST + ops * additions * CHAIN_STEP);
}

TSP_KERNEL(.family = "harness", .kernel = "slowdown", .variant = "chain",
           .summary = "100 dependent additions and so many in a hundred more", .params = {{"percent", "0,2"}},
           .mode = TSP_MODE_BATCHED, .runs = bodies, .setup = chain_setup, .check = check,
           .implementation = TSP_IMPL_tsp_chain_add);
