/* What spoils measurements: looked for in whole trees of files, as /proc and /sys lay them out, and on this machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ftw.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "findings.h"

struct tree {
    char root[64];
};

static void put(const struct tree *tree, const char *path, const char *content) {
    char full[512];
    (void)snprintf(full, sizeof full, "%s%s", tree->root, path);
    for (char *slash = full + strlen(tree->root) + 1; (slash = strchr(slash, '/')) != NULL; ++slash) {
        *slash = '\0';
        (void)mkdir(full, 0755);
        *slash = '/';
    }
    FILE *file = fopen(full, "we");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int make_tree(void **state) {
    static struct tree tree;
    (void)snprintf(tree.root, sizeof tree.root, "/tmp/transept-quiet-XXXXXX");
    if (mkdtemp(tree.root) == NULL) {
        return -1;
    }
    *state = &tree;
    return 0;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static int remove_tree(void **state) {
    const struct tree *tree = *state;
    return nftw(tree->root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static const struct tsp_finding *find(const struct tsp_machine *machine, const char *subject) {
    for (unsigned i = 0; i < machine->finding_count; ++i) {
        if (strcmp(machine->findings[i].subject, subject) == 0) {
            return &machine->findings[i];
        }
    }
    fail_msg("there is no finding '%s'", subject);
    return NULL;
}

static void an_empty_tree_knows_nothing(void **state) {
    const struct tree *tree = *state;
    static struct tsp_machine machine;
    memset(&machine, 0, sizeof machine);
    tsp_quiet_collect(&machine, tree->root, 0);
    static const char *const subjects[] = {"governor",  "frequency",   "turbo", "smt",         "idle",
                                           "isolation", "mitigations", "load",  "steal",       "container",
                                           "aslr",      "thp",         "swap",  "clocksource", "perf",
                                           "pmu",       "backlog"};
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; ++i) {
        expect_finding(*find(&machine, subjects[i]), TSP_FINDING_UNKNOWN, NULL);
        assert_non_null(strstr(find(&machine, subjects[i])->value, "No such file"));
    }
    expect_finding(*find(&machine, "caches"), TSP_FINDING_WARNING, "not stated");
    /* Room is left for the gaps. */
    assert_true(machine.finding_count < TSP_FINDINGS_MAX);
}

static void a_tree_is_read_where_it_is(void **state) {
    const struct tree *tree = *state;
    put(tree, "/sys/devices/system/cpu/cpu3/cpufreq/scaling_governor", "ondemand\n");
    put(tree, "/sys/devices/system/cpu/cpu3/cpufreq/scaling_driver", "acpi-cpufreq\n");
    put(tree, "/sys/devices/system/cpu/cpu3/cpufreq/scaling_min_freq", "1000000\n");
    put(tree, "/sys/devices/system/cpu/cpu3/cpufreq/scaling_max_freq", "2000000\n");
    put(tree, "/sys/devices/system/cpu/cpu3/cpuidle/state0/latency", "1\n");
    put(tree, "/sys/devices/system/cpu/cpu3/cpuidle/state1/latency", "10\n");
    put(tree, "/sys/devices/system/cpu/cpu3/cpuidle/state2/latency", "200\n");
    put(tree, "/sys/devices/system/cpu/cpu3/cpuidle/state2/disable", "1\n");
    put(tree, "/sys/devices/system/cpu/cpufreq/boost", "1\n");
    put(tree, "/sys/devices/system/cpu/isolated", "3\n");
    put(tree, "/sys/devices/system/cpu/vulnerabilities/meltdown", "Mitigation: PTI\n");
    put(tree, "/sys/devices/system/cpu/vulnerabilities/l1tf", "Not affected\n");
    put(tree, "/sys/bus/event_source/devices/cpu/type", "4\n");
    static struct tsp_machine machine;
    memset(&machine, 0, sizeof machine);
    tsp_quiet_collect(&machine, tree->root, 3);
    expect_finding(*find(&machine, "governor"), TSP_FINDING_WARNING, "ondemand");
    expect_finding(*find(&machine, "frequency"), TSP_FINDING_NOTE, "acpi-cpufreq, 1000-2000 MHz");
    expect_finding(*find(&machine, "idle"), TSP_FINDING_NOTE,
                   "wakes within 10 us"); /* the deepest is disabled */
    expect_finding(*find(&machine, "turbo"), TSP_FINDING_WARNING, "on");
    expect_finding(*find(&machine, "isolation"), TSP_FINDING_NOTE, "CPU 3 is isolated");
    expect_finding(*find(&machine, "mitigations"), TSP_FINDING_NOTE,
                   "1 mitigated, 0 vulnerable, 1 not affected or unknown");
    expect_finding(*find(&machine, "pmu"), TSP_FINDING_OK, "cpu");
}

static void the_tightest_quota_rules(void **state) {
    const struct tree *tree = *state;
    struct tsp_file quota;
    put(tree, "/proc/self/cgroup", "0::/outer/inner\n");
    tsp_cgroup_quota(&quota, tree->root);
    assert_string_equal(quota.text, "max 100000");
    put(tree, "/sys/fs/cgroup/outer/inner/cpu.max", "max 100000\n");
    put(tree, "/sys/fs/cgroup/outer/cpu.max", "150000 100000\n");
    tsp_cgroup_quota(&quota, tree->root);
    expect_finding(tsp_quiet_container(&quota, 4), TSP_FINDING_WARNING,
                   "a quota of 1.50 CPUs, 150 ms every 100 ms");
    put(tree, "/sys/fs/cgroup/outer/inner/cpu.max", "300000 100000\n"); /* looser than the outer one */
    tsp_cgroup_quota(&quota, tree->root);
    assert_string_equal(quota.text, "150000 100000\n");
    put(tree, "/sys/fs/cgroup/outer/inner/cpu.max", "100000 100000\n");
    tsp_cgroup_quota(&quota, tree->root);
    assert_string_equal(quota.text, "100000 100000\n");
    /* A container sees itself as the root. */
    put(tree, "/proc/self/cgroup", "0::/\n");
    put(tree, "/sys/fs/cgroup/cpu.max", "25000 100000\n");
    tsp_cgroup_quota(&quota, tree->root);
    expect_finding(tsp_quiet_container(&quota, 4), TSP_FINDING_WARNING,
                   "a quota of 0.25 CPUs, 25 ms every 100 ms");
    /* The first version's hierarchy. */
    put(tree, "/proc/self/cgroup", "5:memory:/x\n4:cpu,cpuacct:/box\n3:cpuset:/\n");
    put(tree, "/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "20000\n");
    put(tree, "/sys/fs/cgroup/cpu/box/cpu.cfs_period_us", "40000\n");
    tsp_cgroup_quota(&quota, tree->root);
    expect_finding(tsp_quiet_container(&quota, 4), TSP_FINDING_WARNING,
                   "a quota of 0.50 CPUs, 20 ms every 40 ms");
    put(tree, "/proc/self/cgroup", "garbage\n:\n::\n");
    tsp_cgroup_quota(&quota, tree->root);
    assert_non_null(strstr(quota.text, "100000"));
}

/* --- this machine -------------------------------------------------------------------------------------------------------------- */

static void this_machine_is_listened_to(void **state) {
    (void)state;
    struct tsp_topology *topology = NULL;
    struct tsp_error error = {""};
    static struct tsp_machine machine;
    cpu_set_t before;
    cpu_set_t after;
    if (tsp_topology_load(&topology, &error) != 0 || tsp_machine_probe(&machine, topology, &error) != 0) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    tsp_machine_listen(&machine, topology);
    unsigned first_count = machine.finding_count;
    tsp_machine_listen(&machine, topology); /* replaces, does not add */
    assert_int_equal(machine.finding_count, first_count);
    assert_int_equal(sched_getaffinity(0, sizeof after, &after), 0);
    assert_true(CPU_EQUAL(&before, &after));
    for (unsigned i = 0; i < machine.finding_count; ++i) {
        expect_finding(machine.findings[i], (int)machine.findings[i].level, NULL);
    }
    if (machine.emulated) {
        assert_int_equal(machine.finding_count, 1);
    } else {
        assert_int_not_equal(find(&machine, "gaps")->level, TSP_FINDING_UNKNOWN);
    }
    tsp_topology_free(topology);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_tree_knows_nothing, make_tree, remove_tree),
        cmocka_unit_test_setup_teardown(a_tree_is_read_where_it_is, make_tree, remove_tree),
        cmocka_unit_test_setup_teardown(the_tightest_quota_rules, make_tree, remove_tree),
        cmocka_unit_test(this_machine_is_listened_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
