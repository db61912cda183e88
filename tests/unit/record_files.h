/* Files that the record's tests make, read and damage. Include after cmocka.h. */
#ifndef TRANSEPT_TESTS_RECORD_FILES_H
#define TRANSEPT_TESTS_RECORD_FILES_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "transept/record.h"

/* A text in memory: what a writer wrote, or a whole file. */
struct text {
    char *bytes;
    size_t size;
};

typedef int writer(const struct tsp_record *record, FILE *stream, struct tsp_error *error);

static inline struct text text_of(writer *write, const struct tsp_record *record) {
    struct text text = {0};
    struct tsp_error error = {""};
    FILE *stream = open_memstream(&text.bytes, &text.size);
    assert_non_null(stream);
    assert_int_equal(write(record, stream, &error), 0);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static inline struct text text_read(const char *path) {
    struct text text = {0};
    FILE *stream = fopen(path, "re");
    if (stream == NULL) {
        print_error("cannot read %s\n", path);
        return text;
    }
    char *bytes = NULL;
    FILE *memory = open_memstream(&bytes, &text.size);
    for (int c = getc(stream); memory != NULL && c != EOF; c = getc(stream)) {
        (void)putc(c, memory);
    }
    assert_non_null(memory);
    fclose(memory);
    fclose(stream);
    text.bytes = bytes;
    return text;
}

static inline void text_write(const char *path, const char *bytes, size_t size) {
    FILE *stream = fopen(path, "we");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, size, stream), size);
    assert_int_equal(fclose(stream), 0);
}

/* A folder of the test's own; `path` has room for 64 bytes. */
static inline void folder_make(char *path) {
    /* in memory where there is such a place: the fuzz tests write thousands of files */
    (void)snprintf(path, 64, "%s/transept-record-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(path));
}

static inline int folder_remove_one(const char *name, const struct stat *status, int kind, struct FTW *walk) {
    (void)status;
    (void)kind;
    (void)walk;
    return remove(name);
}

static inline void folder_remove(const char *path) {
    (void)nftw(path, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
