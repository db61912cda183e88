/* Are two blocks the same: in constant time, and as fast as can be told. */
#include <string.h>

#include "equal.h"

/*
 * All of both blocks, whatever they hold. What has been found so far is hidden in each turn: a compiler that knew it could see that nothing
 * which follows can take it back, and leave.
 */
EQUAL_INLINE unsigned long constant_words(const char *left, const char *right, size_t bytes) {
    unsigned long found = 0;
    for (size_t i = 0; i < bytes; i += sizeof(unsigned long)) {
        found |= *(const unsigned long *)(const void *)(left + i) ^
                 *(const unsigned long *)(const void *)(right + i);
        TSP_HIDE(found);
    }
    return EQUAL_NOT_ZERO(found);
}

/* As libraries of cryptography write it, for any address and any length. */
EQUAL_INLINE unsigned long constant_bytes(const char *left, const char *right, size_t bytes) {
    unsigned found = 0;
    for (size_t i = 0; i < bytes; ++i) {
        found |= (unsigned)(left[i] ^ right[i]);
        TSP_HIDE(found);
    }
    return EQUAL_NOT_ZERO(found);
}

EQUAL_INLINE unsigned long leaving_early(const char *left, const char *right, size_t bytes) {
    for (size_t i = 0; i < bytes; i += sizeof(unsigned long)) {
        if (*(const unsigned long *)(const void *)(left + i) !=
            *(const unsigned long *)(const void *)(right + i)) {
            return 1;
        }
    }
    return 0;
}

/* libc's, and no loop of the compiler's own. */
EQUAL_INLINE unsigned long by_libc(const char *left, const char *right, size_t bytes) {
    int (*compare)(const void *, const void *, size_t) = memcmp;
    TSP_HIDE(compare);
    return compare(left, right, bytes) != 0;
}

EQUAL_BODY(by_constant_words, , constant_words)
EQUAL_BODY(by_constant_bytes, , constant_bytes)
EQUAL_BODY(by_leaving_early, , leaving_early)
EQUAL_BODY(by_memcmp, , by_libc)

#define LINE 64
#define PAGE 4096 /* libc's memcmp may go by where in one the blocks begin: it shall be the same each time */
#define SEED UINT64_C(0x9e3779b97f4a7c15)

/* Where the blocks differ; `bytes` where they do not. */
static size_t difference(const struct tsp_bench *bench, size_t bytes) {
    const char *text = tsp_param_text(bench, "diff");
    return strcmp(text, "first") == 0    ? 0
           : strcmp(text, "middle") == 0 ? bytes / 2
           : strcmp(text, "last") == 0   ? bytes - 1
                                         : bytes;
}

int tsp_equal_setup(struct tsp_bench *bench) {
    const size_t bytes = (size_t)tsp_param_int(bench, "bytes");
    const size_t room = bytes + (size_t)2 * LINE;
    struct tsp_equal *equal = tsp_alloc(bench, sizeof *equal, LINE);
    char *left = equal == NULL ? NULL : tsp_alloc(bench, room, PAGE);
    char *right = left == NULL ? NULL : tsp_alloc(bench, room, PAGE);
    if (right == NULL) {
        return -1;
    }
    const size_t different = LINE + difference(bench, bytes);
    for (size_t i = 0; i < room; ++i) {
        left[i] = (char)((i + 1) * SEED >> 56);
        const bool around = i < LINE || i >= LINE + bytes;
        right[i] = (char)(left[i] ^ (around ? 0xff : i == different ? 0x10 : 0));
    }
    *equal = (struct tsp_equal){.left = left + LINE, .right = right + LINE, .bytes = bytes};
    bench->state = equal;
    return 0;
}

int tsp_equal_check(struct tsp_bench *bench, uint64_t ops) {
    const struct tsp_equal *equal = bench->state;
    const unsigned long all = (unsigned long)ops;
    const bool differ = strcmp(tsp_param_text(bench, "diff"), "none") != 0;
    if (equal->done != all) {
        return tsp_fail(bench, "%lu comparisons were made, not %lu", equal->done, all);
    }
    if (equal->different != (differ ? all : 0)) {
        return tsp_fail(bench, "%lu of %lu comparisons found a difference in blocks that %s",
                        equal->different, all, differ ? "differ" : "are the same");
    }
    return 0;
}

EQUAL_KERNEL("constant-time", 0, by_constant_words, NULL, "all words of both blocks, whatever they hold",
             "C, register-wide words");
EQUAL_KERNEL("constant-time-bytes", 0, by_constant_bytes, NULL,
             "all bytes of both blocks, whatever they hold", "C, bytes");
EQUAL_KERNEL("early-exit", 0, by_leaving_early, NULL, "word by word, up to the first that differs",
             "C, register-wide words");
EQUAL_KERNEL("memcmp", 0, by_memcmp, NULL, "libc's memcmp", "libc's memcmp");
