/*
 * Atomic read-modify-write operations on one word in the L1, each on the result of the one before.
 *
 * A kernel defines RMW_NAME ("rmw-add"), RMW_REFERENCE and RMW_OP(order), one op in C11 on `word` that leaves `number`, the ops done so
 * far, in it; then RMW_C11 registers it in every order, as the compiler makes it and, on arm64, pinned to each of its two forms.
 */
#ifndef KERNELS_BARRIER_RMW_H
#define KERNELS_BARRIER_RMW_H

#include <stdatomic.h>

#include <transept/kernel.h>

#include "orders.h"

struct rmw {
    atomic_ulong word;    /* ops done so far, whatever the operation */
    unsigned long number; /* the same, by the operation's count */
};

#define RMW_BODY(id, attributes, ...)                                                                        \
    attributes static void id(void *state, uint64_t ops) {                                                   \
        atomic_ulong *word = &((struct rmw *)state)->word;                                                   \
        unsigned long number = ((struct rmw *)state)->number;                                                \
        TSP_REPEAT(ops, __VA_ARGS__);                                                                        \
        ((struct rmw *)state)->number = number;                                                              \
    }

/* What an op does beside the operation itself: counting. */
#define RMW_COUNT                                                                                            \
    number += 1;                                                                                             \
    TSP_HIDE(number)
static void rmw_reference(void *state, uint64_t ops) {
    (void)state;
    unsigned long number = 0;
    TSP_REPEAT(ops, RMW_COUNT);
}

static int rmw_setup(struct tsp_bench *bench) {
    bench->state = tsp_alloc(bench, sizeof(struct rmw), 64);
    return bench->state == NULL ? -1 : 0;
}

static int rmw_check(struct tsp_bench *bench, uint64_t ops) {
    const unsigned long expected = (unsigned long)ops;
    struct rmw *rmw = bench->state;
    unsigned long word = atomic_load(&rmw->word);
    if (word != expected || rmw->number != expected) {
        return tsp_fail(bench, "the word holds %lu after %lu operations, not %lu", word, rmw->number,
                        expected);
    }
    return 0;
}

/** Registers a variant of RMW_NAME; `body` is NULL where `what` (TSP_NEEDS_…) rules the ISA out. */
#define RMW_KERNEL(name, body, what, instruction)                                                            \
    TSP_KERNEL(.family = "barrier", .kernel = RMW_NAME, .variant = name, .summary = RMW_SUMMARY ", " name,   \
               .needs = what, .run = body, .reference = rmw_reference, .setup = rmw_setup,                   \
               .check = rmw_check, .implementation = instruction);

/* Compilers for arm64 call a helper that chooses at run time (outline atomics). A function's own target pins the choice. */
#if defined(TSP_ISA_ARM64)
#define RMW_LSE_BODY(order) RMW_BODY(lse_##order, __attribute__((target("arch=armv8-a+lse"))), RMW_OP(order))
#define RMW_LLSC_BODY(order)                                                                                 \
    RMW_BODY(llsc_##order, __attribute__((target("arch=armv8-a,no-outline-atomics"))), RMW_OP(order))
#else
#define RMW_LSE_BODY(order)
#define RMW_LLSC_BODY(order)
#endif

#define RMW_C11_ORDER(order, name)                                                                           \
    RMW_BODY(c11_##order, , RMW_OP(order))                                                                   \
    RMW_LSE_BODY(order)                                                                                      \
    RMW_LLSC_BODY(order)                                                                                     \
    RMW_KERNEL(name, c11_##order, 0, ORDERS_C11)                                                             \
    RMW_KERNEL("lse-" name, TSP_ON_ARM64(lse_##order), TSP_NEEDS_ARM64 | TSP_NEEDS_LSE, "LSE: " RMW_LSE)     \
    RMW_KERNEL("llsc-" name, TSP_ON_ARM64(llsc_##order), TSP_NEEDS_ARM64, "ldxr, stxr")
#define RMW_C11 ORDERS_BOTH(RMW_C11_ORDER)

/* x(id, its name in ids, suffixes of a single instruction, of a load-reserved and of a store-conditional): riscv64's orders. */
#define RMW_RISCV64(x)                                                                                       \
    x(relaxed, "relaxed", "", "", "") x(acquire, "acquire", ".aq", ".aq", "")                                \
        x(release, "release", ".rl", "", ".rl") x(acq_rel, "acq-rel", ".aqrl", ".aq", ".rl")

#endif
