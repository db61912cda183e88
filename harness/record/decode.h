/*
 * From JSON values to our structs. A decoder keeps the first complaint; after it every function returns at once with a harmless
 * value, so that callers read a whole object and ask once at its end.
 */
#ifndef TRANSEPT_RECORD_DECODE_H
#define TRANSEPT_RECORD_DECODE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transept/record.h"

struct tsp_decoder {
    const char *file; /* how the complaint begins: "results/a.json", "journal.jsonl:12" */
    struct tsp_error *error;
    bool failed;
    char path[256]; /* of the value at hand: "cases[3].metrics.time" */
};

/** Complains about the member `key` (NULL: the value at hand), unless something was wrong already. */
void tsp_decode_complain(struct tsp_decoder *decoder, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Goes down into a member or, with key NULL, an element; returns what tsp_decode_leave() takes to come back up. */
size_t tsp_decode_enter(struct tsp_decoder *decoder, const char *key, size_t index);
void tsp_decode_leave(struct tsp_decoder *decoder, size_t mark);

/** A member that must be an object or an array; NULL after a complaint. Borrowed. */
json_t *tsp_decode_object(struct tsp_decoder *decoder, const json_t *object, const char *key);
json_t *tsp_decode_array(struct tsp_decoder *decoder, const json_t *object, const char *key);

/** A text or null (empty); one too long for `out` is cut at a character. */
void tsp_decode_text(struct tsp_decoder *decoder, const json_t *object, const char *key, char *out,
                     size_t size);

/** The same for a member that older files have not: empty then. */
void tsp_decode_added_text(struct tsp_decoder *decoder, const json_t *object, const char *key, char *out,
                           size_t size);

/** A text that identifies something: neither empty nor too long. */
void tsp_decode_name(struct tsp_decoder *decoder, const json_t *object, const char *key, char *out,
                     size_t size);

/** A number, or null: then `absent`. */
double tsp_decode_number(struct tsp_decoder *decoder, const json_t *object, const char *key, double absent);

/** A whole number from 0 to `most`. */
uint64_t tsp_decode_count(struct tsp_decoder *decoder, const json_t *object, const char *key, uint64_t most);
unsigned tsp_decode_small(struct tsp_decoder *decoder, const json_t *object, const char *key);

/** The same; null, which imported files have where nobody knows, is 0. */
uint64_t tsp_decode_known(struct tsp_decoder *decoder, const json_t *object, const char *key, uint64_t most);

bool tsp_decode_flag(struct tsp_decoder *decoder, const json_t *object, const char *key);

/** One of the words that `parse` knows. */
int tsp_decode_word(struct tsp_decoder *decoder, const json_t *object, const char *key,
                    int (*parse)(const char *word));

/** What tsp_encode_estimate() writes. */
struct tsp_estimate tsp_decode_estimate(struct tsp_decoder *decoder, const json_t *object, const char *key);

/* Whole parts of a record; each is the reverse of the tsp_encode_… of its name. */
void tsp_decode_run(struct tsp_decoder *decoder, const json_t *object, struct tsp_run *run);
void tsp_decode_machine(struct tsp_decoder *decoder, const json_t *object, struct tsp_record *record);
void tsp_decode_build(struct tsp_decoder *decoder, const json_t *object, struct tsp_build *build);
void tsp_decode_plan(struct tsp_decoder *decoder, const json_t *object, struct tsp_result *result);

/** `object` is a round's facts, with its metrics under "metrics" where they are kept with it. */
void tsp_decode_round(struct tsp_decoder *decoder, const json_t *object, struct tsp_round *round);
void tsp_decode_round_metric(struct tsp_decoder *decoder, const json_t *object, const char *name,
                             struct tsp_round_metric *metric);

/** What it allocates belongs to `result`, also after a complaint. */
void tsp_decode_case(struct tsp_decoder *decoder, const json_t *object, struct tsp_result *result);

/** Complains when the member `digest` is not that of what was read. */
void tsp_decode_digest(struct tsp_decoder *decoder, const json_t *object, uint64_t digest);

/** Complains when two results have the same id; or two of the ids, which it reorders. */
void tsp_decode_unique(struct tsp_decoder *decoder, const struct tsp_record *record);
void tsp_decode_unique_ids(struct tsp_decoder *decoder, const char **ids, size_t count);

#endif
