/* transept export: a record in another program's format. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "files.h"
#include "options.h"
#include "output.h"

#define NAME "transept export"

enum { KEY_FORMAT = 256 };

struct export_options {
    const char *path;
    const char *output; /* NULL: stdout */
    struct tsp_formats formats;
    struct tsp_error *error;
};

static const struct argp_option export_options[] = {
    {"format", KEY_FORMAT, "NAME", 0, "{words}", 1},
    {"output", 'o', "FILE", 0, "write there (stdout)", 2},
    TSP_OPTION_HELP,
    {0},
};

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct export_options *options = state->input;
    switch (key) {
    case KEY_FORMAT:
        return tsp_formats_parse(&options->formats, argument, options->error) == 0 ? 0 : EINVAL;
    case 'o':
        options->output = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (options->path != NULL) {
            (void)tsp_error_set(options->error, "'%s' is one too many: export one record at a time",
                                argument);
            return EINVAL;
        }
        options->path = argument;
        return 0;
    case ARGP_KEY_END:
        if (options->path == NULL) {
            (void)tsp_error_set(options->error, "name a record; see --help");
        } else if (options->formats.count != 1) {
            (void)tsp_error_set(options->error, "name one format with --format; see --help");
        }
        return options->path == NULL || options->formats.count != 1 ? EINVAL : 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp export_argp = {
    .options = export_options,
    .parser = parse_option,
    .args_doc = "RECORD.json",
    .doc =
        "Writes a record in the format of another program.\v"
        "google-benchmark is read by that project's compare.py and by many charts, go by benchstat, smaller-is-better by "
        "github-action-benchmark (customSmallerIsBetter), bencher by bencher.dev, junit by the test panes of CI, markdown by people. "
        "What an emulator took is marked in each, so that it never passes for hardware's.\n"
        "Examples:\n"
        "  transept export results/x86_64/latest.json --format markdown\n"
        "  transept export before.json --format go -o before.txt\n"
        "  benchstat before.txt after.txt\n"
        "Exit status: 0 written, 2 misuse or no record.",
};

static const struct tsp_takes export_values[] = {
    {KEY_FORMAT, .words = tsp_words_record_format},
    {'o', .files = "*"},
    {ARGP_KEY_ARG, .files = "*.json"},
    {0},
};

const struct tsp_subcommand tsp_subcommand_export = {
    .name = "export",
    .about = "a record in another program's format",
    .run = tsp_command_export,
    .argp = &export_argp,
    .values = export_values,
    .see_also = "import run",
};

static int write_record(const void *data, FILE *stream, struct tsp_error *error) {
    const struct tsp_format *format = ((const void *const *)data)[0];
    const struct tsp_record *record = ((const void *const *)data)[1];
    return format->write(record, stream, error);
}

int tsp_command_export(int argc, char **argv) {
    struct tsp_error error;
    struct tsp_record record;
    struct export_options options = {.error = &error};
    int status = tsp_options_parse(&tsp_subcommand_export, argc, argv, &options, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    if (tsp_output_spare(options.output, &options.path, 1, &error) != 0 ||
        tsp_record_read_json(&record, options.path, &error) != 0) {
        return tsp_complain(NAME, &error);
    }
    const void *const what[] = {options.formats.of[0], &record};
    status = tsp_output_write(options.output, write_record, (const void *)what, &error);
    tsp_record_free(&record);
    return status == 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
}
