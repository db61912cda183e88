/* Interleaving without vectors: a poor loop and a good one, by the compiler's copies and by libc's; and the copy that nothing can beat. */
#include "interleave.h"

#include <inttypes.h>
#include <string.h>

#define LINE      64
#define PAGE      4096 /* libc's copies may go by where in one they begin: it shall be the same each time */
#define SEED      UINT64_C(0x9e3779b97f4a7c15)
#define UNTOUCHED UINT64_C(0x5a5a5a5a5a5a5a5a)

/* Hidden, or the compiler makes words or vectors of the bytes. */
INTERLEAVE_INLINE void copy_bytes(uint64_t *to, const uint64_t *from) {
    const unsigned char *source = (const unsigned char *)from;
    unsigned char *target = (unsigned char *)to;
    for (size_t i = 0; i < 16; ++i) {
        unsigned byte = source[i];
        TSP_HIDE(byte);
        target[i] = (unsigned char)byte;
    }
}

INTERLEAVE_INLINE void with_bytes(uint64_t *slots, const uint64_t *keys, const uint64_t *values, size_t n) {
    for (size_t i = 0; i < n; ++i, slots += 4, keys += 2, values += 2) {
        copy_bytes(slots, keys);
        copy_bytes(slots + 2, values);
    }
}

/* Likewise of words. */
INTERLEAVE_INLINE void copy_words(uint64_t *to, const uint64_t *from) {
    uint64_t first = from[0];
    TSP_HIDE(first);
    uint64_t second = from[1];
    TSP_HIDE(second);
    to[0] = first;
    to[1] = second;
}

INTERLEAVE_INLINE void with_words(uint64_t *slots, const uint64_t *keys, const uint64_t *values, size_t n) {
    for (size_t i = 0; i < n; ++i, slots += 4, keys += 2, values += 2) {
        copy_words(slots, keys);
        copy_words(slots + 2, values);
    }
}

/* 16 is a constant: the compiler makes of it what it thinks best. (Not told how all is aligned it calls libc on riscv64.) */
INTERLEAVE_INLINE void with_memcpy(uint64_t *slots, const uint64_t *keys, const uint64_t *values, size_t n) {
    for (size_t i = 0; i < n; ++i, slots += 4, keys += 2, values += 2) {
        memcpy(__builtin_assume_aligned(slots, 16), __builtin_assume_aligned(keys, 16), 16);
        memcpy(__builtin_assume_aligned(slots + 2, 16), __builtin_assume_aligned(values, 16), 16);
    }
}

typedef void *copy_function(void *to, const void *from, size_t bytes);

/* What no compiler sees through: a library that is told the sizes of key and value at run time. */
INTERLEAVE_INLINE void with_calls(uint64_t *slots, const uint64_t *keys, const uint64_t *values, size_t n) {
    copy_function *copy = memcpy;
    TSP_HIDE(copy);
    for (size_t i = 0; i < n; ++i, slots += 4, keys += 2, values += 2) {
        copy(slots, keys, 16);
        copy(slots + 2, values, 16);
    }
}

/* Keys and values lie behind one another, so that this is one copy of the same bytes. */
INTERLEAVE_INLINE void plain_copy(uint64_t *slots, const uint64_t *keys, const uint64_t *values, size_t n) {
    copy_function *copy = memcpy;
    TSP_HIDE(copy);
    (void)values;
    copy(slots, keys, 32 * n);
}

INTERLEAVE_BODY(by_bytes, , with_bytes)
INTERLEAVE_BODY(by_words, , with_words)
INTERLEAVE_BODY(by_memcpy, , with_memcpy)
INTERLEAVE_BODY(by_calls, , with_calls)
INTERLEAVE_BODY(by_copy, , plain_copy)

/* The 64-bit word at place i of keys and values. */
static uint64_t word_at(size_t i) {
    return (i + 1) * SEED;
}

int tsp_interleave_setup(struct tsp_bench *bench) {
    const size_t n = (size_t)tsp_param_int(bench, "n");
    const size_t words = 4 * n;
    const size_t gap = (2048 + LINE) / sizeof(uint64_t); /* cores compare low bits of addresses first */
    struct tsp_interleave *fill = tsp_alloc(bench, sizeof *fill, LINE);
    uint64_t *memory = fill == NULL ? NULL : tsp_alloc(bench, (2 * words + 2 * gap) * sizeof *memory, PAGE);
    if (memory == NULL) {
        return -1;
    }
    for (size_t i = 0; i < words; ++i) {
        memory[i] = word_at(i);
    }
    for (size_t i = words; i < 2 * words + 2 * gap; ++i) {
        memory[i] = UNTOUCHED;
    }
    *fill = (struct tsp_interleave){
        .slots = memory + words + gap, .keys = memory, .values = memory + 2 * n, .n = n};
    bench->state = fill;
    bench->items = n;
    bench->item_unit = "pair";
    return 0;
}

/* `place` says which word of keys and values belongs at word i of the slots. */
static int check(struct tsp_bench *bench, uint64_t ops, size_t (*place)(size_t i, size_t n)) {
    const struct tsp_interleave *fill = bench->state;
    const size_t words = 4 * fill->n;
    if (fill->done != (unsigned long)ops) {
        return tsp_fail(bench, "%lu ops were done, not %lu", fill->done, (unsigned long)ops);
    }
    for (size_t i = 0; i < words && ops != 0; ++i) {
        const uint64_t expected = word_at(place(i, fill->n));
        if (fill->slots[i] != expected) {
            return tsp_fail(bench, "word %zu of slot %zu is %016" PRIx64 ", not %016" PRIx64, i % 4, i / 4,
                            fill->slots[i], expected);
        }
    }
    if (fill->slots[-1] != UNTOUCHED || fill->slots[words] != UNTOUCHED) {
        return tsp_fail(bench, "something was written beside the %zu slots", fill->n);
    }
    return 0;
}

static size_t place_by_turns(size_t i, size_t n) {
    return 2 * (i / 4) + i % 2 + (i % 4 < 2 ? 0 : 2 * n);
}

static size_t place_as_it_was(size_t i, size_t n) {
    (void)n;
    return i;
}

int tsp_interleave_check(struct tsp_bench *bench, uint64_t ops) {
    return check(bench, ops, place_by_turns);
}

int tsp_interleave_check_copy(struct tsp_bench *bench, uint64_t ops) {
    return check(bench, ops, place_as_it_was);
}

INTERLEAVE_KERNEL("bytes", 0, by_bytes, "a loop over bytes, by this compiler");
INTERLEAVE_KERNEL("words", 0, by_words, "a loop over 64-bit words, by this compiler");
INTERLEAVE_KERNEL("memcpy", 0, by_memcpy, "memcpy of 16 bytes, expanded by this compiler");
INTERLEAVE_KERNEL("memcpy-call", 0, by_calls, "libc's memcpy, called for each key and each value");
INTERLEAVE_KERNEL_AS("copy-floor", 0, by_copy, tsp_interleave_check_copy,
                     "the same bytes copied as they lie: what no way of interleaving undercuts",
                     "libc's memcpy");
