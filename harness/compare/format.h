/* The writers behind tsp_comparison_format_find(), a file each. */
#ifndef TRANSEPT_COMPARE_FORMAT_H
#define TRANSEPT_COMPARE_FORMAT_H

#include "transept/comparison.h"

typedef int tsp_comparison_writer(const struct tsp_comparison *comparisons, size_t count,
                                  const struct tsp_question *question, FILE *stream, struct tsp_error *error);

tsp_comparison_writer tsp_comparison_write_markdown;
tsp_comparison_writer tsp_comparison_write_csv;
tsp_comparison_writer tsp_comparison_write_json;
tsp_comparison_writer tsp_comparison_write_junit;

#endif
