/* transept facts: this machine in ten lines, measured now or out of a record. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "options.h"
#include "terminal.h"
#include "transept/facts.h"

#define NAME "transept facts"

/* Words of a command line that are handed on, with our own before them. */
enum { WORDS_MAX = 32 };

/* Of what is pasted into a report of a bug. */
enum { NAME_COLUMNS = 12, WIDTH = 80 };

struct facts_options {
    const char *path;
    struct tsp_error *error;
};

static const struct argp_option facts_options[] = {TSP_OPTION_HELP, {0}};

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct facts_options *options = state->input;
    if (key != ARGP_KEY_ARG) {
        return ARGP_ERR_UNKNOWN;
    }
    if (options->path != NULL) {
        (void)tsp_error_set(options->error, "'%s' is one too many: name one record, or none to measure now",
                            argument);
        return EINVAL;
    }
    options->path = argument;
    return 0;
}

static const struct argp facts_argp = {
    .options = facts_options,
    .parser = parse_option,
    .args_doc = "[RECORD.json | OPTION of transept run...]",
    .doc =
        "Tells of this machine, in ten lines that one can paste: line size, latencies, what system calls, page faults, switches, fences and misaligned loads cost.\v"
        "Without a record it measures suite `facts`, in about half a minute, and keeps the record in results/facts. Then it takes the options of transept run. "
        "From a record it tells what its cases hold; `thorough` has them all.\n"
        "Examples:\n"
        "  transept facts\n"
        "  transept facts --time 50ms --cpu 1\n"
        "  transept facts --resume                     goes on with what was interrupted\n"
        "  transept facts results/x86_64/latest.json\n"
        "Exit status: 0 told, 1 a case failed, 2 misuse, 130 interrupted.",
};

static const struct tsp_takes facts_values[] = {
    {ARGP_KEY_ARG, .files = "*.json"},
    {0},
};

static const struct tsp_command_note facts_files[] = {
    {"results/facts/", "the records of what was measured for it"},
    {NULL, NULL},
};

const struct tsp_subcommand tsp_subcommand_facts = {
    .name = "facts",
    .about = "line size, latencies, costs of this machine in ten lines",
    .run = tsp_command_facts,
    .argp = &facts_argp,
    .values = facts_values,
    .files = facts_files,
    .see_also = "run doctor",
    .base = &tsp_subcommand_run,
};

/* Up to and with what parts one figure from the next. */
static size_t part_length(const char *text) {
    size_t length = strcspn(text, ",;");
    while (text[length] != '\0' && text[length + 1] != ' ') {
        length += 1 + strcspn(text + length + 1, ",;");
    }
    return text[length] == '\0' ? length : length + 2;
}

/* Broken between figures, so that each stays with its name and unit; a part that is longer than a line, between words. */
static void print_line(FILE *stream, const char *name, const char *text) {
    char line[sizeof((struct tsp_fact *)NULL)->text];
    size_t used = 0;
    (void)fprintf(stream, "%-*s", NAME_COLUMNS, name);
    for (const char *part = text; *part != '\0';) {
        size_t length = part_length(part);
        (void)snprintf(line + used, sizeof line - used, "%.*s", (int)length, part);
        bool blank = part[length] != '\0'; /* at its end, where it takes no room */
        if (used > 0 && tsp_text_columns(line) > (unsigned)(WIDTH - NAME_COLUMNS + blank)) {
            line[used] = '\0';
            tsp_print_wrapped(stream, line, NAME_COLUMNS, NAME_COLUMNS, WIDTH);
            (void)fprintf(stream, "%*s", NAME_COLUMNS, "");
            used = 0;
            continue;
        }
        used += length;
        part += length;
    }
    tsp_print_wrapped(stream, line, NAME_COLUMNS, NAME_COLUMNS, WIDTH);
}

static void print(FILE *stream, const struct tsp_record *record) {
    struct tsp_fact facts[TSP_FACTS_MAX];
    size_t count = tsp_facts_make(record, facts);
    for (size_t i = 0; i < count; ++i) {
        print_line(stream, facts[i].name, facts[i].text);
    }
    if (record->run.interrupted) {
        print_line(
            stream, "INTERRUPTED",
            "not all rounds were measured: what is missing above was not, and the rest has fewer rounds "
            "than it should");
    }
}

static int print_record(const char *path) {
    struct tsp_record record;
    struct tsp_error error;
    if (tsp_record_read_json(&record, path, &error) != 0) {
        return tsp_complain(NAME, &error);
    }
    print(stdout, &record);
    tsp_record_free(&record);
    return tsp_finish_output(NAME, TSP_EXIT_OK);
}

/* "--resume" in any form and as far as argp lets one shorten it. */
static bool is_resumed(int argc, char **argv) {
    bool found = false;
    for (int i = 1; i < argc; ++i) {
        found = found || strncmp(argv[i], "--res", strlen("--res")) == 0;
    }
    return found;
}

/* The user's words come last, so that theirs win. What is measured by a run that is taken up stands in its journal. */
static int measure(int argc, char **argv) {
    static char suite[] = "--suite=facts";
    static char output[] = "--output=results/facts";
    static char counters[] = "--counters=none";
    char *words[WORDS_MAX + 5] = {argv[0], output, counters};
    int ours = 3;
    struct tsp_error error;
    if (argc - 1 > WORDS_MAX) {
        (void)tsp_error_set(&error, "%d words are too many: %d at most", argc - 1, WORDS_MAX);
        return tsp_complain(NAME, &error);
    }
    if (!is_resumed(argc, argv)) {
        words[ours++] = suite;
    }
    memcpy(&words[ours], &argv[1], (size_t)(argc - 1) * sizeof *words);
    return tsp_run_and_print(ours + argc - 1, words, print);
}

int tsp_command_facts(int argc, char **argv) {
    struct tsp_error error;
    struct facts_options options = {.error = &error};
    bool help = argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0);
    if (!help && (argc == 1 || argv[1][0] == '-')) {
        return measure(argc, argv);
    }
    int status = tsp_options_parse(&tsp_subcommand_facts, argc, argv, &options, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    return print_record(options.path);
}
