/* Where a command's main output goes. */
#include "output.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

static int complain(const char *path, int code, struct tsp_error *error) {
    return tsp_error_set(error, "cannot write %.300s: %s; choose another file with --output", path,
                         strerror(code));
}

/* To `temporary`, which shall become `path`. */
static int write_file(const char *temporary, const char *path, int last, tsp_output_writer *write,
                      const void *data, struct tsp_error *error) {
    FILE *stream = fopen(temporary, "we");
    if (stream == NULL) {
        return complain(path, errno, error);
    }
    int status = write(data, stream, error);
    if (status == 0 && last && fsync(fileno(stream)) != 0) {
        status = complain(path, errno, error);
    }
    if (fclose(stream) != 0 && status == 0) {
        status = complain(path, errno, error);
    }
    if (status == 0 && last && rename(temporary, path) != 0) {
        status = complain(path, errno, error);
    }
    if (status != 0 && last) {
        (void)unlink(temporary);
    }
    return status;
}

int tsp_output_write(const char *path, tsp_output_writer *write, const void *data, struct tsp_error *error) {
    struct stat there;
    char temporary[PATH_MAX];
    if (path == NULL) {
        int status = write(data, stdout, error);
        return status != 0 && tsp_output_reader_left() ? 0 : status;
    }
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
        return write_file(path, path, 0, write, data, error);
    }
    int length = snprintf(temporary, sizeof temporary, "%s.%ld", path, (long)getpid());
    if (path[0] == '\0' || length < 0 || (size_t)length >= sizeof temporary) {
        return complain(path, path[0] == '\0' ? ENOENT : ENAMETOOLONG, error);
    }
    return write_file(temporary, path, 1, write, data, error);
}

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
