/* Trends as JSON, schema transept.trend/1 (results/schema/trend-1.json). Series are made, written and freed one by one. */
#include <math.h>
#include <string.h>

#include "history/trend.h"
#include "record/encode.h"
#include "record/sink.h"
#include "transept/verdict.h"

static json_t *text_or_null(const char *text) {
    return text == NULL ? json_null() : tsp_encode_text(text, strlen(text) + 1);
}

static json_t *encode_point(const struct tsp_trends *trends, const struct tsp_trend_point *point,
                            const char *percentile) {
    const struct tsp_history_run *run = &trends->runs.of[point->run];
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "run", text_or_null(run->id), "started",
                     text_or_null(run->started), "commit", text_or_null(run->commit), percentile,
                     tsp_encode_number(point->estimate.value), "lo", tsp_encode_number(point->estimate.lo),
                     "hi", tsp_encode_number(point->estimate.hi), "n", tsp_encode_count(point->n), "reason",
                     text_or_null(point->reason));
}

static json_t *encode_change(const struct tsp_trends *trends, const struct tsp_trend *trend,
                             const struct tsp_change *change) {
    const struct tsp_history_run *run = &trends->runs.of[trend->points[change->index].run];
    return json_pack("{s:o,s:o,s:o,s:o,s:o}", "index", tsp_encode_count(change->index), "run",
                     text_or_null(run->id), "from", tsp_encode_number(change->from), "to",
                     tsp_encode_number(change->to), "p", tsp_encode_number(change->p));
}

static json_t *encode_series(const struct tsp_trends *trends, const struct tsp_trend *trend,
                             const struct tsp_trend_question *question) {
    const struct tsp_history_run *head = trend->head;
    json_t *object = json_pack(
        "{s:o,s:s,s:o,s:s,s:s,s:b,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "case", text_or_null(trend->tcase), "metric",
        question->metric, "unit", text_or_null(trend->unit), "evidence", tsp_evidence_name(trend->evidence),
        "better", trend->better, "exact", trend->exact, "arch", text_or_null(head->arch), "machine",
        text_or_null(head->machine), "executed_by", text_or_null(head->executed_by), "time_ms",
        tsp_encode_number(head->time_ms), "warmup_ms", tsp_encode_number(head->warmup_ms), "mode",
        trend->exact ? json_null() : json_string(trend->per_op ? "per-op" : "batched"), "ops_per_sample",
        trend->ops > 0 ? tsp_encode_count(trend->ops) : json_null());
    json_t *points = json_array();
    json_t *changes = json_array();
    for (size_t i = 0; i < trend->count; ++i) {
        tsp_encode_append(&points,
                          encode_point(trends, &trend->points[i], tsp_percentile_name(question->percentile)));
    }
    for (size_t i = 0; i < trend->changes.count; ++i) {
        tsp_encode_append(&changes, encode_change(trends, trend, &trend->changes.of[i]));
    }
    tsp_encode_member(&object, "points", points);
    tsp_encode_member(&object, "band",
                      json_pack("{s:o,s:o,s:o}", "lo", tsp_encode_number(trend->band.lo), "hi",
                                tsp_encode_number(trend->band.hi), "reason",
                                text_or_null(trend->band_reason)));
    tsp_encode_member(&object, "floor", tsp_encode_number(trend->floor));
    tsp_encode_member(&object, "changes", changes);
    tsp_encode_member(&object, "reason", text_or_null(trend->reason));
    return object;
}

static void put(struct tsp_sink *sink, const char *before, json_t *value, unsigned indent) {
    tsp_sink_puts(sink, before);
    tsp_sink_lay(sink, value, indent, 0);
    json_decref(value);
}

int tsp_trends_write_json(const struct tsp_trends *trends, const struct tsp_trend_question *question,
                          FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    tsp_sink_puts(&sink, "{\n \"schema\": \"" TSP_TREND_SCHEMA "\"");
    put(&sink, ",\n \"percentile\": ", json_string(tsp_percentile_name(question->percentile)), 1);
    put(&sink, ",\n \"threshold\": ", tsp_encode_number(question->threshold), 1);
    put(&sink, ",\n \"false_discovery_rate\": ", tsp_encode_number(TSP_FDR), 1);
    put(&sink, ",\n \"judged\": ", tsp_encode_count(trends->judged), 1);
    put(&sink, ",\n \"level\": ", tsp_encode_number(trends->level), 1);
    tsp_sink_puts(&sink, ",\n \"series\": [");
    for (size_t i = 0; i < trends->count; ++i) {
        put(&sink, i > 0 ? ",\n  " : "\n  ", encode_series(trends, &trends->of[i], question), 2);
    }
    tsp_sink_puts(&sink, "\n ]\n}\n");
    return tsp_sink_finish(&sink, "the trends as JSON", error);
}
