/* Where a command's main output goes: to stdout, or to a file that is there wholly or not at all. */
#ifndef TRANSEPT_BENCH_OUTPUT_H
#define TRANSEPT_BENCH_OUTPUT_H

#include <stddef.h>
#include <stdio.h>

#include "transept/error.h"

/** Writes to the stream and flushes it; -1 with the error. */
typedef int tsp_output_writer(const void *data, FILE *stream, struct tsp_error *error);

/**
 * `path` NULL: stdout. A file is written under another name, put on the disk and renamed; what is no regular file (a pipe) is written to. A signal
 * that ends the process while the file is written (SIGINT, SIGTERM, SIGHUP, unless the command catches or ignores it) ends it once the other name is
 * removed: in that case this does not return.
 */
int tsp_output_write(const char *path, tsp_output_writer *write, const void *data, struct tsp_error *error);

/** Refuses a `path` that is one of the files that are read, by whatever name (links, "./x"): writing would replace it. NULL, stdout, is never one. To be
 *  asked before anything is written. -1 with the error. */
int tsp_output_spare(const char *path, const char *const *inputs, size_t count, struct tsp_error *error);

/** The same as tsp_output_write() of a file FOLDER/NAME, before which the folders that are missing are made. */
int tsp_output_write_below(const char *folder, const char *name, tsp_output_writer *write, const void *data,
                           struct tsp_error *error);

#endif
