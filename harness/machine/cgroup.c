/* The CPU quota that control groups put on this process. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/quiet.h"

/* The path of this process in the hierarchy of cgroup 2 ("0::/a/b") or of cgroup 1's controller ("4:cpu,cpuacct:/a/b"). */
static bool find_cgroup(const char *cgroups, bool second, char *path, size_t size) {
    for (const char *line = cgroups; *line != '\0'; line += strcspn(line, "\n"), line += *line == '\n') {
        const char *controllers = strchr(line, ':');
        const char *colon = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
        if (colon == NULL) {
            return false;
        }
        size_t length = (size_t)(colon - controllers) - 1;
        bool is_cpu = (length >= 3 && strncmp(controllers + 1, "cpu", 3) == 0 &&
                       (length == 3 || controllers[4] == ',')) ||
                      (length >= 4 && strncmp(colon - 4, ",cpu", 4) == 0);
        if (second ? length == 0 : is_cpu) {
            (void)snprintf(path, size, "%.*s", (int)strcspn(colon + 1, "\n"), colon + 1);
            return true;
        }
    }
    return false;
}

/* Reads the quota of one group into "quota period" form. */
static bool load_quota(struct tsp_file *file, const char *root, const char *group, bool second) {
    if (second) {
        return tsp_file_loadf(file, root, "/sys/fs/cgroup%s/cpu.max", group);
    }
    struct tsp_file period;
    if (!tsp_file_loadf(file, root, "/sys/fs/cgroup/cpu%s/cpu.cfs_quota_us", group) ||
        !tsp_file_loadf(&period, root, "/sys/fs/cgroup/cpu%s/cpu.cfs_period_us", group)) {
        return false;
    }
    size_t length = strcspn(file->text, "\n");
    (void)snprintf(file->text + length, sizeof file->text - length, " %.20s", period.text);
    return true;
}

/* CPUs' worth of time that a quota allows; -1: no quota, or not two numbers. */
static double quota_share(const char *text) {
    char *end;
    double quota = strtod(text, &end);
    double period = end != text ? strtod(end, NULL) : 0;
    return quota > 0 && period > 0 ? quota / period : -1;
}

/* Walks from `group` to the root (whose own folder has no such file in cgroup 2). `least` is the tightest share so far. */
static void walk_up(struct tsp_file *tightest, double *least, const char *root, char *group, bool second) {
    for (;;) {
        struct tsp_file quota;
        if (load_quota(&quota, root, strcmp(group, "/") == 0 ? "" : group, second)) {
            double share = quota_share(quota.text);
            if (share > 0 && (*least < 0 || share < *least)) {
                *least = share;
                *tightest = quota;
            }
        }
        char *slash = strrchr(group, '/');
        if (slash == NULL) {
            return;
        }
        *slash = '\0';
    }
}

void tsp_cgroup_quota(struct tsp_file *tightest, const char *root) {
    struct tsp_file cgroups;
    char group[160];
    double least = -1;
    bool read = tsp_file_load(&cgroups, root, "/proc/self/cgroup");
    *tightest = cgroups;
    if (!read) {
        return;
    }
    (void)snprintf(tightest->text, sizeof tightest->text, "max 100000");
    for (int version = 1; version <= 2; ++version) {
        if (find_cgroup(cgroups.text, version == 2, group, sizeof group)) {
            walk_up(tightest, &least, root, group, version == 2);
        }
    }
}
