/* Between the files of a duel: the question as JSON, and a process that is asked. */
#ifndef TRANSEPT_DUEL_REQUEST_H
#define TRANSEPT_DUEL_REQUEST_H

#include <jansson.h>

#include "transept/duel.h"

/** The question; with `record` (may be NULL) the clock that the binary chose. A new reference, NULL when memory is out. */
json_t *tsp_duel_request_encode(const struct tsp_duel_request *request, const struct tsp_record *record);

/**
 * Starts `path` with the subcommand, writes it `question`, and waits at most `limit_ms` for its end. `*answer` is what it wrote, NUL at the end, to be
 * freed. -1, in one line: it cannot be started, ended in another way than with status 0, wrote nothing, too much or for too long, or
 * `*interrupted` became non-zero; no process is left then.
 */
int tsp_duel_ask(const char *path, const char *question, double limit_ms, const volatile int *interrupted,
                 char **answer, struct tsp_error *error);

/** The figures that the question asks for of a round, as those of the pair of that number (from 0); earlier pairs that have none are NaN. */
int tsp_duel_keep(struct tsp_side_case *place, const struct tsp_round *round, unsigned pair,
                  const struct tsp_question *question, struct tsp_error *error);

/** NaN for what a pair lacks, so that the figures of both sides stay pairs. */
int tsp_duel_fill(struct tsp_side_case *place, unsigned pairs, struct tsp_error *error);

#endif
