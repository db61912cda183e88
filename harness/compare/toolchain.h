/* Inside of the compare module: what made a record. */
#ifndef TRANSEPT_COMPARE_TOOLCHAIN_H
#define TRANSEPT_COMPARE_TOOLCHAIN_H

#include "transept/compare.h"

/** Fills `toolchain` from a record; -1 where the record does not say enough to be held against another. Pure. */
int tsp_toolchain_of(struct tsp_toolchain *toolchain, const struct tsp_record *record,
                     struct tsp_error *error);

#endif
