/* A direct call with n integers of a register's width: free while they travel in registers, a store and a load each beyond that. */
#include <transept/kernel.h>

#include "callees.h"

/* Argument i is i: constants, so that the caller itself needs no memory for them. */
#define ARGUMENT(i) i

#define BODY(n, call)                                                                                        \
    static void call_##n(void *state, uint64_t ops) {                                                        \
        unsigned long sum = 0;                                                                               \
        TSP_REPEAT(ops, sum += (unsigned long)(call); TSP_HIDE(sum));                                        \
        *(unsigned long *)state += sum;                                                                      \
    }
#define BODY_INTS(n) BODY(n, tsp_abi_ints_##n(TSP_ABI_LIST_##n(ARGUMENT)))
#define NAME(n)      , call_##n

BODY(0, tsp_abi_ints_0())
TSP_ABI_EACH_COUNT(BODY_INTS)

static tsp_body *const bodies[] = {call_0 TSP_ABI_EACH_COUNT(NAME)};

static int setup(struct tsp_bench *bench) {
    bench->state = tsp_alloc(bench, sizeof(unsigned long), 64);
    return bench->state == NULL ? -1 : 0;
}

/* Each call gave its last argument back, which is n; without any it gave 1. */
static int check(struct tsp_bench *bench, uint64_t ops) {
    unsigned long n = (unsigned long)tsp_param_int(bench, "n");
    unsigned long expected = (unsigned long)ops * (n == 0 ? 1 : n);
    unsigned long sum = *(const unsigned long *)bench->state;
    return sum == expected ? 0 : tsp_fail(bench, "the results add up to %lu, not %lu", sum, expected);
}

TSP_KERNEL(.family = "abi", .kernel = "args-int", .variant = "direct",
           .summary = "a call with n integer arguments", .params = {{"n", "0..16"}}, .runs = bodies,
           .setup = setup, .check = check, .implementation = "compiler, psABI: words");
