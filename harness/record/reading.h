/* What readers of a record's JSON have in common: what stands around the cases, the ids, and the digest over all. */
#ifndef TRANSEPT_RECORD_READING_H
#define TRANSEPT_RECORD_READING_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "record/decode.h"
#include "record/split.h"

struct tsp_record_reading {
    struct tsp_split split;
    struct tsp_decoder decoder; /* failed: nothing more is to be read */
    json_t *head;
    uint64_t digest; /* of what was read so far */
    char **ids;      /* to find one that comes twice */
    size_t count;
    size_t room;
};

/** Opens the file and fills all of `record` but its results. Whatever becomes of it, tsp_reading_end() follows. */
void tsp_reading_begin(struct tsp_record_reading *reading, struct tsp_record *record, const char *path,
                       struct tsp_error *error);

/** The next case as a tree, the caller's. NULL: there is none, or what is there is no JSON, which the decoder then holds. */
json_t *tsp_reading_next(struct tsp_record_reading *reading);

/** Decodes all of a case and adds it to the digest. `result` is to be freed, also after a complaint. */
void tsp_reading_decode(struct tsp_record_reading *reading, const json_t *object, struct tsp_result *result);

/** Counts a case that was read. */
void tsp_reading_note(struct tsp_record_reading *reading, const char *id);

/** Says whether the file as a whole is sound, and frees what the reading holds. Returns 0, or -1 with the first complaint. */
int tsp_reading_end(struct tsp_record_reading *reading);

#endif
