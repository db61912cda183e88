/* One connection of many has something to read: from there to its having been read, a latency of single events. */
#include "cases.h"

static int setup(struct tsp_bench *bench) {
    return tsp_epoll_setup(bench, TSP_EPOLL_EVENTS, 1, 0);
}

TSP_KERNEL(.family = "epoll", .kernel = "single", .variant = "level",
           .summary = "one connection is ready: from there to its having been read",
           .params = {{"connections", "1,256,16384"}}, .mode = TSP_MODE_PER_OP, .run = tsp_epoll_run,
           .setup = setup, .before = tsp_epoll_before, .rewind = tsp_epoll_rewind, .check = tsp_epoll_check,
           .teardown = tsp_epoll_teardown, .implementation = "libc epoll_wait(), read()");
