/* Command lines: argp for the work and the help, and one clear line for every slip. */
#ifndef TRANSEPT_BENCH_OPTIONS_H
#define TRANSEPT_BENCH_OPTIONS_H

#include <argp.h>

#include "command.h"
#include "transept/error.h"
#include "values.h"

/** The entry that every option table has before its closing {0}. */
#define TSP_OPTION_HELP                                                                                      \
    { "help", '?', NULL, 0, "this help", -1 }

/** Most entries of an option table. */
#define TSP_OPTIONS_MAX 48

/**
 * Parses by the command's argp, whose parser returns EINVAL after it has filled `error` (the same that is given here) and whose options end
 * with TSP_OPTION_HELP. Returns 0; 1 when it printed the help, so that nothing is left to be done; -1 with the error.
 */
int tsp_options_parse(const struct tsp_subcommand *command, int argc, char **argv, void *input,
                      struct tsp_error *error);

/** Are the options among the words there, and do they have the values that they take? tsp_options_parse() begins with it. */
int tsp_options_check(const struct tsp_subcommand *command, int argc, char **argv, struct tsp_error *error);

/** What the help says of an option, with the words that it takes in the place of "{words}". `takes` may be NULL. Returns `text`. */
#define TSP_OPTION_TEXT 320
const char *tsp_option_text(const struct argp_option *option, const struct tsp_takes *takes,
                            char text[TSP_OPTION_TEXT]);

/** The command as it was typed, near enough, for records: words apart, those with blanks between quotes. */
void tsp_command_join(char *command, size_t size, int argc, char **argv);

#endif
