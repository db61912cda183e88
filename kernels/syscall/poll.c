/* Asking whether anything has happened, where nothing has: an event loop's turn without events. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <transept/kernel.h>

#include "calls.h"

struct watch {
    unsigned long done;
    int source; /* an eventfd to which nobody has written */
    int epoll;
    struct pollfd poller;
    struct epoll_event event;
};

static void by_poll(void *state, uint64_t ops) {
    struct watch *watch = state;
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, 0, poll(&watch->poller, 1, 0)));
    watch->done += done;
}

static void by_epoll(void *state, uint64_t ops) {
    struct watch *watch = state;
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, 0, epoll_wait(watch->epoll, &watch->event, 1, 0)));
    watch->done += done;
}

static int setup(struct tsp_bench *bench) {
    struct watch *watch = tsp_alloc(bench, sizeof *watch, 64);
    if (watch == NULL) {
        return -1;
    }
    bench->state = watch;
    watch->source = eventfd(0, EFD_CLOEXEC);
    watch->epoll = epoll_create1(EPOLL_CLOEXEC);
    watch->poller = (struct pollfd){.fd = watch->source, .events = POLLIN};
    struct epoll_event wanted = {.events = EPOLLIN};
    if (watch->source < 0 || watch->epoll < 0 ||
        epoll_ctl(watch->epoll, EPOLL_CTL_ADD, watch->source, &wanted) != 0) {
        return tsp_skip(bench, "there is no eventfd or epoll to be had: %s", strerror(errno));
    }
    return 0;
}

/* Both must see the event that comes now: so they did look there. */
static int check(struct tsp_bench *bench, uint64_t ops) {
    struct watch *watch = bench->state;
    uint64_t one = 1;
    if (write(watch->source, &one, sizeof one) != (ssize_t)sizeof one || poll(&watch->poller, 1, 0) != 1 ||
        epoll_wait(watch->epoll, &watch->event, 1, 0) != 1) {
        return tsp_fail(bench, "an event that did come was not seen");
    }
    return check_done(bench, watch->done, ops, 1);
}

static void teardown(struct tsp_bench *bench) {
    const struct watch *watch = bench->state;
    (void)close(watch->source);
    (void)close(watch->epoll);
}

TSP_KERNEL(.family = "syscall", .kernel = "poll", .variant = "libc",
           .summary = "one descriptor, nothing has happened", .mode = TSP_MODE_PER_OP, .run = by_poll,
           .setup = setup, .check = check, .teardown = teardown, .implementation = "libc poll()");
TSP_KERNEL(.family = "syscall", .kernel = "epoll_wait", .variant = "libc",
           .summary = "one descriptor, nothing has happened", .mode = TSP_MODE_PER_OP, .run = by_epoll,
           .setup = setup, .check = check, .teardown = teardown, .implementation = "libc epoll_wait()");
