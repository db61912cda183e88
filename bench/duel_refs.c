/* Two revisions of the checkout, built aside by git and cmake. */
#include "duel_refs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 12, LOOK_US = 20000 };

/* Waits, and ends it where a person no longer wants it. Returns the wait status, or -1 when interrupted. */
static int await(pid_t pid, const volatile int *interrupted) {
    int status = 0;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (interrupted != NULL && *interrupted != 0) {
            (void)kill(-pid, SIGTERM);
            (void)waitpid(pid, &status, 0);
            return -1;
        }
        (void)usleep(LOOK_US);
    }
    return status;
}

/* Runs a command with its output in the file `log`. Returns what await() does; a command that cannot be started ends with 127. */
static int run(const char *const *words, const char *log, const volatile int *interrupted) {
    char *argv[WORDS_MAX + 1] = {NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid = -1;
    for (unsigned i = 0; i < WORDS_MAX && words[i] != NULL; ++i) {
        argv[i] = (char *)words[i];
    }
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawnattr_init(&attributes);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    int code = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    code = code != 0 ? code
                     : posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log,
                                                        O_WRONLY | O_CREAT | O_TRUNC, 0666);
    code = code != 0 ? code : posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    code = code != 0 ? code : posix_spawnp(&pid, argv[0], &actions, &attributes, argv, environ);
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&actions);
    return code == 0 ? await(pid, interrupted) : 127 << 8;
}

/* The last line of a log that says something. */
static void last_line(const char *log, char *text, size_t size) {
    char line[512];
    FILE *stream = fopen(log, "re");
    text[0] = '\0';
    while (stream != NULL && fgets(line, sizeof line, stream) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[strspn(line, " \t-")] != '\0') {
            (void)snprintf(text, size, "%s", line);
        }
    }
    if (stream != NULL) {
        (void)fclose(stream);
    }
}

/* The same with a complaint: `what` failed, and how. */
static int run_or_complain(const struct tsp_duel_refs *built, const char *const *words, const char *what,
                           const volatile int *interrupted, struct tsp_error *error) {
    char log[PATH_MAX];
    char said[256];
    if (snprintf(log, sizeof log, "%s/log", built->folder) >= (int)sizeof log) {
        return tsp_error_set(error, "%s: too long a path", built->folder);
    }
    int status = run(words, log, interrupted);
    if (status == 0) {
        return 0;
    }
    last_line(log, said, sizeof said);
    if (status == -1) {
        return tsp_error_set(error, "interrupted");
    }
    return tsp_error_set(error, "%s failed (%s): %s", what, words[0],
                         status == 127 << 8 && said[0] == '\0' ? "is it installed?" : said);
}

static int join(char *path, size_t size, const char *folder, const char *name, struct tsp_error *error) {
    int length = snprintf(path, size, "%s/%s", folder, name);
    return length >= 0 && (size_t)length < size ? 0 : tsp_error_set(error, "%s: too long a path", folder);
}

/* The checkout around the working directory. */
static int find_top(struct tsp_duel_refs *built, const volatile int *interrupted, struct tsp_error *error) {
    char log[PATH_MAX];
    const char *const words[] = {"git", "rev-parse", "--show-toplevel", NULL};
    if (run_or_complain(built, words, "--ref: finding the checkout around here", interrupted, error) != 0 ||
        join(log, sizeof log, built->folder, "log", error) != 0) {
        return -1;
    }
    last_line(log, built->top, sizeof built->top);
    return built->top[0] == '/' ? 0 : tsp_error_set(error, "--ref: git does not tell where the checkout is");
}

/* The sources of one side: a worktree, or the checkout itself. */
static int check_out(const struct tsp_duel_refs *built, const char *ref, const char *tree,
                     const volatile int *interrupted, struct tsp_error *error) {
    char what[256];
    (void)snprintf(what, sizeof what, "checking out %.150s", ref);
    const char *const words[] = {"git",     "-C",       built->top, "worktree", "add",
                                 "--quiet", "--detach", tree,       ref,        NULL};
    return run_or_complain(built, words, what, interrupted, error);
}

static int build_side(struct tsp_duel_refs *built, unsigned side, const char *ref,
                      const volatile int *interrupted, struct tsp_error *error) {
    char tree[PATH_MAX];
    char folder[PATH_MAX];
    const char *name = ref != NULL ? ref : "the checkout as it is";
    char what[256];
    if (join(tree, sizeof tree, built->folder, side == 0 ? "first" : "other", error) != 0 ||
        join(folder, sizeof folder, built->folder, side == 0 ? "first-build" : "other-build", error) != 0 ||
        join(built->paths[side], sizeof built->paths[side], folder, "bench/transept", error) != 0) {
        return -1;
    }
    (void)fprintf(stderr, "transept duel: building %s\n", name);
    if (ref != NULL && check_out(built, ref, tree, interrupted, error) != 0) {
        return -1;
    }
    (void)snprintf(what, sizeof what, "building %.200s", name);
    const char *const configure[] = {
        "cmake", "-S", ref != NULL ? tree : built->top, "-B", folder, "-DBUILD_TESTING=OFF", NULL};
    const char *const build[] = {"cmake", "--build", folder, "--target", "transept", "--parallel", NULL};
    if (run_or_complain(built, configure, what, interrupted, error) != 0 ||
        run_or_complain(built, build, what, interrupted, error) != 0) {
        return -1;
    }
    return access(built->paths[side], X_OK) == 0
               ? 0
               : tsp_error_set(error, "%s: its build leaves no bench/transept; is it a checkout of transept?",
                               what);
}

int tsp_duel_refs_build(struct tsp_duel_refs *built, const char *const refs[2],
                        const volatile int *interrupted, struct tsp_error *error) {
    const char *place = getenv("TMPDIR");
    *built = (struct tsp_duel_refs){.top = ""};
    (void)snprintf(built->folder, sizeof built->folder, "%s/transept-duel-XXXXXX",
                   place != NULL && place[0] == '/' ? place : "/tmp");
    if (mkdtemp(built->folder) == NULL) {
        int code = errno;
        built->folder[0] = '\0';
        return tsp_error_set(error, "--ref: no temporary folder: %s", strerror(code));
    }
    if (find_top(built, interrupted, error) != 0) {
        return -1;
    }
    for (unsigned side = 0; side < 2; ++side) {
        if (build_side(built, side, refs[side], interrupted, error) != 0) {
            return -1;
        }
    }
    return 0;
}

void tsp_duel_refs_remove(struct tsp_duel_refs *built) {
    if (built->folder[0] == '\0') {
        return;
    }
    const char *const remove[] = {"rm", "-rf", "--", built->folder, NULL};
    (void)run(remove, "/dev/null", NULL);
    if (built->top[0] != '\0') { /* git forgets worktrees whose folders are gone */
        const char *const prune[] = {"git", "-C", built->top, "worktree", "prune", NULL};
        (void)run(prune, "/dev/null", NULL);
    }
    built->folder[0] = '\0';
}
