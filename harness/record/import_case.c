/* The repetitions of an imported benchmark as the rounds of a case. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/import.h"
#include "transept/stats.h"

static struct tsp_estimate estimate_of(double value, double p) {
    struct tsp_estimate estimate = {.value = value, .lo = NAN, .hi = NAN};
    estimate.needs = isfinite(value) ? 0 : tsp_stats_needed(p);
    return estimate;
}

/* One number is all that is known of a repetition: it stands for the round's median, and has no spread. */
static void fill_metric(struct tsp_round_metric *metric, const struct tsp_import_value *value) {
    struct tsp_description *d = &metric->description;
    *metric = (struct tsp_round_metric){.evidence = value->evidence, .share = 1, .exact = value->exact};
    memcpy(metric->name, value->name, sizeof metric->name);
    memcpy(metric->unit, value->unit, sizeof metric->unit);
    metric->gross = metric->reference = NAN;
    metric->net = value->value;
    *d = (struct tsp_description){.n = 1, .effective = 1, .sd = NAN, .autocorrelation = NAN, .mad = NAN};
    d->mean = d->min = d->max = value->value;
    d->p50 = estimate_of(value->value, 0.5);
    d->p95 = estimate_of(value->tails[0], 0.95);
    d->p99 = estimate_of(value->tails[1], 0.99);
    d->p999 = estimate_of(value->tails[2], 0.999);
    for (unsigned i = 0; i < TSP_SKETCH_POINTS; ++i) {
        d->sketch[i] = NAN;
    }
}

static void fill_round(struct tsp_round *round, unsigned index, const struct tsp_import_row *row) {
    round->index = index;
    round->status = row->status;
    round->ops_per_sample = round->ops = row->iterations;
    round->items = 1;
    round->warm = true;
    round->duration_ms = NAN;
    round->disturbance = (struct tsp_disturbance){.migrations = -1, .steal_ms = -1};
    if (row->status != TSP_OK) {
        (void)snprintf(round->reason, sizeof round->reason, "%.250s",
                       row->reason != NULL ? row->reason : "not told");
    }
    for (unsigned i = 0; i < row->count; ++i) {
        fill_metric(&round->metrics[round->metric_count++], &row->values[i]);
    }
}

int tsp_import_case(const struct tsp_import *import, const struct tsp_import_group *group,
                    struct tsp_result *result, struct tsp_error *error) {
    const struct tsp_import_row *first = &import->rows[import->order[group->first]];
    *result = (struct tsp_result){.status = TSP_SKIPPED, .unchecked = true};
    tsp_import_name(result, first->family, first->name, import->ours);
    result->rounds = calloc(group->count, sizeof *result->rounds);
    if (result->rounds == NULL) {
        return tsp_error_set(error, "no memory for %zu rounds of %s", group->count, result->id);
    }
    for (size_t i = 0; i < group->count; ++i) {
        const struct tsp_import_row *row = &import->rows[import->order[group->first + i]];
        if (row->status == TSP_SKIPPED) {
            (void)snprintf(result->reason, sizeof result->reason, "%.250s",
                           row->reason != NULL ? row->reason : "not told");
        } else {
            fill_round(&result->rounds[result->round_count], result->round_count, row);
            ++result->round_count;
        }
    }
    return tsp_result_summarise(result, error);
}
