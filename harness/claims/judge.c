/* One number against its bounds, and one check on a case or on two. */
#include "claims/judge.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "transept/measure.h"
#include "transept/stats.h"

/* --- a number and its bounds ---------------------------------------------------------------------------------------------------- */

/* What an interval says to one bound: 1 it is met, -1 it is not, 0 the interval has it within. */
static int side_of(double bound, double lo, double hi, bool upward, bool strict) {
    double near = upward ? lo : -hi; /* the end that must be beyond the bound, and the other */
    double far = upward ? hi : -lo;
    double edge = upward ? bound : -bound;
    if (strict ? near > edge : near >= edge) {
        return 1;
    }
    return (strict ? far <= edge : far < edge) ? -1 : 0;
}

static void say(char *why, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void say(char *why, size_t size, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(why, size, format, arguments);
    va_end(arguments);
}

enum tsp_claim_verdict tsp_claim_judge(const struct tsp_claim_bounds *bounds, double value, double lo,
                                       double hi, bool exact, char *why, size_t size) {
    const struct {
        double bound;
        bool upward;
        bool strict;
    } sides[] = {{bounds->at_least, true, false},
                 {bounds->at_most, false, false},
                 {bounds->above, true, true},
                 {bounds->below, false, true}};
    enum tsp_claim_verdict verdict = TSP_CLAIM_HOLDS;
    why[0] = '\0';
    if (!isnan(bounds->equals) && !exact) {
        say(why, size, "is measured, and no measured value is exactly %g", bounds->equals);
        return TSP_CLAIM_NOT_SHOWN;
    }
    if (!(lo <= value && value <= hi)) {
        say(why, size, "has no interval: it takes %d rounds", TSP_EFFECT_ROUNDS);
        return TSP_CLAIM_NOT_SHOWN;
    }
    if (!isnan(bounds->equals) && (value < bounds->equals || value > bounds->equals)) {
        verdict = TSP_CLAIM_FAILS;
    }
    for (size_t i = 0; i < sizeof sides / sizeof *sides; ++i) {
        int side =
            isnan(sides[i].bound) ? 1 : side_of(sides[i].bound, lo, hi, sides[i].upward, sides[i].strict);
        if (side < 0) {
            verdict = TSP_CLAIM_FAILS;
        } else if (side == 0 && verdict != TSP_CLAIM_FAILS) {
            verdict = TSP_CLAIM_NOT_SHOWN;
            say(why, size, "the interval %.4g to %.4g spans %g", lo, hi, sides[i].bound);
        }
    }
    if (verdict != TSP_CLAIM_NOT_SHOWN) {
        why[0] = '\0';
    }
    return verdict;
}

/* --- a value -------------------------------------------------------------------------------------------------------------------- */

static enum tsp_claim_verdict nothing(struct tsp_claim_figure *figure, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static enum tsp_claim_verdict nothing(struct tsp_claim_figure *figure, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(figure->reason, sizeof figure->reason, format, arguments);
    va_end(arguments);
    figure->verdict = TSP_CLAIM_NOT_SHOWN;
    return TSP_CLAIM_NOT_SHOWN;
}

/* Is it one of the emulator's counters, which no hardware has? */
static bool is_exact_count(const char *metric) {
    for (size_t i = 0; tsp_counter_page_name(i) != NULL; ++i) {
        if (strcmp(tsp_counter_page_name(i), metric) == 0) {
            return true;
        }
    }
    return false;
}

/* The metric is not there: what would bring it. */
static void lacks(struct tsp_claim_figure *figure, const struct tsp_claim_value *value) {
    const char *names = figure->check->metric;
    char first[TSP_NAME_MAX];
    (void)snprintf(first, sizeof first, "%.*s", (int)strcspn(names, ","), names);
    bool time = strncmp(first, "time", 4) == 0;
    if (value->record->counts_only) {
        (void)nothing(figure, "exact counts only: %s takes a run on hardware", first);
    } else if (is_exact_count(first)) {
        (void)nothing(figure, "no exact counts in this record (make count)");
    } else if (time) {
        (void)nothing(figure, "%.100s has no %s", value->id, first);
    } else {
        (void)nothing(figure, "needs the counter %s, which this record has not", first);
    }
}

/* The case, and whether it can tell. */
static bool has_case(struct tsp_claim_figure *figure, struct tsp_claim_value *value) {
    if (value->tcase == NULL) {
        (void)nothing(figure, "%.150s is not in this record", value->id);
        return false;
    }
    if (value->tcase->status != TSP_OK) {
        (void)nothing(figure, "%s: %.220s", tsp_status_name(value->tcase->status), value->tcase->reason);
        return false;
    }
    return true;
}

static bool has_values(struct tsp_claim_figure *figure, struct tsp_claim_value *value) {
    const struct tsp_series *series = value->series;
    if (series == NULL) {
        lacks(figure, value);
    } else if (series->varies) {
        (void)nothing(figure, "%s is not the same every time", series->name);
    } else if (series->count == 0) {
        (void)nothing(figure, "%s: %.200s", series->name,
                      series->reason != NULL ? series->reason : "no round has samples enough for it");
    } else if (series->evidence == TSP_EMULATED) {
        (void)nothing(figure, "emulated: what was read under an emulator says nothing of a processor");
    } else {
        return true;
    }
    return false;
}

static const struct tsp_series *find_series(const struct tsp_side_case *tcase, const char *names) {
    char stars[TSP_CLAIM_STARS];
    for (const char *rest = names; rest != NULL; rest = *rest == ',' ? rest + 1 : NULL) {
        char name[TSP_NAME_MAX];
        size_t length = strcspn(rest, ",");
        (void)snprintf(name, sizeof name, "%.*s", (int)length, rest);
        rest += length;
        for (size_t i = 0; i < tcase->series_count; ++i) {
            const struct tsp_series *series = &tcase->series[i];
            bool usable =
                series->count > 0 || strchr(names, ',') == NULL; /* of alternatives, one with values */
            if (usable && tsp_claim_match(name, series->name, stars, sizeof stars)) {
                return series;
            }
        }
    }
    return NULL;
}

/* Fills value and interval; false with the figure's reason. */
static bool value_of(struct tsp_claim_figure *figure, struct tsp_claim_value *value) {
    value->value = value->lo = value->hi = NAN;
    if (!has_case(figure, value)) {
        return false;
    }
    value->series =
        find_series(value->tcase, figure->metric[0] != '\0' ? figure->metric : figure->check->metric);
    if (!has_values(figure, value)) {
        return false;
    }
    (void)snprintf(figure->metric, sizeof figure->metric, "%s", value->series->name);
    if (value->series->exact) {
        value->value = value->lo = value->hi = value->series->values[0];
        return true;
    }
    struct tsp_estimate estimate = tsp_stats_across_rounds(value->series->values, value->series->count);
    value->value = estimate.value;
    value->lo = estimate.lo;
    value->hi = estimate.hi;
    return true;
}

/* --- two of them ---------------------------------------------------------------------------------------------------------------- */

/* Two exact counts. */
static bool combine_exact(struct tsp_claim_figure *figure) {
    double first = figure->of.value;
    double other = figure->to.value;
    if (figure->check->minus != NULL) {
        figure->value = first - other;
    } else if (first >= other && first <= other) {
        figure->value = 1; /* also of nothing and nothing */
    } else if (other > 0) {
        figure->value = first / other;
    } else {
        (void)nothing(figure, "%s: %.6g to 0 is no ratio", figure->metric, first);
        return false;
    }
    figure->lo = figure->hi = figure->value;
    return true;
}

static bool combine(struct tsp_claim_figure *figure) {
    const struct tsp_series *a = figure->of.series;
    const struct tsp_series *b = figure->to.series;
    struct tsp_effect effect;
    struct tsp_error error;
    if (a->evidence != b->evidence) {
        (void)nothing(figure, "%s there, %s here: never compared", tsp_evidence_name(a->evidence),
                      tsp_evidence_name(b->evidence));
        return false;
    }
    if (a->exact && b->exact) {
        return combine_exact(figure);
    }
    if (figure->check->minus != NULL) {
        (void)nothing(figure, "%s is measured here: only exact counts are taken from one another",
                      figure->metric);
        return false;
    }
    if (tsp_effect_between(&effect, b->values, b->count, a->values, a->count, &error) != 0) {
        (void)nothing(figure, "%.240s", error.text);
        return false;
    }
    figure->value = effect.ratio;
    figure->lo = effect.lo;
    figure->hi = effect.hi;
    return true;
}

/* --- the questions -------------------------------------------------------------------------------------------------------------- */

static void judge_value(struct tsp_claim_figure *figure) {
    const struct tsp_claim_check *check = figure->check;
    bool alone = figure->to.record == NULL;
    if (!value_of(figure, &figure->of) || (!alone && !value_of(figure, &figure->to))) {
        return;
    }
    if (alone) {
        double per = check->per > 0 ? check->per : 1;
        figure->value = figure->of.value / per;
        figure->lo = figure->of.lo / per;
        figure->hi = figure->of.hi / per;
    } else if (!combine(figure)) {
        return;
    }
    bool exact = figure->of.series->exact && (alone || figure->to.series->exact);
    if (!tsp_claim_check_shows(check)) {
        figure->verdict = tsp_claim_judge(&check->bounds, figure->value, figure->lo, figure->hi, exact,
                                          figure->reason, sizeof figure->reason);
    }
}

/* A rate of events over the rounds; its greatest. */
static void judge_events(struct tsp_claim_figure *figure) {
    bool never = figure->check->question == TSP_CLAIM_NEVER;
    if (!value_of(figure, &figure->of)) {
        return;
    }
    const struct tsp_series *series = figure->of.series;
    double most = 0;
    for (size_t i = 0; i < series->count; ++i) {
        most = fmax(most, series->values[i]);
    }
    figure->value = most;
    if (most > 0) {
        figure->verdict = never ? TSP_CLAIM_FAILS : TSP_CLAIM_HOLDS;
    } else if (never &&
               series->reason == NULL) { /* the case would have failed: the memory model rules it out */
        figure->verdict = TSP_CLAIM_HOLDS;
    } else {
        (void)nothing(figure, "none seen%s%.180s; that proves nothing", series->reason != NULL ? ": " : "",
                      series->reason != NULL ? series->reason : "");
    }
}

static void judge_end(struct tsp_claim_figure *figure) {
    const struct tsp_side_case *tcase = figure->of.tcase;
    if (figure->of.record->emulated) {
        (void)nothing(figure, "emulated: how a case ends there says nothing of a processor");
    } else if (tcase == NULL) {
        (void)nothing(figure, "%.150s is not in this record", figure->of.id);
    } else if (tcase->status == TSP_FAULTED || tcase->status == TSP_OK) {
        figure->verdict = tcase->status == TSP_FAULTED ? TSP_CLAIM_HOLDS : TSP_CLAIM_FAILS;
    } else {
        (void)nothing(figure, "%s: %.220s", tsp_status_name(tcase->status), tcase->reason);
    }
}

void tsp_claim_figure_judge(struct tsp_claim_figure *figure) {
    figure->value = figure->lo = figure->hi = NAN;
    figure->verdict = TSP_CLAIM_NOT_SHOWN;
    figure->of.tcase = tsp_claim_record_find(figure->of.record, figure->of.id);
    figure->to.tcase =
        figure->to.record != NULL ? tsp_claim_record_find(figure->to.record, figure->to.id) : NULL;
    switch ((enum tsp_claim_question)figure->check->question) {
    case TSP_CLAIM_VALUE:
        judge_value(figure);
        break;
    case TSP_CLAIM_SEEN:
    case TSP_CLAIM_NEVER:
        judge_events(figure);
        break;
    case TSP_CLAIM_FAULTED:
        judge_end(figure);
        break;
    }
}
