/* Command lines. argp's own complaints take two lines and name no alternative, so options are looked over before it sees them. */
#include "options.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transept/nearest.h"
#include "transept/plan.h"

/* What argp hands to hook(): the command, the parser that it stands before, that one's input, and whether the help was asked for. */
struct wrapped {
    const struct tsp_subcommand *command;
    argp_parser_t parser;
    void *input;
    bool helped;
};

static size_t list_names(const struct argp *argp, const char **names) {
    size_t count = 0;
    for (const struct argp_option *option = argp->options;
         (option->name != NULL || option->doc != NULL) && count < TSP_OPTIONS_MAX; ++option) {
        if (option->name != NULL) {
            names[count++] = option->name;
        }
    }
    return count;
}

/* The option that `name` (of `length` bytes) means: exactly, or as the beginning of one name only. */
static const struct argp_option *find_long(const struct argp *argp, const char *name, size_t length) {
    const struct argp_option *found = NULL;
    unsigned matches = 0;
    for (const struct argp_option *option = argp->options; option->name != NULL || option->doc != NULL;
         ++option) {
        if (option->name == NULL || strncmp(option->name, name, length) != 0) {
            continue;
        }
        if (option->name[length] == '\0') {
            return option;
        }
        found = option;
        ++matches;
    }
    return matches == 1 ? found : NULL;
}

static int check_long(const struct argp *argp, const char *word, const char *next, bool *takes_next,
                      struct tsp_error *error) {
    const char *name = word + 2;
    size_t length = strcspn(name, "=");
    const struct argp_option *option = find_long(argp, name, length);
    if (option == NULL) {
        const char *names[TSP_OPTIONS_MAX];
        char wanted[64];
        (void)snprintf(wanted, sizeof wanted, "%.*s", (int)length, name);
        const char *nearest = tsp_name_nearest(wanted, names, list_names(argp, names));
        return nearest != NULL
                   ? tsp_error_set(error, "no option is called '--%s'; did you mean '--%s'?", wanted, nearest)
                   : tsp_error_set(error, "no option is called '--%s'; see --help", wanted);
    }
    bool optional = (option->flags & OPTION_ARG_OPTIONAL) != 0;
    if (option->arg == NULL && name[length] == '=') {
        return tsp_error_set(error, "'--%s' takes no value", option->name);
    }
    *takes_next = option->arg != NULL && !optional && name[length] != '=';
    if (*takes_next && next == NULL) {
        return tsp_error_set(error, "'--%s' wants a value: --%s %s", option->name, option->name, option->arg);
    }
    return 0;
}

/* Letters behind one dash. */
static int check_short(const struct argp *argp, const char *word, const char *next, bool *takes_next,
                       struct tsp_error *error) {
    for (const char *letter = word + 1; *letter != '\0'; ++letter) {
        const struct argp_option *option = argp->options;
        while ((option->name != NULL || option->doc != NULL) && option->key != *letter) {
            ++option;
        }
        if (option->name == NULL && option->doc == NULL) {
            return tsp_error_set(error, "no option is called '-%c'; see --help", *letter);
        }
        if (option->arg != NULL && (option->flags & OPTION_ARG_OPTIONAL) == 0) {
            *takes_next = letter[1] == '\0';
            return *takes_next && next == NULL ? tsp_error_set(error, "'-%c' wants a value: --%s %s", *letter,
                                                               option->name, option->arg)
                                               : 0;
        }
    }
    return 0;
}

int tsp_options_check(const struct tsp_subcommand *command, int argc, char **argv, struct tsp_error *error) {
    const struct argp *argp = command->argp;
    for (int i = 1; i < argc; ++i) {
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        bool takes_next = false;
        if (strcmp(argv[i], "--") == 0) {
            break;
        }
        if (argv[i][0] != '-' || argv[i][1] == '\0') {
            continue;
        }
        int status = argv[i][1] == '-' ? check_long(argp, argv[i], next, &takes_next, error)
                                       : check_short(argp, argv[i], next, &takes_next, error);
        if (status != 0) {
            return -1;
        }
        i += takes_next;
    }
    return 0;
}

const char *tsp_option_text(const struct argp_option *option, const struct tsp_takes *takes,
                            char text[TSP_OPTION_TEXT]) {
    static const char place[] = "{words}";
    const char *at = strstr(option->doc, place);
    char words[TSP_OPTION_TEXT] = "";
    if (at == NULL || takes == NULL || takes->words == NULL) {
        (void)snprintf(text, TSP_OPTION_TEXT, "%s", option->doc);
    } else {
        (void)snprintf(text, TSP_OPTION_TEXT, "%.*s%s%s", (int)(at - option->doc), option->doc,
                       tsp_words_text(takes->words, takes->list ? "and" : "or", words, sizeof words),
                       at + sizeof place - 1);
    }
    return text;
}

/* The command's own help, with words in the place of what stands for them. */
static void print_help(const struct tsp_subcommand *command, char *name) {
    struct argp_option options[TSP_OPTIONS_MAX + 1] = {{0}};
    char texts[TSP_OPTIONS_MAX][TSP_OPTION_TEXT];
    struct argp argp = *command->argp;
    argp.options = options;
    for (size_t i = 0; i < TSP_OPTIONS_MAX; ++i) {
        options[i] = command->argp->options[i];
        if (options[i].name == NULL && options[i].doc == NULL) {
            break;
        }
        options[i].doc =
            options[i].doc != NULL
                ? tsp_option_text(&options[i], tsp_takes_find(command->values, options[i].key), texts[i])
                : NULL;
    }
    /* The remark on arguments of long and short options takes two lines of every help and tells nothing here. */
    (void)setenv("ARGP_HELP_FMT", "no-dup-args-note,opt-doc-col=25,rmargin=80", 0);
    argp_help(&argp, stdout, ARGP_HELP_SHORT_USAGE | ARGP_HELP_LONG | ARGP_HELP_DOC, name);
}

static error_t hook(int key, char *argument, struct argp_state *state) {
    struct wrapped *wrapped = state->input;
    if (key == '?') {
        print_help(wrapped->command, state->name);
        wrapped->helped = true;
        return ECANCELED;
    }
    state->input = wrapped->input;
    error_t status = wrapped->parser(key, argument, state);
    state->input = wrapped;
    return status;
}

int tsp_options_parse(const struct tsp_subcommand *command, int argc, char **argv, void *input,
                      struct tsp_error *error) {
    const struct argp *argp = command->argp;
    error->text[0] = '\0';
    if (tsp_options_check(command, argc, argv, error) != 0) {
        return -1;
    }
    struct argp hooked = *argp;
    hooked.parser = hook;
    struct wrapped wrapped = {.command = command, .parser = argp->parser, .input = input};
    error_t status =
        argp_parse(&hooked, argc, argv, ARGP_NO_HELP | ARGP_NO_EXIT | ARGP_NO_ERRS, NULL, &wrapped);
    if (wrapped.helped) {
        return 1;
    }
    if (status != 0 && error->text[0] == '\0') {
        return tsp_error_set(error, "the command line cannot be understood; see --help");
    }
    return status == 0 ? 0 : -1;
}

void tsp_command_join(char *command, size_t size, int argc, char **argv) {
    size_t used = 0;
    for (int i = 0; i < argc && used < size; ++i) {
        const char *quote = i > 0 && strpbrk(argv[i], " *?[!/$|()'") != NULL ? "'" : "";
        int added =
            snprintf(command + used, size - used, "%s%s%s%s", i == 0 ? "" : " ", quote, argv[i], quote);
        used += added > 0 ? (size_t)added : 0;
    }
}
