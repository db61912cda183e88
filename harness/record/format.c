/* The formats of --format. */
#include <string.h>

#include "transept/record.h"

static const struct tsp_format formats[] = {
    {.name = "json", .extension = "json", .write = tsp_record_write_json},
    {.name = "csv", .extension = "csv", .write = tsp_record_write_csv},
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
