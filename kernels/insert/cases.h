/* What the kernels of this family share: one op puts a batch of pairs into a map that is fresh, sized or reused. */
#ifndef KERNELS_INSERT_CASES_H
#define KERNELS_INSERT_CASES_H

#include <transept/kernel.h>

#include "keys.h"
#include "map.h"

/** For setup: prepares a case over this kind of map, and puts a first batch to report allocations and bytes an op. NULL (this ISA has no
 *  such kind; `needs` has ruled it out before) is a failure. */
int tsp_insert_setup(struct tsp_bench *bench, const struct tsp_map_kind *kind);

/** What the case's parameter `pair` says. */
enum tsp_pairing tsp_insert_pairing(const struct tsp_bench *bench);

/** Why a combination of parameters makes no case: of the largest batches there is one of each state with room, and of pairs other than of two
 *  numbers there are two sizes. */
const char *tsp_insert_unfit(const struct tsp_bench *bench);

tsp_body tsp_insert_run;
void tsp_insert_before(struct tsp_bench *bench);
void tsp_insert_rewind(struct tsp_bench *bench);
int tsp_insert_check(struct tsp_bench *bench, uint64_t ops);
void tsp_insert_teardown(struct tsp_bench *bench);

/** Pairs of a batch: what fits the nearest cache, and what fits none. */
#define TSP_INSERT_SIZES "100,1000,10000,100000,1000000,10000000"

/*
 * Most bytes of a case, at the largest n: 160 MB of pairs to put, and of the map (beside what growth still holds of the one before it)
 * 300 MB of buckets, 150 MB of the old ones and 140 MB of overflow; 290 and 145 MB of open table; 440 MB of a batch map.
 */
#define TSP_INSERT_BYTES (UINT64_C(1) << 30)

#define TSP_INSERT_KERNEL(name, id, what, setup_function, text, how)                                         \
    TSP_KERNEL(.family = "insert", .kernel = name, .variant = id, .summary = text,                           \
               .params = {{"n", TSP_INSERT_SIZES},                                                           \
                          {"pair", TSP_PAIRING_NAMES},                                                       \
                          {"keys", TSP_KEYS_NAMES},                                                          \
                          {"state", "fresh,sized,reused"}},                                                  \
               .needs = what, .mode = TSP_MODE_PER_OP, .run = tsp_insert_run, .unfit = tsp_insert_unfit,     \
               .setup = setup_function, .before = tsp_insert_before, .rewind = tsp_insert_rewind,            \
               .check = tsp_insert_check, .teardown = tsp_insert_teardown, .memory_bytes = TSP_INSERT_BYTES, \
               .implementation = how)

#endif
