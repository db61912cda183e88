/* The command `transept`: finds the subcommand. As a part of transept::main it serves other people's kernels as well. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "transept/duel.h"
#include "transept/nearest.h"
#include "transept_version.h"
#include "values.h"

static int print_help(void) {
    (void)puts("Usage: transept COMMAND [OPTION...]\n"
               "What does a primitive cost here, what does it cost there, and how sure are we?\n");
    for (size_t i = 0; tsp_subcommand_at(i) != NULL; ++i) {
        const struct tsp_subcommand *command = tsp_subcommand_at(i);
        if (!command->hidden) {
            (void)printf("  %-10s %s\n", command->name, command->about);
        }
    }
    (void)puts("\nOptions of a command, with examples: transept COMMAND --help");
    return tsp_finish_output("transept", TSP_EXIT_OK);
}

static int refuse(const char *word) {
    enum { NAMES_MAX = 64 };
    const char *names[NAMES_MAX];
    char list[512];
    size_t count = 0;
    struct tsp_error error;
    while (count < NAMES_MAX && tsp_subcommand_name(count) != NULL) {
        names[count] = tsp_subcommand_name(count);
        ++count;
    }
    const char *what = word[0] == '-' ? "option" : "command";
    const char *nearest = word[0] == '-' ? NULL : tsp_name_nearest(word, names, count);
    if (nearest != NULL) {
        (void)tsp_error_set(&error, "no command is called '%s'; did you mean '%s'?", word, nearest);
    } else {
        (void)tsp_error_set(&error, "no %s is called '%.60s'; there are %s, --help and --version", what, word,
                            tsp_words_text(tsp_subcommand_name, NULL, list, sizeof list));
    }
    return tsp_complain("transept", &error);
}

int main(int argc, char **argv) {
    (void)setlocale(LC_CTYPE, "");
    (void)signal(SIGPIPE, SIG_IGN); /* a reader that goes away must not cost the record */
    (void)signal(SIGXFSZ, SIG_IGN); /* nor a limit of files' size: it is told as a full disk is */
    const char *word = argc > 1 ? argv[1] : "--help";
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "-?") == 0 ||
        strcmp(word, "help") == 0) {
        return print_help();
    }
    if (strcmp(word, "--version") == 0) {
        (void)printf("transept %s%s%s\n", TSP_VERSION, TSP_COMMIT[0] != '\0' ? ", commit " : "", TSP_COMMIT);
        return tsp_finish_output("transept", TSP_EXIT_OK);
    }
    const struct tsp_subcommand *command = tsp_subcommand_find(word);
    if (command != NULL) {
        char name[32];
        (void)snprintf(name, sizeof name, "transept %s", word);
        argv[1] = name;
        return command->run(argc - 1, argv + 1);
    }
    if (strcmp(word, TSP_DUEL_COMMAND) == 0) { /* for another transept, not for people */
        return tsp_command_duel_round();
    }
    return refuse(word);
}
