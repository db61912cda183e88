/* The command line of transept workload. */
#include "workload_options.h"

#include <errno.h>
#include <string.h>

#include "options.h"
#include "transept/plan.h"

enum { KEY_SEED = 256, KEY_FORMAT, KEY_RAW, KEY_DRY_RUN, KEY_WARMUP };

static const struct argp_option workload_options[] = {
    {"threads", 't', "N", 0, "so many threads (the file's)", 1},
    {"duration", 'd', "TIME", 0, "measure so long: 10s, 500ms (the file's)", 2},
    {"warmup", KEY_WARMUP, "TIME", 0, "warm up so long before (the file's)", 3},
    {"rate", 'r', "N", 0, "open loop at N a second in all; 0: closed (the file's)", 4},
    {"seed", KEY_SEED, "N", 0, "of keys, mix and hash (the file's)", 5},
    {"format", KEY_FORMAT, "NAME", 0, "{words} (table; json into a file)", 6},
    {"output", 'o', "FILE", 0, "write that there, and the table on stdout (no file)", 7},
    {"raw", KEY_RAW, "FILE", 0, "keep every sample, and hold the histogram to them", 8},
    {"dry-run", KEY_DRY_RUN, NULL, 0, "say what would be done, and the memory it takes", 9},
    TSP_OPTION_HELP,
    {0},
};

static int parse_count(uint64_t *value, bool *given, const char *text, uint64_t min, uint64_t max,
                       const char *option, struct tsp_error *error) {
    *given = true;
    return tsp_count_parse(text, min, max, value, error) == 0 ? 0 : tsp_error_prefix(error, "%s", option);
}

static int parse_time(double *ms, bool *given, const char *text, const char *option,
                      struct tsp_error *error) {
    *given = true;
    return tsp_time_parse(text, ms, error) == 0 ? 0 : tsp_error_prefix(error, "%s", option);
}

static int parse_format(struct tsp_workload_options *options, const char *name) {
    int format = tsp_words_find(tsp_words_table_format, "format", name, options->error);
    options->has_format = true;
    options->format = format >= 0 ? (enum tsp_workload_format)format : options->format;
    return format >= 0 ? 0 : -1;
}

static int keep_path(const char **path, const char *argument, const char *option, struct tsp_error *error) {
    *path = argument;
    return argument[0] != '\0' ? 0 : tsp_error_set(error, "%s: name a file", option);
}

static int parse_file(struct tsp_workload_options *options, const char *argument) {
    if (options->file != NULL) {
        return tsp_error_set(options->error, "'%.100s' is one too many: run one workload at a time",
                             argument);
    }
    options->file = argument;
    return 0;
}

static int check(const struct tsp_workload_options *options) {
    if (options->file != NULL) {
        return 0;
    }
    char known[256];
    return tsp_error_set(options->error, "name a workload: %s, or the path of a YAML file",
                         tsp_words_text(tsp_workload_name, NULL, known, sizeof known));
}

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct tsp_workload_options *options = state->input;
    struct tsp_error *error = options->error;
    int status = 0;
    switch (key) {
    case 't':
        status = parse_count(&options->threads, &options->has_threads, argument, 1, TSP_WORKLOAD_THREADS_MAX,
                             "--threads", error);
        break;
    case 'd':
        status = parse_time(&options->duration_ms, &options->has_duration, argument, "--duration", error);
        break;
    case KEY_WARMUP:
        status = parse_time(&options->warmup_ms, &options->has_warmup, argument, "--warmup", error);
        break;
    case 'r':
        status = parse_count(&options->rate, &options->has_rate, argument, 0, TSP_WORKLOAD_RATE_MAX, "--rate",
                             error);
        break;
    case KEY_SEED:
        status = parse_count(&options->seed, &options->has_seed, argument, 0, UINT64_MAX, "--seed", error);
        break;
    case KEY_FORMAT:
        status = parse_format(options, argument);
        break;
    case 'o':
        status = keep_path(&options->output, argument, "--output", error);
        break;
    case KEY_RAW:
        status = keep_path(&options->raw, argument, "--raw", error);
        break;
    case KEY_DRY_RUN:
        options->dry_run = true;
        break;
    case ARGP_KEY_ARG:
        status = parse_file(options, argument);
        break;
    case ARGP_KEY_END:
        status = check(options);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return status == 0 ? 0 : EINVAL;
}

static const struct argp workload_argp = {
    .options = workload_options,
    .parser = parse_option,
    .args_doc = "NAME|FILE.yaml",
    .doc =
        "Lets threads read and write one map as a file says, times each operation, and checks that no pair was lost.\v"
        "With a rate, latency counts from when an operation was meant to begin.\n"
        "Examples:\n"
        "  transept workload read-heavy\n"
        "  transept workload my.yaml -t 8 -d 5s -r 100000 -o my.json\n"
        "Exit status: 0 measured; 1 a pair was lost or invented; 2 misuse; 130 interrupted.",
};

static const struct tsp_takes workload_values[] = {
    {KEY_FORMAT, .words = tsp_words_table_format},
    {'o', .files = "*"},
    {KEY_RAW, .files = "*"},
    {ARGP_KEY_ARG, .words = tsp_workload_name, .files = "*.yaml *.yml"},
    {0},
};

const struct tsp_subcommand tsp_subcommand_workload = {
    .name = "workload",
    .about = "threads over one map: latencies, throughput, a check",
    .run = tsp_command_workload,
    .argp = &workload_argp,
    .values = workload_values,
    .see_also = "run",
};

int tsp_workload_options_parse(struct tsp_workload_options *options, int argc, char **argv,
                               struct tsp_error *error) {
    *options = (struct tsp_workload_options){.error = error};
    int status = tsp_options_parse(&tsp_subcommand_workload, argc, argv, options, error);
    if (status == 0 && options->output != NULL && !options->has_format) {
        options->format = TSP_WORKLOAD_JSON;
    }
    return status;
}

void tsp_workload_options_apply(const struct tsp_workload_options *options, struct tsp_workload *workload) {
    workload->threads = options->has_threads ? options->threads : workload->threads;
    workload->duration_ms = options->has_duration ? options->duration_ms : workload->duration_ms;
    workload->warmup_ms = options->has_warmup ? options->warmup_ms : workload->warmup_ms;
    workload->rate = options->has_rate ? options->rate : workload->rate;
    workload->seed = options->has_seed ? options->seed : workload->seed;
}
