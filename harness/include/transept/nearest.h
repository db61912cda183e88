/* Slips of the keyboard: what a person probably meant to type. Pure. */
#ifndef TRANSEPT_NEAREST_H
#define TRANSEPT_NEAREST_H

#include <stddef.h>

/** Insertions, deletions, replacements and swaps of neighbours between two texts (optimal string alignment distance), letters of either
 *  case alike; only the first 191 bytes of each count. */
size_t tsp_text_distance(const char *a, const char *b);

/** The one of `known` that `name` was probably meant to be, or NULL when none is near. Points into `known`. */
const char *tsp_name_nearest(const char *name, const char *const *known, size_t count);

#endif
