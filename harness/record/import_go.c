/*
 * Reads Go benchmark text (golang.org/design/14313-benchmark-format; units: golang/go issue 43744). Like benchstat's reader it takes every line
 * that begins with "Benchmark" for a result and ignores what it does not know; unlike it, it refuses what it cannot understand of those lines.
 */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/encode.h"
#include "record/import.h"
#include "record/words_go.h"

/* A line without its end, and where words are taken from. */
struct line {
    const char *at;
    const char *end;
    uint64_t number;
};

/* The words on the line, apart by blanks. An empty one: there is none left. */
struct word {
    const char *text;
    size_t length;
};

static struct word take_word(struct line *line) {
    struct word word;
    while (line->at < line->end && strchr(" \t", *line->at) != NULL) {
        ++line->at;
    }
    word.text = line->at;
    while (line->at < line->end && strchr(" \t", *line->at) == NULL) {
        ++line->at;
    }
    word.length = (size_t)(line->at - word.text);
    return word;
}

static bool is_word(const struct word *word, const char *text) {
    return word->length == strlen(text) && memcmp(word->text, text, word->length) == 0;
}

static bool begins(const struct line *line, const char *text) {
    return (size_t)(line->end - line->at) >= strlen(text) && memcmp(line->at, text, strlen(text)) == 0;
}

/* What is known of a unit from a line of its own. */
struct unit {
    struct word word;
    bool exact;
    bool higher;
};

/* What the configuration lines said so far; those that say where it was measured must not change. */
struct config {
    const char *key;
    char value[512];
};

enum { PKG, GOOS, GOARCH, CPU, EXECUTED_BY, HYPERVISOR, MACHINE, PAGE_BYTES, COMPILER, FLAGS, KEYS };

struct reader {
    struct tsp_import *import;
    const char *text;
    const char *end;
    struct unit *units;
    size_t unit_count;
    struct config config[KEYS];
    bool promised; /* our own export ends with the number of lines */
    double lines;  /* which is this; NaN: not told */
};

/* Calls `read` on each line. A line's end may be that of DOS. */
static int for_lines(struct reader *reader, int (*read)(struct reader *, struct line *, struct tsp_error *),
                     struct tsp_error *error) {
    uint64_t number = 0;
    for (const char *at = reader->text; at < reader->end;) {
        ++number;
        const char *end = memchr(at, '\n', (size_t)(reader->end - at));
        const char *stop = end != NULL ? end : reader->end;
        struct line line = {.at = at, .end = stop, .number = number};
        if (line.end > line.at && line.end[-1] == '\r') {
            --line.end;
        }
        if (memchr(line.at, '\0', (size_t)(line.end - line.at)) != NULL) {
            return tsp_import_complain(reader->import, number, error, "a NUL byte: this is no text");
        }
        if (end == NULL) {
            return tsp_import_complain(reader->import, number, error,
                                       "the last line has no end; the file is cut");
        }
        if (read(reader, &line, error) != 0) {
            return -1;
        }
        at = end != NULL ? end + 1 : reader->end;
    }
    return 0;
}

/* --- units ---------------------------------------------------------------------------------------------------------------------- */

static const struct unit *find_unit(const struct reader *reader, const struct word *word) {
    for (size_t i = 0; i < reader->unit_count; ++i) {
        const struct unit *unit = &reader->units[i];
        if (unit->word.length == word->length && memcmp(unit->word.text, word->text, word->length) == 0) {
            return unit;
        }
    }
    return NULL;
}

/* "Unit allocs/op assume=exact better=lower" */
static int read_unit(struct reader *reader, struct line *line, struct tsp_error *error) {
    struct word word = take_word(line);
    if (!is_word(&word, "Unit")) {
        return 0;
    }
    struct unit unit = {.word = take_word(line)};
    if (unit.word.length == 0) {
        return tsp_import_complain(reader->import, line->number, error, "the line 'Unit' names no unit");
    }
    for (word = take_word(line); word.length > 0; word = take_word(line)) {
        if (memchr(word.text, '=', word.length) == NULL) {
            return tsp_import_complain(reader->import, line->number, error, "'%.*s' is not KEY=VALUE",
                                       (int)word.length, word.text);
        }
        unit.exact = unit.exact || is_word(&word, "assume=exact");
        unit.higher = unit.higher || is_word(&word, "better=higher");
    }
    struct unit *units = realloc(reader->units, (reader->unit_count + 1) * sizeof *units);
    if (units == NULL) {
        return tsp_error_set(error, "no memory to import %s", reader->import->path);
    }
    reader->units = units;
    units[reader->unit_count++] = unit;
    return 0;
}

/* --- configuration ---------------------------------------------------------------------------------------------------------------- */

/* The rest of a comment that begins with a word of ours ("# suite quick") into `out`. */
static bool take_comment(const struct line *line, const char *word, char *out, size_t size) {
    char begin[48];
    (void)snprintf(begin, sizeof begin, "# %s ", word);
    bool ours = begins(line, begin);
    if (ours) {
        const char *text = line->at + strlen(begin);
        (void)snprintf(out, size, "%.*s", (int)(line->end - text), text);
    }
    return ours;
}

/* What our own export tells beside the configuration, above the first result; and its end. */
static void read_comment(struct reader *reader, const struct line *line) {
    struct tsp_record *head = &reader->import->head;
    struct tsp_run *run = &head->run;
    char lines[24];
    if (line->number == 1 && take_comment(line, TSP_GO_WRITTEN_BY, run->version, sizeof run->version)) {
        reader->import->ours = reader->promised = true;
    } else if (reader->promised && take_comment(line, TSP_GO_END, lines, sizeof lines)) {
        reader->lines = strtod(lines, NULL); /* digits: no locale minds them */
    } else if (reader->promised && reader->import->count == 0) {
        (void)(take_comment(line, "commit", run->commit, sizeof run->commit) ||
               take_comment(line, "suite", run->suite, sizeof run->suite) ||
               take_comment(line, "started", run->started, sizeof run->started) ||
               take_comment(line, "kernel", head->machine.kernel, sizeof head->machine.kernel) ||
               take_comment(line, "libc", head->machine.libc, sizeof head->machine.libc));
    }
}

static int set_config(struct reader *reader, const struct line *line, struct config *config,
                      const char *value, struct tsp_error *error) {
    char text[sizeof config->value];
    (void)snprintf(text, sizeof text, "%.*s", (int)(line->end - value), value);
    if (config != &reader->config[PKG] && config->value[0] != '\0' && strcmp(config->value, text) != 0) {
        return tsp_import_complain(
            reader->import, line->number, error,
            "%s is '%.80s' here and '%.80s' above: two machines' or builds' results; import them apart",
            config->key, text, config->value);
    }
    memcpy(config->value, text, sizeof text);
    return 0;
}

/* "cpu: Intel(R) …"; a key that is not ours to know is left alone. */
static int read_config(struct reader *reader, const struct line *line, struct tsp_error *error) {
    const char *colon = memchr(line->at, ':', (size_t)(line->end - line->at));
    for (size_t i = 0; colon != NULL && i < KEYS; ++i) {
        struct config *config = &reader->config[i];
        if ((size_t)(colon - line->at) == strlen(config->key) &&
            memcmp(line->at, config->key, strlen(config->key)) == 0) {
            const char *value = colon + 1;
            while (value < line->end && strchr(" \t", *value) != NULL) {
                ++value;
            }
            return set_config(reader, line, config, value, error);
        }
    }
    return 0;
}

static void fill_head(struct reader *reader) {
    struct tsp_record *head = &reader->import->head;
    const struct config *config = reader->config;
    if (head->run.version[0] == '\0') {
        (void)snprintf(head->run.version, sizeof head->run.version, "go test");
        (void)snprintf(head->machine.kernel, sizeof head->machine.kernel, "%.100s", config[GOOS].value);
    }
    (void)snprintf(head->machine.arch, sizeof head->machine.arch, "%.15s",
                   tsp_go_arch_parse(config[GOARCH].value));
    (void)snprintf(head->machine.cpu_model, sizeof head->machine.cpu_model, "%.120s", config[CPU].value);
    (void)snprintf(head->machine.hypervisor, sizeof head->machine.hypervisor, "%.120s",
                   config[HYPERVISOR].value);
    (void)snprintf(head->machine.id, sizeof head->machine.id, "%.16s", config[MACHINE].value);
    (void)snprintf(head->build.flags, sizeof head->build.flags, "%s", config[FLAGS].value);
    head->machine.page_bytes = strtoull(config[PAGE_BYTES].value, NULL, 10);
    tsp_import_executor(&head->machine, config[EXECUTED_BY].value);
    tsp_import_compiler(&head->build, config[COMPILER].value);
}

/* --- results ---------------------------------------------------------------------------------------------------------------------- */

/* As JSON spells numbers: no NaN, no infinity, and a decimal point in every locale. */
static int read_number(const struct reader *reader, const struct line *line, const struct word *word,
                       const char *what, double *number, struct tsp_error *error) {
    json_t *value = json_loadb(word->text, word->length, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, NULL);
    bool sound = json_is_number(value);
    *number = json_number_value(value);
    json_decref(value);
    return sound ? 0
                 : tsp_import_complain(reader->import, line->number, error, "%s '%.*s' is no finite number",
                                       what, (int)(word->length < 40 ? word->length : 40), word->text);
}

static void copy(char *out, size_t size, const char *text, size_t length) {
    (void)snprintf(out, size, "%.*s", (int)(length < size ? length : size - 1), text);
}

/* "p95-" of our own files: which tail, 1 and on; 0: none. */
static unsigned take_tail(const struct reader *reader, const char **unit) {
    static const char *const tails[] = {"p95-", "p99-", "p999-"};
    for (unsigned i = 0; reader->import->ours && i < 3; ++i) {
        if (strncmp(*unit, tails[i], strlen(tails[i])) == 0) {
            *unit += strlen(tails[i]);
            return i + 1;
        }
    }
    return 0;
}

static int read_value(struct reader *reader, const struct line *line, struct tsp_import_row *row,
                      double number, const struct word *word, struct tsp_error *error) {
    char text[TSP_GO_UNIT_SIZE];
    const char *unit = text;
    struct tsp_import_value value = {.value = number, .tails = {NAN, NAN, NAN}};
    json_t *sound = json_stringn(word->text, word->length);
    bool utf8 = sound != NULL;
    json_decref(sound);
    if (word->length >= TSP_NAME_MAX || !utf8) {
        return tsp_import_complain(reader->import, line->number, error, "the unit of %.100s is %s", row->name,
                                   utf8 ? "over 47 bytes long" : "not text (UTF-8)");
    }
    copy(text, sizeof text, word->text, word->length);
    value.evidence = reader->import->ours ? tsp_import_evidence(&unit) : TSP_MEASURED;
    unsigned tail = take_tail(reader, &unit);
    const struct unit *known = find_unit(reader, word);
    tsp_import_unit(unit, &value);
    struct tsp_import_value *time = tsp_import_find(row, value.name);
    if (tail > 0 && time != NULL) {
        time->tails[tail - 1] = value.value;
        return 0;
    }
    if (known != NULL && known->exact && value.evidence != TSP_EMULATED) {
        value.exact = true;
        value.evidence = value.evidence == TSP_MEASURED ? TSP_COUNTED : value.evidence;
    }
    if (known != NULL && known->higher && strcmp(tsp_unit_better(value.unit), "higher") != 0) {
        (void)snprintf(value.unit, sizeof value.unit,
                       "value"); /* of no direction, rather than of the wrong one */
    }
    return tsp_import_put(reader->import, row, &value, error);
}

static int read_values(struct reader *reader, struct line *line, struct tsp_import_row *row,
                       struct tsp_error *error) {
    struct word number_word = take_word(line);
    while (number_word.length > 0) {
        double number = 0;
        struct word unit = take_word(line);
        if (read_number(reader, line, &number_word, "the value", &number, error) != 0) {
            return -1;
        }
        if (unit.length == 0) {
            return tsp_import_complain(reader->import, line->number, error, "the value '%.*s' has no unit",
                                       (int)(number_word.length < 40 ? number_word.length : 40),
                                       number_word.text);
        }
        if (read_value(reader, line, row, number, &unit, error) != 0) {
            return -1;
        }
        number_word = take_word(line);
    }
    if (row->count == 0) {
        return tsp_import_complain(reader->import, line->number, error, "%.100s has no values", row->name);
    }
    /* Ours are net: less than nothing is what noise may leave of a time that hides behind its reference. */
    struct tsp_import_value *time = tsp_import_find(row, "time");
    return time == NULL || time->value >= 0 || reader->import->ours
               ? 0
               : tsp_import_complain(reader->import, line->number, error, "the time of %.100s is negative",
                                     row->name);
}

/* The package is the family: benchmarks of the same name in two packages are two. */
static void name_family(const struct reader *reader, struct tsp_import_row *row) {
    struct tsp_result named = {.id = ""};
    if (reader->config[PKG].value[0] != '\0') {
        tsp_import_name(&named, reader->config[PKG].value, "x", false);
        memcpy(row->family, named.family, sizeof row->family);
    }
}

/* "BenchmarkSort/n=64-8   1000   90.1 ns/op   3 allocs/op" */
static int read_result(struct reader *reader, struct line *line, struct tsp_error *error) {
    const char *prefix = reader->import->ours ? TSP_GO_PREFIX : "Benchmark";
    struct word name = take_word(line);
    struct line rest = *line;
    double count = 0;
    if (take_word(&rest).length == 0) { /* what `go test -v` prints when a benchmark starts */
        return reader->import->ours
                   ? tsp_import_complain(reader->import, line->number, error, "no values: the file is cut")
                   : 0;
    }
    if (name.length < strlen(prefix) || memcmp(name.text, prefix, strlen(prefix)) != 0) {
        return tsp_import_complain(reader->import, line->number, error,
                                   "transept wrote no such name; the file is damaged");
    }
    struct word iterations = take_word(line);
    if (read_number(reader, line, &iterations, "the number of iterations", &count, error) != 0) {
        return -1;
    }
    if (!(count >= 1 && count <= 9.3e18) || count != floor(count)) {
        return tsp_import_complain(reader->import, line->number, error,
                                   "the number of iterations is no whole number from 1 on");
    }
    struct tsp_import_row *row = tsp_import_add(reader->import, line->number, name.text + strlen(prefix),
                                                name.length - strlen(prefix), error);
    if (row == NULL) {
        return -1;
    }
    row->iterations = count < 9e18 ? (uint64_t)count : INT64_MAX;
    name_family(reader, row);
    return read_values(reader, line, row, error);
}

static int read_line(struct reader *reader, struct line *line, struct tsp_error *error) {
    if (begins(line, "Benchmark")) {
        return read_result(reader, line, error);
    }
    if (begins(line, "#")) {
        read_comment(reader, line);
        return 0;
    }
    return read_config(reader, line, error);
}

int tsp_import_go(struct tsp_import *import, const char *text, size_t size, struct tsp_error *error) {
    static const char *const keys[KEYS] = {"pkg",        "goos",    "goarch",     "cpu",      "executed-by",
                                           "hypervisor", "machine", "page-bytes", "compiler", "flags"};
    struct reader reader = {.import = import, .text = text, .end = text + size, .lines = NAN};
    for (size_t i = 0; i < KEYS; ++i) {
        reader.config[i].key = keys[i];
    }
    /* Lines about units hold for all results, wherever they stand. */
    int status = for_lines(&reader, read_unit, error);
    status = status == 0 ? for_lines(&reader, read_line, error) : status;
    free(reader.units);
    if (status == 0 && reader.promised && reader.lines != (double)import->count) {
        return tsp_error_set(
            error, "%s: transept ends such a file with the number of its lines, %zu; the file is cut",
            import->path, import->count);
    }
    fill_head(&reader);
    return status;
}
