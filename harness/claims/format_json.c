/* Claims as JSON, schema transept.claims/1 (results/schema/claims-1.json). Claims are made, written and freed one by one. */
#include <math.h>
#include <string.h>

#include "record/encode.h"
#include "record/sink.h"
#include "transept/claims.h"

static json_t *text_or_null(const char *text) {
    return text == NULL || text[0] == '\0' ? json_null() : tsp_encode_text(text, strlen(text) + 1);
}

/* Where in the list of records; null: it is none of them. */
static json_t *place_of(const struct tsp_claims_report *report, const struct tsp_claim_record *record) {
    return record == NULL ? json_null() : json_integer((json_int_t)(record - report->records));
}

static json_t *encode_record(const struct tsp_claim_record *record) {
    return json_pack("{s:o,s:o,s:b,s:b,s:b,s:o,s:o,s:o,s:o}", "path", text_or_null(record->path), "arch",
                     text_or_null(record->arch), "emulated", record->emulated, "counts_only",
                     record->counts_only, "profile_guided", record->profile_guided, "machine",
                     text_or_null(record->machine), "executed_by", text_or_null(record->executed_by),
                     "built_by", text_or_null(record->built_by), "started", text_or_null(record->when));
}

static json_t *encode_value(const struct tsp_claims_report *report, const struct tsp_claim_value *value) {
    if (value->record == NULL) {
        return json_null();
    }
    bool there = value->series != NULL;
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:i}", "record", place_of(report, value->record), "case",
                     text_or_null(value->id), "value", tsp_encode_number(there ? value->value : (double)NAN),
                     "lo", tsp_encode_number(there ? value->lo : (double)NAN), "hi",
                     tsp_encode_number(there ? value->hi : (double)NAN), "rounds",
                     there ? (int)value->series->count : 0);
}

static json_t *encode_figure(const struct tsp_claims_report *report, const struct tsp_claim_finding *finding,
                             const struct tsp_claim_figure *figure) {
    const struct tsp_series *series = figure->of.series;
    const struct tsp_claim_check *check = figure->check;
    char wanted[96];
    return json_pack("{s:i,s:s,s:o,s:o,s:o,s:o,s:s,s:o,s:o,s:o,s:o,s:o,s:o}", "check",
                     (int)(check - finding->claim->checks) + 1, "verdict",
                     tsp_claim_check_shows(check) ? "shown" : tsp_claim_verdict_name(figure->verdict),
                     "metric", text_or_null(figure->metric), "evidence",
                     text_or_null(series != NULL ? tsp_evidence_name(series->evidence) : NULL), "unit",
                     text_or_null(series != NULL ? series->unit : NULL), "of",
                     encode_value(report, &figure->of), "relation",
                     figure->to.record == NULL ? "value"
                     : check->minus != NULL    ? "difference"
                                               : "ratio",
                     "to", encode_value(report, &figure->to), "value", tsp_encode_number(figure->value), "lo",
                     tsp_encode_number(figure->lo), "hi", tsp_encode_number(figure->hi), "wanted",
                     text_or_null(tsp_claim_wanted_text(check, wanted, sizeof wanted)), "reason",
                     text_or_null(figure->reason));
}

static json_t *encode_finding(const struct tsp_claims_report *report,
                              const struct tsp_claim_finding *finding) {
    char why[512];
    json_t *figures = json_array();
    for (size_t i = 0; i < finding->figure_count; ++i) {
        tsp_encode_append(&figures, encode_figure(report, finding, &finding->figures[i]));
    }
    return json_pack("{s:[o,o],s:s,s:b,s:o,s:o}", "records", place_of(report, finding->records[0]),
                     place_of(report, finding->records[1]), "verdict",
                     tsp_claim_verdict_name(finding->verdict), "told_of_this_isa", !finding->silent, "why",
                     text_or_null(tsp_claim_why(finding, why, sizeof why)), "figures", figures);
}

static json_t *encode_claim(const struct tsp_claims_report *report, const struct tsp_claim *claim) {
    json_t *findings = json_array();
    for (size_t i = 0; i < report->count; ++i) {
        if (report->findings[i].claim == claim) {
            tsp_encode_append(&findings, encode_finding(report, &report->findings[i]));
        }
    }
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o}", "id", text_or_null(claim->id), "group",
                     text_or_null(claim->group), "claim", text_or_null(claim->claim), "claimed",
                     text_or_null(claim->claimed), "tested", text_or_null(claim->tested), "findings",
                     findings);
}

static void put(struct tsp_sink *sink, const char *before, json_t *value) {
    tsp_sink_puts(sink, before);
    tsp_sink_lay(sink, value, 2, 0);
    json_decref(value);
}

int tsp_claims_write_json(const struct tsp_claims_report *report, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    const char *comma = "";
    tsp_sink_puts(&sink, "{\n \"schema\": \"transept.claims/1\",\n \"records\": [");
    for (size_t i = 0; i < report->record_count; ++i) {
        put(&sink, i > 0 ? ",\n  " : "\n  ", encode_record(&report->records[i]));
    }
    tsp_sink_puts(&sink, "\n ],\n \"claims\": [");
    for (size_t i = 0; i < report->claims->count; ++i) {
        if (tsp_claims_report_has(report, &report->claims->of[i])) {
            tsp_sink_puts(&sink, comma);
            put(&sink, "\n  ", encode_claim(report, &report->claims->of[i]));
            comma = ",";
        }
    }
    tsp_sink_puts(&sink, "\n ]\n}\n");
    return tsp_sink_finish(&sink, "the claims as JSON", error);
}
