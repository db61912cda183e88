/* The formats of `transept compare --format`, but for the table, which is the command's. */
#include "compare/format.h"

#include <inttypes.h>
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

const struct tsp_series *tsp_row_series(const struct tsp_row *row) {
    return row->series[0] != NULL ? row->series[0] : row->series[1];
}

const char *tsp_row_remark(const struct tsp_row *row, char *text, size_t size) {
    text[0] = '\0';
    if (row->reason[0] != '\0') {
        (void)snprintf(text, size, "%s", row->reason);
    } else if (row->verdict == TSP_VERDICT_INCONCLUSIVE && row->rounds_wanted > 0) {
        (void)snprintf(text, size, "some %" PRIu64 " rounds a side would tell", row->rounds_wanted);
    } else if (row->verdict == TSP_VERDICT_INCONCLUSIVE) {
        (void)snprintf(text, size, "too near the floor of %.1f %% for any number of rounds",
                       100 * row->floor);
    }
    return text;
}
