/* A guest of the counting emulator that knows what it executes: loops of two instructions, in a thousand repetitions, in forked processes and in
 * threads. tests/cli/test_emulate.sh runs it; each check says what it found, and the exit status is how many failed. */
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

static uint64_t count(void) {
    struct tsp_reading readings[TSP_PAGE_COUNTERS_MAX];
    tsp_page_read(&page, readings);
    if (readings[instructions].running == 0) {
        (void)fprintf(stderr, "the page holds another process's counts\n");
        _exit(2);
    }
    return readings[instructions].value;
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
    int failed = check_repetitions() + check_fork() + check_threads();
    tsp_page_close(&page);
    return failed;
}
