/* The record out of JSON. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "record/decode.h"
#include "record/digest.h"

static json_t *load(const char *path, struct tsp_error *error) {
    FILE *stream = fopen(path, "re");
    struct stat status;
    if (stream == NULL || fstat(fileno(stream), &status) != 0) {
        tsp_error_set(error, "cannot read %s: %s", path, strerror(errno));
        if (stream != NULL) {
            fclose(stream);
        }
        return NULL;
    }
    if (S_ISDIR(status.st_mode)) {
        fclose(stream);
        tsp_error_set(error, "cannot read %s: it is a folder; name a record in it", path);
        return NULL;
    }
    json_error_t where;
    json_t *json = json_loadf(stream, JSON_REJECT_DUPLICATES, &where);
    fclose(stream);
    if (json == NULL) {
        tsp_error_set(error, "%s:%d:%d: not a transept record, or a damaged one: %s", path, where.line,
                      where.column, where.text);
    }
    return json;
}

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

static void decode_cases(struct tsp_decoder *decoder, const json_t *json, struct tsp_record *record) {
    const json_t *cases = tsp_decode_array(decoder, json, "cases");
    size_t i = 0;
    const json_t *object = NULL;
    if (json_array_size(cases) > 0) {
        record->results = calloc(json_array_size(cases), sizeof *record->results);
        if (record->results == NULL) {
            tsp_decode_complain(decoder, "cases", "no memory for %zu cases", json_array_size(cases));
        }
    }
    size_t mark = tsp_decode_enter(decoder, "cases", 0);
    json_array_foreach(cases, i, object) {
        if (decoder->failed) {
            break;
        }
        size_t inner = tsp_decode_enter(decoder, NULL, i);
        tsp_decode_case(decoder, object, &record->results[record->result_count++]);
        tsp_decode_leave(decoder, inner);
    }
    tsp_decode_leave(decoder, mark);
    tsp_decode_unique(decoder, record);
}

/* Last, so that a complaint that names the place comes first: a file whose every value is plausible may still be damaged. */
static void check_digest(struct tsp_decoder *decoder, const json_t *json) {
    uint64_t digest = TSP_DIGEST_START;
    const json_t *cases = json_object_get(json, "cases");
    size_t i = 0;
    const json_t *object = NULL;
    digest = tsp_digest_add(digest, json_object_get(json, "run"));
    digest = tsp_digest_add(digest, json_object_get(json, "machine"));
    digest = tsp_digest_add(digest, json_object_get(json, "build"));
    json_array_foreach(cases, i, object) {
        digest = tsp_digest_add(digest, object);
    }
    tsp_decode_digest(decoder, json, digest);
}

int tsp_record_read_json(struct tsp_record *record, const char *path, struct tsp_error *error) {
    memset(record, 0, sizeof *record);
    json_t *json = load(path, error);
    if (json == NULL) {
        return -1;
    }
    struct tsp_decoder decoder = {
        .file = path, .error = error, .failed = check_schema(json, path, error) != 0};
    tsp_decode_run(&decoder, tsp_decode_object(&decoder, json, "run"), &record->run);
    tsp_decode_machine(&decoder, tsp_decode_object(&decoder, json, "machine"), record);
    tsp_decode_build(&decoder, tsp_decode_object(&decoder, json, "build"), &record->build);
    decode_cases(&decoder, json, record);
    check_digest(&decoder, json);
    json_decref(json);
    if (decoder.failed) {
        tsp_record_free(record);
        return -1;
    }
    return 0;
}
