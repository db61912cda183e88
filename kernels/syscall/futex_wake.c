/* Waking whoever sleeps on a word, where nobody does: a real call that takes six arguments. */
#include <linux/futex.h>
#include <sys/syscall.h>

#include <transept/kernel.h>

#include "calls.h"

struct futex {
    unsigned long done;
    uint32_t word;
};

static void raw(void *state, uint64_t ops) {
    struct futex *futex = state;
    unsigned long done = 0;
    TSP_REPEAT(ops,
               DONE_IF(done, 0, tsp_syscall6(SYS_futex, (long)&futex->word, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0));
               LOSE_ARGUMENTS());
    futex->done += done;
}

static int setup(struct tsp_bench *bench) {
    bench->state = tsp_alloc(bench, sizeof(struct futex), 64);
    return bench->state == NULL ? -1 : 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct futex *futex = bench->state;
    return check_done(bench, futex->done, ops, 1);
}

TSP_KERNEL(.family = "syscall", .kernel = "futex-wake", .variant = "raw",
           .summary = "a real call of six arguments: nobody to wake", .mode = TSP_MODE_PER_OP, .run = raw,
           .setup = setup, .check = check, .implementation = TSP_IMPL_tsp_syscall6);
