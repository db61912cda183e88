/* A message to oneself and back: through an eventfd's counter, through a pipe's buffer. Nobody sleeps, nobody is woken. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <transept/kernel.h>

#include "calls.h"

struct channel {
    unsigned long done;
    int in; /* written to */
    int out;
    long bytes;
    uint64_t message;
    uint64_t answer;
};

static void round_trip(void *state, uint64_t ops) {
    struct channel *channel = state;
    const long bytes = channel->bytes;
    unsigned long done = 0;
    TSP_REPEAT(ops,
               DONE_IF(done, bytes, tsp_syscall3(SYS_write, channel->in, (long)&channel->message, bytes));
               DONE_IF(done, bytes, tsp_syscall3(SYS_read, channel->out, (long)&channel->answer, bytes)));
    channel->done += done;
}

static struct channel *make_channel(struct tsp_bench *bench, long bytes) {
    struct channel *channel = tsp_alloc(bench, sizeof *channel, 64);
    if (channel != NULL) {
        *channel = (struct channel){.in = -1, .out = -1, .bytes = bytes};
        memset(&channel->message, 1, (size_t)bytes);
    }
    bench->state = channel;
    return channel;
}

static int setup_eventfd(struct tsp_bench *bench) {
    struct channel *channel = make_channel(bench, sizeof channel->message);
    if (channel == NULL) {
        return -1;
    }
    channel->in = eventfd(0, EFD_CLOEXEC);
    channel->out = dup(channel->in);
    return channel->out >= 0 ? 0 : tsp_skip(bench, "there is no eventfd to be had: %s", strerror(errno));
}

static int setup_pipe(struct tsp_bench *bench) {
    struct channel *channel = make_channel(bench, 1);
    int ends[2];
    if (channel == NULL) {
        return -1;
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return tsp_skip(bench, "there is no pipe to be had: %s", strerror(errno));
    }
    channel->in = ends[1];
    channel->out = ends[0];
    return 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct channel *channel = bench->state;
    if (ops > 0 && channel->answer != channel->message) {
        return tsp_fail(bench, "what came back is not what was sent");
    }
    return check_done(bench, channel->done, ops, 2);
}

static void teardown(struct tsp_bench *bench) {
    const struct channel *channel = bench->state;
    (void)close(channel->in);
    (void)close(channel->out);
}

TSP_KERNEL(.family = "syscall", .kernel = "eventfd", .variant = "round-trip",
           .summary = "a number written to it and read again", .mode = TSP_MODE_PER_OP, .run = round_trip,
           .setup = setup_eventfd, .check = check, .teardown = teardown,
           .implementation = TSP_IMPL_tsp_syscall3 " (write, read)");
TSP_KERNEL(.family = "syscall", .kernel = "pipe", .variant = "round-trip",
           .summary = "a byte written to it and read again", .mode = TSP_MODE_PER_OP, .run = round_trip,
           .setup = setup_pipe, .check = check, .teardown = teardown,
           .implementation = TSP_IMPL_tsp_syscall3 " (write, read)");
