/*
 * Copies of a block in the L1, by the offsets of source and destination in a 64-byte line: what libc's memcpy does about them, and what a
 * plain loop over words pays.
 */
#include <string.h>

#include <transept/kernel.h>

#define LINE 64
#define MOST 4096
#define ROOM                                                                                                 \
    (MOST +                                                                                                  \
     MOST / 2) /* source and destination half of 4096 apart: cores compare low bits of addresses first */
#define SEED      UINT64_C(0x9e3779b97f4a7c15)
#define UNTOUCHED 0x5a

struct copy {
    char *from;
    char *to;
    size_t bytes;
    unsigned long done;
};

/* The length is no constant, or the compiler makes a copy of its own; and each copy is one that memory is looked at after. */
#define COPY(id, how)                                                                                        \
    static void id(void *state, uint64_t ops) {                                                              \
        struct copy *copy = state;                                                                           \
        size_t bytes = copy->bytes;                                                                          \
        TSP_REPEAT(ops, TSP_HIDE(bytes); how(copy->to, copy->from, bytes); TSP_CLOBBER());                   \
        copy->done += (unsigned long)ops;                                                                    \
    }

/* Whole words only; the asm keeps the compiler from seeing a copy in it, or making vectors of it. */
static inline __attribute__((always_inline)) void copy_words(char *to, const char *from, size_t bytes) {
    for (size_t i = 0; i < bytes; i += sizeof(size_t)) {
        size_t word;
        memcpy(&word, from + i, sizeof word);
        TSP_HIDE(word);
        memcpy(to + i, &word, sizeof word);
    }
}
COPY(by_memcpy, memcpy)
COPY(by_words, copy_words)

static int setup(struct tsp_bench *bench) {
    struct copy *copy = tsp_alloc(bench, sizeof *copy, LINE);
    char *memory = copy == NULL ? NULL : tsp_alloc(bench, (size_t)2 * ROOM, LINE);
    if (memory == NULL) {
        return -1;
    }
    copy->bytes = (size_t)tsp_param_int(bench, "bytes");
    copy->from = memory + (size_t)tsp_param_int(bench, "from");
    copy->to = memory + ROOM + (size_t)tsp_param_int(bench, "to");
    memset(memory, UNTOUCHED, (size_t)2 * ROOM);
    for (size_t i = 0; i < copy->bytes; ++i) {
        copy->from[i] = (char)((i + 1) * SEED >> 56);
    }
    bench->state = copy;
    return 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct copy *copy = bench->state;
    if (copy->done != (unsigned long)ops) {
        return tsp_fail(bench, "%lu copies were made, not %lu", copy->done, (unsigned long)ops);
    }
    if (ops != 0 && memcmp(copy->to, copy->from, copy->bytes) != 0) {
        return tsp_fail(bench, "the copy differs from its source");
    }
    if (copy->to[-1] != UNTOUCHED || copy->to[copy->bytes] != UNTOUCHED) {
        return tsp_fail(bench, "a copy of %zu bytes wrote beside its destination", copy->bytes);
    }
    return 0;
}

#define COPY_KERNEL(name, body, what)                                                                        \
    TSP_KERNEL(.family = "align", .kernel = "copy", .variant = name,                                         \
               .summary = "a copy by the offsets of its ends",                                               \
               .params = {{"bytes", "256,4096"}, {"from", "0,1,4,8,32,63"}, {"to", "0,1,4,8,32,63"}},        \
               .run = body, .setup = setup, .check = check, .implementation = what)
COPY_KERNEL("memcpy", by_memcpy, "libc's memcpy");
COPY_KERNEL("words", by_words, "a loop over words, by this compiler");
