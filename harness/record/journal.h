/* The journal's open file, shared by the file that writes it and the one that reads it back. */
#ifndef TRANSEPT_RECORD_JOURNAL_H
#define TRANSEPT_RECORD_JOURNAL_H

#include <stdbool.h>
#include <sys/types.h>

#include "transept/error.h"
#include "transept/record.h"

struct tsp_journal {
    int fd;
    off_t end;   /* of the last whole line */
    bool failed; /* a write failed, and the caller was told */
    char *path;
};

/** Opens the file for this process alone; the caller closes with tsp_journal_close(). `create` makes it and its folders. */
struct tsp_journal *tsp_journal_open(const char *path, bool create, struct tsp_error *error);

#endif
