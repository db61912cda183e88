/* Suites: the built-in ones and people's own files. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/suites.h"
#include "plan/yaml.h"
#include "transept/plan.h"

/* What a suite that does not say otherwise gets. */
static const struct tsp_suite defaults = {
    .rounds = 5,
    .profile =
        {.time_ms = 50, .warmup_ms = 20, .limit_ms = 20000, .memory_bytes = UINT64_C(1) << 30, .files = 1024},
};

/* A suite with the places of what must fit together. */
struct parsed {
    struct tsp_suite suite;
    struct tsp_yaml_place limit;
    struct tsp_yaml_place time;
    struct tsp_yaml_place warmup;
};

#define AT(member) offsetof(struct parsed, suite.member)

static const struct tsp_yaml_field limit_fields[] = {
    {.key = "time",
     .kind = TSP_YAML_TIME,
     .offset = AT(profile.limit_ms),
     .place = offsetof(struct parsed, limit)},
    {.key = "memory", .kind = TSP_YAML_BYTES, .offset = AT(profile.memory_bytes)},
    {.key = "files", .kind = TSP_YAML_COUNT, .offset = AT(profile.files), .max = 1U << 20},
    {.key = NULL},
};

static const struct tsp_yaml_field suite_fields[] = {
    {.key = "name", .kind = TSP_YAML_TEXT, .required = true, .offset = AT(name)},
    {.key = "about", .kind = TSP_YAML_TEXT, .required = true, .offset = AT(about)},
    {.key = "rounds", .kind = TSP_YAML_COUNT, .offset = AT(rounds), .max = TSP_ROUNDS_MAX},
    {.key = "time",
     .kind = TSP_YAML_TIME,
     .offset = AT(profile.time_ms),
     .place = offsetof(struct parsed, time)},
    {.key = "warmup",
     .kind = TSP_YAML_TIME,
     .offset = AT(profile.warmup_ms),
     .place = offsetof(struct parsed, warmup)},
    {.key = "limits", .kind = TSP_YAML_GROUP, .fields = limit_fields},
    {.key = "cases", .kind = TSP_YAML_LIST, .required = true, .offset = AT(cases)},
    {.key = "exclude", .kind = TSP_YAML_LIST, .offset = AT(exclude)},
    {.key = NULL},
};

static int check_limit(const struct parsed *parsed, struct tsp_error *error) {
    const struct tsp_profile *profile = &parsed->suite.profile;
    if (profile->limit_ms >= profile->time_ms + profile->warmup_ms) {
        return 0;
    }
    (void)tsp_error_set(error, "limits.time ends a round before time and warmup are over; raise it");
    return tsp_yaml_fail(parsed->suite.path,
                         parsed->limit.line > 0  ? &parsed->limit
                         : parsed->time.line > 0 ? &parsed->time
                                                 : &parsed->warmup,
                         error);
}

int tsp_suite_parse(struct tsp_suite *suite, const char *yaml, size_t size, const char *path,
                    struct tsp_error *error) {
    struct parsed parsed = {.suite = defaults};
    parsed.suite.path = strdup(path);
    int status = parsed.suite.path == NULL ? tsp_error_set(error, "%s: out of memory", path)
                                           : tsp_yaml_read(yaml, size, path, suite_fields, &parsed, error);
    if (status == 0) {
        status = check_limit(&parsed, error);
    }
    *suite = parsed.suite;
    if (status != 0) {
        tsp_suite_free(suite);
    }
    return status;
}

static int load_file(struct tsp_suite *suite, const char *path, struct tsp_error *error) {
    size_t size = 0;
    char *text = tsp_yaml_file_read(path, "suite", &size, error);
    if (text == NULL) {
        return -1;
    }
    int status = tsp_suite_parse(suite, text, size, path, error);
    free(text);
    return status;
}

static bool is_path(const char *name) {
    size_t length = strlen(name);
    return strchr(name, '/') != NULL || (length > 5 && strcmp(name + length - 5, ".yaml") == 0);
}

int tsp_suite_load(struct tsp_suite *suite, const char *name_or_path, struct tsp_error *error) {
    memset(suite, 0, sizeof *suite);
    if (is_path(name_or_path)) {
        return load_file(suite, name_or_path, error);
    }
    char known[256] = "";
    for (const struct tsp_embedded_suite *embedded = tsp_embedded_suites; embedded->name != NULL;
         ++embedded) {
        if (strcmp(embedded->name, name_or_path) == 0) {
            char path[64];
            (void)snprintf(path, sizeof path, "bench/suites/%s.yaml", embedded->name);
            int status = tsp_suite_parse(suite, (const char *)embedded->yaml, embedded->size, path, error);
            suite->builtin = true;
            return status;
        }
        size_t used = strlen(known);
        (void)snprintf(known + used, sizeof known - used, "%s%s", used == 0 ? "" : ", ", embedded->name);
    }
    return tsp_error_set(error, "no suite is called '%s'; there are %s, or give the path of a YAML file",
                         name_or_path, known);
}

const char *tsp_suite_name(size_t index) {
    for (size_t i = 0; i < index; ++i) {
        if (tsp_embedded_suites[i].name == NULL) {
            return NULL;
        }
    }
    return tsp_embedded_suites[index].name;
}

static void free_texts(struct tsp_texts *texts) {
    for (unsigned i = 0; texts->items != NULL && texts->items[i] != NULL; ++i) {
        free(texts->items[i]);
    }
    free(texts->items);
}

void tsp_suite_free(struct tsp_suite *suite) {
    free(suite->path);
    free(suite->name);
    free(suite->about);
    free_texts(&suite->cases);
    free_texts(&suite->exclude);
    memset(suite, 0, sizeof *suite);
}

#define EMULATED_ROUNDS    3
#define EMULATED_TIME_MS   10.0
#define EMULATED_WARMUP_MS 5.0

void tsp_suite_shorten(struct tsp_suite *suite) {
    struct tsp_profile *profile = &suite->profile;
    suite->rounds = suite->rounds < EMULATED_ROUNDS ? suite->rounds : EMULATED_ROUNDS;
    profile->time_ms = fmin(profile->time_ms, EMULATED_TIME_MS);
    profile->warmup_ms = fmin(profile->warmup_ms, EMULATED_WARMUP_MS);
}
