/*
 * A record's cases in brief: of each how it ended, and of the metrics in question one figure a round. Reading them takes a twentieth of what
 * reading all of a case takes, and no memory that grows with a case's length: comparisons and gates read records of 10^5 cases so.
 */
#ifndef TRANSEPT_RECORD_BRIEF_H
#define TRANSEPT_RECORD_BRIEF_H

#include "record/tape.h"
#include "transept/record.h"

/** What is wanted of each case. */
struct tsp_ask {
    const char *metric;    /* that one; NULL: the time of cases that have one, and all that is counted */
    bool counts;           /* only what is counted */
    const char *statistic; /* of each round: "p50", "p95", "p99", "p999", "min" or "mean" */
};

/** One metric; see struct tsp_metric. */
struct tsp_figure {
    char name[TSP_NAME_MAX];
    char unit[sizeof((struct tsp_metric *)NULL)->unit];
    enum tsp_evidence evidence;
    enum tsp_counter_status status;
    bool
        exact; /* a count that is the same in all rounds: `value`. Of what was measured there are rounds even when they agree */
    bool nondeterministic;
    char reason[TSP_REASON_MAX];
    double value; /* P50 over all rounds; NaN: none */
    size_t first; /* of its values in the brief's */
    size_t count; /* the finite ones; 0 of what is exact */
};

struct tsp_brief {
    char id[sizeof((struct tsp_result *)NULL)->id];
    char family[TSP_NAME_MAX];
    enum tsp_status status;
    char reason[TSP_REASON_MAX];
    size_t figure_count;
    struct tsp_figure *figures;
    size_t figure_room;
    size_t value_count;
    double *values; /* of all figures, one a round that has it */
    size_t value_room;
};

/** Takes what is asked out of a case. False: what it looks at is not as it should be, or memory is out. What a brief holds is used again
 *  for the next case; zero it before the first, free it with tsp_brief_free(). */
bool tsp_brief_take(struct tsp_brief *brief, const struct tsp_tape *tape, const struct tsp_ask *ask);
void tsp_brief_free(struct tsp_brief *brief);

/** Gets one case. Returns 0, or -1 with the error, which ends the reading. */
typedef int tsp_brief_visitor(void *data, const struct tsp_brief *brief, struct tsp_error *error);

/**
 * As tsp_record_scan_json(): every byte is read, must be JSON, and is covered by the digest. What is not asked for is not looked at otherwise:
 * a value that is well-formed, meant by the digest, and yet not as the schema has it is complained of only by who reads it.
 */
int tsp_record_scan_briefs(struct tsp_record *record, const char *path, const struct tsp_ask *ask,
                           tsp_brief_visitor *visit, void *data, struct tsp_error *error);

#endif
