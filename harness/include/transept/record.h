/* What is kept: the run record, its JSON and CSV, and the journal (record.md). */
#ifndef TRANSEPT_RECORD_H
#define TRANSEPT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "transept/error.h"
#include "transept/machine.h"
#include "transept/measure.h"
#include "transept/round.h"

#define TSP_RECORD_SCHEMA "transept.run/1"

/** A metric of a case over all its rounds. */
struct tsp_metric {
    char name[TSP_NAME_MAX];
    char unit[16];
    enum tsp_evidence evidence;
    enum tsp_counter_status status;
    bool nondeterministic;
    bool exact; /* one value, the same in all rounds: p50's bounds are the value and there is no tail */
    char reason
        [TSP_REASON_MAX]; /* why a value is absent or not to be believed, or what all rounds say of it; or empty */
    double share;         /* the smallest of all rounds: part of the time that a multiplexed counter ran */
    double gross;         /* medians over rounds; NaN where there is none */
    double net;
    double bias; /* the widest of the rounds' biases (struct tsp_round_metric) */
    /* across rounds from 3 rounds on, else within the rounds; lowest to highest count when nondeterministic */
    struct tsp_estimate p50;
    struct tsp_estimate p95;
    struct tsp_estimate p99;
    struct tsp_estimate p999;
    double max;
    double min;
    double mean; /* of all samples of all rounds, and so is sd */
    double sd;
    double mad; /* medians over rounds, and so is autocorrelation */
    double autocorrelation;
    uint64_t n;         /* samples of all rounds */
    unsigned rounds;    /* that stand behind the value */
    bool across_rounds; /* which interval p50…p999 carry */
};

/** A case in a record. Owned by the record. */
struct tsp_result {
    char id[192];
    char family[TSP_NAME_MAX];
    char kernel[TSP_NAME_MAX];
    char variant[TSP_NAME_MAX];
    char params[160];                  /* "n=6/order=seq-cst" or empty */
    char implementation[TSP_TEXT_MAX]; /* what the primitive compiled to, or the generic form */
    enum tsp_status status;
    bool unchecked; /* it ended ok, but nobody here saw a check pass: imported */
    char reason[TSP_REASON_MAX];
    struct tsp_round *rounds; /* in order of index; those that ended in any way */
    unsigned round_count;
    unsigned warning_count;
    char warnings[8][TSP_TEXT_MAX];
    struct tsp_metric *metrics;
    unsigned metric_count;
};

struct tsp_run {
    char id[40];       /* UUID-like, from the seed and the start */
    char started[32];  /* UTC, ISO 8601 */
    char finished[32]; /* empty: it did not */
    char command[512];
    char version[64];
    char commit[64];
    char suite[64];
    uint64_t seed;
    unsigned rounds;
    struct tsp_profile profile;
    bool interrupted;
    char imported
        [256]; /* of another program's file: from which format, and what that does not tell; else empty */
};

struct tsp_build {
    char compiler[TSP_TEXT_MAX]; /* "gcc", "clang" */
    char version[64];            /* of the compiler: "12.2.0" */
    char release
        [TSP_TEXT_MAX]; /* the same as the compiler says it, package and all; empty: not known, and so the next two */
    char target[64];           /* "aarch64-linux-gnu" */
    char linker[TSP_TEXT_MAX]; /* "GNU ld (GNU Binutils for Debian) 2.40" */
    char flags[512];
    char optimisation[16];
    bool profile_guided;
    char hwloc[32];
    char libpfm4[32];
    char gsl[32];
};

struct tsp_record {
    struct tsp_run run;
    struct tsp_machine machine;
    struct tsp_clock clock;
    double core_ghz_estimate; /* 0: withheld */
    char pmu_name[TSP_TEXT_MAX];
    char pmu_status[TSP_TEXT_MAX];
    char pmu_reason[TSP_REASON_MAX];
    struct tsp_build build;
    struct tsp_result *results;
    size_t result_count;
};

/** Fills `build` with what compiled this library and the library versions it runs with. */
void tsp_build_describe(struct tsp_build *build);

/**
 * Computes status, warnings and metrics of a result from its rounds (rules in docs/formats.md). Replaces what was there; a result
 * without rounds keeps the status and reason it was planned with. Returns -1 only when memory is out.
 */
int tsp_result_summarise(struct tsp_result *result, struct tsp_error *error);

/**
 * Adds a copy of a round to the result, in order of index; a second round of the same index is an error. The copy is made safe to
 * print (a case may have overwritten its own round): texts end, counts and enums stay within bounds. Where an op handles several
 * items, the metric `time_per_item` is added to it.
 */
int tsp_result_add_round(struct tsp_result *result, const struct tsp_round *round, struct tsp_error *error);

/** Frees what the result or the record owns and empties it. */
void tsp_result_free(struct tsp_result *result);
void tsp_record_free(struct tsp_record *record);

/** The case with that id, or NULL. */
struct tsp_result *tsp_record_find(const struct tsp_record *record, const char *id);

/** Writes the record to a stream and flushes it. Returns -1 with errno's words when the stream fails. Numbers have 12 significant
 *  digits and a decimal point in every locale. */
int tsp_record_write_json(const struct tsp_record *record, FILE *stream, struct tsp_error *error);
int tsp_record_write_csv(const struct tsp_record *record, FILE *stream, struct tsp_error *error);

/** The same for other programs (docs/formats.md): each marks what hardware did not measure, so that it never passes for measured. */
int tsp_record_write_google(const struct tsp_record *record, FILE *stream, struct tsp_error *error);
int tsp_record_write_go(const struct tsp_record *record, FILE *stream, struct tsp_error *error);
int tsp_record_write_smaller(const struct tsp_record *record, FILE *stream, struct tsp_error *error);
int tsp_record_write_bencher(const struct tsp_record *record, FILE *stream, struct tsp_error *error);
int tsp_record_write_junit(const struct tsp_record *record, FILE *stream, struct tsp_error *error);
int tsp_record_write_markdown(const struct tsp_record *record, FILE *stream, struct tsp_error *error);

/** Reads a record: refuses, in one line with the file's name, what is not a transept record, another major schema, or damage. The
 *  record is empty after an error; else the caller frees it with tsp_record_free(). Unknown fields are ignored. */
int tsp_record_read_json(struct tsp_record *record, const char *path, struct tsp_error *error);

/** Gets one case of a record. It may take over what the case owns and empty it; what it leaves is freed. Returns 0, or -1 with the
 *  error, which ends the reading. */
typedef int tsp_record_visitor(void *data, struct tsp_result *result, struct tsp_error *error);

/**
 * The same, case by case: `record` gets everything but the results before the first visit, and only one case is in memory at a time.
 * Whether the file as a whole is sound (its digest, a case that comes twice) is known at the end: after an error nothing that was visited
 * may be used.
 */
int tsp_record_scan_json(struct tsp_record *record, const char *path, tsp_record_visitor *visit, void *data,
                         struct tsp_error *error);

/** Formats of --format ("json", "csv", "go" …), by name. NULL: unknown. A new format is one more file and one more row. */
struct tsp_format {
    const char *name;
    const char *extension;
    int (*write)(const struct tsp_record *record, FILE *stream, struct tsp_error *error);
};
const struct tsp_format *tsp_format_find(const char *name);
size_t tsp_format_list(const struct tsp_format **list);

/** Has the file the ending of another format than the record itself? Some of those are JSON too. */
bool tsp_format_is_other(const char *path);

/**
 * Where files land: `root`/<arch>/<machine>/<UTC time>.<ext> and the link `root`/<arch>/latest.<ext>. Written by write, fsync, rename;
 * a file of another run of the same second is kept, and this one gets "-1" (…) behind its time. `path` (size bytes) receives the
 * file's name. On error nothing half-written stays; the line says what to do.
 */
int tsp_record_save(const struct tsp_record *record, const char *root, const struct tsp_format *format,
                    char *path, size_t size, struct tsp_error *error);

/* --- journal: one JSON line for the header, then one a finished round ---------------------------------------------------------- */

struct tsp_journal; /* opaque; an open file */

/** The first line's `schema`. */
#define TSP_JOURNAL_SCHEMA "transept.journal/1"

/** Creates or empties `path` (folders too), unless another process has it open as its journal, and writes the header: the run,
 *  machine, clock, build and the planned cases' ids (`record` with results but no rounds). */
int tsp_journal_create(struct tsp_journal **journal, const char *path, const struct tsp_record *record,
                       struct tsp_error *error);

/** Appends a round of the case at once (one write, then fdatasync). The first failure (full disk) returns -1 with the
 *  reason, later ones 0, so that it is reported once and the run goes on; a line that could not be written whole is taken off again. */
int tsp_journal_append(struct tsp_journal *journal, const char *case_id, const struct tsp_round *round,
                       struct tsp_error *error);

/**
 * Reopens for --resume: fills `record` with header and finished rounds. A torn last line is dropped and cut off the file; other
 * damage is refused with the line's number. Results are not summarised yet. The caller compares suite, seed, rounds, version and
 * cases with its plan.
 */
int tsp_journal_resume(struct tsp_journal **journal, const char *path, struct tsp_record *record,
                       struct tsp_error *error);

/** Closes; `remove` deletes the file (the record is safe). */
void tsp_journal_close(struct tsp_journal *journal, bool remove);

#endif
