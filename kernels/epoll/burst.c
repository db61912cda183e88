/* One connection in sixteen has something to read, all at once: how many events a call may bring decides how many calls there are. */
#include "cases.h"

static int setup_level(struct tsp_bench *bench) {
    return tsp_epoll_setup(bench, (int)tsp_param_int(bench, "maxevents"), 0, 0);
}

/* What is edge-triggered is told once. Level-triggered, the kernel keeps it in mind and looks again at the next call. */
static int setup_edge(struct tsp_bench *bench) {
    return tsp_epoll_setup(bench, (int)tsp_param_int(bench, "maxevents"), 0, EPOLLET);
}

#define BURST(name, prepare, text)                                                                           \
    TSP_KERNEL(.family = "epoll", .kernel = "burst", .variant = name,                                        \
               .summary = "one connection in 16 is ready: until all are handled, " text,                     \
               .params = {{"connections", "256,16384"}, {"maxevents", "1,8,32,128,512"}},                    \
               .mode = TSP_MODE_PER_OP, .run = tsp_epoll_run, .setup = prepare, .before = tsp_epoll_before,  \
               .rewind = tsp_epoll_rewind, .check = tsp_epoll_check, .teardown = tsp_epoll_teardown,         \
               .implementation = "libc epoll_wait(), read()")
BURST("level", setup_level, "level-triggered");
BURST("edge", setup_edge, "edge-triggered");
