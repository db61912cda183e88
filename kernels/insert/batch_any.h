/*
 * has_tag() and entry_with() in vectors of 16 bytes without the instructions of any one ISA: for those that cannot move a vector's mask
 * into a register in one step, or have no need to. The including file defines BATCH_TARGET.
 */
#ifndef KERNELS_INSERT_BATCH_ANY_H
#define KERNELS_INSERT_BATCH_ANY_H

#include <string.h>

#include "batch_map.h"

typedef uint16_t tags_8 __attribute__((vector_size(16)));
typedef uint64_t words_2 __attribute__((vector_size(16)));

/* All bits of each lane that is equal; of the second vector's lanes only the first two are tags. */
static inline BATCH_TARGET bool has_tag(const struct tsp_batch_line *line, uint16_t tag) {
    tags_8 tags[2];
    memcpy(tags, line, sizeof tags);
    const tags_8 last = {0xffff, 0xffff};
    const words_2 equal = (words_2)((tags_8)(tags[0] == tag) | ((tags_8)(tags[1] == tag) & last));
    return (equal[0] | equal[1]) != 0;
}

/* Of each word's four tags a bit of its own, so that all fit side by side in one. */
static inline BATCH_TARGET unsigned entry_with(const struct tsp_batch_line *line, uint16_t tag) {
    tags_8 tags[2];
    memcpy(tags, line, sizeof tags);
    const tags_8 first = {1, 1, 1, 1, 2, 2, 2, 2};
    const tags_8 last = {4, 4};
    const words_2 equal = (words_2)(((tags_8)(tags[0] == tag) & first) | ((tags_8)(tags[1] == tag) & last));
    const unsigned lowest = (unsigned)__builtin_ctzll(equal[0] | equal[1]);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return 4 * (lowest % 16) + 3 - lowest / 16;
#else
    return 4 * (lowest % 16) + lowest / 16;
#endif
}

static inline BATCH_TARGET size_t find_tag(const struct tsp_batch_line *line, uint16_t tag) {
    return has_tag(line, tag) ? entry_with(line, tag) : TSP_BATCH_ENTRIES;
}

#endif
