/* What noise alone does on a machine, case by case: found by calibration (a binary against itself), kept in a file, heeded by verdicts. */
#ifndef TRANSEPT_FLOORS_H
#define TRANSEPT_FLOORS_H

#include <stddef.h>
#include <stdint.h>

#include "transept/comparison.h"
#include "transept/error.h"
#include "transept/machine.h"
#include "transept/record.h"

#define TSP_FLOORS_SCHEMA "transept.floors/1"

/** A case's noise as shares (0.02: 2 %). NaN: too few repeats tell. */
struct tsp_floor {
    char id[sizeof((struct tsp_result *)NULL)->id];
    double between;   /* from one run to the next, of so many rounds */
    double paired;    /* in a duel, beyond its interval: more pairs do not take it away */
    unsigned repeats; /* that stand behind both */
};

/** How often a rule found a difference where there is none. */
struct tsp_false_alarms {
    uint64_t judged; /* comparisons of a case */
    uint64_t slower;
    uint64_t faster;
};

struct tsp_floors {
    char arch[16];
    char machine[17]; /* machine.id */
    char made[32];    /* UTC, ISO 8601 */
    char version[64]; /* the transept that was held to itself */
    unsigned repeats;
    unsigned rounds; /* a side of each repeat */
    double threshold;
    struct tsp_false_alarms between; /* of the rule of compare */
    struct tsp_false_alarms paired;  /* of that of duel */
    struct tsp_floor *of;            /* by id */
    size_t count;
};

/** `root`/<arch>/<machine id>/floors.json. */
int tsp_floors_path(char *path, size_t size, const char *root, const struct tsp_machine *machine,
                    struct tsp_error *error);

/** Reads the file; -1, in one line, when it is none of floors or damaged. Free with tsp_floors_free() whatever is returned. */
int tsp_floors_read(struct tsp_floors *floors, const char *path, struct tsp_error *error);

/** Writes it in one step. Puts the cases in order. */
int tsp_floors_save(struct tsp_floors *floors, const char *path, struct tsp_error *error);

/** Adds the cases of an earlier calibration that this one has not. */
int tsp_floors_add(struct tsp_floors *floors, const struct tsp_floors *earlier, struct tsp_error *error);

/** The case's floor, or NULL. The floors are in order. */
const struct tsp_floor *tsp_floors_find(const struct tsp_floors *floors, const char *id);

/** The case's noise, for struct tsp_question: `floors` is a struct tsp_floors, in order. NaN: not known. */
double tsp_floors_between(const void *floors, const char *id);
double tsp_floors_paired(const void *floors, const char *id);

/**
 * The noise that a number of A/A ratios show: the 95 % quantile of how far they are from 1, either way. Ratios that are not finite are left out; NaN
 * with fewer than two. `ratios` is reordered.
 */
double tsp_floor_from(double *ratios, size_t count);

/** Counts a comparison's rows as false alarms, those on effects alone. */
void tsp_false_alarms_count(struct tsp_false_alarms *alarms, const struct tsp_comparison *comparison);

void tsp_floors_free(struct tsp_floors *floors);

#endif
