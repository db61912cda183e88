/* The one line that a failing function leaves. */
#include "transept/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void keep_one_line(char *text) {
    for (; *text != '\0'; ++text) {
        if (*text == '\n' || *text == '\r') {
            *text = ' ';
        }
    }
}

int tsp_error_set(struct tsp_error *error, const char *format, ...) {
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(error->text, sizeof error->text, format, arguments);
        va_end(arguments);
        keep_one_line(error->text);
    }
    return -1;
}

int tsp_error_prefix(struct tsp_error *error, const char *format, ...) {
    if (error != NULL) {
        char said[sizeof error->text];
        memcpy(said, error->text, sizeof said);
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(error->text, sizeof error->text, format, arguments);
        va_end(arguments);
        size_t used = strlen(error->text);
        (void)snprintf(error->text + used, sizeof error->text - used, ": %s", said);
        keep_one_line(error->text);
    }
    return -1;
}
