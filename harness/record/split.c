/* A record's JSON, part by part. Only brackets and texts are followed here; what stands between them is the JSON library's. */
#include "record/split.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BLOCK ((size_t)1 << 20)

/* What of a block must be left for a case to be looked at in it: many times what a case takes. */
#define AHEAD ((size_t)1 << 18)

#define TEXT_MIN ((size_t)1 << 16)

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

/* Keeps what is not taken yet and fills the block behind it. */
static void fill(struct tsp_split *split) {
    size_t left = split->held - split->at;
    memmove(split->block, split->block + split->at, left);
    split->base += (off_t)split->at;
    split->at = 0;
    split->held = left + fread(split->block + left, 1, BLOCK - left, split->stream);
    split->block[split->held] = '\0';
}

/* The next byte, or EOF. */
static int take(struct tsp_split *split) {
    if (split->at == split->held) {
        fill(split);
        if (split->held == 0) {
            return EOF;
        }
    }
    return (unsigned char)split->block[split->at++];
}

static off_t offset(const struct tsp_split *split) {
    return split->base + (off_t)split->at;
}

/* Goes on from there. */
static int seek(struct tsp_split *split, off_t to) {
    split->base = to;
    split->at = split->held = 0;
    return fseeko(split->stream, to, SEEK_SET);
}

/* A place in the file, for complaints: the line from 1, and how many of its bytes are before the place. */
struct place {
    uint64_t line;
    uint64_t column;
};

static struct place place_of(struct tsp_split *split, off_t where) {
    struct place place = {.line = 1, .column = 0};
    if (seek(split, 0) == 0) {
        while (offset(split) < where) {
            bool line_ends = take(split) == '\n';
            place.line += line_ends;
            place.column = line_ends ? 0 : place.column + 1;
        }
    }
    return place;
}

static int keep(struct tsp_split *split, int byte, struct tsp_error *error) {
    if (split->length == split->room) {
        size_t room = split->room == 0 ? TEXT_MIN : 2 * split->room;
        char *text = room <= PART_MAX ? realloc(split->text, room) : NULL;
        if (text == NULL) {
            return tsp_error_set(error, "%s:%" PRIu64 ": %s", split->path,
                                 place_of(split, offset(split)).line,
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

/* A program's output or a device may have no end: before it fills a disk it must begin as a record does. */
static bool may_be_record(char *block, size_t held) {
    block[held] = '\0';
    size_t blanks = strspn(block, " \t\r\n");
    return blanks == held || block[blanks] == '{';
}

/* Into an unnamed file, which can be read twice. */
static int spool(struct tsp_split *split, struct tsp_error *error) {
    FILE *copy = tmpfile();
    size_t held = 0;
    while (copy != NULL && (held = fread(split->block, 1, BLOCK, split->stream)) > 0) {
        if (ftell(copy) == 0 && !may_be_record(split->block, held)) {
            (void)fclose(copy);
            return tsp_error_set(error, "%s: not a transept record: it does not begin with '{'", split->path);
        }
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
    *split = (struct tsp_split){.path = path};
    split->stream = fopen(path, "re");
    if (split->stream == NULL || fstat(fileno(split->stream), &status) != 0) {
        return cannot_read(split, error);
    }
    if (S_ISDIR(status.st_mode)) {
        return tsp_error_set(error, "cannot read %s: it is a folder; name a record in it", path);
    }
    split->block = malloc(BLOCK + 1);
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

/* Passes over what changes no nesting, which is most of a file; the NUL behind the block ends it too. */
static const char *pass(const char *at) {
    static const bool special[256] = {
        ['\0'] = true, ['"'] = true, ['['] = true, [']'] = true, ['{'] = true, ['}'] = true};
    while (!special[(unsigned char)*at]) {
        ++at;
    }
    return at;
}

/* The same in a text. */
static const char *pass_text(const char *at) {
    static const bool special[256] = {['\0'] = true, ['"'] = true, ['\\'] = true};
    while (!special[(unsigned char)*at]) {
        ++at;
    }
    return at;
}

/* Follows the block, from where it is taken to, until its end or that of the array. Returns where. */
static const char *skip_block(const struct tsp_split *split, struct nesting *nesting) {
    const char *at = split->block + split->at;
    const char *end = split->block + split->held;
    while (at < end && nesting->depth > 0) {
        if (!nesting->escaped) {
            at = nesting->text ? pass_text(at) : pass(at);
        }
        if (at < end) { /* it may have been a NUL in the file */
            follow(nesting, (unsigned char)*at++);
        }
    }
    return at;
}

/* Skips what is in the array that has just begun, and notes where it was. Returns its closing bracket, or EOF. */
static int skip_cases(struct tsp_split *split) {
    struct nesting nesting = {.depth = 1};
    split->cases = offset(split);
    while (nesting.depth > 0) {
        if (split->at == split->held) {
            fill(split);
        }
        if (split->held == 0) {
            return EOF;
        }
        split->at = (size_t)(skip_block(split, &nesting) - split->block);
    }
    split->cases_end = offset(split) - 1;
    return (unsigned char)split->block[split->at - 1];
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

/* `text` as JSON; `begin` is where it begins in the file. */
static json_t *parse(struct tsp_split *split, off_t begin, struct tsp_error *error) {
    json_error_t where;
    json_t *json =
        json_loadb(split->text != NULL ? split->text : "", split->length, JSON_REJECT_DUPLICATES, &where);
    if (json == NULL) {
        off_t position = where.position > 0 ? where.position : 0;
        if (begin == 0 && split->cases != 0 && position > split->cases) {
            position += split->cases_end - split->cases; /* behind the cases that the head leaves out */
        }
        struct place place = place_of(split, begin + position);
        (void)tsp_error_set(error, "%s:%" PRIu64 ":%" PRIu64 ": not a transept record, or a damaged one: %s",
                            split->path, place.line, place.column, where.text);
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
    json_t *json = parse(split, 0, error);
    if (json != NULL && split->cases != 0 && seek(split, split->cases) != 0) {
        (void)cannot_read(split, error);
        json_decref(json);
        return NULL;
    }
    return json;
}

/* The next element of the array into `text`; where it begins into `begin`. */
static int collect_case(struct tsp_split *split, off_t *begin, struct tsp_error *error) {
    struct nesting nesting = {.depth = 0};
    split->length = 0;
    *begin = offset(split);
    for (int byte = take(split); byte != EOF; byte = take(split)) {
        if (nesting.depth == 0 && !nesting.text && (byte == ',' || byte == ']')) {
            split->over = byte == ']';
            return 0;
        }
        if (split->length == 0 && is_blank(byte)) {
            *begin = offset(split);
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
    off_t begin = 0;
    *end = split->cases == 0 || split->over;
    if (*end || collect_case(split, &begin, error) != 0) {
        return NULL;
    }
    bool nothing = split->length == 0 && split->over && !split->more; /* an empty array */
    split->more = !split->over;
    *end = nothing;
    return nothing ? NULL : parse(split, begin, error);
}

const char *tsp_split_peek(struct tsp_split *split, size_t *size) {
    if (split->cases == 0 || split->over) {
        return NULL;
    }
    if (split->held - split->at < AHEAD) {
        fill(split);
    }
    while (is_blank(split->block[split->at])) {
        ++split->at;
    }
    *size = split->held - split->at;
    return split->block + split->at;
}

bool tsp_split_skip(struct tsp_split *split, size_t size) {
    const char *at = split->block + split->at + size;
    while (is_blank(*at)) {
        ++at;
    }
    if (*at != ',' && *at != ']') {
        return false;
    }
    split->more = *at == ',';
    split->over = !split->more;
    split->at = (size_t)(at + 1 - split->block);
    return true;
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
