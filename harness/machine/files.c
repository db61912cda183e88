/* Reading what the kernel says of itself, wherever that may be missing, denied or damaged. */
#include "machine/files.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Opens root + path. Files of /proc have no size: they are read until they end. */
static FILE *open_below(const char *root, const char *path) {
    char full[512];
    int length = snprintf(full, sizeof full, "%s%s", root, path);
    if (length < 0 || (size_t)length >= sizeof full) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    return fopen(full, "re");
}

bool tsp_file_load(struct tsp_file *file, const char *root, const char *path) {
    memset(file, 0, sizeof *file);
    (void)snprintf(file->path, sizeof file->path, "%s", path);
    FILE *stream = open_below(root, path);
    if (stream == NULL) {
        file->error = errno;
        return false;
    }
    errno = 0;
    size_t length = fread(file->text, 1, sizeof file->text - 1, stream);
    if (ferror(stream) != 0) {
        file->error = errno != 0 ? errno : EIO;
        length = 0;
    }
    file->text[length] = '\0';
    (void)fclose(stream);
    return file->error == 0;
}

bool tsp_file_loadf(struct tsp_file *file, const char *root, const char *format, ...) {
    char path[sizeof file->path];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(path, sizeof path, format, arguments);
    va_end(arguments);
    return tsp_file_load(file, root, path);
}

static int not_hidden(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

/* Not alphasort: that follows the locale. */
static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

bool tsp_file_list(struct tsp_file *file, const char *root, const char *path) {
    memset(file, 0, sizeof *file);
    (void)snprintf(file->path, sizeof file->path, "%s", path);
    char full[512];
    (void)snprintf(full, sizeof full, "%s%s", root, path);
    struct dirent **entries = NULL;
    int count = scandir(full, &entries, not_hidden, by_name);
    if (count < 0) {
        file->error = errno;
        return false;
    }
    size_t used = 0;
    for (int i = 0; i < count; ++i) {
        size_t length = strlen(entries[i]->d_name);
        if (used + length + 2 < sizeof file->text) {
            memcpy(file->text + used, entries[i]->d_name, length);
            used += length;
            file->text[used++] = '\n';
        }
        free(entries[i]);
    }
    free(entries);
    file->text[used] = '\0';
    return true;
}

char *tsp_file_all(const char *root, const char *path, size_t most) {
    FILE *stream = open_below(root, path);
    if (stream == NULL) {
        return NULL;
    }
    char *text = malloc(most + 1);
    if (text != NULL) {
        size_t length = fread(text, 1, most, stream);
        text[length] = '\0';
    }
    (void)fclose(stream);
    return text;
}

char *tsp_text_clean(char *to, size_t size, const char *from, size_t length) {
    size_t used = 0;
    bool blank = false;
    for (size_t i = 0; i < length && from[i] != '\0'; ++i) {
        unsigned char c = (unsigned char)from[i];
        if (c <= ' ' || c == 0x7f) {
            blank = used > 0;
            continue;
        }
        if (used + (blank ? 2 : 1) >= size) {
            break;
        }
        if (blank) {
            to[used++] = ' ';
            blank = false;
        }
        to[used++] = (char)(c < 0x7f ? c : '?');
    }
    if (size > 0) {
        to[used] = '\0';
    }
    return to;
}

const char *tsp_text_field(const char *text, const char *key, char *value, size_t size) {
    size_t key_length = strlen(key);
    if (size > 0) {
        value[0] = '\0';
    }
    for (const char *line = text; *line != '\0';) {
        const char *end = line + strcspn(line, "\n");
        if (strncmp(line, key, key_length) == 0) {
            const char *colon = line + key_length;
            colon += strspn(colon, " \t");
            if (*colon == ':') {
                (void)tsp_text_clean(value, size, colon + 1, (size_t)(end - colon - 1));
                return end;
            }
        }
        line = *end == '\0' ? end : end + 1;
    }
    return NULL;
}

bool tsp_text_has_word(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *at = strstr(list, word); length > 0 && at != NULL; at = strstr(at + 1, word)) {
        bool begins = at == list || isspace((unsigned char)at[-1]) != 0;
        if (begins && (at[length] == '\0' || isspace((unsigned char)at[length]) != 0)) {
            return true;
        }
    }
    return false;
}
