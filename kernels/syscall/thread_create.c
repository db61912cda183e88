/* A thread made, run and joined. libc keeps its stack for the next one, as it does for any program that makes many. */
#include <pthread.h>
#include <string.h>

#include <transept/kernel.h>

#include "calls.h"

/* The same on every system, whatever `ulimit -s` says. */
#define STACK_BYTES ((size_t)256 << 10)

struct threads {
    unsigned long done;
    unsigned long ran; /* counted by the threads, one at a time */
    pthread_attr_t attributes;
};

static void *be_thread(void *argument) {
    struct threads *threads = argument;
    threads->ran += 1;
    return NULL;
}

static inline int make_and_join(struct threads *threads) {
    pthread_t thread;
    int error = pthread_create(&thread, &threads->attributes, be_thread, threads);
    return error != 0 ? error : pthread_join(thread, NULL);
}

static void join(void *state, uint64_t ops) {
    struct threads *threads = state;
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, 0, make_and_join(threads)));
    threads->done += done;
}

static int setup(struct tsp_bench *bench) {
    struct threads *threads = tsp_alloc(bench, sizeof *threads, 64);
    if (threads == NULL) {
        return -1;
    }
    bench->state = threads;
    (void)pthread_attr_init(&threads->attributes);
    int error = pthread_attr_setstacksize(&threads->attributes, STACK_BYTES);
    if (error == 0) {
        error = make_and_join(threads);
    }
    threads->ran = 0;
    return error == 0 ? 0 : tsp_skip(bench, "no thread can be made: %s", strerror(error));
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct threads *threads = bench->state;
    if (threads->ran != threads->done) {
        return tsp_fail(bench, "%lu threads were joined, %lu ran", threads->done, threads->ran);
    }
    return check_done(bench, threads->done, ops, 1);
}

static void teardown(struct tsp_bench *bench) {
    struct threads *threads = bench->state;
    (void)pthread_attr_destroy(&threads->attributes);
}

TSP_KERNEL(.family = "syscall", .kernel = "thread-create", .variant = "join",
           .summary = "a thread made, run and joined", .mode = TSP_MODE_PER_OP, .counts_vary = true,
           .run = join, .setup = setup, .check = check, .teardown = teardown,
           .implementation = "libc pthread_create(), pthread_join()");
