/* All of the page's data. */
#include <stdlib.h>
#include <string.h>

#include "record/encode.h"
#include "report/parts.h"

static int out_of_memory(const char *path, struct tsp_error *error) {
    return tsp_error_set(error, "no memory for the report of %.200s; give fewer records", path);
}

static int visit(void *data, struct tsp_result *result, struct tsp_error *error) {
    json_t **cases = data;
    return tsp_encode_append(cases, tsp_report_case(result)) ? 0 : out_of_memory(result->id, error);
}

/* One record: what it says of itself, and its cases. */
static json_t *read_record(const char *path, struct tsp_error *error) {
    struct tsp_record record = {.results = NULL};
    json_t *cases = json_array();
    if (tsp_record_scan_json(&record, path, visit, (void *)&cases, error) != 0) {
        json_decref(cases);
        return NULL;
    }
    json_t *object = json_pack("{s:o,s:o,s:o,s:o,s:o}", "path", tsp_encode_text(path, strlen(path) + 1),
                               "run", tsp_encode_run(&record.run), "machine", tsp_encode_machine(&record),
                               "build", tsp_encode_build(&record.build), "cases", cases);
    tsp_record_free(&record);
    if (object == NULL) {
        (void)out_of_memory(path, error);
    }
    return object;
}

/* Adds what was made, unless it could not be. */
static int add(json_t **array, json_t *item, const char *path, struct tsp_error *error) {
    if (item == NULL) {
        return -1; /* and the error says why */
    }
    return tsp_encode_append(array, item) ? 0 : out_of_memory(path, error);
}

static int fill(json_t *parts[3], const struct tsp_report_inputs *inputs, struct tsp_error *error) {
    int status = 0;
    for (size_t i = 0; status == 0 && i < inputs->record_count; ++i) {
        status = add(&parts[0], read_record(inputs->records[i], error), inputs->records[i], error);
    }
    for (size_t i = 1; status == 0 && i < inputs->record_count; ++i) {
        status = add(&parts[1], tsp_report_difference(inputs, i, error), inputs->records[i], error);
    }
    for (size_t i = 0; status == 0 && i < inputs->trend_count; ++i) {
        json_t *series = tsp_report_trend(inputs->trends[i], error);
        status = series != NULL ? 0 : -1;
        if (status == 0 && json_array_extend(parts[2], series) != 0) {
            status = out_of_memory(inputs->trends[i], error);
        }
        json_decref(series);
    }
    return status;
}

int tsp_report_document(json_t **document, const struct tsp_report_inputs *inputs, struct tsp_error *error) {
    json_t *parts[3] = {json_array(), json_array(), json_array()};
    *document = NULL;
    if (fill(parts, inputs, error) != 0) {
        for (int i = 0; i < 3; ++i) {
            json_decref(parts[i]);
        }
        return -1;
    }
    *document = json_pack("{s:s,s:o,s:o,s:o}", "schema", TSP_REPORT_SCHEMA, "records", parts[0],
                          "differences", parts[1], "trends", parts[2]);
    return *document != NULL ? 0 : tsp_error_set(error, "no memory for the report; give fewer records");
}
