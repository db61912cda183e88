/* What has no ratio, by reason. Reasons may be as many as rows: all is sorted, nothing is searched row by row. */
#include "compare_reasons.h"

#include <stdlib.h>
#include <string.h>

#include "terminal.h"

enum { NAMES_SHOWN = 3 };

/* Rows of the same reason: `count` of the sorted from `first` on, which stands before the others in the comparison. */
struct group {
    const struct tsp_row **first;
    size_t count;
};

static int by_place(const struct tsp_row *a, const struct tsp_row *b) {
    return (a > b) - (a < b); /* of the same array */
}

static int compare_rows(const void *left, const void *right) {
    const struct tsp_row *a = *(const struct tsp_row *const *)left;
    const struct tsp_row *b = *(const struct tsp_row *const *)right;
    int order = strcmp(a->reason, b->reason);
    return order != 0 ? order : by_place(a, b);
}

static int compare_groups(const void *left, const void *right) {
    return by_place(*((const struct group *)left)->first, *((const struct group *)right)->first);
}

static void print_group(FILE *stream, const struct group *group, unsigned width) {
    for (size_t i = 0; i < group->count && i < NAMES_SHOWN; ++i) {
        (void)fprintf(stream, "  %s\n", group->first[i]->cases[0]->id);
    }
    if (group->count > NAMES_SHOWN) {
        (void)fprintf(stream, "  and %zu more\n", group->count - NAMES_SHOWN);
    }
    (void)fputs("      ", stream);
    tsp_print_wrapped(stream, (*group->first)->reason, 6, 6, width);
}

/* The rows are sorted; groups come in the order in which their first rows stand in the comparison. */
static void print_groups(FILE *stream, const struct tsp_row **rows, size_t count, struct group *groups,
                         unsigned width) {
    size_t made = 0;
    for (size_t i = 0; i < count; i += groups[made++].count) {
        struct group *group = &groups[made];
        *group = (struct group){.first = &rows[i], .count = 1};
        while (i + group->count < count && strcmp(rows[i + group->count]->reason, rows[i]->reason) == 0) {
            ++group->count;
        }
    }
    qsort(groups, made, sizeof *groups, compare_groups);
    for (size_t i = 0; i < made; ++i) {
        print_group(stream, &groups[i], width);
    }
}

int tsp_compare_reasons(FILE *stream, const struct tsp_comparison *comparison, char letter, unsigned width,
                        struct tsp_error *error) {
    const struct tsp_row **rows = calloc(comparison->row_count + 1, sizeof(void *));
    struct group *groups = calloc(comparison->row_count + 1, sizeof *groups);
    size_t count = 0;
    if (rows == NULL || groups == NULL) {
        free(rows);
        free(groups);
        return tsp_error_set(error, "no memory for the reasons of %zu rows", comparison->row_count);
    }
    for (size_t i = 0; i < comparison->row_count; ++i) {
        if (!tsp_row_shows(&comparison->rows[i])) {
            rows[count++] = &comparison->rows[i];
        }
    }
    if (count > 0) {
        (void)fprintf(stream, "\nNo ratio of %c to A\n", letter);
        qsort(rows, count, sizeof(void *), compare_rows);
        print_groups(stream, rows, count, groups, width);
    }
    free(rows);
    free(groups);
    return 0;
}
