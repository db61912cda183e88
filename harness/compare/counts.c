/* Exact counts, taken out of a record. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare/counts.h"
#include "compare/toolchain.h"
#include "transept/plan.h"

/* A file's 12 digits are off by half a unit of the last one at most. */
#define DIGITS_ERROR 5e-12

/* Counting takes differences over 2^14 ops at most (harness/measure/count.c). */
#define DENOMINATOR_BITS 14

double tsp_count_exact(double value) {
    for (int bits = 0; bits <= DENOMINATOR_BITS; ++bits) {
        double near = ldexp(round(ldexp(value, bits)), -bits);
        if (fabs(near - value) <= DIGITS_ERROR * fabs(value)) {
            return near;
        }
    }
    return value;
}

/* "n=2" before "n=10". */
static int by_id(const void *left, const void *right) {
    return strverscmp(((const struct tsp_counted_case *)left)->id,
                      ((const struct tsp_counted_case *)right)->id);
}

void tsp_counts_sort(struct tsp_counts *counts) {
    if (counts->case_count > 0) {
        qsort(counts->cases, counts->case_count, sizeof *counts->cases, by_id);
    }
}

static int take_counts(struct tsp_counted_case *counted, const struct tsp_brief *brief,
                       struct tsp_error *error) {
    counted->counts = calloc(brief->figure_count + 1, sizeof *counted->counts);
    if (counted->counts == NULL) {
        return tsp_error_set(error, "no memory for %zu counts", brief->figure_count);
    }
    for (size_t i = 0; i < brief->figure_count; ++i) {
        const struct tsp_figure *figure = &brief->figures[i];
        if (figure->status == TSP_COUNTER_OK) {
            struct tsp_count *count = &counted->counts[counted->count_count++];
            memcpy(count->name, figure->name, sizeof count->name);
            count->varies = !figure->exact || figure->nondeterministic || !isfinite(figure->value);
            count->value = count->varies ? (double)NAN : tsp_count_exact(figure->value);
        }
    }
    return 0;
}

int tsp_counts_add(struct tsp_counts *counts, const struct tsp_brief *brief, struct tsp_error *error) {
    if (counts->case_count == counts->case_room) {
        size_t room = counts->case_room == 0 ? 64 : 2 * counts->case_room;
        struct tsp_counted_case *cases = realloc(counts->cases, room * sizeof *cases);
        if (cases == NULL) {
            return tsp_error_set(error, "no memory for %zu cases", room);
        }
        counts->cases = cases;
        counts->case_room = room;
    }
    struct tsp_counted_case *counted = &counts->cases[counts->case_count++];
    *counted = (struct tsp_counted_case){.status = brief->status};
    memcpy(counted->id, brief->id, sizeof counted->id);
    memcpy(counted->reason, brief->reason, sizeof counted->reason);
    return brief->status == TSP_OK ? take_counts(counted, brief, error) : 0;
}

/* Facts such as an offset are counted without an emulator; instructions are what tells that its plugin was there. */
static bool has_instructions(const struct tsp_counts *counts) {
    for (size_t i = 0; i < counts->case_count; ++i) {
        if (tsp_count_find(&counts->cases[i], "instructions") != NULL) {
            return true;
        }
    }
    return false;
}

int tsp_counts_settle(struct tsp_counts *counts, const struct tsp_record *head, struct tsp_error *error) {
    const char *arch = head->machine.arch;
    (void)snprintf(counts->arch, sizeof counts->arch, "%s", arch);
    (void)snprintf(counts->suite, sizeof counts->suite, "%s", head->run.suite);
    if (head->run.interrupted) {
        return tsp_error_set(error,
                             "its run was interrupted; count again, or go on with: transept run --resume");
    }
    if (!head->machine.emulated) {
        return tsp_error_set(error, "it is of hardware, where nothing counts exactly: make count ARCH=%s",
                             arch);
    }
    if (tsp_toolchain_of(&counts->toolchain, head, error) != 0) {
        return -1;
    }
    if (!has_instructions(counts)) {
        return tsp_error_set(error, "it has no exact counts: make count ARCH=%s", arch);
    }
    tsp_counts_sort(counts);
    return 0;
}

void tsp_counts_free(struct tsp_counts *counts) {
    for (size_t i = 0; i < counts->case_count; ++i) {
        free(counts->cases[i].counts);
    }
    free(counts->cases);
    memset(counts, 0, sizeof *counts);
}

int tsp_counts_keep(struct tsp_counts *counts, const char *pattern, struct tsp_error *error) {
    size_t kept = 0;
    int status = 0;
    for (size_t i = 0; i < counts->case_count; ++i) {
        int wanted = status == 0 ? tsp_pattern_match(pattern, counts->cases[i].id, error) : 1;
        status = wanted < 0 ? -1 : status;
        if (wanted != 0) { /* also after an error: what is kept is freed by who owns it */
            counts->cases[kept++] = counts->cases[i];
        } else {
            free(counts->cases[i].counts);
        }
    }
    counts->case_count = kept;
    return status;
}

const struct tsp_counted_case *tsp_counts_find(const struct tsp_counts *counts, const char *id) {
    for (size_t low = 0, high = counts->case_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = strverscmp(id, counts->cases[middle].id);
        if (order == 0) {
            return &counts->cases[middle];
        }
        low = order > 0 ? middle + 1 : low;
        high = order > 0 ? high : middle;
    }
    return NULL;
}

const struct tsp_count *tsp_count_find(const struct tsp_counted_case *tcase, const char *name) {
    for (size_t i = 0; i < tcase->count_count; ++i) {
        if (strcmp(tcase->counts[i].name, name) == 0) {
            return &tcase->counts[i];
        }
    }
    return NULL;
}
