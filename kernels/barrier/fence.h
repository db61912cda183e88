/*
 * A fence after `pending` stores that may still be on their way to the L1, each to a line of its own. The reference does the same
 * stores without the fence, so that net is what waiting costs.
 */
#ifndef KERNELS_BARRIER_FENCE_H
#define KERNELS_BARRIER_FENCE_H

#include <inttypes.h>

#include <transept/kernel.h>

#include "fence_missing.h"

#define FENCE_LINES 64
#define FENCE_LINE  64 /* bytes; two or four of them make a line where lines are longer */

struct fence_stores {
    unsigned long word[FENCE_LINES][FENCE_LINE / sizeof(unsigned long)];
    unsigned long stored; /* what was stored last: the number of the op, from 1 */
};

struct fence {
    struct fence_stores stores;    /* the case's */
    struct fence_stores reference; /* its reference's, which must not touch what check looks at */
    unsigned pending;
};

/* One store is one instruction: a number that the compiler knows nothing of, to a fixed distance from a pointer in a register. */
#define FENCE_STORE(i) *(volatile unsigned long *)&stores->word[i][0] = number
#define FENCE_STORE_4(i)                                                                                     \
    FENCE_STORE(i);                                                                                          \
    FENCE_STORE((i) + 1);                                                                                    \
    FENCE_STORE((i) + 2);                                                                                    \
    FENCE_STORE((i) + 3)
#define FENCE_STORE_16(i)                                                                                    \
    FENCE_STORE_4(i);                                                                                        \
    FENCE_STORE_4((i) + 4);                                                                                  \
    FENCE_STORE_4((i) + 8);                                                                                  \
    FENCE_STORE_4((i) + 12)
#define FENCE_STORE_64(i)                                                                                    \
    FENCE_STORE_16(i);                                                                                       \
    FENCE_STORE_16((i) + 16);                                                                                \
    FENCE_STORE_16((i) + 32);                                                                                \
    FENCE_STORE_16((i) + 48)

#define FENCE_BODY(name, repeat, pending, fence)                                                             \
    static void name(void *state, uint64_t ops) {                                                            \
        struct fence_stores *stores = state;                                                                 \
        unsigned long number = stores->stored;                                                               \
        repeat(ops, number += 1; TSP_HIDE(number); pending; fence);                                          \
        stores->stored = number;                                                                             \
    }

/** Defines fence_<id>: the bodies of one fence, by pending stores; and missing_<id> for stores that miss the L1. */
#define FENCE_PENDING "0,1,4,16,64"
#define FENCE_L1_BODIES(id, fence)                                                                           \
    FENCE_BODY(fence_##id##_0, TSP_REPEAT_LONG, (void)0, fence)                                              \
    FENCE_BODY(fence_##id##_1, TSP_REPEAT_LONG, FENCE_STORE(0), fence)                                       \
    FENCE_BODY(fence_##id##_4, TSP_REPEAT, FENCE_STORE_4(0), fence)                                          \
    FENCE_BODY(fence_##id##_16, TSP_REPEAT, FENCE_STORE_16(0), fence)                                        \
    FENCE_BODY(fence_##id##_64, TSP_REPEAT, FENCE_STORE_64(0), fence)                                        \
    static tsp_body *const fence_##id[] = {fence_##id##_0, fence_##id##_1, fence_##id##_4, fence_##id##_16,  \
                                           fence_##id##_64};

#define FENCE_BODIES(id, fence)                                                                              \
    FENCE_L1_BODIES(id, fence)                                                                               \
    FENCE_MISSING_BODIES(id, FENCE_WORD, fence)

FENCE_L1_BODIES(left_out, (void)0)

static void fence_reference(void *state, uint64_t ops) {
    struct fence *fence = state;
    unsigned i = fence->pending == 0    ? 0
                 : fence->pending == 1  ? 1
                 : fence->pending == 4  ? 2
                 : fence->pending == 16 ? 3
                                        : 4;
    fence_left_out[i](&fence->reference, ops);
}

static int fence_setup(struct tsp_bench *bench) {
    struct fence *fence = tsp_alloc(bench, sizeof *fence, FENCE_LINE);
    if (fence == NULL) {
        return -1;
    }
    fence->pending = (unsigned)tsp_param_int(bench, "pending");
    bench->state = fence;
    return 0;
}

/* The last op left its number in each of its lines, and in no other. */
static int fence_check(struct tsp_bench *bench, uint64_t ops) {
    const struct fence *fence = bench->state;
    const unsigned long last = (unsigned long)ops;
    if (fence->stores.stored != last) {
        return tsp_fail(bench, "%lu fences were passed, not %lu", fence->stores.stored, last);
    }
    for (unsigned i = 0; i < FENCE_LINES; ++i) {
        unsigned long expected = i < fence->pending ? last : 0;
        if (fence->stores.word[i][0] != expected) {
            return tsp_fail(bench, "line %u holds %lu, not %lu", i, fence->stores.word[i][0], expected);
        }
    }
    return 0;
}

/** Registers a variant; `id` is that of FENCE_BODIES, which need not exist where `what` (TSP_NEEDS_…) rules the ISA out: `on` gives NULL. */
#define FENCE_KERNEL(name, on, id, what, instruction, text)                                                  \
    TSP_KERNEL(.family = "barrier", .kernel = "fence", .variant = name, .summary = text,                     \
               .params = {{"pending", FENCE_PENDING}}, .needs = what, .runs = on(fence_##id),                \
               .reference = fence_reference, .setup = fence_setup, .check = fence_check,                     \
               .implementation = instruction);                                                               \
    FENCE_MISSING_KERNEL(name, on(missing_##id), what, instruction, text)
#define FENCE_ANYWHERE(bodies) bodies

#endif
