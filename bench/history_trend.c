/* transept history trend: series over time, as a table or for programs. */
#include <math.h>
#include <string.h>

#include "cells.h"
#include "history.h"
#include "output.h"
#include "terminal.h"
#include "values.h"

enum { WIDTH = 80, NAME = 30, RUNS = 5, LAST = 10, BAND = 19, SPARKS = 14 };

/* --- cells ----------------------------------------------------------------------------------------------------------------------- */

/* Times of a series in one unit. */
struct spelling {
    bool time;
    struct tsp_scale scale;
};

static struct spelling spelling_of(const struct tsp_trend *trend) {
    double least = INFINITY;
    double most = 0;
    for (size_t i = 0; i < trend->count; ++i) {
        double value = fabs(trend->points[i].estimate.value);
        if (isfinite(value)) {
            least = fmin(least, value);
            most = fmax(most, value);
        }
    }
    struct spelling spelling = {.time = strncmp(trend->unit, "ns/", 3) == 0};
    spelling.scale = tsp_scale_choose(isfinite(least) ? least : 1, isfinite(least) ? most : 1);
    return spelling;
}

static const char *value_text(char *text, size_t size, const struct spelling *spelling, double value) {
    return spelling->time ? tsp_cell_time(text, size, &spelling->scale, value)
                          : tsp_cell_count(text, size, value);
}

static void print_cell(FILE *stream, const char *text, unsigned width) {
    unsigned columns = tsp_text_columns(text);
    (void)fprintf(stream, "%*s%s", columns < width ? (int)(width - columns) : 0, "", text);
}

static void print_last(FILE *stream, const struct tsp_trend *trend, const struct spelling *spelling) {
    char text[64];
    char number[32];
    double value = trend->points[trend->count - 1].estimate.value;
    (void)snprintf(text, sizeof text, "%s%s%s", value_text(number, sizeof number, spelling, value),
                   spelling->time && isfinite(value) ? " " : "",
                   spelling->time && isfinite(value) ? spelling->scale.unit : "");
    print_cell(stream, text, LAST);
}

static void print_band(FILE *stream, const struct tsp_trend *trend, const struct spelling *spelling) {
    char text[80];
    char lo[32];
    char hi[32];
    if (!isfinite(trend->band.lo)) {
        (void)snprintf(text, sizeof text, "%s", tsp_signs()->none);
    } else if (trend->exact) {
        (void)snprintf(text, sizeof text, "exact");
    } else {
        (void)snprintf(text, sizeof text, "%s%s%s", value_text(lo, sizeof lo, spelling, trend->band.lo),
                       tsp_signs()->utf8 ? "–" : "..", value_text(hi, sizeof hi, spelling, trend->band.hi));
    }
    print_cell(stream, text, BAND);
}

/* The newest values as heights between the least and the largest of them. What lies within 10 % of each other looks flat: it would be noise drawn large. */
static void print_sparks(FILE *stream, const struct tsp_trend *trend) {
    static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const digits[] = {"0", "1", "2", "3", "4", "5", "6", "7"};
    const char *const *signs = tsp_signs()->utf8 ? blocks : digits;
    size_t first = trend->count > SPARKS ? trend->count - SPARKS : 0;
    double least = INFINITY;
    double most = -INFINITY;
    for (size_t i = first; i < trend->count; ++i) {
        if (isfinite(trend->points[i].estimate.value)) {
            least = fmin(least, trend->points[i].estimate.value);
            most = fmax(most, trend->points[i].estimate.value);
        }
    }
    double span = fmax(most - least, trend->exact ? 0 : 0.1 * fabs(most));
    double base = 0.5 * (most + least - span);
    (void)fputs("  ", stream);
    for (size_t i = first; i < trend->count; ++i) {
        double value = trend->points[i].estimate.value;
        int height = span > 0 && isfinite(value) ? (int)(8 * (value - base) / span) : 3;
        (void)fputs(!isfinite(value) ? "!" : signs[height < 0 ? 0 : height > 7 ? 7 : height], stream);
    }
    (void)putc('\n', stream);
}

/* --- rows ------------------------------------------------------------------------------------------------------------------------ */

static void print_name(FILE *stream, const struct tsp_trend *trend) {
    if (tsp_text_columns(trend->tcase) > NAME) {
        (void)fprintf(stream, "%s\n%*s", trend->tcase, NAME, "");
    } else {
        (void)fprintf(stream, "%-*s", NAME, trend->tcase);
    }
}

static const char *commit_of(const struct tsp_history_run *run, char text[TSP_COMMIT_LETTERS + 16]) {
    (void)snprintf(text, TSP_COMMIT_LETTERS + 16, "%s%.*s", run->commit[0] != '\0' ? "commit " : "no commit",
                   TSP_COMMIT_LETTERS, run->commit);
    return text;
}

static const char *compiler_of(const struct tsp_history_run *run) {
    return run->compiler[0] != '\0' ? run->compiler : "compiler not known";
}

/* The run before it that has a value: what differs between the two may be the cause. */
static const struct tsp_history_run *run_before(const struct tsp_trends *trends,
                                                const struct tsp_trend *trend, size_t index) {
    while (index > 0 && !trend->points[index - 1].judged) {
        --index;
    }
    return index > 0 ? &trends->runs.of[trend->points[index - 1].run] : NULL;
}

static void print_change(FILE *stream, const struct tsp_trends *trends, const struct tsp_trend *trend,
                         const struct tsp_change *change, const struct spelling *spelling) {
    char text[600];
    char numbers[2][32];
    char commit[TSP_COMMIT_LETTERS + 16];
    char p[48] = "exact";
    char size[32] = "";
    const struct tsp_history_run *run = &trends->runs.of[trend->points[change->index].run];
    const struct tsp_history_run *before = run_before(trends, trend, change->index);
    const char *unit = spelling->time ? spelling->scale.unit : "";
    if (change->from > 0 && change->to > 0) {
        (void)snprintf(size, sizeof size, " (%+.3g %%)", 100 * (change->to / change->from - 1));
    }
    if (!trend->exact) {
        (void)snprintf(p, sizeof p, "p %.1g", change->p);
    }
    int used =
        snprintf(text, sizeof text, "%.10s %s: %s to %s%s%s%s, %s", run->started, commit_of(run, commit),
                 value_text(numbers[0], sizeof numbers[0], spelling, change->from),
                 value_text(numbers[1], sizeof numbers[1], spelling, change->to), spelling->time ? " " : "",
                 unit, size, p);
    if (before != NULL && strcmp(before->compiler, run->compiler) != 0 && used > 0 &&
        (size_t)used < sizeof text) {
        (void)snprintf(text + used, sizeof text - (size_t)used, "; %s, before it %s", compiler_of(run),
                       compiler_of(before));
    }
    (void)fputs("  ", stream);
    tsp_print_wrapped(stream, text, 2, 4, WIDTH);
}

static void print_remark(FILE *stream, const char *text) {
    (void)fputs("  ", stream);
    tsp_print_wrapped(stream, text, 2, 4, WIDTH);
}

static void print_series(FILE *stream, const struct tsp_trends *trends, const struct tsp_trend *trend) {
    struct spelling spelling = spelling_of(trend);
    const struct tsp_trend_point *last = &trend->points[trend->count - 1];
    char runs[24];
    (void)snprintf(runs, sizeof runs, "%zu", trend->count);
    print_name(stream, trend);
    print_cell(stream, runs, RUNS);
    print_last(stream, trend, &spelling);
    print_band(stream, trend, &spelling);
    print_sparks(stream, trend);
    for (size_t i = 0; i < trend->changes.count; ++i) {
        print_change(stream, trends, trend, &trend->changes.of[i], &spelling);
    }
    if (!last->judged && last->reason != NULL) {
        print_remark(stream, last->reason);
    }
    if (trend->reason != NULL) {
        char text[160];
        (void)snprintf(text, sizeof text, "no change can be told: %s, and has %zu", trend->reason,
                       trend->judged);
        print_remark(stream, text);
    }
}

/* --- the table ------------------------------------------------------------------------------------------------------------------- */

/* Of what another program measured neither is known: NaN, which is not equal to itself. */
static bool same_length(double a, double b) {
    return a == b || (isnan(a) && isnan(b));
}

/* Series of one place stand together. */
static bool same_place(const struct tsp_trend *a, const struct tsp_trend *b) {
    return a->evidence == b->evidence && strcmp(a->head->arch, b->head->arch) == 0 &&
           strcmp(a->head->machine, b->head->machine) == 0 &&
           strcmp(a->head->executed_by, b->head->executed_by) == 0 &&
           same_length(a->head->time_ms, b->head->time_ms) &&
           same_length(a->head->warmup_ms, b->head->warmup_ms);
}

static void print_place(FILE *stream, const struct tsp_trend *trend,
                        const struct tsp_trend_question *question) {
    char text[600];
    const struct tsp_history_run *head = trend->head;
    char what[48] = "";
    char rounds[48] = "";
    if (!trend->exact) {
        (void)snprintf(what, sizeof what, " %s", tsp_percentile_name(question->percentile));
    }
    if (isfinite(head->time_ms)) {
        (void)snprintf(rounds, sizeof rounds, "; rounds of %.6g ms", head->time_ms);
    }
    (void)snprintf(text, sizeof text, "%s%s, %s; %s, machine %s, %s%s", question->metric, what,
                   trend->evidence == TSP_EMULATED ? "EMULATED" : tsp_evidence_name(trend->evidence),
                   head->arch, head->machine, head->executed_by, rounds);
    tsp_print_wrapped(stream, text, 0, 2, WIDTH);
    (void)fprintf(stream, "%-*s%*s%*s%*s  %s\n", NAME, "case", RUNS, "runs", LAST, "newest", BAND,
                  "band of the next", "trend");
}

static void print_sums(FILE *stream, const struct tsp_trends *trends) {
    size_t changed = 0;
    size_t exact = 0;
    for (size_t i = 0; i < trends->count; ++i) {
        changed += trends->of[i].changes.count > 0;
        exact += trends->of[i].exact;
    }
    (void)fprintf(stream, "\n%zu series: %zu changed, %zu judged by statistics, %zu by exact counts\n",
                  trends->count, changed, trends->judged, exact);
}

static int write_table(const struct tsp_trends *trends, const struct tsp_trend_question *question,
                       FILE *stream, struct tsp_error *error) {
    (void)error;
    bool begun = false;
    for (size_t i = 0; i < trends->count; ++i) {
        bool first = true;
        for (size_t k = 0; first && k < i; ++k) {
            first = !same_place(&trends->of[k], &trends->of[i]);
        }
        if (!first) {
            continue;
        }
        (void)fputs(begun ? "\n" : "", stream);
        begun = true;
        print_place(stream, &trends->of[i], question);
        for (size_t k = i; k < trends->count; ++k) {
            if (same_place(&trends->of[i], &trends->of[k])) {
                print_series(stream, trends, &trends->of[k]);
            }
        }
    }
    print_sums(stream, trends);
    return 0;
}

/* --- the action ------------------------------------------------------------------------------------------------------------------ */

struct writing {
    const struct tsp_trends *trends;
    const struct tsp_history_options *options;
};

/* A tsp_output_writer. */
static int write_trends(const void *data, FILE *stream, struct tsp_error *error) {
    typedef int writer(const struct tsp_trends *, const struct tsp_trend_question *, FILE *,
                       struct tsp_error *);
    static writer *const writers[] = {write_table, tsp_trends_write_csv, tsp_trends_write_json};
    const struct writing *writing = data;
    return writers[writing->options->format](writing->trends, &writing->options->question, stream, error);
}

int tsp_history_trend(const struct tsp_history_options *options, struct tsp_error *error) {
    struct tsp_history *history = NULL;
    struct tsp_trends trends;
    if (tsp_output_spare(options->output, &options->db, 1, error) != 0 ||
        tsp_history_open_there(&history, options, error) != 0) {
        return -1;
    }
    int status = tsp_trends_read(&trends, history, &options->question, error);
    if (status == 0) {
        const struct writing writing = {&trends, options};
        status = tsp_output_write(options->output, write_trends, &writing, error);
    }
    tsp_trends_free(&trends);
    tsp_history_close(history);
    return status;
}
