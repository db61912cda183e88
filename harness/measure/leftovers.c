/* Finding and ending what a child left behind. */
#include "measure/leftovers.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

bool tsp_leftovers_adopt(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
}

/* Kills the children that left their process group; /proc lists them where the kernel was built with CONFIG_PROC_CHILDREN. */
static void kill_listed(void) {
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *list = fopen(path, "re");
    if (list == NULL) {
        return;
    }
    int child = 0;
    while (fscanf(list, "%d", &child) == 1) {
        (void)kill(child, SIGKILL);
    }
    (void)fclose(list);
}

void tsp_leftovers_end(pid_t group) {
    for (;;) {
        (void)kill(-group, SIGKILL);
        pid_t reaped = waitpid(-1, NULL, WNOHANG);
        if (reaped < 0 && errno == ECHILD) {
            return;
        }
        if (reaped <= 0) {
            kill_listed(); /* alive, and not in the group: it made a session of its own */
            (void)usleep(1000);
        }
    }
}

static bool has_mapped(long process, const char *mapped) {
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%ld/maps", process);
    FILE *maps = fopen(path, "re");
    if (maps == NULL) {
        return false; /* gone, or somebody else's */
    }
    char *line = NULL;
    size_t room = 0;
    bool found = false;
    while (!found && getline(&line, &room, maps) > 0) {
        found = strstr(line, mapped) != NULL;
    }
    free(line);
    (void)fclose(maps);
    return found;
}

void tsp_leftovers_end_mapped(const char *mapped) {
    DIR *processes = opendir("/proc");
    if (processes == NULL) {
        return;
    }
    for (const struct dirent *entry = readdir(processes); entry != NULL; entry = readdir(processes)) {
        char *end = NULL;
        long process = strtol(entry->d_name, &end, 10);
        if (*end == '\0' && process > 1 && process != (long)getpid() && has_mapped(process, mapped)) {
            (void)kill((pid_t)process, SIGKILL);
        }
    }
    (void)closedir(processes);
}
