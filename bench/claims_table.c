/* The claims and their verdicts for people, in 80 columns. */
#include "claims_table.h"

#include <math.h>
#include <string.h>

#include "terminal.h"
#include "transept/isa.h"

enum { WIDTH = 80, INDENT = 5, VERDICT = 16, FIGURE = 9, ROOM = 10, MARKS = 64, TEXT = 1024 };

/* Prints a text at a column; the lines after the first are indented like it. */
static void print_at(FILE *stream, unsigned column, const char *text) {
    (void)fprintf(stream, "%*s", (int)column, "");
    tsp_print_wrapped(stream, text, column, column, WIDTH);
}

/* Goes on at column `at`, on the next line where not even the first word fits there. */
static void print_on(FILE *stream, const char *text, unsigned at, unsigned indent) {
    char word[TEXT];
    (void)snprintf(word, sizeof word, "%.*s", (int)strcspn(text, " "), text);
    if (at + tsp_text_columns(word) > WIDTH) {
        (void)fprintf(stream, "\n%*s", (int)indent, "");
        at = indent;
    }
    tsp_print_wrapped(stream, text, at, indent, WIDTH);
}

/* "x86_64, Intel Xeon …, kvm; gcc 12.2.0" */
static void print_record(FILE *stream, const struct tsp_claim_record *record, char mark) {
    char text[TEXT];
    (void)snprintf(text, sizeof text, "%s: %s, %s%s; built by %s%s", record->path, record->arch,
                   record->executed_by,
                   record->counts_only ? ", exact counts only"
                   : record->emulated  ? ", emulated"
                                       : "",
                   record->built_by, record->profile_guided ? ", profile-guided" : "");
    (void)fprintf(stream, "%c  ", mark);
    tsp_print_wrapped(stream, text, 3, 3, WIDTH);
}

static char mark_of(const struct tsp_claims_report *report, const struct tsp_claim_record *record) {
    return (char)('A' + (int)(record - report->records));
}

/* "C01  The first 8 …" */
static void print_claim(FILE *stream, const struct tsp_claim *claim, bool details) {
    char text[TEXT];
    size_t indent = strlen(claim->id) + 2;
    (void)fprintf(stream, "%s  ", claim->id);
    (void)snprintf(text, sizeof text, "%s%s%s%s", claim->claim, claim->claimed != NULL ? " (claimed: " : "",
                   claim->claimed != NULL ? claim->claimed : "", claim->claimed != NULL ? ")" : "");
    tsp_print_wrapped(stream, text, (unsigned)indent, INDENT, WIDTH);
    if (details) {
        (void)snprintf(text, sizeof text, "Tested: %s", claim->tested);
        print_at(stream, INDENT, text);
    }
}

/* --- figures --------------------------------------------------------------------------------------------------------------------- */

/* "abi/args-int/direct/n=7: 2 count/op, counted" */
static void print_value(FILE *stream, const struct tsp_claim_value *value) {
    char text[TEXT];
    if (value->record == NULL || value->series == NULL || isnan(value->value)) {
        return;
    }
    int length = snprintf(text, sizeof text, "%s (%s): %.5g", value->id, value->record->arch, value->value);
    if (value->lo < value->hi) {
        length +=
            snprintf(text + length, sizeof text - (size_t)length, " [%.5g, %.5g]", value->lo, value->hi);
    }
    length += snprintf(text + length, sizeof text - (size_t)length, "%s%s, %s, ",
                       value->series->unit[0] != '\0' ? " " : "", value->series->unit,
                       tsp_evidence_name(value->series->evidence));
    if (value->series->exact) {
        (void)snprintf(text + length, sizeof text - (size_t)length, "exact");
    } else {
        (void)snprintf(text + length, sizeof text - (size_t)length, "%zu rounds", value->series->count);
    }
    print_at(stream, FIGURE + 2, text);
}

static void print_figure(FILE *stream, const struct tsp_claim_figure *figure) {
    char figure_text[TEXT];
    char text[2 * TEXT];
    bool shows = tsp_claim_check_shows(figure->check);
    (void)snprintf(text, sizeof text, "%s: %s%s%s", shows ? "shown" : tsp_claim_verdict_name(figure->verdict),
                   tsp_claim_figure_text(figure, figure_text, sizeof figure_text),
                   figure->reason[0] != '\0' ? ": " : "", figure->reason);
    (void)fprintf(stream, "%*s- ", FIGURE - 2, "");
    tsp_print_wrapped(stream, text, FIGURE, FIGURE, WIDTH);
    print_value(stream, &figure->of);
    print_value(stream, &figure->to);
}

/* Which records: "AF". Nothing where there is one. */
static void add_marks(char *marks, size_t size, const struct tsp_claims_report *report,
                      const struct tsp_claim_finding *finding) {
    for (size_t i = 0; i < 2; ++i) {
        if (finding->records[i] != NULL && report->record_count > 1) {
            size_t used = strlen(marks);
            (void)snprintf(marks + used, size - used, "%c", mark_of(report, finding->records[i]));
        }
    }
}

/* "     AC  holds           stores, …": with details each record's, else those that are alike together. */
static void print_finding(FILE *stream, const struct tsp_claims_report *report, size_t place, bool details) {
    const struct tsp_claim_finding *finding = &report->findings[place];
    char marks[MARKS] = "";
    char text[TEXT];
    for (size_t i = 0; i < report->count; ++i) {
        bool alike =
            i == place || (!details && tsp_claim_findings_alike(&report->findings[i], finding, false));
        if (alike && i < place) {
            return; /* told with that one */
        }
        if (alike) {
            add_marks(marks, sizeof marks, report, &report->findings[i]);
        }
    }
    size_t room = report->record_count > 1 ? report->record_count + 2 : 0;
    int column = INDENT + (int)(room < ROOM ? room : ROOM);
    int length = INDENT + (int)strlen(marks) + (marks[0] != '\0' ? 2 : 0);
    column = length > column ? length : column;
    (void)fprintf(stream, "%*s%-*s%-*s", INDENT, "", column - INDENT, marks, VERDICT,
                  finding->silent ? "not asked" : tsp_claim_verdict_name(finding->verdict));
    print_on(stream, tsp_claim_why(finding, text, sizeof text), (unsigned)column + VERDICT, INDENT + 2);
    for (size_t i = 0; details && i < finding->figure_count; ++i) {
        print_figure(stream, &finding->figures[i]);
    }
}

/* --- the whole ------------------------------------------------------------------------------------------------------------------- */

/* Is there no claim of its group before it that is printed? */
static bool begins_group(const struct tsp_claims_report *report, size_t place) {
    const struct tsp_claim *claims = report->claims->of;
    for (size_t i = 0; i < place; ++i) {
        if (tsp_claims_report_has(report, &claims[i]) && strcmp(claims[i].group, claims[place].group) == 0) {
            return false;
        }
    }
    return tsp_claims_report_has(report, &claims[place]);
}

/* Groups in the order in which they begin; with each claim its findings, of which a report without records has none. */
static void print_claims(FILE *stream, const struct tsp_claims_report *report, bool details) {
    const struct tsp_claim *claims = report->claims->of;
    for (size_t first = 0; first < report->claims->count; ++first) {
        if (!begins_group(report, first)) {
            continue;
        }
        (void)fprintf(stream, "\n%s\n", claims[first].group);
        for (size_t i = first; i < report->claims->count; ++i) {
            if (!tsp_claims_report_has(report, &claims[i]) ||
                strcmp(claims[i].group, claims[first].group) != 0) {
                continue;
            }
            print_claim(stream, &claims[i], details);
            for (size_t k = 0; k < report->count; ++k) {
                if (report->findings[k].claim == &claims[i]) {
                    print_finding(stream, report, k, details);
                }
            }
        }
    }
}

static void print_totals(FILE *stream, const struct tsp_claims_report *report) {
    size_t counts[3] = {0, 0, 0};
    size_t silent = 0;
    for (size_t i = 0; i < report->count; ++i) {
        if (report->findings[i].silent) {
            ++silent;
        } else {
            ++counts[report->findings[i].verdict];
        }
    }
    (void)fprintf(stream, "\n%zu hold, %zu do not hold, %zu not shown here", counts[TSP_CLAIM_HOLDS],
                  counts[TSP_CLAIM_FAILS], counts[TSP_CLAIM_NOT_SHOWN]);
    (void)fprintf(stream, silent > 0 ? ", %zu of other ISAs\n" : "\n", silent);
}

void tsp_claims_table(FILE *stream, const struct tsp_claims_report *report, bool details) {
    for (size_t i = 0; i < report->record_count; ++i) {
        print_record(stream, &report->records[i], mark_of(report, &report->records[i]));
    }
    print_claims(stream, report, details);
    print_totals(stream, report);
}

void tsp_claims_list(FILE *stream, const struct tsp_claims_report *report, bool details) {
    print_claims(stream, report, details);
    (void)fputs("\nNo record was given, and results/" TSP_ISA_NAME
                "/latest.json is not there. For verdicts:\n"
                "  transept run --suite claims       measures the cases that these claims name\n"
                "  transept claims RECORD.json...    tells which of them hold\n",
                stream);
}
