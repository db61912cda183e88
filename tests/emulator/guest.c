/* A guest of the counting emulator that knows what it executes, because it is written in assembly: a sequence of known classes, to the instruction;
 * loops of two instructions, in a thousand repetitions, in forked processes and in threads. tests/cli/test_emulate.sh runs it; each check says
 * what it found, and the exit status is how many failed. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure/counters_page.h"
#include "measure/known_work.h"

enum { REPETITIONS = 1000, LOOP_INSTRUCTIONS = 1000000, THREADS = 4 };

static struct tsp_page page;
static int instructions = -1; /* which counter that is */

static void read_page(struct tsp_reading *readings) {
    tsp_page_read(&page, readings);
    if (readings[instructions].running == 0) {
        (void)fprintf(stderr, "the page holds another process's counts\n");
        _exit(2);
    }
}

static uint64_t count(void) {
    struct tsp_reading readings[TSP_PAGE_COUNTERS_MAX];
    read_page(readings);
    return readings[instructions].value;
}

/* A load, a store, a barrier, something atomic or ordered, and the loop's two instructions; and what an iteration of it counts in each class. */
static const char *const classes[] = {"instructions", "loads",   "stores", "branches", "barriers",
                                      "atomics",      "ordered", "calls",  "vector",   "syscalls"};
#if defined(__x86_64__)
#define SEQUENCE "1: mov (%1), %%rax\n\tmov %%rax, (%1)\n\tmfence\n\tlock addq $1, (%1)\n\tdec %0\n\tjnz 1b"
#define SCRATCH  "rax", "cc"
#define ADDRESS  "r"
#define CLASSES  6, 2, 2, 1, 1, 1, 0
#elif defined(__aarch64__)
#define SEQUENCE "1: ldr x9, [%1]\n\tstr x9, [%1]\n\tdmb ish\n\tldar x9, [%1]\n\tsubs %0, %0, #1\n\tb.ne 1b"
#define SCRATCH  "x9", "cc"
#define ADDRESS  "r"
#define CLASSES  6, 2, 1, 1, 1, 0, 1
#elif defined(__riscv)
#define SEQUENCE                                                                                             \
    "1: ld t0, (%1)\n\tsd t0, (%1)\n\tfence\n\tamoadd.d.aq t0, t0, (%1)\n\taddi %0, %0, -1\n\tbnez %0, 1b"
#define SCRATCH "t0"
#define ADDRESS "r"
#define CLASSES 6, 2, 2, 1, 1, 1, 1
#elif defined(__powerpc64__)
#define SEQUENCE                                                                                             \
    "1: ld 9, 0(%1)\n\tstd 9, 0(%1)\n\tlwsync\n\tldarx 9, 0, %1\n\tstdcx. 9, 0, %1\n\taddic. %0, %0, -1\n\tbne 1b"
#define SCRATCH "r9", "cr0", "xer"
#define ADDRESS "b"
#define CLASSES 7, 2, 2, 1, 1, 2, 0
#elif defined(__s390x__)
#define SEQUENCE "1: lg 0, 0(%1)\n\tstg 0, 0(%1)\n\tbcr 14, 0\n\tlaag 0, 0, 0(%1)\n\taghi %0, -1\n\tjnz 1b"
#define SCRATCH  "r0", "cc"
#define ADDRESS  "a"
#define CLASSES  6, 2, 2, 1, 1, 1, 0
#elif defined(__arm__)
#define SEQUENCE                                                                                             \
    "1: ldr r3, [%1]\n\tstr r3, [%1]\n\tdmb ish\n\tldrex r3, [%1]\n\tstrex r2, r3, [%1]\n\tsubs %0, %0, #1\n\tbne 1b"
#define SCRATCH "r2", "r3", "cc"
#define ADDRESS "r"
#define CLASSES 7, 2, 2, 1, 1, 2, 0
#endif

/* What `iterations` of the sequence count, with all that lies between two readings, which is the same for any number of them. */
static __attribute__((noinline)) void count_sequence(unsigned long iterations, uint64_t *counts) {
    struct tsp_reading before[TSP_PAGE_COUNTERS_MAX];
    struct tsp_reading after[TSP_PAGE_COUNTERS_MAX];
    uint64_t memory = 0;
    read_page(before);
    __asm__ volatile(SEQUENCE : "+&r"(iterations) : ADDRESS(&memory) : SCRATCH, "memory");
    read_page(after);
    for (unsigned i = 0; i < page.counter_count; ++i) {
        counts[i] = after[i].value - before[i].value;
    }
}

/* Instructions of the work and of what lies between two readings: one function, for inlined copies need not be alike. */
static __attribute__((noinline)) uint64_t count_work(enum tsp_known_work work) {
    uint64_t before = count();
    tsp_known_work_do(work);
    return count() - before;
}

static int report(const char *what, int good, uint64_t found) {
    (void)printf("%s %s: %llu\n", good ? "ok" : "FAILED", what, (unsigned long long)found);
    return good ? 0 : 1;
}

static int check_classes(void) {
    static const uint64_t wanted[] = {CLASSES, 0, 0, 0};
    const unsigned long iterations = 1000;
    uint64_t few[TSP_PAGE_COUNTERS_MAX] = {0};
    uint64_t many[TSP_PAGE_COUNTERS_MAX] = {0};
    count_sequence(1, few); /* binds what is bound lazily */
    count_sequence(iterations, few);
    count_sequence(2 * iterations, many);
    int failed = 0;
    for (size_t k = 0; k < sizeof wanted / sizeof wanted[0]; ++k) {
        uint64_t found = UINT64_MAX; /* no such counter */
        for (unsigned i = 0; i < page.counter_count; ++i) {
            found = strcmp(page.counters[i].name, classes[k]) == 0 ? many[i] - few[i] : found;
        }
        failed += report(classes[k], found == iterations * wanted[k], found);
    }
    return failed;
}

static int check_repetitions(void) {
    (void)count_work(TSP_WORK_SHORT); /* binds what is bound lazily */
    uint64_t first = count_work(TSP_WORK_SHORT);
    uint64_t different = 0;
    for (int i = 0; i < REPETITIONS; ++i) {
        different += count_work(TSP_WORK_SHORT) != first;
    }
    return report("counts of a thousand that differ", different == 0, different);
}

/* The same work costs the same in a child, while its parent works as well. */
static int check_fork(void) {
    uint64_t here = count_work(TSP_WORK_LOOP);
    pid_t child = fork();
    if (child == 0) {
        int bad = 0;
        for (int i = 0; i < 20; ++i) {
            bad |= count_work(TSP_WORK_LOOP) != here;
        }
        _exit(bad);
    }
    int status = -1;
    while (waitpid(child, &status, WNOHANG) ==
           0) { /* busy on purpose: what the parent does must not count for the child */
        tsp_known_work_do(TSP_WORK_SHORT);
    }
    int failed = report("status of a child that counts beside its parent", status == 0, (uint64_t)status);
    uint64_t again = count_work(TSP_WORK_LOOP);
    return failed + report("instructions of the parent afterwards", again == here, again);
}

static void *work(void *argument) {
    for (int i = 0; i < 10; ++i) {
        tsp_known_work_do(TSP_WORK_LOOP);
    }
    return argument;
}

/* No addition is lost when threads run at the same time. What starts and joins them is not known to the instruction, but small. */
static int check_threads(void) {
    pthread_t threads[THREADS];
    tsp_known_work_do(TSP_WORK_LOOP); /* the emulator knows this code from when there was one thread */
    uint64_t before = count();
    for (int i = 0; i < THREADS; ++i) {
        if (pthread_create(&threads[i], NULL, work, NULL) != 0) {
            return report("threads started", 0, (uint64_t)i);
        }
    }
    for (int i = 0; i < THREADS; ++i) {
        (void)pthread_join(threads[i], NULL);
    }
    uint64_t found = count() - before;
    uint64_t least = (uint64_t)THREADS * 10 * LOOP_INSTRUCTIONS;
    return report("instructions of four threads", found >= least && found < least + 200000, found) +
           report("instructions of one thread afterwards",
                  count_work(TSP_WORK_LOOP) < LOOP_INSTRUCTIONS + 1000, count_work(TSP_WORK_LOOP));
}

int main(void) {
    char reason[TSP_REASON_MAX] = "TRANSEPT_COUNTERS is not set";
    if (tsp_page_open(&page, getenv(TSP_PAGE_ENVIRONMENT), reason, sizeof reason) != 0 ||
        page.mapping == NULL) {
        (void)fprintf(stderr, "%s\n", reason);
        return 2;
    }
    for (unsigned i = 0; i < page.counter_count; ++i) {
        instructions = strcmp(page.counters[i].name, "instructions") == 0 ? (int)i : instructions;
    }
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    int failed = check_classes() + check_repetitions() + check_fork() + check_threads();
    tsp_page_close(&page);
    return failed;
}
