/*
 * A map made for batches (batch insert as docs/kernels/insert.md explains it).
 *
 * Pairs lie densely in one array; the index over them is made of 64-byte lines with ten entries of a 16-bit tag and a 32-bit position.
 * A key's home line is the multiply-high of its 32-bit hash and the number of lines; when a line is full its keys go on to the next.
 * There is no deletion, so a search ends at the first line that is not full.
 */
#ifndef KERNELS_INSERT_BATCH_MAP_H
#define KERNELS_INSERT_BATCH_MAP_H

#include "map.h"

#define TSP_BATCH_BLOCK   128 /* keys hashed and prefetched at once */
#define TSP_BATCH_ENTRIES 10  /* of a line */
#define TSP_BATCH_LOAD    6   /* entries a line on average in a full map: 0.6 */
#define TSP_BATCH_PROBES                                                                                     \
    32 /* lines; no chance but only chosen keys fill so many in a row, and they cost the index its factor */
#define TSP_BATCH_PARTS_MAX 128
#define TSP_BATCH_MIX       UINT32_C(0x85ebca6b)
#define TSP_BATCH_TAG_BIT   0x8000

/** One line of the index. A tag in use has its top bit set; one that is not is 0; the count has not that bit either. */
struct tsp_batch_line {
    uint16_t tags[TSP_BATCH_ENTRIES];
    uint16_t count; /* entries in use: the next one's place */
    uint16_t zero;
    uint32_t positions[TSP_BATCH_ENTRIES];
};
_Static_assert(sizeof(struct tsp_batch_line) == 64, "a line of the index is a line of the cache");

/** The map's own struct: for its variants and for tests. */
struct tsp_batch_map {
    struct tsp_map map;
    struct tsp_pair *pairs; /* `count` of them, in `capacity` places */
    struct tsp_batch_line *lines;
    struct tsp_pair
        *scratch; /* for partitioning, `scratch_pairs` places; NULL while the index fits the cache */
    size_t capacity;
    size_t line_count;
    size_t scratch_pairs;
    uint64_t factor; /* of the hash; odd */
    unsigned
        refactored; /* how often chosen keys made the map change its factor since it last grew or was cleared */
    bool crowded;   /* a search went past TSP_BATCH_PROBES lines */
};

/** One partition's piece of the scratch, while a batch is dealt out to the partitions. */
struct tsp_batch_parts {
    unsigned shift; /* partition = hash >> shift */
    size_t room;    /* places of each partition, one after the other in the scratch */
    size_t used[TSP_BATCH_PARTS_MAX];
};

/** The two inner loops. One algorithm for all; what differs is how a block is hashed and how a line's tags are compared. */
struct tsp_batch_variant {
    const char *name;
    uint64_t needs; /* TSP_NEEDS_… */

    /** Puts n > 0 pairs that there is room for; stops after the block in which the map is found crowded. Returns how many were put. */
    size_t (*put)(struct tsp_batch_map *map, const struct tsp_pair *in, size_t n);

    /** Deals pairs out to partitions, in order. Returns false when one of them is full: then nothing has been put. */
    bool (*deal)(const struct tsp_batch_map *map, const struct tsp_pair *in, size_t n,
                 struct tsp_batch_parts *parts);
};

/** The kind of map with variant number `index` of those this ISA has, from 0; NULL beyond the last. Its `how` is the variant. */
const struct tsp_map_kind *tsp_batch_kind(size_t index);

/** The same by the variant's name; NULL when this ISA has none of that name. */
const struct tsp_map_kind *tsp_batch_kind_find(const char *name);

/* The variants; which of them there are depends on the ISA. */
extern const struct tsp_batch_variant tsp_batch_scalar;
extern const struct tsp_batch_variant tsp_batch_swar;
extern const struct tsp_batch_variant tsp_batch_sse2;
extern const struct tsp_batch_variant tsp_batch_avx2;
extern const struct tsp_batch_variant tsp_batch_avx512;
extern const struct tsp_batch_variant tsp_batch_neon;
extern const struct tsp_batch_variant tsp_batch_vsx;
extern const struct tsp_batch_variant tsp_batch_vx;

/**
 * The hash: multiply-shift with a random odd factor (Dietzfelbinger et al., J. Algorithms 25, 1997: two keys share their top 32 bits with
 * at most twice the chance of random functions) after a one-to-one step that lets low bits depend on the whole key; and another such step
 * (from MurmurHash3's fmix32), without which sequential keys, whose products lie on a lattice, crowd in some lines.
 */
static inline uint32_t tsp_batch_hash(uint64_t key, uint64_t factor) {
    const uint32_t hash = (uint32_t)(((key ^ (key >> 32)) * factor) >> 32);
    return (hash ^ (hash >> 16)) * TSP_BATCH_MIX;
}

/** The home line (< line_count, which is below 2^32) in the upper half, the hash with the tag's top bit set in the lower: what the inner
 *  loops need of a key. The tag is the lowest 16 bits. */
static inline uint64_t tsp_batch_spot(uint32_t hash, uint64_t line_count) {
    return ((hash * line_count) & UINT64_C(0xffffffff00000000)) | hash | TSP_BATCH_TAG_BIT;
}

/**
 * For the variants: puts a pair whose home line is full or has an equal tag, perhaps of another key; `count` pairs are in the map. Returns
 * 1 when the pair is new and lies at pairs[count] now, 0 when its key was there and has the new value now.
 */
unsigned tsp_batch_put_far(struct tsp_batch_map *map, uint64_t spot, struct tsp_pair pair, uint32_t count);

#endif
