/* Command lines: argp for the work and the help, and one clear line for every slip. */
#ifndef TRANSEPT_BENCH_OPTIONS_H
#define TRANSEPT_BENCH_OPTIONS_H

#include <argp.h>

#include "transept/error.h"

/** The entry that every option table has before its closing {0}. */
#define TSP_OPTION_HELP                                                                                      \
    { "help", '?', NULL, 0, "this help", -1 }

/**
 * Parses by `argp`, whose parser returns EINVAL after it has filled `error` (the same that is given here) and whose options end
 * with TSP_OPTION_HELP. Returns 0; 1 when it printed the help, so that nothing is left to be done; -1 with the error.
 */
int tsp_options_parse(const struct argp *argp, int argc, char **argv, void *input, struct tsp_error *error);

/** The command as it was typed, near enough, for records: words apart, those with blanks between quotes. */
void tsp_command_join(char *command, size_t size, int argc, char **argv);

#endif
