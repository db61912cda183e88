/*
 * The record as Bencher Metric Format (bencher.dev/docs/reference/bencher-metric-format): {case: {measure: {value, lower_value, upper_value}}}.
 * The time's median is the measure `latency`, which Bencher knows (ns); tails and other metrics have measures of their own name, and so has
 * what hardware did not measure: a threshold on latency never sees an emulator's times.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "record/export.h"

static void name_measure(char *name, size_t size, const struct tsp_metric *metric, const char *percentile) {
    bool median = strcmp(percentile, "p50") == 0;
    (void)snprintf(name, size, "%s%s%s%s", tsp_export_mark(metric->evidence),
                   strcmp(metric->name, "time") == 0 ? "latency" : metric->name, median ? "" : "-",
                   median ? "" : percentile);
}

static json_t *encode_value(const struct tsp_estimate *estimate) {
    json_t *value = json_pack("{s:o}", "value", tsp_encode_number(estimate->value));
    if (isfinite(estimate->lo) && isfinite(estimate->hi)) {
        tsp_encode_member(&value, "lower_value", tsp_encode_number(estimate->lo));
        tsp_encode_member(&value, "upper_value", tsp_encode_number(estimate->hi));
    }
    return value;
}

static json_t *encode_measures(const struct tsp_result *result) {
    json_t *measures = json_object();
    for (unsigned i = 0; result->status == TSP_OK && i < result->metric_count; ++i) {
        struct tsp_export_percentile list[TSP_EXPORT_PERCENTILES];
        tsp_export_percentiles(&result->metrics[i], list);
        for (size_t k = 0; k < TSP_EXPORT_PERCENTILES; ++k) {
            char name[TSP_NAME_MAX + 32];
            name_measure(name, sizeof name, &result->metrics[i], list[k].name);
            if (isfinite(list[k].estimate->value)) {
                tsp_encode_member(&measures, name, encode_value(list[k].estimate));
            }
        }
    }
    return measures;
}

/* A case without any value is left out: the format has no place for a reason. */
int tsp_record_write_bencher(const struct tsp_record *record, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    bool first = true;
    tsp_sink_puts(&sink, "{");
    for (size_t i = 0; i < record->result_count; ++i) {
        json_t *measures = encode_measures(&record->results[i]);
        json_t *id = TSP_ENCODE_TEXT(record->results[i].id);
        if (measures == NULL || json_object_size(measures) > 0) {
            tsp_sink_puts(&sink, first ? "\n " : ",\n ");
            tsp_sink_lay(&sink, id, 1, 0);
            tsp_sink_puts(&sink, ": ");
            tsp_sink_lay(&sink, measures, 1, 1);
            first = false;
        }
        json_decref(id);
        json_decref(measures);
    }
    tsp_sink_puts(&sink, "\n}\n");
    return tsp_sink_finish(&sink, "the record as Bencher JSON", error);
}
