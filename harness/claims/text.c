/* Findings in words. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "transept/claims.h"

static void append(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void append(char *text, size_t size, const char *format, ...) {
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

const char *tsp_claim_wanted_text(const struct tsp_claim_check *check, char *text, size_t size) {
    const struct {
        const char *words;
        double bound;
    } bounds[] = {{"at least", check->bounds.at_least},
                  {"at most", check->bounds.at_most},
                  {"above", check->bounds.above},
                  {"below", check->bounds.below},
                  {"exactly", check->bounds.equals}};
    static const char *const asked[] = {"", "seen at all", "never seen", "ended by a signal"};
    (void)snprintf(text, size, "%s", asked[check->question]);
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; ++i) {
        if (!isnan(bounds[i].bound)) {
            append(text, size, "%s%s %g", text[0] != '\0' ? " and " : "", bounds[i].words, bounds[i].bound);
        }
    }
    return text;
}

/* What the second id has behind the last slash up to which both are alike: all of it where they differ at once. */
static const char *tail_of(const char *id, const char *beside) {
    size_t slash = 0;
    for (size_t i = 0; id[i] != '\0' && id[i] == beside[i]; ++i) {
        slash = id[i] == '/' ? i + 1 : slash;
    }
    return id + slash;
}

/* The cases: "abi/args-int/direct/n=7 less …n=6", "layout/assign/wide-first/ws=l1 ÷ …wide-last/ws=l1". */
static void add_cases(const struct tsp_claim_figure *figure, char *text, size_t size) {
    append(text, size, "%s", figure->of.id);
    if (figure->to.record == NULL) {
        return;
    }
    bool across = figure->of.record != figure->to.record;
    const char *sign = figure->check->minus != NULL ? "less" : "÷";
    const char *tail = tail_of(figure->to.id, figure->of.id);
    if (across && strcmp(figure->of.record->arch, figure->to.record->arch) != 0) {
        bool same = strcmp(figure->of.id, figure->to.id) == 0;
        append(text, size, ", %s ÷ %s%s%s", figure->of.record->arch, figure->to.record->arch,
               same ? "" : ", there ", same ? "" : figure->to.id);
    } else if (across) {
        append(text, size, ", profile-guided ÷ ordinary");
    } else {
        append(text, size, " %s %s%s", sign, tail != figure->to.id ? "…" : "", tail);
    }
}

/* Whole numbers in full: counts are exact. */
static void add_number(double value, double lo, double hi, char *text, size_t size) {
    bool whole = fabs(value) < 1e9 && fabs(value - nearbyint(value)) < 1e-9;
    append(text, size, whole ? "%.0f" : "%.4g", value);
    if (lo < hi) {
        append(text, size, " [%.4g, %.4g]", lo, hi);
    }
}

const char *tsp_claim_figure_text(const struct tsp_claim_figure *figure, char *text, size_t size) {
    const struct tsp_series *series = figure->of.series;
    char wanted[96];
    text[0] = '\0';
    if (figure->metric[0] != '\0') {
        append(text, size, "%s, ", figure->metric);
    }
    add_cases(figure, text, size);
    (void)tsp_claim_wanted_text(figure->check, wanted, sizeof wanted);
    if (figure->check->question == TSP_CLAIM_FAULTED && figure->of.tcase != NULL) {
        append(text, size, ": %s", tsp_status_name(figure->of.tcase->status));
    } else if (!isnan(figure->value)) {
        append(text, size, ": ");
        add_number(figure->value, figure->lo, figure->hi, text, size);
        if (figure->to.record == NULL && figure->check->per <= 0 && series != NULL &&
            series->unit[0] != '\0') {
            append(text, size, " %s", series->unit);
        }
        if (series != NULL && series->evidence == TSP_MODELLED) {
            append(text, size, ", modelled");
        }
    }
    if (wanted[0] != '\0') {
        append(text, size, " (wanted: %s)", wanted);
    }
    return text;
}

const char *tsp_claim_why(const struct tsp_claim_finding *finding, char *text, size_t size) {
    if (finding->verdict != TSP_CLAIM_NOT_SHOWN && finding->decisive != NULL) {
        return tsp_claim_figure_text(finding->decisive, text, size);
    }
    (void)snprintf(text, size, "%s", finding->reason);
    return text;
}

bool tsp_claim_findings_alike(const struct tsp_claim_finding *a, const struct tsp_claim_finding *b,
                              bool figures) {
    char texts[2][512];
    if (a->claim != b->claim || a->verdict != b->verdict || a->silent != b->silent ||
        strcmp(tsp_claim_why(a, texts[0], sizeof texts[0]), tsp_claim_why(b, texts[1], sizeof texts[1])) !=
            0 ||
        (figures && a->figure_count != b->figure_count)) {
        return false;
    }
    for (size_t i = 0; figures && i < a->figure_count; ++i) {
        const struct tsp_claim_figure *one = &a->figures[i];
        const struct tsp_claim_figure *other = &b->figures[i];
        if (one->verdict != other->verdict || strcmp(one->reason, other->reason) != 0 ||
            strcmp(tsp_claim_figure_text(one, texts[0], sizeof texts[0]),
                   tsp_claim_figure_text(other, texts[1], sizeof texts[1])) != 0) {
            return false;
        }
    }
    return true;
}

const char *tsp_claim_finding_of(const struct tsp_claim_finding *finding, char *text, size_t size) {
    const struct tsp_claim_record *first = finding->records[0];
    const struct tsp_claim_record *second = finding->records[1];
    const char *sign = "";
    text[0] = '\0';
    if (first != NULL) {
        append(text, size, "%s", first->arch);
        sign = " ÷ ";
    }
    if (second != NULL) {
        append(text, size, "%s%s", sign, second->arch);
    }
    return text;
}
