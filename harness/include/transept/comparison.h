/* Records held against one another, case by case: which sides there are, in what they differ, and a verdict on each case. */
#ifndef TRANSEPT_COMPARISON_H
#define TRANSEPT_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "transept/error.h"
#include "transept/record.h"
#include "transept/verdict.h"

/* --- what is asked ------------------------------------------------------------------------------------------------------------- */

/** What of a round's samples is compared. */
enum tsp_statistic {
    TSP_STATISTIC_P50,
    TSP_STATISTIC_P95,
    TSP_STATISTIC_P99,
    TSP_STATISTIC_P999,
    TSP_STATISTIC_MIN,
    TSP_STATISTIC_MEAN
};

/** In what two sides may differ. Verdicts across a difference are given only where it is the question; ISA and build always may be. */
enum tsp_across {
    TSP_ACROSS_MACHINE = 1,  /* CPU, memory, kernel: the record's machine.id */
    TSP_ACROSS_COMPILER = 2, /* compiler, its version and flags */
    TSP_ACROSS_PAGE = 4      /* page size */
};

struct tsp_question {
    char metric[TSP_NAME_MAX]; /* empty: the time; the exact counts of cases whose times cannot be compared */
    bool counts;               /* all exact counts instead, also of cases that have a time */
    enum tsp_statistic statistic;
    double threshold;    /* a share: differences up to it do not matter. At least 0 */
    unsigned across;     /* TSP_ACROSS_… that are the question */
    const char *pattern; /* of cases; NULL: all. The caller's */
    bool paired; /* both sides' values are pairs, in order: of rounds that ran side by side (duel.h) */
    /** A case's noise on this machine as a share, from calibration; NaN: not known. NULL: none is. */
    double (*noise)(const void *data, const char *id);
    const void *noise_data;
};

/** Takes "time", "time:p95", "instructions" … apart. */
int tsp_question_metric(struct tsp_question *question, const char *text, struct tsp_error *error);

/** Takes a list of names ("machine,compiler") apart. */
int tsp_question_across(struct tsp_question *question, const char *text, struct tsp_error *error);

/** The index-th of those names; NULL after the last one. */
const char *tsp_across_name(size_t index);

const char *tsp_statistic_name(enum tsp_statistic statistic);

/** That figure of a round, in its metric's unit; NaN where the samples do not support it. */
double tsp_statistic_of(const struct tsp_description *description, enum tsp_statistic statistic);

/* --- a side -------------------------------------------------------------------------------------------------------------------- */

/** A metric of a case over all rounds of all records of a side. */
struct tsp_series {
    char name[TSP_NAME_MAX];
    char unit[16];
    enum tsp_evidence evidence;
    bool exact;   /* one value, the same every time; `values` has it once */
    bool varies;  /* a count that is not the same every time */
    char *reason; /* why there is no value; NULL: there is */
    size_t count;
    size_t room;
    double *values; /* one a round */
};

struct tsp_side_case {
    char *id;
    char *family;
    char *reason;           /* of the worst status; may be empty */
    enum tsp_status status; /* the worst of all records */
    size_t series_count;
    struct tsp_series *series;
};

/** One or several records that are taken for one. */
struct tsp_side {
    char *name; /* as it was given */
    size_t record_count;
    struct tsp_record *records; /* without results */
    char **paths;
    size_t case_count;
    struct tsp_side_case *cases; /* by id */
    size_t room;
};

/**
 * Reads what `argument` names: a record, a folder (all *.json in it but links), or a glob. Only what the question asks for is kept: some 100
 * bytes a case. Records of one side must be of the same machine, executor and build, and of different runs: else -1, naming what differs, or
 * the run. A link beside what it leads to is not read again, in a folder or by a glob. Free with tsp_side_free()
 * whatever is returned.
 */
int tsp_side_read(struct tsp_side *side, const char *argument, const struct tsp_question *question,
                  struct tsp_error *error);
void tsp_side_free(struct tsp_side *side);
void tsp_side_case_free(struct tsp_side_case *tcase);
const struct tsp_side_case *tsp_side_find(const struct tsp_side *side, const char *id);

/** The case's series of that name; NULL: it has none. */
struct tsp_series *tsp_side_case_series(const struct tsp_side_case *tcase, const char *name);

/* --- in what sides differ ------------------------------------------------------------------------------------------------------ */

#define TSP_DIFFERENCES_MAX 16

struct tsp_head_difference {
    const char *what; /* "compiler"; static */
    char first[TSP_TEXT_MAX];
    char other[TSP_TEXT_MAX];
    unsigned across; /* the TSP_ACROSS_… that it belongs to; 0: it needs no asking */
};

struct tsp_head_differences {
    unsigned count;
    struct tsp_head_difference of[TSP_DIFFERENCES_MAX];
    unsigned across; /* all that differ, ORed */
    bool isa;        /* the binaries are of different ISAs: that is the question then */
};

/** Compares what two records say of machine, build and run. Pure. */
void tsp_heads_compare(struct tsp_head_differences *differences, const struct tsp_record *first,
                       const struct tsp_record *other);

/** The names of a set of TSP_ACROSS_…, as the option takes them: "machine,compiler". Returns `text`. */
const char *tsp_across_text(unsigned across, char *text, size_t size);

/* --- the comparison ------------------------------------------------------------------------------------------------------------ */

struct tsp_row {
    const struct tsp_side_case *cases[2];
    const struct tsp_series *series[2]; /* NULL where that side has not got it */
    double value[2];                    /* geometric mean of the rounds; NaN: none */
    struct tsp_effect effect;           /* ratio is NaN where there is none */
    double adjusted_p;                  /* NaN for counts */
    double floor; /* what a difference must exceed: the largest of threshold and noise */
    enum tsp_effect_verdict verdict;
    bool higher_is_better;
    bool fact;    /* neither more nor less of it is better: a size, an offset */
    bool differs; /* such a one does, beyond the floor; the verdict is NONE, `effect` is as of any other */
    uint64_t rounds_wanted;      /* inconclusive: a side; 0: cannot be told */
    char reason[TSP_REASON_MAX]; /* of having no verdict, or an inconclusive one */
};

/** One other side against the first. Points into both. */
struct tsp_comparison {
    const struct tsp_side *first;
    const struct tsp_side *other;
    struct tsp_head_differences differences;
    unsigned unasked; /* differences that keep verdicts from being given: TSP_ACROSS_… */
    size_t row_count;
    struct tsp_row *rows;         /* by family, the biggest effect first; within the unjudged, by id */
    const struct tsp_row **index; /* in the order of tsp_comparison_find() */
    size_t counts[TSP_VERDICT_INCONCLUSIVE + 1];
    size_t only_first; /* cases of one side alone */
    size_t only_other;
};

/** Judges every case that both sides have. -1 when they have none in common or memory is out. Free with tsp_comparison_free(). */
int tsp_comparison_make(struct tsp_comparison *comparison, const struct tsp_side *first,
                        const struct tsp_side *other, const struct tsp_question *question,
                        struct tsp_error *error);
void tsp_comparison_free(struct tsp_comparison *comparison);

/** The row of the same case of the first side, and of the same metric, as one of another comparison with that side; NULL: there is none. */
const struct tsp_row *tsp_comparison_find(const struct tsp_comparison *comparison,
                                          const struct tsp_row *like);

/** A row of the case of that id; NULL: it was not judged. */
const struct tsp_row *tsp_comparison_find_case(const struct tsp_comparison *comparison, const char *id);

/** The metric a row is about, of either side. NULL: a case that did not end ok and has none. */
const struct tsp_series *tsp_row_series(const struct tsp_row *row);

/** Whether the row has something to show: a ratio, or that nothing became something, which has none. */
bool tsp_row_shows(const struct tsp_row *row);

/**
 * The cases of one side (0: the first, 1: the other) alone, one by one: fills a row without a verdict that has the case's first metric and
 * says where it is not. `*at` is 0 for the first call. False: there is none left. The row points into the side.
 */
bool tsp_comparison_only(const struct tsp_comparison *comparison, int side, size_t *at, struct tsp_row *row);

/** What a reader should know beside the verdict: its reason, or how many rounds would tell. Empty: nothing. Returns `text`. */
const char *tsp_row_remark(const struct tsp_row *row, char *text, size_t size);

/** The verdict in words that fit the metric: "slower", "more", "lower" …. Static text. */
const char *tsp_row_verdict(const struct tsp_row *row);

/** Formats of --format: of several comparisons with the same first side. -1 when the stream fails. */
struct tsp_comparison_format {
    const char *name;
    int (*write)(const struct tsp_comparison *comparisons, size_t count, const struct tsp_question *question,
                 FILE *stream, struct tsp_error *error);
};
const struct tsp_comparison_format *tsp_comparison_format_find(const char *name);

/** All of them, in the order in which help names them; returns how many. */
size_t tsp_comparison_format_list(const struct tsp_comparison_format **list);

#endif
