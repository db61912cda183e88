/* Hashes of the two maps that put one pair at a time. The batch map's, which vector units can do, is in batch_map.h. */
#ifndef KERNELS_INSERT_HASH_H
#define KERNELS_INSERT_HASH_H

#include <stdint.h>

/** The two halves of the 128-bit product, folded: wyhash's mixing step (Wang Yi, public domain). */
static inline uint64_t tsp_hash_fold(uint64_t a, uint64_t b) {
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 product;
    const product ab = (product)a * b;
    return (uint64_t)(ab >> 64) ^ (uint64_t)ab;
#else
    const uint64_t a0 = (uint32_t)a;
    const uint64_t a1 = a >> 32;
    const uint64_t b0 = (uint32_t)b;
    const uint64_t b1 = b >> 32;
    const uint64_t middle = a1 * b0 + ((a0 * b0) >> 32); /* cannot overflow: (2^32-1)^2 + 2^32-1 < 2^64 */
    const uint64_t low_middle = a0 * b1 + (uint32_t)middle;
    const uint64_t high = a1 * b1 + (middle >> 32) + (low_middle >> 32);
    return high ^ (a * b);
#endif
}

/** Two folds, as managed runtimes without AES instructions hash 8 bytes (the Go runtime's memhash64, after wyhash). */
static inline uint64_t tsp_hash_twice(uint64_t key, uint64_t seed) {
    const uint64_t inner =
        tsp_hash_fold(key ^ UINT64_C(0xe7037ed1a0b428db), key ^ seed ^ UINT64_C(0xa0761d6478bd642f));
    return tsp_hash_fold(UINT64_C(0x1d8e4e27c47d124f) ^ sizeof key, inner);
}

/** One fold, as Boost's unordered_flat_map does after a hash that does not avalanche by itself; the factor is 2^64 / golden ratio. */
static inline uint64_t tsp_hash_once(uint64_t key, uint64_t seed) {
    return tsp_hash_fold(key ^ seed, UINT64_C(0x9e3779b97f4a7c15));
}

#endif
