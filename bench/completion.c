/* transept completion: what a shell reads to complete the command line. */
#include "completion.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "options.h"

#define NAME "transept completion"

static const struct {
    const char *name;
    void (*write)(FILE *stream);
} shells[] = {{"bash", tsp_completion_bash}, {"zsh", tsp_completion_zsh}, {"fish", tsp_completion_fish}};

static const char *shell_name(size_t index) {
    return index < sizeof shells / sizeof *shells ? shells[index].name : NULL;
}

struct completion_options {
    int shell; /* -1: none was named yet */
    struct tsp_error *error;
};

static const struct argp_option completion_options[] = {TSP_OPTION_HELP, {0}};

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct completion_options *options = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (options->shell >= 0) {
            (void)tsp_error_set(options->error, "'%.60s' is one too many: one shell at a time", argument);
            return EINVAL;
        }
        options->shell = tsp_words_find(shell_name, "shell", argument, options->error);
        return options->shell >= 0 ? 0 : EINVAL;
    case ARGP_KEY_NO_ARGS:
        (void)tsp_error_set(options->error, "name a shell: bash, zsh or fish");
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp completion_argp = {
    .options = completion_options,
    .parser = parse_option,
    .args_doc = "bash|zsh|fish",
    .doc = "Prints what a shell reads to complete commands, options, what these take, and names of cases.\v"
           "`make install` puts it where the shells look; without that, each reads it so:\n"
           "Examples:\n"
           "  source <(transept completion bash)     in ~/.bashrc\n"
           "  source <(transept completion zsh)      in ~/.zshrc, below compinit\n"
           "  transept completion fish | source      in ~/.config/fish/config.fish\n"
           "Exit status: 0 printed, 2 misuse.",
};

static const struct tsp_takes completion_values[] = {
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

int tsp_command_completion(int argc, char **argv) {
    struct tsp_error error;
    struct completion_options options = {.shell = -1, .error = &error};
    int status = tsp_options_parse(&tsp_subcommand_completion, argc, argv, &options, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    shells[options.shell].write(stdout);
    return tsp_finish_output(NAME, TSP_EXIT_OK);
}

/* --- what the shells' scripts share --------------------------------------------------------------------------------------------------- */

char tsp_option_letter(const struct argp_option *option) {
    return option->key > 0 && option->key < 128 && isalnum(option->key) ? (char)option->key : '\0';
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
