/* What options and arguments take, where it can be told beforehand: said once, for help, complaints, man pages and completion. */
#ifndef TRANSEPT_BENCH_VALUES_H
#define TRANSEPT_BENCH_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "transept/error.h"

/** The index-th word of a list; NULL after the last one. */
typedef const char *tsp_words(size_t index);

/** What is found out only when it is asked for, by `transept complete`. */
enum tsp_found { TSP_FOUND_NONE, TSP_FOUND_CASES, TSP_FOUND_COUNTERS };

/** What one option takes, or the arguments. Several of these may be so at once: a suite is a word or a file. */
struct tsp_takes {
    int key;              /* the option's; ARGP_KEY_ARG: every argument */
    tsp_words *words;     /* NULL: none. In the option's doc, "{words}" stands for them */
    enum tsp_found found; /* beside the words */
    const char *
        files; /* what files are called: "*.json", "*"; several with blanks between; NULL: no file is meant */
    bool folders; /* a folder may be meant itself, not only be on the way to a file */
    bool list;    /* several, commas between */
};

/** The value of `key`, or NULL. `values` are closed by {0}, which takes nothing; NULL: there are none. */
const struct tsp_takes *tsp_takes_find(const struct tsp_takes *values, int key);

/** "table, csv and json" where `last` is "and"; NULL: nothing but commas. What does not fit is left out. Returns `text`. */
const char *tsp_words_text(tsp_words *words, const char *last, char *text, size_t size);

/** The index of `word` among `words`; -1 with an error that tells what there is, and `what` the word should have been ("format"). */
int tsp_words_find(tsp_words *words, const char *what, const char *word, struct tsp_error *error);

/* --- lists that several commands take -------------------------------------------------------------------------------------------------- */

tsp_words tsp_words_record_format;     /* of run and export */
tsp_words tsp_words_comparison_format; /* of compare and duel: the first is the table */
tsp_words tsp_words_table_format;      /* table, csv and json */
tsp_words tsp_words_metric;            /* that a record may have; there are others */
tsp_words tsp_words_count;             /* that is exact under the emulator's plugin */

/** What `transept complete` calls it: "cases"; NULL for TSP_FOUND_NONE and beyond the last. */
const char *tsp_found_name(enum tsp_found found);

#endif
