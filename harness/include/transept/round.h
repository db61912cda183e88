/*
 * What one round (one fresh process measuring one case) found. Plain data of fixed size: the child writes it into memory that it
 * shares with the parent, the journal keeps it line by line, the record summarises it.
 */
#ifndef TRANSEPT_ROUND_H
#define TRANSEPT_ROUND_H

#include <stdbool.h>
#include <stdint.h>

#define TSP_METRICS_MAX    40
#define TSP_SKETCH_POINTS  101
#define TSP_NAME_MAX       48
#define TSP_REASON_MAX     256
#define TSP_ROUND_CPUS_MAX 8

/** How a number was obtained (measurement.md). */
enum tsp_evidence { TSP_MEASURED, TSP_COUNTED, TSP_MODELLED, TSP_EMULATED };

/** How a case, and one round of it, ended. */
enum tsp_status { TSP_OK, TSP_SKIPPED, TSP_FAILED, TSP_FAULTED, TSP_TIMED_OUT };

/** How far a counter can be believed. */
enum tsp_counter_status {
    TSP_COUNTER_OK,
    TSP_COUNTER_MULTIPLEXED,
    TSP_COUNTER_UNSUPPORTED,
    TSP_COUNTER_DENIED,
    TSP_COUNTER_IMPLAUSIBLE
};

/** The words of record.md for the enums above, and back (-1: unknown word). Static text. */
const char *tsp_evidence_name(enum tsp_evidence evidence);
const char *tsp_status_name(enum tsp_status status);
const char *tsp_counter_status_name(enum tsp_counter_status status);
int tsp_evidence_parse(const char *name);
int tsp_status_parse(const char *name);
int tsp_counter_status_parse(const char *name);

/** A value with the bounds of its 95 % interval. NaN: there is none; then `needs` says how many effective samples it takes. */
struct tsp_estimate {
    double value;
    double lo;
    double hi;
    uint64_t needs;
};

/** What the samples of one round say (stats.h); the unit is that of the samples. */
struct tsp_description {
    uint64_t n;       /* samples */
    double effective; /* n divided by the integrated autocorrelation time */
    double mean;
    double sd;
    double min;
    double max;
    double mad;              /* median absolute deviation, unscaled */
    double autocorrelation;  /* lag 1 */
    uint64_t outliers;       /* beyond median + 10 MAD; never removed */
    struct tsp_estimate p50; /* intervals within the round: order statistics */
    struct tsp_estimate p95;
    struct tsp_estimate p99;
    struct tsp_estimate p999;
    double sketch[TSP_SKETCH_POINTS]; /* quantiles 0, 0.01 … 1 */
};

/** One metric in one round. */
struct tsp_round_metric {
    char name[TSP_NAME_MAX]; /* "time", "instructions:u", "size" */
    char unit[16];           /* "ns/op", "count/op", "bytes" */
    enum tsp_evidence evidence;
    enum tsp_counter_status status;
    double share;          /* of the time that a multiplexed counter ran: 0…1; else 1 */
    bool exact;            /* one value without spread: `description` has n = 1 and no quantiles but p50 */
    bool nondeterministic; /* counted, yet repetitions differed */
    double gross;          /* median before the reference is taken off, per op */
    double reference;      /* median of the reference, per op */
    double net;            /* gross - reference */
    double
        bias; /* width P5…P95 of what was taken off: a bound of the bias of every quantile; per-op mode, else 0 */
    struct tsp_description description; /* of the net samples */
    char reason[TSP_REASON_MAX]; /* of a status other than ok; or what must be said of the value; or empty */
};

/** What disturbed the round. */
struct tsp_disturbance {
    uint64_t voluntary_switches;
    uint64_t involuntary_switches;
    uint64_t minor_faults;
    uint64_t major_faults;
    int64_t migrations; /* -1: cannot be had */
    double steal_ms;    /* of the whole machine, from /proc/stat; -1: cannot be had */
    uint64_t gaps;      /* samples or calibration gaps over 1 µs that no op explains */
    double ghz_before;  /* core-clock estimate; 0: withheld */
    double ghz_after;
};

struct tsp_round {
    enum tsp_status status;
    char reason[TSP_REASON_MAX];
    unsigned index; /* which round of the case, from 0 */
    bool per_op;    /* mode */
    uint64_t ops_per_sample;
    uint64_t items; /* things an op handles */
    char item_unit[16];
    uint64_t ops;       /* executed in all since setup */
    bool warm;          /* warm-up ended because the medians agreed; else its bound was hit */
    double duration_ms; /* wall time of the whole round */
    unsigned cpu_count;
    unsigned cpus[TSP_ROUND_CPUS_MAX]; /* the kernel's numbers of the CPUs it ran on */
    char shares[16]; /* what those share: "same-core" …; "single": one thread; "same-cpu": several on one */
    bool frequency_drift;
    struct tsp_disturbance disturbance;
    unsigned metric_count;
    struct tsp_round_metric metrics[TSP_METRICS_MAX];
};

#endif
