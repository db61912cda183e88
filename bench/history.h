/* transept history: what its actions share. */
#ifndef TRANSEPT_BENCH_HISTORY_H
#define TRANSEPT_BENCH_HISTORY_H

#include "transept/history.h"

/** What was asked for. Texts are the command line's. */
struct tsp_history_options {
    const char *const *names; /* what stands behind the action */
    size_t count;
    const char *db;
    struct tsp_trend_question question; /* its choice is that of `show` too */
    int format;                         /* index of tsp_words_table_format() */
    const char *output;                 /* NULL: stdout */
};

/** The runs there are, or the cases of the run that is named. */
int tsp_history_show(const struct tsp_history_options *options, struct tsp_error *error);

/** Series over time. */
int tsp_history_trend(const struct tsp_history_options *options, struct tsp_error *error);

/** Opens the history for reading. */
int tsp_history_open_there(struct tsp_history **history, const struct tsp_history_options *options,
                           struct tsp_error *error);

/** Of a commit as many letters as tell it from others. */
#define TSP_COMMIT_LETTERS 10

#endif
