/*
 * An op makes n slots of 32 bytes of n keys and n values of 16 bytes each: what a map does that is built from two arrays. The ways of doing it
 * are functions of
 *
 *   (uint64_t *slots, const uint64_t *keys, const uint64_t *values, size_t n)
 *
 * with n a multiple of 64, and all three aligned to 64 bytes.
 */
#ifndef KERNELS_FILL_INTERLEAVE_H
#define KERNELS_FILL_INTERLEAVE_H

#include <transept/kernel.h>

#define INTERLEAVE_INLINE static inline __attribute__((always_inline))

struct tsp_interleave {
    uint64_t *slots;
    uint64_t *keys;
    uint64_t *values; /* right behind the keys */
    size_t n;
    unsigned long done;
};

/* The number is no constant, and memory is looked at after each op. */
#define INTERLEAVE_BODY(id, target, how)                                                                     \
    static target void id(void *state, uint64_t ops) {                                                       \
        struct tsp_interleave *fill = state;                                                                 \
        uint64_t *slots = fill->slots;                                                                       \
        const uint64_t *keys = fill->keys;                                                                   \
        const uint64_t *values = fill->values;                                                               \
        size_t n = fill->n;                                                                                  \
        TSP_REPEAT(ops, TSP_HIDE(n); how(slots, keys, values, n); TSP_CLOBBER());                            \
        fill->done += (unsigned long)ops;                                                                    \
    }

int tsp_interleave_setup(struct tsp_bench *bench);

/** That the slots hold the pairs; tsp_interleave_check_copy(): all keys and then all values. And nothing beside them was written. */
int tsp_interleave_check(struct tsp_bench *bench, uint64_t ops);
int tsp_interleave_check_copy(struct tsp_bench *bench, uint64_t ops);

/** Bytes at the largest n, keys and values and slots of 32 MiB each, and what lies around them. */
#define INTERLEAVE_MEMORY (UINT64_C(80) << 20)

#define INTERLEAVE_KERNEL_AS(name, what, body, proof, text, how)                                             \
    TSP_KERNEL(.family = "fill", .kernel = "interleave", .variant = name, .summary = text,                   \
               .params = {{"n", "64,1024,16384,1048576"}}, .needs = what, .run = body,                       \
               .setup = tsp_interleave_setup, .check = proof, .memory_bytes = INTERLEAVE_MEMORY,             \
               .implementation = how)
#define INTERLEAVE_KERNEL(name, what, body, how)                                                             \
    INTERLEAVE_KERNEL_AS(name, what, body, tsp_interleave_check,                                             \
                         "16-byte keys and values into 32-byte slots, " name, how)

#endif
