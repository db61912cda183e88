/* A call behind a filter: what a container's or a sandbox's seccomp adds to every system call. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <transept/kernel.h>

#include "calls.h"

/* What the rules refuse, in a way that the kernel itself would not: a call that does not exist, and an argument that getppid ignores. */
#define REFUSED_NUMBER   2046
#define REFUSED_ARGUMENT 0x7a5e1
#define REFUSAL          EXFULL

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOW_WORD 4
#else
#define LOW_WORD 0
#endif

struct filtered {
    unsigned long done;
    long parent;
};

static void getppid_raw(void *state, uint64_t ops) {
    struct filtered *filtered = state;
    const long parent = filtered->parent;
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, parent, tsp_syscall1(SYS_getppid, 0)));
    filtered->done += done;
}

/* One rule: refuse where the word of struct seccomp_data at `offset` is `value`, else allow. */
static int install(struct tsp_bench *bench, uint32_t offset, uint32_t value) {
    struct sock_filter rule[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | REFUSAL),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof rule / sizeof rule[0], .filter = rule};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return tsp_skip(bench, "no filter can be had: PR_SET_NO_NEW_PRIVS: %s", strerror(errno));
    }
    long error = -tsp_syscall3(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, (long)&program);
    if (error != 0) {
        return tsp_skip(
            bench, "the kernel takes no filter (%s)%s", strerror((int)error),
            error == ENOSYS || error == EINVAL ? ": it has no seccomp, or an emulator stands before it" : "");
    }
    return 0;
}

static int setup(struct tsp_bench *bench) {
    struct filtered *filtered = tsp_alloc(bench, sizeof *filtered, 64);
    if (filtered == NULL) {
        return -1;
    }
    bench->state = filtered;
    filtered->parent = (long)getppid();
    return 0;
}

static int setup_number(struct tsp_bench *bench) {
    int status = setup(bench);
    return status != 0 ? status : install(bench, offsetof(struct seccomp_data, nr), REFUSED_NUMBER);
}

static int setup_argument(struct tsp_bench *bench) {
    int status = setup(bench);
    return status != 0 ? status
                       : install(bench, offsetof(struct seccomp_data, args) + LOW_WORD, REFUSED_ARGUMENT);
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct filtered *filtered = bench->state;
    return check_done(bench, filtered->done, ops, 1);
}

/* The filter must have stood there all the time: nothing takes one away again. */
static int check_number(struct tsp_bench *bench, uint64_t ops) {
    if (tsp_syscall0(REFUSED_NUMBER) != -REFUSAL) {
        return tsp_fail(bench, "the filter did not refuse call %d", REFUSED_NUMBER);
    }
    return check(bench, ops);
}

static int check_argument(struct tsp_bench *bench, uint64_t ops) {
    if (tsp_syscall1(SYS_getppid, REFUSED_ARGUMENT) != -REFUSAL) {
        return tsp_fail(bench, "the filter did not refuse the argument %#x", REFUSED_ARGUMENT);
    }
    return check(bench, ops);
}

TSP_KERNEL(.family = "syscall", .kernel = "seccomp", .variant = "none",
           .summary = "getppid with no filter of ours", .mode = TSP_MODE_PER_OP, .run = getppid_raw,
           .setup = setup, .check = check, .implementation = TSP_IMPL_tsp_syscall1);
TSP_KERNEL(.family = "syscall", .kernel = "seccomp", .variant = "number",
           .summary = "getppid behind a rule on the call's number", .mode = TSP_MODE_PER_OP,
           .run = getppid_raw, .setup = setup_number, .check = check_number,
           .implementation = TSP_IMPL_tsp_syscall1);
TSP_KERNEL(.family = "syscall", .kernel = "seccomp", .variant = "argument",
           .summary = "getppid behind a rule on an argument", .mode = TSP_MODE_PER_OP, .run = getppid_raw,
           .setup = setup_argument, .check = check_argument, .implementation = TSP_IMPL_tsp_syscall1);
