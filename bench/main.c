/* The command `transept`: finds the subcommand. As a part of transept::main it serves other people's kernels as well. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "transept/duel.h"
#include "transept/nearest.h"
#include "transept/plan.h"
#include "transept_version.h"

struct subcommand {
    const char *name;
    const char *about;
    int (*run)(int argc, char **argv);
};

static const struct subcommand subcommands[] = {
    {"run", "measure cases, print the table, write the record", tsp_command_run},
    {"facts", "line size, latencies, costs of this machine in ten lines", tsp_command_facts},
    {"list", "what can be measured here, and why the rest cannot", tsp_command_list},
    {"show", "explain a case, or print a record's table again", tsp_command_show},
    {"ops", "run cases so many times, for debuggers and profilers", tsp_command_ops},
    {"counts", "one exact count of several records side by side", tsp_command_counts},
    {"compare", "hold records against one another, a verdict a case", tsp_command_compare},
    {"export", "a record in another program's format", tsp_command_export},
    {"import", "what another program measured, as a record", tsp_command_import},
    {"duel", "two builds in turns on one CPU, a verdict a case", tsp_command_duel},
    {"calibrate", "what this machine's noise alone would be taken for", tsp_command_calibrate},
    {"gate", "has anything moved? exact counts, or rules over records", tsp_command_gate},
    {"workload", "threads over one map: latencies, throughput, a check", tsp_command_workload},
    {"doctor", "what on this machine spoils measurements, and the remedy", tsp_command_doctor},
};
#define SUBCOMMANDS (sizeof subcommands / sizeof *subcommands)

int tsp_complain(const char *command, const struct tsp_error *error) {
    (void)fprintf(stderr, "%s: %s\n", command, error->text);
    return TSP_EXIT_USAGE;
}

int tsp_finish_output(const char *command, int status) {
    struct stat output;
    struct tsp_error error;
    errno = 0;
    if (fflush(stdout) == 0 && ferror(stdout) == 0) {
        return status;
    }
    int why = errno; /* none where an earlier write failed and nothing was left to be flushed */
    if (fstat(STDOUT_FILENO, &output) == 0 && (S_ISFIFO(output.st_mode) || S_ISSOCK(output.st_mode))) {
        return status;
    }
    (void)tsp_error_set(&error, "the output could not be written: %s",
                        why != 0 ? strerror(why) : "is the disk full?");
    return tsp_complain(command, &error);
}

static int print_help(void) {
    (void)puts("Usage: transept COMMAND [OPTION...]\n"
               "What does a primitive cost here, what does it cost there, and how sure are we?\n");
    for (size_t i = 0; i < SUBCOMMANDS; ++i) {
        (void)printf("  %-9s %s\n", subcommands[i].name, subcommands[i].about);
    }
    (void)puts("\n  transept COMMAND --help   the options of a command, with examples\n"
               "  transept --version        version and commit");
    return tsp_finish_output("transept", TSP_EXIT_OK);
}

static int refuse(const char *word) {
    const char *names[SUBCOMMANDS];
    struct tsp_error error;
    for (size_t i = 0; i < SUBCOMMANDS; ++i) {
        names[i] = subcommands[i].name;
    }
    const char *what = word[0] == '-' ? "option" : "command";
    const char *nearest = word[0] == '-' ? NULL : tsp_name_nearest(word, names, SUBCOMMANDS);
    if (nearest != NULL) {
        (void)tsp_error_set(&error, "no command is called '%s'; did you mean '%s'?", word, nearest);
    } else {
        (void)tsp_error_set(
            &error,
            "no %s is called '%s'; there are run, facts, list, show, ops, counts, compare, export, import, duel, calibrate, gate, workload, doctor, --help and --version",
            what, word);
    }
    return tsp_complain("transept", &error);
}

int main(int argc, char **argv) {
    (void)setlocale(LC_CTYPE, "");
    (void)signal(SIGPIPE, SIG_IGN); /* a reader that goes away must not cost the record */
    const char *word = argc > 1 ? argv[1] : "--help";
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "-?") == 0 ||
        strcmp(word, "help") == 0) {
        return print_help();
    }
    if (strcmp(word, "--version") == 0) {
        (void)printf("transept %s%s%s\n", TSP_VERSION, TSP_COMMIT[0] != '\0' ? ", commit " : "", TSP_COMMIT);
        return tsp_finish_output("transept", TSP_EXIT_OK);
    }
    for (size_t i = 0; i < SUBCOMMANDS; ++i) {
        if (strcmp(subcommands[i].name, word) == 0) {
            char name[32];
            (void)snprintf(name, sizeof name, "transept %s", word);
            argv[1] = name;
            return subcommands[i].run(argc - 1, argv + 1);
        }
    }
    if (strcmp(word, TSP_DUEL_COMMAND) == 0) { /* for another transept, not for people */
        return tsp_command_duel_round();
    }
    return refuse(word);
}
