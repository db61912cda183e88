/*
 * A direct call with n arguments, integers and doubles by turns. Whether the two kinds use up each other's registers is what ISAs differ in.
 */
#include <transept/kernel.h>

#include "callees.h"

#define ARGUMENTS(i) i, value

#define BODY(pairs)                                                                                          \
    static void call_##pairs(void *state, uint64_t ops) {                                                    \
        double value = *(double *)state;                                                                     \
        TSP_REPEAT(ops, value = tsp_abi_mixed_##pairs(TSP_ABI_LIST_##pairs(ARGUMENTS)));                     \
        *(double *)state = value;                                                                            \
    }
TSP_ABI_EACH_PAIRS(BODY)

#define NAME(pairs) call_##pairs,
static tsp_body *const bodies[] = {TSP_ABI_EACH_PAIRS(NAME)};

static int setup(struct tsp_bench *bench) {
    bench->state = tsp_alloc(bench, sizeof(double), 64);
    return bench->state == NULL ? -1 : 0;
}

/* As in args_float.c. */
static int check(struct tsp_bench *bench, uint64_t ops) {
    double value = *(const double *)bench->state;
    double expected = (double)ops;
    return value < expected || value > expected
               ? tsp_fail(bench, "the calls counted to %.0f, not to %.0f", value, expected)
               : 0;
}

TSP_KERNEL(.family = "abi", .kernel = "args-mixed", .variant = "direct",
           .summary = "a call with n arguments, integers and floats by turns",
           .params = {{"n", "2,4,6,8,10,12,14,16"}}, .runs = bodies, .setup = setup, .check = check,
           .implementation = "compiler, psABI: words and doubles");
