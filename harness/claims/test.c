/* A claim on a record or on two: which cases its checks mean there, and what all of them say together. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claims/judge.h"

bool tsp_claim_check_shows(const struct tsp_claim_check *check) {
    const struct tsp_claim_bounds *bounds = &check->bounds;
    return check->question == TSP_CLAIM_VALUE && isnan(bounds->at_least) && isnan(bounds->at_most) &&
           isnan(bounds->above) && isnan(bounds->below) && isnan(bounds->equals);
}

bool tsp_claim_is_paired(const struct tsp_claim *claim) {
    for (size_t i = 0; i < claim->check_count; ++i) {
        if (claim->checks[i].across != NULL) {
            return true;
        }
    }
    return false;
}

const char *tsp_claim_verdict_name(enum tsp_claim_verdict verdict) {
    switch (verdict) {
    case TSP_CLAIM_HOLDS:
        return "holds";
    case TSP_CLAIM_FAILS:
        return "does not hold";
    case TSP_CLAIM_NOT_SHOWN:
        break;
    }
    return "not shown here";
}

/* --- the figures of a check ------------------------------------------------------------------------------------------------------ */

/* A check being tested: the records of `of` and of the other case. */
struct testing {
    struct tsp_claim_finding *finding;
    const struct tsp_claim_check *check;
    const struct tsp_claim_record *of;
    const struct tsp_claim_record *to;
    size_t first; /* of the check's figures */
    struct tsp_error *error;
};

static struct tsp_claim_figure *add_figure(struct testing *testing) {
    struct tsp_claim_finding *finding = testing->finding;
    if (finding->figure_count == finding->room) {
        size_t room = finding->room == 0 ? 4 : 2 * finding->room;
        struct tsp_claim_figure *figures = realloc(finding->figures, room * sizeof *figures);
        if (figures == NULL) {
            (void)tsp_error_set(testing->error, "no memory for the figures of %s", finding->claim->id);
            return NULL;
        }
        finding->figures = figures;
        finding->room = room;
    }
    struct tsp_claim_figure *figure = &finding->figures[finding->figure_count++];
    *figure = (struct tsp_claim_figure){
        .check = testing->check, .of.record = testing->of, .value = NAN, .lo = NAN, .hi = NAN};
    return figure;
}

/* The figure of one case; `metric` is empty unless the check is about all of them. */
static int add_judged(struct testing *testing, const char *id, const char *stars, const char *metric) {
    const struct tsp_claim_check *check = testing->check;
    const char *other = check->to != NULL ? check->to : check->minus;
    struct tsp_claim_figure *figure = add_figure(testing);
    if (figure == NULL) {
        return -1;
    }
    (void)snprintf(figure->of.id, sizeof figure->of.id, "%s", id);
    (void)snprintf(figure->metric, sizeof figure->metric, "%s", metric);
    if (other != NULL) {
        figure->to.record = testing->to;
        (void)tsp_claim_fill(other, stars, figure->to.id, sizeof figure->to.id);
    } else if (check->across != NULL) {
        figure->to.record = testing->to;
        (void)snprintf(figure->to.id, sizeof figure->to.id, "%s", id);
    }
    tsp_claim_figure_judge(figure);
    return 0;
}

/* Of the case's exact counts each, or the one metric that is asked for. */
static int add_metrics(struct testing *testing, const char *id, const char *stars) {
    const struct tsp_side_case *tcase = tsp_claim_record_find(testing->of, id);
    size_t counts = 0;
    if (testing->check->metric == NULL || strcmp(testing->check->metric, "*") != 0) {
        return add_judged(testing, id, stars, "");
    }
    for (size_t i = 0; tcase != NULL && i < tcase->series_count; ++i) {
        if (tcase->series[i].evidence == TSP_COUNTED && tcase->series[i].count > 0) {
            ++counts;
            if (add_judged(testing, id, stars, tcase->series[i].name) != 0) {
                return -1;
            }
        }
    }
    return counts > 0 ? 0 : add_judged(testing, id, stars, "");
}

/* The cases of one alternative. One named in full is asked for even where it is not there. */
static int add_alternative(struct testing *testing, const char *pattern) {
    char stars[TSP_CLAIM_STARS] = "";
    size_t before = testing->finding->figure_count;
    if (strchr(pattern, '*') == NULL) {
        return add_metrics(testing, pattern, stars);
    }
    for (size_t i = 0; i < testing->of->case_count; ++i) {
        if (tsp_claim_match(pattern, testing->of->cases[i].id, stars, sizeof stars) &&
            add_metrics(testing, testing->of->cases[i].id, stars) != 0) {
            return -1;
        }
    }
    if (testing->finding->figure_count > before) {
        return 0;
    }
    struct tsp_claim_figure *figure = add_figure(testing);
    if (figure == NULL) {
        return -1;
    }
    (void)snprintf(figure->of.id, sizeof figure->of.id, "%s", pattern);
    (void)snprintf(figure->reason, sizeof figure->reason, "no case of %.200s is in this record", pattern);
    return 0;
}

/* --- which of them count --------------------------------------------------------------------------------------------------------- */

static bool is_starred(const struct tsp_claim_check *check) {
    return strchr(check->of, '*') != NULL;
}

/* Was its case run? */
static bool was_run(const struct tsp_claim_figure *figure) {
    return figure->of.tcase != NULL && figure->of.tcase->status != TSP_SKIPPED &&
           (figure->to.record == NULL ||
            (figure->to.tcase != NULL && figure->to.tcase->status != TSP_SKIPPED));
}

/* Where stars or a choice leave it open which cases are meant, those that a machine cannot run are not. */
static void drop_unrun(struct testing *testing) {
    struct tsp_claim_finding *finding = testing->finding;
    size_t run = 0;
    for (size_t i = testing->first; i < finding->figure_count; ++i) {
        run += was_run(&finding->figures[i]);
    }
    bool open = is_starred(testing->check) || testing->check->choice != TSP_CLAIM_EACH;
    size_t kept = testing->first;
    for (size_t i = testing->first; i < finding->figure_count; ++i) {
        if (!open || (run > 0 ? was_run(&finding->figures[i]) : kept == testing->first)) {
            finding->figures[kept++] = finding->figures[i];
        }
    }
    finding->figure_count = kept;
}

/* Of several the one with the least, or the greatest, value. */
static void choose(struct testing *testing) {
    struct tsp_claim_finding *finding = testing->finding;
    struct tsp_claim_figure *figures = &finding->figures[testing->first];
    size_t count = finding->figure_count - testing->first;
    size_t chosen = 0;
    if (testing->check->choice == TSP_CLAIM_EACH || count == 0) {
        return;
    }
    double sign = testing->check->choice == TSP_CLAIM_LEAST ? 1 : -1;
    for (size_t i = 1; i < count; ++i) {
        double best = sign * figures[chosen].of.value;
        double value = sign * figures[i].of.value;
        if (value < best || (isnan(best) && !isnan(value))) {
            chosen = i;
        }
    }
    figures[0] = figures[chosen];
    finding->figure_count = testing->first + 1;
}

static int test_check(struct testing *testing) {
    struct tsp_claim_finding *finding = testing->finding;
    testing->first = finding->figure_count;
    const char *rest = testing->check->of;
    do {
        char pattern[TSP_ID_MAX];
        size_t length = strcspn(rest, ",");
        (void)snprintf(pattern, sizeof pattern, "%.*s", (int)length, rest);
        rest += length;
        if (add_alternative(testing, pattern) != 0) {
            return -1;
        }
    } while (*rest++ == ',');
    drop_unrun(testing);
    choose(testing);
    return 0;
}

/* --- which records --------------------------------------------------------------------------------------------------------------- */

static bool is_about(const struct tsp_claim_check *check, const struct tsp_claim_record *record) {
    for (unsigned i = 0; i < check->arch.count; ++i) {
        if (strcmp(check->arch.items[i], record->arch) == 0) {
            return true;
        }
    }
    return check->arch.count == 0;
}

/* The names of the two sides: of "arm64/x86_64" those, of "profile-guided" what builds are called. */
static void name_sides(const char *across, char sides[2][32]) {
    const char *slash = strchr(across, '/');
    if (slash == NULL) {
        (void)snprintf(sides[0], 32, "a profile-guided build");
        (void)snprintf(sides[1], 32, "an ordinary one");
    } else {
        (void)snprintf(sides[0], 32, "%.*s", (int)(slash - across), across);
        (void)snprintf(sides[1], 32, "%s", slash + 1);
    }
}

/* A figure that says which record is missing. */
static int test_without(struct testing *testing, bool first_is_there, bool other_is_there) {
    char sides[2][32];
    struct tsp_claim_figure *figure = add_figure(testing);
    if (figure == NULL) {
        return -1;
    }
    name_sides(testing->check->across, sides);
    (void)snprintf(figure->of.id, sizeof figure->of.id, "%s", testing->check->of);
    (void)snprintf(figure->reason, sizeof figure->reason,
                   "takes records of %s and of %s: none of %s is given", sides[0], sides[1],
                   first_is_there ? sides[1] : sides[0]);
    if (!first_is_there && !other_is_there) {
        (void)snprintf(figure->reason, sizeof figure->reason, "takes records of %s and of %s", sides[0],
                       sides[1]);
    }
    return 0;
}

/* Returns 1 where the check is about these records, else 0. */
static int test_on(struct testing *testing) {
    struct tsp_claim_finding *finding = testing->finding;
    const struct tsp_claim_check *check = testing->check;
    if (check->across != NULL) {
        testing->of = finding->records[0];
        testing->to = finding->records[1];
        if (testing->of == NULL || testing->to == NULL) {
            return test_without(testing, testing->of != NULL, testing->to != NULL) == 0 ? 1 : -1;
        }
        return test_check(testing) == 0 ? 1 : -1;
    }
    for (size_t i = 0; i < 2; ++i) {
        if (finding->records[i] != NULL && is_about(check, finding->records[i])) {
            testing->of = testing->to = finding->records[i];
            return test_check(testing) == 0 ? 1 : -1;
        }
    }
    return 0;
}

/* --- all checks together --------------------------------------------------------------------------------------------------------- */

/* The first of the figures with that verdict that are (or are not) conditions; NULL: none. */
static const struct tsp_claim_figure *first_of(const struct tsp_claim_finding *finding,
                                               enum tsp_claim_verdict verdict, bool given) {
    for (size_t i = 0; i < finding->figure_count; ++i) {
        const struct tsp_claim_figure *figure = &finding->figures[i];
        if (figure->verdict == verdict && figure->check->given == given &&
            !tsp_claim_check_shows(figure->check)) {
            return figure;
        }
    }
    return NULL;
}

static void decide(struct tsp_claim_finding *finding, enum tsp_claim_verdict verdict,
                   const struct tsp_claim_figure *figure) {
    finding->verdict = verdict;
    finding->decisive = figure;
    if (verdict == TSP_CLAIM_NOT_SHOWN) {
        (void)snprintf(finding->reason, sizeof finding->reason, "%s", figure->reason);
    }
}

/* Three-valued: what is not known keeps `all` from holding and `any` from failing. */
static void settle(struct tsp_claim_finding *finding) {
    const struct tsp_claim_figure *unmet = first_of(finding, TSP_CLAIM_FAILS, true);
    const struct tsp_claim_figure *open = first_of(finding, TSP_CLAIM_NOT_SHOWN, true);
    const struct tsp_claim_figure *unknown = first_of(finding, TSP_CLAIM_NOT_SHOWN, false);
    const struct tsp_claim_figure *holds = first_of(finding, TSP_CLAIM_HOLDS, false);
    const struct tsp_claim_figure *fails = first_of(finding, TSP_CLAIM_FAILS, false);
    enum tsp_claim_verdict strong = finding->claim->any ? TSP_CLAIM_HOLDS : TSP_CLAIM_FAILS;
    const struct tsp_claim_figure *decisive = strong == TSP_CLAIM_HOLDS ? holds : fails;
    if (unmet != NULL) {
        char wanted[64];
        decide(finding, TSP_CLAIM_NOT_SHOWN, unmet);
        (void)snprintf(finding->reason, sizeof finding->reason,
                       "not the claim's conditions: %.40s is %g, not %.60s", unmet->metric, unmet->value,
                       tsp_claim_wanted_text(unmet->check, wanted, sizeof wanted));
    } else if (open != NULL) {
        decide(finding, TSP_CLAIM_NOT_SHOWN, open);
    } else if (decisive != NULL) {
        decide(finding, strong, decisive);
    } else if (unknown != NULL) {
        decide(finding, TSP_CLAIM_NOT_SHOWN, unknown);
    } else if (holds != NULL || fails != NULL) {
        decide(finding, holds != NULL ? TSP_CLAIM_HOLDS : TSP_CLAIM_FAILS, holds != NULL ? holds : fails);
    }
}

/* Of which ISAs the claim is told: "x86_64 and arm64". */
static void say_silent(struct tsp_claim_finding *finding) {
    char names[96] = "";
    for (size_t i = 0; i < finding->claim->check_count; ++i) {
        const struct tsp_claim_check *check = &finding->claim->checks[i];
        for (unsigned k = 0; k < check->arch.count; ++k) {
            size_t used = strlen(names);
            if (strstr(names, check->arch.items[k]) == NULL) {
                (void)snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? ", " : "",
                               check->arch.items[k]);
            }
        }
    }
    finding->silent = true;
    (void)snprintf(finding->reason, sizeof finding->reason, "is told of %s", names);
}

int tsp_claim_test(struct tsp_claim_finding *finding, const struct tsp_claim *claim,
                   const struct tsp_claim_record *first, const struct tsp_claim_record *second,
                   struct tsp_error *error) {
    bool asked = false;
    *finding = (struct tsp_claim_finding){.claim = claim, .records = {first, second}};
    for (size_t i = 0; i < claim->check_count; ++i) {
        struct testing testing = {.finding = finding, .check = &claim->checks[i], .error = error};
        int status = test_on(&testing);
        if (status < 0) {
            tsp_claim_finding_free(finding);
            return -1;
        }
        asked = asked || (status > 0 && !tsp_claim_check_shows(&claim->checks[i]));
    }
    if (asked) {
        settle(finding);
    } else {
        say_silent(finding);
    }
    return 0;
}

void tsp_claim_finding_free(struct tsp_claim_finding *finding) {
    free(finding->figures);
    *finding = (struct tsp_claim_finding){.claim = NULL};
}
