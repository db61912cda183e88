/* Trends as CSV: one row a series and run (RFC 4180). */
#include <inttypes.h>
#include <math.h>

#include "history/trend.h"
#include "record/encode.h"
#include "record/sink.h"

static const char header[] =
    "case,metric,percentile,unit,evidence,better,arch,machine,executed_by,time_ms,warmup_ms,run,started,commit,compiler,value,lo,hi,n,"
    "change_from,change_to,change_p,band_lo,band_hi,reason\r\n";

static void put_cell(struct tsp_sink *sink, const char *text) {
    tsp_sink_csv(sink, text);
    tsp_sink_puts(sink, ",");
}

static void put_number(struct tsp_sink *sink, double number) {
    char text[TSP_NUMBER_SIZE];
    put_cell(sink, tsp_number_text(number, text));
}

/* Of the run at which the series changed: empty cells where it did not. */
static void put_change(struct tsp_sink *sink, const struct tsp_trend *trend, size_t index) {
    struct tsp_change none = {.from = NAN, .to = NAN, .p = NAN};
    const struct tsp_change *change = &none;
    for (size_t i = 0; i < trend->changes.count; ++i) {
        change = trend->changes.of[i].index == index ? &trend->changes.of[i] : change;
    }
    put_number(sink, change->from);
    put_number(sink, change->to);
    put_number(sink, change->p);
}

static void put_series(struct tsp_sink *sink, const struct tsp_trend *trend,
                       const struct tsp_trend_question *question) {
    put_cell(sink, trend->tcase);
    put_cell(sink, question->metric);
    put_cell(sink, tsp_percentile_name(question->percentile));
    put_cell(sink, trend->unit);
    put_cell(sink, tsp_evidence_name(trend->evidence));
    put_cell(sink, trend->better);
    put_cell(sink, trend->head->arch);
    put_cell(sink, trend->head->machine);
    put_cell(sink, trend->head->executed_by);
    put_number(sink, trend->head->time_ms);
    put_number(sink, trend->head->warmup_ms);
}

static void put_point(struct tsp_sink *sink, const struct tsp_trends *trends, const struct tsp_trend *trend,
                      size_t index) {
    const struct tsp_trend_point *point = &trend->points[index];
    const struct tsp_history_run *run = &trends->runs.of[point->run];
    char n[24];
    (void)snprintf(n, sizeof n, "%" PRIu64, point->n);
    put_cell(sink, run->id);
    put_cell(sink, run->started);
    put_cell(sink, run->commit);
    put_cell(sink, run->compiler);
    put_number(sink, point->estimate.value);
    put_number(sink, point->estimate.lo);
    put_number(sink, point->estimate.hi);
    put_cell(sink, n);
    put_change(sink, trend, index);
    put_number(sink, trend->band.lo);
    put_number(sink, trend->band.hi);
    tsp_sink_csv(sink, point->reason != NULL ? point->reason : "");
    tsp_sink_puts(sink, "\r\n");
}

int tsp_trends_write_csv(const struct tsp_trends *trends, const struct tsp_trend_question *question,
                         FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    tsp_sink_puts(&sink, header);
    for (size_t i = 0; i < trends->count; ++i) {
        for (size_t k = 0; k < trends->of[i].count; ++k) {
            put_series(&sink, &trends->of[i], question);
            put_point(&sink, trends, &trends->of[i], k);
        }
    }
    return tsp_sink_finish(&sink, "the trends as CSV", error);
}
