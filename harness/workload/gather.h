/* What the calling thread gathers while the others work: second by second, and in blocks for the intervals. */
#ifndef TRANSEPT_WORKLOAD_GATHER_H
#define TRANSEPT_WORKLOAD_GATHER_H

#include "stats/histogram.h"
#include "transept/workload.h"
#include "workload/worker.h"

/** So many blocks at most are kept for the intervals of quantiles; a long run's are several seconds each. */
#define TSP_GATHER_BLOCKS_MAX 60

struct tsp_block {
    double seconds;
    struct tsp_histogram of[TSP_OPERATIONS]; /* ns */
};

struct tsp_gather {
    const struct tsp_workload *workload;
    struct tsp_recorder **recorders[TSP_OPERATIONS]; /* of all threads */
    uint32_t *seen[TSP_OPERATIONS];
    struct tsp_histogram *fresh; /* of each operation: this second's */
    struct tsp_histogram *all;   /* of this second, all operations */
    struct tsp_second *seconds;
    size_t second_count;
    size_t second_room;
    size_t block_seconds;
    struct tsp_block *blocks;
    size_t block_count;
};

/** Gets all memory that the gathering takes. Free with tsp_gather_free() whatever is returned. */
int tsp_gather_make(struct tsp_gather *gather, const struct tsp_workload *workload,
                    const struct tsp_worker *workers, struct tsp_error *error);
void tsp_gather_free(struct tsp_gather *gather);

/** Takes what was noted since the last call as one second of that true length. Beyond the planned seconds (a thread that came late with its last
 *  operation) it is added to the last one. */
const struct tsp_second *tsp_gather_second(struct tsp_gather *gather, double seconds);

/** Adds what came after the last second was taken, when all threads are done. */
void tsp_gather_rest(struct tsp_gather *gather);

/** Bytes that tsp_gather_make() gets. */
uint64_t tsp_gather_bytes(const struct tsp_workload *workload);

#endif
