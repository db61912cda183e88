/* Folders and what to do about a file that cannot be written. */
#include "record/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Commands differ in the option that names the place, and some have none: the place is what is spoken of. */
static const char *remedy(int code) {
    switch (code) {
    case ENOSPC:
    case EDQUOT:
        return "free some space or write to another folder";
    case EACCES:
    case EPERM:
    case EROFS:
        return "make the folder writable or write to another one";
    case ENOMEM:
        return "end other programs or select fewer cases";
    default:
        return "write to another folder";
    }
}

int tsp_files_complain(struct tsp_error *error, const char *path, int code) {
    return tsp_error_set(error, "cannot write %.300s: %s; %s", path, strerror(code), remedy(code));
}

int tsp_files_make_folders(const char *path, struct tsp_error *error) {
    char folder[PATH_MAX];
    size_t length = strlen(path);
    if (length >= sizeof folder) {
        return tsp_files_complain(error, path, ENAMETOOLONG);
    }
    for (size_t i = 1; i < length; ++i) {
        if (path[i] == '/') {
            memcpy(folder, path, i);
            folder[i] = '\0';
            if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
                return tsp_files_complain(error, folder, errno);
            }
        }
    }
    return 0;
}

int tsp_files_sync_folder(const char *path) {
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(path, '/');
    if (slash != NULL) {
        int length = slash == path ? 1 : (int)(slash - path);
        (void)snprintf(folder, sizeof folder, "%.*s", length, path);
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return errno;
    }
    /* Some file systems have nothing to do here and say EINVAL. */
    int code = fsync(fd) != 0 && errno != EINVAL ? errno : 0;
    close(fd);
    return code;
}

/* Returns 0 or errno. */
static int put_text(const char *temporary, const char *path, const char *text) {
    FILE *stream = fopen(temporary, "we");
    if (stream == NULL) {
        return errno;
    }
    int code = fputs(text, stream) == EOF || fflush(stream) != 0 || fsync(fileno(stream)) != 0 ? errno : 0;
    if (fclose(stream) != 0 && code == 0) {
        code = errno;
    }
    if (code == 0 && rename(temporary, path) != 0) {
        code = errno;
    }
    if (code != 0) {
        (void)unlink(temporary);
    }
    return code;
}

int tsp_files_put(const char *path, const char *text, struct tsp_error *error) {
    char temporary[PATH_MAX];
    int length = snprintf(temporary, sizeof temporary, "%s.%ld", path, (long)getpid());
    if (length < 0 || length >= PATH_MAX) {
        return tsp_files_complain(error, path, ENAMETOOLONG);
    }
    if (tsp_files_make_folders(path, error) != 0) {
        return -1;
    }
    int code = put_text(temporary, path, text);
    return code == 0 ? 0 : tsp_files_complain(error, path, code);
}
