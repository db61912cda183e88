/* Where a run's files land. */
#ifndef TRANSEPT_BENCH_FILES_H
#define TRANSEPT_BENCH_FILES_H

#include <stddef.h>

#include "transept/record.h"

/** Formats that --format names, separated by commas ("json,csv"). */
#define TSP_FORMATS_MAX 8
struct tsp_formats {
    unsigned count;
    const struct tsp_format *of[TSP_FORMATS_MAX];
};

/** Takes a list of names apart; an unknown one is an error that lists those there are. */
int tsp_formats_parse(struct tsp_formats *formats, const char *names, struct tsp_error *error);

/** root/<arch>/<machine>/<start of the run>.journal */
void tsp_journal_path(char *path, size_t size, const char *root, const struct tsp_record *record);

/** The newest journal below root/<arch>/<machine>. */
int tsp_journal_find(char *path, size_t size, const char *root, const struct tsp_machine *machine,
                     struct tsp_error *error);

/** Saves in every format and names each file on stderr. All are tried; the first error is kept. */
int tsp_record_save_all(const struct tsp_record *record, const char *root, const struct tsp_formats *formats,
                        struct tsp_error *error);

#endif
