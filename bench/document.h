/* A command's doc (command.h says how it is written), taken apart for its man page and for the tests. */
#ifndef TRANSEPT_BENCH_DOCUMENT_H
#define TRANSEPT_BENCH_DOCUMENT_H

#include "command.h"

enum { TSP_EXAMPLES_MAX = 12, TSP_STATUSES_MAX = 8 };

struct tsp_document {
    char summary[512]; /* one sentence or more */
    char prose[2048];  /* paragraphs, each ended by a line break; may be empty */
    struct {
        char command[192];
        char about[96]; /* may be empty */
    } examples[TSP_EXAMPLES_MAX];
    unsigned example_count;
    struct {
        int value;
        char about[224];
    } statuses[TSP_STATUSES_MAX];
    unsigned status_count;
};

/** Fails where the doc is not as command.h wants it: no example, no exit status, or too long. */
int tsp_document_read(struct tsp_document *document, const struct tsp_subcommand *command,
                      struct tsp_error *error);

#endif
