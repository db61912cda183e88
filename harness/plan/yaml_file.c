/* The text of a YAML file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/yaml.h"

enum { FILE_MAX = 1 << 20 }; /* bytes; what we read is a page or two */

char *tsp_yaml_file_read(const char *path, const char *what, size_t *size, struct tsp_error *error) {
    FILE *stream = fopen(path, "re");
    char *text = stream != NULL ? malloc(FILE_MAX) : NULL;
    if (text == NULL) {
        (void)tsp_error_set(error, "%s %.300s: %s; give a readable YAML file", what, path, strerror(errno));
        if (stream != NULL) {
            (void)fclose(stream);
        }
        return NULL;
    }
    *size = fread(text, 1, FILE_MAX, stream);
    int code = ferror(stream) != 0 ? errno : *size == FILE_MAX ? EFBIG : 0;
    (void)fclose(stream);
    if (code != 0) {
        (void)tsp_error_set(error, "%s %.300s: %s; give a readable YAML file", what, path, strerror(code));
        free(text);
        return NULL;
    }
    return text;
}
