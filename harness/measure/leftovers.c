/* Finding and ending what a child left behind. */
#include "measure/leftovers.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

void tsp_leftovers_adopt(void)
{
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/* Kills the children that left their process group; /proc lists them where the kernel was built with CONFIG_PROC_CHILDREN. */
static void kill_listed(void)
{
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

unsigned tsp_leftovers_end(pid_t group)
{
    unsigned ended = 0;
    for (;;) {
        (void)kill(-group, SIGKILL);
        pid_t reaped = waitpid(-1, NULL, WNOHANG);
        if (reaped > 0) {
            ++ended;
        } else if (reaped < 0 && errno == ECHILD) {
            return ended;
        } else {
            kill_listed(); /* alive, and not in the group: it made a session of its own */
            (void)usleep(1000);
        }
    }
}
