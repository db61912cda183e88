/* A signal to oneself: the call that sends it, the kernel's detour through the handler, and the call by which the handler returns. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <transept/kernel.h>

#include "calls.h"

/* A handler gets no argument of ours: the one place where it can leave a trace. */
static volatile unsigned long handled;

struct signals {
    unsigned long done;
    unsigned long handled_before;
    struct sigaction action_before;
    long process;
    long thread;
};

static void handle(int signal) {
    (void)signal;
    handled += 1;
}

static void by_tgkill(void *state, uint64_t ops) {
    struct signals *signals = state;
    const long process = signals->process;
    const long thread = signals->thread;
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, 0, tsp_syscall3(SYS_tgkill, process, thread, SIGUSR1)));
    signals->done += done;
}

static void by_raise(void *state, uint64_t ops) {
    struct signals *signals = state;
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, 0, raise(SIGUSR1)));
    signals->done += done;
}

/* Its run time puts signals off until a call that it knows; it knows raise(), but no call of ours. */
static const char *unfit(const struct tsp_bench *bench) {
    (void)bench;
#ifdef __SANITIZE_THREAD__
    return "the thread sanitizer puts signals off";
#else
    return NULL;
#endif
}

static int setup(struct tsp_bench *bench) {
    struct signals *signals = tsp_alloc(bench, sizeof *signals, 64);
    if (signals == NULL) {
        return -1;
    }
    bench->state = signals;
    signals->handled_before = handled;
    signals->process = (long)getpid();
    signals->thread = tsp_syscall0(SYS_gettid);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handle;
    return sigaction(SIGUSR1, &action, &signals->action_before) == 0
               ? 0
               : tsp_fail(bench, "sigaction: %s", strerror(errno));
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct signals *signals = bench->state;
    unsigned long count = handled - signals->handled_before;
    if (count != (unsigned long)ops) {
        return tsp_fail(bench, "the handler ran %lu times for %lu signals", count, (unsigned long)ops);
    }
    return check_done(bench, signals->done, ops, 1);
}

static void teardown(struct tsp_bench *bench) {
    const struct signals *signals = bench->state;
    (void)sigaction(SIGUSR1, &signals->action_before, NULL);
}

TSP_KERNEL(.family = "syscall", .kernel = "signal", .variant = "tgkill",
           .summary = "to this thread, by the call alone: to the handler and back", .mode = TSP_MODE_PER_OP,
           .run = by_tgkill, .unfit = unfit, .setup = setup, .check = check, .teardown = teardown,
           .implementation = TSP_IMPL_tsp_syscall3 " (tgkill), rt_sigreturn");
TSP_KERNEL(.family = "syscall", .kernel = "signal", .variant = "raise",
           .summary = "to this thread, by libc's raise(): to the handler and back", .mode = TSP_MODE_PER_OP,
           .run = by_raise, .setup = setup, .check = check, .teardown = teardown,
           .implementation = "libc raise(), rt_sigreturn");
