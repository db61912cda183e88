/* Around the cases of a record. */
#include "record/reading.h"

#include <stdlib.h>
#include <string.h>

#include "record/digest.h"

/* "transept.run/1": the name tells what it is, the number which major version. */
static int check_schema(const json_t *json, const char *path, struct tsp_error *error) {
    static const char family[] = "transept.run/";
    const char *schema = json_string_value(json_object_get(json, "schema"));
    if (schema == NULL || strncmp(schema, family, sizeof family - 1) != 0) {
        return tsp_error_set(error, "%s: not a transept record: its schema is %.60s, expected %s", path,
                             schema != NULL ? schema : "missing", TSP_RECORD_SCHEMA);
    }
    if (strcmp(schema, TSP_RECORD_SCHEMA) != 0) {
        return tsp_error_set(
            error, "%s: schema %.60s cannot be read: this transept knows %s; use the transept that wrote it",
            path, schema, TSP_RECORD_SCHEMA);
    }
    return 0;
}

/* What stands around the cases. The digest begins with it. */
static void read_head(struct tsp_record_reading *reading, const json_t *head, struct tsp_record *record) {
    static const char *const parts[] = {"run", "machine", "build"};
    struct tsp_decoder *decoder = &reading->decoder;
    decoder->failed = check_schema(head, decoder->file, decoder->error) != 0;
    tsp_decode_run(decoder, tsp_decode_object(decoder, head, "run"), &record->run);
    tsp_decode_machine(decoder, tsp_decode_object(decoder, head, "machine"), record);
    tsp_decode_build(decoder, tsp_decode_object(decoder, head, "build"), &record->build);
    if (json_array_size(tsp_decode_array(decoder, head, "cases")) > 0) {
        tsp_decode_complain(decoder, "cases", "is spelt in a way that no transept writes");
    }
    reading->digest = TSP_DIGEST_START;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; ++i) {
        reading->digest = tsp_digest_add(reading->digest, json_object_get(head, parts[i]));
    }
}

void tsp_reading_begin(struct tsp_record_reading *reading, struct tsp_record *record, const char *path,
                       struct tsp_error *error) {
    *reading = (struct tsp_record_reading){.decoder = {.file = path, .error = error}};
    memset(record, 0, sizeof *record);
    if (tsp_split_open(&reading->split, path, error) == 0) {
        reading->head = tsp_split_head(&reading->split, error);
    }
    reading->decoder.failed = reading->head == NULL;
    if (reading->head != NULL) {
        read_head(reading, reading->head, record);
    }
}

json_t *tsp_reading_next(struct tsp_record_reading *reading) {
    bool end = reading->decoder.failed;
    json_t *object = end ? NULL : tsp_split_next(&reading->split, &end, reading->decoder.error);
    reading->decoder.failed = reading->decoder.failed || (object == NULL && !end);
    return object;
}

void tsp_reading_decode(struct tsp_record_reading *reading, const json_t *object, struct tsp_result *result) {
    struct tsp_decoder *decoder = &reading->decoder;
    size_t mark = tsp_decode_enter(decoder, "cases", 0);
    size_t inner = tsp_decode_enter(decoder, NULL, reading->count);
    tsp_decode_case(decoder, object, result);
    reading->digest = tsp_digest_add(reading->digest, object);
    tsp_decode_leave(decoder, inner);
    tsp_decode_leave(decoder, mark);
}

static int keep_id(struct tsp_record_reading *reading, const char *id) {
    if (reading->count == reading->room) {
        size_t room = reading->room == 0 ? 256 : 2 * reading->room;
        char **ids = realloc(reading->ids, room * sizeof *ids);
        if (ids == NULL) {
            return -1;
        }
        reading->ids = ids;
        reading->room = room;
    }
    char *copy = strdup(id);
    if (copy == NULL) {
        return -1;
    }
    reading->ids[reading->count++] = copy;
    return 0;
}

void tsp_reading_note(struct tsp_record_reading *reading, const char *id) {
    if (!reading->decoder.failed && keep_id(reading, id) != 0) {
        tsp_decode_complain(&reading->decoder, "cases", "no memory for more than %zu ids", reading->count);
    }
}

int tsp_reading_end(struct tsp_record_reading *reading) {
    tsp_decode_unique_ids(&reading->decoder, (const char **)reading->ids, reading->count);
    if (reading->head != NULL) {
        /* Last, so that a complaint that names the place comes first: a file whose every value is plausible may still be damaged. */
        tsp_decode_digest(&reading->decoder, reading->head, reading->digest);
    }
    for (size_t i = 0; i < reading->count; ++i) {
        free(reading->ids[i]);
    }
    free(reading->ids);
    json_decref(reading->head);
    tsp_split_close(&reading->split);
    return reading->decoder.failed ? -1 : 0;
}
