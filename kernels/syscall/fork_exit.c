/* A process that does nothing: forked, ended, waited for. Its parent is as small as a measuring process can be. */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <transept/kernel.h>

#include "calls.h"

/* How the child ends, so that its end is told from any other. */
#define STATUS 42

static inline int fork_and_wait(void) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        _exit(STATUS);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void wait_for_it(void *state, uint64_t ops) {
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, STATUS, fork_and_wait()));
    *(unsigned long *)state += done;
}

static int setup(struct tsp_bench *bench) {
    bench->state = tsp_alloc(bench, sizeof(unsigned long), 64);
    if (bench->state == NULL) {
        return -1;
    }
    errno = 0;
    return fork_and_wait() == STATUS ? 0 : tsp_skip(bench, "no process can be made: %s", strerror(errno));
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    return check_done(bench, *(const unsigned long *)bench->state, ops, 1);
}

TSP_KERNEL(.family = "syscall", .kernel = "fork-exit", .variant = "wait",
           .summary = "a process forked, ended and waited for", .mode = TSP_MODE_PER_OP, .run = wait_for_it,
           .setup = setup, .check = check, .implementation = "libc fork(), _exit(), waitpid()");
