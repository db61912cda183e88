/*
 * What the kernels of this family share: a life of blocks, from whichever allocator.
 *
 *   steady     each thread keeps TSP_ALLOC_LIVE blocks. An op gives the oldest back and takes another in its place
 *   first-use  each thread takes TSP_ALLOC_SERIES blocks an op out of memory that nobody has used, and gives none back. Once they add up to
 *              what the case may hold, all are given back, and the memory to the kernel, where no time is taken
 *
 * The first and the last word of each block hold its number while it lives. They are looked at again when it is given back, so blocks that
 * overlap are found; and the reference does all that to blocks that stay, so what is left is the allocator.
 */
#ifndef KERNELS_ALLOC_CASES_H
#define KERNELS_ALLOC_CASES_H

#include <stddef.h>
#include <stdint.h>

#include <transept/kernel.h>

#define TSP_ALLOC_LIVE   64U
#define TSP_ALLOC_SERIES 64U

/** Most blocks that a thread of first-use holds at once, and most bytes of them. */
#define TSP_ALLOC_HELD       4096U
#define TSP_ALLOC_HELD_BYTES ((size_t)16 << 20)

#define TSP_ALLOC_THREADS 4U

/** Own memory that a thread's pool or arena hands out. */
struct tsp_alloc_store {
    unsigned char *memory; /* mapped; NULL: the allocator is libc's */
    size_t bytes;
    unsigned char *next; /* nothing from here to the end has been handed out yet */
    unsigned char *end;
    void *free; /* the pool's: blocks given back, each beginning with the address of the next */
};

/** One thread's share of a case, on lines of its own. */
struct tsp_alloc_worker {
    _Alignas(256) size_t size; /* bytes of a block, a multiple of 16 */
    size_t stride;             /* from one block to the next in memory of our own */
    uintptr_t below;           /* alignment less 1 */
    unsigned long taken;       /* blocks, since setup: the next one's number */
    unsigned long wrong;       /* bits: a number changed in a living block, an address not aligned */
    unsigned long refused;     /* no block was given */
    struct tsp_alloc_store store;
    unsigned held; /* blocks in `blocks`: all that live */
    unsigned char *blocks[TSP_ALLOC_HELD];
};

struct tsp_alloc_case;
typedef void tsp_alloc_give(struct tsp_alloc_worker *worker, unsigned char *block);

/** How a kernel gives its allocator to setup. */
struct tsp_alloc_kind {
    tsp_member *steady; /* takes also the first blocks, where there are none yet: asked for no op in setup */
    tsp_member *first_use;
    tsp_alloc_give *give;
    size_t align;      /* that it promises; a power of two */
    unsigned capacity; /* blocks that its own store must hold in steady use; 0: it is libc's */
};

/** A case: first the workers of the threads, then as many of the reference. */
struct tsp_alloc_case {
    struct tsp_bench *bench;
    const struct tsp_alloc_kind *kind;
    tsp_member *member;
    struct tsp_alloc_worker *workers;
    unsigned threads;
    unsigned most; /* blocks that a thread of first-use may hold; 0: steady */
    long faults;   /* page faults of this process before the op */
    uint64_t faults_seen;
    uint64_t series; /* ops that those came from */
};

int tsp_alloc_steady_setup(struct tsp_bench *bench, const struct tsp_alloc_kind *kind);
int tsp_alloc_first_setup(struct tsp_bench *bench, const struct tsp_alloc_kind *kind);
int tsp_alloc_steady_check(struct tsp_bench *bench, uint64_t ops);
int tsp_alloc_first_check(struct tsp_bench *bench, uint64_t ops);
void tsp_alloc_before(struct tsp_bench *bench);
void tsp_alloc_teardown(struct tsp_bench *bench);
tsp_body tsp_alloc_run;
tsp_body tsp_alloc_steady_reference;
tsp_body tsp_alloc_first_reference;

/** Is the block still that of this number? */
static inline void tsp_alloc_look(struct tsp_alloc_worker *worker, const unsigned char *block,
                                  unsigned long number) {
    if (block != NULL) {
        const unsigned long *first = (const unsigned long *)(const void *)block;
        const unsigned long *last =
            (const unsigned long *)(const void *)(block + worker->size - sizeof *last);
        worker->wrong |= (*first ^ number) | (*last ^ number);
    }
}

/** Numbers a block that was just taken. */
static inline void tsp_alloc_mark(struct tsp_alloc_worker *worker, unsigned char *block,
                                  unsigned long number) {
    if (block == NULL) {
        worker->refused += 1;
        return;
    }
    worker->wrong |= (uintptr_t)block & worker->below;
    *(unsigned long *)(void *)block = number;
    *(unsigned long *)(void *)(block + worker->size - sizeof number) = number;
}

/** One op of steady use, by functions take(worker, slot) and give(worker, block). */
#define TSP_ALLOC_TURN(worker, take, give)                                                                   \
    const unsigned slot = (unsigned)((worker)->taken % TSP_ALLOC_LIVE);                                      \
    unsigned char *block = (worker)->blocks[slot];                                                           \
    tsp_alloc_look(worker, block, (worker)->taken - TSP_ALLOC_LIVE);                                         \
    give(worker, block);                                                                                     \
    block = take(worker, slot);                                                                              \
    TSP_HIDE(block);                                                                                         \
    tsp_alloc_mark(worker, block, (worker)->taken);                                                          \
    (worker)->blocks[slot] = block;                                                                          \
    (worker)->taken += 1

/** Defines id_steady() and id_first_use(), the members of an allocator's two kinds of use. */
#define TSP_ALLOC_MEMBERS(id, take, give)                                                                    \
    static void id##_steady(void *state, unsigned index, uint64_t ops) {                                     \
        struct tsp_alloc_worker *worker = &((struct tsp_alloc_case *)state)->workers[index];                 \
        for (; worker->held < TSP_ALLOC_LIVE; ++worker->held) {                                              \
            worker->blocks[worker->held] = take(worker, worker->held);                                       \
            tsp_alloc_mark(worker, worker->blocks[worker->held], worker->taken);                             \
            worker->taken += 1;                                                                              \
        }                                                                                                    \
        TSP_REPEAT(ops, TSP_ALLOC_TURN(worker, take, give));                                                 \
    }                                                                                                        \
    static void id##_first_use(void *state, unsigned index, uint64_t ops) {                                  \
        struct tsp_alloc_worker *worker = &((struct tsp_alloc_case *)state)->workers[index];                 \
        const uint64_t wanted = worker->held + ops * TSP_ALLOC_SERIES;                                       \
        const unsigned until = wanted < TSP_ALLOC_HELD ? (unsigned)wanted : TSP_ALLOC_HELD;                  \
        for (; worker->held < until; ++worker->held) {                                                       \
            unsigned char *block = take(worker, worker->held);                                               \
            TSP_HIDE(block);                                                                                 \
            tsp_alloc_mark(worker, block, worker->taken);                                                    \
            worker->blocks[worker->held] = block;                                                            \
            worker->taken += 1;                                                                              \
        }                                                                                                    \
    }

#define TSP_ALLOC_SIZES  "16,64,256,1024,4096,65536"
#define TSP_ALLOC_COUNTS "1,2,4"
#define TSP_ALLOC_BYTES  (UINT64_C(128) << 20)
#define TSP_ALLOC_PARAMS                                                                                     \
    {                                                                                                        \
        {"size", TSP_ALLOC_SIZES}, {                                                                         \
            "threads", TSP_ALLOC_COUNTS                                                                      \
        }                                                                                                    \
    }

/** Registers both kernels of an allocator: id_steady(), id_first_use() and `id_give` make its kind. `fit` may be NULL. */
#define TSP_ALLOC_KERNELS(name, id, aligned_to, blocks, fit, text, how)                                      \
    static const struct tsp_alloc_kind id##_kind = {.steady = id##_steady,                                   \
                                                    .first_use = id##_first_use,                             \
                                                    .give = id##_give,                                       \
                                                    .align = (aligned_to),                                   \
                                                    .capacity = (blocks)};                                   \
    static int id##_steady_setup(struct tsp_bench *bench) {                                                  \
        return tsp_alloc_steady_setup(bench, &id##_kind);                                                    \
    }                                                                                                        \
    static int id##_first_setup(struct tsp_bench *bench) {                                                   \
        return tsp_alloc_first_setup(bench, &id##_kind);                                                     \
    }                                                                                                        \
    TSP_KERNEL(.family = "alloc", .kernel = name, .variant = "steady",                                       \
               .summary = text ": the oldest of 64 blocks given back, another taken",                        \
               .params = TSP_ALLOC_PARAMS, .mode = TSP_MODE_BATCHED, .run = tsp_alloc_run,                   \
               .reference = tsp_alloc_steady_reference, .unfit = fit, .setup = id##_steady_setup,            \
               .check = tsp_alloc_steady_check, .teardown = tsp_alloc_teardown,                              \
               .memory_bytes = TSP_ALLOC_BYTES, .implementation = how);                                      \
    TSP_KERNEL(.family = "alloc", .kernel = name, .variant = "first-use",                                    \
               .summary = text ": 64 blocks taken of memory not used before, with its page faults",          \
               .params = TSP_ALLOC_PARAMS, .mode = TSP_MODE_PER_OP, .run = tsp_alloc_run,                    \
               .reference = tsp_alloc_first_reference, .unfit = fit, .setup = id##_first_setup,              \
               .before = tsp_alloc_before, .check = tsp_alloc_first_check, .teardown = tsp_alloc_teardown,   \
               .memory_bytes = TSP_ALLOC_BYTES, .implementation = how)

#endif
