/* The record out of JSON, case by case. */
#include <stdlib.h>
#include <string.h>

#include "record/decode.h"
#include "record/digest.h"
#include "record/split.h"

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

/* What is read so far: the ids are kept to find one that comes twice. */
struct reading {
    struct tsp_split split;
    struct tsp_decoder decoder;
    uint64_t digest;
    const char **ids;
    size_t count;
    size_t room;
};

static int keep_id(struct reading *reading, const char *id) {
    if (reading->count == reading->room) {
        size_t room = reading->room == 0 ? 256 : 2 * reading->room;
        const char **ids = realloc(reading->ids, room * sizeof *ids);
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

/* Hands one case over and forgets it. */
static void read_case(struct reading *reading, const json_t *object, tsp_record_visitor *visit, void *data) {
    struct tsp_decoder *decoder = &reading->decoder;
    struct tsp_result result = {.id = ""};
    size_t mark = tsp_decode_enter(decoder, "cases", 0);
    size_t inner = tsp_decode_enter(decoder, NULL, reading->count);
    tsp_decode_case(decoder, object, &result);
    reading->digest = tsp_digest_add(reading->digest, object);
    tsp_decode_leave(decoder, inner);
    tsp_decode_leave(decoder, mark);
    if (!decoder->failed && keep_id(reading, result.id) != 0) {
        tsp_decode_complain(decoder, "cases", "no memory for more than %zu ids", reading->count);
    }
    decoder->failed = decoder->failed || visit(data, &result, decoder->error) != 0;
    tsp_result_free(&result);
}

static void read_cases(struct reading *reading, tsp_record_visitor *visit, void *data) {
    struct tsp_decoder *decoder = &reading->decoder;
    bool end = decoder->failed;
    while (!end && !decoder->failed) {
        json_t *object = tsp_split_next(&reading->split, &end, decoder->error);
        if (object != NULL) {
            read_case(reading, object, visit, data);
            json_decref(object);
        } else {
            decoder->failed = !end;
        }
    }
}

/* What stands around the cases. The digest begins with it. */
static void read_head(struct reading *reading, const json_t *head, struct tsp_record *record) {
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

static void close_reading(struct reading *reading) {
    for (size_t i = 0; i < reading->count; ++i) {
        free((void *)reading->ids[i]);
    }
    free(reading->ids);
    tsp_split_close(&reading->split);
}

int tsp_record_scan_json(struct tsp_record *record, const char *path, tsp_record_visitor *visit, void *data,
                         struct tsp_error *error) {
    struct reading reading = {.decoder = {.file = path, .error = error}};
    memset(record, 0, sizeof *record);
    json_t *head =
        tsp_split_open(&reading.split, path, error) == 0 ? tsp_split_head(&reading.split, error) : NULL;
    if (head == NULL) {
        close_reading(&reading);
        return -1;
    }
    read_head(&reading, head, record);
    read_cases(&reading, visit, data);
    tsp_decode_unique_ids(&reading.decoder, reading.ids, reading.count);
    /* Last, so that a complaint that names the place comes first: a file whose every value is plausible may still be damaged. */
    tsp_decode_digest(&reading.decoder, head, reading.digest);
    json_decref(head);
    close_reading(&reading);
    return reading.decoder.failed ? -1 : 0;
}

/* The results of a record that is kept whole. */
struct collection {
    struct tsp_result *results;
    size_t count;
    size_t room;
};

/* Takes the case over. */
static int collect(void *data, struct tsp_result *result, struct tsp_error *error) {
    struct collection *all = data;
    if (all->count == all->room) {
        size_t room = all->room == 0 ? 64 : 2 * all->room;
        struct tsp_result *results = realloc(all->results, room * sizeof *results);
        if (results == NULL) {
            return tsp_error_set(error, "no memory for %zu cases", room);
        }
        all->results = results;
        all->room = room;
    }
    all->results[all->count++] = *result;
    *result = (struct tsp_result){.id = ""};
    return 0;
}

int tsp_record_read_json(struct tsp_record *record, const char *path, struct tsp_error *error) {
    struct collection all = {.results = NULL};
    int status = tsp_record_scan_json(record, path, collect, &all, error);
    record->results = all.results;
    record->result_count = all.count;
    if (status != 0) {
        tsp_record_free(record);
    }
    return status;
}
