/* A round in a child of its own: whatever the case does costs only itself. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "measure/leftovers.h"
#include "measure/limits.h"
#include "measure/processes.h"
#include "transept/measure.h"

/* How often the parent looks after memory and processes of a child that goes on. */
#define LOOK_MS 50

/* More processes than this in a child's group are a fork bomb, not a benchmark. */
#define PROCESSES_MAX 512

/* What parent and child share. */
struct exchange {
    struct tsp_round round;
    struct tsp_last_word word;
    volatile int finished; /* the child wrote its whole round */
};

/* Why the parent ended a child. */
enum ending { ENDED_ITSELF, ENDED_BY_TIME, ENDED_BY_MEMORY, ENDED_BY_PROCESSES, ENDED_BY_INTERRUPT };

struct watch {
    pid_t child;
    int handle; /* pidfd, or -1 */
    const struct tsp_session *session;
    const struct tsp_profile *profile;
    uint64_t memory_bytes;
    uint64_t memory_at_start;
    const volatile int *interrupted;
};

static double now_ms(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Everything that happens in the child; does not return. */
static _Noreturn void be_child(const struct tsp_session *session, const struct tsp_profile *profile,
                               const struct tsp_case *tcase, unsigned index, const struct tsp_round *like,
                               struct exchange *exchange, pid_t parent) {
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent) {
        _exit(1); /* the parent went before the line above could take effect */
    }
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) { /* kernels never print; what an emulator says of a crash is said by us, once */
        (void)dup2(null, STDIN_FILENO);
        (void)dup2(null, STDOUT_FILENO);
        if (session->emulated) {
            (void)dup2(null, STDERR_FILENO);
        }
    }
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    tsp_last_word_install(&exchange->word);
    tsp_limits_apply(profile, tcase->kernel->memory_bytes, session->emulated);
    tsp_round_measure(session, profile, tcase, index, like, &exchange->round);
    exchange->finished = 1;
    _exit(0);
}

static bool over_memory(const struct watch *watch) {
    if (watch->profile->memory_bytes == 0 || tsp_limits_by_address_space(watch->session->emulated)) {
        return false; /* no limit, or the kernel sees to it */
    }
    return tsp_process_resident(watch->child) > watch->memory_at_start + watch->memory_bytes;
}

static bool child_ended(const struct watch *watch, int timeout_ms) {
    if (watch->handle >= 0) {
        struct pollfd poller = {.fd = watch->handle, .events = POLLIN};
        return poll(&poller, 1, timeout_ms) > 0;
    }
    (void)usleep((useconds_t)(timeout_ms > 2 ? 2000 : timeout_ms * 1000));
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)watch->child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == watch->child;
}

/* Waits for the child's end, or for a reason to end it. */
static enum ending watch_child(const struct watch *watch) {
    double deadline = now_ms() + watch->profile->limit_ms;
    long tasks = tsp_machine_tasks();
    for (;;) {
        double left = deadline - now_ms();
        int timeout = left < 0 ? 0 : left > LOOK_MS ? LOOK_MS : (int)left + 1;
        if (child_ended(watch, timeout)) {
            return ENDED_ITSELF;
        }
        if (watch->interrupted != NULL && *watch->interrupted != 0) {
            return ENDED_BY_INTERRUPT;
        }
        if (now_ms() >= deadline) {
            return ENDED_BY_TIME;
        }
        if (over_memory(watch)) {
            return ENDED_BY_MEMORY;
        }
        if (tsp_machine_tasks() > tasks + PROCESSES_MAX && tsp_group_size(watch->child) > PROCESSES_MAX) {
            return ENDED_BY_PROCESSES; /* looked at closely only where the machine as a whole has grown by so many */
        }
    }
}

/* A round that has not failed by its own word yet ends with this one. */
static void conclude(struct tsp_round *round, enum tsp_status status, const char *reason) {
    round->status = status;
    (void)snprintf(round->reason, sizeof round->reason, "%s", reason);
}

static void conclude_by_signal(struct exchange *exchange, int signal, bool address_reliable) {
    struct tsp_round *round = &exchange->round;
    const char *name = sigabbrev_np(signal);
    char reason[TSP_REASON_MAX];
    if (round->status == TSP_FAILED) {
        return; /* it said why before it aborted */
    }
    if (signal == SIGKILL) {
        (void)snprintf(reason, sizeof reason,
                       "died by SIGKILL: the system was out of memory, or somebody killed it");
    } else if (exchange->word.signal == signal && exchange->word.has_address && address_reliable) {
        (void)snprintf(reason, sizeof reason, "died by SIG%s at address 0x%llx", name == NULL ? "?" : name,
                       (unsigned long long)exchange->word.address);
    } else {
        (void)snprintf(reason, sizeof reason, "died by SIG%s", name == NULL ? "?" : name);
    }
    conclude(round, TSP_FAULTED, reason);
}

/* QEMU 7.2 gives wrong addresses for SIGBUS on these guests (emulation.md). */
static bool address_reliable(bool emulated) {
#if defined(TSP_ISA_S390X) || defined(TSP_ISA_ARMHF)
    return !emulated;
#else
    (void)emulated;
    return true;
#endif
}

static void conclude_ending(const struct watch *watch, enum ending ending, int wait_status,
                            struct exchange *exchange) {
    struct tsp_round *round = &exchange->round;
    char reason[TSP_REASON_MAX];
    switch (ending) {
    case ENDED_BY_INTERRUPT:
        conclude(round, TSP_SKIPPED, "interrupted");
        return;
    case ENDED_BY_TIME:
        (void)snprintf(reason, sizeof reason, "not finished after %.1f s, the limit of a round",
                       watch->profile->limit_ms / 1e3);
        conclude(round, TSP_TIMED_OUT, reason);
        return;
    case ENDED_BY_MEMORY:
        (void)snprintf(reason, sizeof reason, "used over %llu MiB, the limit of a round",
                       (unsigned long long)(watch->memory_bytes >> 20));
        conclude(round, TSP_FAILED, reason);
        return;
    case ENDED_BY_PROCESSES:
        (void)snprintf(reason, sizeof reason, "made over %d processes", PROCESSES_MAX);
        conclude(round, TSP_FAILED, reason);
        return;
    case ENDED_ITSELF:
        break;
    }
    if (WIFSIGNALED(wait_status)) {
        conclude_by_signal(exchange, WTERMSIG(wait_status), address_reliable(watch->session->emulated));
    } else if (!exchange->finished && round->status != TSP_FAILED) {
        (void)snprintf(reason, sizeof reason, "its process ended with status %d in the midst of the round",
                       WEXITSTATUS(wait_status));
        conclude(round, TSP_FAILED, reason);
    }
}

static void supervise(struct watch *watch, struct exchange *exchange) {
    int status = 0;
    double start = now_ms();
    watch->handle = (int)syscall(SYS_pidfd_open, watch->child, 0);
    watch->memory_at_start = tsp_process_resident(getpid());
    enum ending ending = watch_child(watch);
    if (ending != ENDED_ITSELF) {
        (void)kill(-watch->child, SIGKILL);
        (void)kill(watch->child, SIGKILL); /* it may not have made its group yet */
    }
    while (waitpid(watch->child, &status, 0) < 0 && errno == EINTR) {
    }
    if (watch->handle >= 0) {
        (void)close(watch->handle);
    }
    tsp_leftovers_end(watch->child);
    conclude_ending(watch, ending, status, exchange);
    if (exchange->round.duration_ms <= 0) {
        exchange->round.duration_ms = now_ms() - start;
    }
}

/* A file in memory whose name tells the child's descendants: "transept-PID-NANOSECONDS"; -1 and no name where it cannot be had. */
static int named_memory(char *name, size_t size, size_t bytes) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    (void)snprintf(name, size, "transept-%d-%lld%09ld", (int)getpid(), (long long)now.tv_sec, now.tv_nsec);
    int file = memfd_create(name, MFD_CLOEXEC);
    if (file >= 0 && ftruncate(file, (off_t)bytes) == 0) {
        return file;
    }
    if (file >= 0) {
        (void)close(file);
    }
    name[0] = '\0';
    return -1;
}

/* Memory shared with the child, named where its orphans do not fall to us; MAP_FAILED: errno says why. */
static struct exchange *share(bool named, char *name, size_t size) {
    name[0] = '\0';
    int file = named ? named_memory(name, size, sizeof(struct exchange)) : -1;
    int flags = file >= 0 ? MAP_SHARED : MAP_SHARED | MAP_ANONYMOUS;
    struct exchange *exchange = mmap(NULL, sizeof *exchange, PROT_READ | PROT_WRITE, flags, file, 0);
    if (file >= 0) {
        (void)close(file);
    }
    return exchange;
}

int tsp_round_isolate(const struct tsp_session *session, const struct tsp_profile *profile,
                      const struct tsp_case *tcase, unsigned index, const struct tsp_round *like,
                      const volatile int *interrupted, struct tsp_round *round, struct tsp_error *error) {
    char name[64];
    bool adopted = tsp_leftovers_adopt();
    struct exchange *exchange = share(!adopted, name, sizeof name);
    if (exchange == MAP_FAILED) {
        return tsp_error_set(error, "cannot share %zu bytes with a child: %s", sizeof *exchange,
                             strerror(errno));
    }
    exchange->round.index = index;
    exchange->round.items = 1;
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        be_child(session, profile, tcase, index, like, exchange, parent);
    }
    int status = 0;
    if (child < 0) {
        status = tsp_error_set(error, "cannot fork a child for %s: %s", tcase->id, strerror(errno));
    } else {
        (void)setpgid(child, child);
        struct watch watch = {.child = child,
                              .session = session,
                              .profile = profile,
                              .memory_bytes = tsp_limits_memory(profile, tcase->kernel->memory_bytes),
                              .interrupted = interrupted};
        supervise(&watch, exchange);
        memcpy(round, &exchange->round, sizeof *round);
        round->index = index;
    }
    (void)munmap(exchange, sizeof *exchange);
    if (name[0] != '\0') {
        tsp_leftovers_end_mapped(name);
    }
    return status;
}
