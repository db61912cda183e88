/* Trying the ISA's counter: reading it may be a trap, and what can be read may not be a clock. */
#include "measure/clock_probe.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "measure/clock_read.h"

enum {
    DIED = 64,          /* exit status of a trial that died by signal s: DIED + s */
    ADVANCE_NS = 20000, /* within which a clock must move (measurement.md) */
    ADVANCE_TRIES = 16,
    WATCHED = 1000000, /* reads that must not step back (measurement.md) */
    BRACKETS = 5       /* tries for one point, the tightest is kept */
};

/* Not a core dump, and not the emulator's words about an uncaught signal: a quiet exit that names the signal. */
static void die_quietly(int number) {
    _exit(DIED + number);
}

static void try_in_child(void (*read)(void)) {
    static const int traps[] = {SIGILL, SIGSEGV, SIGBUS};
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = die_quietly;
    sigset_t unblocked;
    (void)sigemptyset(&unblocked);
    for (size_t i = 0; i < sizeof traps / sizeof traps[0]; ++i) {
        (void)sigaction(traps[i], &action, NULL);
        (void)sigaddset(&unblocked, traps[i]);
    }
    (void)sigprocmask(SIG_UNBLOCK, &unblocked, NULL);
    read();
    _exit(0);
}

/*
 * A child instead of a jump out of the handler: nothing of this process can be left half done, and no handler needs
 * a global to jump through. What the child may read, this process may read: the right to it is inherited.
 */
int tsp_clock_try(void (*read)(void), const char *name, char *reason, size_t size) {
    pid_t child = fork();
    if (child == 0) {
        try_in_child(read);
    }
    if (child < 0) {
        (void)snprintf(reason, size, "%s could not be tried: fork: %s", name, strerror(errno));
        return -1;
    }
    int status = 0;
    pid_t waited;
    do {
        waited = waitpid(child, &status, 0);
    } while (waited < 0 && errno == EINTR);
    if (waited < 0) {
        (void)snprintf(reason, size, "%s could not be tried: waitpid: %s", name, strerror(errno));
        return -1;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return 0;
    }
    int trap = WIFEXITED(status) ? WEXITSTATUS(status) - DIED : WTERMSIG(status);
    const char *abbreviation = sigabbrev_np(trap);
    (void)snprintf(reason, size, "reading %s raises SIG%s here", name,
                   abbreviation != NULL ? abbreviation : "?");
    return -1;
}

#if TSP_HAS_ISA_CLOCK
static void read_isa_clock(void) {
    uint64_t start = tsp_clock_start();
    uint64_t stop = tsp_clock_stop();
    TSP_KEEP(start);
    TSP_KEEP(stop);
}

static bool isa_clock_advances(void) {
    uint64_t begin = tsp_clock_raw_ns();
    uint64_t first = tsp_clock_start();
    uint64_t now;
    do {
        /* The reference is read first: the last look at the counter comes after the time is up, however long we slept between. */
        now = tsp_clock_raw_ns();
        if (tsp_clock_stop() != first) {
            return true;
        }
    } while (now - begin < ADVANCE_NS);
    return false;
}

int tsp_clock_probe_isa(char *reason, size_t size) {
    if (tsp_clock_try(read_isa_clock, TSP_ISA_CLOCK_NAME, reason, size) != 0) {
        return -1;
    }
    for (int i = 0; i < ADVANCE_TRIES; ++i) {
        if (!isa_clock_advances()) {
            (void)snprintf(reason, size, "%s stood still for %d µs", TSP_ISA_CLOCK_NAME, ADVANCE_NS / 1000);
            return -1;
        }
    }
    return 0;
}
#else
int tsp_clock_probe_isa(char *reason, size_t size) {
    (void)snprintf(reason, size, "no counter is known for this instruction set");
    return -1;
}
#endif

void tsp_clock_watch(const struct tsp_clock *clock, struct tsp_clock_steps *steps) {
    *steps = (struct tsp_clock_steps){.last = tsp_clock_begin(clock)};
    for (int i = 0; i < WATCHED / 2; ++i) {
        tsp_clock_steps_add(steps, tsp_clock_end(clock));
        tsp_clock_steps_add(steps, tsp_clock_begin(clock));
    }
}

static struct tsp_clock_point take_point(const struct tsp_clock *clock, uint64_t origin_ns,
                                         uint64_t origin_ticks) {
    struct tsp_clock_point best = {.width_ns = -1};
    for (int i = 0; i < BRACKETS; ++i) {
        uint64_t before = tsp_clock_raw_ns();
        uint64_t ticks = tsp_clock_end(clock);
        uint64_t after = tsp_clock_raw_ns();
        double width = (double)(after - before);
        if (best.width_ns < 0 || width < best.width_ns) {
            best.width_ns = width;
            best.reference_ns = (double)(before - origin_ns) + width / 2;
            best.ticks = (double)(int64_t)(ticks - origin_ticks);
        }
    }
    return best;
}

size_t tsp_clock_points(const struct tsp_clock *clock, double ms, struct tsp_clock_point *points,
                        size_t room) {
    uint64_t origin_ns = tsp_clock_raw_ns();
    uint64_t origin_ticks = tsp_clock_begin(clock);
    double step_ns = ms * 1e6 / (double)(room - 1);
    for (size_t i = 0; i < room; ++i) {
        while ((double)(tsp_clock_raw_ns() - origin_ns) < step_ns * (double)i) {
        }
        points[i] = take_point(clock, origin_ns, origin_ticks);
    }
    return room;
}
