/* Nothing at all: what the harness would wrongly add to every figure. Its net time must be 0 within its interval. */
#include <inttypes.h>

#include <transept/kernel.h>

static void loop(void *state, uint64_t ops) {
    uint64_t *done = state;
    TSP_REPEAT(ops, __asm__ volatile(""));
    *done += ops;
}

static int setup(struct tsp_bench *bench) {
    bench->state = tsp_alloc(bench, sizeof(uint64_t), 64);
    return bench->state == NULL ? -1 : 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const uint64_t *done = bench->state;
    return *done == ops ? 0 : tsp_fail(bench, "asked for %" PRIu64 " ops, %" PRIu64 " ran", ops, *done);
}

TSP_KERNEL(.family = "harness", .kernel = "empty", .variant = "loop",
           .summary = "nothing: the loop alone, net 0", .mode = TSP_MODE_BATCHED, .run = loop, .setup = setup,
           .check = check, .implementation = "no instruction");
