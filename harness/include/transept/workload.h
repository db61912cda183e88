/* Workloads: threads that read and write one map, and how long each operation took. */
#ifndef TRANSEPT_WORKLOAD_H
#define TRANSEPT_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "transept/error.h"
#include "transept/measure.h"
#include "transept/record.h"
#include "transept/round.h"

/* --- what is asked for ------------------------------------------------------------------------------------------------------------ */

#define TSP_WORKLOAD_THREADS_MAX 1024
#define TSP_WORKLOAD_RATE_MAX    1000000000U

enum tsp_operation { TSP_GET, TSP_PUT, TSP_REMOVE, TSP_OPERATIONS };

/** "get", "put", "remove"; "all" for TSP_OPERATIONS. Static. */
const char *tsp_operation_name(unsigned operation);

enum tsp_key_distribution { TSP_KEYS_UNIFORM, TSP_KEYS_SEQUENTIAL, TSP_KEYS_ZIPF };
enum tsp_preload { TSP_PRELOAD_ALL, TSP_PRELOAD_HALF, TSP_PRELOAD_NONE };

/** What a file asks for (its fields are in docs/workloads.md). Owned texts; free with tsp_workload_free(). */
struct tsp_workload {
    char *name;
    char *about;
    uint64_t threads;
    double duration_ms;
    double warmup_ms;
    unsigned char *cycle; /* the operations in stated order; NULL: drawn by weight */
    unsigned cycle_count;
    uint64_t weights[TSP_OPERATIONS]; /* how often each comes: also of a cycle */
    uint64_t keys;                    /* 0 … keys - 1 */
    unsigned distribution;            /* enum tsp_key_distribution */
    double exponent;                  /* of TSP_KEYS_ZIPF, else 0 */
    uint64_t value_bytes;
    unsigned preload; /* enum tsp_preload: which keys have a value when the run begins */
    uint64_t shards;
    uint64_t rate; /* operations a second of all threads together; 0: closed loop */
    double
        spin_ms; /* open loop: so long before its start an operation is waited for by spinning, not sleeping; 0: never */
    uint64_t seed;
};

/** Loads a workload: a shipped name ("read-heavy"), or a path (has a '/' or ends in .yaml). An error names file, line and column; an unknown name
 *  lists the known ones. After an error there is nothing to free. */
int tsp_workload_load(struct tsp_workload *workload, const char *name_or_path, struct tsp_error *error);

/** The same from the text of a file; `path` is for the errors only. */
int tsp_workload_parse(struct tsp_workload *workload, const char *yaml, size_t size, const char *path,
                       struct tsp_error *error);
void tsp_workload_free(struct tsp_workload *workload);

/** Name of the index-th shipped workload (static), NULL after the last one. */
const char *tsp_workload_name(size_t index);

/** "get get get put", "95 get, 5 put". Returns `text`. */
const char *tsp_workload_mix_text(const struct tsp_workload *workload, char *text, size_t size);

/** "uniform", "zipf 0.99". Returns `text`. */
const char *tsp_workload_keys_text(const struct tsp_workload *workload, char *text, size_t size);

/** "all", "half", "none". Static. */
const char *tsp_workload_preload_name(const struct tsp_workload *workload);

/** Bytes that map, histograms and stacks take at most; `raw` says if samples are kept as well. */
uint64_t tsp_workload_bytes(const struct tsp_workload *workload, bool raw);

/* --- what is found ---------------------------------------------------------------------------------------------------------------- */

enum { TSP_WORKLOAD_P50, TSP_WORKLOAD_P95, TSP_WORKLOAD_P99, TSP_WORKLOAD_P999, TSP_WORKLOAD_QUANTILES };

/** The quantiles, 0.5 … 0.999, and their names, "p50" … "p999". */
extern const double tsp_workload_quantiles[TSP_WORKLOAD_QUANTILES];
extern const char *const tsp_workload_quantile_names[TSP_WORKLOAD_QUANTILES];

/** One kind of operation, or all of them, over the whole run. Latencies in ns; NaN where there is none. */
struct tsp_latency {
    uint64_t n;
    struct tsp_estimate rate; /* operations a second */
    double min;               /* exact, as are mean and max */
    double mean;
    double max;
    /** From the histogram; `needs` as tsp_stats_quantile_interval() has it. Bounds are NaN with under 3 seconds, or beyond the largest value. */
    struct tsp_estimate quantiles[TSP_WORKLOAD_QUANTILES];
    double raw[TSP_WORKLOAD_QUANTILES]; /* by rank over all samples, where they were kept; else NaN */
};

/** One second of the run: what was finished in it. */
struct tsp_second {
    double seconds; /* how long it was */
    uint64_t n[TSP_OPERATIONS + 1];
    double quantiles[TSP_OPERATIONS + 1]
                    [TSP_WORKLOAD_QUANTILES]; /* ns; NaN below the samples that they take */
};

/** Did the map keep what was put? */
struct tsp_pairs_check {
    bool passed;
    char reason[TSP_REASON_MAX]; /* what is wrong */
    uint64_t put;                /* by all puts, those before the run too */
    uint64_t replaced;           /* or removed */
    uint64_t pairs;              /* in the map in the end */
    uint64_t reads;              /* that found a pair, each verified */
};

#define TSP_WORKLOAD_NOTES_MAX 8

struct tsp_workload_result {
    enum tsp_evidence evidence;
    bool interrupted;
    double seconds_measured;
    char clock[32];
    double clock_bias_ns; /* P5–P95 width of the overhead that was taken off; 0: nothing was */
    unsigned cpus;        /* usable by the threads */
    struct tsp_latency latencies[TSP_OPERATIONS + 1];
    struct tsp_second *seconds; /* owned */
    size_t second_count;
    uint64_t due; /* open loop: operations whose start came in the measured time; else 0 */
    struct tsp_pairs_check check;
    unsigned note_count;
    char notes[TSP_WORKLOAD_NOTES_MAX][TSP_REASON_MAX];
    uint64_t *raw; /* owned: samples as tsp_workload_write_raw() puts them, sorted; NULL: not kept */
    size_t raw_count;
};

void tsp_workload_result_free(struct tsp_workload_result *result);

/* --- the run ---------------------------------------------------------------------------------------------------------------------- */

struct tsp_shard_map;

/** Told after each second, from the thread that called. `done` and `whole` in seconds; the warm-up has done < 0. */
typedef void tsp_workload_observer(void *data, double done, double whole, double rate, double p99_ns);

struct tsp_workload_setting {
    const struct tsp_clock *clock;
    unsigned cpus; /* that the threads may use */
    bool emulated;
    bool keep_raw;
    const volatile int *interrupted; /* non-zero: end now, and keep what was measured */
    tsp_workload_observer *observer; /* may be NULL */
    void *observer_data;
    /** For tests of the check: gets the map when it is filled (`over` false) and after the last operation (true). NULL: nothing. */
    void (*sabotage)(struct tsp_shard_map *map, bool over);
};

/**
 * Runs the workload: fills the map, warms up, measures, checks. A pair that was lost or invented is no error but a `check` that did not pass. Returns
 * -1 when memory or threads cannot be had. Free the result with tsp_workload_result_free() whatever is returned.
 */
int tsp_workload_run(const struct tsp_workload *workload, const struct tsp_workload_setting *setting,
                     struct tsp_workload_result *result, struct tsp_error *error);

/* --- what is kept ----------------------------------------------------------------------------------------------------------------- */

/** A result with everything that it stands on. `record` has run, machine, clock and build, and no cases. */
struct tsp_workload_report {
    const struct tsp_workload *workload;
    const struct tsp_workload_result *result;
    const struct tsp_record *record;
};

/** Fills the run and the build of a record; the second call notes when the run ended. */
void tsp_workload_describe(struct tsp_record *record, const char *command, uint64_t seed);
void tsp_workload_finish(struct tsp_record *record);

/** Schema transept.workload/1 (results/schema/workload-1.json), and CSV: a row an operation, for the whole run and for each second. */
int tsp_workload_write_json(const struct tsp_workload_report *report, FILE *stream, struct tsp_error *error);
int tsp_workload_write_csv(const struct tsp_workload_report *report, FILE *stream, struct tsp_error *error);

/** "TSPRAW1\n", then 8 bytes a sample, the least significant first: the latency in ns in 56 bits, the operation (enum tsp_operation) in the upper 8. */
int tsp_workload_write_raw(const struct tsp_workload_result *result, FILE *stream, struct tsp_error *error);

#endif
