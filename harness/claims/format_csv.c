/* Claims as CSV: a row for each figure behind a verdict; one for a verdict without figures (RFC 4180). */
#include <math.h>

#include "record/sink.h"
#include "transept/claims.h"

static const char header[] =
    "claim,group,arch,record,other_record,verdict,why,check,check_verdict,metric,evidence,unit,case,value,value_lo,value_hi,"
    "other_case,other_value,other_lo,other_hi,figure,figure_lo,figure_hi,wanted,reason\r\n";

static void put_value(struct tsp_sink *sink, const struct tsp_claim_value *value) {
    bool there = value->record != NULL && value->series != NULL;
    tsp_sink_cell(sink, value->id);
    tsp_sink_number_cell(sink, there ? value->value : (double)NAN);
    tsp_sink_number_cell(sink, there ? value->lo : (double)NAN);
    tsp_sink_number_cell(sink, there ? value->hi : (double)NAN);
}

static void put_finding(struct tsp_sink *sink, const struct tsp_claim_finding *finding) {
    char text[512];
    tsp_sink_cell(sink, finding->claim->id);
    tsp_sink_cell(sink, finding->claim->group);
    tsp_sink_cell(sink, tsp_claim_finding_of(finding, text, sizeof text));
    tsp_sink_cell(sink, finding->records[0] != NULL ? finding->records[0]->path : "");
    tsp_sink_cell(sink, finding->records[1] != NULL ? finding->records[1]->path : "");
    tsp_sink_cell(sink, tsp_claim_verdict_name(finding->verdict));
    tsp_sink_cell(sink, tsp_claim_why(finding, text, sizeof text));
}

static void put_figure(struct tsp_sink *sink, const struct tsp_claim_finding *finding,
                       const struct tsp_claim_figure *figure) {
    const struct tsp_series *series = figure->of.series;
    char wanted[96];
    put_finding(sink, finding);
    tsp_sink_number_cell(sink, (double)(figure->check - finding->claim->checks + 1));
    tsp_sink_cell(sink,
                  tsp_claim_check_shows(figure->check) ? "shown" : tsp_claim_verdict_name(figure->verdict));
    tsp_sink_cell(sink, figure->metric);
    tsp_sink_cell(sink, series != NULL ? tsp_evidence_name(series->evidence) : "");
    tsp_sink_cell(sink, series != NULL ? series->unit : "");
    put_value(sink, &figure->of);
    put_value(sink, &figure->to);
    tsp_sink_number_cell(sink, figure->value);
    tsp_sink_number_cell(sink, figure->lo);
    tsp_sink_number_cell(sink, figure->hi);
    tsp_sink_cell(sink, tsp_claim_wanted_text(figure->check, wanted, sizeof wanted));
    tsp_sink_csv(sink, figure->reason);
    tsp_sink_puts(sink, "\r\n");
}

int tsp_claims_write_csv(const struct tsp_claims_report *report, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    tsp_sink_puts(&sink, header);
    for (size_t i = 0; i < report->count; ++i) {
        const struct tsp_claim_finding *finding = &report->findings[i];
        for (size_t k = 0; k < finding->figure_count; ++k) {
            put_figure(&sink, finding, &finding->figures[k]);
        }
        if (finding->figure_count == 0) {
            put_finding(&sink, finding);
            tsp_sink_puts(&sink, ",,,,,,,,,,,,,,,,,\r\n");
        }
    }
    return tsp_sink_finish(&sink, "the claims as CSV", error);
}
