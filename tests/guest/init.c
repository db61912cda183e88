/*
 * The first and only process of the PMU guest (ci/pmu-guest): does what /steps says, a line at a time, sends what came of it over the
 * serial line, and switches the machine off. The lines are, words apart by one blank:
 *
 *   write FILE TEXT           writes TEXT to a file below /proc or /sys
 *   run NAME UID COMMAND…     runs a command as that user; sends its output, both streams, with its exit status
 *   send NAME FILE            sends a file
 *
 * What is sent is framed as ci/guest.py reads it: a line "@@transept NAME STATUS BYTES CRC32", the bytes, a line "@@end".
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { WORDS_MAX = 32, LINE_MAX_BYTES = 4096, FILES_MAX = 65536 };

/* The output of the step at hand. */
#define OUTPUT "/tmp/output"

static const char *error_text(void) {
    return strerror(errno); /* NOLINT(concurrency-mt-unsafe): one thread */
}

/* The CRC of zlib and of Ethernet: ISO/IEC 8802-3, reflected polynomial EDB88320h. */
static uint32_t crc32_add(uint32_t crc, const unsigned char *bytes, size_t count) {
    crc = ~crc;
    for (size_t i = 0; i < count; ++i) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1) ^ (UINT32_C(0xedb88320) & (0U - (crc & 1U)));
        }
    }
    return ~crc;
}

/* A whole file in memory; NULL when it cannot be read. The caller frees it. */
static unsigned char *load(const char *path, size_t *size) {
    FILE *file = fopen(path, "re");
    unsigned char *bytes = NULL;
    size_t room = 0;
    *size = 0;
    while (file != NULL && !feof(file) && !ferror(file)) {
        if (*size == room) {
            room = room == 0 ? 65536 : 2 * room;
            unsigned char *more = realloc(bytes, room);
            if (more == NULL) {
                break;
            }
            bytes = more;
        }
        *size += fread(bytes + *size, 1, room - *size, file);
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return bytes;
}

static void send_bytes(const char *name, int status, const unsigned char *bytes, size_t size) {
    (void)printf("\n@@transept %s %d %zu %08" PRIx32 "\n", name, status, size, crc32_add(0, bytes, size));
    (void)fwrite(bytes, 1, size, stdout);
    (void)printf("\n@@end\n");
    (void)fflush(stdout);
}

static void send_file(const char *name, int status, const char *path) {
    size_t size = 0;
    unsigned char *bytes = load(path, &size);
    if (bytes == NULL) {
        char text[LINE_MAX_BYTES];
        (void)snprintf(text, sizeof text, "%s: %s\n", path, error_text());
        send_bytes(name, 255, (const unsigned char *)text, strlen(text));
    } else {
        send_bytes(name, status, bytes, size);
    }
    free(bytes);
}

static void complain(const char *format, ...) {
    char text[LINE_MAX_BYTES];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    send_bytes("init", 255, (const unsigned char *)text, strlen(text));
}

static void write_text(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    size_t length = strlen(text);
    if (fd < 0 || write(fd, text, length) != (ssize_t)length) {
        complain("cannot write '%s' to %s: %s\n", text, path, error_text());
    }
    if (fd >= 0) {
        (void)close(fd);
    }
}

_Noreturn static void become(uid_t user, char **command) {
    int fd = open(OUTPUT, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        (void)dup2(nothing, STDIN_FILENO);
        (void)dup2(fd, STDOUT_FILENO);
        (void)dup2(fd, STDERR_FILENO);
        if (user == 0 || (setgid(user) == 0 && setuid(user) == 0)) {
            (void)execv(command[0], command);
        }
        (void)fprintf(stderr, "cannot run %s as user %u: %s\n", command[0], (unsigned)user, error_text());
    }
    _exit(127);
}

static void run(const char *name, const char *user, char **command) {
    pid_t child = fork();
    if (child == 0) {
        become((uid_t)strtoul(user, NULL, 10), command);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        complain("%s: %s\n", name, error_text());
        return;
    }
    /* A death by a signal as a shell tells it. */
    send_file(name, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), OUTPUT);
}

static void step(char *line) {
    char *words[WORDS_MAX + 1] = {NULL};
    unsigned count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(line, " ", &rest); word != NULL && count < WORDS_MAX;
         word = strtok_r(NULL, " ", &rest)) {
        words[count++] = word;
    }
    if (count == 3 && strcmp(words[0], "write") == 0) {
        write_text(words[1], words[2]);
    } else if (count == 3 && strcmp(words[0], "send") == 0) {
        send_file(words[1], 0, words[2]);
    } else if (count >= 4 && strcmp(words[0], "run") == 0) {
        run(words[1], words[2], words + 3);
    } else if (count > 0) {
        complain("/steps: what is '%s' with %u words?\n", words[0], count - 1);
    }
}

static void mount_or_complain(const char *type, const char *place) {
    (void)mkdir(place, 0755); /* there already, as a rule */
    if (mount(type, place, type, 0, NULL) != 0 && errno != EBUSY) {
        complain("cannot mount %s: %s\n", place, error_text());
    }
}

/* Lines must not end in two characters, nor anything be echoed. */
static void make_line_raw(void) {
    struct termios line;
    if (tcgetattr(STDOUT_FILENO, &line) == 0) {
        cfmakeraw(&line);
        (void)tcsetattr(STDOUT_FILENO, TCSANOW, &line);
    }
}

/* A kernel begins with a hard limit of 4096 descriptors, which a distribution's init raises: epoll's cases open more. */
static void raise_limit_on_files(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_max < FILES_MAX) {
        files.rlim_max = FILES_MAX;
        if (setrlimit(RLIMIT_NOFILE, &files) != 0) {
            complain("cannot raise the limit on open files: %s\n", error_text());
        }
    }
}

int main(void) {
    char line[LINE_MAX_BYTES];
    make_line_raw();
    raise_limit_on_files();
    mount_or_complain("proc", "/proc");
    mount_or_complain("sysfs", "/sys");
    mount_or_complain("devtmpfs", "/dev");
    mount_or_complain("tmpfs", "/tmp");
    (void)chmod("/tmp", 01777);
    FILE *steps = fopen("/steps", "re");
    if (steps == NULL) {
        complain("/steps: %s\n", error_text());
    } else {
        while (fgets(line, sizeof line, steps) != NULL) {
            line[strcspn(line, "\n")] = '\0';
            step(line);
        }
        (void)fclose(steps);
    }
    (void)printf("\n@@transept off 0 0 00000000\n\n@@end\n");
    (void)fflush(stdout);
    (void)tcdrain(STDOUT_FILENO);
    (void)reboot(RB_POWER_OFF);
    return 1; /* the kernel panics and, told so, ends the machine */
}
