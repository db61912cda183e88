/* transept report: records as one page that needs nothing beside itself. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "command.h"
#include "noise.h"
#include "options.h"
#include "output.h"
#include "transept/report.h"
#include "values.h"

#define NAME "transept report"

enum { KEY_TREND = 256, KEY_FLOORS, KEY_TEMPLATE };

struct report_options {
    struct tsp_report_inputs inputs;
    const char *floors; /* the folder below which calibration left them */
    const char *page;   /* the template; NULL: the one there is */
    const char *output; /* "-": stdout */
    struct tsp_error *error;
};

static const struct argp_option report_options[] = {
    {"output", 'o', "FILE", 0, "the page; - is stdout (report.html)", 1},
    {"trend", KEY_TREND, "FILE", 0, "draw this too: from transept history trend --format json", 2},
    {"floors", KEY_FLOORS, "DIR", 0, "where transept calibrate left the noise floors (results)", 3},
    {"template", KEY_TEMPLATE, "FILE", 0, "another page to put the data into (the one that make web made)",
     4},
    TSP_OPTION_HELP,
    {0},
};

static int add(const char **files, size_t *count, size_t room, const char *name, const char *what,
               struct tsp_error *error) {
    if (*count == room) {
        return tsp_error_set(error, "'%.200s' is one too many: %zu %s at most", name, room, what);
    }
    files[(*count)++] = name;
    return 0;
}

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct report_options *options = state->input;
    struct tsp_report_inputs *inputs = &options->inputs;
    int status = 0;
    switch (key) {
    case 'o':
        options->output = argument;
        break;
    case KEY_TREND:
        status = add(inputs->trends, &inputs->trend_count, TSP_REPORT_TRENDS_MAX, argument, "trends",
                     options->error);
        break;
    case KEY_FLOORS:
        options->floors = argument;
        break;
    case KEY_TEMPLATE:
        options->page = argument;
        break;
    case ARGP_KEY_ARG:
        status = add(inputs->records, &inputs->record_count, TSP_REPORT_RECORDS_MAX, argument, "records",
                     options->error);
        break;
    case ARGP_KEY_END:
        if (inputs->record_count == 0) {
            status =
                tsp_error_set(options->error, "name a record, or several to hold side by side; see --help");
        }
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return status == 0 ? 0 : EINVAL;
}

static const struct argp report_argp = {
    .options = report_options,
    .parser = parse_option,
    .args_doc = "RECORD.json...",
    .doc =
        "Makes one page of records: what differs most and how sure that is, then tables and figures.\v"
        "The page is one file that asks no network: send it, print it, read it on a phone. The other records are held against the first, as "
        "transept compare does it; times that an emulator took are shown, marked, and never held against hardware's.\n"
        "Examples:\n"
        "  transept report results/x86_64/latest.json\n"
        "  transept report x86_64.json arm64.json -o both.html\n"
        "  transept report results/x86_64/latest.json --trend trend.json\n"
        "Exit status: 0 written, 2 misuse or a file that cannot be read or written.",
};

static const struct tsp_takes report_values[] = {
    {'o', .files = "*.html"},          {KEY_TREND, .files = "*.json"},    {KEY_FLOORS, .folders = true},
    {KEY_TEMPLATE, .files = "*.html"}, {ARGP_KEY_ARG, .files = "*.json"}, {0},
};

static const struct tsp_command_note report_files[] = {
    {"share/transept/report-template.html", "the page without its data"},
    {"results/ARCH/MACHINE/floors.json", "noise floors that transept calibrate left"},
    {NULL, NULL},
};

const struct tsp_subcommand tsp_subcommand_report = {
    .name = "report",
    .about = "records as one page: figures, tables, what differs most",
    .run = tsp_command_report,
    .argp = &report_argp,
    .values = report_values,
    .files = report_files,
    .see_also = "run compare history export",
};

/* What the noise of a record's machine is, while its comparison lasts. */
struct heeding {
    const char *root;
    struct tsp_floors floors;
};

static int heed(void *data, const struct tsp_machine *machine, struct tsp_question *question,
                struct tsp_error *error) {
    struct heeding *heeding = data;
    tsp_floors_free(&heeding->floors);
    return tsp_noise_use(&heeding->floors, heeding->root, machine, question, error);
}

/* A page and what goes into it. */
struct report {
    struct tsp_report_template page;
    json_t *document;
};

static int write_page(const void *data, FILE *stream, struct tsp_error *error) {
    const struct report *report = data;
    return tsp_report_write(&report->page, report->document, stream, error);
}

/* Whether the page would take the place of something that goes into it. */
static int spare(const struct report_options *options, const char *output, struct tsp_error *error) {
    const struct tsp_report_inputs *inputs = &options->inputs;
    return tsp_output_spare(output, inputs->records, inputs->record_count, error) != 0 ||
                   tsp_output_spare(output, inputs->trends, inputs->trend_count, error) != 0 ||
                   tsp_output_spare(output, &options->page, 1, error) != 0
               ? -1
               : 0;
}

static int make(const struct report_options *options, struct tsp_error *error) {
    char path[PATH_MAX];
    struct report report = {.document = NULL};
    struct heeding heeding = {.root = options->floors, .floors = {.of = NULL}};
    struct tsp_report_inputs inputs = options->inputs;
    const char *output = strcmp(options->output, "-") == 0 ? NULL : options->output;
    inputs.heed = heed;
    inputs.heed_data = &heeding;
    int status = spare(options, output, error);
    if (status == 0 && options->page == NULL) {
        status = tsp_report_template_find(path, sizeof path, error);
    }
    if (status == 0) {
        status = tsp_report_template_read(&report.page, options->page != NULL ? options->page : path, error);
    }
    if (status == 0) {
        status = tsp_report_document(&report.document, &inputs, error);
    }
    if (status == 0) {
        status = tsp_output_write(output, write_page, &report, error);
    }
    if (status == 0 && output != NULL) {
        (void)fprintf(stderr, NAME ": wrote %s\n", output);
    }
    json_decref(report.document);
    tsp_report_template_free(&report.page);
    tsp_floors_free(&heeding.floors);
    return status;
}

int tsp_command_report(int argc, char **argv) {
    struct tsp_error error;
    struct report_options options = {.output = "report.html", .floors = "results", .error = &error};
    int status = tsp_options_parse(&tsp_subcommand_report, argc, argv, &options, &error);
    if (status == 0) {
        status = make(&options, &error);
    }
    return status >= 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
}
