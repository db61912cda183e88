/*
 * An op compares two blocks of `bytes` that are the same but for one bit, or wholly. The ways of comparing are functions of
 *
 *   (const char *left, const char *right, size_t bytes)
 *
 * that return 1 where the blocks differ and else 0. The blocks are aligned to 64 bytes and have different bytes around them.
 */
#ifndef KERNELS_EQUAL_EQUAL_H
#define KERNELS_EQUAL_EQUAL_H

#include <limits.h>

#include <transept/kernel.h>

#define EQUAL_INLINE static inline __attribute__((always_inline))

struct tsp_equal {
    const char *left;
    const char *right;
    size_t bytes;
    unsigned long done;
    unsigned long different; /* ops that found a difference */
};

/* Neither where the blocks lie nor how long they are is known to the compiler, so that every op compares. */
#define EQUAL_BODY(id, target, how)                                                                          \
    static target void id(void *state, uint64_t ops) {                                                       \
        struct tsp_equal *equal = state;                                                                     \
        const char *left = equal->left;                                                                      \
        const char *right = equal->right;                                                                    \
        size_t bytes = equal->bytes;                                                                         \
        unsigned long different = equal->different;                                                          \
        TSP_REPEAT(ops, TSP_HIDE(left); TSP_HIDE(bytes); different += how(left, right, bytes);               \
                   TSP_HIDE(different));                                                                     \
        equal->different = different;                                                                        \
        equal->done += (unsigned long)ops;                                                                   \
    }

/** 1 for a variable that is not 0, else 0, without a branch: then the word or its negative has the top bit. (A macro, for some compilers
 *  inline no plain function into one that may use vectors.) */
#define EQUAL_NOT_ZERO(word) ((unsigned long)(((word) | (0 - (word))) >> (sizeof(word) * CHAR_BIT - 1)))

int tsp_equal_setup(struct tsp_bench *bench);
int tsp_equal_check(struct tsp_bench *bench, uint64_t ops);

#define EQUAL_KERNEL(name, what, body, fits, text, how)                                                      \
    TSP_KERNEL(.family = "equal", .kernel = "blocks", .variant = name, .summary = text,                      \
               .params = {{"bytes", "16,64,256,1024,4096,16384,65536"}, {"diff", "first,middle,last,none"}}, \
               .needs = what, .run = body, .unfit = fits, .setup = tsp_equal_setup,                          \
               .check = tsp_equal_check, .implementation = how)

#endif
