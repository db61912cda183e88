/* YAML files read by a table of fields, with errors that name file, line, column and what to do. */
#ifndef TRANSEPT_PLAN_YAML_H
#define TRANSEPT_PLAN_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "transept/error.h"

enum tsp_yaml_kind {
    TSP_YAML_TEXT,   /* char *, allocated */
    TSP_YAML_COUNT,  /* uint64_t from 1 to the field's max */
    TSP_YAML_TIME,   /* double, in ms: "50ms" */
    TSP_YAML_BYTES,  /* uint64_t: "1GiB" */
    TSP_YAML_SHARE,  /* double: "2%" or "0.02" */
    TSP_YAML_NUMBER, /* double: "0.99", over 0 and up to the field's max */
    TSP_YAML_WORD,   /* unsigned: the index of one of the field's words */
    TSP_YAML_LIST,   /* struct tsp_texts, allocated: a sequence of texts */
    TSP_YAML_GROUP,  /* a mapping with fields of its own */
    TSP_YAML_GROUPS  /* struct tsp_yaml_groups, allocated: a sequence of such mappings */
};

/** Structs of the field's `size`, one a mapping, each from its `initial`; allocated. */
struct tsp_yaml_groups {
    void *items;
    unsigned count;
};

/** Where a value stands in its file, from 1; line 0: it was left out. */
struct tsp_yaml_place {
    size_t line;
    size_t column;
};

/** One key of a mapping. The table ends with a NULL key. */
struct tsp_yaml_field {
    const char *key;
    enum tsp_yaml_kind kind;
    bool required;
    size_t offset; /* of the value in the struct that is filled, also within a group */
    size_t place;  /* of a struct tsp_yaml_place there, for mistakes of several values together; 0: none */
    unsigned max;  /* of a COUNT and a NUMBER; entries of GROUPS at most */
    const struct tsp_yaml_field
        *fields;              /* of a GROUP and GROUPS; offsets in GROUPS are those within an entry */
    size_t size;              /* of an entry of GROUPS */
    const void *initial;      /* what an entry of GROUPS is before it is read */
    const char *const *words; /* of a WORD; ends with NULL */
    /** What else must hold of a TEXT or an entry of a LIST: -1 with the error, which gets its place. NULL: nothing. */
    int (*check)(const char *text, struct tsp_error *error);
};

/**
 * Fills `*target` from one YAML document; a key that is left out leaves its value alone. What was allocated belongs to the caller, also after
 * an error. `path` is for the errors only.
 */
int tsp_yaml_read(const char *yaml, size_t size, const char *path, const struct tsp_yaml_field *fields,
                  void *target, struct tsp_error *error);

/** The whole text of a file, to be freed; NULL with the error, which calls the file a `what`. */
char *tsp_yaml_file_read(const char *path, const char *what, size_t *size, struct tsp_error *error);

/** Puts "path:line:column" before an error that was found after the reading. Returns -1. */
int tsp_yaml_fail(const char *path, const struct tsp_yaml_place *place, struct tsp_error *error);

#endif
