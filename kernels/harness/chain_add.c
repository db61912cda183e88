/* Dependent additions, register to register: one cycle each on every core we know. `add-twice` does its op twice, so it must cost 2. */
#include "chain.h"

static void add(void *state, uint64_t ops) {
    struct chain *chain = state;
    unsigned long value = (unsigned long)chain->value;
    const unsigned long step = (unsigned long)chain->step;
    CHAIN_REPEAT(ops, value = (unsigned long)tsp_chain_add(value, step));
    chain->value = value;
}

static void add_twice(void *state, uint64_t ops) {
    struct chain *chain = state;
    unsigned long value = (unsigned long)chain->value;
    const unsigned long step = (unsigned long)chain->step;
    CHAIN_REPEAT(ops, value = (unsigned long)tsp_chain_add(value, step);
                 value = (unsigned long)tsp_chain_add(value, step));
    chain->value = value;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    return chain_check(bench, CHAIN_FIRST + ops * CHAIN_STEP);
}

static int check_twice(struct tsp_bench *bench, uint64_t ops) {
    return chain_check(bench, CHAIN_FIRST + 2 * ops * CHAIN_STEP);
}

TSP_KERNEL(.family = "harness", .kernel = "chain", .variant = "add",
           .summary = "one dependent addition: one cycle", .mode = TSP_MODE_BATCHED, .run = add,
           .reference = chain_reference, .setup = chain_setup, .check = check,
           .implementation = TSP_IMPL_tsp_chain_add);
TSP_KERNEL(.family = "harness", .kernel = "chain", .variant = "add-twice",
           .summary = "two dependent additions: twice harness/chain/add", .mode = TSP_MODE_BATCHED,
           .run = add_twice, .reference = chain_reference, .setup = chain_setup, .check = check_twice,
           .implementation = TSP_IMPL_tsp_chain_add);
