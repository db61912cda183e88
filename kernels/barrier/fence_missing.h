/*
 * The same fences after stores that miss: each op stores to lines drawn at random from a working set beyond the L1, the k-th store from the
 * k-th part of it. The reference does the same stores, and of these only what the core cannot hide; net is the wait for the rest.
 */
#ifndef KERNELS_BARRIER_FENCE_MISSING_H
#define KERNELS_BARRIER_FENCE_MISSING_H

#include <transept/kernel.h>

/* The words of a line: the case's, and its reference's, which must not touch what check looks at. */
enum fence_word { FENCE_WORD, FENCE_WORD_REFERENCE };

struct fence_walk {
    uint32_t random; /* where in its part the last op's stores went, as a share of 2^32 */
    unsigned long stored;
    char *memory;
    size_t line;
    size_t part; /* bytes from one store's part to the next one's */
    uint32_t part_lines;
};

struct fence_missing {
    struct fence_walk walk; /* first: bodies are given it */
    struct fence_walk reference;
    unsigned pending;
};

/* Numerical Recipes' generator, whose upper bits are random enough that no prefetcher follows. */
#define FENCE_NEXT(random) ((random)*UINT32_C(1664525) + UINT32_C(1013904223))

static inline char *fence_place(const struct fence_walk *walk, uint32_t random) {
    return walk->memory + (size_t)((uint64_t)random * walk->part_lines >> 32) * walk->line;
}

#define FENCE_MISSING_BODY(name, pending, word, fence)                                                       \
    static void name(void *state, uint64_t ops) {                                                            \
        struct fence_walk *walk = state;                                                                     \
        const struct fence_walk fixed = *walk;                                                               \
        unsigned long number = fixed.stored;                                                                 \
        uint32_t random = fixed.random;                                                                      \
        TSP_REPEAT(                                                                                          \
            ops, number += 1; TSP_HIDE(number); random = FENCE_NEXT(random);                                 \
            char *to = fence_place(&fixed, random);                                                          \
            for (unsigned store = 0; store < (pending); ++store, to += fixed.part) {                         \
                ((volatile unsigned long *)(void *)to)[word] = number;                                       \
            } fence);                                                                                        \
        walk->stored = number;                                                                               \
        walk->random = random;                                                                               \
    }

#define FENCE_MISSING_PENDING "1,4,16,64"
#define FENCE_MISSING_BODIES(id, word, fence)                                                                \
    FENCE_MISSING_BODY(missing_##id##_1, 1, word, fence)                                                     \
    FENCE_MISSING_BODY(missing_##id##_4, 4, word, fence)                                                     \
    FENCE_MISSING_BODY(missing_##id##_16, 16, word, fence)                                                   \
    FENCE_MISSING_BODY(missing_##id##_64, 64, word, fence)                                                   \
    static tsp_body *const missing_##id[] = {missing_##id##_1, missing_##id##_4, missing_##id##_16,          \
                                             missing_##id##_64};

FENCE_MISSING_BODIES(left_out, FENCE_WORD_REFERENCE, (void)0)

static void fence_missing_reference(void *state, uint64_t ops) {
    struct fence_missing *fence = state;
    unsigned i = fence->pending == 1 ? 0 : fence->pending == 4 ? 1 : fence->pending == 16 ? 2 : 3;
    missing_left_out[i](&fence->reference, ops);
}

static int fence_missing_setup(struct tsp_bench *bench) {
    struct fence_missing *fence = tsp_alloc(bench, sizeof *fence, 64);
    const size_t stated = tsp_line_bytes(bench);
    const size_t line = stated < 64 ? 64 : stated;
    const size_t pending = (size_t)tsp_param_int(bench, "pending");
    const size_t lines = tsp_ws_bytes(bench) / line / pending;
    if (lines < 2 || lines > UINT32_MAX) {
        return tsp_skip(bench, "%zu stores cannot go to a working set of %zu lines", pending,
                        lines * pending);
    }
    /* An odd number of lines apart, so that the parts' places of one index do not fall into one set of a cache. */
    const size_t part = (lines | 1) * line;
    char *memory = fence == NULL ? NULL : tsp_alloc(bench, part * pending, line);
    if (memory == NULL) {
        return -1;
    }
    fence->pending = (unsigned)pending;
    fence->walk = (struct fence_walk){
        .memory = memory, .line = line, .part = part, .part_lines = (uint32_t)lines, .random = 1};
    fence->reference = fence->walk;
    fence->reference.random = 2; /* lines of its own, as little in the caches as the case's */
    bench->state = fence;
    return 0;
}

/* The last op left its number in the line of each part that its random number says. */
static int fence_missing_check(struct tsp_bench *bench, uint64_t ops) {
    const struct fence_missing *fence = bench->state;
    const unsigned long last = (unsigned long)ops;
    const char *at = fence_place(&fence->walk, fence->walk.random);
    if (fence->walk.stored != last) {
        return tsp_fail(bench, "%lu fences were passed, not %lu", fence->walk.stored, last);
    }
    for (unsigned i = 0; i < fence->pending && ops != 0; ++i, at += fence->walk.part) {
        const unsigned long found = ((const unsigned long *)(const void *)at)[FENCE_WORD];
        if (found != last) {
            return tsp_fail(bench, "the line of store %u holds %lu, not %lu", i, found, last);
        }
    }
    return 0;
}

/* What a DRAM working set may take, and its rounding up to lines. */
#define FENCE_MISSING_MEMORY ((UINT64_C(1) << 30) + (UINT64_C(1) << 26))

#define FENCE_MISSING_KERNEL(name, bodies, what, instruction, text)                                          \
    TSP_KERNEL(.family = "barrier", .kernel = "fence-missing", .variant = name,                              \
               .summary = text ", after stores that miss the L1",                                            \
               .params = {{"pending", FENCE_MISSING_PENDING}, {"ws", "l2,llc,dram"}}, .needs = what,         \
               .runs = bodies, .reference = fence_missing_reference, .setup = fence_missing_setup,           \
               .check = fence_missing_check, .memory_bytes = FENCE_MISSING_MEMORY,                           \
               .implementation = instruction)

#endif
