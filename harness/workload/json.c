/* A workload's result as JSON, schema transept.workload/1. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "record/digest.h"
#include "record/encode.h"
#include "record/sink.h"
#include "stats/blocks.h"
#include "stats/histogram.h"
#include "transept/workload.h"

static json_t *text_of(const char *text) {
    return text == NULL || text[0] == '\0' ? json_null() : tsp_encode_text(text, strlen(text) + 1);
}

static json_t *encode_run(const struct tsp_run *run, const struct tsp_workload_result *result) {
    char seed[24];
    (void)snprintf(seed, sizeof seed, "%" PRIu64, run->seed);
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:s,s:b,s:o}", "started", text_of(run->started), "finished",
                     text_of(run->finished), "command", text_of(run->command), "version",
                     text_of(run->version), "commit", text_of(run->commit), "seed", seed, "interrupted",
                     result->interrupted, "seconds_measured", tsp_encode_number(result->seconds_measured));
}

static json_t *encode_workload(const struct tsp_workload *workload) {
    json_t *mix = workload->cycle != NULL ? json_array() : json_null();
    json_t *weights = json_object();
    for (unsigned i = 0; workload->cycle != NULL && i < workload->cycle_count; ++i) {
        tsp_encode_append(&mix, json_string(tsp_operation_name(workload->cycle[i])));
    }
    for (unsigned i = 0; i < TSP_OPERATIONS; ++i) {
        tsp_encode_member(&weights, tsp_operation_name(i), tsp_encode_count(workload->weights[i]));
    }
    bool open = workload->rate > 0;
    char distribution[32];
    (void)tsp_workload_keys_text(workload, distribution, sizeof distribution);
    distribution[strcspn(distribution, " ")] = '\0';
    json_t *keys =
        json_pack("{s:o,s:s,s:o}", "count", tsp_encode_count(workload->keys), "distribution", distribution,
                  "exponent", workload->exponent > 0 ? tsp_encode_number(workload->exponent) : json_null());
    return json_pack(
        "{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s,s:o,s:s,s:o,s:o}", "name", text_of(workload->name), "about",
        text_of(workload->about), "threads", tsp_encode_count(workload->threads), "duration_seconds",
        tsp_encode_number(workload->duration_ms / 1e3), "warmup_seconds",
        tsp_encode_number(workload->warmup_ms / 1e3), "mix", mix, "weights", weights, "keys", keys,
        "value_bytes", tsp_encode_count(workload->value_bytes), "preload",
        tsp_workload_preload_name(workload), "shards", tsp_encode_count(workload->shards), "loop",
        open ? "open" : "closed", "rate", open ? tsp_encode_count(workload->rate) : json_null(),
        "spin_seconds", open ? tsp_encode_number(workload->spin_ms / 1e3) : json_null());
}

static json_t *encode_check(const struct tsp_pairs_check *check) {
    return json_pack("{s:s,s:o,s:o,s:o,s:o,s:o}", "status", check->passed ? "passed" : "failed", "reason",
                     text_of(check->reason), "put", tsp_encode_count(check->put), "replaced",
                     tsp_encode_count(check->replaced), "pairs", tsp_encode_count(check->pairs), "reads",
                     tsp_encode_count(check->reads));
}

static json_t *encode_latency(const struct tsp_latency *latency, const struct tsp_workload_result *result) {
    const char *few =
        result->second_count < TSP_BLOCKS_LEAST
            ? "an interval takes 3 seconds"
            : "seconds differ so much that a bound lies beyond all samples: more of them narrow it";
    json_t *raw = result->raw != NULL ? json_object() : json_null();
    json_t *object =
        json_pack("{s:o,s:s,s:s,s:o,s:o,s:o,s:o}", "n", tsp_encode_count(latency->n), "unit", "ns",
                  "evidence", tsp_evidence_name(result->evidence), "rate",
                  tsp_encode_estimate(&latency->rate, few), "min", tsp_encode_number(latency->min), "mean",
                  tsp_encode_number(latency->mean), "max", tsp_encode_number(latency->max));
    for (unsigned i = 0; i < TSP_WORKLOAD_QUANTILES; ++i) {
        const char *name = tsp_workload_quantile_names[i];
        tsp_encode_member(&object, name, tsp_encode_estimate(&latency->quantiles[i], few));
        if (result->raw != NULL) {
            tsp_encode_member(&raw, name, tsp_encode_number(latency->raw[i]));
        }
    }
    tsp_encode_member(&object, "raw", raw);
    return object;
}

static json_t *encode_operations(const struct tsp_workload *workload,
                                 const struct tsp_workload_result *result) {
    json_t *operations = json_object();
    for (unsigned i = 0; i <= TSP_OPERATIONS; ++i) {
        if (i == TSP_OPERATIONS || workload->weights[i] > 0) {
            tsp_encode_member(&operations, tsp_operation_name(i),
                              encode_latency(&result->latencies[i], result));
        }
    }
    return operations;
}

static json_t *encode_second(const struct tsp_second *second, const struct tsp_workload *workload) {
    json_t *object = json_pack("{s:o}", "seconds", tsp_encode_number(second->seconds));
    for (unsigned i = 0; i <= TSP_OPERATIONS; ++i) {
        if (i < TSP_OPERATIONS && workload->weights[i] == 0) {
            continue;
        }
        json_t *row = json_pack("{s:o,s:o}", "n", tsp_encode_count(second->n[i]), "rate",
                                tsp_encode_number((double)second->n[i] / second->seconds));
        for (unsigned k = 0; k < TSP_WORKLOAD_QUANTILES; ++k) {
            tsp_encode_member(&row, tsp_workload_quantile_names[k],
                              tsp_encode_number(second->quantiles[i][k]));
        }
        tsp_encode_member(&object, tsp_operation_name(i), row);
    }
    return object;
}

static json_t *encode_seconds(const struct tsp_workload *workload, const struct tsp_workload_result *result) {
    json_t *seconds = json_array();
    for (size_t i = 0; i < result->second_count; ++i) {
        tsp_encode_append(&seconds, encode_second(&result->seconds[i], workload));
    }
    return seconds;
}

static json_t *encode(const struct tsp_workload_report *report) {
    const struct tsp_workload *workload = report->workload;
    const struct tsp_workload_result *result = report->result;
    json_t *notes = json_array();
    for (unsigned i = 0; i < result->note_count; ++i) {
        tsp_encode_append(&notes, TSP_ENCODE_TEXT(result->notes[i]));
    }
    json_t *clock = json_pack("{s:o,s:o}", "name", TSP_ENCODE_TEXT(result->clock), "bias_ns",
                              tsp_encode_number(result->clock_bias_ns));
    json_t *json = json_pack(
        "{s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "schema", "transept.workload/1", "run",
        encode_run(&report->record->run, result), "machine", tsp_encode_machine(report->record), "build",
        tsp_encode_build(&report->record->build), "workload", encode_workload(workload), "clock", clock,
        "histogram_error", tsp_encode_number(TSP_HISTOGRAM_ERROR), "check", encode_check(&result->check),
        "notes", notes, "due", workload->rate > 0 ? tsp_encode_count(result->due) : json_null(), "operations",
        encode_operations(workload, result), "seconds", encode_seconds(workload, result));
    char digest[TSP_DIGEST_SIZE];
    tsp_digest_text(tsp_digest_add(TSP_DIGEST_START, json), digest);
    tsp_encode_member(&json, "digest", json_string(digest));
    return json;
}

int tsp_workload_write_json(const struct tsp_workload_report *report, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    json_t *json = encode(report);
    tsp_sink_lay(&sink, json, 0, 1);
    json_decref(json);
    tsp_sink_puts(&sink, "\n");
    return tsp_sink_finish(&sink, "the result as JSON", error);
}
