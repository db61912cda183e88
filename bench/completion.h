/* Completion of the command line by shells, from the tables of commands and options. */
#ifndef TRANSEPT_BENCH_COMPLETION_H
#define TRANSEPT_BENCH_COMPLETION_H

#include <argp.h>
#include <stdio.h>

#include "command.h"
#include "values.h"

/** Each writes a script that its shell reads. */
void tsp_completion_bash(FILE *stream);
void tsp_completion_zsh(FILE *stream);
void tsp_completion_fish(FILE *stream);

/** Calls `visit` for each option of the command that help shows, then for those of its base; `takes` is NULL where nothing can be named. */
typedef void tsp_option_visitor(FILE *stream, const struct tsp_subcommand *command,
                                const struct argp_option *option, const struct tsp_takes *takes);
void tsp_options_visit(const struct tsp_subcommand *command, tsp_option_visitor *visit, FILE *stream);

/** The option's letter; 0: it has none. */
char tsp_option_letter(const struct argp_option *option);

/** Writes a text for within single quotes, as all three shells read it, with a backslash before each of the characters `escaped`. */
void tsp_escape(FILE *stream, const char *text, const char *escaped);

/** The same of words, with blanks between. */
void tsp_words_write(FILE *stream, tsp_words *words, const char *escaped);

/** What may stand somewhere, as arguments of a shell's function: whether it is a list, what is found at run time, which files (as `write_files`
 * writes them), whether folders, and the words. */
void tsp_takes_write(FILE *stream, const struct tsp_takes *takes, void (*write_files)(FILE *, const char *),
                     const char *escaped);

#endif
