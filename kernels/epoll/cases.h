/*
 * Many connections, few of them with something to read: an event loop's turn.
 *
 * A connection is an eventfd: one descriptor, as a server's end of a connection is, and made readable by whoever writes to it. Before each op,
 * where no time is taken, the next connections in a random order are written to. The op waits for them and reads each one.
 */
#ifndef KERNELS_EPOLL_CASES_H
#define KERNELS_EPOLL_CASES_H

#include <stdbool.h>
#include <sys/epoll.h>

#include <transept/kernel.h>

/** One connection in so many is active. */
#define TSP_EPOLL_SHARE 16U

/** Most connections and events that cases ask for: for memory of fixed size. */
#define TSP_EPOLL_CONNECTIONS 16384U
#define TSP_EPOLL_EVENTS      512

struct tsp_epoll {
    int queue;
    int max_events;
    unsigned connections;
    unsigned active;  /* connections that an op has to handle */
    unsigned place;   /* in `order`: the next to be active */
    uint64_t handled; /* events, since setup */
    uint64_t waits;   /* calls of epoll_wait() */
    uint64_t sum;     /* of the numbers of connections that were handled, each once more than it is */
    uint64_t due;     /* the same of those that were written to */
    uint64_t written; /* how many those are */
    bool broken;      /* a call did not do what it should */
    struct epoll_event events[TSP_EPOLL_EVENTS];
    unsigned order[TSP_EPOLL_CONNECTIONS];
    int files[TSP_EPOLL_CONNECTIONS];
};

/** Opens the connections, or as many as the limit on descriptors allows, which it says; `active` of them at a time (0: the share).
 *  `flags` for epoll_ctl() beside EPOLLIN. Returns what a setup returns. */
int tsp_epoll_setup(struct tsp_bench *bench, int max_events, unsigned active, uint32_t flags);
void tsp_epoll_before(struct tsp_bench *bench);
void tsp_epoll_rewind(struct tsp_bench *bench);
int tsp_epoll_check(struct tsp_bench *bench, uint64_t ops);
void tsp_epoll_teardown(struct tsp_bench *bench);
tsp_body tsp_epoll_run;

/** How many connections of `wanted` there can be, a multiple of TSP_EPOLL_SHARE, when this many descriptors may be open and so many are. Pure. */
unsigned tsp_epoll_fit(unsigned wanted, uint64_t limit, uint64_t open);

#endif
