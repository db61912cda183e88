/* From the user's comma-separated names to a list of counters. */
#include <stdio.h>
#include <string.h>

#include "measure/counters.h"
#include "measure/nearest.h"
#include "measure/perf_names.h"

static const char *const page_names[] = {TSP_PAGE_NAMES};

const char *tsp_counter_page_name(size_t index) {
    return index < sizeof page_names / sizeof page_names[0] ? page_names[index] : NULL;
}

void tsp_counter_each_name(void (*visit)(void *context, const char *name), void *context) {
    tsp_perf_each_name(visit, context);
}

static struct tsp_counter *add(struct tsp_counters *counters, const char *name, enum tsp_evidence evidence,
                               struct tsp_error *error) {
    if (counters->count == TSP_COUNTERS_MAX) {
        (void)tsp_error_set(
            error,
            "counter '%s': more than %d counters (%u of them the emulator's): name fewer with --counters",
            name, TSP_COUNTERS_MAX, counters->page.counter_count);
        return NULL;
    }
    size_t i = counters->count++;
    struct tsp_counter *counter = &counters->list[i];
    *counter = (struct tsp_counter){.unit = "count/op", .evidence = evidence, .status = TSP_COUNTER_OK};
    (void)snprintf(counter->name, sizeof counter->name, "%s", name);
    counters->events[i] = -1;
    counters->cells[i] = -1;
    return counter;
}

/* By its name or, for a modelled one ("l1d-misses:zen-4"), by the part before its core. */
static bool listed(const struct tsp_counters *counters, const char *name) {
    size_t length = strlen(name);
    for (size_t i = 0; i < counters->count; ++i) {
        const struct tsp_counter *counter = &counters->list[i];
        bool begins = strncmp(counter->name, name, length) == 0;
        if (begins && (counter->name[length] == '\0' ||
                       (counter->evidence == TSP_MODELLED && counter->name[length] == ':'))) {
            return true;
        }
    }
    return false;
}

static int add_page_counters(struct tsp_counters *counters, struct tsp_error *error) {
    for (unsigned i = 0; i < counters->page.counter_count; ++i) {
        const struct tsp_page_counter *cell = &counters->page.counters[i];
        if (add(counters, cell->name, cell->evidence == TSP_PAGE_MODELLED ? TSP_MODELLED : TSP_COUNTED,
                error) == NULL) {
            return -1;
        }
        counters->cells[counters->count - 1] = (int)i;
        counters->kinds[counters->count - 1] =
            strcmp(cell->name, "instructions") == 0 ? TSP_COUNTS_INSTRUCTIONS : TSP_COUNTS_SOFTWARE;
    }
    return 0;
}

static void offer(void *context, const char *name) {
    tsp_nearest_offer(context, name);
}

static int unknown_name(const char *name, const char *why, struct tsp_error *error) {
    /* Suggestions are for the base name; the modifiers are the user's own. */
    char base[TSP_NEAREST_LENGTH];
    (void)snprintf(base, sizeof base, "%.*s", (int)strcspn(name, ":"), name);
    struct tsp_nearest nearest = {.wanted = base};
    tsp_perf_each_name(offer, &nearest);
    for (size_t i = 0; i < sizeof page_names / sizeof page_names[0]; ++i) {
        tsp_nearest_offer(&nearest, page_names[i]);
    }
    char names[3 * (TSP_NEAREST_LENGTH + 2)];
    tsp_nearest_list(&nearest, names, sizeof names);
    return names[0] != '\0'
               ? tsp_error_set(error, "unknown counter '%s' (%s); the nearest known: %s", name, why, names)
               : tsp_error_set(
                     error,
                     "unknown counter '%s' (%s); names are libpfm4's, or perf's such as instructions:u", name,
                     why);
}

static bool is_page_name(const char *name) {
    for (size_t i = 0; i < sizeof page_names / sizeof page_names[0]; ++i) {
        /* Plain "instructions" is the PMU's where there is no page. */
        if (strcmp(page_names[i], name) == 0 && strcmp(name, "instructions") != 0) {
            return true;
        }
    }
    return false;
}

static int add_named(struct tsp_counters *counters, const char *name, const char *page_problem,
                     struct tsp_error *error) {
    if (listed(counters, name)) {
        return 0;
    }
    struct perf_event_attr attr;
    char reason[TSP_REASON_MAX] = "";
    bool page_only = is_page_name(name);
    enum tsp_perf_name known =
        page_only ? TSP_NAME_ABSENT : tsp_perf_encode(name, &attr, reason, sizeof reason);
    if (known == TSP_NAME_UNKNOWN) {
        return unknown_name(name, reason, error);
    }
    if (page_only) {
        (void)snprintf(reason, sizeof reason, "%s",
                       page_problem[0] != '\0'
                           ? page_problem
                           : "counted under the emulator's plugin only, which is not at work here");
    }
    struct tsp_counter *counter = add(counters, name, page_only ? TSP_COUNTED : TSP_MEASURED, error);
    if (counter == NULL) {
        return -1;
    }
    if (known == TSP_NAME_ABSENT) {
        counter->status = TSP_COUNTER_UNSUPPORTED;
        (void)snprintf(counter->reason, sizeof counter->reason, "%s", reason);
        counters->kinds[counters->count - 1] = TSP_COUNTS_SOFTWARE;
        return 0;
    }
    unsigned event = counters->perf.event_count++;
    counters->perf.events[event] = (struct tsp_perf_event){.attr = attr, .fd = -1, .status = TSP_COUNTER_OK};
    counters->events[counters->count - 1] = (int)event;
    counters->kinds[counters->count - 1] = tsp_perf_kind(name, &attr);
    return 0;
}

int tsp_counters_list(struct tsp_counters *counters, const char *names, const char *page_problem,
                      struct tsp_error *error) {
    if (add_page_counters(counters, error) != 0) {
        return -1;
    }
    if (page_problem[0] != '\0') {
        /* A page was promised and cannot be used: its chief counter says so in its stead. */
        struct tsp_counter *counter = add(counters, "instructions", TSP_COUNTED, error);
        if (counter == NULL) {
            return -1;
        }
        counter->status = TSP_COUNTER_UNSUPPORTED;
        (void)snprintf(counter->reason, sizeof counter->reason, "%s", page_problem);
        counters->kinds[0] = TSP_COUNTS_SOFTWARE;
    }
    if (strcmp(names, "none") == 0) {
        return 0;
    }
    while (*names != '\0') {
        size_t length = strcspn(names, ",");
        const char *begin = names + strspn(names, " \t");
        size_t trimmed = begin < names + length ? (size_t)(names + length - begin) : 0;
        while (trimmed > 0 && (begin[trimmed - 1] == ' ' || begin[trimmed - 1] == '\t')) {
            trimmed -= 1;
        }
        char name[TSP_NAME_MAX];
        if (trimmed >= sizeof name) {
            return tsp_error_set(error, "counter '%.*s': a name has %zu characters at most", (int)trimmed,
                                 begin, sizeof name - 1);
        }
        memcpy(name, begin, trimmed);
        name[trimmed] = '\0';
        if (trimmed != 0 && add_named(counters, name, page_problem, error) != 0) {
            return -1;
        }
        names += length + (names[length] == ',' ? 1 : 0);
    }
    return 0;
}
