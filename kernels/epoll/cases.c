#include "cases.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

/* Descriptors left for whatever else a round opens: counters. */
#define SPARE 64

static void make_ready(struct tsp_epoll *epoll) {
    const uint64_t one = 1;
    for (unsigned i = 0; i < epoll->active; ++i) {
        const unsigned connection = epoll->order[epoll->place];
        epoll->place = epoll->place + 1 == epoll->connections ? 0 : epoll->place + 1;
        epoll->broken =
            epoll->broken || write(epoll->files[connection], &one, sizeof one) != (ssize_t)sizeof one;
        epoll->due += connection + 1;
        epoll->written += 1;
    }
}

void tsp_epoll_before(struct tsp_bench *bench) {
    make_ready(bench->state);
}

/* All have been read: from the beginning again. */
void tsp_epoll_rewind(struct tsp_bench *bench) {
    ((struct tsp_epoll *)bench->state)->place = 0;
}

static void handle(struct tsp_epoll *epoll, int ready) {
    for (int i = 0; i < ready; ++i) {
        const unsigned connection = epoll->events[i].data.u32;
        uint64_t message = 0;
        if (read(epoll->files[connection], &message, sizeof message) == (ssize_t)sizeof message &&
            message == 1) {
            epoll->sum += connection + 1;
            epoll->handled += 1;
        }
    }
}

/* A loop that knows how many there are to come, so that it makes no call in vain. */
static void turn(struct tsp_epoll *epoll) {
    const uint64_t until = epoll->handled + epoll->active;
    while (epoll->handled < until && !epoll->broken) {
        const int ready = epoll_wait(epoll->queue, epoll->events, epoll->max_events, 0);
        epoll->waits += 1;
        epoll->broken = ready <= 0;
        handle(epoll, ready);
    }
}

/* The harness runs one op after each `before`. Whoever runs more gets the connections made ready in between, within what is timed. */
void tsp_epoll_run(void *state, uint64_t ops) {
    struct tsp_epoll *epoll = state;
    for (uint64_t i = 0; i < ops; ++i) {
        if (i != 0) {
            make_ready(epoll);
        }
        turn(epoll);
    }
}

unsigned tsp_epoll_fit(unsigned wanted, uint64_t limit, uint64_t open) {
    const uint64_t taken = open + SPARE;
    const uint64_t room = limit > taken ? limit - taken : 0;
    return room >= wanted ? wanted : (unsigned)(room - room % TSP_EPOLL_SHARE);
}

/* The limit on descriptors after as much as is wanted, and the hard limit allows, was asked for. */
static uint64_t raise_limit(uint64_t wanted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 0;
    }
    if (limit.rlim_cur < wanted) {
        const rlim_t before = limit.rlim_cur;
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : (rlim_t)wanted;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
            return before;
        }
    }
    return limit.rlim_cur;
}

/* Random, so that neither memory nor the kernel's tree of descriptors is walked in order (Fisher and Yates). */
static void shuffle(struct tsp_bench *bench, struct tsp_epoll *epoll) {
    for (unsigned i = 0; i < epoll->connections; ++i) {
        const unsigned other = (unsigned)(tsp_random(bench) % (i + 1));
        epoll->order[i] = epoll->order[other];
        epoll->order[other] = i;
    }
}

static int open_connections(struct tsp_bench *bench, struct tsp_epoll *epoll, uint32_t flags) {
    for (unsigned i = 0; i < epoll->connections; ++i) {
        struct epoll_event wanted = {.events = EPOLLIN | flags, .data.u32 = i};
        epoll->files[i] = eventfd(0, EFD_CLOEXEC);
        if (epoll->files[i] < 0 || epoll_ctl(epoll->queue, EPOLL_CTL_ADD, epoll->files[i], &wanted) != 0) {
            (void)tsp_skip(bench, "connection %u of %u cannot be opened: %s", i + 1, epoll->connections,
                           strerror(errno));
            epoll->connections = epoll->files[i] < 0 ? i : i + 1;
            tsp_epoll_teardown(bench);
            return 1;
        }
    }
    return 0;
}

int tsp_epoll_setup(struct tsp_bench *bench, int max_events, unsigned active, uint32_t flags) {
    const unsigned wanted = (unsigned)tsp_param_int(bench, "connections");
    struct tsp_epoll *epoll = tsp_alloc(bench, sizeof *epoll, 64);
    if (epoll == NULL) {
        return -1;
    }
    bench->state = epoll;
    epoll->queue = epoll_create1(EPOLL_CLOEXEC);
    if (epoll->queue < 0) {
        return tsp_skip(bench, "there is no epoll to be had: %s", strerror(errno));
    }
    const uint64_t open = (uint64_t)epoll->queue + 1; /* the lowest number that was free */
    const uint64_t limit = raise_limit(open + wanted + SPARE);
    epoll->connections = tsp_epoll_fit(wanted, limit, open);
    if (epoll->connections == 0) {
        return tsp_skip(bench, "%" PRIu64 " descriptors are too few: raise ulimit -Hn", limit);
    }
    epoll->active = active != 0 ? active : epoll->connections / TSP_EPOLL_SHARE;
    epoll->max_events = max_events;
    shuffle(bench, epoll);
    if (epoll->connections < wanted) {
        tsp_report_remark(bench, "connections", "connections", epoll->connections,
                          "are fewer than %u: the limit on open descriptors is %" PRIu64
                          "; raise it with ulimit -Hn",
                          wanted, limit);
    } else {
        tsp_report(bench, "connections", "connections", epoll->connections);
    }
    if (epoll->active > 1) {
        bench->items = epoll->active;
        bench->item_unit = "event";
    }
    return open_connections(bench, epoll, flags);
}

/* Nothing is ready that was handled, and an event that comes now is seen. */
static int check_queue(struct tsp_bench *bench, struct tsp_epoll *epoll) {
    if (epoll_wait(epoll->queue, epoll->events, 1, 0) != 0) {
        return tsp_fail(bench, "a connection is ready that was handled");
    }
    make_ready(epoll);
    const int ready = epoll_wait(epoll->queue, epoll->events, TSP_EPOLL_EVENTS, 0);
    const unsigned most = epoll->active < TSP_EPOLL_EVENTS ? epoll->active : TSP_EPOLL_EVENTS;
    if (ready != (int)most) {
        return tsp_fail(bench, "%d of %u events that did come were seen", ready, most);
    }
    return 0;
}

int tsp_epoll_check(struct tsp_bench *bench, uint64_t ops) {
    struct tsp_epoll *epoll = bench->state;
    const unsigned at_once = (unsigned)epoll->max_events;
    const uint64_t waits = ops * ((epoll->active + at_once - 1) / at_once);
    if (epoll->broken) {
        return tsp_fail(bench, "a call failed, or saw no event where some had come");
    }
    if (epoll->handled != ops * epoll->active || epoll->sum != epoll->due) {
        return tsp_fail(bench,
                        "%" PRIu64 " events were handled, not %" PRIu64
                        ", or not of those connections that were written to",
                        epoll->handled, ops * epoll->active);
    }
    if (epoll->waits != waits) {
        return tsp_fail(bench, "%" PRIu64 " calls of epoll_wait(), not %" PRIu64, epoll->waits, waits);
    }
    if (epoll->handled > 0) {
        tsp_report(bench, "waits", "calls/1000 ev.", 1e3 * (double)epoll->waits / (double)epoll->handled);
    }
    return check_queue(bench, epoll);
}

void tsp_epoll_teardown(struct tsp_bench *bench) {
    const struct tsp_epoll *epoll = bench->state;
    for (unsigned i = 0; i < epoll->connections; ++i) {
        (void)close(epoll->files[i]);
    }
    (void)close(epoll->queue);
}
