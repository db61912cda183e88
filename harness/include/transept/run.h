/* A run: the rounds of a plan, one after another, into a record and a journal. */
#ifndef TRANSEPT_RUN_H
#define TRANSEPT_RUN_H

#include <stddef.h>

#include "transept/error.h"
#include "transept/measure.h"
#include "transept/plan.h"
#include "transept/record.h"

/** How far a run has come. */
struct tsp_progress {
    const struct tsp_case *tcase; /* the case in hand */
    unsigned round;               /* which round of it, from 0 */
    size_t steps_done;            /* rounds that are over or no longer needed */
    size_t step_count;
    size_t cases_done; /* cases without a round to come */
    size_t case_count; /* cases that can run */
    double elapsed_ms; /* since tsp_run_execute() was called */
    double left_ms;    /* estimate for what is still to come */
};

/** Who wants to know. Every function may be NULL; `data` is handed to each. */
struct tsp_observer {
    void *data;
    void (*started)(void *data, const struct tsp_progress *progress);
    void (*finished)(void *data, const struct tsp_progress *progress, const struct tsp_round *round);
    void (*warned)(void *data, const char *text); /* something was lost, but the run goes on */
};

/**
 * Fills `record->run` (a new id, the time, version and commit, the plan's seed, rounds and profile) and `record->results`: one
 * for each case of the plan, in its order, without rounds, those with an obstacle skipped. Machine, clock and build are
 * the caller's. The caller frees with tsp_record_free().
 */
int tsp_run_prepare(struct tsp_record *record, const struct tsp_plan *plan, const char *suite,
                    const char *command, struct tsp_error *error);

/**
 * Takes up what a journal says (`record`, as tsp_journal_resume() filled it): makes the plan of its cases, on the machine `machine`. Refuses,
 * in one line, a journal of another version or machine, or with rounds on other CPUs than `session->cpu` gives its cases: its rounds would not
 * mean the same. `session->seed` must be the record's.
 */
int tsp_run_take_up(struct tsp_plan *plan, struct tsp_record *record, const struct tsp_registry *registry,
                    const struct tsp_machine *machine, const struct tsp_session *session,
                    struct tsp_error *error);

/**
 * Measures all rounds of the plan that `record` has not got yet, and summarises every result. A case whose round failed, faulted, was
 * skipped or timed out gets no further rounds: its verdict is known, and a hanging case costs its limit only once.
 *
 * `journal` (may be NULL) gets each round as it ends; where it cannot, `observer->warned` is told once and the run goes on. `*interrupted`
 * (may be NULL) becoming non-zero ends the run: rounds that are over are kept, the one in hand is dropped, cases without any
 * are skipped with that reason, and the record says so.
 *
 * Returns -1 when no round can be started any more (no process, no memory); the record then holds what was finished.
 */
int tsp_run_execute(const struct tsp_plan *plan, const struct tsp_session *session, struct tsp_record *record,
                    struct tsp_journal *journal, const struct tsp_observer *observer,
                    const volatile int *interrupted, struct tsp_error *error);

#endif
