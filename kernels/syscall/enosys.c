/* A system call that does not exist, with 0 to 6 arguments loaded: the way into the kernel and back, and what an argument adds to it. */
#include <errno.h>
#include <inttypes.h>

#include <transept/kernel.h>

/* Far above every table of calls, far below armhf's private ones (0xf0000). */
#define NUMBER 2047L

/* Hidden from the compiler, so that each op loads its arguments afresh, as a caller has to. */
#define ARGUMENT(name, value)                                                                                \
    long name = (value);                                                                                     \
    TSP_HIDE(name)

#define BODY(name, ...)                                                                                      \
    static void name(void *state, uint64_t ops) {                                                            \
        uint64_t sum = 0;                                                                                    \
        TSP_REPEAT(ops, __VA_ARGS__);                                                                        \
        *(uint64_t *)state += sum;                                                                           \
    }

#define ADD(call) sum += (uint64_t)(call)

BODY(args0, ADD(tsp_syscall0(NUMBER)))
BODY(args1, ARGUMENT(a, 1); ADD(tsp_syscall1(NUMBER, a)))
BODY(args2, ARGUMENT(a, 1); ARGUMENT(b, 2); ADD(tsp_syscall2(NUMBER, a, b)))
BODY(args3, ARGUMENT(a, 1); ARGUMENT(b, 2); ARGUMENT(c, 3); ADD(tsp_syscall3(NUMBER, a, b, c)))
BODY(args4, ARGUMENT(a, 1); ARGUMENT(b, 2); ARGUMENT(c, 3); ARGUMENT(d, 4);
     ADD(tsp_syscall4(NUMBER, a, b, c, d)))
BODY(args5, ARGUMENT(a, 1); ARGUMENT(b, 2); ARGUMENT(c, 3); ARGUMENT(d, 4); ARGUMENT(e, 5);
     ADD(tsp_syscall5(NUMBER, a, b, c, d, e)))
BODY(args6, ARGUMENT(a, 1); ARGUMENT(b, 2); ARGUMENT(c, 3); ARGUMENT(d, 4); ARGUMENT(e, 5); ARGUMENT(f, 6);
     ADD(tsp_syscall6(NUMBER, a, b, c, d, e, f)))

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
    bench->state = tsp_alloc(bench, sizeof(uint64_t), 64);
    return bench->state == NULL ? -1 : 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    uint64_t errors = 0 - *(const uint64_t *)bench->state;
    if (errors != ops * ENOSYS) {
        return tsp_fail(bench, "the errors add up to %" PRIu64 ", not to %" PRIu64 " times ENOSYS", errors,
                        ops);
    }
    return 0;
}

TSP_KERNEL(.family = "syscall", .kernel = "enosys", .variant = "raw",
           .summary = "a call that does not exist, by arguments", .params = {{"args", "0..6"}},
           .mode = TSP_MODE_PER_OP, .runs = bodies, .setup = setup, .check = check,
           .implementation = TSP_IMPL_tsp_syscall0);
