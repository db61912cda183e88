/* The closing table. */
#include "table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "notes.h"
#include "terminal.h"
#include "transept/plan.h"

#define WIDTH 80

/* Columns of the cells; the first is what the name has left. Each number is set off by a blank. */
#define NAME_COLUMNS     24
#define TIME_COLUMNS     8
#define INTERVAL_COLUMNS 8
#define TAIL_COLUMNS     8
#define COUNT_COLUMNS    9
#define EVIDENCE_COLUMNS 8
#define MARKS_COLUMNS    5

/* Text in a field: to the right when `columns` is positive, else to the left. printf counts bytes, not columns. */
static void print_cell(FILE *stream, const char *text, int columns) {
    int pad = abs(columns) - (int)tsp_text_columns(text);
    if (pad < 0) {
        pad = 0;
    }
    (void)(columns < 0 ? fprintf(stream, "%s%*s", text, pad, "") : fprintf(stream, "%*s%s", pad, "", text));
}

static void print_header(FILE *stream) {
    print_cell(stream, "case", -NAME_COLUMNS);
    print_cell(stream, "P50", TIME_COLUMNS);
    char interval[16];
    (void)snprintf(interval, sizeof interval, " %s95 %%", tsp_signs()->plus_minus);
    print_cell(stream, interval, -INTERVAL_COLUMNS);
    print_cell(stream, "P95", TAIL_COLUMNS);
    print_cell(stream, "P99", TAIL_COLUMNS);
    print_cell(stream, "instr.", COUNT_COLUMNS);
    (void)fprintf(stream, " evidence notes\n");
}

/* "raw args=3": what tells the row from its neighbours under the heading. */
static void make_name(char *name, size_t size, const struct tsp_result *result) {
    int used = snprintf(name, size, "  %s", result->variant);
    if (result->params[0] != '\0' && used > 0 && (size_t)used < size) {
        (void)snprintf(name + used, size - (size_t)used, " %s", result->params);
        for (char *slash = strchr(name + used, '/'); slash != NULL; slash = strchr(slash, '/')) {
            *slash = ' ';
        }
    }
}

/* A name that does not fit has a line for itself: cut, two rows could look alike. */
static void print_name(FILE *stream, const struct tsp_result *result) {
    char name[TSP_ID_MAX + 8];
    make_name(name, sizeof name, result);
    print_cell(stream, name, -NAME_COLUMNS);
    if (tsp_text_columns(name) > NAME_COLUMNS) {
        (void)fprintf(stream, "\n%*s", NAME_COLUMNS, "");
    }
}

/* That of the time; without one, that of the first figure there is. */
static const char *evidence_word(const struct tsp_result *result) {
    const struct tsp_metric *leading = tsp_metric_find(result, "time");
    for (unsigned i = 0; i < result->metric_count && leading == NULL; ++i) {
        leading = isfinite(result->metrics[i].p50.value) ? &result->metrics[i] : NULL;
    }
    return leading == NULL                     ? tsp_signs()->none
           : leading->evidence == TSP_EMULATED ? "EMULATED"
                                               : tsp_evidence_name(leading->evidence);
}

static double larger_of(double largest, double value) {
    return isfinite(value) ? fmax(largest, fabs(value)) : largest;
}

static void print_times(FILE *stream, const struct tsp_metric *time, const struct tsp_scale *group) {
    static const struct tsp_estimate none = {NAN, NAN, NAN, 0};
    const struct tsp_estimate *p50 = time == NULL ? &none : &time->p50;
    const struct tsp_estimate *p95 = time == NULL ? &none : &time->p95;
    const struct tsp_estimate *p99 = time == NULL ? &none : &time->p99;
    const double largest = larger_of(larger_of(larger_of(0, p50->value), p95->value), p99->value);
    const struct tsp_scale scale = tsp_scale_refine(*group, p50, largest);
    char cell[32];
    char spaced[40];
    print_cell(stream, tsp_cell_quantile(cell, sizeof cell, &scale, p50), TIME_COLUMNS);
    (void)snprintf(spaced, sizeof spaced, " %s", tsp_cell_interval(cell, sizeof cell, &scale, p50));
    print_cell(stream, spaced, -INTERVAL_COLUMNS);
    print_cell(stream, tsp_cell_quantile(cell, sizeof cell, &scale, p95), TAIL_COLUMNS);
    print_cell(stream, tsp_cell_quantile(cell, sizeof cell, &scale, p99), TAIL_COLUMNS);
}

static void print_numbers(FILE *stream, const struct tsp_result *result, const struct tsp_scale *scale) {
    const struct tsp_metric *instructions = tsp_metric_instructions(result);
    char cell[32];
    char spaced[40];
    print_times(stream, tsp_metric_find(result, "time"), scale);
    (void)tsp_cell_count(cell, sizeof cell, instructions == NULL ? NAN : instructions->p50.value);
    (void)snprintf(spaced, sizeof spaced, "%s%s", cell, tsp_instructions_sign(result));
    print_cell(stream, spaced, COUNT_COLUMNS);
    print_cell(stream, " ", 1);
    print_cell(stream, evidence_word(result), -EVIDENCE_COLUMNS);
}

/* What the kernel itself saw (tsp_report_seen()): counters come an op. */
static bool is_seen(const struct tsp_metric *metric) {
    const char *slash = strchr(metric->unit, '/');
    return (metric->evidence == TSP_MEASURED || metric->evidence == TSP_EMULATED) &&
           (slash == NULL || strcmp(slash, "/op") != 0);
}

/* Sizes and offsets of a case that has no times; of one that has, what it saw, and the time of one item of a batch. */
static void print_facts(FILE *stream, const struct tsp_result *result) {
    char line[1024] = "";
    bool timed = tsp_metric_find(result, "time") != NULL;
    for (unsigned i = 0; i < result->metric_count; ++i) {
        const struct tsp_metric *metric = &result->metrics[i];
        bool item = strcmp(metric->name, "time_per_item") == 0;
        if ((timed && !item && !is_seen(metric)) || !isfinite(metric->p50.value) ||
            metric == tsp_metric_instructions(result)) {
            continue;
        }
        char cell[32];
        size_t used = strlen(line);
        (void)snprintf(line + used, sizeof line - used, "%s%s%s%s %s", used == 0 ? "" : ", ",
                       item ? "" : metric->name, item ? "" : " ",
                       tsp_cell_count(cell, sizeof cell, metric->p50.value), metric->unit);
    }
    if (line[0] != '\0') {
        (void)fprintf(stream, "%6s", "");
        tsp_print_wrapped(stream, line, 6, 6, WIDTH);
    }
}

static bool same_group(const struct tsp_result *a, const struct tsp_result *b) {
    return strcmp(a->family, b->family) == 0 && strcmp(a->kernel, b->kernel) == 0;
}

/* One scale for the rows first … end - 1. */
static struct tsp_scale scale_of(const struct tsp_result *const *rows, size_t first, size_t end) {
    double smallest = HUGE_VAL;
    double largest = 0;
    for (size_t i = first; i < end; ++i) {
        const struct tsp_metric *time = tsp_metric_find(rows[i], "time");
        if (time == NULL || !isfinite(time->p50.value)) {
            continue;
        }
        smallest = fmin(smallest, fabs(time->p50.value));
        largest =
            fmax(largest, fmax(fabs(time->p50.value), isfinite(time->p99.value) ? fabs(time->p99.value) : 0));
    }
    return tsp_scale_choose(smallest, largest);
}

/* More notes than there is room for go to the next line. */
static void print_marks(FILE *stream, const char *marks) {
    size_t count = strlen(marks);
    (void)fprintf(stream, "%s%.*s\n", count > 0 ? " " : "", MARKS_COLUMNS, marks);
    if (count > MARKS_COLUMNS) {
        (void)fprintf(stream, "%*s\n", WIDTH, marks + MARKS_COLUMNS);
    }
}

static void print_group(FILE *stream, const struct tsp_result *const *rows, size_t first, size_t end,
                        struct tsp_notes *notes) {
    struct tsp_scale scale = scale_of(rows, first, end);
    bool timed = false;
    for (size_t i = first; i < end; ++i) {
        timed = timed || tsp_metric_find(rows[i], "time") != NULL;
    }
    (void)fprintf(stream, "%s/%s%s%s%s\n", rows[first]->family, rows[first]->kernel, timed ? ", " : "",
                  timed ? scale.unit : "", timed ? " an op" : "");
    for (size_t i = first; i < end; ++i) {
        char marks[TSP_NOTES_MAX + 1];
        print_name(stream, rows[i]);
        print_numbers(stream, rows[i], &scale);
        tsp_notes_mark(notes, rows[i], marks);
        print_marks(stream, marks);
        print_facts(stream, rows[i]);
    }
}

/* What is modelled is in no column: which figures of which core the record has, by the first result that has some. */
static void print_modelled(FILE *stream, const struct tsp_record *record) {
    char text[512] = "";
    for (size_t i = 0; i < record->result_count && text[0] == '\0'; ++i) {
        const struct tsp_result *result = &record->results[i];
        for (unsigned k = 0; k < result->metric_count; ++k) {
            if (result->metrics[k].evidence == TSP_MODELLED) {
                size_t used = strlen(text);
                (void)snprintf(text + used, sizeof text - used, "%s%s", used == 0 ? "MODELLED: " : ", ",
                               result->metrics[k].name);
            }
        }
    }
    if (text[0] != '\0') {
        size_t used = strlen(text);
        (void)snprintf(
            text + used, sizeof text - used,
            ": that core's caches, without prefetchers; transept show RECORD --case ID prints them.");
        tsp_print_wrapped(stream, text, 0, 2, WIDTH);
    }
}

static void print_run(FILE *stream, const struct tsp_record *record) {
    const struct tsp_run *run = &record->run;
    char text[1024];
    if (run->imported[0] != '\0') {
        (void)snprintf(text, sizeof text, "IMPORTED from %s. By %s; %zu cases, %u rounds", run->imported,
                       run->version, record->result_count, run->rounds);
    } else {
        (void)snprintf(text, sizeof text, "transept %s, suite %s, %zu cases, %u rounds, seed %" PRIu64 ", %s",
                       run->version, run->suite, record->result_count, run->rounds, run->seed, run->started);
    }
    tsp_print_wrapped(stream, text, 0, 2, WIDTH);
}

static void print_machine(FILE *stream, const struct tsp_record *record) {
    const struct tsp_machine *machine = &record->machine;
    char clock[64] = "not known";
    char text[1024];
    if (record->clock.name[0] != '\0') {
        (void)snprintf(clock, sizeof clock, "%.30s at %.6g MHz", record->clock.name, record->clock.hz / 1e6);
    }
    (void)snprintf(text, sizeof text, "%s, %s, clock %s, machine %s", machine->arch,
                   machine->cpu_model[0] != '\0' ? machine->cpu_model : "unknown CPU", clock, machine->id);
    tsp_print_wrapped(stream, text, 0, 2, WIDTH);
}

void tsp_table_head(FILE *stream, const struct tsp_record *record) {
    const struct tsp_run *run = &record->run;
    const struct tsp_machine *machine = &record->machine;
    char text[1024];
    print_run(stream, record);
    print_machine(stream, record);
    if (machine->emulated) {
        (void)snprintf(
            text, sizeof text,
            "EMULATED by %s%s%s%s%s: the times are the emulator's and say nothing of a processor; counts, "
            "where there are any, are right.",
            machine->emulator, machine->emulator_version[0] != '\0' ? " " : "", machine->emulator_version,
            machine->host_arch[0] != '\0' ? " on " : "", machine->host_arch);
        tsp_print_wrapped(stream, text, 0, 2, WIDTH);
    }
    print_modelled(stream, record);
    if (run->interrupted) {
        tsp_print_wrapped(stream,
                          "INTERRUPTED: not all rounds were measured; the intervals are of those that were.",
                          0, 2, WIDTH);
    }
}

/* The rows to show: results that ended well, and those of others with rounds that did. */
static size_t choose_rows(const struct tsp_record *record, const bool *chosen,
                          const struct tsp_result **rows) {
    size_t count = 0;
    for (size_t i = 0; i < record->result_count; ++i) {
        if (chosen[i] && record->results[i].status == TSP_OK) {
            rows[count++] = &record->results[i];
        }
    }
    return count;
}

static int choose_results(const struct tsp_record *record, const char *pattern, bool *chosen,
                          struct tsp_error *error) {
    for (size_t i = 0; i < record->result_count; ++i) {
        int matched = pattern == NULL ? 1 : tsp_pattern_match(pattern, record->results[i].id, error);
        if (matched < 0) {
            return -1;
        }
        chosen[i] = matched > 0;
    }
    return 0;
}

static void print_rows(FILE *stream, const struct tsp_result *const *rows, size_t count) {
    struct tsp_notes notes = {.count = 0};
    bool intervals_within = false;
    print_header(stream);
    for (size_t first = 0; first < count;) {
        size_t end = first + 1;
        while (end < count && same_group(rows[first], rows[end])) {
            ++end;
        }
        print_group(stream, rows, first, end, &notes);
        first = end;
    }
    for (size_t i = 0; i < count; ++i) {
        const struct tsp_metric *time = tsp_metric_find(rows[i], "time");
        intervals_within = intervals_within || (time != NULL && !time->across_rounds);
    }
    (void)fputc('\n', stream);
    if (intervals_within) {
        tsp_print_wrapped(
            stream,
            "With fewer than 3 rounds an interval is of one round: it leaves out what differs between processes.",
            0, 2, WIDTH);
    }
    tsp_notes_print(&notes, stream, rows, count, WIDTH);
}

int tsp_table_print(FILE *stream, const struct tsp_record *record, const char *pattern,
                    struct tsp_error *error) {
    bool *chosen = calloc(record->result_count + 1, sizeof *chosen);
    const struct tsp_result **rows = calloc(record->result_count + 1, sizeof(void *));
    int status = -1;
    if (chosen == NULL || rows == NULL) {
        (void)tsp_error_set(error, "out of memory for the table");
    } else if (choose_results(record, pattern, chosen, error) == 0) {
        size_t count = choose_rows(record, chosen, rows);
        if (count > 0) {
            print_rows(stream, rows, count);
        }
        tsp_verdicts_print(stream, record, chosen, WIDTH);
        status = 0;
    }
    free(chosen);
    free(rows);
    return status;
}
