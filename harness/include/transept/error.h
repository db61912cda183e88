/* How a function of the library says what went wrong: one line for a person. */
#ifndef TRANSEPT_ERROR_H
#define TRANSEPT_ERROR_H

/** One line: what failed, on what, and what the user can do. No trailing newline. */
struct tsp_error {
    char text[512];
};

/**
 * Fills `error` (which may be NULL) by printf's rules; line breaks become spaces.
 * Returns -1, so that a caller can write `return tsp_error_set(error, …)`.
 */
int tsp_error_set(struct tsp_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Puts a context and a colon before what `error` says already ("suites/quick.yaml: …"). Returns -1. */
int tsp_error_prefix(struct tsp_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
