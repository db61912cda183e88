/* Inside of the report module: the parts of the page's data. Every function that makes JSON returns a new reference, or NULL when memory is out. */
#ifndef TRANSEPT_REPORT_PARTS_H
#define TRANSEPT_REPORT_PARTS_H

#include "transept/record.h"
#include "transept/report.h"

/** A figure of five significant digits: more than any interval is narrow, and a third of the bytes. */
json_t *tsp_report_figure(double value);

/** A case as the page needs it: what it is, how it ended, its metrics that have values, the distribution of its time if ops were timed one by one. */
json_t *tsp_report_case(const struct tsp_result *result);

/** What two records say of each other. An answer without rows has a `reason`. NULL: cannot be read, with the error. */
json_t *tsp_report_difference(const struct tsp_report_inputs *inputs, size_t other, struct tsp_error *error);

/** The series of a file that `transept history trend --format json` wrote, checked. NULL with the error. */
json_t *tsp_report_trend(const char *path, struct tsp_error *error);

#endif
