/* Where a command's main output goes. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

static int complain(const char *path, int code, struct tsp_error *error) {
    return tsp_error_set(error, "cannot write %.300s: %s; write to another file", path, strerror(code));
}

/* --- a file, wholly or not at all --------------------------------------------------------------------------------------------------- */

/* A file that is being written under another name, and the signals that wait until that name is gone. */
struct draft {
    int fd;
    sigset_t held;
    sigset_t before;
};

/* Holds back what would end the process here and now. What the command catches does not, what it ignores neither. */
static void hold_signals(struct draft *draft) {
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
    (void)sigemptyset(&draft->held);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; ++i) {
        struct sigaction action;
        if (sigaction(ends[i], NULL, &action) == 0 && action.sa_handler == SIG_DFL) {
            (void)sigaddset(&draft->held, ends[i]);
        }
    }
    (void)pthread_sigmask(SIG_BLOCK, &draft->held, &draft->before);
}

static bool asked_to_end(const struct draft *draft) {
    sigset_t pending;
    sigset_t both;
    return sigpending(&pending) == 0 && sigandset(&both, &pending, &draft->held) == 0 &&
           sigisemptyset(&both) == 0;
}

/* A cookie_write_function_t. It fails once the process is asked to end, so that a long text does not keep it. */
static ssize_t put(void *cookie, const char *bytes, size_t size) {
    const struct draft *draft = cookie;
    size_t done = 0;
    while (done < size) {
        ssize_t more = -1;
        if (asked_to_end(draft)) {
            errno = EINTR;
        } else {
            more = write(draft->fd, bytes + done, size - done);
        }
        if (more < 0) {
            return 0; /* a cookie's word for an error */
        }
        done += (size_t)more;
    }
    return (ssize_t)size;
}

static int fill(struct draft *draft, const char *path, tsp_output_writer *write, const void *data,
                struct tsp_error *error) {
    FILE *stream = fopencookie(draft, "w", (cookie_io_functions_t){.write = put});
    if (stream == NULL) {
        return complain(path, errno, error);
    }
    int status = write(data, stream, error);
    if (fclose(stream) != 0 && status == 0) {
        status = complain(path, errno, error);
    }
    if (status == 0 && fsync(draft->fd) != 0) {
        status = complain(path, errno, error);
    }
    return status;
}

static int replace_file(const char *path, tsp_output_writer *write, const void *data,
                        struct tsp_error *error) {
    char temporary[PATH_MAX];
    struct draft draft;
    int length = snprintf(temporary, sizeof temporary, "%s.%ld", path, (long)getpid());
    if (path[0] == '\0' || length < 0 || (size_t)length >= sizeof temporary) {
        return complain(path, path[0] == '\0' ? ENOENT : ENAMETOOLONG, error);
    }
    hold_signals(&draft);
    draft.fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int status = draft.fd >= 0 ? fill(&draft, path, write, data, error) : complain(path, errno, error);
    if (draft.fd >= 0 && close(draft.fd) != 0 && status == 0) {
        status = complain(path, errno, error);
    }
    if (status == 0 && asked_to_end(&draft)) {
        status = complain(path, EINTR, error);
    }
    if (status == 0 && rename(temporary, path) != 0) {
        status = complain(path, errno, error);
    }
    if (status != 0 && draft.fd >= 0) {
        (void)unlink(temporary);
    }
    (void)pthread_sigmask(SIG_SETMASK, &draft.before, NULL); /* where a signal waits, the process ends here */
    return status;
}

/* What is no regular file: a device, a pipe. */
static int write_there(const char *path, tsp_output_writer *write, const void *data,
                       struct tsp_error *error) {
    FILE *stream = fopen(path, "we");
    if (stream == NULL) {
        return complain(path, errno, error);
    }
    int status = write(data, stream, error);
    if (fclose(stream) != 0 && status == 0) {
        status = complain(path, errno, error);
    }
    return status;
}

int tsp_output_write(const char *path, tsp_output_writer *write, const void *data, struct tsp_error *error) {
    struct stat there;
    if (path == NULL) {
        int status = write(data, stdout, error);
        return status != 0 && tsp_output_reader_left() ? 0 : status;
    }
    bool regular = stat(path, &there) != 0 || S_ISREG(there.st_mode);
    return regular ? replace_file(path, write, data, error) : write_there(path, write, data, error);
}

int tsp_output_spare(const char *path, const char *const *inputs, size_t count, struct tsp_error *error) {
    struct stat there;
    struct stat input;
    /* A terminal may be both. */
    if (path == NULL || stat(path, &there) != 0 || !S_ISREG(there.st_mode)) {
        return 0;
    }
    for (size_t i = 0; i < count; ++i) {
        if (inputs[i] != NULL && stat(inputs[i], &input) == 0 && input.st_dev == there.st_dev &&
            input.st_ino == there.st_ino) {
            return tsp_error_set(
                error,
                "cannot write %.300s: it is what is read (%.300s) and would be lost; name another file", path,
                inputs[i]);
        }
    }
    return 0;
}

/* --- folders ------------------------------------------------------------------------------------------------------------------------ */

static int make_folders(const char *path, struct tsp_error *error) {
    char folder[PATH_MAX];
    for (const char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
        if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
            return complain(folder, errno, error);
        }
    }
    return 0;
}

int tsp_output_write_below(const char *folder, const char *name, tsp_output_writer *write, const void *data,
                           struct tsp_error *error) {
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (folder[0] == '\0' || length < 0 || (size_t)length >= sizeof path) {
        return complain(folder, folder[0] == '\0' ? ENOENT : ENAMETOOLONG, error);
    }
    return make_folders(path, error) == 0 ? tsp_output_write(path, write, data, error) : -1;
}
