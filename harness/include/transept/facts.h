/* What a record says of the machine in ten lines that one can paste into a bug report. Pure. */
#ifndef TRANSEPT_FACTS_H
#define TRANSEPT_FACTS_H

#include <stddef.h>

#include "transept/record.h"

#define TSP_FACTS_MAX 10

/** A line: what it is about, and what was found with its evidence; or why there is nothing. */
struct tsp_fact {
    const char *name; /* static */
    char text[320];
};

/**
 * Fills `facts` (TSP_FACTS_MAX) from what the cases of suite `facts` found: those that the record has not, or that did not end ok, are told as missing.
 * Returns how many there are. Times of an emulated record are marked: they say nothing of a processor.
 */
size_t tsp_facts_make(const struct tsp_record *record, struct tsp_fact *facts);

#endif
