/* Leaving a call by a jump: C's exceptions. With the signal mask it takes two system calls, without none. */
#include <setjmp.h>

#include <transept/kernel.h>

#include "calls.h"

struct jumps {
    unsigned long landed;
    unsigned long left; /* calls that were left by a jump */
    sigjmp_buf target;
};

static __attribute__((noinline, noreturn)) void leave(struct jumps *jumps) {
    jumps->left += 1;
    siglongjmp(jumps->target, 1);
}

/* Nothing but `jumps` lives across the jump, and that does not change: so no variable is clobbered. */
static __attribute__((noinline)) void jump(struct jumps *jumps, int with_mask) {
    if (sigsetjmp(jumps->target, with_mask) == 0) {
        leave(jumps);
    }
    jumps->landed += 1;
}

static void plain(void *state, uint64_t ops) {
    TSP_REPEAT(ops, jump(state, 0));
}

static void mask(void *state, uint64_t ops) {
    TSP_REPEAT(ops, jump(state, 1));
}

static int setup(struct tsp_bench *bench) {
    bench->state = tsp_alloc(bench, sizeof(struct jumps), 64);
    return bench->state == NULL ? -1 : 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct jumps *jumps = bench->state;
    if (jumps->left != jumps->landed) {
        return tsp_fail(bench, "%lu jumps, %lu landings", jumps->left, jumps->landed);
    }
    return check_done(bench, jumps->landed, ops, 1);
}

TSP_KERNEL(.family = "syscall", .kernel = "setjmp-longjmp", .variant = "plain",
           .summary = "registers saved and restored", .run = plain, .setup = setup, .check = check,
           .implementation = "libc sigsetjmp(…, 0), siglongjmp()");
TSP_KERNEL(.family = "syscall", .kernel = "setjmp-longjmp", .variant = "mask",
           .summary = "registers and signal mask saved and restored", .mode = TSP_MODE_PER_OP, .run = mask,
           .setup = setup, .check = check, .implementation = "libc sigsetjmp(…, 1), siglongjmp()");
