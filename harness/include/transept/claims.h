/* What is said about porting, put to the test: claims out of YAML, what records hold of their cases, and a verdict on each (docs/claims.md). */
#ifndef TRANSEPT_CLAIMS_H
#define TRANSEPT_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "transept/comparison.h"
#include "transept/error.h"
#include "transept/plan.h"
#include "transept/round.h"

/* --- claims ------------------------------------------------------------------------------------------------------------------- */

/** What a number is held against: each bound that is given must hold. Of an interval, all of it. */
struct tsp_claim_bounds {
    double at_least; /* NaN: not given, and so the others */
    double at_most;
    double above;
    double below;
    double equals; /* exact counts only */
};

/** What is asked of a check's cases. */
enum tsp_claim_question {
    TSP_CLAIM_VALUE,  /* their figures, by the bounds; without bounds they are only shown */
    TSP_CLAIM_SEEN,   /* that an event was seen; that none was proves nothing */
    TSP_CLAIM_NEVER,  /* that none was seen, where the ISA or the language rules it out */
    TSP_CLAIM_FAULTED /* that the case ended by a signal */
};

/** Which of several cases count. */
enum tsp_claim_choice { TSP_CLAIM_EACH, TSP_CLAIM_LEAST, TSP_CLAIM_MOST };

/** A condition over cases. Texts are owned. */
struct tsp_claim_check {
    struct tsp_texts arch; /* ISAs of the records that it is about; none: all */
    char *of;              /* cases, alternatives parted by commas; '*' stands for anything within them */
    char *
        to; /* the figure is divided by this case's; each '*' is what the one of `of` stands for. NULL: not */
    char *minus; /* or this case's is taken off (exact counts); NULL: not */
    char *
        metric; /* alternatives, the first that a case has: "time:p99", "l1d-misses:*"; "*": every exact count */
    char *across; /* "arm64/x86_64": `of` from the one's record, `to` (`of` again, if NULL) from the other's;
                                 "profile-guided": from such a build's and from an ordinary one's. NULL: one record */
    unsigned question; /* enum tsp_claim_question */
    unsigned choice;   /* enum tsp_claim_choice, by the value of `of` */
    double per;        /* things an op handles: the value is divided by it. 0: not */
    bool given;        /* a condition for testing at all: where it does not hold, nothing is shown */
    struct tsp_claim_bounds bounds;
};

struct tsp_claim {
    char *id;      /* "C01" */
    char *group;   /* the heading it stands under */
    char *claim;   /* as it is told */
    char *claimed; /* the figures that were told with it; NULL: none */
    char *tested;  /* what of it is tested, in which reading */
    bool any;      /* one of the checks is enough; else all must hold */
    size_t check_count;
    struct tsp_claim_check *checks;
};

/** Claims of one file, in its order. Free with tsp_claims_free(). */
struct tsp_claims {
    char *name;
    size_t count;
    struct tsp_claim *of;
};

/** Reads claims: a YAML file, or with NULL those that come with the command (bench/claims/folklore.yaml). An error names file, line and column. */
int tsp_claims_load(struct tsp_claims *claims, const char *path, struct tsp_error *error);

/** The same from the text of a file; `path` is for the errors only. */
int tsp_claims_parse(struct tsp_claims *claims, const char *yaml, size_t size, const char *path,
                     struct tsp_error *error);
void tsp_claims_free(struct tsp_claims *claims);

/** The claim of that id ("c01" will do), or NULL. */
const struct tsp_claim *tsp_claim_find(const struct tsp_claims *claims, const char *id);

/** Does a check only show figures, and ask nothing? */
bool tsp_claim_check_shows(const struct tsp_claim_check *check);

/** Does the claim take two records? */
bool tsp_claim_is_paired(const struct tsp_claim *claim);

/**
 * Does `id` match one of the alternatives? `stars` receives what each '*' stands for (the shortest that fits), one after the other, each ended by a
 * NUL. Pure. `size` of TSP_CLAIM_STARS is enough.
 */
#define TSP_CLAIM_STARS 256
bool tsp_claim_match(const char *alternatives, const char *id, char *stars, size_t size);

/** `pattern` with its stars replaced by those texts, in turn. Returns `text`; empty when it does not fit. */
const char *tsp_claim_fill(const char *pattern, const char *stars, char *text, size_t size);

/* --- what records hold ------------------------------------------------------------------------------------------------------- */

/** A record, or a file of counts (transept.counts/1), as far as claims ask. */
struct tsp_claim_record {
    char *path;
    char arch[16];
    bool emulated;
    bool counts_only;      /* a file of counts: it has no times */
    bool profile_guided;   /* build */
    char machine[17];      /* id; empty: a file of counts */
    char executed_by[300]; /* "Intel Xeon …, kvm", "qemu-aarch64 7.2.22" */
    char built_by[200];    /* "gcc 12.2.0" */
    char when[32];         /* of the run; empty: not known */
    size_t case_count;
    size_t room;
    /** By id. A metric's reason is kept also where it has values; statistics other than the median are series of their own: "time:p99". */
    struct tsp_side_case *cases;
};

/** Reads what the claims ask for. Free with tsp_claim_record_free() whatever is returned. */
int tsp_claim_record_read(struct tsp_claim_record *record, const char *path, const struct tsp_claims *claims,
                          struct tsp_error *error);
void tsp_claim_record_free(struct tsp_claim_record *record);

const struct tsp_side_case *tsp_claim_record_find(const struct tsp_claim_record *record, const char *id);

/* --- verdicts ---------------------------------------------------------------------------------------------------------------- */

enum tsp_claim_verdict { TSP_CLAIM_NOT_SHOWN, TSP_CLAIM_HOLDS, TSP_CLAIM_FAILS };

/** "holds", "does not hold", "not shown here". Static. */
const char *tsp_claim_verdict_name(enum tsp_claim_verdict verdict);

/** A case's value with its 95 % interval (of an exact count, the value). */
struct tsp_claim_value {
    const struct tsp_claim_record *record; /* NULL: there is none */
    char id[TSP_ID_MAX];                   /* of the case; the pattern where no case fits */
    const struct tsp_side_case *tcase;     /* NULL: not in the record */
    const struct tsp_series *series;       /* NULL: it has not got the metric */
    double value;
    double lo;
    double hi;
};

/** A check on one case, or on a pair of them. */
struct tsp_claim_figure {
    const struct tsp_claim_check *check;
    enum tsp_claim_verdict verdict;
    char metric[TSP_NAME_MAX];
    struct tsp_claim_value of;
    struct tsp_claim_value to; /* or what is taken off */
    double value; /* what is held against the bounds: value, ratio or difference. NaN: there is none */
    double lo;
    double hi;
    char reason[TSP_REASON_MAX]; /* of showing nothing */
};

/** A claim on a record, or on a pair. Points into claims and records. */
struct tsp_claim_finding {
    const struct tsp_claim *claim;
    const struct tsp_claim_record
        *records[2]; /* of a paired claim those of the first and second ISA (build); NULL: none was given */
    bool silent;     /* nothing of the claim is about this ISA */
    enum tsp_claim_verdict verdict;
    const struct tsp_claim_figure *decisive; /* the figure that decided; NULL: none */
    char reason[TSP_REASON_MAX];             /* of showing nothing */
    size_t figure_count;
    size_t room;
    struct tsp_claim_figure *figures;
};

/** What one number says to bounds. `why` (size bytes) receives the reason where it shows nothing. Pure. */
enum tsp_claim_verdict tsp_claim_judge(const struct tsp_claim_bounds *bounds, double value, double lo,
                                       double hi, bool exact, char *why, size_t size);

/** Tests a claim on a record (not a paired one), or on two. -1 when memory is out. Free with tsp_claim_finding_free(). */
int tsp_claim_test(struct tsp_claim_finding *finding, const struct tsp_claim *claim,
                   const struct tsp_claim_record *first, const struct tsp_claim_record *second,
                   struct tsp_error *error);
void tsp_claim_finding_free(struct tsp_claim_finding *finding);

/** All claims on all records: a finding for each record, of paired claims one for the first two records that show something. */
struct tsp_claims_report {
    const struct tsp_claims *claims;
    size_t record_count;
    const struct tsp_claim_record *records;
    const bool *only; /* which claims, by their place; NULL: all */
    size_t count;
    struct tsp_claim_finding *findings; /* in the order of the claims, then of the records */
};

/** `only` (may be NULL) says which claims. What is given must outlive the report. Free with tsp_claims_report_free(). */
int tsp_claims_report_make(struct tsp_claims_report *report, const struct tsp_claims *claims,
                           const bool *only, const struct tsp_claim_record *records, size_t record_count,
                           struct tsp_error *error);
void tsp_claims_report_free(struct tsp_claims_report *report);

/** Is the claim one that the report is about? */
bool tsp_claims_report_has(const struct tsp_claims_report *report, const struct tsp_claim *claim);

/* --- in words ---------------------------------------------------------------------------------------------------------------- */

/** "stores, abi/args-int/direct/n=7 less …/n=6: 1 (above 0)". Returns `text`. */
const char *tsp_claim_figure_text(const struct tsp_claim_figure *figure, char *text, size_t size);

/** What a check asks for: "at most 0.25"; empty where it only shows. Returns `text`. */
const char *tsp_claim_wanted_text(const struct tsp_claim_check *check, char *text, size_t size);

/** The decisive figure, or the reason: what stands beside the verdict. Returns `text`. */
const char *tsp_claim_why(const struct tsp_claim_finding *finding, char *text, size_t size);

/** Do two records say the same to a claim, in the same words; with `figures` also in all of these? Then they can be told together. */
bool tsp_claim_findings_alike(const struct tsp_claim_finding *a, const struct tsp_claim_finding *b,
                              bool figures);

/** "arm64", or of a pair "arm64 ÷ x86_64". Returns `text`. */
const char *tsp_claim_finding_of(const struct tsp_claim_finding *finding, char *text, size_t size);

/** Formats of --format but the table. */
typedef int tsp_claims_writer(const struct tsp_claims_report *report, FILE *stream, struct tsp_error *error);
tsp_claims_writer tsp_claims_write_markdown;
tsp_claims_writer tsp_claims_write_csv;
tsp_claims_writer tsp_claims_write_json;

#endif
