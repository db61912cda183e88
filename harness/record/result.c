/* The rounds of a case, and the record as a whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/merge.h"

#define TERMINATE(array) ((array)[sizeof(array) - 1] = '\0')

static void tame_flag(bool *flag) {
    unsigned char raw = 0; /* a bool of another value than 0 and 1 must not be read as a bool */
    memcpy(&raw, flag, 1);
    *flag = raw != 0;
}

static void tame_metric(struct tsp_round_metric *metric) {
    tame_flag(&metric->exact);
    tame_flag(&metric->nondeterministic);
    TERMINATE(metric->name);
    TERMINATE(metric->unit);
    TERMINATE(metric->reason);
    if ((unsigned)metric->evidence > TSP_EMULATED || (unsigned)metric->status > TSP_COUNTER_IMPLAUSIBLE) {
        metric->evidence = TSP_MEASURED;
        metric->status = TSP_COUNTER_IMPLAUSIBLE;
        (void)snprintf(metric->reason, sizeof metric->reason, "the case overwrote the round's own record");
    }
}

void tsp_round_tame(struct tsp_round *round) {
    tame_flag(&round->per_op);
    tame_flag(&round->warm);
    tame_flag(&round->frequency_drift);
    TERMINATE(round->reason);
    TERMINATE(round->item_unit);
    TERMINATE(round->shares);
    bool broken = (unsigned)round->status > TSP_TIMED_OUT || round->metric_count > TSP_METRICS_MAX ||
                  round->cpu_count > TSP_ROUND_CPUS_MAX;
    if (broken) {
        round->status = TSP_FAULTED;
        round->metric_count = 0;
        round->cpu_count = 0;
        (void)snprintf(round->reason, sizeof round->reason, "the case overwrote the round's own record");
    }
    for (unsigned i = 0; i < round->metric_count; ++i) {
        tame_metric(&round->metrics[i]);
    }
}

static void scale_estimate(struct tsp_estimate *estimate, double factor) {
    estimate->value *= factor;
    estimate->lo *= factor;
    estimate->hi *= factor;
}

/* `time_per_item`: the round's time of an op, shared among its items. */
static void derive_time_per_item(struct tsp_round *round) {
    const struct tsp_round_metric *time = tsp_round_metric_find(round, "time");
    if (time == NULL || round->items < 2 || round->metric_count >= TSP_METRICS_MAX ||
        tsp_round_metric_find(round, "time_per_item") != NULL) {
        return;
    }
    struct tsp_round_metric *metric = &round->metrics[round->metric_count++];
    struct tsp_description *d = &metric->description;
    double factor = 1.0 / (double)round->items;
    *metric = *time;
    (void)snprintf(metric->name, sizeof metric->name, "time_per_item");
    (void)snprintf(metric->unit, sizeof metric->unit, "ns/%.12s",
                   round->item_unit[0] != '\0' ? round->item_unit : "item");
    double *const linear[] = {
        &metric->gross, &metric->reference, &metric->net, &metric->bias, &d->mean, &d->sd, &d->min, &d->max,
        &d->mad};
    for (size_t i = 0; i < sizeof linear / sizeof linear[0]; ++i) {
        *linear[i] *= factor;
    }
    for (unsigned i = 0; i < TSP_SKETCH_POINTS; ++i) {
        d->sketch[i] *= factor;
    }
    scale_estimate(&d->p50, factor);
    scale_estimate(&d->p95, factor);
    scale_estimate(&d->p99, factor);
    scale_estimate(&d->p999, factor);
}

int tsp_result_add_round(struct tsp_result *result, const struct tsp_round *round, struct tsp_error *error) {
    unsigned place = result->round_count;
    for (; place > 0 && result->rounds[place - 1].index >= round->index; --place) {
        if (result->rounds[place - 1].index == round->index) {
            return tsp_error_set(error, "%s has a round %u already", result->id, round->index);
        }
    }
    struct tsp_round *grown = realloc(result->rounds, (result->round_count + (size_t)1) * sizeof *grown);
    if (grown == NULL) {
        return tsp_error_set(error, "no memory for a round of %s: select fewer cases or rounds", result->id);
    }
    result->rounds = grown;
    memmove(&grown[place + 1], &grown[place], (result->round_count - place) * sizeof *grown);
    memcpy(&grown[place], round, sizeof *round);
    ++result->round_count;
    tsp_round_tame(&grown[place]);
    derive_time_per_item(&grown[place]);
    return 0;
}

void tsp_result_free(struct tsp_result *result) {
    free(result->rounds);
    free(result->metrics);
    memset(result, 0, sizeof *result);
}

void tsp_record_free(struct tsp_record *record) {
    for (size_t i = 0; i < record->result_count; ++i) {
        tsp_result_free(&record->results[i]);
    }
    free(record->results);
    memset(record, 0, sizeof *record);
}

struct tsp_result *tsp_record_find(const struct tsp_record *record, const char *id) {
    for (size_t i = 0; i < record->result_count; ++i) {
        if (strcmp(record->results[i].id, id) == 0) {
            return &record->results[i];
        }
    }
    return NULL;
}
