/* Status and metrics of a case from its rounds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/merge.h"

/* How a case ends: the gravest end of a round, in this order, decides. */
static enum tsp_status gravest(const struct tsp_result *result) {
    static const enum tsp_status order[] = {TSP_FAULTED, TSP_TIMED_OUT, TSP_FAILED, TSP_OK};
    for (size_t k = 0; k < sizeof order / sizeof order[0]; ++k) {
        for (unsigned i = 0; i < result->round_count; ++i) {
            if (result->rounds[i].status == order[k]) {
                return order[k];
            }
        }
    }
    return TSP_SKIPPED;
}

static void decide_status(struct tsp_result *result) {
    if (result->round_count == 0) {
        if (result->status == TSP_OK) { /* planned to run, and nothing came of it: never a silent ok */
            result->status = TSP_SKIPPED;
            (void)snprintf(result->reason, sizeof result->reason, "no round was run: the run ended before");
        }
        return;
    }
    result->status = gravest(result);
    memset(result->reason, 0, sizeof result->reason);
    for (unsigned i = 0; i < result->round_count && result->status != TSP_OK; ++i) {
        const struct tsp_round *round = &result->rounds[i];
        if (round->status == result->status) {
            memcpy(result->reason, round->reason, sizeof result->reason);
            break;
        }
    }
    if (result->status != TSP_OK && result->reason[0] == '\0') {
        (void)snprintf(result->reason, sizeof result->reason, "%s: the round tells no reason",
                       tsp_status_name(result->status));
    }
}

static bool is_first(const struct tsp_result *result, unsigned upto, const char *name) {
    for (unsigned i = 0; i < upto; ++i) {
        if (result->rounds[i].status == TSP_OK && tsp_round_metric_find(&result->rounds[i], name) != NULL) {
            return false;
        }
    }
    return true;
}

/* Merges the metric `first`, which round `from` is the first to have. */
static void merge_one(struct tsp_result *result, unsigned from, const struct tsp_round_metric *first,
                      const struct tsp_round_metric **list, double *scratch) {
    struct tsp_metric *metric = &result->metrics[result->metric_count++];
    unsigned count = 0;
    metric->evidence = first->evidence;
    memcpy(metric->unit, first->unit, sizeof metric->unit);
    for (unsigned i = from; i < result->round_count; ++i) {
        const struct tsp_round *round = &result->rounds[i];
        const struct tsp_round_metric *found =
            round->status == TSP_OK ? tsp_round_metric_find(round, first->name) : NULL;
        if (found != NULL && tsp_metric_matches(metric, found)) {
            list[count++] = found;
        }
    }
    tsp_metric_merge(metric, list, count, scratch);
}

/* Metrics in the order in which the rounds first have them. */
static void merge_all(struct tsp_result *result, const struct tsp_round_metric **list, double *scratch) {
    for (unsigned i = 0; i < result->round_count; ++i) {
        const struct tsp_round *round = &result->rounds[i];
        for (unsigned k = 0; round->status == TSP_OK && k < round->metric_count; ++k) {
            const struct tsp_round_metric *metric = &round->metrics[k];
            if (tsp_round_metric_find(round, metric->name) == metric && is_first(result, i, metric->name)) {
                merge_one(result, i, metric, list, scratch);
            }
        }
    }
}

static size_t count_most(const struct tsp_result *result) {
    size_t most = 0;
    for (unsigned i = 0; i < result->round_count; ++i) {
        most += result->rounds[i].metric_count;
    }
    return most;
}

int tsp_result_summarise(struct tsp_result *result, struct tsp_error *error) {
    free(result->metrics);
    result->metrics = NULL;
    result->metric_count = 0;
    decide_status(result);
    size_t most = count_most(result);
    if (most > 0) {
        const struct tsp_round_metric **list = calloc(result->round_count, sizeof(void *));
        double *scratch = calloc(result->round_count, sizeof *scratch);
        result->metrics = calloc(most, sizeof *result->metrics);
        if (list != NULL && scratch != NULL && result->metrics != NULL) {
            merge_all(result, list, scratch);
        }
        bool missing = list == NULL || scratch == NULL || result->metrics == NULL;
        free(list);
        free(scratch);
        if (missing) {
            return tsp_error_set(error, "no memory to summarise %s: select fewer cases", result->id);
        }
    }
    tsp_result_warn(result);
    return 0;
}
