/* Is this the processor or an emulator? Looking around, and asking the emulator for its version. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "machine/emulator.h"
#include "machine/files.h"

#if defined(__x86_64__)
#define OWN_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OWN_MACHINE EM_AARCH64
#elif defined(__riscv)
#define OWN_MACHINE EM_RISCV
#elif defined(__powerpc64__)
#define OWN_MACHINE EM_PPC64
#elif defined(__s390x__)
#define OWN_MACHINE EM_S390
#elif defined(__arm__)
#define OWN_MACHINE EM_ARM
#else
#define OWN_MACHINE 0
#endif

/* The longest that an emulator may take to print its version. */
#define VERSION_LIMIT_MS 2000

#define REAL_EXE "/proc/thread-self/exe"

static void read_link(char *text, size_t size, const char *path) {
    ssize_t length = readlink(path, text, size - 1);
    text[length > 0 ? length : 0] = '\0';
}

static void read_elf(struct tsp_clues *clues) {
    int file = open(REAL_EXE, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        if (read(file, clues->elf, sizeof clues->elf) != (ssize_t)sizeof clues->elf) {
            memset(clues->elf, 0, sizeof clues->elf);
        }
        (void)close(file);
    }
}

/* The real vector is the emulator's, in the host's words: ours is not in it, whatever the two ISAs' word sizes and byte orders are. */
static void read_auxv(struct tsp_clues *clues) {
    unsigned long vector[256];
    int file = open("/proc/thread-self/auxv", O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return;
    }
    ssize_t length = read(file, vector, sizeof vector);
    (void)close(file);
    if (length <= 0) {
        return;
    }
    clues->auxv_read = true;
    size_t words = (size_t)length / sizeof vector[0];
    for (size_t i = 0; i + 1 < words; i += 2) {
        if (vector[i] == AT_PHDR && vector[i + 1] == getauxval(AT_PHDR)) {
            clues->auxv_ours = true;
        }
    }
}

static void read_cpuid(struct tsp_clues *clues) {
#if defined(__x86_64__)
    unsigned eax;
    unsigned ebx;
    unsigned ecx;
    unsigned edx;
    /* Leaf 1, ECX bit 31: a hypervisor is present, and leaf 0x40000000 names it. */
    if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0 || (ecx & (1U << 31)) == 0) {
        return;
    }
    __cpuid(0x40000000, eax, ebx, ecx, edx);
    memcpy(clues->cpuid, &ebx, 4);
    memcpy(clues->cpuid + 4, &ecx, 4);
    memcpy(clues->cpuid + 8, &edx, 4);
    clues->cpuid[12] = '\0';
#else
    clues->cpuid[0] = '\0';
#endif
}

static uint64_t counter_hz(void) {
#if defined(__aarch64__)
    uint64_t hz;
    __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(hz));
    return hz;
#else
    return 0;
#endif
}

/* Appends a device-tree property: strings that end in NUL, several one after the other. */
static void append_property(char *text, size_t size, const char *root, const char *path) {
    struct tsp_file file;
    (void)tsp_file_load(&file, root, path);
    for (size_t i = 0; i + 2 < sizeof file.text; ++i) {
        if (file.text[i] == '\0' && file.text[i + 1] != '\0') {
            file.text[i] = ' ';
        }
    }
    size_t used = strlen(text);
    (void)snprintf(text + used, size - used, "%s%s", used > 0 ? " " : "", file.text);
}

static void read_board(struct tsp_clues *clues, const char *root) {
    append_property(clues->devicetree, sizeof clues->devicetree, root, "/proc/device-tree/compatible");
    append_property(clues->devicetree, sizeof clues->devicetree, root, "/proc/device-tree/model");
    append_property(clues->kvm_devicetree, sizeof clues->kvm_devicetree, root,
                    "/proc/device-tree/hypervisor/compatible");
    for (int i = 0; i < 4; ++i) {
        struct tsp_file clock;
        if (tsp_file_loadf(&clock, root, "/sys/class/ptp/ptp%d/clock_name", i) &&
            strstr(clock.text, "KVM") != NULL) {
            clues->kvm_clock = true;
        }
    }
    struct tsp_file file;
    if (tsp_file_load(&file, root, "/proc/cpuinfo")) {
        (void)snprintf(clues->cpuinfo, sizeof clues->cpuinfo, "%.*s", (int)sizeof clues->cpuinfo - 1,
                       file.text);
    }
    if (tsp_file_load(&file, root, "/proc/sysinfo")) {
        (void)snprintf(clues->sysinfo, sizeof clues->sysinfo, "%.*s", (int)sizeof clues->sysinfo - 1,
                       file.text);
    }
}

void tsp_clues_gather(struct tsp_clues *clues, const char *root) {
    memset(clues, 0, sizeof *clues);
    clues->elf_machine = OWN_MACHINE;
    read_link(clues->claimed_exe, sizeof clues->claimed_exe, "/proc/self/exe");
    read_link(clues->real_exe, sizeof clues->real_exe, REAL_EXE);
    read_elf(clues);
    read_auxv(clues);
#ifdef SYS_rseq
    /* Invalid arguments: a kernel that knows the call answers EINVAL, and nothing changes. */
    clues->rseq_missing = syscall(SYS_rseq, NULL, 0, 0, 0) == -1 && errno == ENOSYS;
#endif
    read_cpuid(clues);
    clues->counter_hz = counter_hz();
    read_board(clues, root);
}

/* What the child writes, until it ends or its time is up. */
static void read_for(int pipe_end, int limit_ms, char *text, size_t size) {
    struct timespec start;
    (void)clock_gettime(CLOCK_MONOTONIC, &start);
    size_t used = 0;
    while (used + 1 < size) {
        struct timespec now;
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        long long passed =
            (long long)(now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000;
        struct pollfd wait = {.fd = pipe_end, .events = POLLIN, .revents = 0};
        if (passed >= limit_ms) {
            break;
        }
        int ready = poll(&wait, 1, limit_ms - (int)passed);
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        ssize_t got = ready > 0 ? read(pipe_end, text + used, size - 1 - used) : 0;
        if (got <= 0) {
            break;
        }
        used += (size_t)got;
    }
    text[used] = '\0';
}

/* Runs the very file that executes us, by the kernel's link: its path may mean nothing in this container. The empty environment keeps
 * settings for emulators away from it. */
static void ask_version(struct tsp_executor *executor) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return;
    }
    char path[512];
    read_link(path, sizeof path, REAL_EXE);
    posix_spawn_file_actions_t actions;
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    (void)posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    char version[] = "--version";
    char *const arguments[] = {path, version, NULL};
    char *const environment[] = {NULL};
    pid_t child = -1;
    int failed = posix_spawn(&child, REAL_EXE, &actions, NULL, arguments, environment);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(ends[1]);
    if (failed == 0) {
        char output[512];
        read_for(ends[0], VERSION_LIMIT_MS, output, sizeof output);
        (void)kill(child, SIGKILL);
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
        }
        tsp_executor_parse_version(executor, output);
    }
    (void)close(ends[0]);
}

void tsp_executor_detect(struct tsp_executor *executor) {
    struct tsp_clues clues;
    tsp_clues_gather(&clues, "");
    tsp_executor_judge(executor, &clues);
    if (executor->ask_version) {
        ask_version(executor);
    }
}
