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
#define TSP_BATCH_LOAD    5   /* entries a line on average in a full map; docs/kernels/insert.md has why */
#define TSP_BATCH_PROBES                                                                                     \
    32 /* lines; no chance but only chosen keys fill so many in a row, and they cost the index its factor */
#define TSP_BATCH_PARTS_MAX  128
#define TSP_BATCH_NEAR_LINES 512 /* 32 KiB of index stay in L1, and need no prefetch */
#define TSP_BATCH_MIX        UINT32_C(0x85ebca6b)
#define TSP_BATCH_TAG_BIT    0x8000
#define TSP_BATCH_SPOT_LINE  16

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
    void *pairs; /* `count` of them, in `capacity` places */
    struct tsp_batch_line *lines;
    uint64_t *scratch; /* for partitioning, `scratch_words` of it; NULL while the index fits the cache */
    size_t capacity;
    size_t line_count;
    size_t scratch_words;
    uint64_t factor;      /* of the hash: a 32-bit number for either half of the key */
    uint64_t factor_high; /* its upper half, where it stands: a lookup need not cut it out */
    unsigned
        refactored; /* how often chosen keys made the map change its factor since it last grew or was cleared */
    bool crowded;   /* a search went past TSP_BATCH_PROBES lines */
    bool
        knows; /* many keys of the last batch beyond the cache were in the map, or came before in the batch */
};

/** Where the next one of each partition goes in the scratch, while a batch is dealt out to the partitions. */
struct tsp_batch_parts {
    unsigned shift; /* partition = hash >> shift */
    void *heads[TSP_BATCH_PARTS_MAX];
    void *ends[TSP_BATCH_PARTS_MAX];
};

/** The inner loops. One algorithm for all; what differs is how a block is hashed and how a line's tags are compared. */
struct tsp_batch_variant {
    const char *name;
    uint64_t needs; /* TSP_NEEDS_… */

    /** Puts n > 0 pairs that there is room for; stops after the block in which the map is found crowded. Returns how many were put. */
    size_t (*put)(struct tsp_batch_map *map, const void *in, size_t n);

    /** Deals pairs out to the partitions, in order. Returns false when one of these is full; the map is as it was in any case. */
    bool (*deal_pairs)(const struct tsp_batch_map *map, const void *in, size_t n,
                       struct tsp_batch_parts *parts);

    /** The same with the pairs' entries, while the pairs are copied behind those of the map, whose count stays. */
    bool (*deal_entries)(const struct tsp_batch_map *map, const void *in, size_t n,
                         struct tsp_batch_parts *parts);

    /** tsp_map_kind's get_all() of a map that has lines. */
    size_t (*get_all)(const struct tsp_batch_map *map, const void *keys, size_t n, void *values, bool *found);

    /** Indexes n > 0 pairs by their entries; stops after the block in which the map is found crowded. Pairs whose keys were there give
     *  their values away, and their positions are left at the beginning of `entries`. Returns how many these are. */
    size_t (*index)(struct tsp_batch_map *map, uint64_t *entries, size_t n);
};

/** The kind of map with variant number `index` of those this ISA has, from 0; NULL beyond the last. Its `how` is the variant. */
const struct tsp_map_kind *tsp_batch_kind(size_t index, enum tsp_pairing as);

/** The same by the variant's name; NULL when this ISA has none of that name. */
const struct tsp_map_kind *tsp_batch_kind_find(const char *name, enum tsp_pairing as);

/** The kind of map with the widest variant that a CPU with these TSP_NEEDS_… features can run. Never NULL. */
const struct tsp_map_kind *tsp_batch_kind_best(uint64_t features, enum tsp_pairing as);

/* The variants, and tsp_map_kind's get() by each for each pairing; which of them there are depends on the ISA. */
#define TSP_BATCH_DECLARE(id)                                                                                \
    extern const struct tsp_batch_variant tsp_batch_##id;                                                    \
    bool tsp_batch_get_u64_##id(const struct tsp_map *map, const void *key, void *value);                    \
    bool tsp_batch_get_16_##id(const struct tsp_map *map, const void *key, void *value);                     \
    bool tsp_batch_get_str_##id(const struct tsp_map *map, const void *key, void *value)
TSP_BATCH_DECLARE(scalar);
TSP_BATCH_DECLARE(swar);
TSP_BATCH_DECLARE(sse2);
TSP_BATCH_DECLARE(avx2);
TSP_BATCH_DECLARE(avx512);
TSP_BATCH_DECLARE(neon);
TSP_BATCH_DECLARE(vsx);
TSP_BATCH_DECLARE(vx);

/**
 * The hash of a key of 64 bits, or of another's digest, by its halves x and y: (x + a)(y + b) with sums of 32 bits and a product of 64, under
 * which two keys collide with a chance of at most 2^-32 (NH: Black, Halevi, Krawczyk, Krovetz, Rogaway, UMAC, CRYPTO 1999, theorem 4.2); folded
 * into 32 bits, and one step of MurmurHash3's fmix32, without which sequential keys, whose products lie on a lattice, crowd in some lines.
 * factor_high is the factor without its lower half.
 */
static inline uint32_t tsp_batch_hash_with(uint64_t key, uint64_t factor, uint64_t factor_high) {
    const uint64_t low = (uint32_t)(key + factor);
    const uint64_t high = (key + factor_high) >> 32; /* no carry comes from below */
    const uint64_t product = low * high;
    const uint32_t hash = (uint32_t)(product ^ (product >> 32));
    return (hash ^ (hash >> 16)) * TSP_BATCH_MIX;
}

static inline uint32_t tsp_batch_hash(uint64_t key, uint64_t factor) {
    return tsp_batch_hash_with(key, factor, factor >> 32 << 32);
}

/** What the inner loops need of a key: how many bytes into the index its home line (< line_count, which is below 2^32) begins, from bit
 *  TSP_BATCH_SPOT_LINE on, and its tag in the 16 bits below. */
static inline uint64_t tsp_batch_spot(uint32_t hash, uint64_t line_count) {
    const uint64_t line = (hash * line_count) >> 32;
    return ((line * sizeof(struct tsp_batch_line)) << TSP_BATCH_SPOT_LINE) | (uint16_t)hash |
           TSP_BATCH_TAG_BIT;
}

/** The spot of the pair at `position`. */
TSP_PAIR_INLINE uint64_t tsp_batch_spot_at(const struct tsp_batch_map *map, size_t position,
                                           enum tsp_pairing as) {
    const uint64_t digest = tsp_key_digest(as, tsp_pair_at(as, map->pairs, position), map->factor);
    return tsp_batch_spot(tsp_batch_hash(digest, map->factor), map->line_count);
}

/** What a pair of a batch is dealt out as: its number in the batch in the upper half, its hash in the lower. */
static inline uint64_t tsp_batch_entry(uint32_t hash, uint32_t number) {
    return ((uint64_t)number << 32) | hash;
}

/**
 * For the variants: indexes the pair at `position`, whose home line is full or has an equal tag, perhaps of another key. Returns whether it
 * is new; else the one with its key has its value now.
 */
bool tsp_batch_index(struct tsp_batch_map *map, uint64_t spot, uint32_t position);

/** For the variants: get() of a key whose hash is known, whatever its home line holds. */
bool tsp_batch_get_far(const struct tsp_batch_map *map, const void *key, void *value, uint32_t hash);

/** Puts n > 0 pairs that there is room for, directly: whatever their keys are. */
void tsp_batch_put_direct(struct tsp_batch_map *map, const void *in, size_t n);

/** Puts n > 0 pairs that there is room for by partitions of the index, each of which stays in the cache. Returns false, and the map is as it
 *  was, when that is no use for them, or their keys do not spread. */
bool tsp_batch_put_parted(struct tsp_batch_map *map, const void *in, size_t n);

/** Words of scratch that a map of that capacity and so many lines needs for it; 0: its index fits the cache. */
size_t tsp_batch_scratch(size_t capacity, size_t line_count, enum tsp_pairing as);

#endif
