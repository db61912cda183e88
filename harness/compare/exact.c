/* The exact gate: counts against a reference. */
#include <stdlib.h>
#include <string.h>

#include "transept/compare.h"

bool tsp_difference_fails(enum tsp_difference_kind kind) {
    return kind <= TSP_CASE_GONE;
}

static void add(struct tsp_exact *exact, struct tsp_difference difference) {
    exact->differences[exact->difference_count++] = difference;
}

/* A count that at least one side has. */
static void compare_count(struct tsp_exact *exact, struct tsp_difference difference) {
    const struct tsp_count *reference = difference.reference;
    const struct tsp_count *now = difference.now;
    if (reference == NULL) {
        difference.kind = TSP_COUNT_NEW;
    } else if (now == NULL) {
        difference.kind = TSP_COUNT_GONE;
    } else if (reference->varies || now->varies) {
        if (reference->varies == now->varies) {
            return;
        }
        difference.kind = now->varies ? TSP_COUNT_UNSETTLED : TSP_COUNT_SETTLED;
    } else {
        ++exact->counts;
        if (reference->value == now->value) {
            return;
        }
        difference.kind = TSP_COUNT_MOVED;
    }
    add(exact, difference);
}

static bool has_varying(const struct tsp_counted_case *counted) {
    for (size_t i = 0; i < counted->count_count; ++i) {
        if (counted->counts[i].varies) {
            return true;
        }
    }
    return false;
}

/* A case that is ok in both. */
static void compare_case(struct tsp_exact *exact, const struct tsp_counted_case *reference,
                         const struct tsp_counted_case *now) {
    struct tsp_difference difference = {.reference_case = reference, .now_case = now};
    ++exact->cases;
    exact->cases_varying += has_varying(reference) || has_varying(now);
    for (size_t i = 0; i < reference->count_count; ++i) {
        difference.reference = &reference->counts[i];
        difference.now = tsp_count_find(now, reference->counts[i].name);
        compare_count(exact, difference);
    }
    for (size_t i = 0; i < now->count_count; ++i) {
        if (tsp_count_find(reference, now->counts[i].name) == NULL) {
            difference.reference = NULL;
            difference.now = &now->counts[i];
            compare_count(exact, difference);
        }
    }
}

static void compare_all(struct tsp_exact *exact, const struct tsp_counts *reference,
                        const struct tsp_counts *now) {
    for (size_t i = 0; i < reference->case_count; ++i) {
        const struct tsp_counted_case *before = &reference->cases[i];
        const struct tsp_counted_case *after = tsp_counts_find(now, before->id);
        if (before->status != TSP_OK) {
            continue; /* what it has now is new */
        }
        if (after != NULL && after->status == TSP_OK) {
            compare_case(exact, before, after);
        } else {
            add(exact, (struct tsp_difference){.kind = after != NULL ? TSP_CASE_ENDED : TSP_CASE_GONE,
                                               .reference_case = before,
                                               .now_case = after});
        }
    }
    for (size_t i = 0; i < now->case_count; ++i) {
        const struct tsp_counted_case *after = &now->cases[i];
        const struct tsp_counted_case *before = tsp_counts_find(reference, after->id);
        if (after->status == TSP_OK && (before == NULL || before->status != TSP_OK)) {
            add(exact,
                (struct tsp_difference){.kind = TSP_CASE_NEW, .reference_case = before, .now_case = after});
        }
    }
}

static void sum_up(struct tsp_exact *exact) {
    const struct tsp_counted_case *last = NULL;
    for (size_t i = 0; i < exact->difference_count; ++i) {
        const struct tsp_difference *difference = &exact->differences[i];
        if (tsp_difference_fails(difference->kind)) {
            exact->counts_moved += difference->reference != NULL;
            exact->cases_moved += difference->reference_case != last;
            last = difference->reference_case;
        }
    }
}

/* At most one difference for each count and case of either side. */
static size_t most(const struct tsp_counts *counts) {
    size_t sum = counts->case_count;
    for (size_t i = 0; i < counts->case_count; ++i) {
        sum += counts->cases[i].count_count;
    }
    return sum;
}

int tsp_exact_compare(struct tsp_exact *exact, const struct tsp_counts *reference,
                      const struct tsp_counts *now, struct tsp_error *error) {
    memset(exact, 0, sizeof *exact);
    if (strcmp(reference->arch, now->arch) != 0) {
        return tsp_error_set(error, "counts of %s cannot be held against a reference of %s", now->arch,
                             reference->arch);
    }
    if (tsp_toolchain_compare(&reference->toolchain, &now->toolchain, error) != 0) {
        return -1;
    }
    size_t room = most(reference) + most(now);
    exact->differences = calloc(room + 1, sizeof *exact->differences);
    if (exact->differences == NULL) {
        return tsp_error_set(error, "no memory for %zu differences", room);
    }
    compare_all(exact, reference, now);
    sum_up(exact);
    if (exact->cases == 0) {
        tsp_exact_free(exact);
        return tsp_error_set(error, "no case has counts in both the reference and the record");
    }
    return 0;
}

void tsp_exact_free(struct tsp_exact *exact) {
    free(exact->differences);
    memset(exact, 0, sizeof *exact);
}
