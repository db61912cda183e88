/* The batch map without vectors: every ISA's, and what the others are measured against. */
#ifdef __clang__
#pragma clang diagnostic ignored "-Wunknown-pragmas"
#else
#pragma GCC optimize(                                                                                        \
    "no-tree-vectorize") /* or gcc makes the comparisons below a vector's work where it can */
#endif

#define BATCH_TARGET
#include "batch_one.h"

/* All ten, whatever the count: a loop that ends with the count is guessed wrong for almost every pair. */
static inline bool has_tag(const struct tsp_batch_line *line, uint16_t tag) {
    unsigned equal = 0;
    for (unsigned i = 0; i < TSP_BATCH_ENTRIES; ++i) {
        equal |= line->tags[i] == tag;
    }
    return equal != 0;
}

static inline unsigned entry_with(const struct tsp_batch_line *line, uint16_t tag) {
    unsigned i = 0;
    while (line->tags[i] != tag) {
        i += 1;
    }
    return i;
}

static inline size_t find_tag(const struct tsp_batch_line *line, uint16_t tag) {
    return has_tag(line, tag) ? entry_with(line, tag) : TSP_BATCH_ENTRIES;
}

#include "batch_steps.h"

BATCH_VARIANT(scalar, 0)
