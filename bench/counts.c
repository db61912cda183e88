/* transept counts: one metric of several records side by side, as of the same cases on several ISAs. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "command.h"
#include "notes.h"
#include "options.h"
#include "terminal.h"
#include "transept/plan.h"
#include "transept/record.h"

#define NAME "transept counts"

/* Six records fit in 80 columns. */
enum { RECORDS_MAX = 8, CELL = 9, NAME_COLUMNS = 26, WIDTH = 80, KEY_METRIC = 256 };

struct counts_options {
    const char *paths[RECORDS_MAX];
    size_t count;
    const char *metric;
    const char *filter;
    struct tsp_error *error;
};

static const struct argp_option counts_options[] = {
    {"metric", KEY_METRIC, "NAME", 0, "which count: instructions, loads, stores, branches … (instructions)",
     1},
    {"filter", 'f', "PATTERN", 0, "only these cases: globs a,b,!c or /regex/", 2},
    TSP_OPTION_HELP,
    {0},
};

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct counts_options *options = state->input;
    switch (key) {
    case KEY_METRIC:
        options->metric = argument;
        return 0;
    case 'f':
        options->filter = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (options->count == RECORDS_MAX) {
            (void)tsp_error_set(options->error, "'%s' is one too many: %d records at most", argument,
                                RECORDS_MAX);
            return EINVAL;
        }
        options->paths[options->count++] = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        (void)tsp_error_set(options->error, "name the records' files; see --help");
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp counts_argp = {
    .options = counts_options,
    .parser = parse_option,
    .args_doc = "RECORD.json...",
    .doc =
        "Shows one count of several records side by side: a row a case, a column a record.\v"
        "A count that is not the same every time is marked ~, one of a model m. Of what was measured, not counted, there is that word only.\n"
        "Examples:\n"
        "  transept counts results/*/latest.json\n"
        "  transept counts --metric loads -f abi results/{arm64,s390x}/latest.json\n"
        "Exit status: 0 shown, 2 misuse or no such count.",
};

static const struct tsp_takes counts_values[] = {
    {KEY_METRIC, .words = tsp_words_count},
    {'f', .found = TSP_FOUND_CASES, .list = true},
    {ARGP_KEY_ARG, .files = "*.json"},
    {0},
};

const struct tsp_subcommand tsp_subcommand_counts = {
    .name = "counts",
    .about = "one exact count of several records side by side",
    .run = tsp_command_counts,
    .argp = &counts_argp,
    .values = counts_values,
    .see_also = "run gate compare",
};

/* A count with its mark; in its place the status of a case that did not end well, or the evidence of a value that is no count: a time never lands
 * here. A line where the case or the metric is missing. Returns whether there is such a value. */
static bool print_cell(const struct tsp_record *record, const char *id, const char *metric_name) {
    const struct tsp_result *result = tsp_record_find(record, id);
    const struct tsp_metric *metric =
        result != NULL && result->status == TSP_OK ? tsp_metric_find(result, metric_name) : NULL;
    bool counted = metric != NULL && (metric->evidence == TSP_COUNTED || metric->evidence == TSP_MODELLED);
    bool valued = metric != NULL && isfinite(metric->p50.value);
    char number[32] = "";
    if (counted && valued) {
        (void)tsp_cell_count(number, sizeof number, metric->p50.value);
    } else if (result != NULL && result->status != TSP_OK) {
        (void)snprintf(number, sizeof number, "%s", tsp_status_name(result->status));
    } else {
        (void)snprintf(number, sizeof number, "%s", valued ? tsp_evidence_name(metric->evidence) : "-");
    }
    const char *mark = counted && metric->nondeterministic           ? "~"
                       : counted && metric->evidence == TSP_MODELLED ? "m"
                                                                     : " ";
    (void)printf("%*s%s", CELL - 1, number, mark);
    return valued && !counted;
}

/* The cases of all records, in the order in which they first appear. */
struct rows {
    const struct tsp_result **of; /* the first record's that has the case */
    size_t count;
};

static bool has(const struct tsp_record *records, size_t before, const char *id) {
    for (size_t i = 0; i < before; ++i) {
        if (tsp_record_find(&records[i], id) != NULL) {
            return true;
        }
    }
    return false;
}

static int gather(struct rows *rows, const struct tsp_record *records, const struct counts_options *options) {
    size_t most = 0;
    for (size_t r = 0; r < options->count; ++r) {
        most += records[r].result_count;
    }
    rows->of = calloc(most + 1, sizeof(void *));
    if (rows->of == NULL) {
        return tsp_error_set(options->error, "no memory for %zu cases", most);
    }
    for (size_t r = 0; r < options->count; ++r) {
        for (size_t i = 0; i < records[r].result_count; ++i) {
            const struct tsp_result *result = &records[r].results[i];
            int wanted =
                options->filter == NULL ? 1 : tsp_pattern_match(options->filter, result->id, options->error);
            if (wanted < 0) {
                return -1;
            }
            if (wanted > 0 && !has(records, r, result->id)) {
                rows->of[rows->count++] = result;
            }
        }
    }
    return rows->count > 0
               ? 0
               : tsp_error_set(options->error, "no case of the records matches '%s'", options->filter);
}

/* "raw args=3" below a heading of "syscall/enosys"; one that does not fit has a line for itself. */
static void print_name(const struct tsp_result *result, const struct tsp_result *above) {
    char name[sizeof result->variant + sizeof result->params + 8];
    if (above == NULL || strcmp(above->family, result->family) != 0 ||
        strcmp(above->kernel, result->kernel) != 0) {
        (void)printf("%s/%s\n", result->family, result->kernel);
    }
    int length = snprintf(name, sizeof name, "  %s %s", result->variant, result->params);
    for (char *slash = strchr(name, '/'); slash != NULL; slash = strchr(slash, '/')) {
        *slash = ' ';
    }
    (void)printf("%-*s", NAME_COLUMNS, name);
    if (length > NAME_COLUMNS) {
        (void)printf("\n%*s", NAME_COLUMNS, "");
    }
}

static void print_table(const struct rows *rows, const struct tsp_record *records,
                        const struct counts_options *options) {
    (void)printf("%-*s", NAME_COLUMNS, options->metric);
    for (size_t r = 0; r < options->count; ++r) {
        (void)printf("%*s ", CELL - 1, records[r].machine.arch);
    }
    (void)putchar('\n');
    bool uncounted = false;
    for (size_t i = 0; i < rows->count; ++i) {
        print_name(rows->of[i], i > 0 ? rows->of[i - 1] : NULL);
        for (size_t r = 0; r < options->count; ++r) {
            uncounted |= print_cell(&records[r], rows->of[i]->id, options->metric);
        }
        (void)putchar('\n');
    }
    if (uncounted) {
        tsp_print_wrapped(stdout,
                          "measured, emulated: a value that was not counted; `transept show "
                          "RECORD --case ID` has it.",
                          0, 2, WIDTH);
    }
}

static bool has_metric(const struct tsp_record *record, const char *name) {
    for (size_t i = 0; i < record->result_count; ++i) {
        if (tsp_metric_find(&record->results[i], name) != NULL) {
            return true;
        }
    }
    return false;
}

static int print_records(const struct tsp_record *records, const struct counts_options *options) {
    struct rows rows = {.count = 0};
    bool known = false;
    for (size_t r = 0; r < options->count; ++r) {
        known = known || has_metric(&records[r], options->metric);
    }
    int status = known ? gather(&rows, records, options)
                       : tsp_error_set(options->error, "no record has a metric called '%s'", options->metric);
    if (status == 0) {
        print_table(&rows, records, options);
    }
    free(rows.of);
    return status;
}

int tsp_command_counts(int argc, char **argv) {
    struct tsp_error error;
    struct counts_options options = {.metric = "instructions", .error = &error};
    int status = tsp_options_parse(&tsp_subcommand_counts, argc, argv, &options, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    struct tsp_record *records = calloc(RECORDS_MAX, sizeof *records);
    size_t read = 0;
    if (records == NULL) {
        (void)tsp_error_set(&error, "no memory for the records");
        return tsp_complain(NAME, &error);
    }
    while (status == 0 && read < options.count) {
        status = tsp_record_read_json(&records[read], options.paths[read], &error);
        read += status == 0;
    }
    status = status == 0 ? print_records(records, &options) : status;
    for (size_t r = 0; r < read; ++r) {
        tsp_record_free(&records[r]);
    }
    free(records);
    return status == 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
}
