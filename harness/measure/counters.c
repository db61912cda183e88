/* A set of counters from every source: opened, read, closed. */
#include "measure/counters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/perf_names.h"

/* What became of the perf events, copied to where the caller looks. */
static void take_statuses(struct tsp_counters *counters) {
    for (size_t i = 0; i < counters->count; ++i) {
        if (counters->events[i] >= 0) {
            const struct tsp_perf_event *event = &counters->perf.events[counters->events[i]];
            counters->list[i].status = event->status;
            memcpy(counters->list[i].reason, event->reason, sizeof counters->list[i].reason);
        }
    }
}

/* The session's verdict stands over what opened well here; a refusal here needs no verdict. */
static void take_verdicts(struct tsp_counters *counters, const struct tsp_verdicts *verdicts) {
    for (size_t i = 0; i < counters->count; ++i) {
        struct tsp_counter *counter = &counters->list[i];
        for (unsigned k = 0; k < verdicts->count && counter->status == TSP_COUNTER_OK; ++k) {
            const struct tsp_verdict *verdict = &verdicts->of[k];
            if (strcmp(verdict->name, counter->name) == 0) {
                counter->status = verdict->status;
                memcpy(counter->reason, verdict->reason, sizeof counter->reason);
            }
        }
    }
}

int tsp_counters_open_on(struct tsp_counters **counters, const char *names,
                         const struct tsp_verdicts *verdicts, const struct tsp_perf_kernel *kernel,
                         const struct tsp_perf_cpu *cpu, const char *page_path, struct tsp_error *error) {
    struct tsp_counters *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return tsp_error_set(error, "counters: no memory");
    }
    made->perf.kernel = kernel;
    made->perf.cpu = cpu;
    char page_problem[TSP_REASON_MAX] = "";
    (void)tsp_page_open(&made->page, page_path, page_problem, sizeof page_problem);
    if (tsp_counters_list(made, names, page_problem, error) != 0) {
        tsp_counters_close(made);
        return -1;
    }
    tsp_perf_set_open(&made->perf);
    take_statuses(made);
    if (verdicts != NULL) {
        take_verdicts(made, verdicts);
    } else {
        tsp_counters_test(made);
    }
    for (unsigned g = 0; g < made->perf.group_count; ++g) {
        tsp_perf_group_enable(&made->perf, g, true);
    }
    *counters = made;
    return 0;
}

int tsp_counters_open_checked(struct tsp_counters **counters, const char *names,
                              const struct tsp_verdicts *verdicts, struct tsp_error *error) {
    const char *path = getenv(TSP_PAGE_ENVIRONMENT); /* NOLINT(concurrency-mt-unsafe): nobody sets it */
    return tsp_counters_open_on(counters, names, verdicts, tsp_perf_kernel_linux(), tsp_perf_cpu_here(), path,
                                error);
}

int tsp_counters_open(struct tsp_counters **counters, const char *names, struct tsp_error *error) {
    return tsp_counters_open_checked(counters, names, NULL, error);
}

int tsp_counters_check(struct tsp_verdicts *verdicts, const char *names, struct tsp_error *error) {
    struct tsp_counters *counters = NULL;
    *verdicts = (struct tsp_verdicts){.count = 0};
    if (tsp_counters_open(&counters, names, error) != 0 || counters == NULL) {
        return -1;
    }
    for (size_t i = 0; i < counters->count; ++i) {
        struct tsp_verdict *verdict = &verdicts->of[verdicts->count++];
        memcpy(verdict->name, counters->list[i].name, sizeof verdict->name);
        verdict->status = counters->list[i].status;
        memcpy(verdict->reason, counters->list[i].reason, sizeof verdict->reason);
    }
    tsp_counters_close(counters);
    return 0;
}

void tsp_counters_close(struct tsp_counters *counters) {
    if (counters != NULL) {
        tsp_perf_set_close(&counters->perf);
        tsp_page_close(&counters->page);
        free(counters);
    }
}

size_t tsp_counters_count(const struct tsp_counters *counters) {
    return counters->count;
}

const struct tsp_counter *tsp_counters_get(const struct tsp_counters *counters, size_t i) {
    return i < counters->count ? &counters->list[i] : NULL;
}

/* Place of the group among those that compete for the PMU, or -1. */
static int turn_of_group(const struct tsp_counters *counters, unsigned group) {
    int turn = 0;
    for (unsigned g = 0; g < group; ++g) {
        turn += counters->perf.groups[g].hardware ? 1 : 0;
    }
    return counters->perf.groups[group].hardware ? turn : -1;
}

unsigned tsp_counters_turns(const struct tsp_counters *counters) {
    unsigned turns = 0;
    for (unsigned g = 0; g < counters->perf.group_count; ++g) {
        turns += counters->perf.groups[g].hardware ? 1 : 0;
    }
    return turns > 0 ? turns : 1;
}

void tsp_counters_take_turn(struct tsp_counters *counters, unsigned turn) {
    for (unsigned g = 0; g < counters->perf.group_count; ++g) {
        int group_turn = turn_of_group(counters, g);
        if (group_turn >= 0) {
            tsp_perf_group_enable(&counters->perf, g, group_turn == (int)turn);
        }
    }
}

bool tsp_counters_in_turn(const struct tsp_counters *counters, size_t i, unsigned turn) {
    for (unsigned g = 0; g < counters->perf.group_count; ++g) {
        const struct tsp_perf_group *group = &counters->perf.groups[g];
        for (unsigned m = 0; m < group->count && group->hardware; ++m) {
            if (counters->events[i] == (int)group->members[m]) {
                return turn_of_group(counters, g) == (int)turn;
            }
        }
    }
    return turn == 0;
}

void tsp_counters_read(struct tsp_counters *counters, struct tsp_reading *readings) {
    struct tsp_reading events[TSP_COUNTERS_MAX] = {{0}};
    struct tsp_reading cells[TSP_PAGE_COUNTERS_MAX] = {{0}};
    for (unsigned g = 0; g < counters->perf.group_count; ++g) {
        tsp_perf_group_read(&counters->perf, g, events);
    }
    if (counters->page.mapping != NULL) {
        tsp_page_read(&counters->page, cells);
    }
    for (size_t i = 0; i < counters->count; ++i) {
        readings[i] = (struct tsp_reading){0, 0, 0};
        if (counters->events[i] >= 0) {
            readings[i] = events[counters->events[i]];
        } else if (counters->cells[i] >= 0) {
            readings[i] = cells[counters->cells[i]];
        }
    }
}
