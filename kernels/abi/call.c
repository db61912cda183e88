/*
 * The ways to get into a function: written out by the compiler, called, called by address, out of a table, back from another function,
 * with a variable list of arguments. `plt` is in call_plt.c. Each call gets what the one before returned.
 */
#include <transept/kernel.h>

#include "callees.h"

struct steps {
    long (*step)(long); /* a table of functions, as for operations on files */
    long counted;
    unsigned per_op; /* what an op adds to it */
};

static inline long step_inline(long x) {
    return x + 1;
}

#define BODY(id, repeat, prepare, ...)                                                                       \
    static void id(void *state, uint64_t ops) {                                                              \
        struct steps *steps = state;                                                                         \
        long x = steps->counted;                                                                             \
        prepare;                                                                                             \
        repeat(ops, __VA_ARGS__);                                                                            \
        steps->counted = x;                                                                                  \
    }
/* What is hidden could otherwise be known to be tsp_abi_step: a direct call then. */
BODY(call_inline, TSP_REPEAT_LONG, (void)0, x = step_inline(x); TSP_HIDE(x))
BODY(call_direct, TSP_REPEAT, (void)0, x = tsp_abi_step(x))
BODY(call_indirect, TSP_REPEAT, long (*step)(long) = tsp_abi_step; TSP_HIDE(step), x = step(x))
BODY(call_table, TSP_REPEAT, (void)0, TSP_HIDE(steps); x = steps->step(x))
BODY(call_callback, TSP_REPEAT, (void)0, x = tsp_abi_apply(tsp_abi_step, x))
BODY(call_variadic, TSP_REPEAT, (void)0, x = tsp_abi_step_variadic(1, x))
BODY(call_add, TSP_REPEAT, int a = 1; int b = 2; TSP_HIDE(a); TSP_HIDE(b), x += tsp_abi_add(a, b);
     TSP_HIDE(x))

static int setup_by(struct tsp_bench *bench, unsigned per_op) {
    struct steps *steps = tsp_alloc(bench, sizeof *steps, 64);
    if (steps == NULL) {
        return -1;
    }
    *steps = (struct steps){.step = tsp_abi_step, .per_op = per_op};
    bench->state = steps;
    return 0;
}

static int setup(struct tsp_bench *bench) {
    return setup_by(bench, 1);
}

/* Two functions count. */
static int setup_callback(struct tsp_bench *bench) {
    return setup_by(bench, 2);
}

/* 1 + 2 an op. */
static int setup_add(struct tsp_bench *bench) {
    return setup_by(bench, 3);
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct steps *steps = bench->state;
    unsigned long expected = (unsigned long)ops * steps->per_op;
    return (unsigned long)steps->counted == expected
               ? 0
               : tsp_fail(bench, "the calls counted to %ld, not to %lu", steps->counted, expected);
}

#define CALL(name, prepare, empty, text)                                                                     \
    TSP_KERNEL(.family = "abi", .kernel = "call", .variant = #name, .summary = text, .run = call_##name,     \
               .setup = prepare, .check = check, .reference = empty, .implementation = "compiler, psABI")
CALL(inline, setup, tsp_reference_long, "no call: the function's body in its place");
CALL(direct, setup, tsp_reference, "a call of a function in another object file");
CALL(indirect, setup, tsp_reference, "a call by an address in a register");
CALL(table, setup, tsp_reference, "a call by an address in a struct of functions");
CALL(callback, setup_callback, tsp_reference, "a call of a function that calls one it is given");
CALL(variadic, setup, tsp_reference, "a call of a function with a variable list of arguments");
CALL(add, setup_add, tsp_reference, "a call with two ints, which it adds");
