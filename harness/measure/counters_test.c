/* The known-loop test: work whose counts are known, under one group of counters after the other. */
#include <math.h>

#include "measure/counters.h"

enum { EMPTY, LOOP, CALLS, MIXED, PARTS, LOOP_TRIES = 3 };

/* A part's readings, before and after. */
struct part {
    struct tsp_reading before[TSP_COUNTERS_MAX];
    struct tsp_reading after[TSP_COUNTERS_MAX];
};

/* The reading function of a source; `group` is meaningless to the page. */
typedef void read_source(struct tsp_counters *counters, unsigned group, struct tsp_reading *readings);

static void read_perf(struct tsp_counters *counters, unsigned group, struct tsp_reading *readings) {
    tsp_perf_group_read(&counters->perf, group, readings);
}

static void read_page(struct tsp_counters *counters, unsigned group, struct tsp_reading *readings) {
    (void)group;
    tsp_page_read(&counters->page, readings);
}

static void run_part(struct tsp_counters *counters, read_source *read, unsigned group, int part,
                     struct part *parts) {
    static const enum tsp_known_work works[PARTS] = {
        [LOOP] = TSP_WORK_LOOP, [CALLS] = TSP_WORK_CALLS, [MIXED] = TSP_WORK_MIXED};
    const struct tsp_perf_kernel *kernel = counters->perf.kernel;
    read(counters, group, parts[part].before);
    if (part != EMPTY) {
        kernel->work(kernel->self, works[part]);
    }
    read(counters, group, parts[part].after);
}

static double part_difference(const struct part *part, unsigned place) {
    const struct tsp_reading *before = &part->before[place];
    const struct tsp_reading *after = &part->after[place];
    if (after->enabled == before->enabled) {
        return (double)(after->value -
                        before->value); /* shorter than a tick of the kernel's clock: nothing to scale */
    }
    double share;
    return tsp_reading_difference(before, after, &share);
}

/* Runs all the work under one group (or the page); the loop several times, of which the least is taken: interrupts only add. */
static void run_work(struct tsp_counters *counters, read_source *read, unsigned group, struct part *parts,
                     double *loops) {
    run_part(counters, read, group, EMPTY, parts);
    for (int i = 0; i < LOOP_TRIES; ++i) {
        run_part(counters, read, group, LOOP, parts);
        for (unsigned place = 0; place < TSP_COUNTERS_MAX; ++place) {
            double loop = part_difference(&parts[LOOP], place);
            loops[place] = i == 0 ? loop : fmin(loops[place], loop);
        }
    }
    run_part(counters, read, group, CALLS, parts);
    run_part(counters, read, group, MIXED, parts);
}

static void judge(struct tsp_counters *counters, size_t i, unsigned place, const struct part *parts,
                  const double *loops) {
    struct tsp_counter *counter = &counters->list[i];
    double share;
    struct tsp_counter_trial trial = {
        .empty = part_difference(&parts[EMPTY], place),
        .loop = loops[place],
        .calls = part_difference(&parts[CALLS], place),
        .all = tsp_reading_difference(&parts[EMPTY].before[place], &parts[MIXED].after[place], &share),
        .last = (double)parts[MIXED].after[place].value,
    };
    counter->status = tsp_counter_judge(counters->kinds[i], &trial, counter->reason, sizeof counter->reason);
}

static void test_group(struct tsp_counters *counters, unsigned group) {
    struct part parts[PARTS] = {0};
    double loops[TSP_COUNTERS_MAX] = {0};
    tsp_perf_group_enable(&counters->perf, group, true);
    run_work(counters, read_perf, group, parts, loops);
    tsp_perf_group_enable(&counters->perf, group, false);
    const struct tsp_perf_group *tested = &counters->perf.groups[group];
    for (unsigned m = 0; m < tested->count; ++m) {
        for (size_t i = 0; i < counters->count; ++i) {
            if (counters->events[i] == (int)tested->members[m]) {
                judge(counters, i, tested->members[m], parts, loops);
            }
        }
    }
}

static void test_page(struct tsp_counters *counters) {
    struct part parts[PARTS] = {0};
    double loops[TSP_COUNTERS_MAX] = {0};
    run_work(counters, read_page, 0, parts, loops);
    for (size_t i = 0; i < counters->count; ++i) {
        if (counters->cells[i] >= 0) {
            judge(counters, i, (unsigned)counters->cells[i], parts, loops);
        }
    }
}

void tsp_counters_test(struct tsp_counters *counters) {
    for (unsigned g = 0; g < counters->perf.group_count; ++g) {
        if (counters->perf.groups[g].hardware) { /* the kernel's own counters need no trial */
            test_group(counters, g);
        }
    }
    if (counters->page.mapping != NULL) {
        test_page(counters);
    }
}
