/* A comparison as Markdown, to be pasted into a review: what differs, what was found in a line, then a table a family. */
#include <math.h>
#include <string.h>

#include "compare/format.h"
#include "record/sink.h"

enum { ALONE_SHOWN = 6 };

/* A text of somebody's as it is: nothing in it is markup, of HTML or of Markdown. */
static void put_cell(struct tsp_sink *sink, const char *text) {
    for (const char *c = text; *c != '\0'; ++c) {
        if (*c == '<' || *c == '>' || *c == '&') {
            tsp_sink_puts(sink, *c == '<' ? "&lt;" : *c == '>' ? "&gt;" : "&amp;");
        } else {
            tsp_sink_puts(sink, strchr("|`*[]\\", *c) != NULL ? "\\" : "");
            tsp_sink_put(sink, *c == '\n' || *c == '\r' ? " " : c, 1);
        }
    }
}

/* A name between backticks, where all but a backtick, the end of a line and the end of a cell is literal. */
static void put_name(struct tsp_sink *sink, const char *text) {
    tsp_sink_puts(sink, "`");
    for (const char *c = text; *c != '\0'; ++c) {
        tsp_sink_puts(sink, *c == '|' ? "\\" : "");
        tsp_sink_put(sink, *c == '\n' || *c == '\r' ? " " : *c == '`' ? "'" : c, 1);
    }
    tsp_sink_puts(sink, "`");
}

static void put_value(struct tsp_sink *sink, double value, const struct tsp_series *series) {
    char text[64] = "–";
    if (isfinite(value) && series != NULL) {
        size_t digits = series->exact ? 12 : 4;
        (void)snprintf(text, sizeof text, "%.*g %.15s", (int)digits, value, series->unit);
    }
    tsp_sink_puts(sink, text);
}

static void put_row(struct tsp_sink *sink, const struct tsp_row *row) {
    char text[TSP_REASON_MAX + 128];
    const struct tsp_series *series = tsp_row_series(row);
    tsp_sink_puts(sink, "| ");
    put_name(sink, row->cases[0]->id);
    if (series != NULL && strcmp(series->name, "time") != 0) {
        tsp_sink_puts(sink, " ");
        put_cell(sink, series->name);
    }
    tsp_sink_puts(sink, " | ");
    put_value(sink, row->value[0], row->series[0]);
    tsp_sink_puts(sink, " | ");
    put_value(sink, row->value[1], row->series[1]);
    (void)snprintf(text, sizeof text, " | %.3f | %.3f–%.3f | ", row->effect.ratio, row->effect.lo,
                   row->effect.hi);
    tsp_sink_puts(sink, isnan(row->effect.ratio)          ? " | – | – | "
                        : series != NULL && series->exact ? ""
                                                          : text);
    if (!isnan(row->effect.ratio) && series != NULL && series->exact) {
        (void)snprintf(text, sizeof text, " | %.6g | exact | ", row->effect.ratio);
        tsp_sink_puts(sink, text);
    }
    bool told = row->verdict == TSP_VERDICT_WORSE || row->verdict == TSP_VERDICT_BETTER;
    tsp_sink_puts(sink, told ? "**" : "");
    tsp_sink_puts(sink, row->verdict == TSP_VERDICT_NONE && !row->differs ? "–" : tsp_row_verdict(row));
    tsp_sink_puts(sink, told ? "** | " : " | ");
    put_cell(sink, tsp_row_remark(row, text, sizeof text));
    tsp_sink_puts(sink, " |\n");
}

static void put_differences(struct tsp_sink *sink, const struct tsp_comparison *comparison) {
    const struct tsp_head_differences *differences = &comparison->differences;
    for (unsigned i = 0; i < differences->count; ++i) {
        tsp_sink_puts(sink, i == 0 ? "\nThey differ in:\n\n- " : "- ");
        put_cell(sink, differences->of[i].what);
        tsp_sink_puts(sink, ": ");
        put_cell(sink, differences->of[i].first);
        tsp_sink_puts(sink, " → ");
        put_cell(sink, differences->of[i].other);
        tsp_sink_puts(sink, "\n");
    }
}

static void put_summary(struct tsp_sink *sink, const struct tsp_comparison *comparison) {
    char text[320];
    const size_t *counts = comparison->counts;
    (void)snprintf(
        text, sizeof text,
        "\n**%zu worse**, %zu better, %zu the same, %zu inconclusive, %zu not judged; %zu cases only in the first, %zu only in the other\n",
        counts[TSP_VERDICT_WORSE], counts[TSP_VERDICT_BETTER], counts[TSP_VERDICT_SAME],
        counts[TSP_VERDICT_INCONCLUSIVE], counts[TSP_VERDICT_NONE], comparison->only_first,
        comparison->only_other);
    tsp_sink_puts(sink, text);
}

/* What one side alone has: the first few. */
static void put_alone(struct tsp_sink *sink, const struct tsp_comparison *comparison, int side) {
    struct tsp_row row;
    char text[64];
    size_t put = 0;
    for (size_t at = 0; put < ALONE_SHOWN && tsp_comparison_only(comparison, side, &at, &row); ++put) {
        tsp_sink_puts(sink, put == 0 ? side == 0 ? "\nOnly in the first: " : "\nOnly in the other: " : ", ");
        put_name(sink, row.cases[0]->id);
    }
    size_t all = side == 0 ? comparison->only_first : comparison->only_other;
    if (all > put) {
        (void)snprintf(text, sizeof text, " and %zu more", all - put);
        tsp_sink_puts(sink, text);
    }
    tsp_sink_puts(sink, put > 0 ? "\n" : "");
}

static void put_comparison(struct tsp_sink *sink, const struct tsp_comparison *comparison) {
    const char *family = "";
    tsp_sink_puts(sink, "## ");
    put_cell(sink, comparison->differences.isa ? comparison->other->records[0].machine.arch
                                               : comparison->other->name);
    tsp_sink_puts(sink, " ÷ ");
    put_cell(sink, comparison->differences.isa ? comparison->first->records[0].machine.arch
                                               : comparison->first->name);
    tsp_sink_puts(sink, "\n");
    put_differences(sink, comparison);
    put_summary(sink, comparison);
    put_alone(sink, comparison, 0);
    put_alone(sink, comparison, 1);
    for (size_t i = 0; i < comparison->row_count; ++i) {
        const struct tsp_row *row = &comparison->rows[i];
        if (strcmp(family, row->cases[0]->family) != 0) {
            family = row->cases[0]->family;
            tsp_sink_puts(sink, "\n### ");
            put_cell(sink, family);
            tsp_sink_puts(
                sink,
                "\n\n| case | first | other | ratio | 95 % | verdict | |\n|---|---:|---:|---:|---|---|---|\n");
        }
        put_row(sink, row);
    }
}

int tsp_comparison_write_markdown(const struct tsp_comparison *comparisons, size_t count,
                                  const struct tsp_question *question, FILE *stream,
                                  struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    (void)question;
    for (size_t i = 0; i < count; ++i) {
        tsp_sink_puts(&sink, i > 0 ? "\n" : "");
        put_comparison(&sink, &comparisons[i]);
    }
    return tsp_sink_finish(&sink, "the comparison as Markdown", error);
}
