/* What the fields of a claim cannot be together. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "claims/spec.h"

static int refuse(const char *path, const struct tsp_yaml_place *place, struct tsp_error *error,
                  const char *why) {
    (void)tsp_error_set(error, "%s", why);
    return tsp_yaml_fail(path, place, error);
}

static size_t count_of(const char *text, char sign) {
    size_t count = 0;
    for (; *text != '\0'; ++text) {
        count += *text == sign;
    }
    return count;
}

/* Stars of the alternative that has the fewest: all of them must fill the other pattern. */
static size_t fewest_stars(const char *alternatives) {
    size_t fewest = SIZE_MAX;
    for (const char *rest = alternatives; rest != NULL; rest = *rest == ',' ? rest + 1 : NULL) {
        size_t stars = 0;
        for (; *rest != ',' && *rest != '\0'; ++rest) {
            stars += *rest == '*';
        }
        fewest = stars < fewest ? stars : fewest;
    }
    return fewest;
}

/* The other case's pattern, if there is one. */
static int settle_other(const struct tsp_claim_check_text *text, const char *path, struct tsp_error *error) {
    const struct tsp_claim_check *check = &text->check;
    const char *other = check->to != NULL ? check->to : check->minus;
    const struct tsp_yaml_place *place = check->to != NULL ? &text->to_place : &text->minus_place;
    if (check->to != NULL && check->minus != NULL) {
        return refuse(path, &text->minus_place, error,
                      "'minus' beside 'to'; keep one: to divides, minus takes off");
    }
    if (check->minus != NULL && check->across != NULL) {
        return refuse(path, &text->minus_place, error, "'minus' beside 'across', which divides; write 'to'");
    }
    if (other == NULL) {
        return 0;
    }
    if (strchr(other, ',') != NULL) {
        return refuse(path, place, error, "alternatives are for 'of'; name one case here");
    }
    return count_of(other, '*') <= fewest_stars(check->of)
               ? 0
               : refuse(path, place, error, "more stars than in 'of', whose stars fill these");
}

/* What is asked, and what that takes. */
static int settle_question(const struct tsp_claim_check_text *text, const char *path,
                           struct tsp_error *error) {
    const struct tsp_claim_check *check = &text->check;
    if (check->question == TSP_CLAIM_VALUE) {
        return check->metric != NULL ? 0
                                     : refuse(path, &text->of_place, error,
                                              "no 'metric' of these cases; add metric: time, say");
    }
    for (size_t i = 0; i < TSP_CLAIM_BOUNDS; ++i) {
        if (text->bounds[i] != NULL) {
            return refuse(path, &text->bound_place[i], error,
                          "a bound beside 'is', which asks something else; keep one of them");
        }
    }
    if (check->to != NULL || check->minus != NULL || check->across != NULL) {
        return refuse(path, &text->question_place, error,
                      "'is' asks of single cases; leave out to, minus and across");
    }
    if ((check->metric == NULL) != (check->question == TSP_CLAIM_FAULTED)) {
        return refuse(path, &text->question_place, error, "seen and never take a metric, faulted takes none");
    }
    return 0;
}

/* Bounds that leave no number between them: the check could never hold, whatever is measured. */
static int settle_bounds(const struct tsp_claim_check_text *text, const double *const *bounds,
                         const char *path, struct tsp_error *error) {
    static const char *const names[TSP_CLAIM_BOUNDS] = {"at-least", "at-most", "above", "below", "equals"};
    enum { AT_LEAST, AT_MOST, ABOVE, BELOW, EQUALS };
    static const size_t lower[] = {AT_LEAST, ABOVE, EQUALS};
    static const size_t upper[] = {AT_MOST, BELOW, EQUALS};
    for (size_t i = 0; i < 3; ++i) {
        for (size_t k = 0; k < 3; ++k) {
            size_t low = lower[i];
            size_t high = upper[k];
            bool strict = low == ABOVE || high == BELOW;
            double room = *bounds[high] - *bounds[low]; /* NaN, and so neither, where one is not given */
            if (room < 0 || (strict && room <= 0)) {
                (void)tsp_error_set(error, "no value is within '%s: %.40s' and '%s: %.40s'; correct one",
                                    names[low], text->bounds[low], names[high], text->bounds[high]);
                return tsp_yaml_fail(path, &text->bound_place[high], error);
            }
        }
    }
    return 0;
}

static int settle_check(struct tsp_claim_check_text *text, const char *path, struct tsp_error *error) {
    struct tsp_claim_check *check = &text->check;
    double *const bounds[] = {&check->bounds.at_least, &check->bounds.at_most, &check->bounds.above,
                              &check->bounds.below, &check->bounds.equals};
    for (size_t i = 0; i < TSP_CLAIM_BOUNDS; ++i) {
        *bounds[i] = text->bounds[i] != NULL ? strtod(text->bounds[i], NULL) : (double)NAN;
    }
    check->per = (double)text->per;
    check->given = text->given == 1;
    if (settle_other(text, path, error) != 0 || settle_question(text, path, error) != 0 ||
        settle_bounds(text, (const double *const *)bounds, path, error) != 0) {
        return -1;
    }
    bool divided = check->to != NULL || check->across != NULL;
    if (text->per > 0 && divided) {
        return refuse(path, &text->per_place, error, "'per' beside a ratio, which has no unit; take it out");
    }
    bool every = check->metric != NULL && strcmp(check->metric, "*") == 0;
    if (every && isnan(check->bounds.equals)) {
        return refuse(path, &text->metric_place, error,
                      "metric \"*\" is every exact count; say what it equals: equals: 1, say");
    }
    return 0;
}

static int settle_claim(struct tsp_claim_text *text, const char *path, struct tsp_error *error) {
    struct tsp_claim *claim = &text->claim;
    bool all = text->all_place.line > 0;
    bool any = text->any_place.line > 0;
    if (all == any) {
        return all ? refuse(path, &text->any_place, error, "'any' beside 'all'; keep one of them")
                   : refuse(path, &text->id_place, error, "neither 'all' nor 'any'; add all: and its checks");
    }
    const struct tsp_yaml_groups *groups = all ? &text->all : &text->any;
    bool asks = false;
    struct tsp_claim_check_text *checks = groups->items;
    for (unsigned i = 0; i < groups->count; ++i) {
        if (settle_check(&checks[i], path, error) != 0) {
            return -1;
        }
        asks = asks || (!checks[i].check.given && !tsp_claim_check_shows(&checks[i].check));
    }
    claim->any = any;
    return asks ? 0
                : refuse(path, all ? &text->all_place : &text->any_place, error,
                         "no check has a bound or 'is' (but for conditions): nothing is tested");
}

int tsp_claims_settle(struct tsp_claims_text *text, const char *path, struct tsp_error *error) {
    struct tsp_claim_text *claims = text->claims.items;
    for (unsigned i = 0; i < text->claims.count; ++i) {
        if (settle_claim(&claims[i], path, error) != 0) {
            return -1;
        }
        for (unsigned k = 0; k < i; ++k) {
            if (strcasecmp(claims[i].claim.id, claims[k].claim.id) == 0) {
                return refuse(path, &claims[i].id_place, error,
                              "an earlier claim has this id; write another");
            }
        }
    }
    return 0;
}
