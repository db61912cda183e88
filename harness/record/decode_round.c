/* A round out of JSON, be it from a record or from a line of the journal. */
#include <math.h>
#include <string.h>

#include "record/decode.h"

#define TEXT(object, key, array) tsp_decode_text(decoder, object, key, array, sizeof(array))

static void decode_disturbance(struct tsp_decoder *decoder, const json_t *object, struct tsp_disturbance *d) {
    const json_t *json = tsp_decode_object(decoder, object, "disturbance");
    size_t mark = tsp_decode_enter(decoder, "disturbance", 0);
    d->voluntary_switches = tsp_decode_count(decoder, json, "voluntary_switches", INT64_MAX);
    d->involuntary_switches = tsp_decode_count(decoder, json, "involuntary_switches", INT64_MAX);
    d->minor_faults = tsp_decode_count(decoder, json, "minor_faults", INT64_MAX);
    d->major_faults = tsp_decode_count(decoder, json, "major_faults", INT64_MAX);
    d->migrations = -1;
    if (!json_is_null(json_object_get(json, "migrations"))) {
        d->migrations = (int64_t)tsp_decode_count(decoder, json, "migrations", INT64_MAX);
    }
    d->steal_ms = tsp_decode_number(decoder, json, "steal_ms", -1);
    d->gaps = tsp_decode_count(decoder, json, "gaps", INT64_MAX);
    d->ghz_before = tsp_decode_number(decoder, json, "ghz_before", 0);
    d->ghz_after = tsp_decode_number(decoder, json, "ghz_after", 0);
    tsp_decode_leave(decoder, mark);
}

static void decode_cpus(struct tsp_decoder *decoder, const json_t *object, struct tsp_round *round) {
    const json_t *cpus = tsp_decode_array(decoder, object, "cpus");
    size_t i = 0;
    const json_t *cpu = NULL;
    if (json_array_size(cpus) > TSP_ROUND_CPUS_MAX) {
        tsp_decode_complain(decoder, "cpus", "more than %d CPUs", TSP_ROUND_CPUS_MAX);
        return;
    }
    json_array_foreach(cpus, i, cpu) {
        json_int_t number = json_integer_value(cpu);
        if (!json_is_integer(cpu) || number < 0 || number > INT32_MAX) {
            tsp_decode_complain(decoder, "cpus", "expected numbers of CPUs");
            return;
        }
        round->cpus[round->cpu_count++] = (unsigned)number;
    }
}

static int parse_mode(const char *word) {
    return strcmp(word, "batched") == 0 ? 0 : strcmp(word, "per-op") == 0 ? 1 : -1;
}

static void decode_kept_metrics(struct tsp_decoder *decoder, const json_t *object, struct tsp_round *round) {
    json_t *metrics = tsp_decode_object(decoder, object, "metrics");
    const char *name = NULL;
    json_t *metric = NULL;
    if (json_object_size(metrics) > TSP_METRICS_MAX) {
        tsp_decode_complain(decoder, "metrics", "more than %d", TSP_METRICS_MAX);
        return;
    }
    json_object_foreach(metrics, name, metric) {
        tsp_decode_round_metric(decoder, metric, name, &round->metrics[round->metric_count++]);
    }
}

void tsp_decode_round(struct tsp_decoder *decoder, const json_t *object, struct tsp_round *round) {
    memset(round, 0, sizeof *round);
    round->index = tsp_decode_small(decoder, object, "round");
    round->status = (enum tsp_status)tsp_decode_word(decoder, object, "status", tsp_status_parse);
    TEXT(object, "reason", round->reason);
    if (!json_is_null(json_object_get(object, "mode"))) {
        round->per_op = tsp_decode_word(decoder, object, "mode", parse_mode) == 1;
    }
    round->ops_per_sample = tsp_decode_count(decoder, object, "ops_per_sample", INT64_MAX);
    round->items = tsp_decode_count(decoder, object, "items", INT64_MAX);
    TEXT(object, "item_unit", round->item_unit);
    round->ops = tsp_decode_count(decoder, object, "ops", INT64_MAX);
    round->warm = tsp_decode_flag(decoder, object, "warm");
    round->duration_ms = tsp_decode_number(decoder, object, "duration_ms", NAN);
    decode_cpus(decoder, object, round);
    TEXT(object, "shares", round->shares);
    round->frequency_drift = tsp_decode_flag(decoder, object, "frequency_drift");
    decode_disturbance(decoder, object, &round->disturbance);
    if (json_object_get(object, "metrics") != NULL) {
        decode_kept_metrics(decoder, object, round);
    }
}

static void decode_sketch(struct tsp_decoder *decoder, const json_t *object, double *sketch) {
    const json_t *json = json_object_get(object, "sketch");
    if (json_is_null(json)) {
        return;
    }
    if (json_array_size(json) != TSP_SKETCH_POINTS) { /* 0 for what is no array */
        tsp_decode_complain(decoder, "sketch", "expected %d numbers or null", TSP_SKETCH_POINTS);
        return;
    }
    for (size_t i = 0; i < TSP_SKETCH_POINTS; ++i) {
        const json_t *point = json_array_get(json, i);
        if (!json_is_number(point)) {
            tsp_decode_complain(decoder, "sketch", "expected %d numbers or null", TSP_SKETCH_POINTS);
            return;
        }
        sketch[i] = json_number_value(point);
    }
}

static void decode_description(struct tsp_decoder *decoder, const json_t *object, struct tsp_description *d) {
    const struct tsp_estimate none = {.value = NAN, .lo = NAN, .hi = NAN, .needs = 0};
    d->n = tsp_decode_count(decoder, object, "n", INT64_MAX);
    d->p50 = d->p95 = d->p99 = d->p999 = none;
    d->effective = d->mean = d->sd = d->min = d->max = d->mad = d->autocorrelation = NAN;
    for (size_t i = 0; i < TSP_SKETCH_POINTS; ++i) {
        d->sketch[i] = NAN;
    }
    if (d->n == 0) { /* the counter could not count: nothing else is written */
        return;
    }
    d->effective = tsp_decode_number(decoder, object, "effective", NAN);
    d->mean = tsp_decode_number(decoder, object, "mean", NAN);
    d->sd = tsp_decode_number(decoder, object, "sd", NAN);
    d->min = tsp_decode_number(decoder, object, "min", NAN);
    d->max = tsp_decode_number(decoder, object, "max", NAN);
    d->mad = tsp_decode_number(decoder, object, "mad", NAN);
    d->autocorrelation = tsp_decode_number(decoder, object, "autocorrelation", NAN);
    d->outliers = tsp_decode_count(decoder, object, "outliers", INT64_MAX);
    d->p50 = tsp_decode_estimate(decoder, object, "p50");
    d->p95 = tsp_decode_estimate(decoder, object, "p95");
    d->p99 = tsp_decode_estimate(decoder, object, "p99");
    d->p999 = tsp_decode_estimate(decoder, object, "p999");
    decode_sketch(decoder, object, d->sketch);
}

void tsp_decode_round_metric(struct tsp_decoder *decoder, const json_t *object, const char *name,
                             struct tsp_round_metric *metric) {
    size_t mark = tsp_decode_enter(decoder, name, 0);
    memset(metric, 0, sizeof *metric);
    if (strlen(name) >= sizeof metric->name) {
        tsp_decode_complain(decoder, NULL, "a metric's name has at most %zu bytes", sizeof metric->name - 1);
    } else {
        memcpy(metric->name, name, strlen(name));
    }
    TEXT(object, "unit", metric->unit);
    metric->evidence = (enum tsp_evidence)tsp_decode_word(decoder, object, "evidence", tsp_evidence_parse);
    metric->status =
        (enum tsp_counter_status)tsp_decode_word(decoder, object, "status", tsp_counter_status_parse);
    TEXT(object, "reason", metric->reason);
    metric->share = tsp_decode_number(decoder, object, "share", NAN);
    metric->exact = tsp_decode_flag(decoder, object, "exact");
    metric->nondeterministic = tsp_decode_flag(decoder, object, "nondeterministic");
    metric->gross = tsp_decode_number(decoder, object, "gross", NAN);
    metric->reference = tsp_decode_number(decoder, object, "reference", NAN);
    metric->net = tsp_decode_number(decoder, object, "net", NAN);
    metric->bias = tsp_decode_number(decoder, object, "bias", NAN);
    decode_description(decoder, object, &metric->description);
    tsp_decode_leave(decoder, mark);
}
