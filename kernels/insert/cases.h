/* What the kernels of this family share: one op puts a batch of pairs into a map that is fresh, sized or reused. */
#ifndef KERNELS_INSERT_CASES_H
#define KERNELS_INSERT_CASES_H

#include <transept/kernel.h>

#include "map.h"

/** For setup: prepares a case over this kind of map, and puts a first batch to report allocations and bytes an op. NULL (this ISA has no
 *  such kind; `needs` has ruled it out before) is a failure. */
int tsp_insert_setup(struct tsp_bench *bench, const struct tsp_map_kind *kind);

tsp_body tsp_insert_run;
void tsp_insert_before(struct tsp_bench *bench);
void tsp_insert_rewind(struct tsp_bench *bench);
int tsp_insert_check(struct tsp_bench *bench, uint64_t ops);
void tsp_insert_teardown(struct tsp_bench *bench);

/*
 * Most bytes of a case, at the largest n of a million pairs: 16 MB of pairs to put, and of the map (beside what growth still holds of the
 * one before it) 38 MB of buckets, 20 MB of the old ones and 18 MB of overflow; 36 and 18 MB of open table; 45 MB of a batch map.
 */
#define TSP_INSERT_BYTES (UINT64_C(128) << 20)

#define TSP_INSERT_KERNEL(name, id, what, setup_function, text, how)                                         \
    TSP_KERNEL(.family = "insert", .kernel = name, .variant = id, .summary = text,                           \
               .params = {{"n", "100,1000,10000,100000,1000000"},                                            \
                          {"keys", "random,sequential,half-duplicate"},                                      \
                          {"state", "fresh,sized,reused"}},                                                  \
               .needs = what, .mode = TSP_MODE_PER_OP, .run = tsp_insert_run, .setup = setup_function,       \
               .before = tsp_insert_before, .rewind = tsp_insert_rewind, .check = tsp_insert_check,          \
               .teardown = tsp_insert_teardown, .memory_bytes = TSP_INSERT_BYTES, .implementation = how)

#endif
