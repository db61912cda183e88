/* transept complete: for the shells' completion, what is known only to the program that is there: cases and counters. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "options.h"
#include "transept/measure.h"
#include "transept/registry.h"

#define NAME "transept complete"

struct complete_options {
    const char *words[2]; /* what, and how it begins */
    unsigned count;
    struct tsp_error *error;
};

static const struct argp_option complete_options[] = {TSP_OPTION_HELP, {0}};

static const char *found_word(size_t index) {
    return tsp_found_name((enum tsp_found)(index + 1));
}

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct complete_options *options = state->input;
    int status = 0;
    switch (key) {
    case ARGP_KEY_ARG:
        if (options->count == 2) {
            status = tsp_error_set(options->error, "'%.60s' is one too many", argument);
        } else if (options->count == 0) {
            status = tsp_words_find(found_word, "list", argument, options->error);
        }
        options->words[options->count < 2 ? options->count++ : 1] = argument;
        break;
    case ARGP_KEY_NO_ARGS:
        status = tsp_error_set(options->error, "name a list: cases or counters");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return status >= 0 ? 0 : EINVAL;
}

static const struct argp complete_argp = {
    .options = complete_options,
    .parser = parse_option,
    .args_doc = "LIST [BEGINNING]",
    .doc = "Prints what of a list begins so, a line each, for the shells' completion.\v"
           "Of cases the next part of the name: family/, family/kernel/, family/kernel/variant.\n"
           "Examples:\n"
           "  transept complete cases syscall/\n"
           "  transept complete counters inst\n"
           "Exit status: 0 printed, if only nothing; 2 misuse.",
};

static const struct tsp_takes complete_values[] = {
    {ARGP_KEY_ARG, .words = found_word},
    {0},
};

const struct tsp_subcommand tsp_subcommand_complete = {
    .name = "complete",
    .about = "what of a list begins so, for the shells' completion",
    .run = tsp_command_complete,
    .argp = &complete_argp,
    .values = complete_values,
    .see_also = "completion",
    .hidden = true,
};

/* Up to the next slash, as a shell completes folders. Cases of the same part follow each other. */
static int print_cases(const char *beginning, struct tsp_error *error) {
    struct tsp_registry registry = {.count = 0};
    const struct tsp_kernel *const *kernels = NULL;
    size_t count = tsp_registry_linked(&kernels);
    if (tsp_registry_build(&registry, kernels, count, error) != 0) {
        return -1;
    }
    size_t length = strlen(beginning);
    const char *last = "";
    size_t last_length = 0;
    for (size_t i = 0; i < registry.count; ++i) {
        const char *id = registry.cases[i].id;
        if (strncmp(id, beginning, length) != 0) {
            continue;
        }
        size_t part = length + strcspn(id + length, "/");
        part += id[part] == '/';
        if (part != last_length || strncmp(id, last, part) != 0) {
            (void)printf("%.*s\n", (int)part, id);
        }
        last = id;
        last_length = part;
    }
    tsp_registry_free(&registry);
    return 0;
}

static void print_beginning(void *context, const char *name) {
    const char *const *beginning = context;
    if (strncmp(name, *beginning, strlen(*beginning)) == 0) {
        (void)puts(name);
    }
}

int tsp_command_complete(int argc, char **argv) {
    struct tsp_error error;
    struct complete_options options = {.words = {NULL, ""}, .error = &error};
    int status = tsp_options_parse(&tsp_subcommand_complete, argc, argv, &options, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    if (strcmp(options.words[0], tsp_found_name(TSP_FOUND_CASES)) == 0) {
        status = print_cases(options.words[1], &error);
    } else {
        print_beginning(&options.words[1], "none");
        tsp_counter_each_name(print_beginning, &options.words[1]);
    }
    return status == 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
}
