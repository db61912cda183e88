/* Did the map keep what was put? */
#ifndef TRANSEPT_WORKLOAD_CHECK_H
#define TRANSEPT_WORKLOAD_CHECK_H

#include "transept/workload.h"
#include "workload/worker.h"

/**
 * After the last operation: holds the map's pairs to the books of all threads, looks every key up, and looks at what the reads found. What is wrong is in
 * `check`, in one line.
 */
void tsp_pairs_check(struct tsp_crowd *crowd, const struct tsp_worker *workers,
                     struct tsp_pairs_check *check);

#endif
