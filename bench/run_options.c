/* The command line of `transept run`. */
#include "run_options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "transept/measure.h"
#include "transept/plan.h"

enum {
    KEY_COUNTERS = 256,
    KEY_FORMAT,
    KEY_DRY_RUN,
    KEY_RESUME,
    KEY_CPU,
    KEY_SEED,
    KEY_COUNT,
    KEY_REPETITIONS
};

static const struct argp_option run_options[] = {
    {"suite", 's', "NAME|FILE", 0, "{words} (default)", 1},
    {"filter", 'f', "PATTERN", 0, "only these cases: globs a,b,!c or /regex/", 2},
    {"rounds", 'r', "N", 0, "processes that measure each case (the suite's)", 3},
    {"time", 't', "TIME", 0, "sampling time of a round, as 50ms (the suite's)", 4},
    {"seed", KEY_SEED, "N", 0, "order of rounds and random inputs (drawn)", 5},
    {"cpu", KEY_CPU, "N", 0, "measure on this CPU (chosen)", 6},
    {"counters", 'c', "LIST", 0, "events, as instructions:u,cycles:u; or none", 7},
    {"count", KEY_COUNT, NULL, 0, "count events only, take no times", 7},
    {"repetitions", KEY_REPETITIONS, "N", 0, "how often each round counts (15; exact: 4)", 7},
    {"output", 'o', "DIR", 0, "where files land (results)", 8},
    {"format", KEY_FORMAT, "LIST", 0, "of files, as transept export has them (json,csv)", 9},
    {"dry-run", KEY_DRY_RUN, NULL, 0, "print the plan, measure nothing", 10},
    {"resume", KEY_RESUME, "FILE", OPTION_ARG_OPTIONAL, "go on with a killed run by its journal (the newest)",
     11},
    TSP_OPTION_HELP,
    {0},
};

static int fail(const struct tsp_run_options *options, const char *option) {
    (void)tsp_error_prefix(options->error, "%s", option);
    return EINVAL;
}

static int parse_cpu(struct tsp_run_options *options, const char *text) {
    uint64_t cpu = 0;
    if (tsp_count_parse(text, 0, 1U << 20, &cpu, options->error) != 0) {
        return fail(options, "--cpu");
    }
    options->cpu = (int)cpu;
    return 0;
}

/* What is measured; a run that is resumed takes these from its journal. */
static error_t parse_choice(int key, const char *argument, struct tsp_run_options *options) {
    switch (key) {
    case 's':
        options->suite = argument;
        options->chosen = "--suite";
        return 0;
    case 'f':
        options->filter = argument;
        options->chosen = "--filter";
        return 0;
    case 'r':
        options->chosen = "--rounds";
        return tsp_count_parse(argument, 1, TSP_ROUNDS_MAX, &options->rounds, options->error) == 0
                   ? 0
                   : fail(options, "--rounds");
    case 't':
        options->chosen = "--time";
        return tsp_time_parse(argument, &options->time_ms, options->error) == 0 ? 0 : fail(options, "--time");
    case KEY_SEED:
        options->chosen = "--seed";
        options->seeded = true;
        return tsp_count_parse(argument, 0, UINT64_MAX, &options->seed, options->error) == 0
                   ? 0
                   : fail(options, "--seed");
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_argument(struct tsp_run_options *options, const char *argument) {
    if (options->resume && options->journal == NULL) { /* --resume JOURNAL, the value apart from its option */
        options->journal = argument;
        return 0;
    }
    (void)tsp_error_set(options->error, "what is '%s'? To choose cases, write --filter '%s'", argument,
                        argument);
    return EINVAL;
}

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct tsp_run_options *options = state->input;
    switch (key) {
    case KEY_CPU:
        return parse_cpu(options, argument);
    case 'c':
        options->counters = argument;
        return 0;
    case KEY_COUNT:
        options->counts_only = true;
        return 0;
    case KEY_REPETITIONS:
        return tsp_count_parse(argument, 2, TSP_REPETITIONS_MAX, &options->repetitions, options->error) == 0
                   ? 0
                   : fail(options, "--repetitions");
    case 'o':
        options->output = argument;
        return *argument != '\0' ? 0 : (tsp_error_set(options->error, "--output: name a folder"), EINVAL);
    case KEY_FORMAT:
        return tsp_formats_parse(&options->formats, argument, options->error) == 0 ? 0 : EINVAL;
    case KEY_DRY_RUN:
        options->dry_run = true;
        return 0;
    case KEY_RESUME:
        options->resume = true;
        options->journal = argument;
        return 0;
    case ARGP_KEY_ARG:
        return parse_argument(options, argument);
    default:
        return parse_choice(key, argument, options);
    }
}

static const struct argp run_argp = {
    .options = run_options,
    .parser = parse_option,
    .doc = "Measures cases, prints the table, writes the record.\v"
           "Examples:\n"
           "  transept run                                    the default suite\n"
           "  transept run -s quick -f syscall,barrier/fence  two parts of another\n"
           "  transept run -f '/args=[06]$/' -r 10 -t 200ms   longer, for narrow intervals\n"
           "Exit status: 0 all went well, 1 a case failed, 2 misuse, 130 interrupted.",
};

static const struct tsp_takes run_values[] = {
    {'s', .words = tsp_suite_name, .files = "*.yaml *.yml"},
    {'f', .found = TSP_FOUND_CASES, .list = true},
    {'c', .found = TSP_FOUND_COUNTERS, .list = true},
    {'o', .folders = true},
    {KEY_FORMAT, .words = tsp_words_record_format, .list = true},
    {KEY_RESUME, .files = "*.journal"},
    {0},
};

static const struct tsp_command_note run_files[] = {
    {"results/ARCH/MACHINE/", "records of the runs on one machine, in each format, named by their start"},
    {"results/ARCH/latest.json", "a link to the newest record of that instruction set"},
    {"results/ARCH/MACHINE/START.journal", "the rounds of a run that was interrupted, for --resume"},
    {NULL, NULL},
};

const struct tsp_subcommand tsp_subcommand_run = {
    .name = "run",
    .about = "measure cases, print the table, write the record",
    .run = tsp_command_run,
    .argp = &run_argp,
    .values = run_values,
    .files = run_files,
    .see_also = "list show compare export ops",
};

int tsp_run_options_parse(struct tsp_run_options *options, int argc, char **argv, struct tsp_error *error) {
    *options = (struct tsp_run_options){
        .suite = "default", .cpu = -1, .output = "results", .counters = TSP_COUNTERS_DEFAULT, .error = error};
    if (tsp_formats_parse(&options->formats, "json,csv", error) != 0) {
        return -1;
    }
    int status = tsp_options_parse(&tsp_subcommand_run, argc, argv, options, error);
    if (status == 0 && options->resume && options->chosen != NULL) {
        return tsp_error_set(error, "%s cannot go with --resume: what is measured stands in the journal",
                             options->chosen);
    }
    if (status == 0 && options->resume && options->dry_run) {
        return tsp_error_set(error, "--dry-run cannot go with --resume");
    }
    return status;
}
