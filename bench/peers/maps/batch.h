/* Batches of pairs, and what a right map makes of them. go/main.go draws the same ones. */
#ifndef PEERS_BATCH_H
#define PEERS_BATCH_H

#include "peer.h"

enum keys { KEYS_RANDOM, KEYS_HALF, KEYS_SAME };

/** Pairs to put, and their keys in another order to look up. */
struct batch {
    size_t n;
    struct peer_pair *pairs;
    uint64_t *lookups;
    size_t different; /* keys */
    uint64_t sum;     /* of key ^ last value over all lookups */
    uint32_t *scratch;
};

/** "random": no key twice. "half": half of the pairs bring a key that came before. "same": all the same key. -1: there is none such. */
int keys_find(const char *name, enum keys *keys);

/** Room for n pairs, below 2^31. */
void batch_make(struct batch *batch, size_t n);

/** Fills it from the random numbers whose state `stream` is. */
void batch_fill(struct batch *batch, enum keys keys, uint64_t *stream);

void batch_free(struct batch *batch);

#endif
