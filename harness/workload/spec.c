/* Workloads out of YAML: the fields, and what they cannot be together. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plan/suites.h"
#include "plan/yaml.h"
#include "transept/plan.h"
#include "transept/workload.h"
#include "workload/pair.h"

enum { CYCLE_MAX = 1000, KEYS_MAX = 1 << 30, VALUE_MAX = 64 << 10, EXPONENT_MAX = 10 };

static const char *const operations[] = {"get", "put", "remove", "all"};
static const char *const distributions[] = {"uniform", "sequential", "zipf", NULL};
static const char *const preloads[] = {"all", "half", "none", NULL};

/* What the file is read into: the workload, and where it says what. */
struct text {
    struct tsp_workload workload;
    struct tsp_texts mix;
    struct tsp_yaml_place mix_place;
    struct tsp_yaml_place weights_place;
    struct tsp_yaml_place keys_place;
    struct tsp_yaml_place exponent_place;
    struct tsp_yaml_place value_place;
    struct tsp_yaml_place spin_place;
};

/* What a file that does not say otherwise gets. */
static const struct tsp_workload defaults = {.warmup_ms = 1000, .shards = 64, .value_bytes = 64, .seed = 1};

static int operation_of(const char *name) {
    for (int i = 0; i < TSP_OPERATIONS; ++i) {
        if (strcmp(operations[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static int check_operation(const char *text, struct tsp_error *error) {
    return operation_of(text) >= 0 ? 0 : tsp_error_set(error, "'%.40s' is none of get, put, remove", text);
}

#define AT(member)    (offsetof(struct text, workload) + offsetof(struct tsp_workload, member))
#define PLACE(member) offsetof(struct text, member##_place)

static const struct tsp_yaml_field weight_fields[] = {
    {.key = "get", .kind = TSP_YAML_COUNT, .offset = AT(weights[TSP_GET]), .max = 1000000},
    {.key = "put", .kind = TSP_YAML_COUNT, .offset = AT(weights[TSP_PUT]), .max = 1000000},
    {.key = "remove", .kind = TSP_YAML_COUNT, .offset = AT(weights[TSP_REMOVE]), .max = 1000000},
    {.key = NULL},
};

static const struct tsp_yaml_field key_fields[] = {
    {.key = "count", .kind = TSP_YAML_COUNT, .required = true, .offset = AT(keys), .max = KEYS_MAX},
    {.key = "distribution",
     .kind = TSP_YAML_WORD,
     .required = true,
     .offset = AT(distribution),
     .words = distributions},
    {.key = "exponent",
     .kind = TSP_YAML_NUMBER,
     .offset = AT(exponent),
     .place = PLACE(exponent),
     .max = EXPONENT_MAX},
    {.key = NULL},
};

static const struct tsp_yaml_field fields[] = {
    {.key = "name", .kind = TSP_YAML_TEXT, .required = true, .offset = AT(name)},
    {.key = "about", .kind = TSP_YAML_TEXT, .required = true, .offset = AT(about)},
    {.key = "threads",
     .kind = TSP_YAML_COUNT,
     .required = true,
     .offset = AT(threads),
     .max = TSP_WORKLOAD_THREADS_MAX},
    {.key = "duration", .kind = TSP_YAML_TIME, .required = true, .offset = AT(duration_ms)},
    {.key = "warmup", .kind = TSP_YAML_TIME, .offset = AT(warmup_ms)},
    {.key = "mix",
     .kind = TSP_YAML_LIST,
     .offset = offsetof(struct text, mix),
     .place = PLACE(mix),
     .check = check_operation},
    {.key = "weights", .kind = TSP_YAML_GROUP, .place = PLACE(weights), .fields = weight_fields},
    {.key = "keys", .kind = TSP_YAML_GROUP, .required = true, .place = PLACE(keys), .fields = key_fields},
    {.key = "value", .kind = TSP_YAML_BYTES, .offset = AT(value_bytes), .place = PLACE(value)},
    {.key = "preload", .kind = TSP_YAML_WORD, .offset = AT(preload), .words = preloads},
    {.key = "shards", .kind = TSP_YAML_COUNT, .offset = AT(shards), .max = 1U << 16},
    {.key = "rate", .kind = TSP_YAML_COUNT, .offset = AT(rate), .max = TSP_WORKLOAD_RATE_MAX},
    {.key = "spin", .kind = TSP_YAML_TIME, .offset = AT(spin_ms), .place = PLACE(spin)},
    {.key = "seed", .kind = TSP_YAML_COUNT, .offset = AT(seed), .max = UINT32_MAX},
    {.key = NULL},
};

static int refuse(const char *path, const struct tsp_yaml_place *place, struct tsp_error *error,
                  const char *why) {
    (void)tsp_error_set(error, "%s", why);
    return tsp_yaml_fail(path, place, error);
}

/* The order in which operations come, from the list's words. */
static int settle_mix(struct text *text, const char *path, struct tsp_error *error) {
    struct tsp_workload *workload = &text->workload;
    bool listed = text->mix_place.line > 0;
    bool weighted = text->weights_place.line > 0;
    if (listed && weighted) {
        return refuse(path, &text->weights_place, error,
                      "'weights' beside 'mix'; keep one: mix is an order, weights are shares");
    }
    if (weighted) {
        return workload->weights[TSP_GET] + workload->weights[TSP_PUT] + workload->weights[TSP_REMOVE] > 0
                   ? 0
                   : refuse(path, &text->weights_place, error, "'weights' is empty; write get: 3, say");
    }
    if (!listed) {
        return tsp_error_set(error, "%s:1:1: neither 'mix' nor 'weights'; add mix: [get, put]", path);
    }
    if (text->mix.count == 0 || text->mix.count > CYCLE_MAX) {
        return refuse(path, &text->mix_place, error, "'mix' has 1 to 1000 entries; else use 'weights'");
    }
    workload->cycle = malloc(text->mix.count);
    if (workload->cycle == NULL) {
        return tsp_error_set(error, "%s: out of memory", path);
    }
    for (; workload->cycle_count < text->mix.count; ++workload->cycle_count) {
        int operation = operation_of(text->mix.items[workload->cycle_count]);
        workload->cycle[workload->cycle_count] = (unsigned char)operation;
        ++workload->weights[operation];
    }
    return 0;
}

/* What the fields cannot say. */
static int settle(struct text *text, const char *path, struct tsp_error *error) {
    struct tsp_workload *workload = &text->workload;
    if (settle_mix(text, path, error) != 0) {
        return -1;
    }
    bool zipf = workload->distribution == TSP_KEYS_ZIPF;
    if (zipf && text->exponent_place.line == 0) {
        return refuse(path, &text->keys_place, error, "zipf without 'exponent'; add exponent: 0.99");
    }
    if (!zipf && text->exponent_place.line > 0) {
        return refuse(path, &text->exponent_place, error,
                      "'exponent' goes with distribution: zipf only; take it out");
    }
    if (workload->value_bytes < TSP_PAIR_BYTES_LEAST || workload->value_bytes > VALUE_MAX) {
        return refuse(path, &text->value_place, error,
                      "'value' is 16B to 64KiB: key and writer are kept in it, for the check");
    }
    if (text->spin_place.line > 0 && workload->rate == 0) {
        return refuse(path, &text->spin_place, error,
                      "'spin' goes with a rate: a closed loop waits for nothing; add rate or take it out");
    }
    return 0;
}

int tsp_workload_parse(struct tsp_workload *workload, const char *yaml, size_t size, const char *path,
                       struct tsp_error *error) {
    struct text text = {.workload = defaults};
    int status = tsp_yaml_read(yaml, size, path, fields, &text, error);
    if (status == 0) {
        status = settle(&text, path, error);
    }
    for (unsigned i = 0; i < text.mix.count; ++i) {
        free(text.mix.items[i]);
    }
    free(text.mix.items);
    *workload = text.workload;
    if (status != 0) {
        tsp_workload_free(workload);
    }
    return status;
}

static bool is_path(const char *name) {
    size_t length = strlen(name);
    return strchr(name, '/') != NULL || (length > 5 && strcmp(name + length - 5, ".yaml") == 0);
}

int tsp_workload_load(struct tsp_workload *workload, const char *name_or_path, struct tsp_error *error) {
    *workload = (struct tsp_workload){.name = NULL};
    if (is_path(name_or_path)) {
        size_t size = 0;
        char *text = tsp_yaml_file_read(name_or_path, "workload", &size, error);
        int status = text == NULL ? -1 : tsp_workload_parse(workload, text, size, name_or_path, error);
        free(text);
        return status;
    }
    char known[256] = "";
    for (const struct tsp_embedded_suite *shipped = tsp_embedded_workloads; shipped->name != NULL;
         ++shipped) {
        if (strcmp(shipped->name, name_or_path) == 0) {
            char path[64];
            (void)snprintf(path, sizeof path, "bench/workloads/%s.yaml", shipped->name);
            return tsp_workload_parse(workload, (const char *)shipped->yaml, shipped->size, path, error);
        }
        size_t used = strlen(known);
        (void)snprintf(known + used, sizeof known - used, "%s%s", used == 0 ? "" : ", ", shipped->name);
    }
    return tsp_error_set(error,
                         "no workload is called '%.100s'; there are %s, or give the path of a YAML file",
                         name_or_path, known);
}

const char *tsp_workload_name(size_t index) {
    for (size_t i = 0; i < index; ++i) {
        if (tsp_embedded_workloads[i].name == NULL) {
            return NULL;
        }
    }
    return tsp_embedded_workloads[index].name;
}

void tsp_workload_free(struct tsp_workload *workload) {
    free(workload->name);
    free(workload->about);
    free(workload->cycle);
    *workload = (struct tsp_workload){.name = NULL};
}

/* --- in words ----------------------------------------------------------------------------------------------------------------------- */

const char *tsp_operation_name(unsigned operation) {
    return operations[operation <= TSP_OPERATIONS ? operation : TSP_OPERATIONS];
}

const char *tsp_workload_preload_name(const struct tsp_workload *workload) {
    return preloads[workload->preload];
}

const char *tsp_workload_keys_text(const struct tsp_workload *workload, char *text, size_t size) {
    if (workload->distribution == TSP_KEYS_ZIPF) {
        (void)snprintf(text, size, "zipf %g", workload->exponent);
    } else {
        (void)snprintf(text, size, "%s", distributions[workload->distribution]);
    }
    return text;
}

const char *tsp_workload_mix_text(const struct tsp_workload *workload, char *text, size_t size) {
    size_t used = 0;
    text[0] = '\0';
    if (workload->cycle != NULL && workload->cycle_count <= 8) {
        for (unsigned i = 0; i < workload->cycle_count && used < size; ++i) {
            used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? " " : "",
                                     operations[workload->cycle[i]]);
        }
        return text;
    }
    for (unsigned i = 0; i < TSP_OPERATIONS && used < size; ++i) {
        if (workload->weights[i] > 0) {
            used += (size_t)snprintf(text + used, size - used, "%s%" PRIu64 " %s", used > 0 ? ", " : "",
                                     workload->weights[i], operations[i]);
        }
    }
    return text;
}
