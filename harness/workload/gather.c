/* Second by second. Nothing is allocated once the threads work. */
#include "workload/gather.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "transept/stats.h"

static size_t planned_seconds(const struct tsp_workload *workload) {
    return (size_t)ceil(workload->duration_ms / 1e3) + 1;
}

static size_t block_seconds(const struct tsp_workload *workload) {
    return (planned_seconds(workload) + TSP_GATHER_BLOCKS_MAX - 1) / TSP_GATHER_BLOCKS_MAX;
}

static size_t block_room(const struct tsp_workload *workload) {
    return planned_seconds(workload) / block_seconds(workload) + 1;
}

uint64_t tsp_gather_bytes(const struct tsp_workload *workload) {
    return (uint64_t)block_room(workload) * sizeof(struct tsp_block) +
           (uint64_t)planned_seconds(workload) * sizeof(struct tsp_second) +
           (TSP_OPERATIONS + 1) * sizeof(struct tsp_histogram) +
           TSP_OPERATIONS *
               (TSP_HISTOGRAM_BUCKETS * sizeof(uint32_t) + workload->threads * sizeof(struct tsp_recorder *));
}

int tsp_gather_make(struct tsp_gather *gather, const struct tsp_workload *workload,
                    const struct tsp_worker *workers, struct tsp_error *error) {
    *gather = (struct tsp_gather){.workload = workload,
                                  .second_room = planned_seconds(workload),
                                  .block_seconds = block_seconds(workload)};
    gather->fresh = calloc(TSP_OPERATIONS, sizeof *gather->fresh);
    gather->all = calloc(1, sizeof *gather->all);
    gather->seconds = calloc(gather->second_room, sizeof *gather->seconds);
    gather->blocks = calloc(block_room(workload), sizeof *gather->blocks);
    bool complete =
        gather->fresh != NULL && gather->all != NULL && gather->seconds != NULL && gather->blocks != NULL;
    for (unsigned i = 0; i < TSP_OPERATIONS && complete; ++i) {
        gather->seen[i] = calloc(TSP_HISTOGRAM_BUCKETS, sizeof *gather->seen[i]);
        gather->recorders[i] = calloc((size_t)workload->threads, sizeof(struct tsp_recorder *));
        complete = gather->seen[i] != NULL && gather->recorders[i] != NULL;
        for (uint64_t k = 0; complete && k < workload->threads; ++k) {
            gather->recorders[i][k] = workers[k].recorders[i];
        }
    }
    return complete ? 0 : tsp_error_set(error, "no memory for histograms; ask for a shorter run");
}

void tsp_gather_free(struct tsp_gather *gather) {
    for (unsigned i = 0; i < TSP_OPERATIONS; ++i) {
        free(gather->seen[i]);
        free(gather->recorders[i]);
    }
    free(gather->fresh);
    free(gather->all);
    free(gather->seconds);
    free(gather->blocks);
    *gather = (struct tsp_gather){.workload = NULL};
}

static void describe(struct tsp_second *second, unsigned operation, const struct tsp_histogram *histogram) {
    second->n[operation] = histogram->n;
    for (unsigned i = 0; i < TSP_WORKLOAD_QUANTILES; ++i) {
        double p = tsp_workload_quantiles[i];
        second->quantiles[operation][i] =
            histogram->n >= tsp_stats_needed(p) ? tsp_histogram_quantile(histogram, p) : NAN;
    }
}

/* What is new since the last call, into `fresh` (which is cleared first) and the block. */
static void collect(struct tsp_gather *gather, struct tsp_block *block) {
    memset(gather->all, 0, sizeof *gather->all);
    for (unsigned i = 0; i < TSP_OPERATIONS; ++i) {
        memset(&gather->fresh[i], 0, sizeof gather->fresh[i]);
        if (gather->workload->weights[i] > 0) {
            (void)tsp_recorders_collect(gather->recorders[i], (size_t)gather->workload->threads,
                                        gather->seen[i], &gather->fresh[i]);
            tsp_histogram_merge(&block->of[i], &gather->fresh[i]);
            tsp_histogram_merge(gather->all, &gather->fresh[i]);
        }
    }
}

const struct tsp_second *tsp_gather_second(struct tsp_gather *gather, double seconds) {
    if (gather->second_count == gather->second_room) {
        tsp_gather_rest(gather);
        gather->seconds[gather->second_count - 1].seconds += seconds;
        gather->blocks[gather->block_count - 1].seconds += seconds;
        return &gather->seconds[gather->second_count - 1];
    }
    gather->block_count += gather->second_count % gather->block_seconds == 0;
    struct tsp_second *second = &gather->seconds[gather->second_count++];
    struct tsp_block *block = &gather->blocks[gather->block_count - 1];
    collect(gather, block);
    second->seconds = seconds;
    block->seconds += seconds;
    for (unsigned i = 0; i < TSP_OPERATIONS; ++i) {
        describe(second, i, &gather->fresh[i]);
    }
    describe(second, TSP_OPERATIONS, gather->all);
    return second;
}

/* The quantiles of that second stay as they were: these are the last operation of each thread at most. */
void tsp_gather_rest(struct tsp_gather *gather) {
    if (gather->second_count == 0) {
        return;
    }
    struct tsp_second *last = &gather->seconds[gather->second_count - 1];
    collect(gather, &gather->blocks[gather->block_count - 1]);
    for (unsigned i = 0; i < TSP_OPERATIONS; ++i) {
        last->n[i] += gather->fresh[i].n;
        last->n[TSP_OPERATIONS] += gather->fresh[i].n;
    }
}
