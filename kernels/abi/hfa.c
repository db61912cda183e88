/*
 * Homogeneous float aggregates: structs of n doubles and nothing else, as an argument and as a result. Some ABIs have registers for them
 * where a struct of integers of that size has none.
 */
#include <transept/kernel.h>

#include "callees.h"

#define VALUE 1.0

struct aggregate {
    double sum;
    double value;
    union {
        struct tsp_abi_hfa_2 of_2;
        struct tsp_abi_hfa_3 of_3;
        struct tsp_abi_hfa_4 of_4;
    } object;
};

/* `value` comes from memory: a constant could be passed without a register. One object serves all calls: GCC would write to each that ends
 * with its block, and never read it. */
#define BODY(id, n, ...)                                                                                     \
    static void id##_##n(void *state, uint64_t ops) {                                                        \
        struct aggregate *aggregate = state;                                                                 \
        const double value = aggregate->value;                                                               \
        double sum = 0;                                                                                      \
        struct tsp_abi_hfa_##n object = {TSP_ABI_COPIES_OF_##n(value)};                                      \
        TSP_REPEAT(ops, __VA_ARGS__);                                                                        \
        aggregate->sum += sum;                                                                               \
        (void)object;                                                                                        \
    }
#define BODIES(n)                                                                                            \
    BODY(arg_value, n, sum += tsp_abi_hfa_value_##n(object))                                                 \
    BODY(arg_pointer, n, sum += tsp_abi_hfa_pointer_##n(&aggregate->object.of_##n))                          \
    BODY(return_value, n, object = tsp_abi_hfa_make_##n(value); sum += TSP_ABI_HFA_SUM(n, object))           \
    BODY(return_pointer, n, tsp_abi_hfa_fill_##n(&object, value); sum += TSP_ABI_HFA_SUM(n, object))
TSP_ABI_EACH_HFA(BODIES)

static int setup(struct tsp_bench *bench) {
    struct aggregate *aggregate = tsp_alloc(bench, sizeof *aggregate, 64);
    if (aggregate == NULL) {
        return -1;
    }
    aggregate->value = VALUE;
    aggregate->object.of_4 = (struct tsp_abi_hfa_4){TSP_ABI_COPIES_OF_4(VALUE)};
    bench->state = aggregate;
    return 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct aggregate *aggregate = bench->state;
    double expected = (double)ops * 2 * VALUE; /* first and last number; exact up to 2^53 */
    return aggregate->sum < expected || aggregate->sum > expected
               ? tsp_fail(bench, "the results add up to %.0f, not %.0f", aggregate->sum, expected)
               : 0;
}

#define KERNEL(id, name, how, text)                                                                          \
    static tsp_body *const id##_bodies[] = {id##_2, id##_3, id##_4};                                         \
    TSP_KERNEL(.family = "abi", .kernel = name, .variant = how, .summary = text, .params = {{"n", "2,3,4"}}, \
               .runs = id##_bodies, .setup = setup, .check = check, .implementation = "compiler, psABI")
KERNEL(arg_value, "hfa-arg", "value", "a struct of n doubles passed by value");
KERNEL(arg_pointer, "hfa-arg", "pointer", "a struct of n doubles passed by address");
KERNEL(return_value, "hfa-return", "value", "a struct of n doubles returned by value");
KERNEL(return_pointer, "hfa-return", "pointer",
       "a struct of n doubles of the caller's, filled by the callee");
