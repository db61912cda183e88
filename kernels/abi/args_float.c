/*
 * A direct call with n doubles: free while they travel in registers, a store and a load each beyond that. Every argument is what the call
 * before returned, so that no number has to be kept across a call: some ABIs keep no register for floats.
 */
#include <transept/kernel.h>

#include "callees.h"

#define ARGUMENT(i) value

#define BODY(n, call)                                                                                        \
    static void call_##n(void *state, uint64_t ops) {                                                        \
        double value = *(double *)state;                                                                     \
        TSP_REPEAT(ops, value = (call));                                                                     \
        *(double *)state = value;                                                                            \
    }
#define BODY_FLOATS(n) BODY(n, tsp_abi_floats_##n(TSP_ABI_LIST_##n(ARGUMENT)))
#define NAME(n)        , call_##n

BODY(0, value + tsp_abi_floats_0())
TSP_ABI_EACH_COUNT(BODY_FLOATS)

static tsp_body *const bodies[] = {call_0 TSP_ABI_EACH_COUNT(NAME)};

static int setup(struct tsp_bench *bench) {
    bench->state = tsp_alloc(bench, sizeof(double), 64);
    return bench->state == NULL ? -1 : 0;
}

/* Each call added 1 to what went through its last argument; exact up to 2^53. */
static int check(struct tsp_bench *bench, uint64_t ops) {
    double value = *(const double *)bench->state;
    double expected = (double)ops;
    return value < expected || value > expected
               ? tsp_fail(bench, "the calls counted to %.0f, not to %.0f", value, expected)
               : 0;
}

TSP_KERNEL(.family = "abi", .kernel = "args-float", .variant = "direct",
           .summary = "a call with n floating-point arguments", .params = {{"n", "0..16"}}, .runs = bodies,
           .setup = setup, .check = check, .implementation = "compiler, psABI: doubles");
