/* A made-up kernel with a made-up PMU: what the tests of the counters are run against. Times pass only while work is done. */
#ifndef TRANSEPT_TESTS_FAKE_PERF_H
#define TRANSEPT_TESTS_FAKE_PERF_H

#include <errno.h>
#include <string.h>

#include "measure/perf_kernel.h"

#define FAKE_EVENTS 64

struct fake_event {
    bool open;
    struct perf_event_attr attr;
    int leader;
    bool enabled;
    uint64_t value;
    uint64_t time_enabled;
    uint64_t time_running;
};

struct fake_perf {
    struct tsp_perf_kernel kernel;
    struct fake_event events[FAKE_EVENTS];
    int paranoid;
    bool no_pmu;
    int refuse_all;     /* errno of every open, 0: none */
    unsigned slots;     /* events that really count together */
    unsigned group_max; /* events that a group may have before EINVAL */
    bool no_exclude;    /* an event must count in all modes, the hypervisor's too */
    bool u_ignored;     /* :u counts the kernel too */
    double loop_factor; /* what the PMU makes of an instruction: 1 */
    bool rotates;       /* groups share the PMU by turns, one at a time for each work */
    unsigned turn;
    int opens; /* descriptors given out and not closed */
    int mapped;
    struct perf_event_mmap_page *page; /* what map() gives; NULL: refused */
};

/* Events of the made-up PMU, as raw configurations. */
enum { FAKE_ZERO = 0x100, FAKE_FROZEN = 0x101, FAKE_ABSENT = 0x102, FAKE_IDLE = 0x103 };

static bool fake_is_hardware(const struct perf_event_attr *attr) {
    return attr->type != PERF_TYPE_SOFTWARE;
}

/* Groups run as a whole or not at all. */
static bool fake_group_fits(const struct fake_perf *fake, int leader) {
    unsigned size = 0;
    bool idle = false;
    for (int i = 0; i < FAKE_EVENTS; ++i) {
        if (fake->events[i].open && fake->events[i].leader == leader) {
            size += 1;
            idle = idle || fake->events[i].attr.config == FAKE_IDLE;
        }
    }
    return size <= fake->slots && !idle;
}

static unsigned fake_group_size(const struct fake_perf *fake, int leader) {
    unsigned size = 0;
    for (int i = 0; i < FAKE_EVENTS; ++i) {
        size += fake->events[i].open && fake->events[i].leader == leader ? 1 : 0;
    }
    return size;
}

static int fake_open(void *self, struct perf_event_attr *attr, int group) {
    struct fake_perf *fake = self;
    bool kernel = !attr->exclude_kernel;
    if (fake->refuse_all != 0) {
        return -fake->refuse_all;
    }
    if (fake->paranoid >= 3 || (fake->paranoid == 2 && kernel)) {
        return -EACCES;
    }
    if (fake_is_hardware(attr) && (fake->no_pmu || attr->config == FAKE_ABSENT)) {
        return -ENOENT;
    }
    if (fake->no_exclude && (attr->exclude_user || attr->exclude_kernel || attr->exclude_hv)) {
        return -EINVAL;
    }
    int leader = group < 0 ? -1 : group - 100;
    if (leader >= 0 && fake_is_hardware(attr) && fake_group_size(fake, leader) >= fake->group_max) {
        return -EINVAL;
    }
    for (int i = 0; i < FAKE_EVENTS; ++i) {
        if (!fake->events[i].open) {
            fake->events[i] = (struct fake_event){
                .open = true, .attr = *attr, .leader = leader < 0 ? i : leader, .enabled = !attr->disabled};
            fake->opens += 1;
            return 100 + i;
        }
    }
    return -EMFILE;
}

static int fake_enable(void *self, int leader, bool on) {
    struct fake_perf *fake = self;
    for (int i = 0; i < FAKE_EVENTS; ++i) {
        if (fake->events[i].open && fake->events[i].leader == leader - 100) {
            fake->events[i].enabled = on;
        }
    }
    return 0;
}

static long fake_read(void *self, int fd, void *buffer, size_t bytes) {
    struct fake_perf *fake = self;
    uint64_t words[3 + FAKE_EVENTS] = {0};
    const struct fake_event *leader = &fake->events[fd - 100];
    words[1] = leader->time_enabled;
    words[2] = leader->time_running;
    for (int i = 0; i < FAKE_EVENTS; ++i) {
        if (fake->events[i].open && fake->events[i].leader == fd - 100) {
            words[3 + words[0]++] = fake->events[i].value;
        }
    }
    size_t size = (3 + (size_t)words[0]) * sizeof words[0];
    if (bytes < size) {
        return -ENOSPC;
    }
    memcpy(buffer, words, size);
    return (long)size;
}

static struct perf_event_mmap_page *fake_map(void *self, int fd) {
    struct fake_perf *fake = self;
    (void)fd;
    fake->mapped += fake->page != NULL ? 1 : 0;
    return fake->page;
}

static void fake_unmap(void *self, struct perf_event_mmap_page *page) {
    struct fake_perf *fake = self;
    (void)page;
    fake->mapped -= 1;
}

static void fake_close(void *self, int fd) {
    struct fake_perf *fake = self;
    fake->events[fd - 100].open = false;
    fake->opens -= 1;
}

static int fake_paranoid(void *self) {
    const struct fake_perf *fake = self;
    return fake->paranoid;
}

static bool fake_has_pmu(void *self) {
    const struct fake_perf *fake = self;
    return !fake->no_pmu;
}

static void fake_count(const struct fake_perf *fake, struct fake_event *event, enum tsp_known_work work) {
    static const double user[] = {40000, 1e6, 6000, 500000};
    static const double kernel[] = {0, 300, 400000, 90000};
    bool in_user = !event->attr.exclude_user;
    bool in_kernel = !event->attr.exclude_kernel || fake->u_ignored;
    if (!fake_is_hardware(&event->attr) || event->attr.config == FAKE_ZERO ||
        event->attr.config == FAKE_FROZEN) {
        event->value = event->attr.config == FAKE_FROZEN ? 4242 : 0;
        return;
    }
    double more = (in_user ? user[work] : 0) + (in_kernel ? kernel[work] : 0);
    event->value +=
        (uint64_t)(more * (event->attr.config == PERF_COUNT_HW_INSTRUCTIONS ? fake->loop_factor : 0.5));
}

/* Work takes 1000 ns. A group runs when it fits, holds no event that never runs, and, where groups take turns, when it is its turn. */
static void fake_work(void *self, enum tsp_known_work work) {
    struct fake_perf *fake = self;
    int enabled_groups[FAKE_EVENTS];
    unsigned groups = 0;
    for (int i = 0; i < FAKE_EVENTS; ++i) {
        const struct fake_event *event = &fake->events[i];
        if (event->open && event->leader == i && event->enabled && fake_is_hardware(&event->attr)) {
            enabled_groups[groups++] = i;
        }
    }
    int chosen = fake->rotates && groups != 0 ? enabled_groups[fake->turn++ % groups] : -1;
    for (int i = 0; i < FAKE_EVENTS; ++i) {
        struct fake_event *event = &fake->events[i];
        if (!event->open || !event->enabled) {
            continue;
        }
        bool hardware = fake_is_hardware(&event->attr);
        bool fits = fake_group_fits(fake, event->leader);
        event->time_enabled += 1000;
        if (!hardware || (fits && (chosen < 0 || chosen == event->leader))) {
            event->time_running += 1000;
            fake_count(fake, event, work);
        }
    }
}

/* A kernel of paranoia 1 with a good PMU of 6 counters. */
static void fake_perf_make(struct fake_perf *fake) {
    *fake = (struct fake_perf){.paranoid = 1, .slots = 6, .group_max = 7, .loop_factor = 1};
    fake->kernel = (struct tsp_perf_kernel){.self = fake,
                                            .open = fake_open,
                                            .enable = fake_enable,
                                            .read = fake_read,
                                            .map = fake_map,
                                            .unmap = fake_unmap,
                                            .close = fake_close,
                                            .paranoid = fake_paranoid,
                                            .has_pmu = fake_has_pmu,
                                            .work = fake_work};
}

#endif
