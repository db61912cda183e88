/* The page's template: where it is, whether it is one, and the data put into it. */
#include "report/parts.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/encode.h"
#include "record/sink.h"

/* web/report/index.html has both. */
static const char mark[] = "<meta name=\"generator\" content=\"transept report 1\">";
static const char slot[] = "@TRANSEPT-REPORT-DATA@";

#define TEMPLATE_MAX ((size_t)16 << 20)

/* share/transept of the install that the running command belongs to. False: it cannot be told. */
static bool installed_path(char *path, size_t size) {
    char command[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", command, sizeof command - 1);
    if (length <= 0) {
        return false;
    }
    command[length] = '\0';
    for (int levels = 0; levels < 2; ++levels) { /* the command's name, and bin */
        char *slash = strrchr(command, '/');
        if (slash == NULL) {
            return false;
        }
        *slash = '\0';
    }
    int written = snprintf(path, size, "%s/share/transept/report-template.html", command);
    return written > 0 && (size_t)written < size;
}

int tsp_report_template_find(char *path, size_t size, struct tsp_error *error) {
    if (installed_path(path, size) && access(path, R_OK) == 0) {
        return 0;
    }
    int written = snprintf(path, size, "%s", TSP_REPORT_TEMPLATE);
    if (written > 0 && (size_t)written < size && access(path, R_OK) == 0) {
        return 0;
    }
    return tsp_error_set(
        error,
        "the page's template %.200s is not there; `make web` in the checkout makes it, or name one with "
        "--template",
        TSP_REPORT_TEMPLATE);
}

/* All of a file, ended by a zero. NULL with errno. */
static char *read_file(const char *path, size_t *size) {
    FILE *stream = fopen(path, "re");
    if (stream == NULL) {
        return NULL;
    }
    char *text = malloc(TEMPLATE_MAX + 1);
    *size = text != NULL ? fread(text, 1, TEMPLATE_MAX + 1, stream) : 0;
    int code = text == NULL ? ENOMEM : ferror(stream) != 0 ? EIO : *size > TEMPLATE_MAX ? EFBIG : 0;
    (void)fclose(stream);
    if (code != 0) {
        free(text);
        errno = code;
        return NULL;
    }
    text[*size] = '\0';
    return text;
}

int tsp_report_template_read(struct tsp_report_template *page, const char *path, struct tsp_error *error) {
    *page = (struct tsp_report_template){.text = NULL};
    page->text = read_file(path, &page->size);
    if (page->text == NULL) {
        return tsp_error_set(error, "cannot read the page's template %.300s: %s", path, strerror(errno));
    }
    const char *place = strstr(page->text, slot);
    if (strlen(page->text) != page->size || place == NULL || strstr(page->text, mark) == NULL ||
        strstr(place + 1, slot) != NULL) {
        tsp_report_template_free(page);
        return tsp_error_set(
            error, "%.300s: is no template of this version's reports; `make web` in the checkout makes it",
            path);
    }
    page->before = (size_t)(place - page->text);
    page->after = page->before + strlen(slot);
    return 0;
}

void tsp_report_template_free(struct tsp_report_template *page) {
    free(page->text);
    *page = (struct tsp_report_template){.text = NULL};
}

/* Of JSON's own signs none is one of these three: they are in texts only, where an escape means the same. */
static int put_escaped(const char *text, size_t size, void *data) {
    struct tsp_sink *sink = data;
    while (size > 0) {
        size_t plain = 0;
        while (plain < size && strchr("<>&", text[plain]) == NULL) {
            ++plain;
        }
        tsp_sink_put(sink, text, plain);
        if (plain < size) {
            char escape[8];
            (void)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)(unsigned char)text[plain]);
            tsp_sink_puts(sink, escape);
            ++plain;
        }
        text += plain;
        size -= plain;
    }
    return sink->failed ? -1 : 0;
}

int tsp_report_write(const struct tsp_report_template *page, const json_t *document, FILE *stream,
                     struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    tsp_sink_put(&sink, page->text, page->before);
    int status =
        json_dump_callback(document, put_escaped, &sink, JSON_COMPACT | JSON_REAL_PRECISION(TSP_DIGITS));
    if (status != 0 && !sink.failed) {
        return tsp_error_set(error, "no memory to write the report; give fewer records");
    }
    tsp_sink_put(&sink, page->text + page->after, page->size - page->after);
    return tsp_sink_finish(&sink, "the report", error);
}
