/* Counts as JSON: small, sorted, without a date, a line a case, so that a change of one is a diff of one line. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/encode.h"
#include "record/files.h"
#include "record/sink.h"
#include "transept/compare.h"

/* What a double needs to be read again as it was; exact counts are written with fewer, for they end. */
#define DIGITS 17

static void write_value(struct tsp_sink *sink, json_t *value) {
    char *text =
        value != NULL ? json_dumps(value, (size_t)(JSON_ENCODE_ANY | JSON_REAL_PRECISION(DIGITS))) : NULL;
    if (text != NULL) {
        tsp_sink_puts(sink, text);
    } else if (sink->failed == 0) {
        sink->failed = ENOMEM;
    }
    free(text);
    json_decref(value);
}

static void write_member(struct tsp_sink *sink, const char *before, const char *name, json_t *value) {
    tsp_sink_puts(sink, before);
    write_value(sink, json_string(name));
    tsp_sink_puts(sink, ": ");
    write_value(sink, value);
}

static json_t *encode_case(const struct tsp_counted_case *counted) {
    if (counted->status != TSP_OK) {
        return json_pack("{s:s,s:o}", "status", tsp_status_name(counted->status), "reason",
                         TSP_ENCODE_TEXT(counted->reason));
    }
    json_t *counts = json_object();
    for (size_t i = 0; i < counted->count_count; ++i) {
        const struct tsp_count *count = &counted->counts[i];
        tsp_encode_member(&counts, count->name,
                          count->varies ? json_string("varies") : tsp_encode_number(count->value));
    }
    return json_pack("{s:s,s:o}", "status", tsp_status_name(TSP_OK), "counts", counts);
}

int tsp_counts_write(const struct tsp_counts *counts, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    write_member(&sink, "{\n", "schema", json_string(TSP_COUNTS_SCHEMA));
    write_member(&sink, ",\n", "arch", json_string(counts->arch));
    write_member(&sink, ",\n", "suite", json_string(counts->suite));
    tsp_sink_puts(&sink, ",\n\"toolchain\": {");
    for (unsigned i = 0; i < TSP_TOOLCHAIN_FIELDS; ++i) {
        write_member(&sink, i > 0 ? ",\n  " : "\n  ", tsp_toolchain_name((enum tsp_toolchain_field)i),
                     json_string(counts->toolchain.of[i]));
    }
    tsp_sink_puts(&sink, "\n},\n\"cases\": {");
    for (size_t i = 0; i < counts->case_count; ++i) {
        write_member(&sink, i > 0 ? ",\n" : "\n", counts->cases[i].id, encode_case(&counts->cases[i]));
    }
    tsp_sink_puts(&sink, "\n}\n}\n");
    return tsp_sink_finish(&sink, "the counts", error);
}

/* A case that fails on one day would be a reference for failing on the next. */
static int refuse_failures(const struct tsp_counts *counts, struct tsp_error *error) {
    for (size_t i = 0; i < counts->case_count; ++i) {
        const struct tsp_counted_case *counted = &counts->cases[i];
        if (counted->status != TSP_OK && counted->status != TSP_SKIPPED) {
            return tsp_error_set(error, "%s: %s is %s (%.200s), which is no reference", counts->arch,
                                 counted->id, tsp_status_name(counted->status), counted->reason);
        }
    }
    return 0;
}

int tsp_counts_save(const struct tsp_counts *counts, const char *path, struct tsp_error *error) {
    char temporary[PATH_MAX];
    int length = snprintf(temporary, sizeof temporary, "%s.%ld", path, (long)getpid());
    if (length < 0 || length >= PATH_MAX) {
        return tsp_files_complain(error, path, ENAMETOOLONG);
    }
    if (refuse_failures(counts, error) != 0 || tsp_files_make_folders(path, error) != 0) {
        return -1;
    }
    FILE *stream = fopen(temporary, "we");
    if (stream == NULL) {
        return tsp_files_complain(error, path, errno);
    }
    errno = 0;
    int code = tsp_counts_write(counts, stream, error) != 0 || fsync(fileno(stream)) != 0 ? errno : 0;
    if (fclose(stream) != 0 && code == 0) {
        code = errno;
    }
    if (code == 0 && rename(temporary, path) != 0) {
        code = errno;
    }
    if (code != 0) {
        (void)unlink(temporary);
        return tsp_files_complain(error, path, code);
    }
    return 0;
}
