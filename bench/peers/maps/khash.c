/* khash, in the version of htslib. */
#include <htslib/khash.h>

#include <stdio.h>
#include <stdlib.h>

#include "peer.h"

#define HASH(key)   ((khint_t)peer_hash(key))
#define EQUAL(a, b) ((a) == (b))
#define FULL        0.77 /* the load at which it grows: __ac_HASH_UPPER */

KHASH_INIT(pairs, uint64_t, uint64_t, 1, HASH, EQUAL)

static void must(int status) {
    if (status < 0) {
        fprintf(stderr, "peers: khash: no memory\n");
        exit(1);
    }
}

static void reserve(khash_t(pairs) * map, size_t n) {
    const khint_t buckets = (khint_t)((double)n / FULL) + 1;
    if (kh_n_buckets(map) < buckets) {
        must(kh_resize(pairs, map, buckets));
    }
}

static void *make(const struct peer *peer, size_t hint) {
    (void)peer;
    khash_t(pairs) *map = kh_init(pairs);
    must(map == NULL ? -1 : 0);
    if (hint != 0) {
        reserve(map, hint);
    }
    return map;
}

static void put(void *map, const void *pairs, size_t n) {
    khash_t(pairs) *into = map;
    const struct peer_pair *pair = pairs;
    for (size_t i = 0; i < n; ++i) {
        int status = 0;
        const khint_t at = kh_put(pairs, into, pair[i].key, &status);
        must(status);
        kh_val(into, at) = pair[i].value;
    }
}

static uint64_t get(const void *map, const void *keys, size_t n) {
    const khash_t(pairs) *in = map;
    const uint64_t *key = keys;
    uint64_t sum = 0;
    for (size_t i = 0; i < n; ++i) {
        const khint_t at = kh_get(pairs, in, key[i]);
        if (at != kh_end(in)) {
            sum += key[i] ^ kh_val(in, at);
        }
    }
    return sum;
}

static size_t size(const void *map) {
    const khash_t(pairs) *in = map;
    return kh_size(in);
}

static void clear(void *map, size_t n) {
    kh_clear(pairs, (khash_t(pairs) *)map);
    reserve(map, n);
}

static void end(void *map) {
    kh_destroy(pairs, (khash_t(pairs) *)map);
}

const struct peer peer_khash = {.name = "khash",
                                .version = "khash " AC_VERSION_KHASH_H " of htslib",
                                .hash = "one folded product (the caller's choice)",
                                .reused = "clear keeps the table",
                                .make = make,
                                .put = put,
                                .get = get,
                                .size = size,
                                .clear = clear,
                                .free = end};
