/* The subcommands and what they share. */
#ifndef TRANSEPT_BENCH_COMMAND_H
#define TRANSEPT_BENCH_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "transept/error.h"
#include "transept/record.h"

/** Exit statuses. */
enum tsp_exit {
    TSP_EXIT_OK = 0,
    TSP_EXIT_CASES = 1,        /* a case failed, faulted or timed out; of the gate: something moved */
    TSP_EXIT_USAGE = 2,        /* the command line, a file or the machine does not allow what was asked for */
    TSP_EXIT_INTERRUPTED = 130 /* as a shell reports Ctrl-C; what was finished is written */
};

/**
 * Every subcommand, in the order in which help lists them. A new one is named here, and its file defines tsp_command_<name>() and
 * tsp_subcommand_<name>: then it is found, listed, documented (`transept man`) and completed (`transept completion`).
 */
#define TSP_SUBCOMMANDS(X)                                                                                   \
    X(run)                                                                                                   \
    X(facts)                                                                                                 \
    X(list)                                                                                                  \
    X(show)                                                                                                  \
    X(doctor)                                                                                                \
    X(compare)                                                                                               \
    X(duel)                                                                                                  \
    X(calibrate)                                                                                             \
    X(gate)                                                                                                  \
    X(counts)                                                                                                \
    X(claims)                                                                                                \
    X(report)                                                                                                \
    X(history)                                                                                               \
    X(workload)                                                                                              \
    X(export)                                                                                                \
    X(import)                                                                                                \
    X(ops)                                                                                                   \
    X(completion)                                                                                            \
    X(man)                                                                                                   \
    X(complete)

struct argp;
struct tsp_takes;

/** A file that a command reads or writes, or a variable of the environment that it heeds: for its man page. */
struct tsp_command_note {
    const char *name; /* of a path, capitals stand for what varies: "results/ARCH/latest.json" */
    const char *about;
};

/** All that the command line, help, man pages and completion know of a subcommand. */
struct tsp_subcommand {
    const char *name;
    const char *about; /* one line without a full stop, for the overview: 68 columns at most */
    int (*run)(int argc, char **argv);
    /**
     * Its options, each with a doc, the default in parentheses; closed by TSP_OPTION_HELP and {0}. `doc` is a sentence or two, "\v", what else
     * one must know, then "Examples:" with a line each, indented by two blanks ("  command  what it does", the latter optional, two blanks or
     * more before it), and last "Exit status: 0 …; 1 …; 2 misuse.".
     */
    const struct argp *argp;
    const struct tsp_takes
        *values; /* what options and arguments take, closed by {0}; NULL: nothing that could be named */
    const struct tsp_command_note *files; /* closed by {NULL}; NULL: none of its own */
    const struct tsp_command_note
        *environment;     /* beyond what every command heeds (man_page.c); closed by {NULL}; NULL: none */
    const char *see_also; /* other subcommands, blanks between; NULL: none */
    const struct tsp_subcommand
        *base;   /* whose options it takes as well, while its own help names none of them; NULL: of none */
    bool hidden; /* for scripts: in no list */
};

#define TSP_DECLARE(name)                                                                                    \
    int tsp_command_##name(int argc, char **argv);                                                           \
    extern const struct tsp_subcommand tsp_subcommand_##name;
/** Each tsp_command_…() takes its own name as argv[0] ("transept run") and returns the exit status. */
TSP_SUBCOMMANDS(TSP_DECLARE)
#undef TSP_DECLARE

/** The index-th subcommand; NULL after the last one. */
const struct tsp_subcommand *tsp_subcommand_at(size_t index);

/** NULL: there is none of the name. */
const struct tsp_subcommand *tsp_subcommand_find(const char *name);

/** A word list (values.h) of those that are not hidden. */
const char *tsp_subcommand_name(size_t index);

/** Damages a workload's map, so that tests see its check fail: only a program of the tests defines it (tests/faults/workload.c). */
struct tsp_shard_map;
void tsp_workload_sabotage(struct tsp_shard_map *map, bool over) __attribute__((weak));

/** What a command that measures prints of the record in the end. */
typedef void tsp_record_printer(FILE *stream, const struct tsp_record *record);

/** `transept run` with another end: options, measuring, files and exit status are the same. */
int tsp_run_and_print(int argc, char **argv, tsp_record_printer *print);

/** Answers a duel (transept/duel.h): a question on stdin, an answer on stdout. */
int tsp_command_duel_round(void);

/** Prints "command: error" on stderr, in one line. Returns TSP_EXIT_USAGE. */
int tsp_complain(const char *command, const struct tsp_error *error);

/** Did a write to stdout fail because the pipe's reader went away? */
bool tsp_output_reader_left(void);

/** Flushes stdout: what a pipe or a full disk swallowed is an error. A reader that went away (`| head`) is none. Returns `status`, or
 *  TSP_EXIT_USAGE after a complaint. */
int tsp_finish_output(const char *command, int status);

#endif
