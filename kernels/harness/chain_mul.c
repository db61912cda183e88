/* Dependent multiplications: 3 cycles each on current x86 cores, so 3 times harness/chain/add. */
#include "chain.h"

static void mul(void *state, uint64_t ops) {
    struct chain *chain = state;
    unsigned long value = (unsigned long)chain->value;
    const unsigned long step = (unsigned long)chain->step;
    CHAIN_REPEAT(ops, value = (unsigned long)tsp_chain_mul(value, step));
    chain->value = value;
}

/* first * step^ops, by squaring. */
static int check(struct tsp_bench *bench, uint64_t ops) {
    uint64_t expected = CHAIN_FIRST;
    for (uint64_t power = CHAIN_STEP; ops != 0; ops >>= 1, power *= power) {
        if ((ops & 1) != 0) {
            expected *= power;
        }
    }
    return chain_check(bench, expected);
}

TSP_KERNEL(.family = "harness", .kernel = "chain", .variant = "mul",
           .summary = "one dependent multiplication", .mode = TSP_MODE_BATCHED, .run = mul,
           .reference = chain_reference, .setup = chain_setup, .check = check,
           .implementation = TSP_IMPL_tsp_chain_mul);
