/* Records as one page that people read: the data that the page draws, and putting them into the page's template. Starts from records alone. */
#ifndef TRANSEPT_REPORT_H
#define TRANSEPT_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "transept/comparison.h"
#include "transept/error.h"
#include "transept/machine.h"
#include "transept/round.h"

/** The data's first member. The page that reads them travels with them, so there is no other reader and no schema file. */
#define TSP_REPORT_SCHEMA "transept.report/1"

/** What `transept history trend --format json` writes. */
#define TSP_TREND_SCHEMA "transept.trend/1"

/** Records of one page: as many as can be told apart by colour and stand side by side. */
#define TSP_REPORT_RECORDS_MAX 6
#define TSP_REPORT_TRENDS_MAX  6

/** What goes into a page. All are the caller's. */
struct tsp_report_inputs {
    size_t record_count;
    const char *records[TSP_REPORT_RECORDS_MAX]; /* files; the others are held against the first */
    size_t trend_count;
    const char *trends[TSP_REPORT_TRENDS_MAX]; /* files */
    /** Puts what is known of a machine's noise into the question that is put to records of it. NULL: nothing is known. */
    int (*heed)(void *data, const struct tsp_machine *machine, struct tsp_question *question,
                struct tsp_error *error);
    void *heed_data;
};

/**
 * Reads the records and the trends, compares, and makes the page's data. Distributions are pooled over rounds, figures are rounded to five digits, exact
 * counts are kept in full. Two records that have nothing in common are no error: the data say so. The caller frees `*document` with json_decref().
 */
int tsp_report_document(json_t **document, const struct tsp_report_inputs *inputs, struct tsp_error *error);

/** The page without its data. Free with tsp_report_template_free(). */
struct tsp_report_template {
    char *text;
    size_t before; /* bytes that stand before the data … */
    size_t after;  /* … and where what stands behind them begins */
    size_t size;
};

/** Where the template is: the install's share/transept beside the running command, else the checkout's build folder. -1: in neither, with the
 *  command that makes it. */
int tsp_report_template_find(char *path, size_t size, struct tsp_error *error);

/** Reads it; refuses a file that is no template of this version. */
int tsp_report_template_read(struct tsp_report_template *page, const char *path, struct tsp_error *error);
void tsp_report_template_free(struct tsp_report_template *page);

/** Writes the page with the data in it, and flushes. No text of the data can end the element that holds it: `<`, `>` and `&` are written as
 *  JSON's \u escapes. -1 with errno's words when the stream fails. */
int tsp_report_write(const struct tsp_report_template *page, const json_t *document, FILE *stream,
                     struct tsp_error *error);

/** One round's quantiles 0, 0.01 … 1, and how many samples stand behind them. */
struct tsp_report_sketch {
    const double *points; /* TSP_SKETCH_POINTS, ascending */
    double weight;
};

/**
 * The quantiles 0, 0.01 … 1 of all samples together, from those of each round: a round's distribution is taken as linear between its quantiles, and the
 * rounds' are mixed by weight. Exact at both ends; elsewhere within the step of the sketches. False: no round has a weight, or memory is out. Pure.
 */
bool tsp_report_pool(double pooled[TSP_SKETCH_POINTS], const struct tsp_report_sketch *sketches,
                     size_t count);

#endif
