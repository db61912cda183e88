/* What other programs measured, as a record of ours: so that it can be compared by our rules (docs/formats.md, "Import"). */
#ifndef TRANSEPT_IMPORT_H
#define TRANSEPT_IMPORT_H

#include <stddef.h>
#include <stdio.h>

#include "transept/error.h"

struct tsp_import; /* opaque */

/**
 * Reads a file of google-benchmark JSON or Go benchmark text; which of them it is, is seen from its beginning. The caller frees with
 * tsp_import_free(). Anything that is wrong with the file is an error of one line that begins with FILE:LINE.
 */
int tsp_import_read(struct tsp_import **import, const char *path, struct tsp_error *error);
void tsp_import_free(struct tsp_import *import);

/** How many cases it holds, of how many rounds in all, and the format's name (static). */
size_t tsp_import_case_count(const struct tsp_import *import);
size_t tsp_import_round_count(const struct tsp_import *import);
const char *tsp_import_format(const struct tsp_import *import);

/** Writes the record (transept.run/1). One case is in memory at a time. */
int tsp_import_write(const struct tsp_import *import, FILE *stream, struct tsp_error *error);

#endif
