/* How quiet the machine is: fetching what the findings judge. */
#include "machine/quiet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define CPU_FOLDER "/sys/devices/system/cpu"

/* Long enough to see what happens a hundred times a second, short enough not to be waited for. */
#define GAPS_WATCH_NS 100000000

struct tsp_finding tsp_finding_make(const char *subject, int level, const char *value, const char *effect,
                                    const char *remedy) {
    struct tsp_finding finding;
    memset(&finding, 0, sizeof finding);
    (void)snprintf(finding.subject, sizeof finding.subject, "%s", subject);
    finding.level = level;
    (void)snprintf(finding.value, sizeof finding.value, "%s", value[0] != '\0' ? value : "(empty)");
    (void)snprintf(finding.effect, sizeof finding.effect, "%s", effect);
    (void)snprintf(finding.remedy, sizeof finding.remedy, "%s", remedy);
    return finding;
}

struct tsp_finding tsp_finding_unknown(const char *subject, const struct tsp_file *file, const char *effect) {
    char value[TSP_TEXT_MAX];
    (void)snprintf(value, sizeof value, "%.80s: %.40s", file->path, strerror(file->error));
    return tsp_finding_make(subject, TSP_FINDING_UNKNOWN, value, effect, "");
}

static void add(struct tsp_machine *machine, struct tsp_finding finding) {
    if (machine->finding_count < TSP_FINDINGS_MAX) {
        machine->findings[machine->finding_count++] = finding;
    }
}

/* "name: content" a line, of all files in the folder. */
static void load_vulnerabilities(struct tsp_file *all, const char *root) {
    struct tsp_file names;
    size_t used = 0;
    (void)tsp_file_list(&names, root, CPU_FOLDER "/vulnerabilities");
    *all = names;
    all->text[0] = '\0';
    for (char *name = names.text; *name != '\0' && used < sizeof all->text;) {
        size_t length = strcspn(name, "\n");
        struct tsp_file one;
        if (tsp_file_loadf(&one, root, CPU_FOLDER "/vulnerabilities/%.*s", (int)length, name)) {
            char text[TSP_TEXT_MAX];
            (void)tsp_text_clean(text, sizeof text, one.text, strlen(one.text));
            int written =
                snprintf(all->text + used, sizeof all->text - used, "%.*s: %s\n", (int)length, name, text);
            used += written > 0 ? (size_t)written : 0;
        }
        name += length;
        name += *name == '\n';
    }
}

/* Exit latencies of the states that are not disabled. Without any state there is nothing to wake from. */
static void load_idle(struct tsp_file *all, const char *root, unsigned cpu) {
    size_t used = 0;
    for (unsigned state = 0; state < 16; ++state) {
        struct tsp_file latency;
        struct tsp_file disable;
        if (!tsp_file_loadf(&latency, root, CPU_FOLDER "/cpu%u/cpuidle/state%u/latency", cpu, state)) {
            if (state == 0) {
                *all = latency;
                return;
            }
            break;
        }
        if (state == 0) {
            *all = latency;
            all->text[0] = '\0';
        }
        (void)tsp_file_loadf(&disable, root, CPU_FOLDER "/cpu%u/cpuidle/state%u/disable", cpu, state);
        if (disable.text[0] != '1' && used < sizeof all->text) {
            int written =
                snprintf(all->text + used, sizeof all->text - used, "%lu\n", strtoul(latency.text, NULL, 10));
            used += written > 0 ? (size_t)written : 0;
        }
    }
}

static void collect_cpu(struct tsp_machine *machine, const char *root, unsigned cpu) {
    struct tsp_file a;
    struct tsp_file b;
    struct tsp_file driver;
    (void)tsp_file_loadf(&driver, root, CPU_FOLDER "/cpu%u/cpufreq/scaling_driver", cpu);
    (void)tsp_file_loadf(&a, root, CPU_FOLDER "/cpu%u/cpufreq/scaling_governor", cpu);
    add(machine, tsp_quiet_governor(&a, &driver));
    (void)tsp_file_loadf(&a, root, CPU_FOLDER "/cpu%u/cpufreq/scaling_min_freq", cpu);
    (void)tsp_file_loadf(&b, root, CPU_FOLDER "/cpu%u/cpufreq/scaling_max_freq", cpu);
    add(machine, tsp_quiet_frequency(&driver, &a, &b));
    (void)tsp_file_load(&a, root, CPU_FOLDER "/intel_pstate/no_turbo");
    (void)tsp_file_load(&b, root, CPU_FOLDER "/cpufreq/boost");
    add(machine, tsp_quiet_turbo(&a, &b));
    (void)tsp_file_load(&a, root, CPU_FOLDER "/smt/active");
    add(machine, tsp_quiet_smt(&a));
    load_idle(&a, root, cpu);
    add(machine, tsp_quiet_idle(&a));
    (void)tsp_file_load(&a, root, CPU_FOLDER "/isolated");
    (void)tsp_file_load(&b, root, CPU_FOLDER "/nohz_full");
    add(machine, tsp_quiet_isolation(&a, &b, cpu));
    load_vulnerabilities(&a, root);
    add(machine, tsp_quiet_mitigations(&a));
}

static void collect_kernel(struct tsp_machine *machine, const char *root) {
    struct tsp_file a;
    struct tsp_file b;
    (void)tsp_file_load(&a, root, "/proc/loadavg");
    add(machine, tsp_quiet_load(&a, machine->threads));
    (void)tsp_file_load(&a, root, "/proc/stat");
    add(machine, tsp_quiet_steal(&a));
    tsp_cgroup_quota(&a, root);
    add(machine, tsp_quiet_container(&a, machine->usable_threads));
    (void)tsp_file_load(&a, root, "/proc/sys/kernel/randomize_va_space");
    add(machine, tsp_quiet_aslr(&a));
    (void)tsp_file_load(&a, root, "/sys/kernel/mm/transparent_hugepage/enabled");
    add(machine, tsp_quiet_thp(&a));
    (void)tsp_file_load(&a, root, "/proc/swaps");
    (void)tsp_file_load(&b, root, "/proc/sys/vm/swappiness");
    add(machine, tsp_quiet_swap(&a, &b));
    (void)tsp_file_load(&a, root, "/sys/devices/system/clocksource/clocksource0/current_clocksource");
    (void)tsp_file_load(&b, root, "/sys/devices/system/clocksource/clocksource0/available_clocksource");
    add(machine, tsp_quiet_clocksource(&a, &b));
}

static void collect_limits(struct tsp_machine *machine, const char *root) {
    struct tsp_file a;
    struct tsp_file b;
    struct rlimit files;
    (void)tsp_file_load(&a, root, "/proc/sys/kernel/perf_event_paranoid");
    (void)tsp_file_load(&b, root, "/proc/self/status");
    add(machine, tsp_quiet_perf(&a, &b));
    (void)tsp_file_list(&a, root, "/sys/bus/event_source/devices");
    add(machine, tsp_quiet_pmu(&a));
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        add(machine, tsp_quiet_descriptors((uint64_t)files.rlim_cur, (uint64_t)files.rlim_max));
    }
    (void)tsp_file_load(&a, root, "/proc/sys/net/core/somaxconn");
    add(machine, tsp_quiet_backlog(&a));
}

void tsp_quiet_collect(struct tsp_machine *machine, const char *root, unsigned cpu) {
    add(machine, tsp_quiet_hypervisor(machine->hypervisor));
    collect_cpu(machine, root, cpu);
    collect_kernel(machine, root);
    collect_limits(machine, root);
    add(machine, tsp_quiet_caches(machine));
}

/* Watches from the CPU that cases will run on, then gives the thread back its freedom. */
static void watch_gaps(struct tsp_machine *machine, const struct tsp_topology *topology,
                       const struct tsp_placement *placement) {
    struct tsp_gaps gaps = {0};
    hwloc_bitmap_t before = hwloc_bitmap_alloc();
    hwloc_obj_t pu = hwloc_get_pu_obj_by_os_index(topology->hwloc, placement->cpus[0]);
    if (before != NULL && pu != NULL &&
        hwloc_get_cpubind(topology->hwloc, before, HWLOC_CPUBIND_THREAD) == 0 &&
        hwloc_set_cpubind(topology->hwloc, pu->cpuset, HWLOC_CPUBIND_THREAD) == 0) {
        tsp_gaps_watch(&gaps, GAPS_WATCH_NS);
        (void)hwloc_set_cpubind(topology->hwloc, before, HWLOC_CPUBIND_THREAD);
    }
    hwloc_bitmap_free(before);
    add(machine, tsp_quiet_gaps(&gaps, machine->hypervisor[0] != '\0'));
}

void tsp_machine_listen(struct tsp_machine *machine, const struct tsp_topology *topology) {
    struct tsp_placement placement;
    struct tsp_error ignored;
    machine->finding_count = 0;
    if (machine->emulated) {
        add(machine,
            tsp_finding_make(
                "emulator", TSP_FINDING_NOTE, machine->emulator,
                "times say nothing of the processor; the host's governor, load and settings do not touch counts",
                ""));
        return;
    }
    if (tsp_placement_choose(topology, 1, NULL, -1, &placement, &ignored) != 0) {
        return;
    }
    tsp_quiet_collect(machine, "", placement.cpus[0]);
    watch_gaps(machine, topology, &placement);
}
