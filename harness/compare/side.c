/* One side of a comparison: finds its records, reads them, and sees that they are the same thing measured again. */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compare/side.h"

/* What is pooled must be the same thing measured again. */
static int check_alike(const struct tsp_side *side, const struct tsp_record *record, const char *path,
                       struct tsp_error *error) {
    struct tsp_head_differences differences;
    tsp_heads_compare(&differences, &side->records[0], record);
    for (unsigned i = 0; i < differences.count; ++i) {
        const struct tsp_head_difference *difference = &differences.of[i];
        if (difference->across != 0 || strcmp(difference->what, "ISA") == 0 ||
            strcmp(difference->what, "version") == 0) {
            return tsp_error_set(
                error,
                "%s: cannot be pooled with %s: %s is %.100s there and %.100s here; name them as two sides",
                path, side->paths[0], difference->what, difference->first, difference->other);
        }
    }
    return 0;
}

static int read_record(struct tsp_side *side, const char *path, const struct tsp_question *question,
                       struct tsp_error *error) {
    struct tsp_side_reading reading = {.side = side, .question = question};
    const struct tsp_ask ask = {.metric = question->metric[0] != '\0' ? question->metric : NULL,
                                .counts = question->counts,
                                .statistic = tsp_statistic_name(question->statistic)};
    struct tsp_record *records = realloc(side->records, (side->record_count + 1) * sizeof *records);
    char **paths = realloc(side->paths, (side->record_count + 1) * sizeof *paths);
    if (records != NULL) {
        side->records = records;
    }
    if (paths != NULL) {
        side->paths = paths;
    }
    char *copy = strdup(path);
    if (records == NULL || paths == NULL || copy == NULL) {
        free(copy);
        return tsp_side_out_of_memory(error);
    }
    struct tsp_record *record = &records[side->record_count];
    side->paths[side->record_count++] = copy;
    if (tsp_record_scan_briefs(record, path, &ask, tsp_side_visit, &reading, error) != 0) {
        return -1;
    }
    return side->record_count > 1 ? check_alike(side, record, path, error) : 0;
}

/* Of a folder the records, but not the links to them, nor what calibration left or was written for other programs beside them. */
static int is_file(const char *path) {
    static const char floors[] = "/floors.json";
    struct stat status;
    size_t length = strlen(path);
    bool is_floors = length >= sizeof floors - 1 && strcmp(path + length - (sizeof floors - 1), floors) == 0;
    return !is_floors && !tsp_format_is_other(path) && lstat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static int read_matching(struct tsp_side *side, const char *pattern, bool folder,
                         const struct tsp_question *question, struct tsp_error *error) {
    glob_t found;
    int status = glob(pattern, 0, NULL, &found);
    if (status == 0) {
        for (size_t i = 0; status == 0 && i < found.gl_pathc; ++i) {
            if (!folder || is_file(found.gl_pathv[i])) {
                status = read_record(side, found.gl_pathv[i], question, error);
            }
        }
        globfree(&found);
    } else if (status != GLOB_NOMATCH) {
        return tsp_error_set(error, "cannot look for %s: %s", pattern,
                             status == GLOB_NOSPACE ? "no memory" : strerror(errno));
    } else {
        status = 0;
    }
    if (status == 0 && side->record_count == 0) {
        return tsp_error_set(error, "%s: no record is there; name a record, a folder of records or a pattern",
                             folder ? side->name : pattern);
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

int tsp_side_read(struct tsp_side *side, const char *argument, const struct tsp_question *question,
                  struct tsp_error *error) {
    struct stat status;
    *side = (struct tsp_side){.name = strdup(argument)};
    if (side->name == NULL) {
        return tsp_side_out_of_memory(error);
    }
    int result = 0;
    if (stat(argument, &status) != 0 && strpbrk(argument, "*?[") != NULL) {
        result = read_matching(side, argument, false, question, error);
    } else if (stat(argument, &status) == 0 && S_ISDIR(status.st_mode)) {
        char *pattern = folder_pattern(argument);
        result = pattern != NULL ? read_matching(side, pattern, true, question, error)
                                 : tsp_side_out_of_memory(error);
        free(pattern);
    } else {
        result = read_record(side, argument, question, error);
    }
    return result != 0 ? result : tsp_side_settle(side, error);
}

void tsp_side_free(struct tsp_side *side) {
    for (size_t i = 0; i < side->case_count; ++i) {
        tsp_side_case_free(&side->cases[i]);
    }
    for (size_t i = 0; i < side->record_count; ++i) {
        tsp_record_free(&side->records[i]);
        free(side->paths[i]);
    }
    free(side->cases);
    free(side->records);
    free(side->paths);
    free(side->name);
    *side = (struct tsp_side){.name = NULL};
}
