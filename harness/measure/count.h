/* The counting pass of a round: events an op, apart from the timed samples so that neither disturbs the other. */
#ifndef TRANSEPT_MEASURE_COUNT_H
#define TRANSEPT_MEASURE_COUNT_H

#include "measure/sampler.h"
#include "transept/measure.h"

/**
 * Counts the subject's events with an opened set and adds one metric a counter to the round; those that do not count are added with
 * their status and reason. Per op: (count(2n) − count(n)) / n, the reference's taken off; with a `before` hook, where ops cannot be
 * batched, count(1) less the reference's count(1), both without what an empty body counts. Each repetition begins with the kernel's `rewind`, where it has one. `repetitions`
 * that all agree make an exact metric; 0: TSP_REPETITIONS, or TSP_REPETITIONS_AGREEING where all counters are exact and agree, or emulated
 * threads take turns and never will. Where the round took no time, its mode and `ops_per_sample` say how ops were counted: 1 by 1, or n.
 */
int tsp_count_events(struct tsp_subject *subject, struct tsp_counters *counters, unsigned repetitions,
                     bool per_op, struct tsp_round *round, struct tsp_error *error);

#endif
