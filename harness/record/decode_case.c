/* A case out of JSON: its metrics as they were summarised, and its rounds put together again. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/decode.h"
#include "record/merge.h"

#define TEXT(object, key, array) tsp_decode_text(decoder, object, key, array, sizeof(array))
#define NAME(object, key, array) tsp_decode_name(decoder, object, key, array, sizeof(array))

static void decode_params(struct tsp_decoder *decoder, const json_t *object, struct tsp_result *result) {
    json_t *params = tsp_decode_object(decoder, object, "params");
    const char *name = NULL;
    json_t *value = NULL;
    size_t used = 0;
    size_t size = sizeof result->params;
    result->params[0] = '\0';
    json_object_foreach(params, name, value) {
        const char *slash = used > 0 ? "/" : "";
        int more = -1;
        if (json_is_integer(value)) {
            more = snprintf(result->params + used, size - used, "%s%s=%" JSON_INTEGER_FORMAT, slash, name,
                            json_integer_value(value));
        } else if (json_is_string(value)) {
            more = snprintf(result->params + used, size - used, "%s%s=%s", slash, name,
                            json_string_value(value));
        }
        if (more < 0 || (size_t)more >= size - used) {
            tsp_decode_complain(decoder, "params", "expected texts and whole numbers, %zu bytes at most",
                                size - 1);
            return;
        }
        used += (size_t)more;
    }
}

void tsp_decode_plan(struct tsp_decoder *decoder, const json_t *object, struct tsp_result *result) {
    NAME(object, "id", result->id);
    NAME(object, "family", result->family);
    NAME(object, "kernel", result->kernel);
    NAME(object, "variant", result->variant);
    decode_params(decoder, object, result);
    result->status = (enum tsp_status)tsp_decode_word(decoder, object, "status", tsp_status_parse);
    TEXT(object, "reason", result->reason);
    TEXT(object, "implementation", result->implementation);
}

static void decode_facts(struct tsp_decoder *decoder, const json_t *object, struct tsp_result *result) {
    const json_t *facts = tsp_decode_array(decoder, object, "round_facts");
    size_t mark = tsp_decode_enter(decoder, "round_facts", 0);
    size_t i = 0;
    const json_t *json = NULL;
    if (json_array_size(facts) > 0) {
        result->rounds = calloc(json_array_size(facts), sizeof *result->rounds);
        if (result->rounds == NULL) {
            tsp_decode_complain(decoder, NULL, "no memory for %zu rounds", json_array_size(facts));
        }
    }
    json_array_foreach(facts, i, json) {
        if (decoder->failed || result->rounds == NULL) {
            break;
        }
        struct tsp_round *round = &result->rounds[i];
        size_t inner = tsp_decode_enter(decoder, NULL, i);
        tsp_decode_round(decoder, json, round);
        if (i > 0 && round->index <= result->rounds[i - 1].index) {
            tsp_decode_complain(decoder, "round", "rounds are not in order");
        }
        ++result->round_count;
        tsp_decode_leave(decoder, inner);
    }
    tsp_decode_leave(decoder, mark);
}

static struct tsp_round *find_round(const struct tsp_result *result, uint64_t index) {
    for (unsigned i = 0; i < result->round_count; ++i) {
        if (result->rounds[i].index == index && result->rounds[i].status == TSP_OK) {
            return &result->rounds[i];
        }
    }
    return NULL;
}

/* Gives each round its part of a metric. Returns how many parts have a value. */
static unsigned decode_parts(struct tsp_decoder *decoder, const json_t *object,
                             const struct tsp_metric *metric, struct tsp_result *result) {
    const json_t *parts = tsp_decode_array(decoder, object, "rounds");
    unsigned usable = 0;
    size_t i = 0;
    const json_t *json = NULL;
    json_array_foreach(parts, i, json) {
        size_t mark = tsp_decode_enter(decoder, "rounds", 0);
        struct tsp_round *round = find_round(result, tsp_decode_small(decoder, json, "round"));
        if (round == NULL || tsp_round_metric_find(round, metric->name) != NULL) {
            tsp_decode_complain(decoder, "round", "is no round that ended ok, or comes twice");
        } else if (round->metric_count == TSP_METRICS_MAX) {
            tsp_decode_complain(decoder, NULL, "a round has more than %d metrics", TSP_METRICS_MAX);
        } else {
            struct tsp_round_metric *part = &round->metrics[round->metric_count++];
            tsp_decode_round_metric(decoder, json, metric->name, part);
            usable += tsp_round_metric_usable(part) && tsp_metric_matches(metric, part) ? 1 : 0;
        }
        tsp_decode_leave(decoder, mark);
    }
    return usable;
}

static int parse_interval(const char *word) {
    static const char *const words[] = {"exact", "range", "within-round", "across-rounds"};
    for (int i = 0; i < 4; ++i) {
        if (strcmp(word, words[i]) == 0) {
            return i;
        }
    }
    return -1;
}

static void decode_values(struct tsp_decoder *decoder, const json_t *object, struct tsp_metric *metric) {
    metric->share = tsp_decode_number(decoder, object, "share", NAN);
    metric->nondeterministic = tsp_decode_flag(decoder, object, "nondeterministic");
    if (!json_is_null(json_object_get(object, "interval"))) {
        int interval = tsp_decode_word(decoder, object, "interval", parse_interval);
        metric->exact = interval == 0;
        metric->across_rounds = interval == 3;
    }
    metric->gross = tsp_decode_number(decoder, object, "gross", NAN);
    metric->net = tsp_decode_number(decoder, object, "net", NAN);
    metric->bias = tsp_decode_number(decoder, object, "bias", NAN);
    metric->p50 = tsp_decode_estimate(decoder, object, "p50");
    metric->p95 = tsp_decode_estimate(decoder, object, "p95");
    metric->p99 = tsp_decode_estimate(decoder, object, "p99");
    metric->p999 = tsp_decode_estimate(decoder, object, "p999");
    metric->max = tsp_decode_estimate(decoder, object, "max").value;
    metric->min = tsp_decode_number(decoder, object, "min", NAN);
    metric->mean = tsp_decode_number(decoder, object, "mean", NAN);
    metric->sd = tsp_decode_number(decoder, object, "sd", NAN);
    metric->mad = tsp_decode_number(decoder, object, "mad", NAN);
    metric->autocorrelation = tsp_decode_number(decoder, object, "autocorrelation", NAN);
    metric->n = tsp_decode_count(decoder, object, "n", INT64_MAX);
}

static void decode_metric(struct tsp_decoder *decoder, const json_t *object, const char *name,
                          struct tsp_metric *metric, struct tsp_result *result) {
    size_t mark = tsp_decode_enter(decoder, name, 0);
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
    decode_values(decoder, object, metric);
    unsigned usable = decode_parts(decoder, object, metric, result);
    metric->rounds = isfinite(metric->p50.value) || metric->n > 0 ? usable : 0;
    tsp_decode_leave(decoder, mark);
}

static void decode_metrics(struct tsp_decoder *decoder, const json_t *object, struct tsp_result *result) {
    json_t *metrics = tsp_decode_object(decoder, object, "metrics");
    size_t mark = tsp_decode_enter(decoder, "metrics", 0);
    const char *name = NULL;
    json_t *metric = NULL;
    if (json_object_size(metrics) > 0) {
        result->metrics = calloc(json_object_size(metrics), sizeof *result->metrics);
        if (result->metrics == NULL) {
            tsp_decode_complain(decoder, NULL, "no memory for %zu metrics", json_object_size(metrics));
        }
    }
    json_object_foreach(metrics, name, metric) {
        if (decoder->failed || result->metrics == NULL) {
            break;
        }
        decode_metric(decoder, metric, name, &result->metrics[result->metric_count++], result);
    }
    tsp_decode_leave(decoder, mark);
}

static void decode_warnings(struct tsp_decoder *decoder, const json_t *object, struct tsp_result *result) {
    const size_t most = sizeof result->warnings / sizeof result->warnings[0];
    const json_t *warnings = tsp_decode_array(decoder, object, "warnings");
    size_t i = 0;
    const json_t *warning = NULL;
    json_array_foreach(warnings, i, warning) {
        if (!json_is_string(warning)) {
            tsp_decode_complain(decoder, "warnings", "expected texts");
        } else if (result->warning_count < most) {
            (void)snprintf(result->warnings[result->warning_count++], sizeof result->warnings[0], "%s",
                           json_string_value(warning));
        }
    }
}

void tsp_decode_case(struct tsp_decoder *decoder, const json_t *object, struct tsp_result *result) {
    tsp_decode_plan(decoder, object, result);
    result->unchecked = result->status == TSP_OK && json_is_null(json_object_get(object, "check"));
    decode_warnings(decoder, object, result);
    decode_facts(decoder, object, result);
    decode_metrics(decoder, object, result);
}

static int compare_ids(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void tsp_decode_unique_ids(struct tsp_decoder *decoder, const char **ids, size_t count) {
    if (decoder->failed || count < 2) {
        return;
    }
    qsort(ids, count, sizeof *ids, compare_ids);
    for (size_t i = 1; i < count; ++i) {
        if (strcmp(ids[i - 1], ids[i]) == 0) {
            tsp_decode_complain(decoder, "cases", "%s is there twice", ids[i]);
        }
    }
}

void tsp_decode_unique(struct tsp_decoder *decoder, const struct tsp_record *record) {
    if (decoder->failed || record->result_count < 2) {
        return;
    }
    const char **ids = calloc(record->result_count, sizeof *ids);
    if (ids == NULL) {
        tsp_decode_complain(decoder, "cases", "no memory to compare their ids");
        return;
    }
    for (size_t i = 0; i < record->result_count; ++i) {
        ids[i] = record->results[i].id;
    }
    tsp_decode_unique_ids(decoder, ids, record->result_count);
    free(ids);
}
