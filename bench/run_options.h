/* The command line of `transept run`. */
#ifndef TRANSEPT_BENCH_RUN_OPTIONS_H
#define TRANSEPT_BENCH_RUN_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "files.h"
#include "transept/error.h"

struct tsp_run_options {
    const char *filter; /* NULL: the whole suite */
    const char *suite;
    uint64_t rounds; /* 0: the suite's */
    double time_ms;  /* 0: the suite's */
    bool seeded;
    uint64_t seed;
    int cpu; /* -1: choose */
    const char *output;
    struct tsp_formats formats;
    const char *counters;
    bool counts_only;
    uint64_t repetitions; /* of a count in each round; 0: TSP_REPETITIONS, exact ones fewer */
    bool dry_run;
    bool resume;
    const char *journal; /* NULL: the newest */
    const char *
        chosen; /* an option that says what is measured, which --resume takes from the journal; NULL: none was given */
    struct tsp_error *error;
};

/** As tsp_options_parse(): 0, 1 when the help was printed, -1. */
int tsp_run_options_parse(struct tsp_run_options *options, int argc, char **argv, struct tsp_error *error);

#endif
