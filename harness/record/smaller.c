/*
 * The record as "customSmallerIsBetter" of github-action-benchmark (its README; src/extract.ts there): a list of {name, unit, value, range, extra},
 * of which it draws a line each. Medians and tails of what is better when smaller; rates and facts are left out, since it would take growth for loss.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "record/export.h"

/* It matches by name and prints the unit: both carry the mark. */
static json_t *encode_entry(const struct tsp_record *record, const struct tsp_result *result,
                            const struct tsp_metric *metric, const struct tsp_export_percentile *percentile) {
    const struct tsp_estimate *estimate = percentile->estimate;
    const char *mark = tsp_export_mark(metric->evidence);
    int length = mark[0] != '\0' ? (int)strlen(mark) - 1 : 0;
    char name[sizeof result->id + TSP_NAME_MAX + 32];
    char unit[sizeof metric->unit + 16];
    char extra[512];
    char executor[TSP_EXECUTOR_SIZE];
    char lo[TSP_NUMBER_SIZE];
    char hi[TSP_NUMBER_SIZE];
    char half[TSP_NUMBER_SIZE];
    char range[TSP_NUMBER_SIZE + 8];
    (void)snprintf(name, sizeof name, "%s %s%s%s%s%.*s%s", result->id, metric->name, metric->exact ? "" : " ",
                   metric->exact ? "" : percentile->name, length > 0 ? " (" : "", length, mark,
                   length > 0 ? ")" : "");
    (void)snprintf(unit, sizeof unit, "%.*s%s%s", length, mark, length > 0 ? " " : "", metric->unit);
    (void)snprintf(extra, sizeof extra, "%s, executed by %.200s, rounds: %u",
                   tsp_evidence_name(metric->evidence), tsp_export_executor(&record->machine, executor),
                   metric->rounds);
    json_t *entry = json_pack("{s:o,s:o,s:o}", "name", TSP_ENCODE_TEXT(name), "unit", TSP_ENCODE_TEXT(unit),
                              "value", tsp_encode_number(estimate->value));
    double farthest = fmax(estimate->hi - estimate->value, estimate->value - estimate->lo);
    if (isfinite(farthest) && farthest > 0) {
        size_t used = strlen(extra);
        (void)snprintf(range, sizeof range, "± %s", tsp_export_rounded(farthest, 3, half));
        (void)snprintf(extra + used, sizeof extra - used, "\n%s %s to %s",
                       metric->nondeterministic ? "range" : "95 % interval",
                       tsp_number_text(estimate->lo, lo), tsp_number_text(estimate->hi, hi));
        tsp_encode_member(&entry, "range", json_string(range));
    }
    tsp_encode_member(&entry, "extra", TSP_ENCODE_TEXT(extra));
    return entry;
}

static void write_metric(struct tsp_sink *sink, const struct tsp_record *record,
                         const struct tsp_result *result, const struct tsp_metric *metric, bool *first) {
    struct tsp_export_percentile list[TSP_EXPORT_PERCENTILES];
    tsp_export_percentiles(metric, list);
    for (size_t i = 0; i < TSP_EXPORT_PERCENTILES; ++i) {
        if (isfinite(list[i].estimate->value)) {
            json_t *entry = encode_entry(record, result, metric, &list[i]);
            tsp_sink_puts(sink, *first ? "\n " : ",\n ");
            tsp_sink_lay(sink, entry, 1, 0);
            json_decref(entry);
            *first = false;
        }
    }
}

int tsp_record_write_smaller(const struct tsp_record *record, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    bool first = true;
    tsp_sink_puts(&sink, "[");
    for (size_t i = 0; i < record->result_count; ++i) {
        const struct tsp_result *result = &record->results[i];
        for (unsigned k = 0; result->status == TSP_OK && k < result->metric_count; ++k) {
            if (strcmp(tsp_metric_better(&result->metrics[k]), "lower") == 0) {
                write_metric(&sink, record, result, &result->metrics[k], &first);
            }
        }
    }
    tsp_sink_puts(&sink, "\n]\n");
    return tsp_sink_finish(&sink, "the record as custom JSON", error);
}
