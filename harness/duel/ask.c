/* A question to a binary: a process that reads a line, answers with a line, and ends. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "duel/request.h"

enum {
    LOOK_MS = 100,         /* how often an interrupt is looked for */
    ANSWER_MAX = 64 << 20, /* bytes; some thousand cases take one */
    LAST_MS = 10000,       /* for a process that has said everything to end */
};

/* A process and its ends of the pipes. */
struct asked {
    pid_t pid;
    int in;          /* what it reads */
    int out;         /* what it writes */
    FILE *complaint; /* what it says on stderr; NULL: nowhere to be kept */
    double deadline_ms;
    const volatile int *interrupted;
    char *text;
    size_t length;
    size_t room;
};

static double now_ms(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void close_end(int *fd) {
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}

/* A group of its own: Ctrl-C is the asking process's to heed. */
static int spawn(struct asked *asked, const char *path, const int in[2], const int out[2]) {
    char *const argv[] = {(char[]){"transept"}, (char[]){TSP_DUEL_COMMAND}, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    (void)sigemptyset(&defaults);
    (void)sigaddset(&defaults, SIGPIPE);
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawnattr_init(&attributes);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    (void)posix_spawnattr_setsigdefault(&attributes, &defaults);
    int code = posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    code = code != 0 ? code : posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    if (code == 0 && asked->complaint != NULL) {
        code = posix_spawn_file_actions_adddup2(&actions, fileno(asked->complaint), STDERR_FILENO);
    }
    code = code != 0 ? code : posix_spawn(&asked->pid, path, &actions, &attributes, argv, environ);
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&actions);
    return code;
}

static int start(struct asked *asked, const char *path, struct tsp_error *error) {
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    /* Asked beforehand, for under an emulator posix_spawn cannot tell: its child shares no memory with us. */
    if (access(path, X_OK) != 0) {
        return tsp_error_set(error, "cannot start %.300s: %s", path, strerror(errno));
    }
    /* A socket, for one who does not read the question must cost no SIGPIPE. */
    bool open = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) == 0 && pipe2(out, O_CLOEXEC) == 0;
    int code = open ? 0 : errno;
    asked->complaint = tmpfile();
    if (code == 0) {
        code = spawn(asked, path, in, out);
    }
    close_end(&in[0]);
    close_end(&out[1]);
    asked->in = in[1];
    asked->out = out[0];
    return code == 0 ? 0 : tsp_error_set(error, "cannot start %.300s: %s", path, strerror(code));
}

/* Sends the question; one who does not read it will be known by its answer. */
static void put_question(struct asked *asked, const char *question) {
    size_t length = strlen(question);
    while (length > 0) {
        ssize_t written = send(asked->in, question, length, MSG_NOSIGNAL);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            break;
        }
        question += written;
        length -= (size_t)written;
    }
    close_end(&asked->in);
}

/* Room for more, and for the NUL behind. */
static int make_room(struct asked *asked, const char *path, struct tsp_error *error) {
    if (asked->length + 1 < asked->room) {
        return 0;
    }
    if (asked->room >= ANSWER_MAX) {
        return tsp_error_set(error, "%.300s says too much for an answer; is it a transept?", path);
    }
    size_t room = asked->room == 0 ? 1 << 16 : 2 * asked->room;
    char *text = realloc(asked->text, room);
    if (text == NULL) {
        return tsp_error_set(error, "no memory for the answer of %.300s", path);
    }
    asked->text = text;
    asked->room = room;
    return 0;
}

/* All that it writes, until it closes its end. */
static int take_answer(struct asked *asked, const char *path, struct tsp_error *error) {
    for (;;) {
        struct pollfd poller = {.fd = asked->out, .events = POLLIN};
        int ready = poll(&poller, 1, LOOK_MS);
        if (asked->interrupted != NULL && *asked->interrupted != 0) {
            return tsp_error_set(error, "interrupted");
        }
        if (ready <= 0) {
            if (now_ms() > asked->deadline_ms) {
                return tsp_error_set(error, "%.300s does not answer; is it a transept that duels?", path);
            }
            continue;
        }
        if (make_room(asked, path, error) != 0) {
            return -1;
        }
        ssize_t taken = read(asked->out, asked->text + asked->length, asked->room - asked->length - 1);
        if (taken > 0) {
            asked->length += (size_t)taken;
        } else if (taken == 0) {
            asked->text[asked->length] = '\0';
            return 0;
        } else if (errno != EINTR) {
            return tsp_error_set(error, "cannot read the answer of %.300s: %s", path, strerror(errno));
        }
    }
}

/* Its end; by force where it does not come, or is not waited for. */
static int bury(struct asked *asked, bool at_once) {
    int status = 0;
    double deadline = now_ms() + LAST_MS;
    while (!at_once && waitpid(asked->pid, &status, WNOHANG) == 0) {
        if (now_ms() > deadline) {
            at_once = true;
        } else {
            (void)usleep(200);
            continue;
        }
    }
    if (at_once) {
        (void)kill(-asked->pid, SIGKILL);
        while (waitpid(asked->pid, &status, 0) < 0 && errno == EINTR) {
        }
    }
    return status;
}

/* Why there is no answer: the first line of what it said, else how it ended. */
static int explain(struct asked *asked, const char *path, int status, struct tsp_error *error) {
    char said[320] = "";
    if (asked->complaint != NULL) {
        rewind(asked->complaint);
        if (fgets(said, sizeof said, asked->complaint) != NULL) {
            said[strcspn(said, "\n")] = '\0';
        }
    }
    if (WIFSIGNALED(status)) {
        const char *name = sigabbrev_np(WTERMSIG(status));
        return tsp_error_set(error, "%.300s died by SIG%s", path, name != NULL ? name : "?");
    }
    if (said[0] != '\0') {
        return tsp_error_set(error, "%.200s does not duel: %s", path, said);
    }
    if (WEXITSTATUS(status) != 0) {
        return tsp_error_set(error, "%.300s ended with status %d; is it a transept that duels?", path,
                             WEXITSTATUS(status));
    }
    return tsp_error_set(error, "%.300s answers nothing; is it a transept that duels?", path);
}

int tsp_duel_ask(const char *path, const char *question, double limit_ms, const volatile int *interrupted,
                 char **answer, struct tsp_error *error) {
    struct asked asked = {
        .pid = -1, .in = -1, .out = -1, .deadline_ms = now_ms() + limit_ms, .interrupted = interrupted};
    *answer = NULL;
    int status = start(&asked, path, error);
    if (status == 0) {
        put_question(&asked, question);
        status = take_answer(&asked, path, error);
        close_end(&asked.out);
        int end = bury(&asked, status != 0);
        if (status == 0 && (end != 0 || asked.length == 0)) {
            status = explain(&asked, path, end, error);
        }
    }
    close_end(&asked.in);
    close_end(&asked.out);
    if (asked.complaint != NULL) {
        (void)fclose(asked.complaint);
    }
    if (status != 0) {
        free(asked.text);
        return -1;
    }
    *answer = asked.text;
    return 0;
}
