/* Offering the CPU to whoever else wants it: the scheduler's way in and out, where nobody does. */
#include <sys/syscall.h>

#include <transept/kernel.h>

#include "calls.h"

static void raw(void *state, uint64_t ops) {
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, 0, tsp_syscall0(SYS_sched_yield)));
    *(unsigned long *)state += done;
}

static int setup(struct tsp_bench *bench) {
    bench->state = tsp_alloc(bench, sizeof(unsigned long), 64);
    return bench->state == NULL ? -1 : 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    return check_done(bench, *(const unsigned long *)bench->state, ops, 1);
}

TSP_KERNEL(.family = "syscall", .kernel = "sched_yield", .variant = "raw",
           .summary = "offering the CPU where nobody waits for it", .mode = TSP_MODE_PER_OP, .run = raw,
           .setup = setup, .check = check, .implementation = TSP_IMPL_tsp_syscall0);
