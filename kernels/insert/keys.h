/* Batches of pairs to put: keys by their distribution, and values that tell which pair of which batch they came with. */
#ifndef KERNELS_INSERT_KEYS_H
#define KERNELS_INSERT_KEYS_H

#include "map.h"

enum tsp_keys { TSP_KEYS_RANDOM, TSP_KEYS_SEQUENTIAL, TSP_KEYS_HALF_DUPLICATE, TSP_KEYS_ZIPF };
#define TSP_KEYS_NAMES "random,sequential,half-duplicate,zipf"

/** Of n keys of zipf the k-th likeliest comes with the share k^-0.99 ÷ Σ: the exponent that YCSB made customary. */
#define TSP_KEYS_EXPONENT 0.99

/** The distribution called `name`, one of TSP_KEYS_NAMES. Returns 0, or -1 when there is none. */
int tsp_keys_find(const char *name, enum tsp_keys *keys);

/**
 * Fills `n` pairs; pair i has the value first_value + i. `stream` is the state of the random numbers and moves on, so that each batch
 * gets other keys. Returns how many different keys there are: n; for half-duplicate n / 2 rounded up, each duplicate being of a key
 * that came before it in the batch, wherever chance will have it; for zipf, which draws from n keys, as many as were drawn.
 */
size_t tsp_keys_fill(struct tsp_pair *pairs, size_t n, enum tsp_keys keys, uint64_t *stream,
                     uint64_t first_value);

/** Most bytes of the text of a key. */
#define TSP_KEYS_TEXT 32

/**
 * Turns n pairs that lie at the beginning of `pairs` into pairs `as` these, where they are; there must be room. Different keys stay different, and
 * a value can be had back from the first 8 bytes of what it became. Strings have 11 to 26 bytes, which are written to `texts`, TSP_KEYS_TEXT
 * bytes a pair: equal keys have each their own. (Of other pairs there are no texts.)
 */
void tsp_keys_turn(void *pairs, size_t n, enum tsp_pairing as, char *texts);

#endif
