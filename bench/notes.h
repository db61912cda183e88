/* What stands below the table: notes on its rows, and the cases that have none. */
#ifndef TRANSEPT_BENCH_NOTES_H
#define TRANSEPT_BENCH_NOTES_H

#include <stdbool.h>
#include <stdio.h>

#include "transept/record.h"

#define TSP_NOTES_MAX 26

/** Kinds of warnings, each with a letter, and how many rows have it. The figures of each row are in the record. */
struct tsp_notes {
    unsigned count;
    unsigned rows[TSP_NOTES_MAX];
    char kinds[TSP_NOTES_MAX][TSP_TEXT_MAX];
};

/** The metric of that name, or NULL. */
const struct tsp_metric *tsp_metric_find(const struct tsp_result *result, const char *name);

/** The instructions an op, in user mode where a source keeps modes apart; NULL where they were not counted. */
const struct tsp_metric *tsp_metric_instructions(const struct tsp_result *result);

/** What stands behind the instructions where their evidence is not the row's: "=" counted exactly, "~" counted, but not the same
 *  every time; else nothing. Static text. */
const char *tsp_instructions_sign(const struct tsp_result *result);

/** The letters for a result's warnings, new kinds being added; `marks` has room for TSP_NOTES_MAX + 1. */
void tsp_notes_mark(struct tsp_notes *notes, const struct tsp_result *result, char *marks);

/** The legend: letters, signs that the rows use, and why instructions are missing where they are. */
void tsp_notes_print(const struct tsp_notes *notes, FILE *stream, const struct tsp_result *const *rows,
                     size_t count, unsigned width);

/** Sections "Failed" and "Skipped": each reason with its cases, or how many. Only those of `chosen`. */
void tsp_verdicts_print(FILE *stream, const struct tsp_record *record, const bool *chosen, unsigned width);

#endif
