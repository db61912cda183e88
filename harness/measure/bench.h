/* The harness's side of a kernel's world, and of a round's metrics. */
#ifndef TRANSEPT_MEASURE_BENCH_H
#define TRANSEPT_MEASURE_BENCH_H

#include "transept/kernel.h"
#include "transept/machine.h"
#include "transept/registry.h"
#include "transept/round.h"

/** Prepares `bench` for a case; `seed` starts its random numbers, `round` (may be NULL) takes its verdicts and facts. */
void tsp_bench_open(struct tsp_bench *bench, const struct tsp_case *tcase, const struct tsp_env *env,
                    uint64_t seed, struct tsp_round *round);

/** Ends the crew and frees what tsp_alloc() gave. */
void tsp_bench_close(struct tsp_bench *bench);

/** The hot function of this case; NULL where the ISA has none. */
tsp_body *tsp_bench_body(const struct tsp_bench *bench);

/** Bytes of the working set called `level` ("l1", "l2", "llc", "dram"); 0 where this machine has none, or the name is unknown. */
size_t tsp_env_ws_bytes(const struct tsp_env *env, const char *level);

/** The next number of a SplitMix64 stream. */
uint64_t tsp_random_next(uint64_t *state);

/** Where the stream of random numbers of a round begins: the same for the same seed, case and index, whatever ran before. */
uint64_t tsp_round_seed(uint64_t seed, const char *id, unsigned index);

/** A new metric of the round, zeroed but for what is given; NULL (and the round failed) when there is no room left. */
struct tsp_round_metric *tsp_round_add_metric(struct tsp_round *round, const char *name, const char *unit,
                                              enum tsp_evidence evidence);

/** Gives a metric the one value it has, without spread. */
void tsp_round_metric_exact(struct tsp_round_metric *metric, double value);

#endif
