/*
 * A comparison as JUnit XML, for the test panes of CI: a case that became worse or no longer ends ok is a failure, one that is not judged is
 * skipped with the reason, and so is one that only one side has. Elements and attributes are those that Jenkins, GitLab and others read (testsuites, testsuite, testcase, failure, skipped).
 */
#include <math.h>
#include <string.h>

#include "compare/format.h"
#include "record/sink.h"

static bool is_failure(const struct tsp_row *row) {
    return row->verdict == TSP_VERDICT_WORSE ||
           (row->cases[0]->status == TSP_OK && row->cases[1]->status != TSP_OK &&
            row->cases[1]->status != TSP_SKIPPED);
}

static bool is_skipped(const struct tsp_row *row) {
    return !is_failure(row) && (row->verdict == TSP_VERDICT_NONE || row->verdict == TSP_VERDICT_INCONCLUSIVE);
}

static void put_attribute(struct tsp_sink *sink, const char *name, const char *value) {
    tsp_sink_puts(sink, " ");
    tsp_sink_puts(sink, name);
    tsp_sink_puts(sink, "=\"");
    tsp_sink_xml(sink, value);
    tsp_sink_puts(sink, "\"");
}

static void put_count(struct tsp_sink *sink, const char *name, size_t count) {
    char text[24];
    (void)snprintf(text, sizeof text, "%zu", count);
    put_attribute(sink, name, text);
}

static void put_counts(struct tsp_sink *sink, const struct tsp_row *rows, size_t count) {
    size_t failures = 0;
    size_t skipped = 0;
    for (size_t i = 0; i < count; ++i) {
        failures += is_failure(&rows[i]);
        skipped += is_skipped(&rows[i]);
    }
    put_count(sink, "tests", count);
    put_count(sink, "failures", failures);
    put_count(sink, "skipped", skipped);
}

static void put_case(struct tsp_sink *sink, const struct tsp_row *row) {
    const struct tsp_series *series = tsp_row_series(row);
    char name[sizeof((struct tsp_result *)NULL)->id + TSP_NAME_MAX + 2];
    char class[TSP_NAME_MAX + 16];
    char remark[TSP_REASON_MAX + 128];
    char text[TSP_REASON_MAX + 320];
    (void)snprintf(name, sizeof name, "%s%s%s", row->cases[0]->id, series != NULL ? " " : "",
                   series != NULL ? series->name : "");
    (void)snprintf(class, sizeof class, "transept.%s", row->cases[0]->family);
    tsp_sink_puts(sink, "    <testcase");
    put_attribute(sink, "classname", class);
    put_attribute(sink, "name", name);
    if (is_failure(row) || is_skipped(row)) {
        const char *verdict = row->verdict == TSP_VERDICT_NONE && !row->differs ? "" : tsp_row_verdict(row);
        tsp_row_remark(row, remark, sizeof remark);
        if (row->verdict == TSP_VERDICT_WORSE && isnan(row->effect.ratio)) { /* nothing became something */
            (void)snprintf(text, sizeof text, "%s: %.12g -> %.12g %s", verdict, row->value[0], row->value[1],
                           series->unit);
        } else if (row->verdict == TSP_VERDICT_WORSE) {
            (void)snprintf(text, sizeof text, "%s: %g -> %g %s, ratio %.4f [%.4f, %.4f]", verdict,
                           row->value[0], row->value[1], series->unit, row->effect.ratio, row->effect.lo,
                           row->effect.hi);
        } else {
            (void)snprintf(text, sizeof text, "%s%s%s", verdict,
                           verdict[0] != '\0' && remark[0] != '\0' ? ": " : "", remark);
        }
        tsp_sink_puts(sink, is_failure(row) ? "><failure" : "><skipped");
        put_attribute(sink, "message", text);
        tsp_sink_puts(sink, "/></testcase>\n");
    } else {
        tsp_sink_puts(sink, "/>\n");
    }
}

/* Rows of a family stand together. */
static void put_families(struct tsp_sink *sink, const struct tsp_comparison *comparison) {
    size_t end = 0;
    for (size_t i = 0; i < comparison->row_count; i = end) {
        const char *family = comparison->rows[i].cases[0]->family;
        char name[TSP_NAME_MAX + 4096];
        for (end = i;
             end < comparison->row_count && strcmp(comparison->rows[end].cases[0]->family, family) == 0;
             ++end) {
        }
        (void)snprintf(name, sizeof name, "%s: %s against %s", family, comparison->other->name,
                       comparison->first->name);
        tsp_sink_puts(sink, "  <testsuite");
        put_attribute(sink, "name", name);
        put_counts(sink, &comparison->rows[i], end - i);
        tsp_sink_puts(sink, ">\n");
        for (size_t k = i; k < end; ++k) {
            put_case(sink, &comparison->rows[k]);
        }
        tsp_sink_puts(sink, "  </testsuite>\n");
    }
}

/* What one side alone has: nothing to judge, and not to be missed either. */
static void put_alone(struct tsp_sink *sink, const struct tsp_comparison *comparison, int side) {
    char name[4096];
    size_t count = side == 0 ? comparison->only_first : comparison->only_other;
    struct tsp_row row;
    if (count == 0) {
        return;
    }
    (void)snprintf(name, sizeof name, "only in %s",
                   side == 0 ? comparison->first->name : comparison->other->name);
    tsp_sink_puts(sink, "  <testsuite");
    put_attribute(sink, "name", name);
    put_count(sink, "tests", count);
    put_count(sink, "failures", 0);
    put_count(sink, "skipped", count);
    tsp_sink_puts(sink, ">\n");
    for (size_t at = 0; tsp_comparison_only(comparison, side, &at, &row);) {
        put_case(sink, &row);
    }
    tsp_sink_puts(sink, "  </testsuite>\n");
}

int tsp_comparison_write_junit(const struct tsp_comparison *comparisons, size_t count,
                               const struct tsp_question *question, FILE *stream, struct tsp_error *error) {
    (void)question;
    struct tsp_sink sink = {.stream = stream};
    tsp_sink_puts(&sink,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"transept compare\">\n");
    for (size_t i = 0; i < count; ++i) {
        put_families(&sink, &comparisons[i]);
        put_alone(&sink, &comparisons[i], 0);
        put_alone(&sink, &comparisons[i], 1);
    }
    tsp_sink_puts(&sink, "</testsuites>\n");
    return tsp_sink_finish(&sink, "the comparison as JUnit XML", error);
}
