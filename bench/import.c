/* transept import: what other programs measured, as a record. */
#include "transept/import.h"

#include <errno.h>
#include <stdio.h>

#include "command.h"
#include "options.h"
#include "output.h"

#define NAME "transept import"

struct import_options {
    const char *path;
    const char *output; /* NULL: stdout */
    struct tsp_error *error;
};

static const struct argp_option import_options[] = {
    {"output", 'o', "FILE", 0, "write the record there (stdout)", 1},
    TSP_OPTION_HELP,
    {0},
};

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct import_options *options = state->input;
    switch (key) {
    case 'o':
        options->output = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (options->path != NULL) {
            (void)tsp_error_set(options->error, "'%s' is one too many: import one file at a time", argument);
            return EINVAL;
        }
        options->path = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        (void)tsp_error_set(options->error,
                            "name a file of google-benchmark JSON or Go benchmark text; see --help");
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp import_argp = {
    .options = import_options,
    .parser = parse_option,
    .args_doc = "FILE",
    .doc =
        "Makes a record of what other programs measured: google-benchmark JSON or Go benchmark text.\v"
        "A repetition is a round, so run those programs with several: --benchmark_repetitions=10, or go test -count=10. "
        "What the file does not tell is null in the record.\n"
        "Examples:\n"
        "  transept import before.txt -o before.json\n"
        "  transept import after.txt -o after.json\n"
        "  transept compare before.json after.json\n"
        "Exit status: 0 written, 2 misuse or not understood.",
};

static const struct tsp_takes import_values[] = {
    {'o', .files = "*.json"},
    {ARGP_KEY_ARG, .files = "*"},
    {0},
};

const struct tsp_subcommand tsp_subcommand_import = {
    .name = "import",
    .about = "what another program measured, as a record",
    .run = tsp_command_import,
    .argp = &import_argp,
    .values = import_values,
    .see_also = "export compare",
};

static int write_import(const void *data, FILE *stream, struct tsp_error *error) {
    return tsp_import_write(data, stream, error);
}

int tsp_command_import(int argc, char **argv) {
    struct tsp_error error;
    struct tsp_import *import = NULL;
    struct import_options options = {.error = &error};
    int status = tsp_options_parse(&tsp_subcommand_import, argc, argv, &options, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    status = tsp_output_spare(options.output, &options.path, 1, &error);
    if (status == 0) {
        status = tsp_import_read(&import, options.path, &error);
    }
    if (status == 0) {
        status = tsp_output_write(options.output, write_import, import, &error);
    }
    if (status == 0) {
        size_t cases = tsp_import_case_count(import);
        size_t rounds = tsp_import_round_count(import);
        (void)fprintf(stderr, NAME ": %zu case%s, %zu round%s from %s\n", cases, cases == 1 ? "" : "s",
                      rounds, rounds == 1 ? "" : "s", tsp_import_format(import));
    }
    tsp_import_free(import);
    return status == 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
}
