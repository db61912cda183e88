/* The alternatives of a pattern, one by one. */
#ifndef TRANSEPT_PLAN_PATTERN_H
#define TRANSEPT_PLAN_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "transept/error.h"
#include "transept/kernel.h"

/** One alternative: what lies between two commas. */
struct tsp_alternative {
    bool excludes; /* had a leading '!' */
    bool regex;    /* stood between slashes */
    size_t place;  /* of its first character in the pattern, from 1 */
    char text[2 * TSP_ID_MAX];
};

/** Takes the alternative at `*rest` and moves `*rest` behind it. Returns 1, 0 at the end, -1 when it is malformed. `pattern` is the whole. */
int tsp_alternative_next(const char *pattern, const char **rest, struct tsp_alternative *alternative,
                         struct tsp_error *error);

/** Does it match, '!' aside? 1, 0, or -1 for a broken expression. */
int tsp_alternative_match(const struct tsp_alternative *alternative, const char *id, struct tsp_error *error);

#endif
