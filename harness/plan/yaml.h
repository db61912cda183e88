/* YAML files read by a table of fields, with errors that name file, line, column and what to do. */
#ifndef TRANSEPT_PLAN_YAML_H
#define TRANSEPT_PLAN_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "transept/error.h"

enum tsp_yaml_kind {
    TSP_YAML_TEXT,  /* char *, allocated */
    TSP_YAML_COUNT, /* uint64_t from 1 to the field's max */
    TSP_YAML_TIME,  /* double, in ms: "50ms" */
    TSP_YAML_BYTES, /* uint64_t: "1GiB" */
    TSP_YAML_LIST,  /* struct tsp_texts, allocated: a sequence of texts */
    TSP_YAML_GROUP  /* a mapping with fields of its own */
};

/** One key of a mapping. The table ends with a NULL key. */
struct tsp_yaml_field {
    const char *key;
    enum tsp_yaml_kind kind;
    bool required;
    size_t offset;                       /* of the value in the struct that is filled, also within a group */
    unsigned max;                        /* of a COUNT */
    const struct tsp_yaml_field *fields; /* of a GROUP */
};

/**
 * Fills `*target` from one YAML document; a key that is left out leaves its value alone. What was allocated belongs to the caller, also after
 * an error. `path` is for the errors only.
 */
int tsp_yaml_read(const char *yaml, size_t size, const char *path, const struct tsp_yaml_field *fields,
                  void *target, struct tsp_error *error);

#endif
