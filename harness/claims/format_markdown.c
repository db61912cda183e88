/* Claims as Markdown: which hold where, at a glance; then each with what was tested and the figures. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "record/sink.h"
#include "transept/claims.h"

/* A cell of a table: a bar would end it, a line's end the table. */
static void put_cell(struct tsp_sink *sink, const char *text) {
    for (; *text != '\0'; ++text) {
        if (*text == '|') {
            tsp_sink_puts(sink, "\\|");
        } else if (*text == '*' || *text == '<') { /* would be taken for marks */
            tsp_sink_puts(sink, "\\");
            tsp_sink_put(sink, text, 1);
        } else {
            tsp_sink_put(sink, *text == '\n' || *text == '\r' ? " " : text, 1);
        }
    }
}

/* "A" to "Z", then "27". */
static void put_mark(struct tsp_sink *sink, size_t place) {
    char mark[24];
    if (place < 26) {
        (void)snprintf(mark, sizeof mark, "%c", (char)('A' + (int)place));
    } else {
        (void)snprintf(mark, sizeof mark, "%zu", place + 1);
    }
    tsp_sink_puts(sink, mark);
}

static void put_records(struct tsp_sink *sink, const struct tsp_claims_report *report) {
    tsp_sink_puts(sink, "| | ISA | executed by | built by | file |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < report->record_count; ++i) {
        const struct tsp_claim_record *record = &report->records[i];
        tsp_sink_puts(sink, "| ");
        put_mark(sink, i);
        tsp_sink_puts(sink, " | ");
        put_cell(sink, record->arch);
        tsp_sink_puts(sink, " | ");
        put_cell(sink, record->executed_by);
        tsp_sink_puts(sink, record->counts_only ? ", exact counts only | "
                            : record->emulated  ? ", emulated | "
                                                : " | ");
        put_cell(sink, record->built_by);
        tsp_sink_puts(sink, record->profile_guided ? ", profile-guided | " : " | ");
        put_cell(sink, record->path);
        tsp_sink_puts(sink, " |\n");
    }
}

/* Has the record any of the claim's cases? */
static bool has_cases(const struct tsp_claim_finding *finding) {
    for (size_t i = 0; i < finding->figure_count; ++i) {
        if (finding->figures[i].of.tcase != NULL) {
            return true;
        }
    }
    return false;
}

/* Is there something to tell of it? A record of other cases is passed over where another one has this claim's. */
static bool is_told(const struct tsp_claims_report *report, const struct tsp_claim_finding *finding) {
    bool elsewhere = false;
    for (size_t i = 0; i < report->count; ++i) {
        elsewhere =
            elsewhere || (report->findings[i].claim == finding->claim && has_cases(&report->findings[i]));
    }
    return !finding->silent && (has_cases(finding) || !elsewhere);
}

/* What stands in the cell of a claim and a record; of a pair in that of its first record. */
static const struct tsp_claim_finding *finding_at(const struct tsp_claims_report *report,
                                                  const struct tsp_claim *claim, size_t record) {
    for (size_t i = 0; i < report->count; ++i) {
        const struct tsp_claim_finding *finding = &report->findings[i];
        if (finding->claim == claim && finding->records[0] == &report->records[record]) {
            return finding;
        }
    }
    return NULL;
}

static void put_summary(struct tsp_sink *sink, const struct tsp_claims_report *report,
                        const struct tsp_claim *claim) {
    bool paired = tsp_claim_is_paired(claim);
    for (size_t r = 0; r < report->record_count && !paired; ++r) {
        const struct tsp_claim_finding *finding = finding_at(report, claim, r);
        tsp_sink_puts(sink, finding == NULL || !is_told(report, finding) ? " –"
                            : finding->verdict == TSP_CLAIM_HOLDS        ? " **holds**"
                            : finding->verdict == TSP_CLAIM_FAILS        ? " **does not hold**"
                                                                         : " not shown");
        tsp_sink_puts(sink, " |");
    }
    for (size_t i = 0; i < report->count && paired; ++i) {
        char of[48];
        const struct tsp_claim_finding *finding = &report->findings[i];
        if (finding->claim == claim) {
            tsp_sink_puts(sink, finding->verdict == TSP_CLAIM_NOT_SHOWN ? " " : " **");
            tsp_sink_puts(sink, tsp_claim_verdict_name(finding->verdict));
            tsp_sink_puts(sink, finding->verdict == TSP_CLAIM_NOT_SHOWN ? "" : "**");
            if (finding->records[0] != NULL && finding->records[1] != NULL) {
                tsp_sink_puts(sink, ": ");
                put_cell(sink, tsp_claim_finding_of(finding, of, sizeof of));
            }
            tsp_sink_puts(sink, " |");
            for (size_t r = 1; r < report->record_count; ++r) {
                tsp_sink_puts(sink, " |");
            }
        }
    }
}

static void put_glance(struct tsp_sink *sink, const struct tsp_claims_report *report) {
    tsp_sink_puts(sink, "| | claim |");
    for (size_t r = 0; r < report->record_count; ++r) {
        tsp_sink_puts(sink, " ");
        put_mark(sink, r);
        tsp_sink_puts(sink, " ");
        put_cell(sink, report->records[r].arch);
        tsp_sink_puts(sink, " |");
    }
    tsp_sink_puts(sink, "\n|---|---|");
    for (size_t r = 0; r < report->record_count; ++r) {
        tsp_sink_puts(sink, "---|");
    }
    tsp_sink_puts(sink, "\n");
    for (size_t i = 0; i < report->claims->count; ++i) {
        const struct tsp_claim *claim = &report->claims->of[i];
        if (tsp_claims_report_has(report, claim)) {
            tsp_sink_puts(sink, "| ");
            put_cell(sink, claim->id);
            tsp_sink_puts(sink, " | ");
            put_cell(sink, claim->claim);
            tsp_sink_puts(sink, " |");
            put_summary(sink, report, claim);
            tsp_sink_puts(sink, "\n");
        }
    }
}

/* --- each claim ------------------------------------------------------------------------------------------------------------------ */

static void put_figure(struct tsp_sink *sink, const struct tsp_claim_figure *figure) {
    char text[768];
    const struct tsp_series *series = figure->of.series;
    tsp_sink_puts(sink, "  - ");
    put_cell(sink, tsp_claim_figure_text(figure, text, sizeof text));
    if (!isnan(figure->value) && series != NULL) {
        tsp_sink_puts(sink, ", ");
        tsp_sink_puts(sink, tsp_evidence_name(series->evidence));
    }
    tsp_sink_puts(sink, ": ");
    tsp_sink_puts(sink, tsp_claim_check_shows(figure->check) && figure->reason[0] == '\0'
                            ? "only shown"
                            : tsp_claim_verdict_name(figure->verdict));
    if (figure->reason[0] != '\0') {
        tsp_sink_puts(sink, ": ");
        put_cell(sink, figure->reason);
    }
    tsp_sink_puts(sink, "\n");
}

/* "A arm64", or of a pair "AB arm64 ÷ x86_64". */
static void put_name(struct tsp_sink *sink, const struct tsp_claims_report *report,
                     const struct tsp_claim_finding *finding) {
    char of[48];
    for (size_t i = 0; i < 2; ++i) {
        if (finding->records[i] != NULL) {
            put_mark(sink, (size_t)(finding->records[i] - report->records));
        }
    }
    (void)tsp_claim_finding_of(finding, of, sizeof of);
    tsp_sink_puts(sink, of[0] != '\0' ? " " : "");
    put_cell(sink, of);
}

/* Records that say the same are told together, where the first of them is. */
static void put_finding(struct tsp_sink *sink, const struct tsp_claims_report *report, size_t place) {
    const struct tsp_claim_finding *finding = &report->findings[place];
    for (size_t i = 0; i < place; ++i) {
        if (tsp_claim_findings_alike(&report->findings[i], finding, true)) {
            return;
        }
    }
    tsp_sink_puts(sink, "- ");
    put_name(sink, report, finding);
    for (size_t i = place + 1; i < report->count; ++i) {
        if (tsp_claim_findings_alike(&report->findings[i], finding, true)) {
            tsp_sink_puts(sink, ", ");
            put_name(sink, report, &report->findings[i]);
        }
    }
    tsp_sink_puts(sink, ": **");
    tsp_sink_puts(sink, tsp_claim_verdict_name(finding->verdict));
    tsp_sink_puts(sink, "**");
    if (finding->reason[0] != '\0') {
        tsp_sink_puts(sink, ": ");
        put_cell(sink, finding->reason);
    }
    tsp_sink_puts(sink, "\n");
    for (size_t i = 0; i < finding->figure_count; ++i) {
        put_figure(sink, &finding->figures[i]);
    }
}

static void put_claim(struct tsp_sink *sink, const struct tsp_claims_report *report,
                      const struct tsp_claim *claim) {
    tsp_sink_puts(sink, "\n### ");
    put_cell(sink, claim->id);
    tsp_sink_puts(sink, ": ");
    put_cell(sink, claim->claim);
    tsp_sink_puts(sink, "\n\n");
    if (claim->claimed != NULL) {
        tsp_sink_puts(sink, "**Claimed:** ");
        put_cell(sink, claim->claimed);
        tsp_sink_puts(sink, ". ");
    }
    tsp_sink_puts(sink, "**Tested:** ");
    put_cell(sink, claim->tested);
    tsp_sink_puts(sink, "\n\n");
    for (size_t i = 0; i < report->count; ++i) {
        if (report->findings[i].claim == claim && is_told(report, &report->findings[i])) {
            put_finding(sink, report, i);
        }
    }
}

int tsp_claims_write_markdown(const struct tsp_claims_report *report, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    put_records(&sink, report);
    tsp_sink_puts(&sink, "\n");
    put_glance(&sink, report);
    for (size_t i = 0; i < report->claims->count; ++i) {
        const struct tsp_claim *claim = &report->claims->of[i];
        if (tsp_claims_report_has(report, claim)) {
            put_claim(&sink, report, claim);
        }
    }
    return tsp_sink_finish(&sink, "the claims as Markdown", error);
}
