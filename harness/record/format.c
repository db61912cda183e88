/* The formats of --format. */
#include <string.h>

#include "transept/record.h"

static const struct tsp_format formats[] = {
    {.name = "json", .extension = "json", .write = tsp_record_write_json},
    {.name = "csv", .extension = "csv", .write = tsp_record_write_csv},
    {.name = "google-benchmark", .extension = "google.json", .write = tsp_record_write_google},
    {.name = "go", .extension = "go.txt", .write = tsp_record_write_go},
    {.name = "smaller-is-better", .extension = "smaller.json", .write = tsp_record_write_smaller},
    {.name = "bencher", .extension = "bencher.json", .write = tsp_record_write_bencher},
    {.name = "junit", .extension = "junit.xml", .write = tsp_record_write_junit},
    {.name = "markdown", .extension = "md", .write = tsp_record_write_markdown},
};

#define FORMAT_COUNT (sizeof formats / sizeof formats[0])

const struct tsp_format *tsp_format_find(const char *name) {
    for (size_t i = 0; i < FORMAT_COUNT; ++i) {
        if (strcmp(formats[i].name, name) == 0) {
            return &formats[i];
        }
    }
    return NULL;
}

size_t tsp_format_list(const struct tsp_format **list) {
    *list = formats;
    return FORMAT_COUNT;
}

bool tsp_format_is_other(const char *path) {
    size_t length = strlen(path);
    for (size_t i = 1; i < FORMAT_COUNT; ++i) { /* the first is the record itself */
        size_t more = strlen(formats[i].extension);
        if (length > more && path[length - more - 1] == '.' &&
            strcmp(path + length - more, formats[i].extension) == 0) {
            return true;
        }
    }
    return false;
}
