/* How the bucket map's buckets lie in memory, by what its pairs look like. */
#ifndef KERNELS_INSERT_BUCKET_LAYOUT_H
#define KERNELS_INSERT_BUCKET_LAYOUT_H

#include "pair.h"

#define SLOTS 8

/* A slot's byte: free, or the top byte of the hash, moved out of the way of the two marks. A bucket's first byte tells of its move. */
enum { FREE = 0, MOVED = 1, LEAST_TOP = 5 };

static inline uint8_t top_of(uint64_t hash) {
    const uint8_t top = (uint8_t)(hash >> 56);
    return top < LEAST_TOP ? (uint8_t)(top + LEAST_TOP) : top;
}

/* What a bucket begins with. Behind it, as that runtime has it, lie SLOTS keys, SLOTS values, and where the next bucket of its chain is. */
struct bucket {
    uint8_t top[SLOTS];
};

#define BUCKET_ALIGN sizeof(uint64_t)
_Static_assert(sizeof(struct bucket) % BUCKET_ALIGN == 0, "keys follow");

/** Where in a bucket it says where the next one is; a bucket's bytes. */
TSP_PAIR_INLINE size_t overflow_at(enum tsp_pairing as) {
    return sizeof(struct bucket) + SLOTS * tsp_pair_bytes(as);
}

TSP_PAIR_INLINE size_t bucket_bytes(enum tsp_pairing as) {
    return (overflow_at(as) + sizeof(struct bucket *) + BUCKET_ALIGN - 1) & ~(BUCKET_ALIGN - 1);
}

TSP_PAIR_INLINE void *key_at(struct bucket *bucket, size_t slot, enum tsp_pairing as) {
    return (char *)bucket + sizeof *bucket + slot * tsp_key_bytes(as);
}

TSP_PAIR_INLINE void *value_at(struct bucket *bucket, size_t slot, enum tsp_pairing as) {
    return (char *)bucket + sizeof *bucket + SLOTS * tsp_key_bytes(as) + slot * tsp_value_bytes(as);
}

TSP_PAIR_INLINE struct bucket **overflow_of(struct bucket *bucket, enum tsp_pairing as) {
    return (struct bucket **)(void *)((char *)bucket + overflow_at(as));
}

TSP_PAIR_INLINE struct bucket *bucket_at(struct bucket *buckets, size_t i, enum tsp_pairing as) {
    return (struct bucket *)(void *)((char *)buckets + i * bucket_bytes(as));
}

/* A power of two of buckets that keys hash to, followed by some for overflow. */
struct array {
    struct bucket *buckets; /* NULL: no array yet */
    size_t heads;           /* those that keys hash to */
    size_t all;
    size_t used; /* the first one not used yet for overflow */
};

#endif
