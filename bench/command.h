/* The subcommands and what they share. */
#ifndef TRANSEPT_BENCH_COMMAND_H
#define TRANSEPT_BENCH_COMMAND_H

#include <stdbool.h>
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

/** Each takes its own name as argv[0] ("transept run") and returns the exit status. */
int tsp_command_run(int argc, char **argv);
int tsp_command_facts(int argc, char **argv);
int tsp_command_list(int argc, char **argv);
int tsp_command_show(int argc, char **argv);
int tsp_command_ops(int argc, char **argv);
int tsp_command_counts(int argc, char **argv);
int tsp_command_compare(int argc, char **argv);
int tsp_command_export(int argc, char **argv);
int tsp_command_import(int argc, char **argv);
int tsp_command_duel(int argc, char **argv);
int tsp_command_calibrate(int argc, char **argv);
int tsp_command_gate(int argc, char **argv);
int tsp_command_doctor(int argc, char **argv);
int tsp_command_workload(int argc, char **argv);

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

/** Flushes stdout: what a pipe or a full disk swallowed is an error. A reader that went away (`| head`) is none. Returns `status`, or
 *  TSP_EXIT_USAGE after a complaint. */
int tsp_finish_output(const char *command, int status);

#endif
