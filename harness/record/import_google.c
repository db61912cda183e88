/* Reads google-benchmark's JSON (docs/tools.md and src/json_reporter.cc there; versions without run_type too). */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "record/import.h"

/* What jansson does not keep: on which line each benchmark's object begins. */
struct lines {
    uint64_t *of;
    size_t count;
    size_t room;
};

static int keep_line(struct lines *lines, uint64_t line) {
    if (lines->count == lines->room) {
        size_t room = lines->room == 0 ? 256 : 2 * lines->room;
        uint64_t *more = realloc(lines->of, room * sizeof *more);
        if (more == NULL) {
            return -1;
        }
        lines->of = more;
        lines->room = room;
    }
    lines->of[lines->count++] = line;
    return 0;
}

/* The end of the text that begins at `at`, a quotation mark: the closing one. The text is sound JSON. */
static const char *end_of_text(const char *at) {
    for (++at; *at != '"'; ++at) {
        at += *at == '\\' ? 1 : 0;
    }
    return at;
}

/* Follows the brackets of JSON that was parsed: objects at depth 2 below the first level's "benchmarks". */
static int find_lines(struct lines *lines, const char *text) {
    static const char key[] = "\"benchmarks\"";
    uint64_t line = 1;
    unsigned depth = 0;
    bool inside = false;
    for (const char *c = text; *c != '\0'; ++c) {
        if (*c == '"') {
            const char *end = end_of_text(c);
            if (depth == 1) { /* the latest text before a bracket is its key */
                inside = (size_t)(end - c) == sizeof key - 2 && memcmp(c, key, sizeof key - 1) == 0;
            }
            c = end;
        } else if (*c == '{' || *c == '[') {
            if (inside && depth == 2 && keep_line(lines, line) != 0) {
                return -1;
            }
            ++depth;
        } else if (*c == '}' || *c == ']') {
            --depth;
        }
        line += *c == '\n' ? 1 : 0;
    }
    return 0;
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static void copy_text(const json_t *object, const char *key, char *out, size_t size) {
    (void)snprintf(out, size, "%s", text_of(object, key));
}

static unsigned small_of(const json_t *object, const char *key) {
    double value = json_number_value(json_object_get(object, key));
    return value >= 0 && value <= INT32_MAX ? (unsigned)value : 0;
}

/* --- the context ---------------------------------------------------------------------------------------------------------------- */

/* "2024-05-01T12:34:56+02:00" as UTC. Without a zone (older versions) nobody knows the time. */
static void read_date(const char *date, char *out, size_t size) {
    struct tm tm = {.tm_isdst = 0};
    unsigned hours = 0;
    unsigned minutes = 0;
    char sign = 0;
    int used = 0;
    if (sscanf(date, "%4d-%2d-%2dT%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
               &tm.tm_min, &tm.tm_sec, &used) != 6) {
        return;
    }
    bool utc = strcmp(date + used, "Z") == 0;
    if (!utc &&
        (sscanf(date + used, "%c%2u:%2u", &sign, &hours, &minutes) != 3 || (sign != '+' && sign != '-'))) {
        return;
    }
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    time_t offset = (time_t)hours * 3600 + (time_t)minutes * 60;
    time_t time = timegm(&tm) - (sign == '-' ? -offset : offset);
    if (gmtime_r(&time, &tm) == NULL || strftime(out, size, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0) {
        out[0] = '\0';
    }
}

static void add_finding(struct tsp_machine *machine, const char *subject, const char *value,
                        const char *effect) {
    struct tsp_finding *finding = &machine->findings[machine->finding_count++];
    finding->level = TSP_FINDING_WARNING;
    (void)snprintf(finding->subject, sizeof finding->subject, "%s", subject);
    (void)snprintf(finding->value, sizeof finding->value, "%s", value);
    (void)snprintf(finding->effect, sizeof finding->effect, "%s", effect);
}

static void read_caches(const json_t *caches, struct tsp_machine *machine) {
    size_t i = 0;
    const json_t *cache = NULL;
    json_array_foreach(caches, i, cache) {
        double bytes = json_number_value(json_object_get(cache, "size"));
        bool data = strcmp(text_of(cache, "type"), "Instruction") != 0;
        unsigned level = small_of(cache, "level");
        if (data && level > 0 && bytes > 0 && bytes < 1e15 && machine->cache_count < TSP_CACHES_MAX) {
            struct tsp_cache *one = &machine->caches[machine->cache_count++];
            one->level = level;
            one->bytes = (uint64_t)bytes;
            one->shared_by = small_of(cache, "num_sharing");
        }
    }
}

/* The words that only our own export has are simply not there in other files. */
static void read_context(struct tsp_import *import, const json_t *context) {
    static const char ours[] = "transept ";
    struct tsp_record *head = &import->head;
    struct tsp_machine *machine = &head->machine;
    const char *version = text_of(context, "library_version");
    import->ours = strncmp(version, ours, sizeof ours - 1) == 0;
    (void)snprintf(head->run.version, sizeof head->run.version, "%s%s%s",
                   import->ours ? "" : "google-benchmark", import->ours || version[0] == '\0' ? "" : " ",
                   import->ours ? version + sizeof ours - 1 : version);
    read_date(text_of(context, "date"), head->run.started, sizeof head->run.started);
    machine->threads = small_of(context, "num_cpus");
    read_caches(json_object_get(context, "caches"), machine);
    copy_text(context, "arch", machine->arch, sizeof machine->arch);
    copy_text(context, "cpu", machine->cpu_model, sizeof machine->cpu_model);
    copy_text(context, "machine", machine->id, sizeof machine->id);
    machine->page_bytes = small_of(context, "page_bytes");
    copy_text(context, "hypervisor", machine->hypervisor, sizeof machine->hypervisor);
    copy_text(context, "kernel", machine->kernel, sizeof machine->kernel);
    copy_text(context, "libc", machine->libc, sizeof machine->libc);
    copy_text(context, "suite", head->run.suite, sizeof head->run.suite);
    copy_text(context, "commit", head->run.commit, sizeof head->run.commit);
    copy_text(context, "flags", head->build.flags, sizeof head->build.flags);
    tsp_import_executor(machine, text_of(context, "executed_by"));
    tsp_import_compiler(&head->build, text_of(context, "compiler"));
    if (json_is_true(json_object_get(context, "cpu_scaling_enabled"))) {
        add_finding(machine, "governor", "CPU scaling is enabled", "times may be of several clock rates");
    }
    if (strcmp(text_of(context, "library_build_type"), "debug") == 0) {
        add_finding(machine, "library", "google-benchmark was built for debugging", "times may be affected");
    }
}

/* --- rows ----------------------------------------------------------------------------------------------------------------------- */

static bool ends_with(const char *name, const char *end) {
    size_t length = strlen(name);
    return length > strlen(end) && strcmp(name + length - strlen(end), end) == 0;
}

/* Means and deviations over repetitions are no repetitions. Old versions tell them by the name alone. */
static bool is_aggregate(const json_t *object) {
    static const char *const ends[] = {"_mean", "_median", "_stddev", "_cv", "_BigO", "_RMS"};
    const char *type = text_of(object, "run_type");
    bool aggregate = type[0] != '\0' && strcmp(type, "iteration") != 0;
    for (size_t i = 0; type[0] == '\0' && i < sizeof ends / sizeof *ends; ++i) {
        aggregate = aggregate || ends_with(text_of(object, "name"), ends[i]);
    }
    return aggregate;
}

static bool is_counter(const char *key) {
    static const char *const others[] = {"name",           "run_name",         "run_type",
                                         "repetitions",    "repetition_index", "threads",
                                         "iterations",     "real_time",        "cpu_time",
                                         "time_unit",      "family_index",     "per_family_instance_index",
                                         "label",          "error_message",    "skip_message",
                                         "error_occurred", "skipped",          "aggregate_name",
                                         "aggregate_unit"};
    for (size_t i = 0; i < sizeof others / sizeof *others; ++i) {
        if (strcmp(key, others[i]) == 0) {
            return false;
        }
    }
    return true;
}

static struct tsp_import_value value_of(const char *name, const char *unit, double value) {
    struct tsp_import_value made = {.value = value, .tails = {NAN, NAN, NAN}};
    (void)snprintf(made.name, sizeof made.name, "%s", name);
    (void)snprintf(made.unit, sizeof made.unit, "%s", unit);
    return made;
}

static int read_time(struct tsp_import *import, struct tsp_import_row *row, const json_t *object,
                     const char *key, const char *name, struct tsp_error *error) {
    const char *unit = text_of(object, "time_unit");
    const json_t *time = json_object_get(object, key);
    double factor = unit[0] == '\0' ? 1 : tsp_import_nanoseconds(unit, strlen(unit));
    if (factor == 0) {
        return tsp_import_complain(import, row->line, error,
                                   "time_unit '%.40s' of %.100s is not ns, us, ms or s", unit, row->name);
    }
    /* Ours are net: less than nothing is what noise may leave of a time that hides behind its reference. */
    if (!json_is_number(time) || (json_number_value(time) < 0 && !import->ours)) {
        const char *wrong = import->ours ? "no number" : "no number from 0 on";
        return tsp_import_complain(import, row->line, error, "%s of %.100s is %s", key, row->name,
                                   time == NULL ? "missing" : wrong);
    }
    struct tsp_import_value value = value_of(name, "ns/op", json_number_value(time) * factor);
    return tsp_import_put(import, row, &value, error);
}

/* Of our own files the tails of the time are told beside it, and the time of the processor repeats the real one. */
static bool is_tail(struct tsp_import_row *row, const char *key, double value) {
    struct tsp_import_value *time = tsp_import_find(row, "time");
    bool p95 = strcmp(key, "p95") == 0;
    if (time == NULL || (!p95 && strcmp(key, "p99") != 0)) {
        return false;
    }
    time->tails[p95 ? 0 : 1] = value;
    return true;
}

static int read_counters(struct tsp_import *import, struct tsp_import_row *row, const json_t *object,
                         struct tsp_error *error) {
    const char *key = NULL;
    json_t *member = NULL;
    int status = 0;
    json_object_foreach((json_t *)object, key, member) {
        double number = json_number_value(member);
        if (status != 0 || !json_is_number(member) || !is_counter(key) ||
            (import->ours && is_tail(row, key, number))) {
            continue;
        }
        const char *name = key;
        enum tsp_evidence evidence = import->ours ? tsp_import_evidence(&name) : TSP_MEASURED;
        if (name[0] == '\0' || strlen(name) >= TSP_NAME_MAX) {
            return tsp_import_complain(import, row->line, error,
                                       "the counter '%.60s' of %.100s has no name of 1 to %d bytes", name,
                                       row->name, TSP_NAME_MAX - 1);
        }
        struct tsp_import_value value = value_of(name, "value", number);
        if (ends_with(name, "_per_second")) {
            (void)snprintf(value.unit, sizeof value.unit, "%s",
                           strcmp(name, "bytes_per_second") == 0 ? "B/s" : "items/s");
        }
        value.evidence = evidence;
        status = tsp_import_put(import, row, &value, error);
    }
    return status;
}

/* "…/emulated" at the end of one of our names: the name without it, and the times are that. */
static enum tsp_evidence take_mark(const struct tsp_import *import, const char *name, size_t *length) {
    *length = strlen(name);
    if (import->ours && ends_with(name, "/emulated")) {
        *length -= strlen("/emulated");
        return TSP_EMULATED;
    }
    if (import->ours && ends_with(name, "/modelled")) {
        *length -= strlen("/modelled");
        return TSP_MODELLED;
    }
    return TSP_MEASURED;
}

static int read_end(struct tsp_import *import, struct tsp_import_row *row, const json_t *object,
                    struct tsp_error *error) {
    const char *why = text_of(object, row->status == TSP_FAILED ? "error_message" : "skip_message");
    row->reason = strdup(why[0] != '\0' ? why : "the benchmark tells no reason");
    if (row->reason == NULL) {
        return tsp_import_complain(import, row->line, error, "no memory");
    }
    tsp_import_clean(row->reason);
    return 0;
}

static int read_row(struct tsp_import *import, const json_t *object, uint64_t line, struct tsp_error *error) {
    size_t length = 0;
    const char *name = text_of(object, "name");
    enum tsp_evidence evidence = take_mark(import, name, &length);
    const json_t *iterations = json_object_get(object, "iterations");
    double count = json_number_value(iterations);
    struct tsp_import_row *row = tsp_import_add(import, line, name, length, error);
    if (row == NULL) {
        return -1;
    }
    row->status = json_is_true(json_object_get(object, "error_occurred")) ? TSP_FAILED
                  : json_is_true(json_object_get(object, "skipped"))      ? TSP_SKIPPED
                                                                          : TSP_OK;
    if (row->status != TSP_OK) {
        return read_end(import, row, object, error);
    }
    if (!json_is_number(iterations) || !(count >= 1 && count <= 9e15) || count != floor(count)) {
        return tsp_import_complain(import, line, error, "iterations of %.100s is no whole number from 1 on",
                                   row->name);
    }
    row->iterations = (uint64_t)count;
    int status = read_time(import, row, object, "real_time", "time", error);
    if (status == 0 && !import->ours && json_object_get(object, "cpu_time") != NULL) {
        status = read_time(import, row, object, "cpu_time", "cpu_time", error);
    }
    for (unsigned i = 0; i < row->count; ++i) {
        row->values[i].evidence = evidence;
    }
    return status == 0 ? read_counters(import, row, object, error) : status;
}

static int read_rows(struct tsp_import *import, const json_t *benchmarks, const struct lines *lines,
                     struct tsp_error *error) {
    size_t left_out = 0;
    for (size_t i = 0, objects = 0; i < json_array_size(benchmarks); ++i) {
        const json_t *object = json_array_get(benchmarks, i);
        uint64_t line = objects < lines->count ? lines->of[objects] : 1;
        objects += json_is_object(object) || json_is_array(object) ? 1 : 0;
        if (!json_is_object(object)) {
            return tsp_import_complain(import, line, error, "benchmarks[%zu] is no object", i);
        }
        if (is_aggregate(object)) {
            ++left_out;
        } else if (read_row(import, object, line, error) != 0) {
            return -1;
        }
    }
    if (import->count == 0 && left_out > 0) {
        return tsp_error_set(
            error,
            "%s: only means and deviations are there; run it without --benchmark_report_aggregates_only",
            import->path);
    }
    return 0;
}

int tsp_import_google(struct tsp_import *import, const char *text, size_t size, struct tsp_error *error) {
    json_error_t found;
    struct lines lines = {.of = NULL};
    json_t *file = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &found);
    if (file == NULL) {
        return tsp_import_complain(import, found.line > 0 ? (uint64_t)found.line : 1, error,
                                   "no sound JSON: %.200s; the file is damaged or cut", found.text);
    }
    const json_t *context = json_object_get(file, "context");
    const json_t *benchmarks = json_object_get(file, "benchmarks");
    int status = 0;
    if (json_object_get(file, "schema") != NULL) {
        status = tsp_import_complain(import, 1, error, "schema %.40s: a file of transept needs no import",
                                     text_of(file, "schema"));
    } else if (!json_is_object(context) || !json_is_array(benchmarks)) {
        status = tsp_import_complain(import, 1, error, "no google-benchmark JSON: it has no %s",
                                     json_is_object(context) ? "list of benchmarks" : "context");
    } else if (find_lines(&lines, text) != 0) {
        status = tsp_error_set(error, "no memory to import %s", import->path);
    } else {
        read_context(import, context);
        status = read_rows(import, benchmarks, &lines, error);
    }
    free(lines.of);
    json_decref(file);
    return status;
}
