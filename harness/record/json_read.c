/* The record out of JSON, whole: case by case, or all of it. */
#include <stdlib.h>

#include "record/reading.h"

int tsp_record_scan_json(struct tsp_record *record, const char *path, tsp_record_visitor *visit, void *data,
                         struct tsp_error *error) {
    struct tsp_record_reading reading;
    struct tsp_decoder *decoder = &reading.decoder;
    tsp_reading_begin(&reading, record, path, error);
    for (json_t *object = tsp_reading_next(&reading); object != NULL; object = tsp_reading_next(&reading)) {
        struct tsp_result result = {.id = ""};
        tsp_reading_decode(&reading, object, &result);
        tsp_reading_note(&reading, result.id);
        decoder->failed = decoder->failed || visit(data, &result, error) != 0;
        tsp_result_free(&result);
        json_decref(object);
    }
    return tsp_reading_end(&reading);
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
