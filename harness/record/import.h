/* What the readers of other programs' files fill, and what becomes of it. */
#ifndef TRANSEPT_RECORD_IMPORT_H
#define TRANSEPT_RECORD_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transept/import.h"
#include "transept/record.h"

/** A number of a row: the metric, and what is known of it. */
struct tsp_import_value {
    char name[TSP_NAME_MAX];
    char unit[16];
    enum tsp_evidence evidence;
    bool exact;
    double value;
    double tails[3]; /* P95, P99, P99.9 of the same round; NaN: not told */
};

/** One repetition of a benchmark: a round. */
struct tsp_import_row {
    char *name;                /* as the file has it */
    char family[TSP_NAME_MAX]; /* empty: "imported" */
    char id[192];              /* of the case: made by tsp_import_name() */
    uint64_t line;
    uint64_t iterations;
    enum tsp_status status;
    char *reason; /* of a status other than ok */
    struct tsp_import_value *values;
    unsigned count;
};

/** Rows of the same case: `first`… of `order`. */
struct tsp_import_group {
    size_t first;
    size_t count;
};

struct tsp_import {
    const char *path; /* the caller's; of complaints */
    const char *format;
    bool ours; /* transept exported it: names are ids, values are medians */
    struct tsp_record head;
    struct tsp_import_row *rows;
    size_t count;
    size_t room;
    size_t *order; /* indices of rows, those of a case together, cases in the order of the file */
    struct tsp_import_group *groups;
    size_t group_count;
};

/** "FILE:LINE: what". Returns -1. */
int tsp_import_complain(const struct tsp_import *import, uint64_t line, struct tsp_error *error,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

/** A new row of that name (`length` bytes; must be UTF-8), at the end. NULL with the error. */
struct tsp_import_row *tsp_import_add(struct tsp_import *import, uint64_t line, const char *name,
                                      size_t length, struct tsp_error *error);

/** Adds a number to the row. An error when it has the metric already, too many, or the number is not finite. */
int tsp_import_put(struct tsp_import *import, struct tsp_import_row *row,
                   const struct tsp_import_value *value, struct tsp_error *error);

/** The row's number of that name, or NULL. */
struct tsp_import_value *tsp_import_find(const struct tsp_import_row *row, const char *name);

/**
 * Fills id, family, kernel, variant and params. A name of our own (`ours`) that is a case's id is taken apart again; any other becomes
 * FAMILY/FIRST PART/OTHER PARTS, with plus signs for its slashes. What is too long is cut and ends with a hash of the whole.
 */
void tsp_import_name(struct tsp_result *result, const char *family, const char *name, bool ours);

/** Control characters become question marks: what is imported is printed later, and shall neither move a cursor nor break a table. */
void tsp_import_clean(char *text);

/** "emulated-ns/op": takes the mark off and returns the evidence it stands for, else TSP_MEASURED. */
enum tsp_evidence tsp_import_evidence(const char **text);

/** "qemu-aarch64 7.2.22 on x86_64" or "hardware" into the machine. */
void tsp_import_executor(struct tsp_machine *machine, const char *text);

/** "gcc 12.2.0" into compiler and version. */
void tsp_import_compiler(struct tsp_build *build, const char *text);

/** Nanoseconds in a unit of time ("ns", "us", "µs", "ms", "s", "sec"); 0: it is none. */
double tsp_import_nanoseconds(const char *unit, size_t length);

/** Name and unit of a number out of Go's unit ("ns/op" is the time, "allocs/op" a count, "size-bytes" anything else); a time becomes ns. */
void tsp_import_unit(const char *unit, struct tsp_import_value *value);

/** The readers: `text` of `size` bytes ends with a NUL that does not count. */
int tsp_import_google(struct tsp_import *import, const char *text, size_t size, struct tsp_error *error);
int tsp_import_go(struct tsp_import *import, const char *text, size_t size, struct tsp_error *error);

/** Makes the groups from the rows. */
int tsp_import_group(struct tsp_import *import, struct tsp_error *error);

/** A group as a case, summarised; the caller frees it. */
int tsp_import_case(const struct tsp_import *import, const struct tsp_import_group *group,
                    struct tsp_result *result, struct tsp_error *error);

#endif
