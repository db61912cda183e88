/* The cheapest real system call, by four ways in: what entering the kernel costs, and what each layer above it adds. */
#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <transept/kernel.h>

/* What a managed runtime keeps of a thread, so that others see it is away and may take over its work. */
struct thread {
    atomic_uint status;
    unsigned locks;
    uint64_t calls;
    const void *frame;
    const void *caller;
};

enum { RUNNING, IN_SYSCALL };

struct calls {
    unsigned long sum; /* of what the calls returned */
    struct thread thread;
};

/* Hidden, so that each op adds by one instruction and no compiler regroups the sum. */
#define ADD(call)                                                                                            \
    sum += (unsigned long)(call);                                                                            \
    TSP_HIDE(sum)

static void raw(void *state, uint64_t ops) {
    struct calls *calls = state;
    unsigned long sum = 0;
    TSP_REPEAT(ops, ADD(tsp_syscall0(SYS_getppid)));
    calls->sum += sum;
}

static void generic(void *state, uint64_t ops) {
    struct calls *calls = state;
    unsigned long sum = 0;
    TSP_REPEAT(ops, ADD(syscall(SYS_getppid)));
    calls->sum += sum;
}

static void libc(void *state, uint64_t ops) {
    struct calls *calls = state;
    unsigned long sum = 0;
    TSP_REPEAT(ops, ADD(getppid()));
    calls->sum += sum;
}

/* After entersyscall and exitsyscall of the Go runtime: note where the thread is for the stack walker, tell the scheduler that it is
 * away, and on the way back take the processor again unless somebody has it by now. */
static __attribute__((noinline)) void enter(struct thread *thread) {
    thread->locks += 1;
    thread->frame = __builtin_frame_address(0);
    thread->caller = __builtin_return_address(0);
    atomic_store_explicit(&thread->status, IN_SYSCALL, memory_order_release);
    thread->locks -= 1;
}

static __attribute__((noinline)) void leave(struct thread *thread) {
    unsigned expected = IN_SYSCALL;
    if (atomic_compare_exchange_strong_explicit(&thread->status, &expected, RUNNING, memory_order_acquire,
                                                memory_order_relaxed)) {
        thread->calls += 1;
    }
}

static __attribute__((noinline)) long call_checked(struct thread *thread, long number) {
    enter(thread);
    long result = tsp_syscall0(number);
    leave(thread);
    if ((unsigned long)result > -4096UL) { /* the kernel's errors: -4095 … -1 */
        errno = (int)-result;
        return -1;
    }
    return result;
}

static void checked(void *state, uint64_t ops) {
    struct calls *calls = state;
    unsigned long sum = 0;
    TSP_REPEAT(ops, ADD(call_checked(&calls->thread, SYS_getppid)));
    calls->sum += sum;
}

static int setup(struct tsp_bench *bench) {
    bench->state = tsp_alloc(bench, sizeof(struct calls), 64);
    return bench->state == NULL ? -1 : 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct calls *calls = bench->state;
    unsigned long expected = (unsigned long)ops * (unsigned long)getppid();
    if (calls->sum != expected) {
        return tsp_fail(bench, "the parents' numbers add up to %lu, not %lu", calls->sum, expected);
    }
    return 0;
}

static int check_thread(struct tsp_bench *bench, uint64_t ops) {
    const struct calls *calls = bench->state;
    if (calls->thread.calls != ops) {
        return tsp_fail(bench, "%" PRIu64 " of %" PRIu64 " calls came back", calls->thread.calls, ops);
    }
    return check(bench, ops);
}

TSP_KERNEL(.family = "syscall", .kernel = "getppid", .variant = "raw",
           .summary = "the instruction itself, in line", .mode = TSP_MODE_PER_OP, .run = raw, .setup = setup,
           .check = check, .implementation = TSP_IMPL_tsp_syscall0);
TSP_KERNEL(.family = "syscall", .kernel = "getppid", .variant = "syscall",
           .summary = "by libc's generic syscall()", .mode = TSP_MODE_PER_OP, .run = generic, .setup = setup,
           .check = check, .implementation = "libc syscall()");
TSP_KERNEL(.family = "syscall", .kernel = "getppid", .variant = "libc", .summary = "by libc's getppid()",
           .mode = TSP_MODE_PER_OP, .run = libc, .setup = setup, .check = check,
           .implementation = "libc getppid()");
TSP_KERNEL(.family = "syscall", .kernel = "getppid", .variant = "checked",
           .summary = "raw, with errno and the bookkeeping of a managed runtime", .mode = TSP_MODE_PER_OP,
           .run = checked, .setup = setup, .check = check_thread,
           .implementation = TSP_IMPL_tsp_syscall0 ", enter and leave");
