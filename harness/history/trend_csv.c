/* Trends as CSV: one row a series and run (RFC 4180). */
#include <inttypes.h>
#include <math.h>

#include "history/trend.h"
#include "record/sink.h"

static const char header[] =
    "case,metric,percentile,unit,evidence,better,arch,machine,executed_by,time_ms,warmup_ms,run,started,commit,compiler,value,lo,hi,n,"
    "change_from,change_to,change_p,band_lo,band_hi,reason\r\n";

/* Of the run at which the series changed: empty cells where it did not. */
static void put_change(struct tsp_sink *sink, const struct tsp_trend *trend, size_t index) {
    struct tsp_change none = {.from = NAN, .to = NAN, .p = NAN};
    const struct tsp_change *change = &none;
    for (size_t i = 0; i < trend->changes.count; ++i) {
        change = trend->changes.of[i].index == index ? &trend->changes.of[i] : change;
    }
    tsp_sink_number_cell(sink, change->from);
    tsp_sink_number_cell(sink, change->to);
    tsp_sink_number_cell(sink, change->p);
}

static void put_series(struct tsp_sink *sink, const struct tsp_trend *trend,
                       const struct tsp_trend_question *question) {
    tsp_sink_cell(sink, trend->tcase);
    tsp_sink_cell(sink, question->metric);
    tsp_sink_cell(sink, tsp_percentile_name(question->percentile));
    tsp_sink_cell(sink, trend->unit);
    tsp_sink_cell(sink, tsp_evidence_name(trend->evidence));
    tsp_sink_cell(sink, trend->better);
    tsp_sink_cell(sink, trend->head->arch);
    tsp_sink_cell(sink, trend->head->machine);
    tsp_sink_cell(sink, trend->head->executed_by);
    tsp_sink_number_cell(sink, trend->head->time_ms);
    tsp_sink_number_cell(sink, trend->head->warmup_ms);
}

static void put_point(struct tsp_sink *sink, const struct tsp_trends *trends, const struct tsp_trend *trend,
                      size_t index) {
    const struct tsp_trend_point *point = &trend->points[index];
    const struct tsp_history_run *run = &trends->runs.of[point->run];
    char n[24];
    (void)snprintf(n, sizeof n, "%" PRIu64, point->n);
    tsp_sink_cell(sink, run->id);
    tsp_sink_cell(sink, run->started);
    tsp_sink_cell(sink, run->commit);
    tsp_sink_cell(sink, run->compiler);
    tsp_sink_number_cell(sink, point->estimate.value);
    tsp_sink_number_cell(sink, point->estimate.lo);
    tsp_sink_number_cell(sink, point->estimate.hi);
    tsp_sink_cell(sink, n);
    put_change(sink, trend, index);
    tsp_sink_number_cell(sink, trend->band.lo);
    tsp_sink_number_cell(sink, trend->band.hi);
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
