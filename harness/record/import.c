/* Importing: reads the file, asks the reader of its format, groups the repetitions, writes the record. */
#include "record/import.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/system.h"
#include "record/digest.h"
#include "record/encode.h"
#include "record/json_write.h"

/* What any benchmark prints is far smaller; and a bound for what is no such file at all. */
#define FILE_MAX ((size_t)1 << 26)

int tsp_import_complain(const struct tsp_import *import, uint64_t line, struct tsp_error *error,
                        const char *format, ...) {
    char text[320];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return tsp_error_set(error, "%.160s:%" PRIu64 ": %s", import->path, line, text);
}

static int out_of_memory(const struct tsp_import *import, struct tsp_error *error) {
    return tsp_error_set(error, "no memory to import %s", import->path);
}

struct tsp_import_row *tsp_import_add(struct tsp_import *import, uint64_t line, const char *name,
                                      size_t length, struct tsp_error *error) {
    json_t *text = json_stringn(name, length); /* which checks that it is UTF-8 */
    if (length == 0 || text == NULL || memchr(name, '\0', length) != NULL) {
        json_decref(text);
        (void)tsp_import_complain(import, line, error, "the benchmark's name is %s",
                                  length == 0 ? "empty" : "not text (UTF-8)");
        return NULL;
    }
    json_decref(text);
    if (import->count == import->room) {
        size_t room = import->room == 0 ? 64 : 2 * import->room;
        struct tsp_import_row *rows = realloc(import->rows, room * sizeof *rows);
        if (rows == NULL) {
            (void)out_of_memory(import, error);
            return NULL;
        }
        import->rows = rows;
        import->room = room;
    }
    struct tsp_import_row *row = &import->rows[import->count];
    *row = (struct tsp_import_row){.name = strndup(name, length), .line = line};
    if (row->name == NULL) {
        (void)out_of_memory(import, error);
        return NULL;
    }
    ++import->count;
    return row;
}

struct tsp_import_value *tsp_import_find(const struct tsp_import_row *row, const char *name) {
    for (unsigned i = 0; i < row->count; ++i) {
        if (strcmp(row->values[i].name, name) == 0) {
            return &row->values[i];
        }
    }
    return NULL;
}

int tsp_import_put(struct tsp_import *import, struct tsp_import_row *row,
                   const struct tsp_import_value *value, struct tsp_error *error) {
    struct tsp_import_value clean = *value;
    tsp_import_clean(clean.name);
    tsp_import_clean(clean.unit);
    if (!isfinite(clean.value)) {
        return tsp_import_complain(import, row->line, error, "%s of %.100s is too large", clean.name,
                                   row->name);
    }
    if (tsp_import_find(row, clean.name) != NULL) {
        return tsp_import_complain(import, row->line, error, "%s of %.100s is there twice", clean.name,
                                   row->name);
    }
    if (row->count == TSP_METRICS_MAX) {
        return tsp_import_complain(import, row->line, error, "%.100s has more than %d metrics", row->name,
                                   TSP_METRICS_MAX);
    }
    struct tsp_import_value *values = realloc(row->values, (row->count + 1U) * sizeof *values);
    if (values == NULL) {
        return out_of_memory(import, error);
    }
    row->values = values;
    values[row->count++] = clean;
    return 0;
}

/* --- groups -------------------------------------------------------------------------------------------------------------------- */

static int compare_rows(const void *a, const void *b, void *rows) {
    size_t i = *(const size_t *)a;
    size_t k = *(const size_t *)b;
    int order = strcmp(((struct tsp_import_row *)rows)[i].id, ((struct tsp_import_row *)rows)[k].id);
    return order != 0 ? order : (i > k) - (i < k);
}

static int compare_groups(const void *a, const void *b, void *order) {
    size_t i = ((size_t *)order)[((const struct tsp_import_group *)a)->first];
    size_t k = ((size_t *)order)[((const struct tsp_import_group *)b)->first];
    return (i > k) - (i < k);
}

/* Two names that would be one case, as when "a+b" and "a/b" are there. */
static int check_group(const struct tsp_import *import, const struct tsp_import_group *group,
                       struct tsp_error *error) {
    const struct tsp_import_row *first = &import->rows[import->order[group->first]];
    for (size_t i = 1; i < group->count; ++i) {
        const struct tsp_import_row *other = &import->rows[import->order[group->first + i]];
        if (strcmp(first->name, other->name) != 0) {
            return tsp_import_complain(import, other->line, error,
                                       "'%.80s' and '%.80s' of line %" PRIu64
                                       " would be one case; import them apart",
                                       other->name, first->name, first->line);
        }
    }
    /* A round is some 60 KB in memory. */
    return group->count <= 4096 ? 0
                                : tsp_import_complain(import, first->line, error,
                                                      "'%.80s' has %zu repetitions; 4096 are the most",
                                                      first->name, group->count);
}

int tsp_import_group(struct tsp_import *import, struct tsp_error *error) {
    import->order = calloc(import->count, sizeof *import->order);
    import->groups = calloc(import->count, sizeof *import->groups);
    if (import->order == NULL || import->groups == NULL) {
        return out_of_memory(import, error);
    }
    for (size_t i = 0; i < import->count; ++i) {
        struct tsp_import_row *row = &import->rows[i];
        struct tsp_result named = {.id = ""};
        tsp_import_name(&named, row->family, row->name, import->ours);
        memcpy(row->id, named.id, sizeof row->id);
        import->order[i] = i;
    }
    qsort_r(import->order, import->count, sizeof *import->order, compare_rows, import->rows);
    for (size_t i = 0; i < import->count; ++i) {
        const char *id = import->rows[import->order[i]].id;
        if (i == 0 || strcmp(id, import->rows[import->order[i - 1]].id) != 0) {
            import->groups[import->group_count++].first = i;
        }
        ++import->groups[import->group_count - 1].count;
    }
    int status = 0;
    for (size_t i = 0; status == 0 && i < import->group_count; ++i) {
        status = check_group(import, &import->groups[i], error);
        unsigned rounds = (unsigned)import->groups[i].count;
        import->head.run.rounds = rounds > import->head.run.rounds ? rounds : import->head.run.rounds;
    }
    qsort_r(import->groups, import->group_count, sizeof *import->groups, compare_groups, import->order);
    return status;
}

/* --- the file ------------------------------------------------------------------------------------------------------------------- */

/* The whole file with a NUL behind it, the caller's; NULL with the error. */
static char *read_text(const char *path, size_t *size, struct tsp_error *error) {
    FILE *stream = fopen(path, "re");
    char *text = NULL;
    size_t room = 0;
    *size = 0;
    while (stream != NULL) {
        if (room - *size < 2) {
            char *grown = room < FILE_MAX ? realloc(text, room = room == 0 ? 1U << 16 : 2 * room) : NULL;
            if (grown == NULL) {
                (void)tsp_error_set(error, "cannot import %s: it is over %zu MiB, or memory is out", path,
                                    FILE_MAX >> 20);
                break;
            }
            text = grown;
        }
        size_t more = fread(text + *size, 1, room - *size - 1, stream);
        *size += more;
        if (more == 0 && ferror(stream) == 0) {
            (void)fclose(stream);
            text[*size] = '\0';
            return text;
        }
        if (more == 0) {
            (void)tsp_error_set(error, "cannot read %s: %s", path, strerror(errno));
            break;
        }
    }
    if (stream == NULL) {
        (void)tsp_error_set(error, "cannot read %s: %s", path, strerror(errno));
    } else {
        (void)fclose(stream);
    }
    free(text);
    return NULL;
}

/* What is the same for every format. What nobody told stays empty, NaN or 0, which the record writes as null. */
static void begin_head(struct tsp_import *import, const char *text, size_t size) {
    struct tsp_record *head = &import->head;
    uint64_t hash = TSP_DIGEST_START;
    for (size_t i = 0; i < size; ++i) {
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    }
    (void)snprintf(head->run.id, sizeof head->run.id, "%08" PRIx32 "-%04x-8000-8000-%012" PRIx64,
                   (uint32_t)(hash >> 32), (unsigned)(hash >> 16) & 0xffff, hash & UINT64_C(0xffffffffffff));
    (void)snprintf(head->run.command, sizeof head->run.command, "transept import %.480s", import->path);
    head->run.profile.time_ms = head->run.profile.warmup_ms = head->run.profile.limit_ms = NAN;
    head->clock = (struct tsp_clock){.hz = NAN, .hz_uncertainty = NAN, .resolution_ns = NAN};
    head->clock.overhead_ns_p5 = head->clock.overhead_ns_p50 = head->clock.overhead_ns_p95 = NAN;
    (void)snprintf(head->pmu_reason, sizeof head->pmu_reason, "imported: nothing is told of counters");
}

static void clean_head(struct tsp_record *head) {
    struct tsp_machine *machine = &head->machine;
    char *const texts[] = {
        machine->arch,        machine->cpu_model,  machine->hypervisor, machine->kernel,
        machine->libc,        machine->emulator,   machine->host_arch,  machine->emulator_version,
        head->run.version,    head->run.suite,     head->run.commit,    head->run.command,
        head->build.compiler, head->build.version, head->build.flags,   head->run.started};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
        tsp_import_clean(texts[i]);
    }
}

static void end_head(struct tsp_import *import) {
    struct tsp_record *head = &import->head;
    clean_head(head);
    (void)snprintf(head->run.imported, sizeof head->run.imported,
                   "%s: what is null, and each round's warm-up, CPUs and disturbances, is not told there%s",
                   import->format,
                   import->ours ? ""
                                : "; a repetition is a round, and its mean stands for the round's median");
    if (head->machine.arch[0] == '\0') {
        (void)snprintf(head->machine.arch, sizeof head->machine.arch, "unknown");
    }
    if (strspn(head->machine.id, "0123456789abcdef") != 16) {
        tsp_machine_identify(&head->machine);
    }
}

static int read_rows(struct tsp_import *import, const char *text, size_t size, struct tsp_error *error) {
    size_t blanks = strspn(text, " \t\r\n");
    bool json = text[blanks] == '{' || text[blanks] == '[';
    import->format = json ? "google-benchmark JSON" : "Go benchmark text";
    int status =
        json ? tsp_import_google(import, text, size, error) : tsp_import_go(import, text, size, error);
    if (status == 0 && import->count == 0) {
        status = tsp_error_set(
            error, "%s: no benchmark is there; transept reads google-benchmark JSON and Go benchmark text",
            import->path);
    }
    return status;
}

int tsp_import_read(struct tsp_import **import, const char *path, struct tsp_error *error) {
    size_t size = 0;
    char *text = read_text(path, &size, error);
    struct tsp_import *made = text != NULL ? calloc(1, sizeof *made) : NULL;
    *import = NULL;
    if (made == NULL) {
        int status = text != NULL ? tsp_error_set(error, "no memory to import %s", path) : -1;
        free(text);
        return status;
    }
    made->path = path;
    begin_head(made, text, size);
    int status = read_rows(made, text, size, error);
    free(text);
    if (status == 0) {
        end_head(made);
        status = tsp_import_group(made, error);
    }
    if (status != 0) {
        tsp_import_free(made);
        return -1;
    }
    *import = made;
    return 0;
}

void tsp_import_free(struct tsp_import *import) {
    if (import == NULL) {
        return;
    }
    for (size_t i = 0; i < import->count; ++i) {
        free(import->rows[i].name);
        free(import->rows[i].reason);
        free(import->rows[i].values);
    }
    free(import->rows);
    free(import->order);
    free(import->groups);
    free(import);
}

size_t tsp_import_case_count(const struct tsp_import *import) {
    return import->group_count;
}

size_t tsp_import_round_count(const struct tsp_import *import) {
    return import->count;
}

const char *tsp_import_format(const struct tsp_import *import) {
    return import->format;
}

/* --- the record ----------------------------------------------------------------------------------------------------------------- */

struct source {
    const struct tsp_import *import;
    struct tsp_result result; /* the one at hand */
};

static const struct tsp_result *next_case(void *data, size_t index, struct tsp_error *error) {
    struct source *source = data;
    tsp_result_free(&source->result);
    int status = tsp_import_case(source->import, &source->import->groups[index], &source->result, error);
    return status == 0 ? &source->result : NULL;
}

int tsp_import_write(const struct tsp_import *import, FILE *stream, struct tsp_error *error) {
    struct source source = {.import = import};
    int status =
        tsp_record_write_json_cases(&import->head, import->group_count, next_case, &source, stream, error);
    tsp_result_free(&source.result);
    return status;
}
