/* One case as the page needs it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "record/encode.h"
#include "report/parts.h"

json_t *tsp_report_figure(double value) {
    if (!isfinite(value) || value == 0) {
        return tsp_encode_number(value);
    }
    double scale = pow(10, 4 - floor(log10(fabs(value))));
    return tsp_encode_number(isfinite(scale) && scale > 0 ? round(value * scale) / scale : value);
}

/* [value, lo, hi], the bounds null where there are none; {needs} where the samples do not support the quantile; null without either. */
static json_t *encode_estimate(const struct tsp_estimate *estimate) {
    if (isfinite(estimate->value)) {
        return json_pack("[o,o,o]", tsp_report_figure(estimate->value), tsp_report_figure(estimate->lo),
                         tsp_report_figure(estimate->hi));
    }
    return estimate->needs > 0 ? json_pack("{s:o}", "needs", tsp_encode_count(estimate->needs)) : json_null();
}

static json_t *encode_metric(const struct tsp_metric *metric) {
    json_t *object = json_pack("{s:o,s:s}", "unit", TSP_ENCODE_TEXT(metric->unit), "evidence",
                               tsp_evidence_name(metric->evidence));
    if (metric->reason[0] != '\0') {
        tsp_encode_member(&object, "reason", TSP_ENCODE_TEXT(metric->reason));
    }
    if (metric->exact) {
        tsp_encode_member(&object, "exact", tsp_encode_number(metric->p50.value));
        return object;
    }
    const char *interval = metric->nondeterministic ? "range"
                           : metric->across_rounds  ? "across-rounds"
                                                    : "within-round";
    tsp_encode_member(&object, "interval", json_string(interval));
    tsp_encode_member(&object, "p50", encode_estimate(&metric->p50));
    tsp_encode_member(&object, "p95", encode_estimate(&metric->p95));
    tsp_encode_member(&object, "p99", encode_estimate(&metric->p99));
    tsp_encode_member(&object, "n", tsp_encode_count(metric->n));
    tsp_encode_member(&object, "rounds", tsp_encode_count(metric->rounds));
    return object;
}

static json_t *encode_metrics(const struct tsp_result *result) {
    json_t *metrics = json_object();
    for (unsigned i = 0; i < result->metric_count; ++i) {
        const struct tsp_metric *metric = &result->metrics[i];
        bool time = strncmp(metric->name, "time", 4) == 0;
        if (isfinite(metric->p50.value) ||
            time) { /* a counter that was denied is told of once, with the machine */
            tsp_encode_member(&metrics, metric->name, encode_metric(metric));
        }
    }
    return metrics;
}

static const struct tsp_round_metric *time_of(const struct tsp_round *round) {
    for (unsigned i = 0; i < round->metric_count && i < TSP_METRICS_MAX; ++i) {
        if (strcmp(round->metrics[i].name, "time") == 0) {
            return &round->metrics[i];
        }
    }
    return NULL;
}

static bool is_whole(const double sketch[TSP_SKETCH_POINTS]) {
    for (unsigned i = 0; i < TSP_SKETCH_POINTS; ++i) {
        if (!isfinite(sketch[i]) || (i > 0 && sketch[i] < sketch[i - 1])) {
            return false;
        }
    }
    return true;
}

/* Of ops that were timed one by one: a mean over a batch hides what its ops took. null: there is none. */
static json_t *encode_distribution(const struct tsp_result *result) {
    double pooled[TSP_SKETCH_POINTS];
    size_t count = 0;
    struct tsp_report_sketch *sketches = calloc(result->round_count + 1U, sizeof *sketches);
    if (sketches == NULL) {
        return NULL;
    }
    for (unsigned i = 0; i < result->round_count; ++i) {
        const struct tsp_round *round = &result->rounds[i];
        const struct tsp_round_metric *metric = time_of(round);
        if (round->status == TSP_OK && round->per_op && metric != NULL && !metric->exact &&
            is_whole(metric->description.sketch)) {
            sketches[count++] = (struct tsp_report_sketch){.points = metric->description.sketch,
                                                           .weight = (double)metric->description.n};
        }
    }
    bool made = tsp_report_pool(pooled, sketches, count);
    free(sketches);
    json_t *quantiles = made ? json_array() : json_null();
    for (unsigned i = 0; made && i < TSP_SKETCH_POINTS; ++i) {
        tsp_encode_append(&quantiles, tsp_report_figure(pooled[i]));
    }
    return quantiles;
}

static json_t *encode_warnings(const struct tsp_result *result) {
    json_t *warnings = json_array();
    for (unsigned i = 0; i < result->warning_count; ++i) {
        tsp_encode_append(&warnings, TSP_ENCODE_TEXT(result->warnings[i]));
    }
    return warnings;
}

/* The CPUs of cases of several threads, as the first round had them: pairs are what a heat map is of. */
static json_t *encode_cpus(const struct tsp_round *round) {
    json_t *cpus = json_array();
    for (unsigned i = 0; i < round->cpu_count && i < TSP_ROUND_CPUS_MAX; ++i) {
        tsp_encode_append(&cpus, json_integer(round->cpus[i]));
    }
    return cpus;
}

json_t *tsp_report_case(const struct tsp_result *result) {
    json_t *object = tsp_encode_plan(result);
    if (result->status == TSP_SKIPPED) {
        return object;
    }
    tsp_encode_member(&object, "warnings", encode_warnings(result));
    tsp_encode_member(&object, "metrics", encode_metrics(result));
    if (result->round_count > 0) {
        const struct tsp_round *round = &result->rounds[0];
        tsp_encode_member(&object, "per_op", json_boolean(round->per_op && round->ops_per_sample > 0));
        tsp_encode_member(&object, "ops_per_sample", tsp_encode_count(round->ops_per_sample));
        if (round->cpu_count > 1) {
            tsp_encode_member(&object, "cpus", encode_cpus(round));
        }
    }
    if (result->status == TSP_OK) {
        tsp_encode_member(&object, "distribution", encode_distribution(result));
    }
    return object;
}
