/* What the exact gate found, as text. */
#include "gate_exact.h"

#include <math.h>
#include <stdio.h>

/* Of cases that are only told. */
enum { NAMES_SHOWN = 6 };

/* "+1, +9.1 %" */
static void print_change(double before, double after) {
    (void)printf(" (%+.15g", after - before);
    if (fabs(before) > 0) {
        (void)printf(", %+.1f %%", 100 * (after - before) / fabs(before));
    }
    (void)puts(")");
}

static void print_difference(const struct tsp_difference *difference) {
    const struct tsp_count *reference = difference->reference;
    const struct tsp_count *now = difference->now;
    switch (difference->kind) {
    case TSP_COUNT_MOVED:
        (void)printf("  %-14s %.15g, reference %.15g", now->name, now->value, reference->value);
        print_change(reference->value, now->value);
        break;
    case TSP_COUNT_UNSETTLED:
        (void)printf("  %-14s not the same every time, reference %.15g\n", now->name, reference->value);
        break;
    case TSP_COUNT_GONE:
        (void)printf("  %-14s not counted", reference->name);
        (void)(reference->varies ? puts("") : printf(", reference %.15g\n", reference->value));
        break;
    case TSP_CASE_ENDED:
        (void)printf("  %s, and was ok: %s\n", tsp_status_name(difference->now_case->status),
                     difference->now_case->reason);
        break;
    case TSP_CASE_GONE:
        (void)puts("  gone: the record does not have it (a part of the cases is judged with --filter)");
        break;
    case TSP_COUNT_SETTLED:
    case TSP_COUNT_NEW:
    case TSP_CASE_NEW:
        break; /* told by print_told() */
    }
}

static void print_failures(const struct tsp_exact *exact, const char *arch) {
    const struct tsp_counted_case *last = NULL;
    for (size_t i = 0; i < exact->difference_count; ++i) {
        const struct tsp_difference *difference = &exact->differences[i];
        if (tsp_difference_fails(difference->kind)) {
            if (difference->reference_case != last) {
                (void)printf("%s %s\n", arch, difference->reference_case->id);
            }
            last = difference->reference_case;
            print_difference(difference);
        }
    }
}

/* "arm64: 7 cases are new …: a, b and 5 more"; several differences of a case are one. */
static void print_told(const struct tsp_exact *exact, const char *arch, enum tsp_difference_kind kind,
                       const char *what) {
    const struct tsp_counted_case *last = NULL;
    size_t cases = 0;
    for (unsigned turn = 0; turn < 2; ++turn) {
        size_t shown = 0;
        last = NULL;
        for (size_t i = 0; i < exact->difference_count; ++i) {
            const struct tsp_difference *difference = &exact->differences[i];
            if (difference->kind == kind && difference->now_case != last) {
                last = difference->now_case;
                cases += turn == 0;
                if (turn == 1 && shown++ < NAMES_SHOWN) {
                    (void)printf("    %s\n", last->id);
                }
            }
        }
        if (cases == 0) {
            return;
        }
        if (turn == 0) {
            (void)printf("%s: %zu case%s %s\n", arch, cases, cases == 1 ? "" : "s", what);
        } else if (shown > NAMES_SHOWN) {
            (void)printf("    and %zu more\n", shown - NAMES_SHOWN);
        }
    }
}

void tsp_print_exact(const struct tsp_exact *exact, const char *arch, const char *path) {
    print_failures(exact, arch);
    print_told(exact, arch, TSP_CASE_NEW, "not in the reference (make reference takes them in):");
    print_told(exact, arch, TSP_COUNT_NEW, "with counts that the reference has not:");
    print_told(exact, arch, TSP_COUNT_SETTLED, "with counts that varied for the reference and do not now:");
    if (exact->cases_varying > 0) {
        (void)printf("%s: %zu case%s with counts that are not the same every time, which are not compared\n",
                     arch, exact->cases_varying, exact->cases_varying == 1 ? "" : "s");
    }
    if (exact->cases_moved == 0) {
        (void)printf("%s: the same: %zu counts of %zu cases, as in %s\n", arch, exact->counts, exact->cases,
                     path);
    } else {
        (void)printf("%s: MOVED: %zu case%s, %zu count%s; %zu counts of %zu cases compared with %s\n", arch,
                     exact->cases_moved, exact->cases_moved == 1 ? "" : "s", exact->counts_moved,
                     exact->counts_moved == 1 ? "" : "s", exact->counts, exact->cases, path);
    }
}
