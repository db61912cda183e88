/* A comparison as CSV: one row a case, metric and other side (RFC 4180). */
#include <inttypes.h>

#include "compare/format.h"
#include "record/sink.h"

static const char header[] =
    "first,other,case,family,metric,statistic,unit,evidence,first_value,other_value,ratio,ratio_lo,ratio_hi,p,adjusted_p,"
    "first_rounds,other_rounds,floor,verdict,rounds_wanted,reason\r\n";

static void put_count(struct tsp_sink *sink, uint64_t count) {
    char text[24] = "";
    if (count > 0) {
        (void)snprintf(text, sizeof text, "%" PRIu64, count);
    }
    tsp_sink_cell(sink, text);
}

static void put_row(struct tsp_sink *sink, const struct tsp_comparison *comparison, const struct tsp_row *row,
                    const struct tsp_question *question) {
    const struct tsp_series *series = tsp_row_series(row);
    tsp_sink_cell(sink, comparison->first->name);
    tsp_sink_cell(sink, comparison->other->name);
    tsp_sink_cell(sink, row->cases[0]->id);
    tsp_sink_cell(sink, row->cases[0]->family);
    tsp_sink_cell(sink, series != NULL ? series->name : "");
    tsp_sink_cell(sink, series == NULL || series->exact ? "" : tsp_statistic_name(question->statistic));
    tsp_sink_cell(sink, series != NULL ? series->unit : "");
    tsp_sink_cell(sink, series != NULL ? tsp_evidence_name(series->evidence) : "");
    tsp_sink_number_cell(sink, row->value[0]);
    tsp_sink_number_cell(sink, row->value[1]);
    tsp_sink_number_cell(sink, row->effect.ratio);
    tsp_sink_number_cell(sink, row->effect.lo);
    tsp_sink_number_cell(sink, row->effect.hi);
    tsp_sink_number_cell(sink, row->effect.p);
    tsp_sink_number_cell(sink, row->adjusted_p);
    put_count(sink, row->effect.rounds[0]);
    put_count(sink, row->effect.rounds[1]);
    tsp_sink_number_cell(sink, row->floor);
    tsp_sink_cell(sink, tsp_row_verdict(row));
    put_count(sink, row->rounds_wanted);
    tsp_sink_csv(sink, row->reason);
    tsp_sink_puts(sink, "\r\n");
}

int tsp_comparison_write_csv(const struct tsp_comparison *comparisons, size_t count,
                             const struct tsp_question *question, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    tsp_sink_puts(&sink, header);
    for (size_t i = 0; i < count; ++i) {
        for (size_t k = 0; k < comparisons[i].row_count; ++k) {
            put_row(&sink, &comparisons[i], &comparisons[i].rows[k], question);
        }
        for (int side = 0; side < 2; ++side) {
            struct tsp_row row;
            for (size_t at = 0; tsp_comparison_only(&comparisons[i], side, &at, &row);) {
                put_row(&sink, &comparisons[i], &row, question);
            }
        }
    }
    return tsp_sink_finish(&sink, "the comparison as CSV", error);
}
