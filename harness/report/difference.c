/* One record against the first: the comparison that `transept compare` makes, once of times and once of exact counts. */
#include <math.h>
#include <string.h>

#include "record/encode.h"
#include "report/parts.h"

static json_t *text_or_null(const char *text) {
    return tsp_encode_text(text, strlen(text) + 1);
}

static json_t *encode_row(const struct tsp_row *row) {
    char remark[TSP_REASON_MAX];
    const struct tsp_series *series = tsp_row_series(row);
    const struct tsp_effect *effect = &row->effect;
    bool exact = series->exact;
    json_t *(*number)(double) = exact ? tsp_encode_number : tsp_report_figure;
    json_t *object = json_pack("{s:o,s:o,s:o,s:s,s:s,s:[o,o]}", "case", text_or_null(row->cases[0]->id),
                               "metric", text_or_null(series->name), "unit", text_or_null(series->unit),
                               "evidence", tsp_evidence_name(series->evidence), "verdict",
                               tsp_row_verdict(row), "values", number(row->value[0]), number(row->value[1]));
    if (!isnan(effect->ratio)) {
        tsp_encode_member(&object, "ratio",
                          json_pack("[o,o,o]", tsp_report_figure(effect->ratio),
                                    tsp_report_figure(effect->lo), tsp_report_figure(effect->hi)));
        tsp_encode_member(&object, "rounds",
                          json_pack("[i,i]", (int)effect->rounds[0], (int)effect->rounds[1]));
    }
    if (isfinite(row->floor)) {
        tsp_encode_member(&object, "floor", tsp_report_figure(row->floor));
    }
    if (tsp_row_remark(row, remark, sizeof remark)[0] != '\0') {
        tsp_encode_member(&object, "remark", text_or_null(remark));
    }
    return object;
}

/* Of counts only those that differ: what is equal is told by the tally, what varies or is on one side alone by the tables. */
static bool is_told(const struct tsp_row *row, bool counts) {
    bool moved = row->verdict == TSP_VERDICT_WORSE || row->verdict == TSP_VERDICT_BETTER || row->differs;
    return tsp_row_series(row) != NULL && (moved || !counts);
}

static json_t *encode_rows(const struct tsp_comparison *comparison, bool counts) {
    json_t *rows = json_array();
    for (size_t i = 0; i < comparison->row_count; ++i) {
        if (is_told(&comparison->rows[i], counts)) {
            tsp_encode_append(&rows, encode_row(&comparison->rows[i]));
        }
    }
    return rows;
}

static json_t *encode_tally(const struct tsp_comparison *comparison) {
    const size_t *counts = comparison->counts;
    return json_pack(
        "{s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "same", tsp_encode_count(counts[TSP_VERDICT_SAME]), "worse",
        tsp_encode_count(counts[TSP_VERDICT_WORSE]), "better", tsp_encode_count(counts[TSP_VERDICT_BETTER]),
        "inconclusive", tsp_encode_count(counts[TSP_VERDICT_INCONCLUSIVE]), "unjudged",
        tsp_encode_count(counts[TSP_VERDICT_NONE]), "only_first", tsp_encode_count(comparison->only_first),
        "only_other", tsp_encode_count(comparison->only_other));
}

static json_t *encode_heads(const struct tsp_head_differences *differences) {
    json_t *all = json_array();
    for (unsigned i = 0; i < differences->count; ++i) {
        const struct tsp_head_difference *one = &differences->of[i];
        tsp_encode_append(&all, json_pack("{s:s,s:o,s:o}", "what", one->what, "first",
                                          TSP_ENCODE_TEXT(one->first), "other", TSP_ENCODE_TEXT(one->other)));
    }
    return all;
}

/* Two sides without a case in common are no error of the reader's: the answer says so. */
static json_t *answer(const struct tsp_side sides[2], const struct tsp_question *question) {
    struct tsp_comparison comparison;
    struct tsp_error error;
    if (tsp_comparison_make(&comparison, &sides[0], &sides[1], question, &error) != 0) {
        return json_pack("{s:o,s:[]}", "reason", text_or_null(error.text), "rows");
    }
    json_t *object =
        json_pack("{s:o,s:o,s:o}", "tally", encode_tally(&comparison), "heads",
                  encode_heads(&comparison.differences), "rows", encode_rows(&comparison, question->counts));
    tsp_comparison_free(&comparison);
    return object;
}

static json_t *ask(const struct tsp_report_inputs *inputs, size_t other, struct tsp_question *question,
                   struct tsp_error *error) {
    struct tsp_side sides[2] = {{.name = NULL}, {.name = NULL}};
    json_t *object = NULL;
    if (tsp_side_read(&sides[0], inputs->records[0], question, error) == 0 &&
        tsp_side_read(&sides[1], inputs->records[other], question, error) == 0 &&
        (inputs->heed == NULL ||
         inputs->heed(inputs->heed_data, &sides[0].records[0].machine, question, error) >= 0)) {
        object = answer(sides, question);
        if (object == NULL) {
            (void)tsp_error_set(error, "no memory to compare %s; give fewer records", inputs->records[other]);
        }
    }
    tsp_side_free(&sides[0]);
    tsp_side_free(&sides[1]);
    return object;
}

json_t *tsp_report_difference(const struct tsp_report_inputs *inputs, size_t other, struct tsp_error *error) {
    /* Who gives records of two machines or compilers asks for just that; the page names all differences. */
    struct tsp_question times = {.metric = "time",
                                 .threshold = 0.01,
                                 .across = TSP_ACROSS_MACHINE | TSP_ACROSS_COMPILER | TSP_ACROSS_PAGE};
    struct tsp_question counts = {.counts = true, .across = times.across};
    json_t *time = ask(inputs, other, &times, error);
    json_t *count = time != NULL ? ask(inputs, other, &counts, error) : NULL;
    if (count == NULL) {
        json_decref(time);
        return NULL;
    }
    json_t *object = json_pack("{s:i,s:o,s:o,s:o}", "other", (int)other, "threshold",
                               tsp_encode_number(times.threshold), "time", time, "counts", count);
    if (object == NULL) {
        (void)tsp_error_set(error, "no memory to compare %s; give fewer records", inputs->records[other]);
    }
    return object;
}
