/*
 * Two binaries against each other in one session (measurement.md, "Comparing two records"): their rounds alternate at random on the same CPU, so that
 * whatever the machine does meanwhile hits both alike. Every round is a fresh process of the binary itself, its own address layout and all:
 * the command's hidden subcommand `duel-round` is asked by one line of JSON and answers by one line of a journal.
 */
#ifndef TRANSEPT_DUEL_H
#define TRANSEPT_DUEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "transept/comparison.h"
#include "transept/error.h"
#include "transept/plan.h"
#include "transept/record.h"

/** What asks and what answers must both speak it; there is no other. */
#define TSP_DUEL_SCHEMA "transept.duel/1"

/** The subcommand that answers. */
#define TSP_DUEL_COMMAND "duel-round"

/* --- the question and the answer ------------------------------------------------------------------------------------------------ */

/** How a case's rounds are to be measured, so that all of them mean the same; from the first that was ok. */
struct tsp_duel_like {
    bool known;
    bool per_op;
    uint64_t ops_per_sample;
};

struct tsp_duel_request {
    struct tsp_run run;     /* its profile and seed */
    int cpu;                /* -1: choose */
    char id[TSP_ID_MAX];    /* the case; empty: tell machine, build and all cases, and choose a clock */
    unsigned round;         /* which of the case, from 0 */
    struct tsp_clock clock; /* of that first answer, when `id` is not empty */
    struct tsp_duel_like like;
};

/** Reads the one line. Refuses another schema, in one line. */
int tsp_duel_request_read(struct tsp_duel_request *request, FILE *stream, struct tsp_error *error);

/** Answers it: with everything but rounds, or with a round. */
int tsp_duel_answer_header(const struct tsp_record *record, FILE *stream, struct tsp_error *error);
int tsp_duel_answer_round(const char *id, const struct tsp_round *round, FILE *stream,
                          struct tsp_error *error);

/* --- a binary that takes part --------------------------------------------------------------------------------------------------- */

struct tsp_duelist {
    const char *path; /* the caller's */
    struct tsp_record
        record; /* its machine, clock and build, and all its cases, in order of ids, without rounds */
};

/**
 * Starts `path` and asks what it is. `run` has profile and seed. What is no transept, dies, answers nothing within a minute or speaks another
 * schema is refused in one line. `*interrupted` (may be NULL) ends the waiting. Free with tsp_duelist_free() whatever is returned.
 */
int tsp_duelist_meet(struct tsp_duelist *duelist, const char *path, const struct tsp_run *run, int cpu,
                     const volatile int *interrupted, struct tsp_error *error);

/** One round of the case in a fresh process. -1: the binary, not the case, failed. */
int tsp_duelist_measure(const struct tsp_duelist *duelist, const struct tsp_duel_request *request,
                        const volatile int *interrupted, struct tsp_round *round, struct tsp_error *error);

void tsp_duelist_free(struct tsp_duelist *duelist);

/* --- the order ------------------------------------------------------------------------------------------------------------------ */

/** The order of the cases in the sweep of that number: each once. `order` has room for `cases`. Pure. */
int tsp_duel_sweep(unsigned *order, size_t cases, unsigned sweep, uint64_t seed, struct tsp_error *error);

/** Whose turn is first in a pair: 0 the first binary's, 1 the other's. A coin for every second pair, and the pair after it the other way
 *  round: so neither position is anyone's more than once more often. Pure. */
unsigned tsp_duel_first_turn(unsigned planned, unsigned pair, uint64_t seed);

/* --- the duel ------------------------------------------------------------------------------------------------------------------- */

/** How much is measured. */
struct tsp_duel_limits {
    unsigned pairs;       /* of rounds, of each case; 0: as `case_ms` allows */
    double case_ms;       /* wall time that both sides of a case may take together */
    unsigned pairs_least; /* whatever the time */
};

/** A case that both can run. */
struct tsp_duel_case {
    const char *ids[2];              /* what each side calls it */
    struct tsp_side_case *places[2]; /* where its figures go */
    struct tsp_duel_like like[2];
    unsigned pairs; /* that are done */
    double spent_ms;
    bool over; /* it ended in another way than ok */
};

struct tsp_duel {
    struct tsp_duelist duelists[2];
    struct tsp_side sides[2]; /* what tsp_comparison_make() takes, with question.paired */
    struct tsp_duel_case *cases;
    size_t case_count;
    struct tsp_run run; /* profile, seed */
    int cpu;
};

/** What is chosen of the cases: each may be NULL. */
struct tsp_duel_choice {
    const struct tsp_suite *suite;
    const char *pattern;
    const char *
        other_case; /* the case of the other binary to which the one that is chosen is held; NULL: the same */
};

/** Meets both binaries. `duel->run` and `duel->cpu` must be set. Free with tsp_duel_free() whatever is returned. */
int tsp_duel_meet(struct tsp_duel *duel, const char *const paths[2], const volatile int *interrupted,
                  struct tsp_error *error);

/** Makes the sides of what is chosen. -1 where nothing can be measured on both. Once a duel. */
int tsp_duel_choose(struct tsp_duel *duel, const struct tsp_duel_choice *choice, struct tsp_error *error);

/** The figures of all pairs so far are forgotten, so that the same duel is fought again. */
void tsp_duel_forget(struct tsp_duel *duel);

struct tsp_duel_progress {
    const char *id; /* the case in hand */
    size_t cases_over;
    size_t case_count;
    double left_ms; /* estimate */
};
typedef void tsp_duel_observer(void *data, const struct tsp_duel_progress *progress);

/**
 * Measures until every case has its pairs. Returns 0; 1 when interrupted; -1 when a binary failed (the case's own failures are its status).
 * Whatever is returned, the sides hold the pairs that are complete. `observer` may be NULL.
 */
int tsp_duel_execute(struct tsp_duel *duel, const struct tsp_duel_limits *limits,
                     const struct tsp_question *question, const volatile int *interrupted,
                     tsp_duel_observer *observer, void *data, struct tsp_error *error);

void tsp_duel_free(struct tsp_duel *duel);

#endif
