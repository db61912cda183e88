/* A comparison as JSON, schema transept.comparison/1 (results/schema/comparison-1.json). Rows are made, written and freed one by one. */
#include <math.h>
#include <string.h>

#include "compare/format.h"
#include "record/encode.h"
#include "record/sink.h"

/* A text of ours: the names of files may hold anything, so none is taken for UTF-8. */
static json_t *text_or_null(const char *text) {
    return text == NULL || text[0] == '\0' ? json_null() : tsp_encode_text(text, strlen(text) + 1);
}

static json_t *encode_side(const struct tsp_side *side) {
    json_t *records = json_array();
    for (size_t i = 0; i < side->record_count; ++i) {
        tsp_encode_append(&records, json_pack("{s:o,s:o,s:o}", "path", text_or_null(side->paths[i]), "id",
                                              text_or_null(side->records[i].run.id), "version",
                                              text_or_null(side->records[i].run.version)));
    }
    return json_pack("{s:o,s:o,s:i,s:o}", "name", text_or_null(side->name), "arch",
                     text_or_null(side->record_count > 0 ? side->records[0].machine.arch : NULL), "cases",
                     (int)side->case_count, "records", records);
}

static json_t *encode_differences(const struct tsp_head_differences *differences) {
    json_t *all = json_array();
    for (unsigned i = 0; i < differences->count; ++i) {
        const struct tsp_head_difference *difference = &differences->of[i];
        char across[64];
        tsp_encode_append(
            &all,
            json_pack("{s:s,s:o,s:o,s:o}", "what", difference->what, "first", text_or_null(difference->first),
                      "other", text_or_null(difference->other), "across",
                      text_or_null(tsp_across_text(difference->across, across, sizeof across))));
    }
    return all;
}

/* The rounds that ran side by side, so that others can test them too; null where there are none. */
static json_t *encode_pairs(const struct tsp_row *row) {
    const struct tsp_series *first = row->series[0];
    const struct tsp_series *other = row->series[1];
    if (first == NULL || other == NULL || first->exact || first->count != other->count) {
        return json_null();
    }
    json_t *pairs = json_array();
    for (size_t i = 0; i < first->count; ++i) {
        tsp_encode_append(&pairs, json_pack("[o,o]", tsp_encode_number(first->values[i]),
                                            tsp_encode_number(other->values[i])));
    }
    return pairs;
}

static json_t *encode_row(const struct tsp_row *row, const struct tsp_question *question) {
    const struct tsp_series *series = tsp_row_series(row);
    const struct tsp_effect *effect = &row->effect;
    json_t *object = json_pack("{s:o,s:o,s:o,s:o,s:o,s:b,s:o,s:o}", "case", text_or_null(row->cases[0]->id),
                               "family", text_or_null(row->cases[0]->family), "metric",
                               text_or_null(series != NULL ? series->name : NULL), "unit",
                               text_or_null(series != NULL ? series->unit : NULL), "evidence",
                               text_or_null(series != NULL ? tsp_evidence_name(series->evidence) : NULL),
                               "exact", series != NULL && series->exact, "first",
                               tsp_encode_number(row->value[0]), "other", tsp_encode_number(row->value[1]));
    json_t *ratio = isnan(effect->ratio)
                        ? json_null()
                        : json_pack("{s:o,s:o,s:o}", "value", tsp_encode_number(effect->ratio), "lo",
                                    tsp_encode_number(effect->lo), "hi", tsp_encode_number(effect->hi));
    tsp_encode_member(&object, "ratio", ratio);
    tsp_encode_member(&object, "p", tsp_encode_number(effect->p));
    tsp_encode_member(&object, "adjusted_p", tsp_encode_number(row->adjusted_p));
    tsp_encode_member(&object, "rounds", json_pack("[i,i]", (int)effect->rounds[0], (int)effect->rounds[1]));
    tsp_encode_member(&object, "floor", tsp_encode_number(row->floor));
    tsp_encode_member(&object, "verdict", json_string(tsp_row_verdict(row)));
    tsp_encode_member(&object, "rounds_wanted",
                      row->rounds_wanted > 0 ? tsp_encode_count(row->rounds_wanted) : json_null());
    tsp_encode_member(&object, "reason", text_or_null(row->reason));
    if (question->paired) {
        tsp_encode_member(&object, "pairs", encode_pairs(row));
    }
    return object;
}

static void put(struct tsp_sink *sink, const char *before, json_t *value, unsigned indent) {
    tsp_sink_puts(sink, before);
    tsp_sink_lay(sink, value, indent, 0);
    json_decref(value);
}

static json_t *encode_alone(const struct tsp_comparison *comparison, int side) {
    json_t *ids = json_array();
    struct tsp_row row;
    for (size_t at = 0; tsp_comparison_only(comparison, side, &at, &row);) {
        tsp_encode_append(&ids, text_or_null(row.cases[0]->id));
    }
    return ids;
}

static void put_comparison(struct tsp_sink *sink, const struct tsp_comparison *comparison,
                           const struct tsp_question *question) {
    put(sink, "{\"other\": ", encode_side(comparison->other), 3);
    put(sink, ",\n   \"differences\": ", encode_differences(&comparison->differences), 3);
    put(sink, ",\n   \"only_first\": ", tsp_encode_count(comparison->only_first), 3);
    put(sink, ", \"only_other\": ", tsp_encode_count(comparison->only_other), 3);
    put(sink, ",\n   \"cases_only_first\": ", encode_alone(comparison, 0), 3);
    put(sink, ",\n   \"cases_only_other\": ", encode_alone(comparison, 1), 3);
    tsp_sink_puts(sink, ",\n   \"rows\": [");
    for (size_t i = 0; i < comparison->row_count; ++i) {
        put(sink, i > 0 ? ",\n    " : "\n    ", encode_row(&comparison->rows[i], question), 4);
    }
    tsp_sink_puts(sink, "\n   ]}");
}

int tsp_comparison_write_json(const struct tsp_comparison *comparisons, size_t count,
                              const struct tsp_question *question, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    char across[64];
    tsp_sink_puts(&sink, "{\n \"schema\": \"transept.comparison/1\"");
    put(&sink, ",\n \"question\": ",
        json_pack("{s:o,s:s,s:o,s:o}", "metric", text_or_null(question->metric), "statistic",
                  tsp_statistic_name(question->statistic), "threshold",
                  tsp_encode_number(question->threshold), "across",
                  text_or_null(tsp_across_text(question->across, across, sizeof across))),
        1);
    put(&sink, ",\n \"first\": ", encode_side(comparisons[0].first), 1);
    tsp_sink_puts(&sink, ",\n \"comparisons\": [");
    for (size_t i = 0; i < count; ++i) {
        tsp_sink_puts(&sink, i > 0 ? ",\n  " : "\n  ");
        put_comparison(&sink, &comparisons[i], question);
    }
    tsp_sink_puts(&sink, "\n ]\n}\n");
    return tsp_sink_finish(&sink, "the comparison as JSON", error);
}
