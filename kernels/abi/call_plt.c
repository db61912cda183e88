/* A call by way of the procedure linkage table: what a shared object pays for a function that another module might have replaced. */
#include "shared_object.h"

static int setup(struct tsp_bench *bench) {
    return tsp_abi_shared_setup(bench, "tsp_shared_call_plt");
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct tsp_abi_shared *shared = bench->state;
    return shared->sum == (unsigned long)ops
               ? 0
               : tsp_fail(bench, "the calls counted to %lu, not to %lu", shared->sum, (unsigned long)ops);
}

TSP_KERNEL(.family = "abi", .kernel = "call", .variant = "plt",
           .summary = "a call through a shared object's procedure linkage table", .run = tsp_abi_shared_run,
           .setup = setup, .check = check, .implementation = "compiler, psABI; bound when loaded");
