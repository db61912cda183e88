/* transept compare: two records and more, one verdict a case. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "compare_table.h"
#include "noise.h"
#include "options.h"
#include "transept/comparison.h"
#include "transept/plan.h"

#define NAME "transept compare"

/* The first, and as many others as a table of 80 columns takes. */
enum { SIDES_MAX = 5, KEY_METRIC = 256, KEY_THRESHOLD, KEY_FORMAT, KEY_ACROSS, KEY_FLOORS };

struct compare_options {
    const char *names[SIDES_MAX];
    size_t count;
    struct tsp_question question;
    const char *floors;                         /* the folder below which calibration left them */
    const struct tsp_comparison_format *format; /* NULL: the table */
    struct tsp_error *error;
};

static const struct argp_option compare_options[] = {
    {"metric", KEY_METRIC, "NAME", 0,
     "what to compare: time, time:p99, instructions … (time, else all counts)", 1},
    {"threshold", KEY_THRESHOLD, "SHARE", 0, "differences up to it do not matter: 2% or 0.02 (1%)", 2},
    {"filter", 'f', "PATTERN", 0, "only these cases: globs a,b,!c or /regex/", 3},
    {"across", KEY_ACROSS, "WHAT", 0, "the question is a difference: {words}", 4},
    {"floors", KEY_FLOORS, "DIR", 0, "where calibrate left the noise floors (results)", 5},
    {"format", KEY_FORMAT, "NAME", 0, "{words} (table)", 6},
    TSP_OPTION_HELP,
    {0},
};

static int parse_format(struct compare_options *options, const char *name) {
    options->format = tsp_comparison_format_find(name);
    return tsp_words_find(tsp_words_comparison_format, "format", name, options->error) >= 0 ? 0 : -1;
}

static int add_side(struct compare_options *options, const char *name) {
    if (options->count == SIDES_MAX) {
        return tsp_error_set(options->error, "'%.200s' is one too many: %d sides at most", name, SIDES_MAX);
    }
    options->names[options->count++] = name;
    return 0;
}

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct compare_options *options = state->input;
    int status = 0;
    switch (key) {
    case KEY_METRIC:
        status = tsp_question_metric(&options->question, argument, options->error);
        break;
    case KEY_THRESHOLD:
        status = tsp_share_parse(argument, &options->question.threshold, options->error);
        status = status == 0 ? 0 : tsp_error_prefix(options->error, "--threshold");
        break;
    case 'f':
        options->question.pattern = argument;
        break;
    case KEY_ACROSS:
        status = tsp_question_across(&options->question, argument, options->error);
        break;
    case KEY_FLOORS:
        options->floors = argument;
        break;
    case KEY_FORMAT:
        status = parse_format(options, argument);
        break;
    case ARGP_KEY_ARG:
        status = add_side(options, argument);
        break;
    case ARGP_KEY_END:
        if (options->count < 2) {
            status = tsp_error_set(options->error,
                                   "name two records to compare, or folders or patterns of them; see --help");
        }
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return status == 0 ? 0 : EINVAL;
}

static const struct argp compare_argp = {
    .options = compare_options,
    .parser = parse_option,
    .args_doc = "FIRST OTHER...",
    .doc =
        "Compares records case by case: other ÷ first, with a verdict on each.\v"
        "A side is a record, a folder or a quoted pattern of records, whose rounds are pooled. slower and faster are given when the "
        "interval lies wholly beyond the threshold and the case's own noise, and the difference outlasts the number of cases (false "
        "discovery rate 1 %); same when it lies wholly within; else inconclusive, with the rounds it would take.\n"
        "Examples:\n"
        "  transept compare before.json after.json\n"
        "  transept compare results/x86_64/latest.json results/arm64/latest.json\n"
        "  transept compare --metric instructions -f abi a.json b.json c.json\n"
        "  transept compare --across compiler 'gcc12/*.json' 'gcc13/*.json'\n"
        "Exit status: 0 compared, whatever the verdicts (transept gate judges); 2 cannot be compared.",
};

static const struct tsp_takes compare_values[] = {
    {KEY_METRIC, .words = tsp_words_metric},
    {'f', .found = TSP_FOUND_CASES, .list = true},
    {KEY_ACROSS, .words = tsp_across_name, .list = true},
    {KEY_FLOORS, .folders = true},
    {KEY_FORMAT, .words = tsp_words_comparison_format},
    {ARGP_KEY_ARG, .files = "*.json", .folders = true},
    {0},
};

static const struct tsp_command_note compare_files[] = {
    {"results/ARCH/MACHINE/floors.json", "noise floors that transept calibrate left"},
    {NULL, NULL},
};

const struct tsp_subcommand tsp_subcommand_compare = {
    .name = "compare",
    .about = "hold records against one another, a verdict a case",
    .run = tsp_command_compare,
    .argp = &compare_argp,
    .values = compare_values,
    .files = compare_files,
    .see_also = "run duel calibrate gate",
};

static int print(const struct compare_options *options, const struct tsp_comparison *comparisons,
                 struct tsp_error *error) {
    if (options->format != NULL) {
        return options->format->write(comparisons, options->count - 1, &options->question, stdout, error);
    }
    return tsp_compare_table(stdout, comparisons, options->count - 1, &options->question, error);
}

/* Reads the sides, compares the first with each other, prints. */
static int compare(const struct compare_options *options, struct tsp_error *error) {
    struct tsp_side sides[SIDES_MAX];
    struct tsp_comparison comparisons[SIDES_MAX];
    size_t read = 0;
    size_t made = 0;
    int status = 0;
    struct tsp_floors floors = {.of = NULL};
    struct tsp_question question = options->question;
    do { /* there are two at least: parse_option() sees to it */
        status = tsp_side_read(&sides[read], options->names[read], &options->question, error);
        ++read;
    } while (status == 0 && read < options->count);
    if (status == 0 &&
        tsp_noise_use(&floors, options->floors, &sides[0].records[0].machine, &question, error) < 0) {
        status = -1;
    }
    while (status == 0 && made + 1 < options->count) {
        status = tsp_comparison_make(&comparisons[made], &sides[0], &sides[made + 1], &question, error);
        made += status == 0;
    }
    if (status == 0) {
        status = print(options, comparisons, error);
    }
    while (made > 0) {
        tsp_comparison_free(&comparisons[--made]);
    }
    while (read > 0) {
        tsp_side_free(&sides[--read]);
    }
    tsp_floors_free(&floors);
    return status;
}

int tsp_command_compare(int argc, char **argv) {
    struct tsp_error error;
    struct compare_options options = {.question = {.threshold = 0.01}, .floors = "results", .error = &error};
    int status = tsp_options_parse(&tsp_subcommand_compare, argc, argv, &options, &error);
    if (status == 0) {
        status = compare(&options, &error);
    }
    return status >= 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
}
