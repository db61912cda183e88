/* Claims out of YAML: the fields, and what they cannot be together. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "plan/suites.h"
#include "plan/yaml.h"
#include "transept/claims.h"

/* What a file may hold: beyond it there is a mistake. */
enum { CLAIMS_MAX = 500, CHECKS_MAX = 50, THINGS_MAX = 1 << 30 };

static const char *const questions[] = {"value", "seen", "never", "faulted", NULL};
static const char *const choices[] = {"each", "least", "most", NULL};
static const char *const flags[] = {"no", "yes", NULL};
static const char *const archs[] = {"x86_64", "arm64", "riscv64", "ppc64el", "s390x", "armhf"};

/* A check as the file has it, and where that says what. */
struct check_text {
    struct tsp_claim_check check;
    uint64_t per;
    unsigned given;
    char *bounds[5];
    struct tsp_yaml_place of_place;
    struct tsp_yaml_place to_place;
    struct tsp_yaml_place minus_place;
    struct tsp_yaml_place across_place;
    struct tsp_yaml_place metric_place;
    struct tsp_yaml_place per_place;
    struct tsp_yaml_place question_place;
    struct tsp_yaml_place bound_place[5];
};

struct claim_text {
    struct tsp_claim claim;
    struct tsp_yaml_groups all; /* of struct check_text */
    struct tsp_yaml_groups any;
    struct tsp_yaml_place id_place;
    struct tsp_yaml_place all_place;
    struct tsp_yaml_place any_place;
};

struct file_text {
    char *name;
    struct tsp_yaml_groups claims; /* of struct claim_text */
};

/* --- single fields ------------------------------------------------------------------------------------------------------------- */

static bool is_arch(const char *name, size_t length) {
    for (size_t i = 0; i < sizeof archs / sizeof *archs; ++i) {
        if (strlen(archs[i]) == length && strncmp(archs[i], name, length) == 0) {
            return true;
        }
    }
    return false;
}

static int check_arch(const char *text, struct tsp_error *error) {
    return is_arch(text, strlen(text))
               ? 0
               : tsp_error_set(error, "'%.40s' is none of x86_64, arm64, riscv64, ppc64el, s390x, armhf",
                               text);
}

static int check_across(const char *text, struct tsp_error *error) {
    size_t first = strcspn(text, "/");
    const char *second = text[first] == '/' ? text + first + 1 : "";
    bool isas = is_arch(text, first) && is_arch(second, strlen(second));
    bool same = strlen(second) == first && strncmp(text, second, first) == 0;
    if (strcmp(text, "profile-guided") == 0 || (isas && !same)) {
        return 0;
    }
    return tsp_error_set(error, "'%.40s' is neither two ISAs, as in arm64/x86_64, nor profile-guided", text);
}

static int check_number(const char *text, struct tsp_error *error) {
    char *end = NULL;
    double value = isdigit((unsigned char)*text) ? strtod(text, &end) : (double)NAN;
    return isfinite(value) && *end == '\0' && strspn(text, "0123456789.") == strlen(text)
               ? 0
               : tsp_error_set(error, "'%.40s' is no number; write 0, 1.5 …", text);
}

static int check_metric(const char *text, struct tsp_error *error) {
    struct tsp_question question = {.pattern = NULL};
    char name[TSP_NAME_MAX + 8];
    for (const char *rest = text; rest != NULL; rest = *rest == ',' ? rest + 1 : NULL) {
        size_t length = strcspn(rest, ",");
        if (length == 0 || length >= sizeof name) {
            return tsp_error_set(error, "'%.60s' has a name that is empty or too long", text);
        }
        (void)snprintf(name, sizeof name, "%.*s", (int)length, rest);
        if (tsp_question_metric(&question, name, error) != 0) {
            return -1;
        }
        rest += length;
    }
    return 0;
}

/* Letters and digits, so that it can be a word on a command line. */
static int check_id(const char *text, struct tsp_error *error) {
    for (const char *c = text; *c != '\0'; ++c) {
        if (!isalnum((unsigned char)*c) && *c != '-') {
            return tsp_error_set(error, "'%.40s' is no name; write letters, digits and '-', as in C01", text);
        }
    }
    return 0;
}

#define AT(member)    offsetof(struct check_text, check.member)
#define PLACE(member) offsetof(struct check_text, member##_place)
#define TEXT(name, at, where, with)                                                                          \
    { .key = (name), .kind = TSP_YAML_TEXT, .offset = (at), .place = (where), .check = (with) }
#define BOUND(name, i)                                                                                       \
    TEXT(name, offsetof(struct check_text, bounds[i]), offsetof(struct check_text, bound_place[i]),          \
         check_number)

static const struct tsp_yaml_field check_fields[] = {
    {.key = "of", .kind = TSP_YAML_TEXT, .required = true, .offset = AT(of), .place = PLACE(of)},
    TEXT("to", AT(to), PLACE(to), NULL),
    TEXT("minus", AT(minus), PLACE(minus), NULL),
    TEXT("metric", AT(metric), PLACE(metric), check_metric),
    TEXT("across", AT(across), PLACE(across), check_across),
    {.key = "arch", .kind = TSP_YAML_LIST, .offset = AT(arch), .check = check_arch},
    {.key = "is",
     .kind = TSP_YAML_WORD,
     .offset = AT(question),
     .place = PLACE(question),
     .words = questions},
    {.key = "choose", .kind = TSP_YAML_WORD, .offset = AT(choice), .words = choices},
    {.key = "per",
     .kind = TSP_YAML_COUNT,
     .offset = offsetof(struct check_text, per),
     .place = PLACE(per),
     .max = THINGS_MAX},
    {.key = "given", .kind = TSP_YAML_WORD, .offset = offsetof(struct check_text, given), .words = flags},
    BOUND("at-least", 0),
    BOUND("at-most", 1),
    BOUND("above", 2),
    BOUND("below", 3),
    BOUND("equals", 4),
    {.key = NULL},
};

static const struct check_text no_check = {.check = {.question = TSP_CLAIM_VALUE}};
static const struct claim_text no_claim = {.all = {.items = NULL}};

#undef AT
#define AT(member) offsetof(struct claim_text, claim.member)
#define CHECKS(name, member)                                                                                 \
    {                                                                                                        \
        .key = (name), .kind = TSP_YAML_GROUPS, .offset = offsetof(struct claim_text, member),               \
        .place = offsetof(struct claim_text, member##_place), .max = CHECKS_MAX, .fields = check_fields,     \
        .size = sizeof(struct check_text), .initial = &no_check                                              \
    }

static const struct tsp_yaml_field claim_fields[] = {
    {.key = "id",
     .kind = TSP_YAML_TEXT,
     .required = true,
     .offset = AT(id),
     .place = offsetof(struct claim_text, id_place),
     .check = check_id},
    {.key = "group", .kind = TSP_YAML_TEXT, .required = true, .offset = AT(group)},
    {.key = "claim", .kind = TSP_YAML_TEXT, .required = true, .offset = AT(claim)},
    {.key = "claimed", .kind = TSP_YAML_TEXT, .offset = AT(claimed)},
    {.key = "tested", .kind = TSP_YAML_TEXT, .required = true, .offset = AT(tested)},
    CHECKS("all", all),
    CHECKS("any", any),
    {.key = NULL},
};

static const struct tsp_yaml_field file_fields[] = {
    {.key = "name", .kind = TSP_YAML_TEXT, .required = true, .offset = offsetof(struct file_text, name)},
    {.key = "claims",
     .kind = TSP_YAML_GROUPS,
     .required = true,
     .offset = offsetof(struct file_text, claims),
     .max = CLAIMS_MAX,
     .fields = claim_fields,
     .size = sizeof(struct claim_text),
     .initial = &no_claim},
    {.key = NULL},
};

/* --- several together ---------------------------------------------------------------------------------------------------------- */

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
static int settle_other(const struct check_text *text, const char *path, struct tsp_error *error) {
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
static int settle_question(const struct check_text *text, const char *path, struct tsp_error *error) {
    const struct tsp_claim_check *check = &text->check;
    if (check->question == TSP_CLAIM_VALUE) {
        return check->metric != NULL ? 0
                                     : refuse(path, &text->of_place, error,
                                              "no 'metric' of these cases; add metric: time, say");
    }
    for (size_t i = 0; i < 5; ++i) {
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

static int settle_check(struct check_text *text, const char *path, struct tsp_error *error) {
    struct tsp_claim_check *check = &text->check;
    double *bounds[] = {&check->bounds.at_least, &check->bounds.at_most, &check->bounds.above,
                        &check->bounds.below, &check->bounds.equals};
    for (size_t i = 0; i < 5; ++i) {
        *bounds[i] = text->bounds[i] != NULL ? strtod(text->bounds[i], NULL) : (double)NAN;
    }
    check->per = (double)text->per;
    check->given = text->given == 1;
    if (settle_other(text, path, error) != 0 || settle_question(text, path, error) != 0) {
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

static int settle_claim(struct claim_text *text, const char *path, struct tsp_error *error) {
    struct tsp_claim *claim = &text->claim;
    bool all = text->all_place.line > 0;
    bool any = text->any_place.line > 0;
    if (all == any) {
        return all ? refuse(path, &text->any_place, error, "'any' beside 'all'; keep one of them")
                   : refuse(path, &text->id_place, error, "neither 'all' nor 'any'; add all: and its checks");
    }
    const struct tsp_yaml_groups *groups = all ? &text->all : &text->any;
    bool asks = false;
    struct check_text *checks = groups->items;
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

static int settle(struct file_text *text, const char *path, struct tsp_error *error) {
    struct claim_text *claims = text->claims.items;
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

/* --- from the file's structs to ours ------------------------------------------------------------------------------------------- */

/* The checks move; what is left of the groups goes. */
static int move_checks(struct tsp_claim *claim, struct tsp_yaml_groups *groups) {
    struct check_text *texts = groups->items;
    if (groups->count == 0) {
        return 0;
    }
    struct tsp_claim_check *checks =
        realloc(claim->checks, (claim->check_count + groups->count) * sizeof *checks);
    if (checks == NULL) {
        return -1;
    }
    claim->checks = checks;
    for (unsigned i = 0; i < groups->count; ++i) {
        checks[claim->check_count++] = texts[i].check;
    }
    return 0;
}

static void free_groups(struct tsp_yaml_groups *groups) {
    struct check_text *texts = groups->items;
    for (unsigned i = 0; i < groups->count; ++i) {
        for (size_t k = 0; k < 5; ++k) {
            free(texts[i].bounds[k]);
        }
    }
    free(texts);
}

static void free_check(struct tsp_claim_check *check) {
    for (unsigned i = 0; i < check->arch.count; ++i) {
        free(check->arch.items[i]);
    }
    free(check->arch.items);
    free(check->of);
    free(check->to);
    free(check->minus);
    free(check->metric);
    free(check->across);
}

static void free_claim(struct tsp_claim *claim) {
    for (size_t i = 0; i < claim->check_count; ++i) {
        free_check(&claim->checks[i]);
    }
    free(claim->checks);
    free(claim->id);
    free(claim->group);
    free(claim->claim);
    free(claim->claimed);
    free(claim->tested);
}

/* All checks of a claim of the file, under whichever key; the groups are freed. */
static int take_checks(struct claim_text *text) {
    struct tsp_yaml_groups *groups[] = {&text->all, &text->any};
    int status = 0;
    for (size_t k = 0; k < 2; ++k) {
        if (move_checks(&text->claim, groups[k]) != 0) {
            struct check_text *checks = groups[k]->items;
            for (unsigned i = 0; i < groups[k]->count; ++i) {
                free_check(&checks[i].check);
            }
            status = -1;
        }
        free_groups(groups[k]);
    }
    return status;
}

/* Takes everything over from the file's structs, also after an error: what is there is then freed with the claims. */
static int take_claims(struct tsp_claims *claims, struct file_text *text) {
    struct claim_text *texts = text->claims.items;
    int status = 0;
    claims->name = text->name;
    claims->of = calloc(text->claims.count + (size_t)1, sizeof *claims->of);
    for (unsigned i = 0; i < text->claims.count; ++i) {
        status = take_checks(&texts[i]) != 0 ? -1 : status;
        if (claims->of != NULL) {
            claims->of[claims->count++] = texts[i].claim;
        } else {
            free_claim(&texts[i].claim);
            status = -1;
        }
    }
    free(texts);
    return claims->of != NULL ? status : -1;
}

int tsp_claims_parse(struct tsp_claims *claims, const char *yaml, size_t size, const char *path,
                     struct tsp_error *error) {
    struct file_text text = {.name = NULL};
    *claims = (struct tsp_claims){.name = NULL};
    int status = tsp_yaml_read(yaml, size, path, file_fields, &text, error);
    if (status == 0) {
        status = settle(&text, path, error);
    }
    if (take_claims(claims, &text) != 0 && status == 0) {
        status = tsp_error_set(error, "%s: out of memory", path);
    }
    if (status != 0) {
        tsp_claims_free(claims);
    }
    return status;
}

int tsp_claims_load(struct tsp_claims *claims, const char *path, struct tsp_error *error) {
    *claims = (struct tsp_claims){.name = NULL};
    if (path == NULL) {
        const struct tsp_embedded_suite *own = &tsp_embedded_claims[0];
        return tsp_claims_parse(claims, (const char *)own->yaml, own->size, "bench/claims/folklore.yaml",
                                error);
    }
    size_t size = 0;
    char *text = tsp_yaml_file_read(path, "claims", &size, error);
    int status = text == NULL ? -1 : tsp_claims_parse(claims, text, size, path, error);
    free(text);
    return status;
}

void tsp_claims_free(struct tsp_claims *claims) {
    for (size_t i = 0; i < claims->count; ++i) {
        free_claim(&claims->of[i]);
    }
    free(claims->of);
    free(claims->name);
    *claims = (struct tsp_claims){.name = NULL};
}
