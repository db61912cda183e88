/* The duel itself: pairs of rounds, until every case has its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "duel/request.h"

/* What the loop carries along. */
struct course {
    struct tsp_duel *duel;
    const struct tsp_duel_limits *limits;
    const struct tsp_question *question;
    const volatile int *interrupted;
    struct tsp_round *rounds; /* of the two sides; too large for a stack */
    double began_ms;
    size_t pairs; /* of all cases */
};

static double now_ms(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool is_over(const struct tsp_duel_case *tcase, const struct tsp_duel_limits *limits) {
    if (tcase->over) {
        return true;
    }
    if (limits->pairs > 0) {
        return tcase->pairs >= limits->pairs;
    }
    return tcase->spent_ms >= limits->case_ms && tcase->pairs >= limits->pairs_least;
}

/* From the time of the pairs so far. */
static struct tsp_duel_progress progress_of(const struct course *course, const struct tsp_duel_case *tcase) {
    const struct tsp_duel *duel = course->duel;
    const struct tsp_duel_limits *limits = course->limits;
    struct tsp_duel_progress progress = {.id = tcase->ids[0], .case_count = duel->case_count};
    double a_pair = course->pairs > 0 ? (now_ms() - course->began_ms) / (double)course->pairs
                                      : 2 * tsp_plan_estimate_ms(&duel->run.profile, 1);
    for (size_t i = 0; i < duel->case_count; ++i) {
        const struct tsp_duel_case *one = &duel->cases[i];
        if (is_over(one, limits)) {
            ++progress.cases_over;
        } else if (limits->pairs > 0) {
            progress.left_ms += a_pair * (limits->pairs - one->pairs);
        } else {
            progress.left_ms += limits->case_ms > one->spent_ms ? limits->case_ms - one->spent_ms : a_pair;
        }
    }
    return progress;
}

/* One round of a side. */
static int measure(struct course *course, struct tsp_duel_case *tcase, unsigned side,
                   struct tsp_error *error) {
    struct tsp_duel *duel = course->duel;
    struct tsp_round *round = &course->rounds[side];
    struct tsp_duel_request request = {
        .run = duel->run, .cpu = duel->cpu, .round = tcase->pairs, .like = tcase->like[side]};
    (void)snprintf(request.id, sizeof request.id, "%s", tcase->ids[side]);
    if (tsp_duelist_measure(&duel->duelists[side], &request, course->interrupted, round, error) != 0) {
        return -1;
    }
    if (round->status == TSP_OK && !tcase->like[side].known) {
        tcase->like[side] = (struct tsp_duel_like){
            .known = true, .per_op = round->per_op, .ops_per_sample = round->ops_per_sample};
    }
    return 0;
}

/* A round that did not end ok is the case's end, and told. */
static int note_end(struct tsp_duel_case *tcase, unsigned side, const struct tsp_round *round,
                    struct tsp_error *error) {
    struct tsp_side_case *place = tcase->places[side];
    if (round->status == TSP_OK) {
        return 0;
    }
    char *reason = strdup(round->reason);
    if (reason == NULL) {
        return tsp_error_set(error, "no memory for the reason of %s", tcase->ids[side]);
    }
    free(place->reason);
    place->reason = reason;
    place->status = round->status;
    tcase->over = true;
    return 0;
}

/* Both rounds are there: they count, or end the case. */
static int keep_pair(struct course *course, struct tsp_duel_case *tcase, struct tsp_error *error) {
    for (unsigned side = 0; side < 2; ++side) {
        if (note_end(tcase, side, &course->rounds[side], error) != 0) {
            return -1;
        }
    }
    if (tcase->over) {
        return 0;
    }
    for (unsigned side = 0; side < 2; ++side) {
        if (tsp_duel_keep(tcase->places[side], &course->rounds[side], tcase->pairs, course->question,
                          error) != 0 ||
            tsp_duel_fill(tcase->places[side], tcase->pairs + 1, error) != 0) {
            return -1;
        }
    }
    ++tcase->pairs;
    return 0;
}

static int take_pair(struct course *course, unsigned planned, struct tsp_error *error) {
    struct tsp_duel *duel = course->duel;
    struct tsp_duel_case *tcase = &duel->cases[planned];
    unsigned first = tsp_duel_first_turn(planned, tcase->pairs, duel->run.seed);
    double start = now_ms();
    if (measure(course, tcase, first, error) != 0 || measure(course, tcase, 1 - first, error) != 0) {
        return -1;
    }
    tcase->spent_ms += now_ms() - start;
    ++course->pairs;
    return keep_pair(course, tcase, error);
}

/* Each case that is not over once. Returns how many there were, or -1. */
static long sweep(struct course *course, unsigned number, unsigned *order, tsp_duel_observer *observer,
                  void *data, struct tsp_error *error) {
    struct tsp_duel *duel = course->duel;
    long taken = 0;
    if (tsp_duel_sweep(order, duel->case_count, number, duel->run.seed, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < duel->case_count; ++i) {
        const struct tsp_duel_case *tcase = &duel->cases[order[i]];
        if (is_over(tcase, course->limits)) {
            continue;
        }
        if (observer != NULL) {
            struct tsp_duel_progress progress = progress_of(course, tcase);
            observer(data, &progress);
        }
        if (take_pair(course, order[i], error) != 0) {
            return -1;
        }
        ++taken;
    }
    return taken;
}

/* A pair that was broken off leaves nothing: what one side has more than the other is cut. */
static void settle(struct tsp_duel *duel) {
    for (size_t i = 0; i < duel->case_count; ++i) {
        for (unsigned side = 0; side < 2; ++side) {
            struct tsp_side_case *place = duel->cases[i].places[side];
            for (size_t k = 0; k < place->series_count; ++k) {
                struct tsp_series *series = &place->series[k];
                if (!series->exact && series->count > duel->cases[i].pairs) {
                    series->count = duel->cases[i].pairs;
                }
            }
        }
    }
}

int tsp_duel_execute(struct tsp_duel *duel, const struct tsp_duel_limits *limits,
                     const struct tsp_question *question, const volatile int *interrupted,
                     tsp_duel_observer *observer, void *data, struct tsp_error *error) {
    struct course course = {.duel = duel,
                            .limits = limits,
                            .question = question,
                            .interrupted = interrupted,
                            .rounds = calloc(2, sizeof *course.rounds),
                            .began_ms = now_ms()};
    unsigned *order = calloc(duel->case_count + 1, sizeof *order);
    long taken = 1;
    if (course.rounds == NULL || order == NULL) {
        (void)tsp_error_set(error, "no memory for a duel of %zu cases", duel->case_count);
        taken = -1;
    }
    for (unsigned number = 0; taken > 0; ++number) {
        taken = sweep(&course, number, order, observer, data, error);
    }
    free(order);
    free(course.rounds);
    settle(duel);
    if (taken < 0 && interrupted != NULL && *interrupted != 0) {
        return 1;
    }
    return taken < 0 ? -1 : 0;
}

int tsp_duel_meet(struct tsp_duel *duel, const char *const paths[2], const volatile int *interrupted,
                  struct tsp_error *error) {
    for (unsigned i = 0; i < 2; ++i) {
        if (tsp_duelist_meet(&duel->duelists[i], paths[i], &duel->run, duel->cpu, interrupted, error) != 0) {
            return -1;
        }
    }
    const struct tsp_machine *first = &duel->duelists[0].record.machine;
    const struct tsp_machine *other = &duel->duelists[1].record.machine;
    if (strcmp(first->arch, other->arch) != 0) {
        return tsp_error_set(error, "%.150s is for %s, %.150s for %s: they cannot take turns on one CPU",
                             paths[0], first->arch, paths[1], other->arch);
    }
    return 0;
}

void tsp_duel_forget(struct tsp_duel *duel) {
    for (size_t i = 0; i < duel->case_count; ++i) {
        struct tsp_duel_case *tcase = &duel->cases[i];
        for (unsigned side = 0; side < 2; ++side) {
            struct tsp_side_case *place = tcase->places[side];
            for (size_t k = 0; k < place->series_count; ++k) {
                free(place->series[k].values);
            }
            free(place->series);
            place->series = NULL;
            place->series_count = 0;
        }
        tcase->pairs = 0;
        tcase->spent_ms = 0;
    }
}

void tsp_duel_free(struct tsp_duel *duel) {
    for (unsigned i = 0; i < 2; ++i) {
        tsp_side_free(&duel->sides[i]);
        tsp_duelist_free(&duel->duelists[i]);
    }
    free(duel->cases);
    duel->cases = NULL;
    duel->case_count = 0;
}
