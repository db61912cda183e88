/* Writing a record whose cases are not all in memory. */
#ifndef TRANSEPT_RECORD_JSON_WRITE_H
#define TRANSEPT_RECORD_JSON_WRITE_H

#include "transept/record.h"

/** Gives the index-th case, the source's own until the next call; NULL with the error. */
typedef const struct tsp_result *tsp_record_source(void *data, size_t index, struct tsp_error *error);

/** As tsp_record_write_json(), with `count` cases from the source instead of those of the record. */
int tsp_record_write_json_cases(const struct tsp_record *record, size_t count, tsp_record_source *source,
                                void *data, FILE *stream, struct tsp_error *error);

#endif
