/* Findings about what else takes the processor's time. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/quiet.h"

struct tsp_finding tsp_quiet_load(const struct tsp_file *loadavg, unsigned cpus) {
    static const char *const remedy = "ps -eo pcpu,pid,args --sort=-pcpu | head";
    if (loadavg->error != 0) {
        return tsp_finding_unknown("load", loadavg, "whether others are at work cannot be seen");
    }
    char *end;
    double load = strtod(loadavg->text, &end);
    if (end == loadavg->text || !(load >= 0 && load < 1e6)) {
        return tsp_finding_make("load", TSP_FINDING_UNKNOWN, "unreadable",
                                "/proc/loadavg does not begin with a number", "");
    }
    char value[TSP_TEXT_MAX];
    (void)snprintf(value, sizeof value, "%.2f on %u CPUs over the last minute", load, cpus);
    double share = cpus > 0 ? load / cpus : load;
    if (load < 0.3) {
        return tsp_finding_make("load", TSP_FINDING_OK, value, "hardly anything else runs", "");
    }
    if (share < 0.5) {
        return tsp_finding_make(
            "load", TSP_FINDING_NOTE, value,
            "others share caches, memory bandwidth and clock: llc and dram cases and P99 suffer first, by some %",
            remedy);
    }
    return tsp_finding_make(
        "load", TSP_FINDING_WARNING, value,
        "others want the same CPUs: time slices of ms are lost, P95, P99 and two-thread cases suffer most, medians may too",
        remedy);
}

/* proc(5): "cpu user nice system idle iowait irq softirq steal guest guest_nice", in ticks; guest time is in user already. */
struct tsp_finding tsp_quiet_steal(const struct tsp_file *stat) {
    if (stat->error != 0) {
        return tsp_finding_unknown("steal", stat, "what the hypervisor gives to others cannot be seen");
    }
    uint64_t ticks[8] = {0};
    unsigned fields = 0;
    const char *at = strncmp(stat->text, "cpu ", 4) == 0 ? stat->text + 4 : "";
    while (fields < 8) {
        char *end;
        ticks[fields] = strtoull(at, &end, 10);
        if (end == at) {
            break;
        }
        at = end;
        ++fields;
    }
    if (fields < 8) {
        return tsp_finding_make("steal", TSP_FINDING_UNKNOWN, "not counted",
                                "this kernel's /proc/stat does not tell it", "");
    }
    double all = 0;
    for (unsigned i = 0; i < 8; ++i) {
        all += (double)ticks[i];
    }
    double busy = all - (double)ticks[3] - (double)ticks[4];
    double share = busy > 0 ? 100.0 * (double)ticks[7] / busy : 0;
    char value[TSP_TEXT_MAX];
    (void)snprintf(value, sizeof value, "%.2f %% of busy time since boot", share);
    int level = share >= 1 ? TSP_FINDING_WARNING : share >= 0.05 ? TSP_FINDING_NOTE : TSP_FINDING_OK;
    return tsp_finding_make(
        "steal", level, value,
        level == TSP_FINDING_OK
            ? "the hypervisor owns up to none; steal understates noise: the gaps tell more"
            : "the hypervisor gave this time to others: P95, P99 and maximum of all cases grow; steal understates "
              "noise: the gaps tell more",
        level == TSP_FINDING_OK ? "" : "use a host or an instance with CPUs of its own");
}

struct tsp_finding tsp_quiet_container(const struct tsp_file *cpu_max, unsigned cpus) {
    if (cpu_max->error != 0) {
        return tsp_finding_unknown("container", cpu_max,
                                   "whether a CPU quota (cgroup) throttles this process cannot be seen");
    }
    char *end;
    double quota = strtod(cpu_max->text, &end);
    double period = end != cpu_max->text ? strtod(end, NULL) : 0;
    if (strncmp(cpu_max->text, "max", 3) == 0 || quota < 0) {
        return tsp_finding_make("container", TSP_FINDING_OK, "no CPU quota",
                                "no cgroup throttles this process", "");
    }
    if (!(quota > 0 && period > 0)) {
        return tsp_finding_make("container", TSP_FINDING_UNKNOWN, "unreadable",
                                "the cgroup's CPU quota is not two numbers", "");
    }
    char value[TSP_TEXT_MAX];
    (void)snprintf(value, sizeof value, "a quota of %.2f CPUs, %.0f ms every %.0f ms", quota / period,
                   quota / 1000, period / 1000);
    /* One case keeps one CPU busy, or a few: a quota of all CPUs is never used up. */
    if (cpus > 0 && quota / period >= cpus) {
        return tsp_finding_make("container", TSP_FINDING_OK, value,
                                "the quota covers all CPUs of this process", "");
    }
    return tsp_finding_make(
        "container", quota / period >= 2 ? TSP_FINDING_NOTE : TSP_FINDING_WARNING, value,
        "when it is used up the process stands still until the next period: tens of ms in P99 and maximum, cases with "
        "several threads first",
        "start the container without a CPU quota (no --cpus, no limits.cpu)");
}

struct tsp_finding tsp_quiet_gaps(const struct tsp_gaps *gaps, bool virtual_machine) {
    if (gaps->watched_ns == 0) {
        return tsp_finding_make("gaps", TSP_FINDING_UNKNOWN, "not watched",
                                "no CPU could be pinned, or the clock stood still", "");
    }
    double seconds = (double)gaps->watched_ns / 1e9;
    double lost = 100.0 * (double)gaps->lost_ns / (double)gaps->watched_ns;
    char value[TSP_TEXT_MAX];
    (void)snprintf(value, sizeof value, "%.0f a second over %.1f us, %.2f %% of the time, longest %.1f us",
                   (double)gaps->count / seconds, (double)gaps->threshold_ns / 1e3, lost,
                   (double)gaps->longest_ns / 1e3);
    int level = lost >= 1 || gaps->longest_ns >= 1000000 ? TSP_FINDING_WARNING
                : lost >= 0.05                           ? TSP_FINDING_NOTE
                                                         : TSP_FINDING_OK;
    if (level == TSP_FINDING_OK) {
        return tsp_finding_make("gaps", level, value, "a spinning thread is hardly ever interrupted", "");
    }
    return tsp_finding_make(
        "gaps", level, value,
        "a spinning thread loses this much to interrupts, others and the hypervisor: means and batches grow by that share, "
        "P99 and maximum by whole gaps, P50 hardly",
        virtual_machine
            ? "use a host or an instance with CPUs of its own"
            : "kernel command line: isolcpus=domain,managed_irq,<cpu> nohz_full=<cpu> (see isolation)");
}
