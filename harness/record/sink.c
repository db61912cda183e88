/* Writing a record's text to a stream without losing the first failure. */
#include "record/sink.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "record/encode.h"

#define LINE_MAX_LENGTH 120

/* Jansson writes a decimal point in every locale. */
#define DUMP_FLAGS ((size_t)(JSON_ENCODE_ANY | JSON_REAL_PRECISION(TSP_DIGITS)))

void tsp_sink_put(struct tsp_sink *sink, const char *text, size_t size) {
    errno = 0;
    if (sink->failed == 0 && fwrite(text, 1, size, sink->stream) != size) {
        sink->failed = errno != 0 ? errno : EIO;
    }
}

void tsp_sink_puts(struct tsp_sink *sink, const char *text) {
    tsp_sink_put(sink, text, strlen(text));
}

void tsp_sink_csv(struct tsp_sink *sink, const char *text) {
    if (strpbrk(text, ",\"\r\n") == NULL) {
        tsp_sink_puts(sink, text);
        return;
    }
    tsp_sink_puts(sink, "\"");
    for (const char *c = text; *c != '\0'; ++c) {
        tsp_sink_put(sink, c, 1);
        if (*c == '"') {
            tsp_sink_put(sink, c, 1);
        }
    }
    tsp_sink_puts(sink, "\"");
}

void tsp_sink_cell(struct tsp_sink *sink, const char *text) {
    tsp_sink_csv(sink, text);
    tsp_sink_puts(sink, ",");
}

void tsp_sink_number_cell(struct tsp_sink *sink, double number) {
    char text[TSP_NUMBER_SIZE];
    tsp_sink_cell(sink, tsp_number_text(number, text));
}

void tsp_sink_count_cell(struct tsp_sink *sink, uint64_t count) {
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRIu64, count);
    tsp_sink_cell(sink, text);
}

void tsp_sink_xml(struct tsp_sink *sink, const char *text) {
    for (const char *c = text; *c != '\0'; ++c) {
        switch (*c) {
        case '&':
            tsp_sink_puts(sink, "&amp;");
            break;
        case '<':
            tsp_sink_puts(sink, "&lt;");
            break;
        case '>':
            tsp_sink_puts(sink, "&gt;");
            break;
        case '"':
            tsp_sink_puts(sink, "&quot;");
            break;
        default: /* control characters but tab and line ends have no place in XML at all */
            tsp_sink_put(sink, (unsigned char)*c < 0x20 && strchr("\t\n\r", *c) == NULL ? "?" : c, 1);
        }
    }
}

int tsp_sink_finish(struct tsp_sink *sink, const char *what, struct tsp_error *error) {
    errno = 0;
    if (sink->failed == 0 && fflush(sink->stream) != 0) {
        sink->failed = errno != 0 ? errno : EIO;
    }
    if (sink->failed != 0) {
        tsp_error_set(error, "cannot write %s: %s", what, strerror(sink->failed));
        errno = sink->failed;
        return -1;
    }
    return 0;
}

static int put_chunk(const char *text, size_t size, void *sink) {
    tsp_sink_put(sink, text, size);
    return ((struct tsp_sink *)sink)->failed == 0 ? 0 : -1;
}

static void lay_inline(struct tsp_sink *sink, const json_t *value) {
    if (json_dump_callback(value, put_chunk, sink, DUMP_FLAGS) != 0 && sink->failed == 0) {
        sink->failed = ENOMEM;
    }
}

static size_t inline_length(const json_t *value) {
    return json_dumpb(value, NULL, 0, DUMP_FLAGS);
}

static int is_numbers(const json_t *value) {
    size_t i = 0;
    const json_t *item = NULL;
    if (!json_is_array(value)) {
        return 0;
    }
    json_array_foreach(value, i, item) {
        if (!json_is_number(item)) {
            return 0;
        }
    }
    return 1;
}

static void new_line(struct tsp_sink *sink, unsigned indent) {
    tsp_sink_puts(sink, "\n");
    for (unsigned i = 0; i < indent; ++i) {
        tsp_sink_puts(sink, " ");
    }
}

/* Where the next member of a broken container goes. */
struct cursor {
    unsigned indent;
    size_t column;
    int apart; /* every member on a line of its own */
    int first;
};

static void lay_member(struct tsp_sink *sink, struct cursor *cursor, const char *key, json_t *value) {
    json_t *name = key != NULL ? json_string(key) : NULL;
    size_t head = name != NULL ? inline_length(name) + 2 : 0;
    size_t length = inline_length(value);
    int fits = cursor->indent + head + length + 1 <= LINE_MAX_LENGTH ||
               !(json_is_object(value) || json_is_array(value)) || is_numbers(value);
    if (!cursor->first) {
        tsp_sink_puts(sink, ",");
    }
    if (cursor->first || cursor->apart || !fits || cursor->column + 2 + head + length > LINE_MAX_LENGTH) {
        new_line(sink, cursor->indent);
        cursor->column = cursor->indent;
    } else {
        tsp_sink_puts(sink, " ");
        ++cursor->column;
    }
    if (name != NULL) {
        lay_inline(sink, name);
        tsp_sink_puts(sink, ": ");
    }
    if (fits) {
        lay_inline(sink, value);
        cursor->column += head + length + 1;
    } else {
        tsp_sink_lay(sink, value, cursor->indent, 0);
        cursor->column = LINE_MAX_LENGTH; /* what follows a broken member starts a line */
    }
    cursor->first = 0;
    json_decref(name);
}

/* The depth is that of our own layout, five or so; nothing that was read is laid out before it was understood. */
// NOLINTNEXTLINE(misc-no-recursion)
void tsp_sink_lay(struct tsp_sink *sink, json_t *value, unsigned indent, int members_apart) {
    struct cursor cursor = {.indent = indent + 1, .apart = members_apart, .first = 1};
    if (value == NULL) {
        sink->failed = sink->failed != 0 ? sink->failed : ENOMEM;
    } else if (json_is_object(value)) {
        const char *key = NULL;
        json_t *member = NULL;
        tsp_sink_puts(sink, "{");
        json_object_foreach(value, key, member) {
            lay_member(sink, &cursor, key, member);
        }
        new_line(sink, indent);
        tsp_sink_puts(sink, "}");
    } else if (json_is_array(value)) {
        size_t i = 0;
        json_t *item = NULL;
        cursor.apart |= json_array_size(value) > 0 && json_is_object(json_array_get(value, 0));
        tsp_sink_puts(sink, "[");
        json_array_foreach(value, i, item) {
            lay_member(sink, &cursor, NULL, item);
        }
        new_line(sink, indent);
        tsp_sink_puts(sink, "]");
    } else {
        lay_inline(sink, value);
    }
}
