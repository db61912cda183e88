/* Handing over to somebody else and getting it back: two processes and their pipes, two threads and a futex. On one CPU these are two
 * context switches; on two CPUs two wake-ups of one that sleeps. The partner waits in the kernel between the ops. */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <transept/kernel.h>

#include "calls.h"

/* Little stack: address space is limited. */
#define STACK_BYTES ((size_t)256 << 10)

enum turn { MINE, PARTNERS, NOBODYS };

struct pair {
    unsigned long done;
    const struct tsp_bench *bench;
    int there[2]; /* pipes: to the partner … */
    int back[2];  /* … and from it */
    pid_t process;
    unsigned char message;
    uint32_t turn; /* futex */
    unsigned long answers;
    pthread_t thread;
    int pinned; /* the partner's verdict: an errno */
};

/* --- two processes and their pipes --- */

/* A partner that is another process: adds 1 to what comes and sends it back, until there is nobody to send. */
static _Noreturn void be_process(const struct pair *pair) {
    unsigned char message = 0;
    (void)close(pair->there[1]);
    (void)close(pair->back[0]);
    if (tsp_crew_pin(pair->bench, 1) != 0) {
        _exit(1);
    }
    while (read(pair->there[0], &message, 1) == 1) {
        message = (unsigned char)(message + 1);
        if (write(pair->back[1], &message, 1) != 1) {
            break;
        }
    }
    _exit(0);
}

/* 1 where the partner's answer is the right one. */
static inline long ask_process(struct pair *pair) {
    unsigned char answer = 0;
    pair->message = (unsigned char)(pair->message + 1);
    if (tsp_syscall3(SYS_write, pair->there[1], (long)&pair->message, 1) != 1 ||
        tsp_syscall3(SYS_read, pair->back[0], (long)&answer, 1) != 1) {
        return 0;
    }
    return answer == (unsigned char)(pair->message + 1);
}

static void by_pipe(void *state, uint64_t ops) {
    struct pair *pair = state;
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, 1, ask_process(pair)));
    pair->done += done;
}

/* --- two threads and a futex --- */

static inline void hand_over(uint32_t *turn, uint32_t to) {
    __atomic_store_n(turn, to, __ATOMIC_RELEASE);
    (void)tsp_syscall6(SYS_futex, (long)turn, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
}

/* Sleeps while it is the turn of `whose`. */
static inline uint32_t wait_while(uint32_t *turn, uint32_t whose) {
    uint32_t now = __atomic_load_n(turn, __ATOMIC_ACQUIRE);
    while (now == whose) {
        (void)tsp_syscall6(SYS_futex, (long)turn, FUTEX_WAIT_PRIVATE, (long)whose, 0, 0, 0);
        now = __atomic_load_n(turn, __ATOMIC_ACQUIRE);
    }
    return now;
}

static void *be_thread(void *argument) {
    struct pair *pair = argument;
    pair->pinned = tsp_crew_pin(pair->bench, 1);
    while (wait_while(&pair->turn, MINE) == PARTNERS) {
        pair->answers += 1;
        hand_over(&pair->turn, MINE);
    }
    return NULL;
}

static void by_futex(void *state, uint64_t ops) {
    struct pair *pair = state;
    TSP_REPEAT(ops, hand_over(&pair->turn, PARTNERS); (void)wait_while(&pair->turn, PARTNERS));
    pair->done += (unsigned long)ops;
}

/* --- set-up and proof --- */

static struct pair *make_pair(struct tsp_bench *bench) {
    struct pair *pair = tsp_alloc(bench, sizeof *pair, 256);
    bench->state = pair;
    if (pair != NULL) {
        *pair = (struct pair){.bench = bench, .there = {-1, -1}, .back = {-1, -1}};
        bench->items = 2;
        bench->item_unit = "switch";
    }
    return pair;
}

static int setup_pipe(struct tsp_bench *bench) {
    struct pair *pair = make_pair(bench);
    if (pair == NULL) {
        return -1;
    }
    if (pipe2(pair->there, O_CLOEXEC) != 0 || pipe2(pair->back, O_CLOEXEC) != 0) {
        return tsp_skip(bench, "there is no pipe to be had: %s", strerror(errno));
    }
    pair->process = fork();
    if (pair->process == 0) {
        be_process(pair);
    }
    if (pair->process < 0) {
        return tsp_skip(bench, "no process can be made: %s", strerror(errno));
    }
    (void)close(pair->there[0]);
    (void)close(pair->back[1]);
    return ask_process(pair) == 1 ? 0 : tsp_fail(bench, "the other process does not answer");
}

static int setup_futex(struct tsp_bench *bench) {
    pthread_attr_t attributes;
    struct pair *pair = make_pair(bench);
    if (pair == NULL) {
        return -1;
    }
    (void)pthread_attr_init(&attributes);
    (void)pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int error = pthread_create(&pair->thread, &attributes, be_thread, pair);
    (void)pthread_attr_destroy(&attributes);
    if (error != 0) {
        return tsp_skip(bench, "no thread can be made: %s", strerror(error));
    }
    by_futex(pair, 1); /* by then it has been pinned */
    pair->done = 0;
    pair->answers = 0;
    return pair->pinned == 0
               ? 0
               : tsp_fail(bench, "the other thread cannot be pinned: %s", strerror(pair->pinned));
}

static int check_pipe(struct tsp_bench *bench, uint64_t ops) {
    const struct pair *pair = bench->state;
    return check_done(bench, pair->done, ops, 1);
}

static int check_futex(struct tsp_bench *bench, uint64_t ops) {
    const struct pair *pair = bench->state;
    return check_done(bench, pair->answers, ops, 1);
}

static void teardown_pipe(struct tsp_bench *bench) {
    const struct pair *pair = bench->state;
    (void)close(pair->there[1]); /* the partner reads its end, and goes */
    (void)close(pair->back[0]);
    (void)waitpid(pair->process, NULL, 0);
}

static void teardown_futex(struct tsp_bench *bench) {
    struct pair *pair = bench->state;
    hand_over(&pair->turn, NOBODYS);
    (void)pthread_join(pair->thread, NULL);
}

#define PLACES "same-cpu,same-core,same-l2,same-llc,same-node,cross-node"

TSP_KERNEL(.family = "syscall", .kernel = "switch", .variant = "pipe",
           .summary = "to another process by a pipe, and back", .params = {{"place", PLACES}},
           .mode = TSP_MODE_PER_OP, .run = by_pipe, .setup = setup_pipe, .check = check_pipe,
           .teardown = teardown_pipe, .implementation = TSP_IMPL_tsp_syscall3 " (write, read)");
TSP_KERNEL(.family = "syscall", .kernel = "switch", .variant = "futex",
           .summary = "to another thread by a futex, and back", .params = {{"place", PLACES}},
           .mode = TSP_MODE_PER_OP, .counts_vary = true, .run = by_futex, .setup = setup_futex,
           .check = check_futex, .teardown = teardown_futex,
           .implementation = TSP_IMPL_tsp_syscall6 " (futex)");
