/* The record as Markdown, for reviews and pages: where it was measured, a table a family, and what has no value with the reason. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "record/export.h"

/* A cell ends at a bar and at a line's end. */
static void put_cell(struct tsp_sink *sink, const char *text) {
    for (const char *c = text; *c != '\0'; ++c) {
        bool control = (unsigned char)*c < ' ' || *c == 0x7f;
        tsp_sink_puts(sink, *c == '|' ? "\\" : "");
        tsp_sink_put(sink, control ? " " : c, 1);
    }
}

/* As code; a backquote would end it. */
static void put_code(struct tsp_sink *sink, const char *text) {
    const char *quotes = strchr(text, '`') != NULL ? "``" : "`";
    tsp_sink_puts(sink, quotes);
    put_cell(sink, text);
    tsp_sink_puts(sink, quotes);
}

static void put_value(struct tsp_sink *sink, const struct tsp_metric *metric, double value) {
    char text[TSP_NUMBER_SIZE];
    tsp_sink_puts(sink, isfinite(value) ? tsp_export_rounded(value, metric->exact ? 12 : 4, text) : "–");
}

static void put_interval(struct tsp_sink *sink, const struct tsp_metric *metric) {
    if (metric->exact) {
        tsp_sink_puts(sink, "exact");
    } else if (isfinite(metric->p50.lo) && isfinite(metric->p50.hi)) {
        put_value(sink, metric, metric->p50.lo);
        tsp_sink_puts(sink, "–");
        put_value(sink, metric, metric->p50.hi);
        tsp_sink_puts(sink, metric->nondeterministic ? " (range)" : "");
    } else {
        tsp_sink_puts(sink, "–");
    }
}

static void put_row(struct tsp_sink *sink, const struct tsp_result *result, const struct tsp_metric *metric) {
    bool plain = tsp_export_mark(metric->evidence)[0] == '\0';
    tsp_sink_puts(sink, "| ");
    put_code(sink, result->id);
    tsp_sink_puts(sink, " | ");
    put_cell(sink, metric->name);
    tsp_sink_puts(sink, " | ");
    put_value(sink, metric, metric->p50.value);
    tsp_sink_puts(sink, " ");
    put_cell(sink, metric->unit);
    tsp_sink_puts(sink, " | ");
    put_interval(sink, metric);
    tsp_sink_puts(sink, " | ");
    put_value(sink, metric, metric->p95.value);
    tsp_sink_puts(sink, " | ");
    put_value(sink, metric, metric->p99.value);
    tsp_sink_puts(sink, plain ? " | " : " | **");
    tsp_sink_puts(sink, tsp_evidence_name(metric->evidence));
    tsp_sink_puts(sink, plain ? " |\n" : "** |\n");
}

static void put_family(struct tsp_sink *sink, const struct tsp_record *record, const char *family) {
    bool head = false;
    for (size_t i = 0; i < record->result_count; ++i) {
        const struct tsp_result *result = &record->results[i];
        bool ours = result->status == TSP_OK && strcmp(result->family, family) == 0;
        for (unsigned k = 0; ours && k < result->metric_count; ++k) {
            if (isfinite(result->metrics[k].p50.value)) {
                if (!head) {
                    tsp_sink_puts(sink, "\n### ");
                    put_cell(sink, family);
                    tsp_sink_puts(sink, "\n\n| case | metric | P50 | 95 % interval | P95 | P99 | evidence |\n"
                                        "|---|---|---:|---:|---:|---:|---|\n");
                }
                put_row(sink, result, &result->metrics[k]);
                head = true;
            }
        }
    }
}

static void put_left_out(struct tsp_sink *sink, const struct tsp_record *record) {
    bool head = false;
    for (size_t i = 0; i < record->result_count; ++i) {
        const struct tsp_result *result = &record->results[i];
        for (unsigned k = 0; k < result->metric_count || k == 0; ++k) {
            const struct tsp_metric *metric = k < result->metric_count ? &result->metrics[k] : NULL;
            bool whole = result->status != TSP_OK || metric == NULL;
            char reason[TSP_REASON_MAX];
            if (whole ? k > 0 : isfinite(metric->p50.value)) {
                continue;
            }
            tsp_sink_puts(sink, head ? "- " : "\n### Without a value\n\n- ");
            put_code(sink, result->id);
            tsp_sink_puts(sink, whole ? "" : " ");
            put_cell(sink, whole ? "" : metric->name);
            tsp_sink_puts(sink, ": ");
            put_cell(sink, tsp_export_absence(result, metric, reason));
            tsp_sink_puts(sink, "\n");
            head = true;
        }
    }
}

static void put_head(struct tsp_sink *sink, const struct tsp_record *record) {
    const struct tsp_machine *machine = &record->machine;
    char executor[TSP_EXECUTOR_SIZE];
    char text[1024];
    (void)snprintf(text, sizeof text, "%s, %s, %s", machine->arch,
                   machine->cpu_model[0] != '\0' ? machine->cpu_model : "unknown CPU",
                   tsp_export_executor(machine, executor));
    tsp_sink_puts(sink, "## ");
    put_cell(sink, text);
    (void)snprintf(text, sizeof text, "\n\ntransept %s, suite %s, %zu cases, %u rounds, %s\n",
                   record->run.version, record->run.suite[0] != '\0' ? record->run.suite : "not known",
                   record->result_count, record->run.rounds,
                   record->run.started[0] != '\0' ? record->run.started : "start not known");
    tsp_sink_puts(sink, text);
    if (machine->emulated) {
        tsp_sink_puts(
            sink,
            "\n**Emulated: the times are the emulator's and say nothing of a processor; counts, where there are any, are right.**\n");
    }
}

int tsp_record_write_markdown(const struct tsp_record *record, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    put_head(&sink, record);
    for (size_t i = 0; i < record->result_count; ++i) {
        if (tsp_export_opens_family(record, i)) {
            put_family(&sink, record, record->results[i].family);
        }
    }
    put_left_out(&sink, record);
    return tsp_sink_finish(&sink, "the record as Markdown", error);
}
