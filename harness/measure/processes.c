/* What /proc says of other processes. */
#include "measure/processes.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

uint64_t tsp_process_resident(pid_t process) {
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/statm", (int)process);
    FILE *statm = fopen(path, "re");
    if (statm == NULL) {
        return 0;
    }
    unsigned long long size = 0;
    unsigned long long resident = 0;
    int read = fscanf(statm, "%llu %llu", &size, &resident);
    (void)fclose(statm);
    return read == 2 ? resident * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

long tsp_machine_tasks(void) {
    long running = 0;
    long all = 0;
    FILE *loadavg = fopen("/proc/loadavg", "re");
    if (loadavg == NULL) {
        return 0;
    }
    int read = fscanf(loadavg, "%*f %*f %*f %ld/%ld", &running, &all);
    (void)fclose(loadavg);
    return read == 2 ? all : 0;
}

/* The third field after the command's closing parenthesis is the process group (proc(5), "stat"). */
unsigned tsp_group_size(pid_t group) {
    unsigned count = 0;
    DIR *processes = opendir("/proc");
    if (processes == NULL) {
        return 0;
    }
    for (const struct dirent *entry = readdir(processes); entry != NULL; entry = readdir(processes)) {
        char path[sizeof entry->d_name + 16];
        char line[512] = "";
        (void)snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
        FILE *stat = isdigit((unsigned char)entry->d_name[0]) ? fopen(path, "re") : NULL;
        if (stat == NULL) {
            continue;
        }
        size_t length = fread(line, 1, sizeof line - 1, stat);
        line[length] = '\0';
        (void)fclose(stat);
        const char *end = strrchr(line, ')');
        int found = 0;
        count += end != NULL && sscanf(end + 1, " %*c %*d %d", &found) == 1 && found == (int)group;
    }
    (void)closedir(processes);
    return count;
}
