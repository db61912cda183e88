/* What will be measured, how long, in which order: suites, filters, rounds, seeds. */
#ifndef TRANSEPT_PLAN_H
#define TRANSEPT_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transept/error.h"
#include "transept/measure.h"
#include "transept/registry.h"

/** Bounds of what a person may ask for; beyond them it is a slip of the keyboard. */
#define TSP_ROUNDS_MAX  10000
#define TSP_TIME_MAX_MS 3600000.0

/* --- numbers as people write them -------------------------------------------------------------------------------------------- */

/** "50ms", "1.5s", "20us", "2min": a number and its unit, nothing before, between or after. More than 0, at most an hour. */
int tsp_time_parse(const char *text, double *ms, struct tsp_error *error);

/** "64KiB", "512MiB", "1GiB", "4096B": a whole number and its unit. More than 0. */
int tsp_bytes_parse(const char *text, uint64_t *bytes, struct tsp_error *error);

/** Decimal digits only, between `min` and `max`. */
int tsp_count_parse(const char *text, uint64_t min, uint64_t max, uint64_t *value, struct tsp_error *error);

/** "0.99": digits with at most one point among them; over 0 and up to `max`. */
int tsp_number_parse(const char *text, double max, double *value, struct tsp_error *error);

/** "2%" or "0.02": from 0 to under 1. */
int tsp_share_parse(const char *text, double *share, struct tsp_error *error);

/* --- suites ------------------------------------------------------------------------------------------------------------------ */

struct tsp_yaml_place;

struct tsp_texts {
    char **items;
    unsigned count;
    const struct tsp_yaml_place *places; /* where each stands in its file (plan/yaml.h), freed with `items` */
};

/** A suite: patterns of case ids with a profile. Owned texts; free with tsp_suite_free(). */
struct tsp_suite {
    char *path; /* of the file that it was read from, for errors */
    char *name;
    char *about;
    bool builtin;
    uint64_t rounds;
    struct tsp_profile profile;
    struct tsp_texts cases; /* patterns, see tsp_pattern_match() */
    struct tsp_texts exclude;
};

/** Loads a suite: a built-in name ("quick", "default", …), or a path (has a '/' or ends in .yaml). An error names file, line and
 *  column; an unknown name lists the known ones. */
int tsp_suite_load(struct tsp_suite *suite, const char *name_or_path, struct tsp_error *error);
void tsp_suite_free(struct tsp_suite *suite);

/** Shortens a suite for an emulator, whose times say nothing of a processor: at most 3 rounds (what an interval takes) of 10 ms. */
void tsp_suite_shorten(struct tsp_suite *suite);

/** The same from the text of a file; `path` is for the errors only, also for those that a plan finds later. */
int tsp_suite_parse(struct tsp_suite *suite, const char *yaml, size_t size, const char *path,
                    struct tsp_error *error);

/** Name of the index-th built-in suite (static), NULL after the last one. */
const char *tsp_suite_name(size_t index);

/* --- patterns ---------------------------------------------------------------------------------------------------------------- */

/**
 * Does `id` match? A pattern is a glob (fnmatch) over the id or over its first components: `*` also crosses '/', and what a
 * pattern leaves out at the end matches anything ("syscall", "syscall/getppid", "syscall/g*" and "*raw" all match
 * "syscall/getppid/raw", and "abi/args-int/direct" every n below it). Between slashes ("/args=(0|6)$/") it is a POSIX extended regular
 * expression, found anywhere in the id. Commas separate alternatives; a leading '!' takes matches away again, and a pattern
 * of such alternatives only starts from everything.
 * Returns 1, 0, or -1 with the error (which quotes the alternative that is broken and where it begins).
 */
int tsp_pattern_match(const char *pattern, const char *id, struct tsp_error *error);

/* --- the plan ---------------------------------------------------------------------------------------------------------------- */

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
    struct tsp_step *steps; /* rounds of the cases that can run, in a random order drawn from the seed */
    size_t step_count;
};

/**
 * Selects and orders. `filter` (may be NULL) narrows the suite's choice. Each of its alternatives must match a case of the
 * registry (else the error names the nearest ids); one that matches only cases outside the suite takes those, for the person asked
 * for them by name. `session` (env, topology, seed) tells what can run here. The caller frees with tsp_plan_free().
 */
int tsp_plan_make(struct tsp_plan *plan, const struct tsp_registry *registry, const struct tsp_suite *suite,
                  const char *filter, unsigned rounds, const struct tsp_session *session,
                  struct tsp_error *error);

/** A plan of exactly these cases, for a run that is taken up again: an id that is not in the registry is an error. */
int tsp_plan_again(struct tsp_plan *plan, const struct tsp_registry *registry, const char *const *ids,
                   size_t count, const struct tsp_profile *profile, unsigned rounds,
                   const struct tsp_session *session, struct tsp_error *error);
void tsp_plan_free(struct tsp_plan *plan);

/** Roughly how long `steps` rounds take with that profile, in ms of wall time: sampling, warm-up, and what a process costs. */
double tsp_plan_estimate_ms(const struct tsp_profile *profile, size_t steps);

/** The order alone, for n cases of r rounds each, by SplitMix64 and Fisher–Yates: within each sweep every case comes once, so that
 *  a run cut short has as even a number of rounds as can be. `steps` has room for n·r. Pure. */
void tsp_plan_order(struct tsp_step *steps, size_t cases, unsigned rounds, uint64_t seed);

#endif
