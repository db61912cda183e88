/* Putting a record where runs land, so that a reader never meets half a file. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "record/files.h"
#include "transept/record.h"

/* "2024-05-01T12:34:56Z" as "20240501T123456Z": no character that a shell, make or another file system minds. */
static void stem_from(const char *started, char *stem, size_t size) {
    size_t used = 0;
    for (const char *c = started; *c != '\0' && used + 1 < size; ++c) {
        bool plain = (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z');
        if (plain) {
            stem[used++] = *c;
        }
    }
    stem[used] = '\0';
}

/* Nothing that comes out of a record may leave the folder that the user chose. */
static bool is_component(const char *name) {
    return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL;
}

static int write_file(const struct tsp_record *record, const struct tsp_format *format, const char *temporary,
                      const char *path, struct tsp_error *error) {
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    FILE *stream = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (stream == NULL) {
        int code = errno;
        if (fd >= 0) {
            close(fd);
        }
        return tsp_files_complain(error, path, code);
    }
    errno = 0;
    int code = 0;
    if (format->write(record, stream, error) != 0 || fsync(fd) != 0) {
        code = errno != 0 ? errno : EIO;
    }
    if (fclose(stream) != 0 && code == 0) {
        code = errno;
    }
    return code != 0 ? tsp_files_complain(error, path, code) : 0;
}

/* Gives the file its name unless that is taken (EEXIST). Where the file system cannot do this in one step, in two. */
static int rename_new(const char *temporary, const char *path) {
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return errno;
    }
    if (access(path, F_OK) == 0) {
        return EEXIST;
    }
    return rename(temporary, path) != 0 ? errno : 0;
}

/* `root`/<arch>/latest.<ext> shows the new file from one moment to the next. */
static int link_latest(const char *folder, const char *target, const char *extension) {
    char link[PATH_MAX];
    char temporary[PATH_MAX];
    int length = snprintf(link, sizeof link, "%s/latest.%s", folder, extension);
    int more = snprintf(temporary, sizeof temporary, "%s/.latest.%s.%ld", folder, extension, (long)getpid());
    if (length < 0 || length >= PATH_MAX || more < 0 || more >= PATH_MAX) {
        return ENAMETOOLONG;
    }
    (void)unlink(temporary); /* left by a killed process that had our number */
    if (symlink(target, temporary) != 0) {
        return errno;
    }
    if (rename(temporary, link) != 0) {
        int code = errno;
        (void)unlink(temporary);
        return code;
    }
    return tsp_files_sync_folder(link);
}

/* The parts of a file's name. */
struct place {
    char folder[PATH_MAX]; /* root/arch */
    char stem[40];
    const char *machine;
    const char *extension;
};

/* Finds a name that is not taken and moves the written file there. `target` is how the link names it. */
static int settle(const struct place *place, const char *temporary, char *path, size_t size, char *target,
                  size_t target_size) {
    int code = EEXIST;
    for (unsigned attempt = 0; code == EEXIST && attempt < 1000; ++attempt) {
        char suffix[16] = "";
        if (attempt > 0) {
            (void)snprintf(suffix, sizeof suffix, "-%u", attempt);
        }
        (void)snprintf(target, target_size, "%s/%s%s.%s", place->machine, place->stem, suffix,
                       place->extension);
        int length = snprintf(path, size, "%s/%s", place->folder, target);
        if (length < 0 || (size_t)length >= size) {
            return ENAMETOOLONG;
        }
        code = rename_new(temporary, path);
    }
    return code;
}

static int find_place(const struct tsp_record *record, const char *root, const struct tsp_format *format,
                      struct place *place, struct tsp_error *error) {
    const struct tsp_machine *machine = &record->machine;
    stem_from(record->run.started, place->stem, sizeof place->stem);
    if (!is_component(machine->arch) || !is_component(machine->id) || place->stem[0] == '\0') {
        return tsp_error_set(
            error,
            "cannot save the record: its architecture '%s', machine '%s' and start '%s' make no file name",
            machine->arch, machine->id, record->run.started);
    }
    place->machine = machine->id;
    place->extension = format->extension;
    int length = snprintf(place->folder, sizeof place->folder, "%s/%s", root, machine->arch);
    return length >= 0 && length < PATH_MAX - 100 ? 0 : tsp_files_complain(error, root, ENAMETOOLONG);
}

int tsp_record_save(const struct tsp_record *record, const char *root, const struct tsp_format *format,
                    char *path, size_t size, struct tsp_error *error) {
    struct place place = {.machine = NULL};
    char temporary[PATH_MAX + 100];
    char target[100];
    if (find_place(record, root, format, &place, error) != 0) {
        return -1;
    }
    (void)snprintf(temporary, sizeof temporary, "%s/%s/.%s.%s.%ld", place.folder, place.machine, place.stem,
                   place.extension, (long)getpid());
    (void)snprintf(path, size, "%s/%s/%s.%s", place.folder, place.machine, place.stem, place.extension);
    if (tsp_files_make_folders(temporary, error) != 0) {
        return -1;
    }
    if (write_file(record, format, temporary, path, error) != 0) {
        (void)unlink(temporary);
        return -1;
    }
    int code = settle(&place, temporary, path, size, target, sizeof target);
    if (code != 0) {
        (void)unlink(temporary);
        return tsp_files_complain(error, path, code);
    }
    code = tsp_files_sync_folder(path);
    if (code != 0) {
        return tsp_files_complain(error, path, code);
    }
    code = link_latest(place.folder, target, place.extension);
    if (code != 0) {
        return tsp_error_set(error, "%.200s is written, but %.200s/latest.%s cannot be linked to it: %s",
                             path, place.folder, place.extension, strerror(code));
    }
    return 0;
}
