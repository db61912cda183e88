/*
 * The record as google-benchmark's JSON (json_schema_version 1; docs/tools.md and src/json_reporter.cc there): what its compare.py and many
 * charts read. One row of run_type "iteration" a round. Those readers take every row for a time, so cases without one are told in the context.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "record/export.h"
#include "record/merge.h"

/* compare.py matches rows by name: emulated times have another name, and so never meet hardware's. */
static void name_row(char *name, size_t size, const struct tsp_result *result,
                     const struct tsp_metric *time) {
    const char *mark = tsp_export_mark(time->evidence);
    (void)snprintf(name, size, "%s%s%.*s", result->id, mark[0] != '\0' ? "/" : "",
                   mark[0] != '\0' ? (int)strlen(mark) - 1 : 0, mark);
}

static json_t *encode_caches(const struct tsp_machine *machine) {
    json_t *caches = json_array(); /* readers insist on it, empty or not */
    for (unsigned i = 0; i < machine->cache_count && i < TSP_CACHES_MAX; ++i) {
        const struct tsp_cache *cache = &machine->caches[i];
        tsp_encode_append(&caches,
                          json_pack("{s:s,s:I,s:o,s:I}", "type", cache->level == 1 ? "Data" : "Unified",
                                    "level", (json_int_t)cache->level, "size", tsp_encode_count(cache->bytes),
                                    "num_sharing", (json_int_t)cache->shared_by));
    }
    return caches;
}

static json_t *encode_left_out(const struct tsp_record *record) {
    json_t *list = json_array();
    for (size_t i = 0; i < record->result_count; ++i) {
        const struct tsp_result *result = &record->results[i];
        char reason[TSP_REASON_MAX];
        if (tsp_export_time(result) == NULL) {
            const struct tsp_metric *time = NULL;
            for (unsigned k = 0; k < result->metric_count; ++k) {
                time = strcmp(result->metrics[k].name, "time") == 0 ? &result->metrics[k] : time;
            }
            tsp_export_absence(result, time, reason);
            tsp_encode_append(&list, json_pack("{s:o,s:o}", "name", TSP_ENCODE_TEXT(result->id), "reason",
                                               TSP_ENCODE_TEXT(reason)));
        }
    }
    return list;
}

/* Adds a member unless its value is not known: the context has texts and numbers, no nulls. */
static void add_known(json_t **object, const char *name, json_t *value) {
    if (json_is_null(value)) {
        json_decref(value);
    } else {
        tsp_encode_member(object, name, value);
    }
}

static json_t *encode_context(const struct tsp_record *record) {
    const struct tsp_machine *machine = &record->machine;
    char executor[TSP_EXECUTOR_SIZE];
    char version[sizeof record->run.version + 16];
    char compiler[sizeof record->build.compiler + sizeof record->build.version + 1];
    (void)snprintf(version, sizeof version, "transept %s", record->run.version);
    (void)snprintf(compiler, sizeof compiler, "%s%s%s", record->build.compiler,
                   record->build.version[0] != '\0' ? " " : "", record->build.version);
    tsp_export_executor(machine, executor);
    json_t *context = json_object();
    add_known(&context, "date", TSP_ENCODE_TEXT(record->run.started));
    tsp_encode_member(&context, "executable", json_string("transept"));
    tsp_encode_member(&context, "num_cpus", json_integer(machine->threads));
    add_known(&context, "mhz_per_cpu",
              record->core_ghz_estimate > 0 ? tsp_encode_number(record->core_ghz_estimate * 1000)
                                            : json_null());
    tsp_encode_member(&context, "caches", encode_caches(machine));
    add_known(&context, "library_version", TSP_ENCODE_TEXT(version));
    tsp_encode_member(&context, "json_schema_version", json_integer(1));
    add_known(&context, "arch", TSP_ENCODE_TEXT(machine->arch));
    add_known(&context, "executed_by", TSP_ENCODE_TEXT(executor));
    add_known(&context, "machine", TSP_ENCODE_TEXT(machine->id));
    add_known(&context, "cpu", TSP_ENCODE_TEXT(machine->cpu_model));
    add_known(&context, "hypervisor", TSP_ENCODE_TEXT(machine->hypervisor));
    add_known(&context, "kernel", TSP_ENCODE_TEXT(machine->kernel));
    add_known(&context, "libc", TSP_ENCODE_TEXT(machine->libc));
    add_known(&context, "suite", TSP_ENCODE_TEXT(record->run.suite));
    add_known(&context, "commit", TSP_ENCODE_TEXT(record->run.commit));
    add_known(&context, "page_bytes",
              machine->page_bytes > 0 ? tsp_encode_count(machine->page_bytes) : json_null());
    add_known(&context, "compiler", TSP_ENCODE_TEXT(compiler));
    add_known(&context, "flags", TSP_ENCODE_TEXT(record->build.flags));
    tsp_encode_member(&context, "left_out", encode_left_out(record));
    return context;
}

/* A user counter: a number beside the row's own members, whose names come first. */
static void add_counter(json_t **row, const char *name, double value) {
    char prefixed[TSP_NAME_MAX + 32];
    (void)snprintf(prefixed, sizeof prefixed, "metric_%s", name);
    if (isfinite(value)) {
        tsp_encode_member(row, json_object_get(*row, name) == NULL ? name : prefixed,
                          tsp_encode_number(value));
    }
}

static void add_counters(json_t **row, const struct tsp_result *result, const struct tsp_round *round) {
    for (unsigned i = 0; i < result->metric_count; ++i) {
        const struct tsp_metric *metric = &result->metrics[i];
        double value = tsp_export_round_value(round, metric);
        if (strcmp(metric->name, "time") == 0 && isfinite(value)) {
            const struct tsp_description *d = &tsp_round_metric_find(round, metric->name)->description;
            add_counter(row, "p95", d->p95.value);
            add_counter(row, "p99", d->p99.value);
        } else {
            char name[TSP_NAME_MAX + 16];
            (void)snprintf(name, sizeof name, "%s%s", tsp_export_mark(metric->evidence), metric->name);
            add_counter(row, name, value);
        }
    }
}

/* A row's place among all: which case, and which of its rounds that have a time. */
struct place {
    size_t family;
    unsigned repetition;
    unsigned repetitions;
};

static json_t *encode_row(const struct tsp_result *result, const struct tsp_round *round,
                          const struct tsp_metric *time, const struct place *place) {
    char name[sizeof result->id + 16];
    double value = tsp_export_round_value(round, time);
    name_row(name, sizeof name, result, time);
    json_t *row = json_pack(
        "{s:o,s:I,s:i,s:o,s:s,s:I,s:I,s:I,s:o,s:o,s:o,s:s}", "name", TSP_ENCODE_TEXT(name), "family_index",
        (json_int_t)place->family, "per_family_instance_index", 0, "run_name", TSP_ENCODE_TEXT(name),
        "run_type", "iteration", "repetitions", (json_int_t)place->repetitions, "repetition_index",
        (json_int_t)place->repetition, "threads", (json_int_t)(round->cpu_count > 0 ? round->cpu_count : 1),
        "iterations", tsp_encode_count(tsp_export_ops(round, time)), "real_time", tsp_encode_number(value),
        "cpu_time", tsp_encode_number(value), "time_unit", "ns");
    if (time->evidence != TSP_MEASURED) {
        tsp_encode_member(&row, "label", json_string(tsp_evidence_name(time->evidence)));
    }
    add_counters(&row, result, round);
    return row;
}

static void write_rows(struct tsp_sink *sink, const struct tsp_result *result, size_t *family, bool *first) {
    const struct tsp_metric *time = tsp_export_time(result);
    if (time == NULL) {
        return;
    }
    struct place place = {.family = (*family)++, .repetitions = tsp_export_round_count(result, time)};
    for (unsigned i = 0; i < result->round_count; ++i) {
        if (isfinite(tsp_export_round_value(&result->rounds[i], time))) {
            json_t *row = encode_row(result, &result->rounds[i], time, &place);
            tsp_sink_puts(sink, *first ? "\n  " : ",\n  ");
            tsp_sink_lay(sink, row, 2, 0);
            json_decref(row);
            *first = false;
            ++place.repetition;
        }
    }
}

int tsp_record_write_google(const struct tsp_record *record, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    size_t family = 0;
    bool first = true;
    json_t *context = encode_context(record);
    tsp_sink_puts(&sink, "{\n \"context\": ");
    tsp_sink_lay(&sink, context, 1, 0);
    json_decref(context);
    tsp_sink_puts(&sink, ",\n \"benchmarks\": [");
    for (size_t i = 0; i < record->result_count; ++i) {
        write_rows(&sink, &record->results[i], &family, &first);
    }
    tsp_sink_puts(&sink, "\n ]\n}\n");
    return tsp_sink_finish(&sink, "the record as google-benchmark JSON", error);
}
