/* The rows of a comparison: what a reader is told of one, and how one is found again. */
#include "compare/rows.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct tsp_series *tsp_row_series(const struct tsp_row *row) {
    return row->series[0] != NULL ? row->series[0] : row->series[1];
}

bool tsp_row_shows(const struct tsp_row *row) {
    return !isnan(row->effect.ratio) || row->differs || row->verdict == TSP_VERDICT_WORSE ||
           row->verdict == TSP_VERDICT_BETTER;
}

const char *tsp_row_verdict(const struct tsp_row *row) {
    const struct tsp_series *series = tsp_row_series(row);
    const char *slash = series != NULL ? strchr(series->unit, '/') : NULL;
    bool rate = slash != NULL && strcmp(slash, "/s") == 0;
    bool time = series != NULL && strncmp(series->name, "time", 4) == 0;
    bool more = (row->verdict == TSP_VERDICT_WORSE) != row->higher_is_better;
    switch (row->verdict) {
    case TSP_VERDICT_NONE:
        return row->differs ? "differs" : "none";
    case TSP_VERDICT_SAME:
        return "same";
    case TSP_VERDICT_INCONCLUSIVE:
        return "inconclusive";
    default:
        break;
    }
    if (time || rate) {
        return row->verdict == TSP_VERDICT_WORSE ? "slower" : "faster";
    }
    return more ? "more" : "fewer";
}

const char *tsp_row_remark(const struct tsp_row *row, char *text, size_t size) {
    text[0] = '\0';
    if (row->reason[0] != '\0') {
        (void)snprintf(text, size, "%s", row->reason);
    } else if (row->verdict == TSP_VERDICT_INCONCLUSIVE && row->rounds_wanted > 0) {
        (void)snprintf(text, size, "some %" PRIu64 " rounds a side would tell (floor %.1f %%)",
                       row->rounds_wanted, 100 * row->floor);
    } else if (row->verdict == TSP_VERDICT_INCONCLUSIVE) {
        (void)snprintf(text, size, "too near the floor of %.1f %% for any number of rounds",
                       100 * row->floor);
    }
    return text;
}

/* By the first side's case, which all comparisons with that side share, then by metric. */
static int compare_rows(const void *left, const void *right) {
    const struct tsp_row *a = *(const struct tsp_row *const *)left;
    const struct tsp_row *b = *(const struct tsp_row *const *)right;
    uintptr_t cases[2] = {(uintptr_t)a->cases[0], (uintptr_t)b->cases[0]};
    if (cases[0] != cases[1]) {
        return cases[0] < cases[1] ? -1 : 1;
    }
    const struct tsp_series *series[2] = {tsp_row_series(a), tsp_row_series(b)};
    return strcmp(series[0] != NULL ? series[0]->name : "", series[1] != NULL ? series[1]->name : "");
}

int tsp_comparison_index(struct tsp_comparison *comparison, struct tsp_error *error) {
    comparison->index = calloc(comparison->row_count + 1, sizeof(void *));
    if (comparison->index == NULL) {
        return tsp_error_set(error, "no memory to put %zu rows in order", comparison->row_count);
    }
    for (size_t i = 0; i < comparison->row_count; ++i) {
        comparison->index[i] = &comparison->rows[i];
    }
    if (comparison->row_count > 1) {
        qsort(comparison->index, comparison->row_count, sizeof(void *), compare_rows);
    }
    return 0;
}

const struct tsp_row *tsp_comparison_find(const struct tsp_comparison *comparison,
                                          const struct tsp_row *like) {
    const struct tsp_row *const *found =
        comparison->row_count == 0
            ? NULL
            : bsearch(&like, comparison->index, comparison->row_count, sizeof(void *), compare_rows);
    return found != NULL ? *found : NULL;
}

/* Where rows of a case stand: by its address alone. */
static int compare_case(const void *tcase, const void *row) {
    uintptr_t cases[2] = {(uintptr_t)tcase, (uintptr_t)(*(const struct tsp_row *const *)row)->cases[0]};
    return (cases[0] > cases[1]) - (cases[0] < cases[1]);
}

const struct tsp_row *tsp_comparison_find_case(const struct tsp_comparison *comparison, const char *id) {
    const struct tsp_side_case *tcase = tsp_side_find(comparison->first, id);
    const struct tsp_row *const *found =
        tcase == NULL || comparison->row_count == 0
            ? NULL
            : bsearch(tcase, comparison->index, comparison->row_count, sizeof(void *), compare_case);
    return found != NULL ? *found : NULL;
}

bool tsp_comparison_only(const struct tsp_comparison *comparison, int side, size_t *at, struct tsp_row *row) {
    const struct tsp_side *mine = side == 0 ? comparison->first : comparison->other;
    const struct tsp_side *their = side == 0 ? comparison->other : comparison->first;
    while (*at < mine->case_count) {
        const struct tsp_side_case *tcase = &mine->cases[(*at)++];
        if (tsp_side_find(their, tcase->id) != NULL) {
            continue;
        }
        *row = (struct tsp_row){.cases = {tcase, tcase},
                                .value = {NAN, NAN},
                                .effect = {.ratio = NAN, .lo = NAN, .hi = NAN, .p = NAN},
                                .adjusted_p = NAN,
                                .floor = NAN,
                                .verdict = TSP_VERDICT_NONE};
        if (tcase->series_count > 0) {
            row->series[side] = &tcase->series[0];
            row->value[side] = tsp_series_centre(&tcase->series[0]);
        }
        bool ended = tcase->status != TSP_OK;
        (void)snprintf(row->reason, sizeof row->reason, "not in the %s%s%s%s%.150s",
                       side == 0 ? "other" : "first", ended ? "; " : "",
                       ended ? tsp_status_name(tcase->status) : "",
                       ended && tcase->reason[0] != '\0' ? ": " : "", ended ? tcase->reason : "");
        return true;
    }
    return false;
}
