/* Inside of the compare module: counts as they come out of a record, and in which order they are kept. */
#ifndef TRANSEPT_COMPARE_COUNTS_H
#define TRANSEPT_COMPARE_COUNTS_H

#include "record/brief.h"
#include "transept/compare.h"

/** Puts the cases in the order that tsp_counts_find() relies on. */
void tsp_counts_sort(struct tsp_counts *counts);

/** Takes what was counted of one more case. */
int tsp_counts_add(struct tsp_counts *counts, const struct tsp_brief *brief, struct tsp_error *error);

/** After the last one. Refuses a record that was not counted under an emulator, or does not say what made it. */
int tsp_counts_settle(struct tsp_counts *counts, const struct tsp_record *head, struct tsp_error *error);

#endif
