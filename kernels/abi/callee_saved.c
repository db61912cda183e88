/* A call of a function that uses k of the registers which a call leaves as they were: it stores them when it begins and loads them at its end. */
#include <transept/kernel.h>

#include "saved.h"

#define BODY(k)                                                                                              \
    static void call_##k(void *state, uint64_t ops) {                                                        \
        long x = *(long *)state;                                                                             \
        TSP_REPEAT(ops, x = tsp_abi_saved_##k(x));                                                           \
        *(long *)state = x;                                                                                  \
    }
BODY(0)
TSP_ABI_EACH_SAVED(BODY)

enum { K_MAX = 10 };
#define NAME(k) , call_##k
static tsp_body *const bodies[K_MAX + 1] = {call_0 TSP_ABI_EACH_SAVED(NAME)};

#define TEXT_(number) #number
#define TEXT(number)  TEXT_(number)

static const char *unfit(const struct tsp_bench *bench) {
    return tsp_param_int(bench, "k") <= TSP_ABI_SAVED_MAX ? NULL
                                                          : TSP_ISA_NAME
               " keeps only " TEXT(TSP_ABI_SAVED_MAX) " integer registers across a call";
}

static int setup(struct tsp_bench *bench) {
    bench->state = tsp_alloc(bench, sizeof(long), 64);
    return bench->state == NULL ? -1 : 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    unsigned long counted = *(const unsigned long *)bench->state;
    return counted == (unsigned long)ops
               ? 0
               : tsp_fail(bench, "the calls counted to %lu, not to %lu", counted, (unsigned long)ops);
}

TSP_KERNEL(.family = "abi", .kernel = "callee-saved", .variant = "direct",
           .summary = "a call of a function that saves k registers", .params = {{"k", "0..10"}},
           .runs = bodies, .unfit = unfit, .setup = setup, .check = check,
           .implementation = "compiler, psABI");
