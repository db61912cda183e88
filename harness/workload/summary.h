/* From what was gathered to what is reported. */
#ifndef TRANSEPT_WORKLOAD_SUMMARY_H
#define TRANSEPT_WORKLOAD_SUMMARY_H

#include "workload/gather.h"

/** Fills latencies and seconds of the result, and takes the seconds over from `gather`. */
int tsp_workload_summarise(struct tsp_gather *gather, const struct tsp_worker *workers,
                           struct tsp_workload_result *result, struct tsp_error *error);

/** Adds the notes: what a reader of the figures should know, in full sentences. */
void tsp_workload_remark(struct tsp_workload_result *result, const struct tsp_workload *workload,
                         const struct tsp_worker *workers);

/** Takes the kept samples of all threads over, sorted, and fills the quantiles by rank of each operation. */
int tsp_workload_take_raw(struct tsp_worker *workers, const struct tsp_workload *workload,
                          struct tsp_workload_result *result, struct tsp_error *error);

#endif
