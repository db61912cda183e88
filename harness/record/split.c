/* A record's JSON, part by part. Only brackets and texts are followed here; what stands between them is the JSON library's. */
#include "record/split.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BLOCK ((size_t)1 << 16)

/* The largest part that is taken for one of a record: many times what any run writes, and a bound for what is no record at all. */
#define PART_MAX ((size_t)1 << 28)

/* How deep in brackets, and whether in a text. */
struct nesting {
    unsigned depth;
    bool text;
    bool escaped;
};

static void follow(struct nesting *nesting, int byte) {
    if (nesting->text) {
        nesting->text = nesting->escaped || byte != '"';
        nesting->escaped = !nesting->escaped && byte == '\\';
    } else if (byte == '"') {
        nesting->text = true;
    } else if (byte == '{' || byte == '[') {
        ++nesting->depth;
    } else if ((byte == '}' || byte == ']') && nesting->depth > 0) {
        --nesting->depth;
    }
}

/* The next byte, or EOF. */
static int take(struct tsp_split *split) {
    if (split->at == split->held) {
        split->at = 0;
        split->held = fread(split->block, 1, BLOCK, split->stream);
        if (split->held == 0) {
            return EOF;
        }
    }
    int byte = (unsigned char)split->block[split->at++];
    ++split->offset;
    ++split->place.column;
    if (byte == '\n') {
        ++split->place.line;
        split->place.column = 1;
    }
    return byte;
}

static int keep(struct tsp_split *split, int byte, struct tsp_error *error) {
    if (split->length == split->room) {
        size_t room = split->room == 0 ? BLOCK : 2 * split->room;
        char *text = room <= PART_MAX ? realloc(split->text, room) : NULL;
        if (text == NULL) {
            return tsp_error_set(error, "%s:%" PRIu64 ": %s", split->path, split->place.line,
                                 room <= PART_MAX ? "no memory for this part of the record"
                                                  : "not a transept record: a part of it is over 256 MiB");
        }
        split->text = text;
        split->room = room;
    }
    split->text[split->length++] = (char)byte;
    return 0;
}

static int cannot_read(const struct tsp_split *split, struct tsp_error *error) {
    return tsp_error_set(error, "cannot read %s: %s", split->path, strerror(errno));
}

/* Into an unnamed file, which can be read twice. */
static int spool(struct tsp_split *split, struct tsp_error *error) {
    FILE *copy = tmpfile();
    size_t held = 0;
    while (copy != NULL && (held = fread(split->block, 1, BLOCK, split->stream)) > 0) {
        if (fwrite(split->block, 1, held, copy) != held) {
            break;
        }
    }
    if (copy == NULL || held > 0 || ferror(split->stream) || fflush(copy) != 0) {
        int status =
            tsp_error_set(error, "cannot copy %s to a temporary file: %s", split->path, strerror(errno));
        if (copy != NULL) {
            (void)fclose(copy);
        }
        return status;
    }
    (void)fclose(split->stream);
    split->stream = copy;
    rewind(copy);
    return 0;
}

int tsp_split_open(struct tsp_split *split, const char *path, struct tsp_error *error) {
    struct stat status;
    *split = (struct tsp_split){.path = path, .place = {.line = 1, .column = 1}};
    split->stream = fopen(path, "re");
    if (split->stream == NULL || fstat(fileno(split->stream), &status) != 0) {
        return cannot_read(split, error);
    }
    if (S_ISDIR(status.st_mode)) {
        return tsp_error_set(error, "cannot read %s: it is a folder; name a record in it", path);
    }
    split->block = malloc(BLOCK);
    if (split->block == NULL) {
        return tsp_error_set(error, "no memory to read %s", path);
    }
    return S_ISREG(status.st_mode) ? 0 : spool(split, error);
}

/* Is the text that was put together last the key "cases", quotes included? */
static bool ends_with_cases(const struct tsp_split *split) {
    static const char key[] = "\"cases\"";
    const size_t length = sizeof key - 1;
    return split->length >= length && memcmp(split->text + split->length - length, key, length) == 0;
}

static bool is_blank(int byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* Skips what is in the array that has just begun, and notes where it was. Returns its closing bracket, or EOF. */
static int skip_cases(struct tsp_split *split) {
    struct nesting nesting = {.depth = 1};
    int byte = 0;
    split->cases = split->offset;
    split->cases_place = split->place;
    while (nesting.depth > 0 && (byte = take(split)) != EOF) {
        follow(&nesting, byte);
    }
    split->cases_lines = split->place.line - split->cases_place.line;
    return byte;
}

/* Everything but the cases, into `text`. */
static int collect_head(struct tsp_split *split, struct tsp_error *error) {
    struct nesting nesting = {.depth = 0};
    enum { NO_KEY, KEY, COLON } seen = NO_KEY; /* of "cases": [ */
    for (int byte = take(split); byte != EOF; byte = take(split)) {
        bool was_text = nesting.text;
        follow(&nesting, byte);
        if (keep(split, byte, error) != 0) {
            return -1;
        }
        if (seen == COLON && byte == '[' && split->cases == 0) {
            int closing = skip_cases(split);
            follow(&nesting, ']');
            if (closing == EOF || keep(split, closing, error) != 0) {
                return closing == EOF ? 0 : -1; /* cut short: the parser says what is missing */
            }
        }
        if (nesting.depth == 1 && was_text && !nesting.text) {
            seen = ends_with_cases(split) ? KEY : NO_KEY;
        } else if (seen == KEY && byte == ':') {
            seen = COLON;
        } else if (!is_blank(byte)) {
            seen = NO_KEY;
        }
    }
    return 0;
}

/* `text` as JSON; `line` and `column` of its beginning in the file. */
static json_t *parse(const struct tsp_split *split, struct tsp_split_place begin, struct tsp_error *error) {
    json_error_t where;
    json_t *json =
        json_loadb(split->text != NULL ? split->text : "", split->length, JSON_REJECT_DUPLICATES, &where);
    if (json == NULL) {
        uint64_t line = begin.line + (uint64_t)(where.line > 0 ? where.line - 1 : 0);
        uint64_t column = (uint64_t)(where.column > 0 ? where.column : 0);
        if (line == begin.line) {
            column += begin.column - 1;
        } else if (begin.line == 1 && split->cases != 0 && line > split->cases_place.line) {
            line += split->cases_lines; /* behind the cases that the head leaves out */
        }
        (void)tsp_error_set(error, "%s:%" PRIu64 ":%" PRIu64 ": not a transept record, or a damaged one: %s",
                            split->path, line, column, where.text);
    }
    return json;
}

json_t *tsp_split_head(struct tsp_split *split, struct tsp_error *error) {
    if (collect_head(split, error) != 0) {
        return NULL;
    }
    if (ferror(split->stream)) {
        (void)cannot_read(split, error);
        return NULL;
    }
    json_t *json = parse(split, (struct tsp_split_place){.line = 1, .column = 1}, error);
    split->at = split->held = 0;
    split->offset = split->cases;
    split->place = split->cases_place;
    if (json != NULL && split->cases != 0 && fseeko(split->stream, split->cases, SEEK_SET) != 0) {
        (void)cannot_read(split, error);
        json_decref(json);
        return NULL;
    }
    return json;
}

/* The next element of the array into `text`; where it begins into `begin`. */
static int collect_case(struct tsp_split *split, struct tsp_split_place *begin, struct tsp_error *error) {
    struct nesting nesting = {.depth = 0};
    split->length = 0;
    *begin = split->place;
    for (int byte = take(split); byte != EOF; byte = take(split)) {
        if (nesting.depth == 0 && !nesting.text && (byte == ',' || byte == ']')) {
            split->over = byte == ']';
            return 0;
        }
        if (split->length == 0 && is_blank(byte)) {
            *begin = split->place;
            continue;
        }
        follow(&nesting, byte);
        if (keep(split, byte, error) != 0) {
            return -1;
        }
    }
    split->over = true; /* cut short; the parser says what is missing */
    return 0;
}

json_t *tsp_split_next(struct tsp_split *split, bool *end, struct tsp_error *error) {
    struct tsp_split_place begin;
    *end = split->cases == 0 || split->over;
    if (*end || collect_case(split, &begin, error) != 0) {
        return NULL;
    }
    bool nothing = split->length == 0 && split->over && !split->more; /* an empty array */
    split->more = !split->over;
    *end = nothing;
    return nothing ? NULL : parse(split, begin, error);
}

void tsp_split_close(struct tsp_split *split) {
    if (split->stream != NULL) {
        (void)fclose(split->stream);
    }
    free(split->block);
    free(split->text);
    split->stream = NULL;
    split->block = split->text = NULL;
}
