/* Inside of the machine module: small files below a root that tests can move, and texts made safe to print. */
#ifndef TRANSEPT_MACHINE_FILES_H
#define TRANSEPT_MACHINE_FILES_H

#include <stdbool.h>
#include <stddef.h>

/** What a small file of /proc or /sys says, or why it cannot be read. */
struct tsp_file {
    int error;       /* 0, or errno of opening or reading */
    char text[4096]; /* the beginning, NUL-terminated; empty on error */
    char path[160];  /* without the root: what a message names */
};

/** Reads `root` + `path`; `root` is "" but in tests. Never fails: the error is kept. Returns whether it could be read. */
bool tsp_file_load(struct tsp_file *file, const char *root, const char *path);

/** The same with a printf-like path. */
bool tsp_file_loadf(struct tsp_file *file, const char *root, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Fills `file` with the names in a folder, one a line, in the order of strcmp, without those that begin with a dot. */
bool tsp_file_list(struct tsp_file *file, const char *root, const char *path);

/** All of a longer file, at most `most` bytes and a NUL; NULL when it cannot be read or memory is out. The caller frees. */
char *tsp_file_all(const char *root, const char *path, size_t most);

/** Copies at most `length` bytes of text, printable ASCII only: runs of blanks and control characters become one blank, other
 *  bytes '?', blanks at both ends go. Returns `to`. */
char *tsp_text_clean(char *to, size_t size, const char *from, size_t length);

/** The value of `key` in lines "key<blanks>: value" (as in /proc/cpuinfo), cleaned into `value`. Searches from `text` on.
 *  Returns the end of the line, to search on from, or NULL (and an empty value) when there is none. */
const char *tsp_text_field(const char *text, const char *key, char *value, size_t size);

/** Is `word` among the blank-separated words of `list`? */
bool tsp_text_has_word(const char *list, const char *word);

#endif
