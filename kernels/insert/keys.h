/* Batches of pairs to put: keys by their distribution, and values that tell which pair of which batch they came with. */
#ifndef KERNELS_INSERT_KEYS_H
#define KERNELS_INSERT_KEYS_H

#include "map.h"

enum tsp_keys { TSP_KEYS_RANDOM, TSP_KEYS_SEQUENTIAL, TSP_KEYS_HALF_DUPLICATE };

/** The distribution called `name` ("random", "sequential", "half-duplicate"). Returns 0, or -1 when there is none. */
int tsp_keys_find(const char *name, enum tsp_keys *keys);

/**
 * Fills `n` pairs; pair i has the value first_value + i. `stream` is the state of the random numbers and moves on, so that each batch
 * gets other keys. Returns how many different keys there are: n, or for half-duplicate n / 2 rounded up, each duplicate being of a key
 * that came before it in the batch, wherever chance will have it.
 */
size_t tsp_keys_fill(struct tsp_pair *pairs, size_t n, enum tsp_keys keys, uint64_t *stream,
                     uint64_t first_value);

#endif
