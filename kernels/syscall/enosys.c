/* A system call that does not exist, with 0 to 6 arguments loaded: the way into the kernel and back, and what an argument adds to it. */
#include <errno.h>

#include <transept/kernel.h>

#include "calls.h"

/* Far above every table of calls, far below armhf's private ones (0xf0000). */
#define NUMBER 2047L

#define BODY(name, ...)                                                                                      \
    static void name(void *state, uint64_t ops) {                                                            \
        unsigned long sum = 0;                                                                               \
        TSP_REPEAT(ops, __VA_ARGS__);                                                                        \
        *(unsigned long *)state += sum;                                                                      \
    }

#define ADD(call)                                                                                            \
    sum += (unsigned long)(call);                                                                            \
    TSP_HIDE(sum);                                                                                           \
    LOSE_ARGUMENTS()

/* All the same, for six different ones would be kept in registers that the loop needs. */
BODY(args0, ADD(tsp_syscall0(NUMBER)))
BODY(args1, ADD(tsp_syscall1(NUMBER, 1)))
BODY(args2, ADD(tsp_syscall2(NUMBER, 1, 1)))
BODY(args3, ADD(tsp_syscall3(NUMBER, 1, 1, 1)))
BODY(args4, ADD(tsp_syscall4(NUMBER, 1, 1, 1, 1)))
BODY(args5, ADD(tsp_syscall5(NUMBER, 1, 1, 1, 1, 1)))
BODY(args6, ADD(tsp_syscall6(NUMBER, 1, 1, 1, 1, 1, 1)))

static tsp_body *const bodies[] = {args0, args1, args2, args3, args4, args5, args6};

/* Some containers answer calls that they do not know with another error: then a filter would be measured, not the kernel. */
static int setup(struct tsp_bench *bench) {
    long answer = tsp_syscall0(NUMBER);
    if (answer != -ENOSYS) {
        return tsp_skip(
            bench,
            "call %ld is answered with %ld instead of ENOSYS: a filter (seccomp) stands before the kernel",
            NUMBER, answer);
    }
    bench->state = tsp_alloc(bench, sizeof(unsigned long), 64);
    return bench->state == NULL ? -1 : 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    unsigned long errors = 0 - *(const unsigned long *)bench->state;
    unsigned long expected = (unsigned long)ops * ENOSYS;
    if (errors != expected) {
        return tsp_fail(bench, "the errors add up to %lu, not to %lu (ENOSYS each time)", errors, expected);
    }
    return 0;
}

TSP_KERNEL(.family = "syscall", .kernel = "enosys", .variant = "raw",
           .summary = "a call that does not exist, by arguments", .params = {{"args", "0..6"}},
           .mode = TSP_MODE_PER_OP, .runs = bodies, .setup = setup, .check = check,
           .implementation = TSP_IMPL_tsp_syscall0);
