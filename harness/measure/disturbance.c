/* Context switches, faults, migrations and steal time of this process and machine. */
#include "measure/disturbance.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

long long tsp_steal_ticks(const char *stat_line) {
    long long ticks[8];
    int read = sscanf(stat_line, "cpu %lld %lld %lld %lld %lld %lld %lld %lld", &ticks[0], &ticks[1],
                      &ticks[2], &ticks[3], &ticks[4], &ticks[5], &ticks[6], &ticks[7]);
    return read == 8 ? ticks[7] : -1;
}

static double steal_ms(void) {
    char line[256] = "";
    FILE *stat = fopen("/proc/stat", "re");
    if (stat == NULL) {
        return -1;
    }
    bool read = fgets(line, sizeof line, stat) != NULL;
    (void)fclose(stat);
    long long ticks = read ? tsp_steal_ticks(line) : -1;
    long rate = sysconf(_SC_CLK_TCK);
    return ticks < 0 || rate <= 0 ? -1 : (double)ticks * 1e3 / (double)rate;
}

/* The scheduler's own account, where the kernel was built with it; else -1. */
static int64_t migrations(void) {
    FILE *sched = fopen("/proc/self/sched", "re");
    if (sched == NULL) {
        return -1;
    }
    char line[256];
    long long count = -1;
    while (fgets(line, sizeof line, sched) != NULL) {
        if (sscanf(line, "se.nr_migrations : %lld", &count) == 1) {
            break;
        }
    }
    (void)fclose(sched);
    return count;
}

static void read_accounts(struct tsp_disturbance *accounts) {
    struct rusage usage;
    memset(accounts, 0, sizeof *accounts);
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        accounts->voluntary_switches = (uint64_t)usage.ru_nvcsw;
        accounts->involuntary_switches = (uint64_t)usage.ru_nivcsw;
        accounts->minor_faults = (uint64_t)usage.ru_minflt;
        accounts->major_faults = (uint64_t)usage.ru_majflt;
    }
    accounts->migrations = migrations();
    accounts->steal_ms = steal_ms();
}

void tsp_disturbance_begin(struct tsp_disturbance_meter *meter) {
    read_accounts(&meter->at_start);
}

void tsp_disturbance_end(const struct tsp_disturbance_meter *meter, struct tsp_disturbance *disturbance) {
    const struct tsp_disturbance *start = &meter->at_start;
    struct tsp_disturbance end;
    read_accounts(&end);
    disturbance->voluntary_switches = end.voluntary_switches - start->voluntary_switches;
    disturbance->involuntary_switches = end.involuntary_switches - start->involuntary_switches;
    disturbance->minor_faults = end.minor_faults - start->minor_faults;
    disturbance->major_faults = end.major_faults - start->major_faults;
    disturbance->migrations =
        start->migrations < 0 || end.migrations < 0 ? -1 : end.migrations - start->migrations;
    disturbance->steal_ms = start->steal_ms < 0 || end.steal_ms < 0 ? -1 : end.steal_ms - start->steal_ms;
}
