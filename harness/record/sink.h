/* Writing a record's text to a stream without losing the first failure. */
#ifndef TRANSEPT_RECORD_SINK_H
#define TRANSEPT_RECORD_SINK_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "transept/error.h"

/** A stream and the errno of the first write that failed on it (0: none; ENOMEM also when memory was out). */
struct tsp_sink {
    FILE *stream;
    int failed;
};

/** Writes `size` bytes; nothing once the sink has failed. */
void tsp_sink_put(struct tsp_sink *sink, const char *text, size_t size);
void tsp_sink_puts(struct tsp_sink *sink, const char *text);

/** Writes a cell of CSV: in quotes where it has a comma, a quote or a line's end (RFC 4180). */
void tsp_sink_csv(struct tsp_sink *sink, const char *text);

/** The same with the comma behind it: a cell that is not its row's last. A number as JSON spells it in every locale, nothing when it is not finite. */
void tsp_sink_cell(struct tsp_sink *sink, const char *text);
void tsp_sink_number_cell(struct tsp_sink *sink, double number);
void tsp_sink_count_cell(struct tsp_sink *sink, uint64_t count);

/** Writes a text into XML, as content or between double quotes: its signs replaced (XML 1.0, 2.4), what XML cannot hold (2.2) by a question mark. */
void tsp_sink_xml(struct tsp_sink *sink, const char *text);

/** Flushes. Returns 0, or -1 with "cannot write WHAT: errno's words" and errno set to the cause. */
int tsp_sink_finish(struct tsp_sink *sink, const char *what, struct tsp_error *error);

/**
 * Writes a JSON value that starts at column `indent`: containers that fit a line stay on it, long ones have their members filled into
 * lines, and arrays of numbers are never broken, so that a sketch is one line. With `members_apart` each member of this one
 * container has a line of its own. A NULL value means that memory was out when it was made.
 */
void tsp_sink_lay(struct tsp_sink *sink, json_t *value, unsigned indent, int members_apart);

#endif
