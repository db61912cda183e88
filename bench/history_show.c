/* transept history show: the runs there are, or what one of them found. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "cells.h"
#include "history.h"
#include "terminal.h"
#include "transept/plan.h"

enum { WIDTH = 80, ID_LEAST = 8 };

/* --- the runs -------------------------------------------------------------------------------------------------------------------- */

/* As many letters of the ids as tell all from each other; the whole where the same run was made on several machines. */
static size_t id_letters(const struct tsp_history_runs *runs) {
    size_t letters = ID_LEAST;
    for (size_t i = 0; i < runs->count; ++i) {
        for (size_t k = 0; k < i; ++k) {
            while (letters < sizeof runs->of->id && strncmp(runs->of[i].id, runs->of[k].id, letters) == 0) {
                ++letters;
            }
        }
    }
    return letters;
}

static bool same_place(const struct tsp_history_run *a, const struct tsp_history_run *b) {
    return strcmp(a->arch, b->arch) == 0 && strcmp(a->machine, b->machine) == 0 &&
           strcmp(a->executed_by, b->executed_by) == 0;
}

static void print_place(const struct tsp_history_run *run, int letters) {
    char text[512];
    (void)snprintf(text, sizeof text, "%s, machine %s, %s%s%s", run->arch, run->machine, run->executed_by,
                   run->cpu[0] != '\0' ? ", " : "", run->cpu);
    tsp_print_wrapped(stdout, text, 0, 2, WIDTH);
    (void)printf("  %-*s  %-20s  %7s  %-*s  %s\n", letters, "run", "started", "ok", TSP_COMMIT_LETTERS,
                 "commit", "suite");
}

static void print_run(const struct tsp_history_run *run, int letters) {
    char cases[48];
    (void)snprintf(cases, sizeof cases, "%zu/%zu", run->cases_ok, run->cases);
    (void)printf("  %-*.*s  %-20s  %7s  %-*.*s  %s\n", letters, letters, run->id, run->started, cases,
                 TSP_COMMIT_LETTERS, TSP_COMMIT_LETTERS, run->commit[0] != '\0' ? run->commit : "-",
                 run->suite);
}

/* By place, each in the order of its first run; within it by time. */
static void print_runs(const struct tsp_history_runs *runs) {
    int letters = (int)id_letters(runs);
    for (size_t i = 0; i < runs->count; ++i) {
        bool first = true;
        for (size_t k = 0; first && k < i; ++k) {
            first = !same_place(&runs->of[k], &runs->of[i]);
        }
        if (!first) {
            continue;
        }
        (void)fputs(i > 0 ? "\n" : "", stdout);
        print_place(&runs->of[i], letters);
        for (size_t k = i; k < runs->count; ++k) {
            if (same_place(&runs->of[i], &runs->of[k])) {
                print_run(&runs->of[k], letters);
            }
        }
    }
}

static int show_runs(struct tsp_history *history, const struct tsp_history_options *options,
                     struct tsp_error *error) {
    struct tsp_history_runs runs;
    int status = tsp_history_runs(history, &options->question.choice, &runs, error);
    if (status == 0 && runs.count == 0) {
        status = tsp_error_set(error, "%.200s: no run is chosen; leave out --arch, --machine or --since",
                               options->db);
    } else if (status == 0) {
        print_runs(&runs);
    }
    tsp_history_runs_free(&runs);
    return status;
}

/* --- one run --------------------------------------------------------------------------------------------------------------------- */

struct showing {
    const char *pattern;
    char last[sizeof((struct tsp_result *)NULL)->id];
    size_t shown;
};

static const char *value_text(char *text, size_t size, const struct tsp_history_point *point, double value) {
    if (strncmp(point->unit, "ns/", 3) == 0 && isfinite(value)) {
        char number[32];
        struct tsp_scale scale = tsp_scale_choose(fabs(value), fabs(value));
        (void)snprintf(text, size, "%s %s", tsp_cell_time(number, sizeof number, &scale, value), scale.unit);
        return text;
    }
    return tsp_cell_count(text, size, value);
}

static void print_cell(const char *text, unsigned width) {
    unsigned columns = tsp_text_columns(text);
    (void)printf("%*s%s", columns < width ? (int)(width - columns) : 0, "", text);
}

static void print_metric(const struct tsp_history_point *point) {
    char name[64];
    char text[64];
    (void)snprintf(name, sizeof name, "%s%s", point->metric, point->varies ? " ~" : "");
    (void)printf("  %-24s", name);
    for (int i = 0; i < TSP_PERCENTILES; ++i) {
        bool counted = i > 0 && (point->exact || point->varies);
        (void)putchar(' ');
        print_cell(counted ? "" : value_text(text, sizeof text, point, point->of[i].value), 11);
    }
    (void)printf("  %s\n", tsp_evidence_name(point->evidence));
    if (point->reason[0] != '\0') {
        (void)fputs("    ", stdout);
        tsp_print_wrapped(stdout, point->reason, 4, 4, WIDTH);
    }
}

/* A tsp_history_visitor. */
static int show_point(void *data, const struct tsp_history_point *point, struct tsp_error *error) {
    struct showing *showing = data;
    int wanted = showing->pattern == NULL ? 1 : tsp_pattern_match(showing->pattern, point->tcase, error);
    if (wanted <= 0) {
        return wanted;
    }
    if (strcmp(showing->last, point->tcase) != 0) {
        char text[sizeof showing->last + TSP_REASON_MAX + 32];
        bool ok = point->status == TSP_OK;
        (void)snprintf(showing->last, sizeof showing->last, "%s", point->tcase);
        (void)snprintf(text, sizeof text, "%s%s%s%s%s", point->tcase, ok ? "" : "  ",
                       ok ? "" : tsp_status_name(point->status), ok ? "" : ": ",
                       ok ? "" : point->case_reason);
        tsp_print_wrapped(stdout, text, 0, 2, WIDTH);
        ++showing->shown;
    }
    if (point->metric[0] != '\0') {
        print_metric(point);
    }
    return 0;
}

/* What measured, and how; of what another program measured much is not known, and nothing is said of that. */
static void print_setting(const struct tsp_history_run *run) {
    char text[1024];
    char suite[sizeof run->suite + 16] = "";
    char length[48] = "";
    const char *dot = tsp_signs()->dot;
    if (run->suite[0] != '\0') {
        (void)snprintf(suite, sizeof suite, "suite %s, ", run->suite);
    }
    if (isfinite(run->time_ms)) {
        (void)snprintf(length, sizeof length, " of %.6g ms", run->time_ms);
    }
    (void)snprintf(text, sizeof text, "%s%s%s%s %s %s%u round%s%s %s %s",
                   isdigit((unsigned char)run->version[0]) ? "transept " : "", run->version,
                   run->commit[0] != '\0' ? ", commit " : "", run->commit, dot, suite, run->rounds,
                   run->rounds == 1 ? "" : "s", length, dot,
                   run->compiler[0] != '\0' ? run->compiler : "compiler not known");
    tsp_print_wrapped(stdout, text, 0, 2, WIDTH);
}

static void print_head(const struct tsp_history_run *run) {
    char text[1024];
    const char *dot = tsp_signs()->dot;
    (void)snprintf(text, sizeof text, "run %s %s %s %s %s, machine %s, %s", run->id, dot, run->started, dot,
                   run->arch, run->machine, run->executed_by);
    tsp_print_wrapped(stdout, text, 0, 2, WIDTH);
    print_setting(run);
    (void)printf("\n  %-24s %11s %11s %11s  %s\n", "metric", "P50", "P95", "P99", "evidence");
}

static int show_run(struct tsp_history *history, const struct tsp_history_options *options,
                    struct tsp_error *error) {
    struct tsp_history_run run;
    struct showing showing = {.pattern = options->question.pattern};
    if (tsp_history_find(history, &options->question.choice, options->names[0], &run, error) != 0) {
        return -1;
    }
    print_head(&run);
    int status = tsp_history_points(history, &run, show_point, &showing, error);
    if (status == 0 && showing.shown == 0) {
        status = showing.pattern != NULL
                     ? tsp_error_set(error, "--filter '%.100s' matches none of the run's %zu cases",
                                     showing.pattern, run.cases)
                     : tsp_error_set(error, "run %s has no cases", run.id);
    }
    return status;
}

int tsp_history_show(const struct tsp_history_options *options, struct tsp_error *error) {
    struct tsp_history *history = NULL;
    int status = tsp_history_open_there(&history, options, error);
    if (status == 0) {
        status = options->count > 0 ? show_run(history, options, error) : show_runs(history, options, error);
    }
    tsp_history_close(history);
    return status;
}
