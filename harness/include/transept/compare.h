/* What two sets of numbers say of each other. Starts from records alone; pure but for reading and writing files. */
#ifndef TRANSEPT_COMPARE_H
#define TRANSEPT_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "transept/error.h"
#include "transept/record.h"

/* --- exact counts: what of a record can be held against another to the instruction ------------------------------------------- */

/** The first member of a file of counts; docs/formats.md describes it, results/schema/counts-1.json is its schema. */
#define TSP_COUNTS_SCHEMA "transept.counts/1"

/** What can change an exact count though the sources are the same. All are texts, for people to read. */
enum tsp_toolchain_field {
    TSP_TOOLCHAIN_COMPILER, /* "gcc (Debian 12.2.0-14+deb12u1) 12.2.0" */
    TSP_TOOLCHAIN_TARGET,   /* "aarch64-linux-gnu" */
    TSP_TOOLCHAIN_FLAGS,    /* of the build, with those of kernels */
    TSP_TOOLCHAIN_LINKER,   /* "GNU ld (GNU Binutils for Debian) 2.40" */
    TSP_TOOLCHAIN_LIBC,     /* "Debian GLIBC 2.36-9+deb12u13" */
    TSP_TOOLCHAIN_EMULATOR, /* "qemu-aarch64 7.2.22" */
    TSP_TOOLCHAIN_FEATURES, /* of the emulated CPU: variants and libc's functions are chosen by them */
    TSP_TOOLCHAIN_PAGE,     /* "4096" */
    TSP_TOOLCHAIN_SEED,     /* of random inputs */
    TSP_TOOLCHAIN_RECORD,   /* the record's schema */
    TSP_TOOLCHAIN_FIELDS
};

#define TSP_TOOLCHAIN_TEXT 512

struct tsp_toolchain {
    char of[TSP_TOOLCHAIN_FIELDS][TSP_TOOLCHAIN_TEXT];
};

/** The field's name in files and messages: "compiler". */
const char *tsp_toolchain_name(enum tsp_toolchain_field field);

/** Whether the two can give the same counts; else -1 and one line that names the first field that differs, both texts, and what to do. */
int tsp_toolchain_compare(const struct tsp_toolchain *reference, const struct tsp_toolchain *now,
                          struct tsp_error *error);

/** One count of a case, in the metric's unit. */
struct tsp_count {
    char name[TSP_NAME_MAX];
    bool varies;  /* not the same every time: it has no value and is never compared */
    double value; /* exact: see tsp_count_exact() */
};

/** What was counted of a case. Cases that did not end ok have a reason and no counts. */
struct tsp_counted_case {
    char id[sizeof((struct tsp_result *)NULL)->id];
    enum tsp_status status;
    char reason[TSP_REASON_MAX];
    size_t count_count;
    struct tsp_count *counts; /* in the record's order */
};

/** The counts of one ISA. Owns its cases; free with tsp_counts_free(). */
struct tsp_counts {
    char arch[16];
    char suite[64];
    struct tsp_toolchain toolchain;
    size_t case_count;
    struct tsp_counted_case *cases; /* by id, numbers by value: n=2 before n=10 */
    size_t case_room;               /* while they are read */
};

/**
 * The number that a count's 12 digits in a file stand for. Counts are differences over 2^k ops (k at most 14), so multiples of 1/2^k, which a
 * double holds exactly; the one with the least k within the digits' error is taken. Pure.
 */
double tsp_count_exact(double value);

/**
 * Reads a file of counts, or takes the exact counts out of a record: metrics of evidence `counted`. Refuses a record that was not counted under an
 * emulator or does not say what made it, everything else, and damage, in one line with the file's name. `counts` is empty after an error.
 */
int tsp_counts_read(struct tsp_counts *counts, const char *path, struct tsp_error *error);

/** Writes counts as JSON, a line a case, the same bytes for the same counts. Returns -1 with errno's words when the stream fails. */
int tsp_counts_write(const struct tsp_counts *counts, FILE *stream, struct tsp_error *error);

/** Writes them into a file, all or nothing; makes missing folders. A case that failed, faulted or timed out is refused: it is no reference. */
int tsp_counts_save(const struct tsp_counts *counts, const char *path, struct tsp_error *error);

void tsp_counts_free(struct tsp_counts *counts);

/** Leaves only the cases that tsp_pattern_match() finds. */
int tsp_counts_keep(struct tsp_counts *counts, const char *pattern, struct tsp_error *error);

/** The case or the count of that name, or NULL. */
const struct tsp_counted_case *tsp_counts_find(const struct tsp_counts *counts, const char *id);
const struct tsp_count *tsp_count_find(const struct tsp_counted_case *tcase, const char *name);

/* --- the exact gate ---------------------------------------------------------------------------------------------------------- */

/** How a case or a count differs from the reference. */
enum tsp_difference_kind {
    TSP_COUNT_MOVED,     /* another number */
    TSP_COUNT_UNSETTLED, /* was the same every time and is not any more */
    TSP_COUNT_GONE,      /* not counted any more */
    TSP_CASE_ENDED,      /* does not end ok any more */
    TSP_CASE_GONE,       /* not in the record */
    /* What only is told: */
    TSP_COUNT_SETTLED, /* varied, and does not now */
    TSP_COUNT_NEW,     /* of a case that the reference has */
    TSP_CASE_NEW,      /* ends ok, and the reference has no counts of it */
};

/** Whether a difference of that kind fails the gate: all of what the reference has must still be so. */
bool tsp_difference_fails(enum tsp_difference_kind kind);

/** Points into the counts that were compared; NULL where there is none. */
struct tsp_difference {
    enum tsp_difference_kind kind;
    const struct tsp_counted_case *reference_case;
    const struct tsp_counted_case *now_case;
    const struct tsp_count *reference;
    const struct tsp_count *now;
};

/** The outcome. Owns `differences`; free with tsp_exact_free() before the counts. */
struct tsp_exact {
    size_t difference_count;
    struct tsp_difference *differences; /* case by case, in the order of the reference; new cases last */
    size_t cases;                       /* that are ok in both */
    size_t cases_moved;                 /* with a difference that fails, also those gone */
    size_t cases_varying;               /* with a count that varies in either */
    size_t counts;                      /* that were compared */
    size_t counts_moved;
};

/** Compares. Fails where nothing can be judged: another ISA or toolchain, or no case that both have. Pure. */
int tsp_exact_compare(struct tsp_exact *exact, const struct tsp_counts *reference,
                      const struct tsp_counts *now, struct tsp_error *error);
void tsp_exact_free(struct tsp_exact *exact);

#endif
