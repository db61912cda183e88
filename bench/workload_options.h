/* The command line of transept workload. */
#ifndef TRANSEPT_BENCH_WORKLOAD_OPTIONS_H
#define TRANSEPT_BENCH_WORKLOAD_OPTIONS_H

#include <stdbool.h>

#include "transept/workload.h"

/** In the order of tsp_words_table_format(). */
enum tsp_workload_format { TSP_WORKLOAD_TABLE, TSP_WORKLOAD_CSV, TSP_WORKLOAD_JSON };

struct tsp_workload_options {
    const char *file; /* a path, or a shipped name */
    bool has_threads; /* what takes the place of the file's values */
    bool has_duration;
    bool has_warmup;
    bool has_rate;
    bool has_seed;
    uint64_t threads;
    double duration_ms;
    double warmup_ms;
    uint64_t rate; /* 0: a closed loop */
    uint64_t seed;
    enum tsp_workload_format format;
    bool has_format;
    const char *output; /* NULL: stdout */
    const char *raw;    /* NULL: none */
    bool dry_run;
    struct tsp_error *error;
};

/** As tsp_options_parse(). */
int tsp_workload_options_parse(struct tsp_workload_options *options, int argc, char **argv,
                               struct tsp_error *error);

/** Puts the values of the command line in the place of the file's. */
void tsp_workload_options_apply(const struct tsp_workload_options *options, struct tsp_workload *workload);

#endif
