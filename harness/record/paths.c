/* Files, folders and patterns of records. */
#include "transept/paths.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "transept/record.h"

/* Of a folder the records, but not the links to them, nor what calibration left or was written for other programs beside them. */
static int is_record(const char *path) {
    static const char floors[] = "/floors.json";
    struct stat status;
    size_t length = strlen(path);
    bool is_floors = length >= sizeof floors - 1 && strcmp(path + length - (sizeof floors - 1), floors) == 0;
    return !is_floors && !tsp_format_is_other(path) && lstat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* A link beside the record that it leads to ("latest.json"), which the pattern names too. One that leads elsewhere stands for its record. */
static bool is_second_name(const glob_t *found, size_t index) {
    struct stat link;
    struct stat target;
    if (lstat(found->gl_pathv[index], &link) != 0 || !S_ISLNK(link.st_mode) ||
        stat(found->gl_pathv[index], &target) != 0) {
        return false;
    }
    for (size_t i = 0; i < found->gl_pathc; ++i) {
        struct stat other;
        if (i != index && lstat(found->gl_pathv[i], &other) == 0 && other.st_dev == target.st_dev &&
            other.st_ino == target.st_ino) {
            return true;
        }
    }
    return false;
}

/* `folder` is the one that the pattern is of; NULL: it was given as a pattern. */
static int visit_matching(const char *pattern, const char *folder, tsp_path_visitor *visit, void *data,
                          struct tsp_error *error) {
    glob_t found;
    size_t visited = 0;
    int result = glob(pattern, 0, NULL, &found);
    if (result != 0 && result != GLOB_NOMATCH) {
        return tsp_error_set(error, "cannot look for %s: %s", pattern,
                             result == GLOB_NOSPACE ? "no memory" : strerror(errno));
    }
    int status = 0;
    for (size_t i = 0; result == 0 && status == 0 && i < found.gl_pathc; ++i) {
        if (folder != NULL ? is_record(found.gl_pathv[i]) : !is_second_name(&found, i)) {
            status = visit(data, found.gl_pathv[i], error);
            ++visited;
        }
    }
    if (result == 0) {
        globfree(&found);
    }
    if (status == 0 && visited == 0) {
        return tsp_error_set(error, "%s: no record is there; name a record, a folder of records or a pattern",
                             folder != NULL ? folder : pattern);
    }
    return status;
}

/* The folder's name as a pattern: what means something to glob() is taken literally. */
static char *folder_pattern(const char *folder) {
    static const char records[] = "/*.json";
    size_t length = strlen(folder);
    char *pattern = malloc(2 * length + sizeof records);
    char *end = pattern;
    for (const char *c = folder; pattern != NULL && *c != '\0'; ++c) {
        if (strchr("*?[]\\", *c) != NULL) {
            *end++ = '\\';
        }
        *end++ = *c;
    }
    if (pattern != NULL) {
        memcpy(end, records, sizeof records);
    }
    return pattern;
}

int tsp_record_paths(const char *argument, tsp_path_visitor *visit, void *data, struct tsp_error *error) {
    struct stat status;
    bool there = stat(argument, &status) == 0;
    if (!there && strpbrk(argument, "*?[") != NULL) {
        return visit_matching(argument, NULL, visit, data, error);
    }
    if (!there || !S_ISDIR(status.st_mode)) {
        return visit(data, argument, error);
    }
    char *pattern = folder_pattern(argument);
    int result = pattern != NULL ? visit_matching(pattern, argument, visit, data, error)
                                 : tsp_error_set(error, "no memory to look into %.300s", argument);
    free(pattern);
    return result;
}
