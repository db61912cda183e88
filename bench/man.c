/* transept man: man pages. */
#include <errno.h>
#include <stdio.h>

#include "command.h"
#include "man_page.h"
#include "options.h"
#include "output.h"

#define NAME "transept man"

struct man_options {
    const char *name;   /* NULL: transept(1) itself */
    const char *folder; /* NULL: one page to stdout */
    struct tsp_error *error;
};

static const struct argp_option man_options[] = {
    {"output", 'o', "DIR", 0, "write every page there, as DIR/transept-run.1 (one page to stdout)", 1},
    TSP_OPTION_HELP,
    {0},
};

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct man_options *options = state->input;
    int status = 0;
    switch (key) {
    case 'o':
        options->folder = argument;
        break;
    case ARGP_KEY_ARG:
        if (options->name != NULL) {
            status = tsp_error_set(options->error, "'%.60s' is one too many: one page at a time", argument);
        } else {
            status = tsp_words_find(tsp_subcommand_name, "command", argument, options->error);
        }
        options->name = argument;
        break;
    case ARGP_KEY_END:
        if (options->name != NULL && options->folder != NULL) {
            status =
                tsp_error_set(options->error, "--output writes every page: leave out '%.60s'", options->name);
        }
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return status >= 0 ? 0 : EINVAL;
}

static const struct argp man_argp = {
    .options = man_options,
    .parser = parse_option,
    .args_doc = "[COMMAND]",
    .doc =
        "Prints the man page of transept, or of one of its commands.\v"
        "Pages are made of the tables that the commands parse with, so they fit this binary; `make install` puts them where man looks.\n"
        "Examples:\n"
        "  transept man run | man -l -                 read one\n"
        "  transept man --output ~/.local/share/man/man1  where man looks for yours\n"
        "Exit status: 0 written, 2 misuse.",
};

static const struct tsp_takes man_values[] = {
    {'o', .folders = true},
    {ARGP_KEY_ARG, .words = tsp_subcommand_name},
    {0},
};

const struct tsp_subcommand tsp_subcommand_man = {
    .name = "man",
    .about = "the man page of a command, or all into a folder",
    .run = tsp_command_man,
    .argp = &man_argp,
    .values = man_values,
    .see_also = "completion",
};

static int write_page(const void *data, FILE *stream, struct tsp_error *error) {
    if (tsp_man_page_write(data, stream, error) != 0) {
        return -1;
    }
    return fflush(stream) == 0 && ferror(stream) == 0 ? 0 : tsp_error_set(error, "a page cannot be written");
}

static int write_all(const char *folder, struct tsp_error *error) {
    int status = tsp_output_write_below(folder, "transept.1", write_page, NULL, error);
    for (size_t i = 0; status == 0 && tsp_subcommand_name(i) != NULL; ++i) {
        char name[64];
        (void)snprintf(name, sizeof name, "transept-%s.1", tsp_subcommand_name(i));
        status = tsp_output_write_below(folder, name, write_page, tsp_subcommand_find(tsp_subcommand_name(i)),
                                        error);
    }
    return status;
}

int tsp_command_man(int argc, char **argv) {
    struct tsp_error error;
    struct man_options options = {.error = &error};
    int status = tsp_options_parse(&tsp_subcommand_man, argc, argv, &options, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    if (options.folder != NULL) {
        status = write_all(options.folder, &error);
    } else {
        status = tsp_man_page_write(options.name != NULL ? tsp_subcommand_find(options.name) : NULL, stdout,
                                    &error);
    }
    return status == 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
}
