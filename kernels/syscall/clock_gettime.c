/* Asking the time: by the page of code that the kernel lends every process (vDSO), and by entering the kernel for it. */
#include <sys/syscall.h>
#include <time.h>

#include <transept/kernel.h>

/* The call that fills the struct timespec of this libc; on 32-bit machines there are two. Newer glibc says TIME_BITS64 on all. */
#if defined(__USE_TIME_BITS64) && defined(SYS_clock_gettime64)
#define CALL SYS_clock_gettime64
#else
#define CALL SYS_clock_gettime
#endif

struct clock {
    struct timespec before; /* at setup */
    struct timespec now;    /* of the last op */
    unsigned long done;     /* calls that succeeded */
};

static void vdso(void *state, uint64_t ops) {
    struct clock *clock = state;
    unsigned long done = 0;
    TSP_REPEAT(ops, done += 1UL + (unsigned long)clock_gettime(CLOCK_MONOTONIC, &clock->now); TSP_HIDE(done));
    clock->done += done;
}

static void raw(void *state, uint64_t ops) {
    struct clock *clock = state;
    unsigned long done = 0;
    TSP_REPEAT(ops, done += 1UL + (unsigned long)tsp_syscall2(CALL, CLOCK_MONOTONIC, (long)&clock->now);
               TSP_HIDE(done));
    clock->done += done;
}

static int setup(struct tsp_bench *bench) {
    struct clock *clock = tsp_alloc(bench, sizeof *clock, 64);
    if (clock == NULL) {
        return -1;
    }
    bench->state = clock;
    return clock_gettime(CLOCK_MONOTONIC, &clock->before) == 0
               ? 0
               : tsp_fail(bench, "CLOCK_MONOTONIC cannot be read");
}

static int is_before(const struct timespec *a, const struct timespec *b) {
    return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_nsec <= b->tv_nsec;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct clock *clock = bench->state;
    struct timespec after;
    if (clock->done != (unsigned long)ops) { /* a call that fails takes one or more off */
        return tsp_fail(bench, "%lu calls, %lu of them with success", (unsigned long)ops, clock->done);
    }
    if (clock_gettime(CLOCK_MONOTONIC, &after) != 0 || !is_before(&clock->before, &clock->now) ||
        !is_before(&clock->now, &after)) {
        return tsp_fail(bench, "the last reading does not lie between setup and check");
    }
    return 0;
}

TSP_KERNEL(.family = "syscall", .kernel = "clock_gettime", .variant = "vdso",
           .summary = "without entering the kernel", .needs = TSP_NEEDS_VDSO, .mode = TSP_MODE_PER_OP,
           .run = vdso, .setup = setup, .check = check, .implementation = "libc clock_gettime(), vDSO");
TSP_KERNEL(.family = "syscall", .kernel = "clock_gettime", .variant = "raw", .summary = "by a system call",
           .mode = TSP_MODE_PER_OP, .run = raw, .setup = setup, .check = check,
           .implementation = TSP_IMPL_tsp_syscall2);
