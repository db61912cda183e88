/* transept completion: what a shell reads to complete the command line. */
#include "completion.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "options.h"
#include "output.h"

#define NAME "transept completion"

static const struct shell {
    const char *name;
    const char *path; /* below share/, where the shell looks */
    void (*write)(FILE *stream);
} shells[] = {
    {"bash", "bash-completion/completions/transept", tsp_completion_bash},
    {"zsh", "zsh/site-functions/_transept", tsp_completion_zsh},
    {"fish", "fish/vendor_completions.d/transept.fish", tsp_completion_fish},
};
#define SHELLS (sizeof shells / sizeof *shells)

static const char *shell_name(size_t index) {
    return index < SHELLS ? shells[index].name : NULL;
}

struct completion_options {
    int shell;          /* -1: none was named */
    const char *folder; /* NULL: stdout */
    struct tsp_error *error;
};

static const struct argp_option completion_options[] = {
    {"output", 'o', "DIR", 0, "write all three below it, where shells look in a share/ (one to stdout)", 1},
    TSP_OPTION_HELP,
    {0},
};

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct completion_options *options = state->input;
    int status = 0;
    switch (key) {
    case 'o':
        options->folder = argument;
        break;
    case ARGP_KEY_ARG:
        if (options->shell >= 0) {
            status = tsp_error_set(options->error, "'%.60s' is one too many: one shell at a time", argument);
        } else {
            options->shell = tsp_words_find(shell_name, "shell", argument, options->error);
            status = options->shell;
        }
        break;
    case ARGP_KEY_END:
        if ((options->shell >= 0) == (options->folder != NULL)) {
            status = tsp_error_set(options->error, options->folder != NULL
                                                       ? "--output writes all three: name no shell"
                                                       : "name a shell: bash, zsh or fish");
        }
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return status >= 0 ? 0 : EINVAL;
}

static const struct argp completion_argp = {
    .options = completion_options,
    .parser = parse_option,
    .args_doc = "bash|zsh|fish\n--output DIR",
    .doc =
        "Prints what a shell reads to complete commands, options, what these take, and names of cases.\v"
        "`make install` puts it where the shells look. Without that, a shell reads it at its start: the first three are lines for ~/.bashrc, "
        "for ~/.zshrc (below compinit) and for ~/.config/fish/config.fish.\n"
        "Examples:\n"
        "  source <(transept completion bash)\n"
        "  source <(transept completion zsh)\n"
        "  transept completion fish | source\n"
        "  transept completion --output ~/.local/share   bash and fish look there\n"
        "Exit status: 0 printed, 2 misuse.",
};

static const struct tsp_takes completion_values[] = {
    {'o', .folders = true},
    {ARGP_KEY_ARG, .words = shell_name},
    {0},
};

const struct tsp_subcommand tsp_subcommand_completion = {
    .name = "completion",
    .about = "what bash, zsh or fish read to complete commands",
    .run = tsp_command_completion,
    .argp = &completion_argp,
    .values = completion_values,
    .see_also = "man",
};

static int write_script(const void *data, FILE *stream, struct tsp_error *error) {
    ((const struct shell *)data)->write(stream);
    return fflush(stream) == 0 && ferror(stream) == 0 ? 0
                                                      : tsp_error_set(error, "a script cannot be written");
}

int tsp_command_completion(int argc, char **argv) {
    struct tsp_error error;
    struct completion_options options = {.shell = -1, .error = &error};
    int status = tsp_options_parse(&tsp_subcommand_completion, argc, argv, &options, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    if (options.folder == NULL) {
        shells[options.shell].write(stdout);
        return tsp_finish_output(NAME, TSP_EXIT_OK);
    }
    for (size_t i = 0; status == 0 && i < SHELLS; ++i) {
        status = tsp_output_write_below(options.folder, shells[i].path, write_script, &shells[i], &error);
    }
    return status == 0 ? TSP_EXIT_OK : tsp_complain(NAME, &error);
}

/* --- what the shells' scripts share --------------------------------------------------------------------------------------------------- */

char tsp_option_letter(const struct argp_option *option) {
    if (option->key > 0 && option->key < 128 && isalnum(option->key)) {
        return (char)option->key;
    }
    return '\0';
}

void tsp_options_visit(const struct tsp_subcommand *command, tsp_option_visitor *visit, FILE *stream) {
    for (const struct tsp_subcommand *of = command; of != NULL; of = of->base) {
        for (const struct argp_option *option = of->argp->options; option->name != NULL; ++option) {
            bool again = of != command && option->key == '?'; /* both have --help */
            if ((option->flags & OPTION_HIDDEN) == 0 && !again) {
                visit(stream, command, option, tsp_takes_find(of->values, option->key));
            }
        }
    }
}

void tsp_escape(FILE *stream, const char *text, const char *escaped) {
    for (; *text != '\0'; ++text) {
        if (*text == '\'') {
            (void)fputs("'\\''", stream);
            continue;
        }
        if (strchr(escaped, *text) != NULL) {
            (void)putc('\\', stream);
        }
        (void)putc(*text, stream);
    }
}

void tsp_words_write(FILE *stream, tsp_words *words, const char *escaped) {
    for (size_t i = 0; words(i) != NULL; ++i) {
        (void)fputs(i == 0 ? "" : " ", stream);
        tsp_escape(stream, words(i), escaped);
    }
}

void tsp_takes_write(FILE *stream, const struct tsp_takes *takes, void (*write_files)(FILE *, const char *),
                     const char *escaped) {
    (void)fprintf(stream, "\"%s\" \"%s\" \"", takes->list ? "yes" : "",
                  takes->found != TSP_FOUND_NONE ? tsp_found_name(takes->found) : "");
    if (takes->files != NULL) {
        write_files(stream, takes->files);
    }
    (void)fprintf(stream, "\" \"%s\"", takes->folders ? "yes" : "");
    if (takes->words != NULL) {
        (void)putc(' ', stream);
        tsp_words_write(stream, takes->words, escaped);
    }
}
