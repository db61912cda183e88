/* Folders and what to do about a file that cannot be written. */
#ifndef TRANSEPT_RECORD_FILES_H
#define TRANSEPT_RECORD_FILES_H

#include "transept/error.h"

/** Makes the folders above `path` that are missing. */
int tsp_files_make_folders(const char *path, struct tsp_error *error);

/** "cannot write PATH: errno's words; what to do". Returns -1. */
int tsp_files_complain(struct tsp_error *error, const char *path, int code);

/** Makes what was done to the folder above `path` last (fsync). Returns 0 or errno. */
int tsp_files_sync_folder(const char *path);

/** Puts `text` into the file (folders too) so that a reader finds all of the old or all of the new. */
int tsp_files_put(const char *path, const char *text, struct tsp_error *error);

#endif
