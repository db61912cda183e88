/* Findings about the processor: its clock, its siblings, its sleep, and the kernel's guards around it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/quiet.h"

static char *word_of(const struct tsp_file *file, char *word, size_t size) {
    return tsp_text_clean(word, size, file->text, strlen(file->text));
}

struct tsp_finding tsp_quiet_governor(const struct tsp_file *governor, const struct tsp_file *driver) {
    static const char *const remedy = "sudo cpupower frequency-set -g performance";
    char value[TSP_TEXT_MAX];
    char how[TSP_TEXT_MAX];
    if (governor->error != 0) {
        return tsp_finding_unknown(
            "governor", governor,
            "whether the core's clock follows the load cannot be seen; in a guest the host decides");
    }
    (void)word_of(governor, value, sizeof value);
    (void)word_of(driver, how, sizeof how);
    if (strcmp(value, "performance") == 0) {
        return tsp_finding_make("governor", TSP_FINDING_OK, value, "the core's clock does not wait for load",
                                "");
    }
    /* These drivers' powersave lets the processor itself raise the clock, in well under a millisecond. */
    bool by_hardware = strncmp(how, "intel_pstate", 12) == 0 || strncmp(how, "amd-pstate-epp", 14) == 0 ||
                       strncmp(how, "amd_pstate_epp", 14) == 0;
    if (strcmp(value, "powersave") == 0 && by_hardware) {
        return tsp_finding_make(
            "governor", TSP_FINDING_NOTE, value,
            "the processor raises its clock by itself: times of cases that sleep (epoll, switch, pipe) may be "
            "some 10 % long; spinning cases are warmed up first",
            remedy);
    }
    if (strcmp(value, "powersave") == 0) {
        return tsp_finding_make(
            "governor", TSP_FINDING_WARNING, value,
            "the core stays at its lowest clock: all times are long, often 2 to 4 times, counts are not",
            remedy);
    }
    return tsp_finding_make(
        "governor", TSP_FINDING_WARNING, value,
        "the core's clock follows the load: times of short cases and of those that sleep may be 2 times too long "
        "and differ from round to round",
        remedy);
}

struct tsp_finding tsp_quiet_frequency(const struct tsp_file *driver, const struct tsp_file *low,
                                       const struct tsp_file *high) {
    if (driver->error != 0) {
        return tsp_finding_unknown(
            "frequency", driver,
            "no frequency driver shows itself: the clock is fixed, or set by firmware or the host; see the "
            "core-clock estimate");
    }
    char name[48];
    char value[TSP_TEXT_MAX];
    char remedy[TSP_REASON_MAX];
    (void)word_of(driver, name, sizeof name);
    unsigned long slowest = strtoul(low->text, NULL, 10) / 1000;
    unsigned long fastest = strtoul(high->text, NULL, 10) / 1000;
    (void)snprintf(value, sizeof value, "%s, %lu-%lu MHz", name, slowest, fastest);
    (void)snprintf(remedy, sizeof remedy, "sudo cpupower frequency-set -d %luMHz -u %luMHz", fastest,
                   fastest);
    if (slowest == fastest && fastest != 0) {
        return tsp_finding_make("frequency", TSP_FINDING_OK, value, "the clock is held within one step", "");
    }
    return tsp_finding_make(
        "frequency", TSP_FINDING_NOTE, value,
        "the clock may move within this range: times scale with it, memory-bound cases less; rounds whose clock "
        "moved by over 2 % are marked",
        remedy);
}

struct tsp_finding tsp_quiet_turbo(const struct tsp_file *no_turbo, const struct tsp_file *boost) {
    const struct tsp_file *file = no_turbo->error == 0 ? no_turbo : boost;
    if (file->error != 0) {
        return tsp_finding_unknown("turbo", boost,
                                   "whether the clock rises above its nominal rate cannot be seen");
    }
    char value[8];
    (void)word_of(file, value, sizeof value);
    if (strcmp(value, "0") != 0 && strcmp(value, "1") != 0) {
        return tsp_finding_make("turbo", TSP_FINDING_UNKNOWN, value, "this content is neither 0 nor 1", "");
    }
    if ((value[0] == '1') == (file == no_turbo)) {
        return tsp_finding_make("turbo", TSP_FINDING_OK, "off",
                                "the clock stays at or below its nominal rate", "");
    }
    return tsp_finding_make(
        "turbo", TSP_FINDING_WARNING, "on",
        "the clock depends on heat and on what other cores do: times of all cases may differ by 10 to 40 % between "
        "runs, less within one",
        file == no_turbo ? "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo"
                         : "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost");
}

struct tsp_finding tsp_quiet_smt(const struct tsp_file *active) {
    if (active->error != 0) {
        return tsp_finding_unknown(
            "smt", active, "whether cores have sibling threads cannot be seen here; hwloc's count may tell");
    }
    char value[8];
    (void)word_of(active, value, sizeof value);
    if (strcmp(value, "0") == 0) {
        return tsp_finding_make("smt", TSP_FINDING_OK, "off", "no sibling thread takes part of the core", "");
    }
    if (strcmp(value, "1") != 0) {
        return tsp_finding_make("smt", TSP_FINDING_UNKNOWN, value, "this content is neither 0 nor 1", "");
    }
    return tsp_finding_make(
        "smt", TSP_FINDING_NOTE, "on",
        "work on the sibling thread of the same core makes times of all cases up to 2 times longer while it lasts",
        "echo off | sudo tee /sys/devices/system/cpu/smt/control");
}

struct tsp_finding tsp_quiet_idle(const struct tsp_file *latencies) {
    if (latencies->error != 0) {
        return tsp_finding_unknown("idle", latencies, "how deep an idle core sleeps cannot be seen");
    }
    unsigned long deepest = 0;
    for (const char *line = latencies->text; *line != '\0';
         line += strcspn(line, "\n"), line += *line == '\n') {
        unsigned long latency = strtoul(line, NULL, 10);
        deepest = latency > deepest ? latency : deepest;
    }
    char value[TSP_TEXT_MAX];
    (void)snprintf(value, sizeof value, "wakes within %lu us", deepest);
    if (deepest <= 2) {
        return tsp_finding_make("idle", TSP_FINDING_OK, value, "an idle core wakes at once", "");
    }
    return tsp_finding_make(
        "idle", TSP_FINDING_NOTE, value,
        "cases that wait for another thread or for the kernel (switch, pipe, futex, epoll, ping-pong) may pay this "
        "once an op; spinning cases do not",
        "sudo cpupower idle-set -D 2");
}

static bool list_has(const struct tsp_file *list, unsigned cpu) {
    char text[1024];
    hwloc_bitmap_t set = hwloc_bitmap_alloc();
    (void)tsp_text_clean(text, sizeof text, list->text, strlen(list->text));
    /* Kernels before 5.16 print "(null)" for an empty list. */
    bool has = set != NULL && text[0] >= '0' && text[0] <= '9' && hwloc_bitmap_list_sscanf(set, text) == 0 &&
               hwloc_bitmap_isset(set, cpu) != 0;
    hwloc_bitmap_free(set);
    return has;
}

struct tsp_finding tsp_quiet_isolation(const struct tsp_file *isolated, const struct tsp_file *nohz_full,
                                       unsigned cpu) {
    if (isolated->error != 0) {
        return tsp_finding_unknown("isolation", isolated,
                                   "whether the scheduler leaves CPUs alone cannot be seen");
    }
    char value[TSP_TEXT_MAX];
    char remedy[TSP_REASON_MAX];
    bool alone = list_has(isolated, cpu);
    bool tickless = list_has(nohz_full, cpu);
    (void)snprintf(value, sizeof value, "CPU %u is %sisolated%s", cpu, alone ? "" : "not ",
                   tickless ? ", without ticks" : "");
    if (alone && tickless) {
        return tsp_finding_make("isolation", TSP_FINDING_OK, value,
                                "other work and timer ticks stay away from it", "");
    }
    (void)snprintf(remedy, sizeof remedy,
                   "kernel command line: isolcpus=domain,managed_irq,%u nohz_full=%u rcu_nocbs=%u", cpu, cpu,
                   cpu);
    return tsp_finding_make(
        "isolation", TSP_FINDING_NOTE, value,
        alone
            ? "timer ticks (100 to 1000 a second, some us each) show in P99 and maximum"
            : "other processes, interrupts and timer ticks share the CPU: some us to ms each, seen in P99 and maximum, "
              "hardly in P50",
        remedy);
}

struct tsp_finding tsp_quiet_mitigations(const struct tsp_file *vulnerabilities) {
    if (vulnerabilities->error != 0) {
        return tsp_finding_unknown("mitigations", vulnerabilities,
                                   "what guards against speculation cost cannot be seen");
    }
    unsigned guarded = 0;
    unsigned open = 0;
    unsigned all = 0;
    for (const char *line = vulnerabilities->text; *line != '\0';
         line += strcspn(line, "\n"), line += *line == '\n') {
        const char *colon = strchr(line, ':');
        if (colon == NULL || colon > line + strcspn(line, "\n")) {
            continue;
        }
        ++all;
        guarded += strncmp(colon + 1, " Mitigation", 11) == 0 ? 1 : 0;
        open += strncmp(colon + 1, " Vulnerable", 11) == 0 ? 1 : 0;
    }
    char value[TSP_TEXT_MAX];
    (void)snprintf(value, sizeof value, "%u mitigated, %u vulnerable, %u not affected or unknown", guarded,
                   open, all - guarded - open);
    if (guarded == 0) {
        return tsp_finding_make("mitigations", TSP_FINDING_OK, value,
                                "no time goes into guards against speculation", "");
    }
    return tsp_finding_make(
        "mitigations", TSP_FINDING_NOTE, value,
        "system calls, page faults and context switches pay for the guards, tens to hundreds of ns each, indirect calls in "
        "the kernel too; user code hardly. Compare machines with the same guards",
        "kernel command line: mitigations=off (only where nothing else runs)");
}

struct tsp_finding tsp_quiet_hypervisor(const char *hypervisor) {
    if (hypervisor[0] == '\0') {
        return tsp_finding_make("hypervisor", TSP_FINDING_OK, "none seen",
                                "the processor seems to be this system's own", "");
    }
    return tsp_finding_make(
        "hypervisor", TSP_FINDING_NOTE, hypervisor,
        "neighbours take time, cache and bandwidth unseen; TLB misses, timers and interrupts cost more than on the bare "
        "machine; counters are often missing",
        "");
}
