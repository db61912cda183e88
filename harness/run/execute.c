/* The rounds of a plan, one after another. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "record/merge.h"
#include "run/time.h"
#include "transept/run.h"

/* What the loop carries along. */
struct course {
    const struct tsp_plan *plan;
    const struct tsp_session *session;
    struct tsp_record *record;
    struct tsp_journal *journal;
    const struct tsp_observer *observer;
    const volatile int *interrupted;
    struct tsp_progress progress;
    double began_ms;
    size_t measured;         /* rounds of this very call */
    unsigned *to_come;       /* rounds each case still has */
    struct tsp_round *round; /* the one in hand; too large for a stack */
};

static double now_ms(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool is_interrupted(const struct course *course) {
    return course->interrupted != NULL && *course->interrupted != 0;
}

/* Did every counter of the round count otherwise each time? A further round would find the same, and none of its numbers is compared. */
static bool all_counts_vary(const struct tsp_session *session, const struct tsp_round *round) {
    unsigned varying = 0;
    for (unsigned i = 0; session->verdicts != NULL && i < session->verdicts->count; ++i) {
        const struct tsp_round_metric *metric = tsp_round_metric_find(round, session->verdicts->of[i].name);
        if (metric != NULL && !metric->nondeterministic) {
            return false;
        }
        varying += metric != NULL;
    }
    return varying > 0;
}

/* A round of the result that settles its verdict, so that no further one is wanted. */
static bool is_settled(const struct tsp_session *session, const struct tsp_result *result) {
    if (result->round_count == 0) {
        return false;
    }
    const struct tsp_round *last = &result->rounds[result->round_count - 1];
    return last->status != TSP_OK || (session->counts_only && all_counts_vary(session, last));
}

static bool has_round(const struct tsp_result *result, unsigned index) {
    for (unsigned i = 0; i < result->round_count; ++i) {
        if (result->rounds[i].index == index) {
            return true;
        }
    }
    return false;
}

/* The first round that was ok: later ones are measured like it. */
static const struct tsp_round *first_ok(const struct tsp_result *result) {
    for (unsigned i = 0; i < result->round_count; ++i) {
        if (result->rounds[i].status == TSP_OK) {
            return &result->rounds[i];
        }
    }
    return NULL;
}

/* One round less to come for the case, or none any more. */
static void settle(struct course *course, unsigned planned, unsigned rounds) {
    unsigned *to_come = &course->to_come[planned];
    if (rounds > *to_come) {
        rounds = *to_come;
    }
    *to_come -= rounds;
    course->progress.steps_done += rounds;
    course->progress.cases_done += rounds > 0 && *to_come == 0;
}

/* What a resumed record has already. */
static void count_done(struct course *course) {
    const struct tsp_plan *plan = course->plan;
    for (size_t i = 0; i < plan->case_count; ++i) {
        if (plan->cases[i].obstacle[0] == '\0') {
            course->to_come[i] = plan->rounds;
            ++course->progress.case_count;
        }
        const struct tsp_result *result = &course->record->results[i];
        settle(course, (unsigned)i, is_settled(course->session, result) ? plan->rounds : result->round_count);
    }
    course->progress.step_count = plan->step_count;
}

/* The plan's guess, until rounds of this run tell better. */
static void update_times(struct course *course) {
    struct tsp_progress *progress = &course->progress;
    size_t left = progress->step_count - progress->steps_done;
    progress->elapsed_ms = now_ms() - course->began_ms;
    progress->left_ms = course->measured == 0
                            ? tsp_plan_estimate_ms(&course->plan->profile, left)
                            : progress->elapsed_ms / (double)course->measured * (double)left;
}

static void keep_round(struct course *course, const char *id) {
    struct tsp_error lost;
    if (course->journal != NULL && tsp_journal_append(course->journal, id, course->round, &lost) != 0 &&
        course->observer != NULL && course->observer->warned != NULL) {
        course->observer->warned(course->observer->data, lost.text);
    }
}

/* Returns 0, 1 when interrupted, -1 when nothing can be measured any more. */
static int take_step(struct course *course, const struct tsp_step *step, struct tsp_error *error) {
    struct tsp_result *result = &course->record->results[step->planned];
    const struct tsp_observer *observer = course->observer;
    course->progress.tcase = course->plan->cases[step->planned].tcase;
    course->progress.round = step->round;
    update_times(course);
    if (observer != NULL && observer->started != NULL) {
        observer->started(observer->data, &course->progress);
    }
    if (tsp_round_isolate(course->session, &course->plan->profile, course->progress.tcase, step->round,
                          first_ok(result), course->interrupted, course->round, error) != 0) {
        return -1;
    }
    if (is_interrupted(course) && course->round->status == TSP_SKIPPED) {
        return 1;
    }
    keep_round(course, result->id);
    if (tsp_result_add_round(result, course->round, error) != 0) {
        return -1;
    }
    settle(course, step->planned, is_settled(course->session, result) ? course->plan->rounds : 1);
    ++course->measured;
    update_times(course);
    if (observer != NULL && observer->finished != NULL) {
        observer->finished(observer->data, &course->progress, course->round);
    }
    return 0;
}

static int take_steps(struct course *course, struct tsp_error *error) {
    int status = 0;
    for (size_t i = 0; i < course->plan->step_count && status == 0; ++i) {
        const struct tsp_step *step = &course->plan->steps[i];
        const struct tsp_result *result = &course->record->results[step->planned];
        if (is_settled(course->session, result) || has_round(result, step->round)) {
            continue;
        }
        status = is_interrupted(course) ? 1 : take_step(course, step, error);
    }
    return status;
}

/* Statuses, estimates and the end of the run. `why` is for cases that never had their turn. */
static int conclude(struct course *course, const char *why, struct tsp_error *error) {
    struct tsp_record *record = course->record;
    for (size_t i = 0; i < record->result_count; ++i) {
        struct tsp_result *result = &record->results[i];
        if (result->round_count == 0 && result->status == TSP_OK) {
            result->status = TSP_SKIPPED;
            (void)snprintf(result->reason, sizeof result->reason, "%s", why);
        }
        if (tsp_result_summarise(result, error) != 0) {
            return -1;
        }
    }
    tsp_run_now(record->run.finished, sizeof record->run.finished);
    return 0;
}

int tsp_run_execute(const struct tsp_plan *plan, const struct tsp_session *session, struct tsp_record *record,
                    struct tsp_journal *journal, const struct tsp_observer *observer,
                    const volatile int *interrupted, struct tsp_error *error) {
    struct course course = {.plan = plan,
                            .session = session,
                            .record = record,
                            .journal = journal,
                            .observer = observer,
                            .interrupted = interrupted,
                            .began_ms = now_ms(),
                            .to_come = calloc(plan->case_count + 1, sizeof *course.to_come),
                            .round = calloc(1, sizeof *course.round)};
    int status = -1;
    if (course.to_come == NULL || course.round == NULL) {
        (void)tsp_error_set(error, "out of memory for a run of %zu cases", plan->case_count);
    } else {
        count_done(&course);
        status = take_steps(&course, error);
        record->run.interrupted = status != 0;
        struct tsp_error second;
        if (conclude(&course,
                     status > 0 ? "interrupted before its first round"
                                : "the run ended before its first round",
                     status < 0 ? &second : error) != 0) {
            status = -1;
        }
    }
    free(course.to_come);
    free(course.round);
    return status < 0 ? -1 : 0;
}
