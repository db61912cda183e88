/*
 * The record as JUnit XML, for the test panes of CI: a case that failed, faulted or timed out is a failure, a skipped one is skipped, each with the
 * reason. Elements and attributes are those that Jenkins, GitLab and others read (testsuites, testsuite, properties, testcase, failure, skipped,
 * system-out). `time` is how long the case's rounds took on the clock of the wall.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "record/export.h"

static bool is_failure(const struct tsp_result *result) {
    return result->status != TSP_OK && result->status != TSP_SKIPPED;
}

static void put_attribute(struct tsp_sink *sink, const char *name, const char *value) {
    tsp_sink_puts(sink, " ");
    tsp_sink_puts(sink, name);
    tsp_sink_puts(sink, "=\"");
    tsp_sink_xml(sink, value);
    tsp_sink_puts(sink, "\"");
}

static void put_number(struct tsp_sink *sink, const char *name, double number) {
    char text[TSP_NUMBER_SIZE];
    put_attribute(sink, name, tsp_number_text(number, text));
}

static double seconds_of(const struct tsp_result *result) {
    double sum = 0;
    for (unsigned i = 0; i < result->round_count; ++i) {
        sum += isfinite(result->rounds[i].duration_ms) ? result->rounds[i].duration_ms / 1000 : 0;
    }
    return sum;
}

/* "time: p50 90.4 [89.66, 91.15], p95 94.9 [94.1, 95.7] ns/op, measured" */
static void put_metric(struct tsp_sink *sink, const struct tsp_result *result,
                       const struct tsp_metric *metric) {
    struct tsp_export_percentile list[TSP_EXPORT_PERCENTILES];
    char text[TSP_REASON_MAX + 64];
    char value[TSP_NUMBER_SIZE];
    char lo[TSP_NUMBER_SIZE];
    char hi[TSP_NUMBER_SIZE];
    const char *before = ": ";
    tsp_export_percentiles(metric, list);
    tsp_sink_xml(sink, metric->name);
    for (size_t i = 0; i < TSP_EXPORT_PERCENTILES; ++i) {
        const struct tsp_estimate *estimate = list[i].estimate;
        if (isfinite(estimate->value)) {
            bool bounds = !metric->exact && isfinite(estimate->lo) && isfinite(estimate->hi);
            (void)snprintf(
                text, sizeof text, "%s%s%s%s%s%s%s%s%s", before, metric->exact ? "" : list[i].name,
                metric->exact ? "" : " ", tsp_export_rounded(estimate->value, metric->exact ? 12 : 4, value),
                bounds ? " [" : "", bounds ? tsp_export_rounded(estimate->lo, 4, lo) : "", bounds ? ", " : "",
                bounds ? tsp_export_rounded(estimate->hi, 4, hi) : "", bounds ? "]" : "");
            tsp_sink_xml(sink, text);
            before = ", ";
        }
    }
    if (*before == ',') {
        (void)snprintf(text, sizeof text, " %s, %s\n", metric->unit, tsp_evidence_name(metric->evidence));
    } else {
        char reason[TSP_REASON_MAX];
        (void)snprintf(text, sizeof text, ": no value: %s\n", tsp_export_absence(result, metric, reason));
    }
    tsp_sink_xml(sink, text);
}

static void put_end(struct tsp_sink *sink, const struct tsp_result *result) {
    if (is_failure(result)) {
        tsp_sink_puts(sink, "      <failure");
        put_attribute(sink, "type", tsp_status_name(result->status));
        put_attribute(sink, "message", result->reason);
        tsp_sink_puts(sink, "/>\n");
    } else if (result->status == TSP_SKIPPED) {
        tsp_sink_puts(sink, "      <skipped");
        put_attribute(sink, "message", result->reason);
        tsp_sink_puts(sink, "/>\n");
    }
}

static void put_case(struct tsp_sink *sink, const struct tsp_result *result) {
    char class[TSP_NAME_MAX + 16];
    (void)snprintf(class, sizeof class, "transept.%s", result->family);
    tsp_sink_puts(sink, "    <testcase");
    put_attribute(sink, "classname", class);
    put_attribute(sink, "name", result->id);
    put_number(sink, "time", seconds_of(result));
    tsp_sink_puts(sink, ">\n");
    put_end(sink, result);
    if (result->status == TSP_OK && result->metric_count > 0) {
        tsp_sink_puts(sink, "      <system-out>");
        for (unsigned i = 0; i < result->metric_count; ++i) {
            put_metric(sink, result, &result->metrics[i]);
        }
        tsp_sink_puts(sink, "</system-out>\n");
    }
    tsp_sink_puts(sink, "    </testcase>\n");
}

static void put_property(struct tsp_sink *sink, const char *name, const char *value) {
    if (value[0] != '\0') {
        tsp_sink_puts(sink, "      <property");
        put_attribute(sink, "name", name);
        put_attribute(sink, "value", value);
        tsp_sink_puts(sink, "/>\n");
    }
}

static void put_suite(struct tsp_sink *sink, const struct tsp_record *record, const char *family) {
    const struct tsp_machine *machine = &record->machine;
    char executor[TSP_EXECUTOR_SIZE];
    size_t tests = 0;
    size_t failures = 0;
    size_t skipped = 0;
    double seconds = 0;
    for (size_t i = 0; i < record->result_count; ++i) {
        const struct tsp_result *result = &record->results[i];
        if (strcmp(result->family, family) == 0) {
            ++tests;
            failures += is_failure(result);
            skipped += result->status == TSP_SKIPPED;
            seconds += seconds_of(result);
        }
    }
    tsp_sink_puts(sink, "  <testsuite");
    put_attribute(sink, "name", family);
    put_number(sink, "tests", (double)tests);
    put_number(sink, "failures", (double)failures);
    put_number(sink, "skipped", (double)skipped);
    put_number(sink, "time", seconds);
    put_attribute(sink, "timestamp", record->run.started);
    tsp_sink_puts(sink, ">\n    <properties>\n");
    put_property(sink, "arch", machine->arch);
    put_property(sink, "executed-by", tsp_export_executor(machine, executor));
    put_property(sink, "cpu", machine->cpu_model);
    put_property(sink, "machine", machine->id);
    put_property(sink, "transept", record->run.version);
    tsp_sink_puts(sink, "    </properties>\n");
    for (size_t i = 0; i < record->result_count; ++i) {
        if (strcmp(record->results[i].family, family) == 0) {
            put_case(sink, &record->results[i]);
        }
    }
    tsp_sink_puts(sink, "  </testsuite>\n");
}

int tsp_record_write_junit(const struct tsp_record *record, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    tsp_sink_puts(&sink, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"transept run\">\n");
    for (size_t i = 0; i < record->result_count; ++i) {
        if (tsp_export_opens_family(record, i)) {
            put_suite(&sink, record, record->results[i].family);
        }
    }
    tsp_sink_puts(&sink, "</testsuites>\n");
    return tsp_sink_finish(&sink, "the record as JUnit XML", error);
}
