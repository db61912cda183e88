/* Calibration: a duel of a binary against itself, fought again and again; whatever is found is a false alarm. */
#ifndef TRANSEPT_TRIAL_H
#define TRANSEPT_TRIAL_H

#include "transept/duel.h"
#include "transept/floors.h"

struct tsp_trial {
    struct tsp_duel *duel; /* the caller's, chosen */
    size_t repeats;
    size_t noted;
    struct tsp_question rule; /* of compare; that of duel is the same, paired */
    struct tsp_side last;     /* the first side of the repeat before */
    double *centres;          /* [case][repeat]: its geometric mean, as a logarithm */
    double *beyond;           /* [case][repeat]: by how much the pairs' interval misses 1, as a ratio */
    struct tsp_false_alarms between;
    struct tsp_false_alarms paired;
};

/** For that many repeats. Free with tsp_trial_free() whatever is returned. */
int tsp_trial_begin(struct tsp_trial *trial, struct tsp_duel *duel, size_t repeats, double threshold,
                    struct tsp_error *error);

/** Takes what the duel has measured as one more repeat, and its figures out of the duel. */
int tsp_trial_note(struct tsp_trial *trial, struct tsp_error *error);

/** The floors of all cases that have a time, and the false alarms; machine, date and so on are the caller's. -1: no case has one. */
int tsp_trial_floors(const struct tsp_trial *trial, struct tsp_floors *floors, struct tsp_error *error);

void tsp_trial_free(struct tsp_trial *trial);

#endif
