/* Man pages from the tables of commands and options. */
#ifndef TRANSEPT_BENCH_MAN_PAGE_H
#define TRANSEPT_BENCH_MAN_PAGE_H

#include "command.h"

/** Writes transept-<command>(1), or transept(1) where `command` is NULL, in the language of man(7). Fails only on a doc that is not as
 *  command.h wants it. */
int tsp_man_page_write(const struct tsp_subcommand *command, FILE *stream, struct tsp_error *error);

#endif
