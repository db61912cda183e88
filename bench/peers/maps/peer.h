/*
 * What a map that is measured beside the others has to have. A peer's file is the only one that knows its library.
 *
 * Pairs and keys are void: a peer is for one kind of pair, so far u64 → u64 (struct peer_pair); others can be added beside it.
 */
#ifndef PEERS_PEER_H
#define PEERS_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insert/hash.h"

#ifdef __cplusplus
extern "C" {
#endif

struct peer_pair {
    uint64_t key;
    uint64_t value;
};

/** A peer. The functions end the program when there is no memory. */
struct peer {
    const char *name;
    const char *version;
    const char *hash;   /* what the keys go through, in words */
    const char *reused; /* what emptying it means */
    const char *absent; /* why it is not here; NULL: it is. Of an absent peer only the name is set besides */
    const void *how;    /* the peer's own */
    bool floor;         /* moves the pairs and is no map: no size, no get */

    /** An empty map with room for `hint` pairs, as far as the peer has a way to ask for it; 0: as it comes. */
    void *(*make)(const struct peer *peer, size_t hint);

    /** Puts n pairs; of equal keys the last one wins. */
    void (*put)(void *map, const void *pairs, size_t n);

    /** The sum of key ^ value over those of the n keys that are in the map. */
    uint64_t (*get)(const void *map, const void *keys, size_t n);

    size_t (*size)(const void *map);

    /** Empties it, with room for n pairs afterwards as far as the peer has a way to keep it. */
    void (*clear)(void *map, size_t n);
    void (*free)(void *map);
};

/** The hash of the peers that leave it to the caller: one 64 × 64 → 128-bit product, folded. Boost mixes keys in this way. */
static inline uint64_t peer_hash(uint64_t key) {
    return tsp_hash_once(key, 0);
}

extern const struct peer peer_abseil;
extern const struct peer peer_boost;
extern const struct peer peer_glib;
extern const struct peer peer_khash;
extern const struct peer peer_standard;
extern const struct peer peer_uthash;
extern const struct peer peer_copy;
extern const struct peer peer_scatter;

#define PEERS_MOST 32

/** Our maps: every variant of the batch map that this CPU runs (those that it does not are absent), and the two loops. Returns how many. */
size_t peers_ours(struct peer *peers);

/** All peers in the order of the tables. Returns how many; at most PEERS_MOST. */
size_t peers_all(struct peer *peers);

#ifdef __cplusplus
}
#endif

#endif
