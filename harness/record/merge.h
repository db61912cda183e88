/* How the rounds of a case become its metrics. Pure but for the memory that it returns. */
#ifndef TRANSEPT_RECORD_MERGE_H
#define TRANSEPT_RECORD_MERGE_H

#include <stdbool.h>

#include "transept/record.h"

/** Does the round have a value of the metric? A counter that could not count has none, whatever its fields hold. */
bool tsp_round_metric_usable(const struct tsp_round_metric *metric);

/** The metric of that name in a round, or NULL. */
const struct tsp_round_metric *tsp_round_metric_find(const struct tsp_round *round, const char *name);

/** Do both count the same thing in the same way? Numbers of different evidence or unit are never merged. */
bool tsp_metric_matches(const struct tsp_metric *metric, const struct tsp_round_metric *other);

/**
 * Merges the `count` ≥ 1 matching metrics of as many rounds that ended ok into `metric`. `list` is reordered; `scratch` has room for
 * `count` values.
 */
void tsp_metric_merge(struct tsp_metric *metric, const struct tsp_round_metric **list, unsigned count,
                      double *scratch);

/**
 * Makes a round safe to read: it comes from memory that its case could write to, so nothing in it is believed to end or to lie within
 * bounds. A round that was overwritten is `faulted`.
 */
void tsp_round_tame(struct tsp_round *round);

/** Fills the result's warnings from its rounds and metrics, the weightiest first. */
void tsp_result_warn(struct tsp_result *result);

#endif
