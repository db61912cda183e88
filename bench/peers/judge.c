/*
 * The verdicts of compare and of duel on figures from elsewhere, so that scripts/proof can judge simulated data by the very rules that records are judged by.
 * Built for `make selfbench` alone. A line of stdin is a case, judged as a comparison of its own: nothing is corrected for its neighbours.
 *
 *   records|pairs THRESHOLD N A1 … AN B1 … BN   →   VERDICT RATIO LO HI P
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transept/comparison.h"
#include "transept/plan.h"

/* A question as it is read. */
struct asked {
    bool paired;
    double threshold;
    size_t count;
    double *values; /* those of the first side, then those of the other */
};

/* 0: the end. -1: not a question. */
static int read_question(struct asked *asked) {
    char rule[16];
    int read = scanf("%15s %lf %zu", rule, &asked->threshold, &asked->count);
    if (read == EOF) {
        return 0;
    }
    asked->paired = strcmp(rule, "pairs") == 0;
    if (read != 3 || (!asked->paired && strcmp(rule, "records") != 0) || asked->count == 0 ||
        asked->count > TSP_ROUNDS_MAX) {
        return -1;
    }
    asked->values = calloc(2 * asked->count, sizeof *asked->values);
    for (size_t i = 0; asked->values != NULL && i < 2 * asked->count; ++i) {
        if (scanf("%lf", &asked->values[i]) != 1) {
            free(asked->values);
            return -1;
        }
    }
    return asked->values != NULL ? 1 : -1;
}

/* Both sides of one case on one machine: what differs is the figures. */
struct duo {
    char words[4][8]; /* what the case, its family and the sides are called */
    char nothing[1];
    struct tsp_record record;
    struct tsp_series series[2];
    struct tsp_side_case cases[2];
    struct tsp_side sides[2];
};

static void fill(struct duo *duo, const struct asked *asked) {
    for (size_t i = 0; i < 2; ++i) {
        duo->series[i] = (struct tsp_series){.name = "time",
                                             .unit = "ns/op",
                                             .evidence = TSP_MEASURED,
                                             .count = asked->count,
                                             .values = asked->values + i * asked->count};
        duo->cases[i] = (struct tsp_side_case){.id = duo->words[0],
                                               .family = duo->words[1],
                                               .reason = duo->nothing,
                                               .status = TSP_OK,
                                               .series_count = 1,
                                               .series = &duo->series[i]};
        duo->sides[i] = (struct tsp_side){.name = duo->words[2 + i],
                                          .record_count = 1,
                                          .records = &duo->record,
                                          .case_count = 1,
                                          .cases = &duo->cases[i]};
    }
}

static int judge(struct duo *duo, const struct asked *asked) {
    struct tsp_error error;
    struct tsp_comparison comparison;
    const struct tsp_question question = {.threshold = asked->threshold, .paired = asked->paired};
    fill(duo, asked);
    if (tsp_comparison_make(&comparison, &duo->sides[0], &duo->sides[1], &question, &error) != 0) {
        (void)fprintf(stderr, "judge: %s\n", error.text);
        return -1;
    }
    const struct tsp_row *row = &comparison.rows[0];
    (void)printf("%s %.9g %.9g %.9g %.9g\n", tsp_row_verdict(row), row->effect.ratio, row->effect.lo,
                 row->effect.hi, row->effect.p);
    tsp_comparison_free(&comparison);
    return 0;
}

int main(void) {
    struct asked asked;
    const char *const words[] = {"case", "family", "first", "other"};
    struct duo *duo = calloc(1, sizeof *duo);
    int status = duo != NULL ? 1 : -1;
    for (size_t i = 0; duo != NULL && i < 4; ++i) {
        (void)snprintf(duo->words[i], sizeof duo->words[i], "%s", words[i]);
    }
    while (status > 0) {
        status = read_question(&asked);
        if (status > 0) {
            status = judge(duo, &asked) == 0 ? 1 : -1;
            free(asked.values);
        } else if (status < 0) {
            (void)fputs("judge: expected: records|pairs THRESHOLD N A1 … AN B1 … BN\n", stderr);
        }
    }
    free(duo);
    return status == 0 && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
