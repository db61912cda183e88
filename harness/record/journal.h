/* The journal's open file, shared by the file that writes it and the one that reads it back. */
#ifndef TRANSEPT_RECORD_JOURNAL_H
#define TRANSEPT_RECORD_JOURNAL_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "record/decode.h"
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

/* The journal's lines, which also serve the processes of a duel to tell one another what they are and what they measured. */

/** The first line: run, machine, build, and the cases as they are planned. A new reference; NULL when memory is out. */
json_t *tsp_journal_encode_header(const struct tsp_record *record);

/** A round of a case. */
json_t *tsp_journal_encode_round(const char *case_id, const struct tsp_round *round);

/** And back, with everything checked: `record` must be empty. What is allocated is the record's, also after a complaint. */
void tsp_journal_decode_header(struct tsp_decoder *decoder, const json_t *json, struct tsp_record *record);

/** `id` (size bytes) receives the case's. */
void tsp_journal_decode_round(struct tsp_decoder *decoder, const json_t *json, char *id, size_t size,
                              struct tsp_round *round);

#endif
