/* Hashes of keys. That of the batch map, which vector units can do, is in batch_map.h. */
#ifndef KERNELS_INSERT_HASH_H
#define KERNELS_INSERT_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The Go runtime's constants, after wyhash's (src/runtime/hash64.go). */
#define TSP_HASH_1   UINT64_C(0xa0761d6478bd642f)
#define TSP_HASH_2   UINT64_C(0xe7037ed1a0b428db)
#define TSP_HASH_END UINT64_C(0x1d8e4e27c47d124f)

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

/** The last step over a key of `bytes` bytes. */
static inline uint64_t tsp_hash_end(uint64_t hash, size_t bytes) {
    return tsp_hash_fold(TSP_HASH_END ^ bytes, hash);
}

/** Two folds, as managed runtimes without AES instructions hash 8 bytes (the Go runtime's memhash64, after wyhash). */
static inline uint64_t tsp_hash_twice(uint64_t key, uint64_t seed) {
    return tsp_hash_end(tsp_hash_fold(key ^ TSP_HASH_2, key ^ seed ^ TSP_HASH_1), sizeof key);
}

/** One fold, as Boost's unordered_flat_map does after a hash that does not avalanche by itself; the factor is 2^64 / golden ratio. */
static inline uint64_t tsp_hash_once(uint64_t key, uint64_t seed) {
    return tsp_hash_fold(key ^ seed, UINT64_C(0x9e3779b97f4a7c15));
}

/* What is added to the first factor of a product. In that runtime it is a constant: keys whose half is that constant, so that the product is 0
 * whatever the other half, could be had without knowing the seed. */
static inline uint64_t tsp_hash_other(uint64_t seed) {
    return (seed << 32 | seed >> 32) ^ TSP_HASH_2;
}

/** One fold of 16 bytes. */
static inline uint64_t tsp_hash_two(uint64_t first, uint64_t second, uint64_t seed) {
    return tsp_hash_fold(first ^ tsp_hash_other(seed), second ^ seed ^ TSP_HASH_1);
}

static inline uint64_t tsp_hash_word(const char *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/** Strings: a fold for 16 bytes and a last one (the Go runtime's memhash, without its wide loop for long keys). */
static inline uint64_t tsp_hash_bytes(const char *bytes, size_t length, uint64_t seed) {
    const uint64_t other = tsp_hash_other(seed);
    uint64_t state = seed ^ TSP_HASH_1;
    uint64_t first = 0;
    uint64_t second = 0;
    size_t left = length;
    for (; left > 16; left -= 16, bytes += 16) {
        state = tsp_hash_fold(tsp_hash_word(bytes) ^ other, tsp_hash_word(bytes + 8) ^ state);
    }
    if (length >= 8) { /* the last 16 bytes, or the first and the last 8: some may count twice */
        first = tsp_hash_word(length > 16 ? bytes + left - 16 : bytes);
        second = tsp_hash_word(bytes + left - 8);
    } else if (length >= 4) {
        uint32_t half;
        memcpy(&half, bytes, sizeof half);
        first = half;
        memcpy(&half, bytes + length - 4, sizeof half);
        second = half;
    } else if (length != 0) {
        first = (uint64_t)(unsigned char)bytes[0] | (uint64_t)(unsigned char)bytes[length / 2] << 8 |
                (uint64_t)(unsigned char)bytes[length - 1] << 16;
    }
    return tsp_hash_end(tsp_hash_fold(first ^ other, second ^ state), length);
}

#endif
