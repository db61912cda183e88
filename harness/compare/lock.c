/* The lock beside a policy: which cases each rule once judged, so that one that vanishes is missed. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/files.h"
#include "transept/policy.h"

static const char head[] =
    "# transept.lock/1: cases that the policy beside this file judges, by ISA and rule.\n"
    "# Made by `transept gate --update`; the gate fails when one of them is no longer there.\n";

int tsp_lock_path(char *path, size_t size, const char *policy, struct tsp_error *error) {
    const char *dot = strrchr(policy, '.');
    int stem = dot != NULL && strchr(dot, '/') == NULL ? (int)(dot - policy) : (int)strlen(policy);
    int length = snprintf(path, size, "%.*s.lock", stem, policy);
    return length >= 0 && (size_t)length < size ? 0 : tsp_files_complain(error, policy, ENAMETOOLONG);
}

static void free_locked(struct tsp_locked *locked) {
    free(locked->arch);
    free(locked->rule);
    free(locked->id);
}

int tsp_lock_add(struct tsp_lock *lock, const char *arch, const char *rule, const char *id,
                 struct tsp_error *error) {
    if (lock->count == lock->room) {
        size_t room = lock->room == 0 ? 64 : 2 * lock->room;
        struct tsp_locked *of = realloc(lock->of, room * sizeof *of);
        if (of == NULL) {
            return tsp_error_set(error, "no memory for %zu cases", room);
        }
        lock->of = of;
        lock->room = room;
    }
    struct tsp_locked *locked = &lock->of[lock->count++];
    *locked = (struct tsp_locked){.arch = strdup(arch), .rule = strdup(rule), .id = strdup(id)};
    return locked->arch != NULL && locked->rule != NULL && locked->id != NULL
               ? 0
               : tsp_error_set(error, "no memory for %zu cases", lock->count);
}

/* "arm64 fences barrier/fence/seq-cst" */
static int read_line(struct tsp_lock *lock, char *line, const char *path, unsigned long number,
                     struct tsp_error *error) {
    char *rest = NULL;
    line[strcspn(line, "\r\n")] = '\0';
    if (line[0] == '#' || line[0] == '\0') {
        return 0;
    }
    const char *arch = strtok_r(line, " ", &rest);
    const char *rule = strtok_r(NULL, " ", &rest);
    const char *id = strtok_r(NULL, " ", &rest);
    if (id == NULL || strtok_r(NULL, " ", &rest) != NULL) {
        return tsp_error_set(error, "%s:%lu: expected an ISA, a rule and a case; make it anew with --update",
                             path, number);
    }
    return tsp_lock_add(lock, arch, rule, id, error);
}

int tsp_lock_read(struct tsp_lock *lock, const char *path, struct tsp_error *error) {
    *lock = (struct tsp_lock){.of = NULL};
    FILE *stream = fopen(path, "re");
    if (stream == NULL) {
        return errno == ENOENT ? 1 : tsp_error_set(error, "%s: %s", path, strerror(errno));
    }
    char *line = NULL;
    size_t room = 0;
    int status = 0;
    for (unsigned long number = 1; status == 0 && getline(&line, &room, stream) > 0; ++number) {
        status = read_line(lock, line, path, number, error);
    }
    if (status == 0 && ferror(stream) != 0) {
        status = tsp_error_set(error, "%s: %s", path, strerror(errno));
    }
    free(line);
    (void)fclose(stream);
    return status;
}

/* One of a rule that the policy still has, and that is not asked about such a machine. */
static bool is_others(const struct tsp_locked *locked, const struct tsp_policy *policy,
                      const struct tsp_machine *machine) {
    for (unsigned i = 0; i < policy->rule_count; ++i) {
        if (strcmp(policy->rules[i].name, locked->rule) == 0) {
            return !tsp_rule_applies(&policy->rules[i], machine);
        }
    }
    return false;
}

void tsp_lock_forget(struct tsp_lock *lock, const struct tsp_policy *policy,
                     const struct tsp_machine *machine) {
    size_t kept = 0;
    for (size_t i = 0; i < lock->count; ++i) {
        if (strcmp(lock->of[i].arch, machine->arch) == 0 && !is_others(&lock->of[i], policy, machine)) {
            free_locked(&lock->of[i]);
        } else {
            lock->of[kept++] = lock->of[i];
        }
    }
    lock->count = kept;
}

static int compare_locked(const void *left, const void *right) {
    const struct tsp_locked *a = left;
    const struct tsp_locked *b = right;
    int order = strcmp(a->arch, b->arch);
    order = order != 0 ? order : strcmp(a->rule, b->rule);
    return order != 0 ? order : strverscmp(a->id, b->id);
}

int tsp_lock_write(struct tsp_lock *lock, const char *path, struct tsp_error *error) {
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL) {
        return tsp_error_set(error, "no memory to write %s", path);
    }
    if (lock->count > 1) {
        qsort(lock->of, lock->count, sizeof *lock->of, compare_locked);
    }
    int failed = fputs(head, stream) == EOF;
    for (size_t i = 0; i < lock->count; ++i) {
        const struct tsp_locked *locked = &lock->of[i];
        failed = fprintf(stream, "%s %s %s\n", locked->arch, locked->rule, locked->id) < 0 || failed;
    }
    failed = fclose(stream) != 0 || failed;
    int status =
        failed ? tsp_error_set(error, "no memory to write %s", path) : tsp_files_put(path, text, error);
    free(text);
    return status;
}

void tsp_lock_free(struct tsp_lock *lock) {
    for (size_t i = 0; i < lock->count; ++i) {
        free_locked(&lock->of[i]);
    }
    free(lock->of);
    *lock = (struct tsp_lock){.of = NULL};
}
