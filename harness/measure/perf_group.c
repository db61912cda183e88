/* Opening events in groups. What a PMU takes together cannot be asked, only tried. */
#include "measure/perf_group.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "measure/perf_names.h"
#include "measure/perf_reason.h"

static void refuse(struct tsp_perf_set *set, struct tsp_perf_event *event, int error) {
    const struct tsp_perf_kernel *kernel = set->kernel;
    struct tsp_perf_refusal refusal = {
        .error = error,
        .paranoid = kernel->paranoid(kernel->self),
        .hardware = tsp_perf_is_hardware(&event->attr),
        .counts_kernel = !event->attr.exclude_kernel,
        .has_pmu = kernel->has_pmu(kernel->self),
    };
    event->status = tsp_perf_refusal_explain(&refusal, event->reason, sizeof event->reason);
}

/* Only leaders start stopped: a group's members follow their leader. A PMU that cannot leave any mode out (RISC-V without Sscofpmf:
 * PERF_PMU_CAP_NO_EXCLUDE) refuses even an event of user and kernel for the hypervisor and the guests that it leaves out: it has them. */
static int open_event(struct tsp_perf_set *set, struct tsp_perf_event *event, int leader) {
    struct perf_event_attr *attr = &event->attr;
    attr->disabled = leader < 0;
    event->fd = set->kernel->open(set->kernel->self, attr, leader);
    bool all_modes = !attr->exclude_user && !attr->exclude_kernel;
    if (event->fd == -EINVAL && all_modes && (attr->exclude_hv || attr->exclude_guest)) {
        struct perf_event_attr wider = *attr;
        wider.exclude_hv = 0;
        wider.exclude_guest = 0;
        event->fd = set->kernel->open(set->kernel->self, &wider, leader);
    }
    return event->fd;
}

static void close_group(struct tsp_perf_set *set, const struct tsp_perf_group *group) {
    /* Members before their leader, lest they become groups of their own. */
    for (unsigned i = group->count; i-- > 0;) {
        struct tsp_perf_event *event = &set->events[group->members[i]];
        if (event->page != NULL) {
            set->kernel->unmap(set->kernel->self, event->page);
            event->page = NULL;
        }
        set->kernel->close(set->kernel->self, event->fd);
        event->fd = -1;
    }
}

static bool group_runs(struct tsp_perf_set *set, unsigned group) {
    struct tsp_reading readings[TSP_COUNTERS_MAX];
    const struct tsp_perf_group *tried = &set->groups[group];
    tsp_perf_group_enable(set, group, true);
    set->kernel->work(set->kernel->self, TSP_WORK_SHORT);
    tsp_perf_group_read(set, group, readings);
    tsp_perf_group_enable(set, group, false);
    /* Where no time has passed by the kernel's clock, nothing is proved. */
    const struct tsp_reading *leader = &readings[tried->members[0]];
    return leader->running != 0 || leader->enabled == 0;
}

/* Puts the listed events into new groups at the end of the set: a refused one begins a group of its own, or is refused for good. */
static void open_list(struct tsp_perf_set *set, const unsigned *list, unsigned count, bool hardware) {
    struct tsp_perf_group *group = NULL;
    for (unsigned i = 0; i < count; ++i) {
        struct tsp_perf_event *event = &set->events[list[i]];
        int leader = group != NULL ? set->events[group->members[0]].fd : -1;
        int fd = open_event(set, event, leader);
        if (fd < 0 && group != NULL) {
            fd = open_event(set, event, -1);
            group = fd >= 0 ? NULL : group;
        }
        if (fd < 0) {
            refuse(set, event, -fd);
            event->fd = -1;
            continue;
        }
        if (group == NULL) {
            group = &set->groups[set->group_count++];
            *group = (struct tsp_perf_group){.hardware = hardware};
        }
        group->members[group->count++] = list[i];
    }
}

/* Proves the groups from `first` on; one that does not run makes way for its halves, which are proved in their turn. */
static void prove_from(struct tsp_perf_set *set, unsigned first) {
    while (first < set->group_count) {
        if (group_runs(set, first)) {
            first += 1;
            continue;
        }
        struct tsp_perf_group failed = set->groups[first];
        close_group(set, &failed);
        set->group_count -= 1;
        set->groups[first] = set->groups[set->group_count];
        if (failed.count == 1) {
            struct tsp_perf_event *event = &set->events[failed.members[0]];
            event->status = TSP_COUNTER_UNSUPPORTED;
            (void)snprintf(event->reason, sizeof event->reason,
                           "opens but never runs: the PMU cannot count it, or others hold all its counters");
        } else {
            unsigned half = (failed.count + 1) / 2;
            open_list(set, failed.members, half, true);
            open_list(set, failed.members + half, failed.count - half, true);
        }
    }
}

/* All of a group's members or none: readings of one group must be of the same moment and kind. */
static void map_group(struct tsp_perf_set *set, unsigned index) {
    struct tsp_perf_group *group = &set->groups[index];
    bool all = group->hardware && set->cpu != NULL;
    tsp_perf_group_enable(set, index, true); /* some kernels fill in the page only while the event counts */
    for (unsigned i = 0; i < group->count && all; ++i) {
        struct tsp_perf_event *event = &set->events[group->members[i]];
        event->page = set->kernel->map(set->kernel->self, event->fd);
        all = event->page != NULL && tsp_perf_user_can(event->page);
    }
    tsp_perf_group_enable(set, index, false);
    group->in_user_space = all;
    for (unsigned i = 0; i < group->count && !all; ++i) {
        struct tsp_perf_event *event = &set->events[group->members[i]];
        if (event->page != NULL) {
            set->kernel->unmap(set->kernel->self, event->page);
            event->page = NULL;
        }
    }
}

void tsp_perf_set_open(struct tsp_perf_set *set) {
    unsigned software[TSP_COUNTERS_MAX];
    unsigned hardware[TSP_COUNTERS_MAX];
    unsigned software_count = 0;
    unsigned hardware_count = 0;
    for (unsigned i = 0; i < set->event_count; ++i) {
        set->events[i].fd = -1;
        set->events[i].page = NULL;
        if (set->events[i].status != TSP_COUNTER_OK) {
            continue;
        }
        if (tsp_perf_is_hardware(&set->events[i].attr)) {
            hardware[hardware_count++] = i;
        } else {
            software[software_count++] = i;
        }
    }
    set->group_count = 0;
    open_list(set, software, software_count, false);
    unsigned first = set->group_count;
    open_list(set, hardware, hardware_count, true);
    prove_from(set, first);
    for (unsigned g = first; g < set->group_count; ++g) {
        map_group(set, g);
    }
}

void tsp_perf_group_enable(struct tsp_perf_set *set, unsigned group, bool on) {
    const struct tsp_perf_event *leader = &set->events[set->groups[group].members[0]];
    (void)set->kernel->enable(set->kernel->self, leader->fd, on);
}

void tsp_perf_group_read(const struct tsp_perf_set *set, unsigned group, struct tsp_reading *readings) {
    const struct tsp_perf_group *read = &set->groups[group];
    if (read->in_user_space) {
        for (unsigned i = 0; i < read->count; ++i) {
            readings[read->members[i]] = tsp_perf_user_read(set->events[read->members[i]].page, set->cpu);
        }
        return;
    }
    /* PERF_FORMAT_GROUP: how many, time enabled, time running, then the values. */
    uint64_t words[3 + TSP_COUNTERS_MAX] = {0};
    size_t bytes = (3 + (size_t)read->count) * sizeof words[0];
    const struct tsp_perf_event *leader = &set->events[read->members[0]];
    bool got = set->kernel->read(set->kernel->self, leader->fd, words, bytes) == (long)bytes &&
               words[0] == read->count;
    for (unsigned i = 0; i < read->count; ++i) {
        readings[read->members[i]] =
            got ? (struct tsp_reading){words[3 + i], words[1], words[2]} : (struct tsp_reading){0, 0, 0};
    }
}

void tsp_perf_set_close(struct tsp_perf_set *set) {
    for (unsigned g = set->group_count; g-- > 0;) {
        close_group(set, &set->groups[g]);
    }
    set->group_count = 0;
}
