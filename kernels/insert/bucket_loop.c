/* The map of a managed runtime, filled as its programs fill it: one assignment at a time. */
#include "bucket_map.h"
#include "cases.h"

static int setup(struct tsp_bench *bench) {
    return tsp_insert_setup(bench, &tsp_bucket_maps[tsp_insert_pairing(bench)]);
}

TSP_INSERT_KERNEL("bucket-loop", "scalar", 0, setup,
                  "8-slot buckets that grow as they are used, one pair at a time",
                  "C, after Go 1.19's runtime/map.go");
