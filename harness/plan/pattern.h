/* Patterns in pieces, for who matches many ids: an expression is compiled once. */
#ifndef TRANSEPT_PLAN_PATTERN_H
#define TRANSEPT_PLAN_PATTERN_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "transept/error.h"
#include "transept/kernel.h"

/** One alternative: what lies between two commas. */
struct tsp_alternative {
    bool excludes; /* had a leading '!' */
    bool regex;    /* stood between slashes */
    bool plain;    /* has nothing that fnmatch() would take for more than itself */
    size_t place;  /* of its first character in the pattern, from 1 */
    char text[2 * TSP_ID_MAX];
    bool compiled; /* has its expression: made when the first id is matched */
    regex_t expression;
};

/** Takes the alternative at `*rest` and moves `*rest` behind it. Returns 1, 0 at the end, -1 when it is malformed. `pattern` is the whole.
 *  The caller ends each one with tsp_alternative_free(). */
int tsp_alternative_next(const char *pattern, const char **rest, struct tsp_alternative *alternative,
                         struct tsp_error *error);

/** Does it match, '!' aside? 1, 0, or -1 for a broken expression. */
int tsp_alternative_match(struct tsp_alternative *alternative, const char *id, struct tsp_error *error);

void tsp_alternative_free(struct tsp_alternative *alternative);

/** All alternatives of a pattern. */
struct tsp_matcher {
    struct tsp_alternative *of;
    size_t count;
};

/** Takes a pattern apart; -1 when it is malformed or memory is out, with nothing to free. The caller frees with tsp_matcher_free(). */
int tsp_matcher_make(struct tsp_matcher *matcher, const char *pattern, struct tsp_error *error);

/** As tsp_pattern_match(). */
int tsp_matcher_match(struct tsp_matcher *matcher, const char *id, struct tsp_error *error);

void tsp_matcher_free(struct tsp_matcher *matcher);

#endif
