/* Between the two halves of reading a side: its records, and the cases in them. */
#ifndef TRANSEPT_COMPARE_SIDE_H
#define TRANSEPT_COMPARE_SIDE_H

#include "record/brief.h"
#include "transept/comparison.h"

/* What the visits of one record need. */
struct tsp_side_reading {
    struct tsp_side *side;
    const struct tsp_question *question;
};

/** A tsp_brief_visitor over a struct tsp_side_reading: keeps what the question asks of a case. */
int tsp_side_visit(void *data, const struct tsp_brief *brief, struct tsp_error *error);

/** Puts the cases in order; those of several records become one. */
int tsp_side_settle(struct tsp_side *side, struct tsp_error *error);

/** Says that memory is out. Returns -1. */
int tsp_side_out_of_memory(struct tsp_error *error);

#endif
