/*
 * Takes a record's JSON apart without holding all of it: first everything but the cases, then the cases one by one. So a record of
 * any length is read in the memory of its largest case.
 */
#ifndef TRANSEPT_RECORD_SPLIT_H
#define TRANSEPT_RECORD_SPLIT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "transept/error.h"

struct tsp_split {
    const char *path; /* the caller's */
    FILE *stream;
    char *block; /* bytes of the file, of which `at` of `held` are taken; a NUL behind them */
    size_t at;
    size_t held;
    off_t base; /* of the block in the file */
    char *text; /* what is being put together */
    size_t length;
    size_t room;
    off_t cases;     /* of the first byte behind "cases": [; 0: there is none */
    off_t cases_end; /* of the closing bracket */
    bool more;       /* a comma announced a case */
    bool over;       /* the closing bracket was taken */
};

/** Opens the file; what cannot be read twice (a pipe) is copied to an unnamed file first. Closed by tsp_split_close() whatever is
 *  returned. -1: it cannot be read, with the reason. */
int tsp_split_open(struct tsp_split *split, const char *path, struct tsp_error *error);

/** The whole object with an empty array of cases; the caller's. NULL: not JSON (line and column), or no memory. */
json_t *tsp_split_head(struct tsp_split *split, struct tsp_error *error);

/** After the head: the next case, the caller's. NULL without a case left (`*end` is true), or with the error. */
json_t *tsp_split_next(struct tsp_split *split, bool *end, struct tsp_error *error);

/** The same without a tree, for who can read the text: the next case begins there, and behind `*size` bytes, which may be less than all of it, is a
 *  NUL. tsp_split_skip() goes on behind the case, which has that many bytes; false, and nothing is skipped: no case can end there. NULL: no case is left. */
const char *tsp_split_peek(struct tsp_split *split, size_t *size);
bool tsp_split_skip(struct tsp_split *split, size_t size);

void tsp_split_close(struct tsp_split *split);

#endif
