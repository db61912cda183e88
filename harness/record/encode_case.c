/* A case as JSON: what it is, how it ended, its metrics and its rounds. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/encode.h"
#include "record/merge.h"

/* A whole number in its plain spelling is a number in JSON too; anything else ("l1", "08") stays text. */
static json_t *encode_value(const char *text, size_t length) {
    char copy[64];
    char spelling[64];
    if (length < 20) {
        memcpy(copy, text, length);
        copy[length] = '\0';
        long long number = strtoll(copy, NULL, 10);
        (void)snprintf(spelling, sizeof spelling, "%lld", number);
        if (strcmp(copy, spelling) == 0) {
            return json_integer(number);
        }
    }
    return json_stringn(text, length);
}

/* "n=6/order=seq-cst" as {"n": 6, "order": "seq-cst"}. */
static json_t *encode_params(const struct tsp_result *result) {
    json_t *params = json_object();
    const char *end = result->params + strnlen(result->params, sizeof result->params);
    for (const char *word = result->params; word < end;) {
        const char *slash = memchr(word, '/', (size_t)(end - word));
        const char *stop = slash != NULL ? slash : end;
        const char *equals = memchr(word, '=', (size_t)(stop - word));
        if (equals != NULL) {
            char name[sizeof result->params] = {0};
            memcpy(name, word, (size_t)(equals - word));
            tsp_encode_member(&params, name, encode_value(equals + 1, (size_t)(stop - equals - 1)));
        }
        word = stop + 1;
    }
    return params;
}

json_t *tsp_encode_plan(const struct tsp_result *result) {
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:s,s:o,s:o}", "id", TSP_ENCODE_TEXT(result->id), "family",
                     TSP_ENCODE_TEXT(result->family), "kernel", TSP_ENCODE_TEXT(result->kernel), "variant",
                     TSP_ENCODE_TEXT(result->variant), "params", encode_params(result), "status",
                     tsp_status_name(result->status), "reason", TSP_ENCODE_TEXT(result->reason),
                     "implementation", TSP_ENCODE_TEXT(result->implementation));
}

const char *tsp_unit_better(const char *unit) {
    const char *slash = strchr(unit, '/');
    if (slash == NULL) {
        return "neither";
    }
    return strcmp(slash, "/s") == 0 || strcmp(unit, "least/most") == 0 ? "higher" : "lower";
}

const char *tsp_metric_better(const struct tsp_metric *metric) {
    return tsp_unit_better(metric->unit);
}

static json_t *encode_interval(const struct tsp_metric *metric) {
    if (!isfinite(metric->p50.value)) {
        return json_null();
    }
    if (metric->exact) {
        return json_string("exact");
    }
    if (metric->nondeterministic) {
        return json_string("range");
    }
    return json_string(metric->across_rounds ? "across-rounds" : "within-round");
}

static json_t *encode_metric_rounds(const struct tsp_result *result, const struct tsp_metric *metric) {
    json_t *rounds = json_array();
    for (unsigned i = 0; i < result->round_count; ++i) {
        const struct tsp_round *round = &result->rounds[i];
        const struct tsp_round_metric *one = tsp_round_metric_find(round, metric->name);
        if (round->status == TSP_OK && one != NULL) {
            tsp_encode_append(&rounds, tsp_encode_round_metric(round, one));
        }
    }
    return rounds;
}

static json_t *encode_metric(const struct tsp_metric *metric) {
    static const char no_bounds[] = "an interval takes 3 rounds, or more samples";
    const struct tsp_estimate max = {.value = metric->max, .lo = NAN, .hi = NAN};
    return json_pack(
        "{s:o,s:s,s:s,s:s,s:o,s:o,s:b,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "unit",
        TSP_ENCODE_TEXT(metric->unit), "better", tsp_metric_better(metric), "evidence",
        tsp_evidence_name(metric->evidence), "status", tsp_counter_status_name(metric->status), "reason",
        TSP_ENCODE_TEXT(metric->reason), "share", tsp_encode_number(metric->share), "nondeterministic",
        metric->nondeterministic, "interval", encode_interval(metric), "gross",
        tsp_encode_number(metric->gross), "net", tsp_encode_number(metric->net), "bias",
        tsp_encode_number(metric->bias), "p50", tsp_encode_estimate(&metric->p50, no_bounds), "p95",
        tsp_encode_estimate(&metric->p95, no_bounds), "p99", tsp_encode_estimate(&metric->p99, no_bounds),
        "p999", tsp_encode_estimate(&metric->p999, no_bounds), "max",
        tsp_encode_estimate(&max, "a maximum has no interval"), "min", tsp_encode_number(metric->min), "mean",
        tsp_encode_number(metric->mean), "sd", tsp_encode_number(metric->sd), "mad",
        tsp_encode_number(metric->mad), "n", tsp_encode_count(metric->n), "autocorrelation",
        tsp_encode_number(metric->autocorrelation));
}

static json_t *encode_metrics(const struct tsp_result *result) {
    json_t *metrics = json_object();
    for (unsigned i = 0; i < result->metric_count; ++i) {
        json_t *metric = encode_metric(&result->metrics[i]);
        tsp_encode_member(&metric, "rounds", encode_metric_rounds(result, &result->metrics[i]));
        tsp_encode_member(&metrics, result->metrics[i].name, metric);
    }
    return metrics;
}

/* Facts of all rounds; one that did not end ok also shows what it had found until then, which no metric counts. */
static json_t *encode_facts(const struct tsp_result *result) {
    json_t *all = json_array();
    for (unsigned i = 0; i < result->round_count; ++i) {
        const struct tsp_round *round = &result->rounds[i];
        json_t *facts = tsp_encode_round_facts(round);
        if (round->status != TSP_OK) {
            tsp_encode_member(&facts, "metrics", tsp_encode_round_metrics(round));
        }
        tsp_encode_append(&all, facts);
    }
    return all;
}

/* The round that speaks for the case: the first that ended ok, else the first; NULL without rounds. */
static const struct tsp_round *speaker(const struct tsp_result *result) {
    for (unsigned i = 0; i < result->round_count; ++i) {
        if (result->rounds[i].status == TSP_OK) {
            return &result->rounds[i];
        }
    }
    return result->round_count > 0 ? &result->rounds[0] : NULL;
}

static json_t *encode_placement(const struct tsp_round *round) {
    json_t *cpus = json_array();
    if (round == NULL || round->cpu_count == 0) {
        json_decref(cpus);
        return json_null();
    }
    for (unsigned i = 0; i < round->cpu_count && i < TSP_ROUND_CPUS_MAX; ++i) {
        tsp_encode_append(&cpus, json_integer(round->cpus[i]));
    }
    return json_pack("{s:o,s:o}", "cpus", cpus, "shares", TSP_ENCODE_TEXT(round->shares));
}

/* A round is ok only when the kernel's check has passed; one that never came to it tells nothing. */
static json_t *encode_check(const struct tsp_result *result) {
    if (result->status == TSP_FAILED) {
        return json_string("failed");
    }
    return result->status == TSP_OK && !result->unchecked ? json_string("passed") : json_null();
}

static uint64_t most_samples(const struct tsp_result *result) {
    uint64_t most = 0;
    for (unsigned i = 0; i < result->metric_count; ++i) {
        most = result->metrics[i].n > most ? result->metrics[i].n : most;
    }
    return most;
}

static json_t *encode_warnings(const struct tsp_result *result) {
    json_t *warnings = json_array();
    for (unsigned i = 0; i < result->warning_count; ++i) {
        tsp_encode_append(&warnings, TSP_ENCODE_TEXT(result->warnings[i]));
    }
    return warnings;
}

json_t *tsp_encode_case(const struct tsp_result *result) {
    const struct tsp_round *round = speaker(result);
    bool sampled = round != NULL && round->ops_per_sample > 0;
    json_t *object = tsp_encode_plan(result);
    tsp_encode_member(&object, "mode",
                      sampled ? json_string(round->per_op ? "per-op" : "batched") : json_null());
    tsp_encode_member(&object, "ops_per_sample",
                      sampled ? tsp_encode_count(round->ops_per_sample) : json_null());
    tsp_encode_member(&object, "samples", tsp_encode_count(most_samples(result)));
    tsp_encode_member(&object, "rounds", json_integer(result->round_count));
    tsp_encode_member(&object, "placement", encode_placement(round));
    tsp_encode_member(&object, "check", encode_check(result));
    tsp_encode_member(&object, "warnings", encode_warnings(result));
    tsp_encode_member(&object, "metrics", encode_metrics(result));
    tsp_encode_member(&object, "round_facts", encode_facts(result));
    return object;
}
