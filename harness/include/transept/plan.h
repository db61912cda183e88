/* What will be measured, how long, in which order: suites, filters, rounds, seeds. */
#ifndef TRANSEPT_PLAN_H
#define TRANSEPT_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transept/error.h"
#include "transept/measure.h"
#include "transept/registry.h"

/** A suite: patterns of case ids with a profile. Owned texts; free with tsp_suite_free(). */
struct tsp_suite {
    char *name;
    char *about;
    unsigned rounds;
    struct tsp_profile profile;
    char **cases;        /* patterns, see tsp_pattern */
    unsigned cases_count;
    char **exclude;
    unsigned exclude_count;
};

/** Loads a suite: a built-in name ("quick", "default", "thorough"), or a path (has a '/' or ends in .yaml). An error names file, line and
 *  column; an unknown name lists the known ones. */
int tsp_suite_load(struct tsp_suite *suite, const char *name_or_path, struct tsp_error *error);
void tsp_suite_free(struct tsp_suite *suite);

/** Names of the built-in suites (static); returns their number. */
size_t tsp_suite_names(const char *const **names);

/**
 * Does `id` match? A pattern is a glob over the whole id, in which `*` also crosses '/' and a pattern without '/param' part also
 * matches all parameter values below it ("syscall/getppid" and "syscall/*" match "syscall/getppid/raw"); or, between slashes
 * ("/args=(0|6)$/"), a POSIX extended regular expression. Commas separate alternatives; a leading '!' excludes.
 * Returns 1, 0, or -1 with the error (a broken expression names its place).
 */
int tsp_pattern_match(const char *pattern, const char *id, struct tsp_error *error);

/** One case of the plan. */
struct tsp_planned {
    const struct tsp_case *tcase;
    char obstacle[TSP_REASON_MAX]; /* why it is skipped; empty: it runs */
};

/** One step: a round of a case. */
struct tsp_step {
    unsigned planned; /* index into cases */
    unsigned round;
};

struct tsp_plan {
    struct tsp_profile profile;
    unsigned rounds;
    uint64_t seed;
    struct tsp_planned *cases;
    size_t case_count;
    struct tsp_step *steps; /* rounds of all cases in a random order drawn from the seed */
    size_t step_count;
};

/**
 * Selects and orders. `filter` (may be NULL) narrows the suite's choice; a filter that matches no case of the registry is an
 * error that names the nearest ids; one that matches cases outside the suite takes them (the person asked for them by name).
 * `session` tells what can run here. The caller frees with tsp_plan_free().
 */
int tsp_plan_make(struct tsp_plan *plan, const struct tsp_registry *registry, const struct tsp_suite *suite, const char *filter,
                  unsigned rounds, uint64_t seed, const struct tsp_session *session, struct tsp_error *error);
void tsp_plan_free(struct tsp_plan *plan);

/** The order alone, for n cases of r rounds each, by SplitMix64 and Fisher–Yates: within each sweep every case comes once, so that
 *  a run cut short has as even a number of rounds as can be. `steps` has room for n·r. Pure. */
void tsp_plan_order(struct tsp_step *steps, size_t cases, unsigned rounds, uint64_t seed);

#endif
