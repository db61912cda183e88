/* Claims out of YAML: the fields, and from them to ours. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claims/spec.h"
#include "plan/suites.h"

/* What a file may hold: beyond it there is a mistake. */
enum { CLAIMS_MAX = 500, CHECKS_MAX = 50, THINGS_MAX = 1 << 30 };

static const char *const questions[] = {"value", "seen", "never", "faulted", NULL};
static const char *const choices[] = {"each", "least", "most", NULL};
static const char *const flags[] = {"no", "yes", NULL};
static const char *const archs[] = {"x86_64", "arm64", "riscv64", "ppc64el", "s390x", "armhf"};

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
    double value = strtod(text, &end); /* also takes signs, exponents and words: those have other letters */
    bool plain = isdigit((unsigned char)text[0]) && strspn(text, "0123456789.") == strlen(text);
    return plain && isfinite(value) && end == text + strlen(text)
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

#define AT(member)    offsetof(struct tsp_claim_check_text, check.member)
#define PLACE(member) offsetof(struct tsp_claim_check_text, member##_place)
#define TEXT(name, at, where, with)                                                                          \
    { .key = (name), .kind = TSP_YAML_TEXT, .offset = (at), .place = (where), .check = (with) }
#define BOUND(name, i)                                                                                       \
    TEXT(name, offsetof(struct tsp_claim_check_text, bounds[i]),                                             \
         offsetof(struct tsp_claim_check_text, bound_place[i]), check_number)

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
     .offset = offsetof(struct tsp_claim_check_text, per),
     .place = PLACE(per),
     .max = THINGS_MAX},
    {.key = "given",
     .kind = TSP_YAML_WORD,
     .offset = offsetof(struct tsp_claim_check_text, given),
     .words = flags},
    BOUND("at-least", 0),
    BOUND("at-most", 1),
    BOUND("above", 2),
    BOUND("below", 3),
    BOUND("equals", 4),
    {.key = NULL},
};

static const struct tsp_claim_check_text no_check = {.check = {.question = TSP_CLAIM_VALUE}};
static const struct tsp_claim_text no_claim = {.all = {.items = NULL}};

#undef AT
#define AT(member) offsetof(struct tsp_claim_text, claim.member)
#define CHECKS(name, member)                                                                                 \
    {                                                                                                        \
        .key = (name), .kind = TSP_YAML_GROUPS, .offset = offsetof(struct tsp_claim_text, member),           \
        .place = offsetof(struct tsp_claim_text, member##_place), .max = CHECKS_MAX, .fields = check_fields, \
        .size = sizeof(struct tsp_claim_check_text), .initial = &no_check                                    \
    }

static const struct tsp_yaml_field claim_fields[] = {
    {.key = "id",
     .kind = TSP_YAML_TEXT,
     .required = true,
     .offset = AT(id),
     .place = offsetof(struct tsp_claim_text, id_place),
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
    {.key = "name",
     .kind = TSP_YAML_TEXT,
     .required = true,
     .offset = offsetof(struct tsp_claims_text, name)},
    {.key = "claims",
     .kind = TSP_YAML_GROUPS,
     .required = true,
     .offset = offsetof(struct tsp_claims_text, claims),
     .max = CLAIMS_MAX,
     .fields = claim_fields,
     .size = sizeof(struct tsp_claim_text),
     .initial = &no_claim},
    {.key = NULL},
};

/* --- from the file's structs to ours ------------------------------------------------------------------------------------------- */

/* The checks move; what is left of the groups goes. */
static int move_checks(struct tsp_claim *claim, struct tsp_yaml_groups *groups) {
    struct tsp_claim_check_text *texts = groups->items;
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
    struct tsp_claim_check_text *texts = groups->items;
    for (unsigned i = 0; i < groups->count; ++i) {
        for (size_t k = 0; k < TSP_CLAIM_BOUNDS; ++k) {
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
static int take_checks(struct tsp_claim_text *text) {
    struct tsp_yaml_groups *groups[] = {&text->all, &text->any};
    int status = 0;
    for (size_t k = 0; k < 2; ++k) {
        if (move_checks(&text->claim, groups[k]) != 0) {
            struct tsp_claim_check_text *checks = groups[k]->items;
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
static int take_claims(struct tsp_claims *claims, struct tsp_claims_text *text) {
    struct tsp_claim_text *texts = text->claims.items;
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
    struct tsp_claims_text text = {.name = NULL};
    *claims = (struct tsp_claims){.name = NULL};
    int status = tsp_yaml_read(yaml, size, path, file_fields, &text, error);
    if (status == 0) {
        status = tsp_claims_settle(&text, path, error);
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
