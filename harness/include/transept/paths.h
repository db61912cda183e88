/* What people name when they mean records: files, folders, patterns. */
#ifndef TRANSEPT_PATHS_H
#define TRANSEPT_PATHS_H

#include "transept/error.h"

/** Gets one file. Returns 0, or -1 with the error, which ends the walk. */
typedef int tsp_path_visitor(void *data, const char *path, struct tsp_error *error);

/**
 * Visits what `argument` names, in the order of names: a file, whatever it is; all *.json in a folder but links, noise floors and what was written for
 * other programs; or what a glob finds. -1 when a folder has no record or a glob finds nothing.
 */
int tsp_record_paths(const char *argument, tsp_path_visitor *visit, void *data, struct tsp_error *error);

#endif
