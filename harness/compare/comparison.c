/* One side against another: what can be held against each other, the effects, and over all of them the verdicts. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/rows.h"
#include "record/encode.h"

/* --- a row --------------------------------------------------------------------------------------------------------------------- */

double tsp_series_centre(const struct tsp_series *series) {
    double logs = 0;
    double sum = 0;
    double n = 0;
    for (size_t i = 0; i < series->count; ++i) {
        if (!isnan(series->values[i])) { /* a pair's that the other side alone has */
            logs += log(series->values[i]);
            sum += series->values[i];
            ++n;
        }
    }
    if (n == 0) {
        return NAN;
    }
    return series->exact && !series->varies ? series->values[0] : isfinite(logs) ? exp(logs / n) : sum / n;
}

static void unjudged(struct tsp_row *row, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void unjudged(struct tsp_row *row, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(row->reason, sizeof row->reason, format, arguments);
    va_end(arguments);
    row->verdict = TSP_VERDICT_NONE;
}

/* Times of one kind, and not of two emulations. */
static bool is_same_evidence(const struct tsp_series *a, const struct tsp_series *b,
                             const struct tsp_comparison *comparison) {
    bool elsewhere =
        comparison->differences.isa || (comparison->differences.across & TSP_ACROSS_MACHINE) != 0;
    return a->evidence == b->evidence && !(a->evidence == TSP_EMULATED && elsewhere);
}

/* Why the two must not be held against each other at all; such a row has no ratio either. */
static bool is_comparable(struct tsp_row *row, const struct tsp_comparison *comparison) {
    const struct tsp_series *a = row->series[0];
    const struct tsp_series *b = row->series[1];
    if (a == NULL || b == NULL) {
        unjudged(row, "%s is not in the %s", a == NULL ? b->name : a->name, a == NULL ? "first" : "other");
    } else if (a->evidence != b->evidence) {
        unjudged(row, "%s there, %s here: never compared", tsp_evidence_name(a->evidence),
                 tsp_evidence_name(b->evidence));
    } else if (strcmp(a->unit, b->unit) != 0) {
        unjudged(row, "in %s there, in %s here", a->unit, b->unit);
    } else if (!is_same_evidence(a, b, comparison)) {
        unjudged(row, "times of different emulations: they say nothing of the processors");
    } else if (a->count == 0 || b->count == 0) {
        const char *reason = a->count == 0 ? a->reason : b->reason;
        unjudged(row, "%s", reason != NULL ? reason : "no round has samples enough for it");
    } else {
        return true;
    }
    return false;
}

/* Of a fact: that it differs is told, and is neither a loss nor a gain. */
static void settle_fact(struct tsp_row *row) {
    if (row->fact && (row->verdict == TSP_VERDICT_WORSE || row->verdict == TSP_VERDICT_BETTER)) {
        row->differs = true;
        unjudged(row, "%.12g there, %.12g here: neither is better", row->value[0], row->value[1]);
    }
}

/* Counts are equal or not, whatever the threshold. */
static void judge_counts(struct tsp_row *row) {
    double first = row->series[0]->values[0];
    double other = row->series[1]->values[0];
    if (row->series[0]->varies || row->series[1]->varies) {
        row->verdict = TSP_VERDICT_INCONCLUSIVE;
        (void)snprintf(row->reason, sizeof row->reason, "not the same every time");
        return;
    }
    double ratio = first == other ? 1 : first != 0 ? other / first : NAN;
    row->effect = (struct tsp_effect){
        .ratio = ratio, .lo = ratio, .hi = ratio, .p = NAN, .df = INFINITY, .rounds = {1, 1}};
    bool more = other > first;
    row->verdict = first == other                  ? TSP_VERDICT_SAME
                   : more != row->higher_is_better ? TSP_VERDICT_WORSE
                                                   : TSP_VERDICT_BETTER;
    settle_fact(row);
}

/* What drifts hits both rounds of a pair alike, and the rest is in the interval: halves of pairs would count the same noise once more. */
static double noise_of(const struct tsp_row *row, const struct tsp_question *question) {
    double noise = question->noise != NULL ? question->noise(question->noise_data, row->cases[0]->id) : NAN;
    for (int i = 0; i < 2 && !question->paired; ++i) {
        noise = fmax(noise, tsp_noise_floor(row->series[i]->values,
                                            row->series[i]->count)); /* of a NaN and a number the number */
    }
    return noise;
}

/* Everything but the verdict, which takes all the others' p-values. */
static void measure_effect(struct tsp_row *row, const struct tsp_question *question) {
    struct tsp_error error;
    const struct tsp_series *a = row->series[0];
    const struct tsp_series *b = row->series[1];
    row->floor = fmax(question->threshold, noise_of(row, question));
    int status = question->paired && a->count == b->count
                     ? tsp_effect_paired(&row->effect, a->values, b->values, a->count, &error)
                     : tsp_effect_between(&row->effect, a->values, a->count, b->values, b->count, &error);
    if (status != 0) {
        row->effect = (struct tsp_effect){.ratio = NAN, .lo = NAN, .hi = NAN, .p = NAN};
        row->verdict = TSP_VERDICT_INCONCLUSIVE;
        (void)snprintf(row->reason, sizeof row->reason, "%.200s", error.text);
        return;
    }
    row->adjusted_p = row->effect.p;
}

/* What is known of each side by itself. */
static void fill_values(struct tsp_row *row) {
    row->effect = (struct tsp_effect){.ratio = NAN, .lo = NAN, .hi = NAN, .p = NAN};
    row->adjusted_p = row->floor = NAN;
    for (int i = 0; i < 2; ++i) {
        row->value[i] = row->series[i] != NULL ? tsp_series_centre(row->series[i]) : NAN;
    }
    const struct tsp_series *series = tsp_row_series(row);
    const char *better = series != NULL ? tsp_unit_better(series->unit) : "lower";
    row->higher_is_better = strcmp(better, "higher") == 0;
    row->fact = strcmp(better, "neither") == 0;
}

static void fill_row(struct tsp_row *row, const struct tsp_comparison *comparison,
                     const struct tsp_question *question) {
    fill_values(row);
    if (!is_comparable(row, comparison)) {
        return;
    }
    if (row->series[0]->exact || row->series[0]->varies || row->series[1]->varies) {
        judge_counts(row);
    } else {
        measure_effect(row, question);
    }
}

static void settle_verdict(struct tsp_row *row, const struct tsp_comparison *comparison) {
    if (isnan(row->adjusted_p)) {
        return; /* a count, or judged by what it lacks */
    }
    if (comparison->unasked != 0) {
        char names[64];
        unjudged(row, "no verdict unless that is the question: --across %s",
                 tsp_across_text(comparison->unasked, names, sizeof names));
        return;
    }
    row->verdict = tsp_verdict_on(&row->effect, row->adjusted_p, row->floor);
    if (row->higher_is_better && (row->verdict == TSP_VERDICT_WORSE || row->verdict == TSP_VERDICT_BETTER)) {
        row->verdict = row->verdict == TSP_VERDICT_WORSE ? TSP_VERDICT_BETTER : TSP_VERDICT_WORSE;
    }
    settle_fact(row);
    if (row->verdict == TSP_VERDICT_INCONCLUSIVE) {
        row->rounds_wanted = tsp_rounds_wanted(&row->effect, row->floor);
    }
}

/* --- all rows ------------------------------------------------------------------------------------------------------------------ */

struct making {
    struct tsp_comparison *comparison;
    const struct tsp_question *question;
    size_t room;
};

static struct tsp_row *add_row(struct making *making, const struct tsp_side_case *first,
                               const struct tsp_side_case *other) {
    struct tsp_comparison *comparison = making->comparison;
    if (comparison->row_count == making->room) {
        size_t room = making->room == 0 ? 64 : 2 * making->room;
        struct tsp_row *rows = realloc(comparison->rows, room * sizeof *rows);
        if (rows == NULL) {
            return NULL;
        }
        comparison->rows = rows;
        making->room = room;
    }
    struct tsp_row *row = &comparison->rows[comparison->row_count++];
    *row = (struct tsp_row){.cases = {first, other}};
    return row;
}

/* Counts that both have; times are not meant. */
static bool share_counts(const struct tsp_side_case *first, const struct tsp_side_case *other) {
    for (size_t i = 0; i < first->series_count; ++i) {
        const char *name = first->series[i].name;
        if (strcmp(name, "time") != 0 && tsp_side_case_series(other, name) != NULL) {
            return true;
        }
    }
    return false;
}

/* Where no metric is asked for: the time, else what both have counted. That times cannot be compared is told beside the counts. */
static bool is_asked(const struct making *making, const struct tsp_side_case *first,
                     const struct tsp_side_case *other, const char *name) {
    const struct tsp_question *question = making->question;
    const struct tsp_series *a = tsp_side_case_series(first, "time");
    const struct tsp_series *b = tsp_side_case_series(other, "time");
    if (question->metric[0] != '\0' || question->counts || question->paired || (a == NULL && b == NULL)) {
        return true;
    }
    if (strcmp(name, "time") == 0) {
        return (a != NULL && b != NULL) || !share_counts(first, other);
    }
    bool timed = a != NULL && b != NULL && is_same_evidence(a, b, making->comparison);
    return !timed && tsp_side_case_series(first, name) != NULL && tsp_side_case_series(other, name) != NULL;
}

/* A case that did not end ok on a side has one row that says so, with what the other side has. */
static int add_ended(struct making *making, const struct tsp_side_case *first,
                     const struct tsp_side_case *other) {
    struct tsp_row *row = add_row(making, first, other);
    if (row == NULL) {
        return -1;
    }
    for (int i = 0; i < 2; ++i) {
        row->series[i] = row->cases[i]->series_count > 0 ? &row->cases[i]->series[0] : NULL;
    }
    fill_values(row);
    const struct tsp_side_case *bad = other->status != TSP_OK ? other : first;
    unjudged(row, "%s in the %s%s%.180s", tsp_status_name(bad->status), bad == other ? "other" : "first",
             bad->reason[0] != '\0' ? ": " : "", bad->reason);
    return 0;
}

static int add_case(struct making *making, const struct tsp_side_case *first,
                    const struct tsp_side_case *other) {
    if (first->status == TSP_SKIPPED && other->status == TSP_SKIPPED) {
        return 0;
    }
    if (first->status != TSP_OK || other->status != TSP_OK) {
        return add_ended(making, first, other);
    }
    for (size_t i = 0; i < first->series_count + other->series_count; ++i) {
        bool mine = i < first->series_count;
        const struct tsp_series *series = mine ? &first->series[i] : &other->series[i - first->series_count];
        const struct tsp_series *a = tsp_side_case_series(first, series->name);
        if ((!mine && a != NULL) || !is_asked(making, first, other, series->name)) {
            continue; /* it has its row, or shall have none */
        }
        struct tsp_row *row = add_row(making, first, other);
        if (row == NULL) {
            return -1;
        }
        row->series[0] = a;
        row->series[1] = tsp_side_case_series(other, series->name);
        fill_row(row, making->comparison, making->question);
    }
    return 0;
}

/* Both sides are in order: one walk finds the pairs. */
static int pair_cases(struct making *making, struct tsp_error *error) {
    struct tsp_comparison *comparison = making->comparison;
    const struct tsp_side *a = comparison->first;
    const struct tsp_side *b = comparison->other;
    size_t i = 0;
    size_t k = 0;
    while (i < a->case_count || k < b->case_count) {
        int order = i == a->case_count   ? 1
                    : k == b->case_count ? -1
                                         : strverscmp(a->cases[i].id, b->cases[k].id);
        if (order == 0 && add_case(making, &a->cases[i], &b->cases[k]) != 0) {
            return tsp_error_set(error, "no memory to compare %zu cases; name fewer with --filter",
                                 a->case_count);
        }
        comparison->only_first += order < 0;
        comparison->only_other += order > 0;
        i += order <= 0;
        k += order >= 0;
    }
    const char *pattern = making->question->pattern;
    if (pattern != NULL && (a->case_count == 0 || b->case_count == 0)) {
        return tsp_error_set(error, "nothing to compare: no case of %.300s matches the filter '%.200s'",
                             a->case_count == 0 ? a->name : b->name, pattern);
    }
    size_t with_figures = 0;
    for (size_t row = 0; row < comparison->row_count; ++row) {
        with_figures += comparison->rows[row].series[0] != NULL || comparison->rows[row].series[1] != NULL;
    }
    if (with_figures == 0) {
        return tsp_error_set(
            error,
            "nothing to compare: of the %zu cases of %s and the %zu of %s none in both has figures%s%s",
            a->case_count, a->name, b->case_count, b->name, making->question->metric[0] != '\0' ? " of " : "",
            making->question->metric);
    }
    return 0;
}

static int adjust(struct tsp_comparison *comparison, struct tsp_error *error) {
    if (comparison->row_count == 0) {
        return 0;
    }
    double *p = calloc(comparison->row_count, sizeof *p);
    if (p == NULL) {
        return tsp_error_set(error, "no memory to judge %zu cases", comparison->row_count);
    }
    for (size_t i = 0; i < comparison->row_count; ++i) {
        p[i] = comparison->rows[i].adjusted_p;
    }
    int status = tsp_fdr_adjust(p, comparison->row_count, error);
    for (size_t i = 0; status == 0 && i < comparison->row_count; ++i) {
        comparison->rows[i].adjusted_p = p[i];
    }
    free(p);
    return status;
}

/* From nothing to something is as far as it goes. */
static double size_of(const struct tsp_row *row) {
    return isnan(row->effect.ratio) ? INFINITY : fabs(log(row->effect.ratio));
}

/* Grouped by family; what has an effect before what has none, the biggest first. */
static int compare_rows(const void *left, const void *right) {
    const struct tsp_row *a = left;
    const struct tsp_row *b = right;
    int family = strcmp(a->cases[0]->family, b->cases[0]->family);
    if (family != 0) {
        return family;
    }
    bool shows[2] = {tsp_row_shows(a), tsp_row_shows(b)};
    if (shows[0] != shows[1]) {
        return shows[0] ? -1 : 1;
    }
    double sizes[2] = {shows[0] ? size_of(a) : 0, shows[1] ? size_of(b) : 0};
    if (sizes[0] != sizes[1]) {
        return sizes[0] > sizes[1] ? -1 : 1;
    }
    int id = strverscmp(a->cases[0]->id, b->cases[0]->id);
    if (id != 0 || a->series[0] == NULL || b->series[0] == NULL) {
        return id;
    }
    return strcmp(a->series[0]->name, b->series[0]->name);
}

int tsp_comparison_make(struct tsp_comparison *comparison, const struct tsp_side *first,
                        const struct tsp_side *other, const struct tsp_question *question,
                        struct tsp_error *error) {
    struct making making = {.comparison = comparison, .question = question};
    *comparison = (struct tsp_comparison){.first = first, .other = other};
    tsp_heads_compare(&comparison->differences, &first->records[0], &other->records[0]);
    if (!comparison->differences
             .isa) { /* else the difference between the machines is the question, and stated */
        comparison->unasked = comparison->differences.across & ~question->across;
    }
    if (pair_cases(&making, error) != 0 || adjust(comparison, error) != 0) {
        tsp_comparison_free(comparison);
        return -1;
    }
    for (size_t i = 0; i < comparison->row_count; ++i) {
        settle_verdict(&comparison->rows[i], comparison);
        ++comparison->counts[comparison->rows[i].verdict];
    }
    qsort(comparison->rows, comparison->row_count, sizeof *comparison->rows, compare_rows);
    if (tsp_comparison_index(comparison, error) != 0) {
        tsp_comparison_free(comparison);
        return -1;
    }
    return 0;
}

void tsp_comparison_free(struct tsp_comparison *comparison) {
    free(comparison->rows);
    free(comparison->index);
    comparison->rows = NULL;
    comparison->index = NULL;
    comparison->row_count = 0;
}
