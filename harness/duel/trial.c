/* The arithmetic of calibration: what repeats of one and the same thing show. */
#include "transept/trial.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Geometric mean, as a logarithm. */
static double log_centre(const struct tsp_series *series) {
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < series->count; ++i) {
        if (series->values[i] > 0) {
            sum += log(series->values[i]);
            ++count;
        }
    }
    return count > 0 ? sum / (double)count : (double)NAN;
}

/* More pairs make a duel's noise as small as is wished; what none takes away is what its interval leaves out. */
static double beyond_interval(const struct tsp_series *first, const struct tsp_series *other) {
    struct tsp_effect effect;
    if (tsp_effect_paired(&effect, first->values, other->values, first->count, NULL) != 0) {
        return NAN;
    }
    return effect.lo > 1 ? effect.lo : effect.hi < 1 ? effect.hi : 1;
}

static const struct tsp_series *time_of(const struct tsp_side_case *place) {
    return place->status == TSP_OK && place->series_count > 0 && !place->series[0].exact ? &place->series[0]
                                                                                         : NULL;
}

static int judge(const struct tsp_side *first, const struct tsp_side *other,
                 const struct tsp_question *question, struct tsp_false_alarms *alarms,
                 struct tsp_error *error) {
    struct tsp_comparison comparison;
    if (tsp_comparison_make(&comparison, first, other, question, error) != 0) {
        return -1;
    }
    tsp_false_alarms_count(alarms, &comparison);
    tsp_comparison_free(&comparison);
    return 0;
}

/* Keeps the first side's figures for the comparison with the next repeat's: `last` takes the series over. */
static void keep_last(struct tsp_trial *trial) {
    struct tsp_side *side = &trial->duel->sides[0];
    for (size_t i = 0; i < side->case_count; ++i) {
        struct tsp_side_case *from = &side->cases[i];
        struct tsp_side_case *to = &trial->last.cases[i];
        struct tsp_series *series = to->series;
        size_t count = to->series_count;
        to->series = from->series;
        to->series_count = from->series_count;
        from->series = series;
        from->series_count = count;
    }
}

int tsp_trial_note(struct tsp_trial *trial, struct tsp_error *error) {
    struct tsp_duel *duel = trial->duel;
    struct tsp_question paired = trial->rule;
    size_t repeat = trial->noted++;
    size_t repeats = trial->repeats;
    paired.paired = true;
    for (size_t i = 0; i < duel->case_count; ++i) {
        const struct tsp_series *first = time_of(duel->cases[i].places[0]);
        const struct tsp_series *other = time_of(duel->cases[i].places[1]);
        bool both = first != NULL && other != NULL;
        trial->centres[i * repeats + repeat] = both ? log_centre(first) : (double)NAN;
        trial->beyond[i * repeats + repeat] = both ? beyond_interval(first, other) : (double)NAN;
    }
    if (judge(&duel->sides[0], &duel->sides[1], &paired, &trial->paired, error) != 0) {
        return -1;
    }
    if (repeat > 0 && judge(&trial->last, &duel->sides[0], &trial->rule, &trial->between, error) != 0) {
        return -1;
    }
    keep_last(trial);
    return 0;
}

/* A side with the same cases and head, for the figures of the repeat before. */
static int copy_side(struct tsp_side *copy, const struct tsp_side *side, struct tsp_error *error) {
    *copy = (struct tsp_side){.name = strdup(side->name),
                              .records = calloc(1, sizeof *copy->records),
                              .paths = calloc(1, sizeof *copy->paths),
                              .cases = calloc(side->case_count + 1, sizeof *copy->cases)};
    bool whole = copy->name != NULL && copy->records != NULL && copy->paths != NULL && copy->cases != NULL;
    if (copy->records != NULL && copy->paths != NULL) {
        copy->records[0] = side->records[0];
        copy->record_count = 1;
    }
    for (size_t i = 0; whole && i < side->case_count; ++i) {
        const struct tsp_side_case *from = &side->cases[i];
        copy->cases[copy->case_count++] = (struct tsp_side_case){.id = strdup(from->id),
                                                                 .family = strdup(from->family),
                                                                 .reason = strdup(from->reason),
                                                                 .status = from->status};
        const struct tsp_side_case *to = &copy->cases[i];
        whole = to->id != NULL && to->family != NULL && to->reason != NULL;
    }
    return whole ? 0 : tsp_error_set(error, "no memory for %zu cases", side->case_count);
}

int tsp_trial_begin(struct tsp_trial *trial, struct tsp_duel *duel, size_t repeats, double threshold,
                    struct tsp_error *error) {
    size_t room = duel->case_count * repeats;
    *trial = (struct tsp_trial){.duel = duel,
                                .repeats = repeats,
                                .rule = {.threshold = threshold},
                                .centres = calloc(room + 1, sizeof *trial->centres),
                                .beyond = calloc(room + 1, sizeof *trial->beyond)};
    if (trial->centres == NULL || trial->beyond == NULL) {
        return tsp_error_set(error, "no memory for %zu cases", duel->case_count);
    }
    return copy_side(&trial->last, &duel->sides[0], error);
}

void tsp_trial_free(struct tsp_trial *trial) {
    tsp_side_free(&trial->last);
    free(trial->centres);
    free(trial->beyond);
    trial->centres = trial->beyond = NULL;
}

/* The steps from one repeat to the next, as ratios. */
static void take_steps(double *steps, const double *centres, size_t count) {
    for (size_t i = 1; i < count; ++i) {
        steps[i - 1] = exp(centres[i] - centres[i - 1]);
    }
}

int tsp_trial_floors(const struct tsp_trial *trial, struct tsp_floors *floors, struct tsp_error *error) {
    const struct tsp_duel *duel = trial->duel;
    size_t repeats = trial->noted;
    double *steps = calloc(2 * trial->repeats + 1, sizeof *steps);
    floors->between = trial->between;
    floors->paired = trial->paired;
    floors->of = calloc(duel->case_count + 1, sizeof *floors->of);
    if (steps == NULL || floors->of == NULL) {
        free(steps);
        return tsp_error_set(error, "no memory for the floors of %zu cases", duel->case_count);
    }
    for (size_t i = 0; i < duel->case_count; ++i) {
        if (time_of(&trial->last.cases[duel->cases[i].places[0] - duel->sides[0].cases]) == NULL) {
            continue; /* a fact, or a case that failed */
        }
        struct tsp_floor *floor = &floors->of[floors->count++];
        (void)snprintf(floor->id, sizeof floor->id, "%s", duel->cases[i].ids[0]);
        take_steps(steps, &trial->centres[i * trial->repeats], repeats);
        floor->between = tsp_floor_from(steps, repeats > 0 ? repeats - 1 : 0);
        memcpy(steps, &trial->beyond[i * trial->repeats], repeats * sizeof *steps);
        floor->paired = tsp_floor_from(steps, repeats);
        floor->repeats = (unsigned)repeats;
    }
    free(steps);
    return floors->count > 0
               ? 0
               : tsp_error_set(error, "none of the %zu cases has a time to be calibrated", duel->case_count);
}
