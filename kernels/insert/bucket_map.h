/*
 * The map that managed runtimes used for a decade; here after the Go runtime's (src/runtime/map.go of Go 1.19): 8-slot buckets with one
 * byte of hash a slot, overflow buckets in chains, growth by doubling at 6.5 pairs a bucket, two old buckets moved with each assignment.
 *
 * What differs: without a collector, an old overflow bucket is given back when its pairs have moved; there is no deletion, hence no
 * growth into the same size; the hash is the one that runtime uses where there are no AES instructions.
 */
#ifndef KERNELS_INSERT_BUCKET_MAP_H
#define KERNELS_INSERT_BUCKET_MAP_H

#include "map.h"

/** One pair is put at a time. create()'s hint is what that runtime's make(map, hint) does; reserve() also stocks overflow
 *  buckets. One kind a pairing. */
extern const struct tsp_map_kind tsp_bucket_maps[TSP_PAIRINGS];

#endif
