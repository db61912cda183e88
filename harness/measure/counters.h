/* Inside a set of counters: its two sources and how they make one list. */
#ifndef TRANSEPT_MEASURE_COUNTERS_H
#define TRANSEPT_MEASURE_COUNTERS_H

#include "measure/counters_page.h"
#include "measure/perf_group.h"
#include "measure/reading.h"
#include "transept/measure.h"

struct tsp_counters {
    size_t count;
    struct tsp_counter list[TSP_COUNTERS_MAX];
    enum tsp_counter_kind kinds[TSP_COUNTERS_MAX];
    int events[TSP_COUNTERS_MAX]; /* place in perf.events, or -1 */
    int cells[TSP_COUNTERS_MAX];  /* place in the page, or -1 */
    struct tsp_perf_set perf;
    struct tsp_page page;
};

/** tsp_counters_open_checked() on a given kernel and page path; `cpu` NULL: no reading in user space. */
int tsp_counters_open_on(struct tsp_counters **counters, const char *names,
                         const struct tsp_verdicts *verdicts, const struct tsp_perf_kernel *kernel,
                         const struct tsp_perf_cpu *cpu, const char *page_path, struct tsp_error *error);

/** Makes the list from names and page; nothing is opened for perf yet. */
int tsp_counters_list(struct tsp_counters *counters, const char *names, const char *page_problem,
                      struct tsp_error *error);

/** The known-loop test, group by group: sets the status and reason of counters that are ok so far. Leaves all groups stopped. */
void tsp_counters_test(struct tsp_counters *counters);

#endif
