/* Judging a counter by what it read over known work. Pure; the work itself is in known_work.h. */
#ifndef TRANSEPT_MEASURE_READING_H
#define TRANSEPT_MEASURE_READING_H

#include "transept/measure.h"

/** Instructions of the known loop, and how many system calls the second trial makes. */
#define TSP_KNOWN_INSTRUCTIONS 1e6
#define TSP_KNOWN_CALLS        1000

/** More user-mode instructions than a bare system call takes in any build, fewer than any kernel's way in and out. */
#define TSP_CALL_INSTRUCTIONS_MAX 60

/** What is known of a counter beforehand, and so how it can be tested. */
enum tsp_counter_kind {
    TSP_COUNTS_USER_INSTRUCTIONS, /* the known loop, and hardly anything over system calls */
    TSP_COUNTS_INSTRUCTIONS,      /* the known loop */
    TSP_COUNTS_SOMETHING,         /* must move over varied work */
    TSP_COUNTS_SOFTWARE           /* the kernel's own arithmetic: zero may well be right */
};

/** What a counter read: differences, scaled; NaN where it never ran. */
struct tsp_counter_trial {
    double empty; /* over nothing: the cost of reading */
    double loop;  /* over the known loop */
    double calls; /* over TSP_KNOWN_CALLS system calls */
    double all;   /* over all of that and the varied work */
    double last;  /* the counter's value at the end */
};

/** The verdict of one counter: ok or implausible, with the reason. */
enum tsp_counter_status tsp_counter_judge(enum tsp_counter_kind kind, const struct tsp_counter_trial *trial,
                                          char *reason, size_t reason_size);

#endif
