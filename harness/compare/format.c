/* The formats of `transept compare --format`, but for the table, which is the command's. */
#include "compare/format.h"

#include <string.h>

static const struct tsp_comparison_format formats[] = {
    {.name = "markdown", .write = tsp_comparison_write_markdown},
    {.name = "csv", .write = tsp_comparison_write_csv},
    {.name = "json", .write = tsp_comparison_write_json},
    {.name = "junit", .write = tsp_comparison_write_junit},
};

const struct tsp_comparison_format *tsp_comparison_format_find(const char *name) {
    for (size_t i = 0; i < sizeof formats / sizeof *formats; ++i) {
        if (strcmp(formats[i].name, name) == 0) {
            return &formats[i];
        }
    }
    return NULL;
}

size_t tsp_comparison_format_list(const struct tsp_comparison_format **list) {
    *list = formats;
    return sizeof formats / sizeof *formats;
}
