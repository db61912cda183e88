#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "protocol.h"

struct isa {
    const char *name;
    const char *emulator;
    const char *no_emulator;
    const char *no_program;
};

#define ISA(name, qemu)                                                                                      \
    {                                                                                                        \
        name, qemu, "there is no " qemu " in PATH: install the package qemu-user",                           \
            "there is no program for " name ": build it by make build ARCH=" name                            \
            " (TRANSEPT_BUILDS names another folder of builds)"                                              \
    }
static const struct isa isas[] = {ISA("x86_64", "qemu-x86_64"),   ISA("arm64", "qemu-aarch64"),
                                  ISA("riscv64", "qemu-riscv64"), ISA("ppc64el", "qemu-ppc64le"),
                                  ISA("s390x", "qemu-s390x"),     ISA("armhf", "qemu-arm")};

static const struct isa *find_isa(const char *name) {
    for (size_t i = 0; i < sizeof isas / sizeof isas[0]; ++i) {
        if (strcmp(isas[i].name, name) == 0) {
            return &isas[i];
        }
    }
    return NULL;
}

/* --- where things are ------------------------------------------------------------------------------------------------------------ */

#ifdef TSP_PROGRAM_FILE
/* TSP_PROGRAM_FILE is the built file. A difference of labels gives its size, for labels have to be aligned on some ISAs. */
__asm__(".pushsection .rodata\n"
        ".balign 64\n"
        "tsp_program_bytes:\n"
        ".incbin \"" TSP_PROGRAM_FILE "\"\n"
        "1:\n"
        ".balign 8\n"
        "tsp_program_size:\n"
        ".4byte 1b - tsp_program_bytes\n"
        ".popsection\n");
extern const unsigned char tsp_program_bytes[] __attribute__((visibility("hidden")));
extern const uint32_t tsp_program_size __attribute__((visibility("hidden")));
#else
static const unsigned char tsp_program_bytes[1];
static const uint32_t tsp_program_size = 0; /* an ISA that the program has no entry for */
#endif

static bool can_execute(const char *path) {
    return access(path, X_OK) == 0;
}

/* As a shell looks for a command. */
static bool find_command(const char *name, char *path, size_t size) {
    const char *folders = getenv("PATH");
    for (const char *at = folders; at != NULL && *at != '\0';) {
        const size_t length = strcspn(at, ":");
        const int written = snprintf(path, size, "%.*s/%s", (int)length, at, name);
        if (length > 0 && written > 0 && (size_t)written < size && can_execute(path)) {
            return true;
        }
        at += at[length] == ':' ? length + 1 : length;
    }
    return false;
}

/* The folder that holds a build each: given, or two above that of this command (build/native/bench/transept). */
static bool find_builds(char *path, size_t size) {
    const char *given = getenv("TRANSEPT_BUILDS");
    if (given != NULL && *given != '\0') {
        return (size_t)snprintf(path, size, "%s", given) < size;
    }
    const ssize_t length = readlink("/proc/self/exe", path, size - 1);
    path[length > 0 ? length : 0] = '\0';
    for (unsigned i = 0; i < 3; ++i) {
        char *slash = strrchr(path, '/');
        if (slash == NULL) {
            return false;
        }
        *slash = '\0';
    }
    return true;
}

static bool find_program(const char *isa, char *path, size_t size) {
    char builds[PATH_MAX];
    return find_builds(builds, sizeof builds) &&
           (size_t)snprintf(path, size, "%s/%s/kernels/transept-program", builds, isa) < size &&
           can_execute(path);
}

static bool is_own(const char *isa) {
    return isa == NULL || strcmp(isa, TSP_ISA_NAME) == 0;
}

const char *tsp_guest_unfit(const struct tsp_bench *bench) {
    const struct isa *isa = find_isa(tsp_param_text(bench, "isa"));
    char path[PATH_MAX];
    if (isa == NULL) {
        return "no emulator of this ISA is known";
    }
    if (!find_command(isa->emulator, path, sizeof path)) {
        return isa->no_emulator;
    }
    if (!is_own(isa->name) && !find_program(isa->name, path, sizeof path)) {
        return isa->no_program;
    }
    return NULL;
}

/* --- starting it ----------------------------------------------------------------------------------------------------------------- */

/* execve(2) takes as `char *` what it leaves as it is. */
static pid_t spawn(const char *const arguments[], int in, int out) {
    char *const environment[] = {NULL};
    posix_spawn_file_actions_t actions;
    pid_t process = -1;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed == 0) {
        failed = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
        failed = failed != 0 ? failed : posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
        failed = failed != 0
                     ? failed
                     : posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        failed = failed != 0 ? failed
                             : posix_spawn(&process, arguments[0], &actions, NULL, (char *const *)arguments,
                                           environment);
        (void)posix_spawn_file_actions_destroy(&actions);
    }
    errno = failed;
    return failed == 0 ? process : -1;
}

pid_t tsp_guest_start(const struct tsp_guest *guest, int in, int out) {
    const char *const emulated[] = {guest->emulator, guest->program, NULL};
    const char *const alone[] = {guest->program, NULL};
    return spawn(guest->emulator[0] != '\0' ? emulated : alone, in, out);
}

int tsp_guest_wait(pid_t process) {
    int status = 0;
    while (waitpid(process, &status, 0) != process) {
        if (errno != EINTR) {
            return -1;
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* --- opening --------------------------------------------------------------------------------------------------------------------- */

/* A file in memory, to be executed: MFD_EXEC (Linux 6.3) says so, and older kernels do not know it. It is not closed when another program
 * begins, for that may be the emulator. */
static int make_file(void) {
    int file = (int)syscall(SYS_memfd_create, "transept-program", 0x10U);
    file = file >= 0 || errno != EINVAL ? file : memfd_create("transept-program", 0);
    size_t written = 0;
    while (file >= 0 && written < tsp_program_size) {
        const ssize_t some = write(file, tsp_program_bytes + written, tsp_program_size - written);
        if (some <= 0) {
            (void)close(file);
            return -1;
        }
        written += (size_t)some;
    }
    return file;
}

static void lift_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_AS, &limit);
    }
}

/* "qemu-aarch64 version 7.2.22 (Debian …)" as 7.02: times of another version are not to be compared without a word. */
static void report_version(struct tsp_bench *bench, const struct tsp_guest *guest) {
    char said[256] = "";
    const char *const arguments[] = {guest->emulator, "--version", NULL};
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return;
    }
    const pid_t process = spawn(arguments, ends[1], ends[1]);
    (void)close(ends[1]);
    if (process > 0) {
        (void)read(ends[0], said, sizeof said - 1);
        (void)tsp_guest_wait(process);
    }
    (void)close(ends[0]);
    const char *words = strstr(said, " version ");
    char *end = NULL;
    const unsigned long major = words == NULL ? 0 : strtoul(words + strlen(" version "), &end, 10);
    if (major > 0 && *end == '.') {
        tsp_report(bench, "emulator", "QEMU version",
                   (double)major + (double)strtoul(end + 1, NULL, 10) / 100);
    }
}

/* Once, to see that it does. */
static int try_guest(struct tsp_bench *bench, const struct tsp_guest *guest) {
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    const pid_t process = nothing < 0 ? -1 : tsp_guest_start(guest, nothing, nothing);
    const int error = errno;
    (void)close(nothing);
    if (process < 0) {
        return tsp_skip(bench, "the program cannot be started: %s", strerror(error));
    }
    const int status = tsp_guest_wait(process);
    if (status != TSP_PROGRAM_STATUS) {
        return tsp_skip(bench, "%s does not run its program: it ended with %d, not %d",
                        guest->emulator[0] != '\0' ? guest->emulator : "the processor", status,
                        TSP_PROGRAM_STATUS);
    }
    return 0;
}

int tsp_guest_open(struct tsp_bench *bench, struct tsp_guest *guest, const char *isa) {
    const struct isa *known = isa == NULL ? NULL : find_isa(isa);
    *guest = (struct tsp_guest){.file = -1};
    if (isa != NULL &&
        (known == NULL || !find_command(known->emulator, guest->emulator, sizeof guest->emulator))) {
        return tsp_skip(bench, "%s", known == NULL ? "no such ISA" : known->no_emulator);
    }
    if (is_own(isa)) {
        guest->file = tsp_program_size == 0 ? -1 : make_file();
        (void)snprintf(guest->program, sizeof guest->program, "/proc/self/fd/%d", guest->file);
    } else if (!find_program(isa, guest->program, sizeof guest->program)) {
        return tsp_skip(bench, "%s", known->no_program);
    }
    if (is_own(isa) && guest->file < 0) {
        return tsp_skip(bench, "a program cannot be put into memory: %s",
                        tsp_program_size == 0 ? "there is none for this ISA" : strerror(errno));
    }
    lift_limit();
    if (isa != NULL) {
        report_version(bench, guest);
    }
    const int status = try_guest(bench, guest);
    if (status != 0) {
        tsp_guest_close(guest);
    }
    return status;
}

void tsp_guest_close(struct tsp_guest *guest) {
    if (guest->file >= 0) {
        (void)close(guest->file);
        guest->file = -1;
    }
}
