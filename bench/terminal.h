/* The window that people look at: its width, its letters, lines that fit it. */
#ifndef TRANSEPT_BENCH_TERMINAL_H
#define TRANSEPT_BENCH_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

/** Columns of the terminal behind `stream`; else those of $COLUMNS; else 80. At least 40. */
unsigned tsp_terminal_width(FILE *stream);

/** Can lines be drawn anew on `stream`: is it a terminal, and not a dumb one? */
bool tsp_terminal_redraws(FILE *stream);

/** May `stream` get colours: it redraws, and NO_COLOR is not set (no-color.org)? */
bool tsp_terminal_has_colour(FILE *stream);

/** Signs that go beyond ASCII, where the locale's encoding is UTF-8; else what stands for them. */
struct tsp_signs {
    bool utf8;
    const char *plus_minus;
    const char *micro;
    const char *none; /* no value */
    const char *dot;  /* between facts */
    const char *less_equal;
};
const struct tsp_signs *tsp_signs(void);

/** Columns that a text takes; bytes where the locale cannot say. */
unsigned tsp_text_columns(const char *text);

/** Prints a text at `indent` columns, broken at blanks so that no line passes `width`; the first line goes on at column `at`. What
 *  the locale cannot show is replaced by ASCII. */
void tsp_print_wrapped(FILE *stream, const char *text, unsigned at, unsigned indent, unsigned width);

/** "1 h 02 min", "2 min 05 s", "12 s", "0.8 s". Returns `text`. */
const char *tsp_duration_text(double ms, char *text, size_t size);

#endif
