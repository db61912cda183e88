/*
 * What pairs look like. The maps are written once, over an `enum tsp_pairing` that reaches these functions as a constant: each is inlined, so that
 * what remains is what would have been written for that pairing alone.
 *
 * A key or a value is handed over by its address: of a uint64_t, a struct tsp_words or a struct tsp_text.
 */
#ifndef KERNELS_INSERT_PAIR_H
#define KERNELS_INSERT_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "hash.h"

enum tsp_pairing { TSP_PAIR_U64, TSP_PAIR_16, TSP_PAIR_STR };
#define TSP_PAIRINGS      3
#define TSP_PAIRING_NAMES "u64-u64,16-16,str-u64" /* as a case's parameter has them */

/** u64-u64. */
struct tsp_pair {
    uint64_t key;
    uint64_t value;
};

/** 16-16: 16 bytes each. */
struct tsp_words {
    uint64_t first;
    uint64_t second;
};
struct tsp_pair_16 {
    struct tsp_words key;
    struct tsp_words value;
};

/** str-u64: a string is its length and where its bytes are, which no map copies: they must stay as they are while the pair is in one. */
struct tsp_text {
    const char *bytes;
    size_t length;
};
struct tsp_pair_str {
    struct tsp_text key;
    uint64_t value;
};

/* Under a sanitizer nothing is measured, and all that is inlined takes minutes to compile: there gcc may choose. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TSP_PAIR_INLINE static inline
#else
#define TSP_PAIR_INLINE static inline __attribute__((always_inline))
#endif

/** function(…, pairing), with the pairing as a constant: where one that is known only now becomes one. */
#define TSP_PAIR_CALL(pairing, function, ...)                                                                \
    ((pairing) == TSP_PAIR_U64  ? function(__VA_ARGS__, TSP_PAIR_U64)                                        \
     : (pairing) == TSP_PAIR_16 ? function(__VA_ARGS__, TSP_PAIR_16)                                         \
                                : function(__VA_ARGS__, TSP_PAIR_STR))

/** Bytes of a key, a value, a pair. A pair is its key and, right behind it, its value. */
TSP_PAIR_INLINE size_t tsp_key_bytes(enum tsp_pairing as) {
    return as == TSP_PAIR_U64  ? sizeof(uint64_t)
           : as == TSP_PAIR_16 ? sizeof(struct tsp_words)
                               : sizeof(struct tsp_text);
}

TSP_PAIR_INLINE size_t tsp_value_bytes(enum tsp_pairing as) {
    return as == TSP_PAIR_16 ? sizeof(struct tsp_words) : sizeof(uint64_t);
}

TSP_PAIR_INLINE size_t tsp_pair_bytes(enum tsp_pairing as) {
    return tsp_key_bytes(as) + tsp_value_bytes(as);
}
_Static_assert(offsetof(struct tsp_pair_16, value) == sizeof(struct tsp_words) &&
                   sizeof(struct tsp_pair_str) == sizeof(struct tsp_text) + sizeof(uint64_t),
               "nothing lies between a key and its value, nor behind it");

/** The pair number `i` of some, and the value of one. */
TSP_PAIR_INLINE void *tsp_pair_at(enum tsp_pairing as, void *pairs, size_t i) {
    return (char *)pairs + i * tsp_pair_bytes(as);
}

TSP_PAIR_INLINE const void *tsp_pair_in(enum tsp_pairing as, const void *pairs, size_t i) {
    return (const char *)pairs + i * tsp_pair_bytes(as);
}

TSP_PAIR_INLINE void *tsp_pair_value(enum tsp_pairing as, void *pair) {
    return (char *)pair + tsp_key_bytes(as);
}

TSP_PAIR_INLINE const void *tsp_pair_value_in(enum tsp_pairing as, const void *pair) {
    return (const char *)pair + tsp_key_bytes(as);
}

TSP_PAIR_INLINE void tsp_key_copy(enum tsp_pairing as, void *to, const void *from) {
    memcpy(to, from, tsp_key_bytes(as));
}

TSP_PAIR_INLINE void tsp_value_copy(enum tsp_pairing as, void *to, const void *from) {
    memcpy(to, from, tsp_value_bytes(as));
}

TSP_PAIR_INLINE void tsp_pair_copy(enum tsp_pairing as, void *to, const void *from) {
    memcpy(to, from, tsp_pair_bytes(as));
}

TSP_PAIR_INLINE bool tsp_texts_equal(const struct tsp_text *a, const struct tsp_text *b) {
    return a->length == b->length && (a->bytes == b->bytes || memcmp(a->bytes, b->bytes, a->length) == 0);
}

TSP_PAIR_INLINE bool tsp_keys_equal(enum tsp_pairing as, const void *a, const void *b) {
    if (as == TSP_PAIR_STR) {
        return tsp_texts_equal(a, b);
    }
    const uint64_t *const x = a;
    const uint64_t *const y = b;
    return as == TSP_PAIR_U64 ? *x == *y : ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
}

/** A key in 64 bits, for hashes to begin with: one of that size is itself, others are hashed with the seed. */
TSP_PAIR_INLINE uint64_t tsp_key_digest(enum tsp_pairing as, const void *key, uint64_t seed) {
    if (as == TSP_PAIR_STR) {
        const struct tsp_text *const text = key;
        return tsp_hash_bytes(text->bytes, text->length, seed);
    }
    const uint64_t *const words = key;
    return as == TSP_PAIR_U64 ? words[0] : tsp_hash_two(words[0], words[1], seed);
}

/** The hash of the table with control bytes: one product where the key is no string. */
TSP_PAIR_INLINE uint64_t tsp_key_hash_once(enum tsp_pairing as, const void *key, uint64_t seed) {
    const uint64_t digest = tsp_key_digest(as, key, seed);
    return as == TSP_PAIR_U64 ? tsp_hash_once(digest, seed) : digest;
}

/** The hash of the bucket map: two. */
TSP_PAIR_INLINE uint64_t tsp_key_hash_twice(enum tsp_pairing as, const void *key, uint64_t seed) {
    const uint64_t digest = tsp_key_digest(as, key, seed);
    return as == TSP_PAIR_U64  ? tsp_hash_twice(digest, seed)
           : as == TSP_PAIR_16 ? tsp_hash_end(digest, sizeof(struct tsp_words))
                               : digest;
}

#endif
