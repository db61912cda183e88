/* One side of a comparison: finds its records, reads them, and sees that they are the same thing measured again. */
#include <stdlib.h>
#include <string.h>

#include "compare/side.h"
#include "transept/paths.h"

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

/* Rounds that count twice pass for independent ones: the interval gets too narrow by nothing. */
static int check_new(const struct tsp_side *side, const struct tsp_record *record, const char *path,
                     struct tsp_error *error) {
    for (size_t i = 0; i + 1 < side->record_count; ++i) {
        if (record->run.id[0] != '\0' && strcmp(side->records[i].run.id, record->run.id) == 0) {
            return tsp_error_set(
                error,
                "%s: cannot be pooled with %s: both are of the run %.60s, whose rounds would count twice; "
                "leave one out",
                path, side->paths[i], record->run.id);
        }
    }
    return 0;
}

/* A tsp_path_visitor over a struct tsp_side_reading. */
static int read_record(void *data, const char *path, struct tsp_error *error) {
    struct tsp_side_reading *reading = data;
    struct tsp_side *side = reading->side;
    const struct tsp_question *question = reading->question;
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
    if (tsp_record_scan_briefs(record, path, &ask, tsp_side_visit, reading, error) != 0) {
        return -1;
    }
    if (side->record_count > 1 && check_alike(side, record, path, error) != 0) {
        return -1;
    }
    return check_new(side, record, path, error);
}

int tsp_side_read(struct tsp_side *side, const char *argument, const struct tsp_question *question,
                  struct tsp_error *error) {
    struct tsp_side_reading reading = {.side = side, .question = question};
    *side = (struct tsp_side){.name = strdup(argument)};
    if (side->name == NULL) {
        return tsp_side_out_of_memory(error);
    }
    int result = tsp_record_paths(argument, read_record, &reading, error);
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
