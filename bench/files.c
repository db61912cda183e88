/* Where a run's files land. */
#include "files.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "transept/plan.h"
#include "values.h"

int tsp_formats_parse(struct tsp_formats *formats, const char *names, struct tsp_error *error) {
    formats->count = 0;
    for (const char *rest = names; rest != NULL;) {
        char name[32];
        size_t length = strcspn(rest, ",");
        (void)snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1),
                       rest);
        if (tsp_words_find(tsp_words_record_format, "format", name, error) < 0) {
            return tsp_error_prefix(error, "--format");
        }
        const struct tsp_format *format = tsp_format_find(name);
        for (unsigned i = 0; i < formats->count; ++i) {
            if (formats->of[i] == format) {
                return tsp_error_set(error, "--format: '%s' is there twice; name each once", name);
            }
        }
        if (formats->count == TSP_FORMATS_MAX) {
            return tsp_error_set(error, "--format: more than %d formats", TSP_FORMATS_MAX);
        }
        formats->of[formats->count++] = format;
        rest = rest[length] == ',' ? rest + length + 1 : NULL;
    }
    return 0;
}

void tsp_journal_path(char *path, size_t size, const char *root, const struct tsp_record *record) {
    char started[sizeof record->run.started];
    size_t used = 0;
    for (const char *in = record->run.started; *in != '\0'; ++in) {
        if (*in != '-' && *in != ':') {
            started[used++] = *in;
        }
    }
    started[used] = '\0';
    (void)snprintf(path, size, "%s/%s/%s/%s.journal", root, record->machine.arch, record->machine.id,
                   started);
}

int tsp_journal_find(char *path, size_t size, const char *root, const struct tsp_machine *machine,
                     struct tsp_error *error) {
    char pattern[PATH_MAX];
    glob_t found;
    (void)snprintf(pattern, sizeof pattern, "%s/%s/%s/*.journal", root, machine->arch, machine->id);
    if (glob(pattern, 0, NULL, &found) != 0) {
        return tsp_error_set(error,
                             "--resume: there is no journal below %s/%s/%s; name one, or start the run anew",
                             root, machine->arch, machine->id);
    }
    /* glob sorts, and names are times. */
    (void)snprintf(path, size, "%s", found.gl_pathv[found.gl_pathc - 1]);
    globfree(&found);
    return 0;
}

int tsp_record_save_all(const struct tsp_record *record, const char *root, const struct tsp_formats *formats,
                        struct tsp_error *error) {
    int status = 0;
    for (unsigned i = 0; i < formats->count; ++i) {
        char path[PATH_MAX];
        struct tsp_error other;
        if (tsp_record_save(record, root, formats->of[i], path, sizeof path, status == 0 ? error : &other) !=
            0) {
            status = -1;
        } else {
            (void)fprintf(stderr, "transept run: wrote %s\n", path);
        }
    }
    return status;
}
