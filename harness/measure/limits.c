/* Limits and last words of a measuring child. */
#include "measure/limits.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNDER_SANITIZER true
#else
#define UNDER_SANITIZER false
#endif

/* The harness's own share of a round: samples, counters, stacks of signal handlers. */
#define HARNESS_BYTES (UINT64_C(16) << 20)

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
#define FATAL_SIGNALS (sizeof fatal_signals / sizeof fatal_signals[0])

uint64_t tsp_limits_memory(const struct tsp_profile *profile, uint64_t extra_bytes) {
    return HARNESS_BYTES + profile->memory_bytes + extra_bytes;
}

bool tsp_limits_by_address_space(bool emulated) {
    return !UNDER_SANITIZER && !emulated;
}

/* Bytes of address space this process has already; 0 where it cannot be had. */
static uint64_t address_space(void) {
    unsigned long long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "re");
    if (statm == NULL) {
        return 0;
    }
    int read = fscanf(statm, "%llu", &pages);
    (void)fclose(statm);
    return read == 1 ? pages * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

static void limit(__rlimit_resource_t resource, uint64_t value) {
    struct rlimit now;
    if (getrlimit(resource, &now) == 0) {
        rlim_t wanted = (rlim_t)value;
        now.rlim_cur = now.rlim_max == RLIM_INFINITY || wanted < now.rlim_max ? wanted : now.rlim_max;
        (void)setrlimit(resource, &now);
    }
}

void tsp_limits_apply(const struct tsp_profile *profile, uint64_t extra_bytes, bool emulated) {
    limit(RLIMIT_CORE, 0);
    if (profile->files > 0) {
        limit(RLIMIT_NOFILE, profile->files);
    }
    uint64_t used = address_space();
    if (tsp_limits_by_address_space(emulated) && used > 0 && profile->memory_bytes > 0) {
        limit(RLIMIT_AS, used + tsp_limits_memory(profile, extra_bytes));
    }
}

/* Signal handlers get no argument of ours: the one place where the child's last word must be found without being handed it. */
static struct tsp_last_word *last_word;

static void note(int signal, siginfo_t *info, void *context) {
    (void)context;
    bool by_instruction =
        info->si_code > 0 && signal != SIGABRT && signal != SIGSYS; /* not sent by kill() or raise() */
    last_word->address = by_instruction ? (uintptr_t)info->si_addr : 0;
    last_word->has_address = by_instruction;
    last_word->signal = signal;
    if (!by_instruction) {
        (void)raise(
            signal); /* the default action is back in force (SA_RESETHAND); an instruction would simply run again */
    }
}

void tsp_last_word_install(struct tsp_last_word *word) {
    last_word = word;
    stack_t stack = {.ss_size = 64 << 10};
    stack.ss_sp = malloc(stack.ss_size);
    bool own_stack = stack.ss_sp != NULL && sigaltstack(&stack, NULL) == 0;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = note;
    action.sa_flags =
        (int)((unsigned)SA_SIGINFO | (unsigned)SA_RESETHAND | (own_stack ? (unsigned)SA_ONSTACK : 0U));
    for (size_t i = 0; i < FATAL_SIGNALS; ++i) {
        (void)sigaction(fatal_signals[i], &action, NULL);
    }
}
