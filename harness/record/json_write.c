/* The record as JSON. Cases are made, written and freed one by one: a record of any size takes the memory of its largest case. */
#include "record/json_write.h"

#include "record/digest.h"
#include "record/encode.h"
#include "record/sink.h"

static void write_member(struct tsp_sink *sink, const char *name, json_t *value, uint64_t *digest) {
    *digest = tsp_digest_add(*digest, value);
    tsp_sink_puts(sink, ",\n \"");
    tsp_sink_puts(sink, name);
    tsp_sink_puts(sink, "\": ");
    tsp_sink_lay(sink, value, 1, 1);
    json_decref(value);
}

int tsp_record_write_json_cases(const struct tsp_record *record, size_t count, tsp_record_source *source,
                                void *data, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    uint64_t digest = TSP_DIGEST_START;
    char text[TSP_DIGEST_SIZE];
    tsp_sink_puts(&sink, "{\n \"schema\": \"" TSP_RECORD_SCHEMA "\"");
    write_member(&sink, "run", tsp_encode_run(&record->run), &digest);
    write_member(&sink, "machine", tsp_encode_machine(record), &digest);
    write_member(&sink, "build", tsp_encode_build(&record->build), &digest);
    tsp_sink_puts(&sink, ",\n \"cases\": [");
    for (size_t i = 0; i < count; ++i) {
        const struct tsp_result *result = source(data, i, error);
        if (result == NULL) {
            return -1;
        }
        json_t *object = tsp_encode_case(result);
        digest = tsp_digest_add(digest, object);
        tsp_sink_puts(&sink, i > 0 ? ",\n  " : "\n  ");
        tsp_sink_lay(&sink, object, 2, 1);
        json_decref(object);
    }
    tsp_sink_puts(&sink, "\n ],\n \"digest\": \"");
    tsp_sink_puts(&sink, tsp_digest_text(digest, text));
    tsp_sink_puts(&sink, "\"\n}\n");
    return tsp_sink_finish(&sink, "the record as JSON", error);
}

static const struct tsp_result *result_of(void *data, size_t index, struct tsp_error *error) {
    (void)error;
    return &((const struct tsp_record *)data)->results[index];
}

int tsp_record_write_json(const struct tsp_record *record, FILE *stream, struct tsp_error *error) {
    return tsp_record_write_json_cases(record, record->result_count, result_of, (void *)record, stream,
                                       error);
}
