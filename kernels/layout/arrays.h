/* What the kernels share that go through an array, object after object. */
#ifndef KERNELS_LAYOUT_ARRAYS_H
#define KERNELS_LAYOUT_ARRAYS_H

#include <transept/kernel.h>

/** The ops of a pass through an array are a multiple of this, and so is every position at which a batch begins: what TSP_REPEAT writes out. */
#define TSP_LAYOUT_UNIT 16

/** Lines are of 64 bytes here, whatever the machine's are: what is told of them is compared across ISAs. */
#define TSP_LAYOUT_LINE 64

/** Most bytes of the largest working set and what lies beside it (tsp_ws_bytes()). */
#define TSP_LAYOUT_MEMORY (UINT64_C(1) << 30)

/**
 * A statement for each of `ops` ops from position `at` on, around an array of `count` positions; `prepare` runs before each stretch of the array and
 * may use `at`, which is where the next op goes. A stretch ends at a multiple of TSP_LAYOUT_UNIT, and only there can the array end: whole
 * batches take the same instructions wherever they are in it.
 */
#define TSP_LAYOUT_WALK(ops, at, count, prepare, ...)                                                        \
    for (uint64_t left_ = (ops), run_; left_ != 0; left_ -= run_) {                                          \
        run_ = TSP_LAYOUT_UNIT - (at) % TSP_LAYOUT_UNIT;                                                     \
        run_ = run_ < left_ ? run_ : left_;                                                                  \
        prepare;                                                                                             \
        TSP_REPEAT(run_, __VA_ARGS__);                                                                       \
        (at) = tsp_layout_wrap((at) + (size_t)run_, count);                                                  \
    }

/** `at`, or 0 where that is `count`. Without a branch, which would take an instruction more or less one way. */
static inline size_t tsp_layout_wrap(size_t at, size_t count) {
    size_t differs = at ^ count;
    size_t opposite = 0 - differs;
    TSP_HIDE(opposite);
    size_t kept = 0 - ((differs | opposite) >> (8 * sizeof at - 1)); /* all bits, or none */
    return at & kept;
}

/** Ops of `bytes` each whose bytes fit the case's working set, a multiple of TSP_LAYOUT_UNIT; 0 after tsp_skip(). */
static inline size_t tsp_layout_count(struct tsp_bench *bench, size_t bytes) {
    size_t count = tsp_ws_bytes(bench) / bytes / TSP_LAYOUT_UNIT * TSP_LAYOUT_UNIT;
    if (count == 0) {
        (void)tsp_skip(bench, "the working set has no room for %d times %zu bytes", TSP_LAYOUT_UNIT, bytes);
    }
    return count;
}

/** Lines that `bytes` from `address` on lie in. */
static inline size_t tsp_layout_lines(const void *address, size_t bytes) {
    uintptr_t first = (uintptr_t)address;
    return (first + bytes - 1) / TSP_LAYOUT_LINE - first / TSP_LAYOUT_LINE + 1;
}

#endif
