/* Runs kept over time, in an SQLite database: what was measured, where, of which commit; and what became of a case (docs/history.md). */
#ifndef TRANSEPT_HISTORY_H
#define TRANSEPT_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "transept/changes.h"
#include "transept/error.h"
#include "transept/record.h"

/** Where it lies unless one says otherwise. */
#define TSP_HISTORY_PATH "results/history.db"

/** The database's form, in its PRAGMA user_version. Older ones are brought up to date when they are opened, newer ones refused. */
#define TSP_HISTORY_VERSION 2

/** An open history; opaque. For one thread. */
struct tsp_history;

/**
 * Opens the file. `create`: it, and missing folders, are made; else a history that is not there is an error. A database that another process locks is waited
 * for, `wait_ms` at most each time. The file is checked as a whole: -1 in one line for what is no history, damaged, of a newer transept or not to be read.
 * Close with tsp_history_close(), also NULL.
 */
int tsp_history_open(struct tsp_history **history, const char *path, bool create, int wait_ms,
                     struct tsp_error *error);
void tsp_history_close(struct tsp_history *history);

/* --- runs ------------------------------------------------------------------------------------------------------------------------ */

/** What is kept of a run's head. */
struct tsp_history_run {
    int64_t key; /* the database's own */
    char id[sizeof((struct tsp_run *)NULL)->id];
    char started[32]; /* UTC, ISO 8601 */
    char arch[16];
    char machine[17];
    char executed_by[2 * TSP_TEXT_MAX + 32]; /* "hardware", or "qemu-aarch64 7.2.22 on x86_64" */
    char cpu[TSP_TEXT_MAX];
    char version[64];
    char commit[64];
    char suite[64];
    char compiler[TSP_TEXT_MAX + 64]; /* "gcc 12.2.0"; empty: not kept yet when the run was added */
    double time_ms;                   /* of sampling and of warming up, of a round */
    double warmup_ms;
    unsigned rounds;
    size_t cases;
    size_t cases_ok;
};

struct tsp_history_runs {
    size_t count;
    struct tsp_history_run *of; /* by start, oldest first */
};

/**
 * Adds the record in the file `path`, all of it or nothing, and fills `run`. 1: added; 0: the same run is there already; -1 with the error: no record, the same
 * run with other results, a full disk, `stop` (which may be NULL) non-zero.
 */
int tsp_history_add(struct tsp_history *history, const char *path, const volatile int *stop,
                    struct tsp_history_run *run, struct tsp_error *error);

/** Which runs are meant. NULL and 0: no matter. */
struct tsp_history_choice {
    const char *arch;
    const char *machine;
    const char *since; /* "2024-05-01", or a whole time as in a record: started then or later */
    uint64_t limit;    /* the newest, so many of each machine and executor */
};

/** Checks a --since. */
int tsp_history_since(const char *text, struct tsp_error *error);

/** The runs chosen. Free with tsp_history_runs_free(), whatever is returned. */
int tsp_history_runs(struct tsp_history *history, const struct tsp_history_choice *choice,
                     struct tsp_history_runs *runs, struct tsp_error *error);
void tsp_history_runs_free(struct tsp_history_runs *runs);

/** Of the runs chosen the one whose id is `id` or begins so. -1: there is none, or there are several. */
int tsp_history_find(struct tsp_history *history, const struct tsp_history_choice *choice, const char *id,
                     struct tsp_history_run *run, struct tsp_error *error);

/** Removes it, with all that it found. */
int tsp_history_remove(struct tsp_history *history, const struct tsp_history_choice *choice, const char *id,
                       struct tsp_history_run *run, struct tsp_error *error);

/* --- what they found ------------------------------------------------------------------------------------------------------------- */

enum tsp_percentile { TSP_P50, TSP_P95, TSP_P99, TSP_PERCENTILES };

/** "p50" …, and back (-1: none of them). */
const char *tsp_percentile_name(enum tsp_percentile percentile);
int tsp_percentile_parse(const char *name);

/** One metric of a case in a run; of a case that did not end ok its name, status and reason alone. Valid during the visit. */
struct tsp_history_point {
    const char *tcase;
    enum tsp_status status;
    const char *case_reason; /* never NULL, may be empty; so all texts here */
    bool per_op;
    uint64_t ops;       /* of a sample: what a percentile of batch means is one of */
    const char *metric; /* empty: none */
    const char *unit;
    enum tsp_evidence evidence;
    const char *better;
    enum tsp_counter_status counter_status;
    const char *reason;
    bool exact;
    bool varies; /* a count that is not the same every time */
    struct tsp_estimate of[TSP_PERCENTILES];
    uint64_t n;
    const char *rounds; /* the rounds' P50, "[90.1,90.4]" */
};

typedef int tsp_history_visitor(void *data, const struct tsp_history_point *point, struct tsp_error *error);

/** All that is kept of a run, in the order of case names. */
int tsp_history_points(struct tsp_history *history, const struct tsp_history_run *run,
                       tsp_history_visitor *visit, void *data, struct tsp_error *error);

/* --- trends ---------------------------------------------------------------------------------------------------------------------- */

#define TSP_TREND_SCHEMA "transept.trend/1"

struct tsp_trend_question {
    struct tsp_history_choice choice;
    const char *pattern; /* of cases; NULL: all */
    const char *metric;  /* "time" */
    enum tsp_percentile percentile;
    double threshold; /* a share: changes up to it do not matter */
};

struct tsp_trend_point {
    size_t run;                   /* index into the runs */
    struct tsp_estimate estimate; /* NaN where there is none, with a reason */
    uint64_t n;
    bool judged;  /* it has a value, and of a count one that is the same every time */
    double noise; /* of the run's own rounds, as a share; NaN: they do not tell */
    char
        *reason; /* why a value or its bounds are missing, or it is not judged; NULL: nothing is to be said */
};

/**
 * A case over its runs on one machine, under one executor, of one evidence, unit, profile (times of a round) and mode; of tails of batch means also of
 * one batch size, as they are comparable only so.
 */
struct tsp_trend {
    char *tcase;
    const struct tsp_history_run *head; /* its first run: architecture, machine, executor, profile */
    char unit[sizeof((struct tsp_metric *)NULL)->unit];
    enum tsp_evidence evidence;
    char better[16];
    bool per_op;
    uint64_t ops; /* 0: no matter */
    bool exact;   /* of counts: any change is one */
    size_t count;
    struct tsp_trend_point *points; /* by start of the run */
    size_t judged;                  /* so many of them are */
    double floor;                   /* what a change must exceed, a share */
    double likeliest;               /* p of the likeliest change; NaN: not judged */
    struct tsp_changes changes;     /* by index of points */
    struct tsp_band band;
    const char *reason;      /* why no change can be told; NULL: it can */
    const char *band_reason; /* why there is no band; NULL: there is one */
};

struct tsp_trends {
    struct tsp_history_runs runs;
    size_t count;
    struct tsp_trend *of; /* by case, numbers by value, then machine */
    double level;         /* at which changes were told: see tsp_changes_level(); 0: there is none */
    size_t judged;        /* series that stand behind it */
};

/** Reads the series that are asked for, finds changes, computes bands. -1 also when there is none, naming what there is. Free with tsp_trends_free()
 *  whatever is returned. */
int tsp_trends_read(struct tsp_trends *trends, struct tsp_history *history,
                    const struct tsp_trend_question *question, struct tsp_error *error);
void tsp_trends_free(struct tsp_trends *trends);

/** Formats of --format. -1 when the stream fails. */
int tsp_trends_write_json(const struct tsp_trends *trends, const struct tsp_trend_question *question,
                          FILE *stream, struct tsp_error *error);
int tsp_trends_write_csv(const struct tsp_trends *trends, const struct tsp_trend_question *question,
                         FILE *stream, struct tsp_error *error);

#endif
