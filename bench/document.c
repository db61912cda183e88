/* A command's doc, taken apart. */
#include "document.h"

#include <argp.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define EXAMPLES "Examples:"
#define STATUS   "Exit status: "

/* Copies `length` bytes; false when they do not fit. */
static bool copy(char *to, size_t size, const char *from, size_t length) {
    bool fits = length < size;
    (void)snprintf(to, size, "%.*s", (int)length, from);
    return fits;
}

static bool add_prose(struct tsp_document *document, const char *line, size_t length) {
    size_t used = strlen(document->prose);
    if (used + length + 2 > sizeof document->prose) {
        return false;
    }
    (void)snprintf(document->prose + used, sizeof document->prose - used, "%.*s\n", (int)length, line);
    return true;
}

/* "transept run -s quick  two parts": what follows two blanks or more is about it. */
static bool add_example(struct tsp_document *document, const char *line, size_t length) {
    if (document->example_count == TSP_EXAMPLES_MAX) {
        return false;
    }
    unsigned index = document->example_count++;
    size_t command = 0;
    while (command < length && strncmp(line + command, "  ", 2) != 0) {
        ++command;
    }
    size_t about = command;
    while (about < length && line[about] == ' ') {
        ++about;
    }
    return copy(document->examples[index].command, sizeof document->examples[index].command, line, command) &&
           copy(document->examples[index].about, sizeof document->examples[index].about, line + about,
                length - about);
}

/* Where the next "; 1 " or ", 1 " begins, or the end. */
static size_t find_end(const char *text, size_t length) {
    size_t at = 0;
    while (at + 2 < length && !((text[at] == ',' || text[at] == ';') && text[at + 1] == ' ' &&
                                isdigit((unsigned char)text[at + 2]))) {
        ++at;
    }
    return at + 2 < length ? at : length;
}

/* "0 all went well, 1 a case failed; 2 misuse." */
static bool add_statuses(struct tsp_document *document, const char *text, size_t length) {
    length -= length > 0 && text[length - 1] == '.';
    while (length > 0) {
        size_t end = find_end(text, length);
        char *about = NULL;
        long value = strtol(text, &about, 10);
        size_t skipped = (size_t)(about - text) + 1;
        if (document->status_count == TSP_STATUSES_MAX || about == text || *about != ' ' || skipped >= end) {
            return false;
        }
        unsigned index = document->status_count++;
        document->statuses[index].value = (int)value;
        if (!copy(document->statuses[index].about, sizeof document->statuses[index].about, text + skipped,
                  end - skipped)) {
            return false;
        }
        size_t next = end + 2 < length ? end + 2 : length;
        text += next;
        length -= next;
    }
    return true;
}

static bool read_lines(struct tsp_document *document, const char *line) {
    bool examples = false;
    bool fits = true;
    while (fits && *line != '\0') {
        size_t length = strcspn(line, "\n");
        if (length == strlen(EXAMPLES) && strncmp(line, EXAMPLES, length) == 0) {
            examples = true;
        } else if (examples && strncmp(line, "  ", 2) == 0) {
            fits = add_example(document, line + 2, length - 2);
        } else if (strncmp(line, STATUS, strlen(STATUS)) == 0) {
            fits = add_statuses(document, line + strlen(STATUS), length - strlen(STATUS));
        } else {
            fits = add_prose(document, line, length);
        }
        line += length + (line[length] == '\n');
    }
    return fits;
}

int tsp_document_read(struct tsp_document *document, const struct tsp_subcommand *command,
                      struct tsp_error *error) {
    const char *doc = command->argp->doc != NULL ? command->argp->doc : "";
    size_t summary = strcspn(doc, "\v");
    *document = (struct tsp_document){.example_count = 0};
    if (!copy(document->summary, sizeof document->summary, doc, summary) ||
        !read_lines(document, doc + summary + (doc[summary] == '\v'))) {
        return tsp_error_set(error, "the doc of `%s` is too long, or its exit statuses are not numbers",
                             command->name);
    }
    if (document->summary[0] == '\0' || document->example_count == 0 || document->status_count == 0) {
        return tsp_error_set(error, "the doc of `%s` lacks a %s", command->name,
                             document->summary[0] == '\0'   ? "summary"
                             : document->example_count == 0 ? "section \"" EXAMPLES "\""
                                                            : "line \"" STATUS "…\"");
    }
    return 0;
}
