/* A round as JSON: what the record keeps of it and what a line of the journal holds. */
#include <math.h>
#include <string.h>

#include "record/encode.h"
#include "record/merge.h"

static const char no_bounds[] = "too few samples for an interval";

static json_t *encode_cpus(const struct tsp_round *round) {
    json_t *cpus = json_array();
    for (unsigned i = 0; i < round->cpu_count && i < TSP_ROUND_CPUS_MAX; ++i) {
        tsp_encode_append(&cpus, json_integer(round->cpus[i]));
    }
    return cpus;
}

static json_t *encode_disturbance(const struct tsp_disturbance *d) {
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "voluntary_switches",
                     tsp_encode_count(d->voluntary_switches), "involuntary_switches",
                     tsp_encode_count(d->involuntary_switches), "minor_faults",
                     tsp_encode_count(d->minor_faults), "major_faults", tsp_encode_count(d->major_faults),
                     "migrations", d->migrations < 0 ? json_null() : json_integer(d->migrations), "steal_ms",
                     d->steal_ms < 0 ? json_null() : tsp_encode_number(d->steal_ms), "gaps",
                     tsp_encode_count(d->gaps), "ghz_before",
                     d->ghz_before > 0 ? tsp_encode_number(d->ghz_before) : json_null(), "ghz_after",
                     d->ghz_after > 0 ? tsp_encode_number(d->ghz_after) : json_null());
}

/* null where no samples were taken: the round ended before, or the case consists of facts. */
static json_t *encode_mode(const struct tsp_round *round) {
    if (round->ops_per_sample == 0) {
        return json_null();
    }
    return json_string(round->per_op ? "per-op" : "batched");
}

json_t *tsp_encode_round_facts(const struct tsp_round *round) {
    return json_pack("{s:I,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:b,s:o,s:o,s:o,s:b,s:o}", "round",
                     (json_int_t)round->index, "status", tsp_status_name(round->status), "reason",
                     TSP_ENCODE_TEXT(round->reason), "mode", encode_mode(round), "ops_per_sample",
                     tsp_encode_count(round->ops_per_sample), "items", tsp_encode_count(round->items),
                     "item_unit", TSP_ENCODE_TEXT(round->item_unit), "ops", tsp_encode_count(round->ops),
                     "warm", round->warm, "duration_ms", tsp_encode_number(round->duration_ms), "cpus",
                     encode_cpus(round), "shares", TSP_ENCODE_TEXT(round->shares), "frequency_drift",
                     round->frequency_drift, "disturbance", encode_disturbance(&round->disturbance));
}

/* null where there is no distribution to sketch. */
static json_t *encode_sketch(const struct tsp_description *d) {
    json_t *sketch = json_array();
    for (unsigned i = 0; i < TSP_SKETCH_POINTS; ++i) {
        if (!isfinite(d->sketch[i])) {
            json_decref(sketch);
            return json_null();
        }
        tsp_encode_append(&sketch, tsp_encode_number(d->sketch[i]));
    }
    return sketch;
}

static bool encode_description(json_t **object, const struct tsp_description *d, bool exact) {
    const struct tsp_estimate none = {.value = NAN, .lo = NAN, .hi = NAN};
    return tsp_encode_member(object, "p50", tsp_encode_estimate(&d->p50, no_bounds)) &&
           tsp_encode_member(object, "p95", tsp_encode_estimate(exact ? &none : &d->p95, no_bounds)) &&
           tsp_encode_member(object, "p99", tsp_encode_estimate(exact ? &none : &d->p99, no_bounds)) &&
           tsp_encode_member(object, "p999", tsp_encode_estimate(exact ? &none : &d->p999, no_bounds)) &&
           tsp_encode_member(object, "n", tsp_encode_count(d->n)) &&
           tsp_encode_member(object, "effective", tsp_encode_number(d->effective)) &&
           tsp_encode_member(object, "min", tsp_encode_number(d->min)) &&
           tsp_encode_member(object, "max", tsp_encode_number(d->max)) &&
           tsp_encode_member(object, "mean", tsp_encode_number(d->mean)) &&
           tsp_encode_member(object, "sd", tsp_encode_number(d->sd)) &&
           tsp_encode_member(object, "mad", tsp_encode_number(d->mad)) &&
           tsp_encode_member(object, "autocorrelation", tsp_encode_number(d->autocorrelation)) &&
           tsp_encode_member(object, "outliers", tsp_encode_count(d->outliers)) &&
           tsp_encode_member(object, "sketch", exact ? json_null() : encode_sketch(d));
}

json_t *tsp_encode_round_metric(const struct tsp_round *round, const struct tsp_round_metric *metric) {
    const struct tsp_disturbance *disturbance = &round->disturbance;
    bool usable = tsp_round_metric_usable(metric);
    json_t *object = json_pack(
        "{s:I,s:o,s:s,s:s,s:o,s:o,s:b,s:b,s:o,s:o,s:o,s:o,s:o,s:o}", "round", (json_int_t)round->index,
        "unit", TSP_ENCODE_TEXT(metric->unit), "evidence", tsp_evidence_name(metric->evidence), "status",
        tsp_counter_status_name(metric->status), "reason", TSP_ENCODE_TEXT(metric->reason), "share",
        tsp_encode_number(metric->share), "exact", metric->exact, "nondeterministic",
        metric->nondeterministic, "gross", tsp_encode_number(usable ? metric->gross : NAN), "reference",
        tsp_encode_number(usable ? metric->reference : NAN), "net",
        tsp_encode_number(usable ? metric->net : NAN), "bias", tsp_encode_number(usable ? metric->bias : NAN),
        "context_switches",
        tsp_encode_count(disturbance->voluntary_switches + disturbance->involuntary_switches), "faults",
        tsp_encode_count(disturbance->minor_faults + disturbance->major_faults));
    if (!usable) { /* a counter that could not count leaves zeros behind, which are no measurements */
        tsp_encode_member(&object, "n", json_integer(0));
        return object;
    }
    encode_description(&object, &metric->description, metric->exact);
    return object;
}

json_t *tsp_encode_round_metrics(const struct tsp_round *round) {
    json_t *metrics = json_object();
    for (unsigned i = 0; i < round->metric_count && i < TSP_METRICS_MAX; ++i) {
        const struct tsp_round_metric *metric = &round->metrics[i];
        char name[TSP_NAME_MAX + 1] = {0};
        memcpy(name, metric->name, TSP_NAME_MAX);
        tsp_encode_member(&metrics, name, tsp_encode_round_metric(round, metric));
    }
    return metrics;
}
