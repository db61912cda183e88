/* What spoils measurements: judged from sample contents of /proc and /sys, and from garbage. Where they lie: test_machine_quiet_files.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>

#include "findings.h"

static struct tsp_file text(const char *content) {
    struct tsp_file file;
    memset(&file, 0, sizeof file);
    (void)snprintf(file.text, sizeof file.text, "%s", content);
    return file;
}

static struct tsp_file missing(void) {
    struct tsp_file file = text("");
    file.error = ENOENT;
    (void)snprintf(file.path, sizeof file.path, "/sys/nowhere");
    return file;
}

static void governors(void **state) {
    (void)state;
    struct tsp_file none = missing();
    struct tsp_file pstate = text("intel_pstate\n");
    struct tsp_file acpi = text("acpi-cpufreq\n");
    struct tsp_file performance = text("performance\n");
    struct tsp_file powersave = text("powersave\n");
    struct tsp_file schedutil = text("schedutil\n");
    expect_finding(tsp_quiet_governor(&performance, &acpi), TSP_FINDING_OK, "performance");
    expect_finding(tsp_quiet_governor(&powersave, &pstate), TSP_FINDING_NOTE, "powersave");
    expect_finding(tsp_quiet_governor(&powersave, &acpi), TSP_FINDING_WARNING, "powersave");
    expect_finding(tsp_quiet_governor(&schedutil, &none), TSP_FINDING_WARNING, "schedutil");
    assert_string_equal(tsp_quiet_governor(&schedutil, &none).remedy,
                        "sudo cpupower frequency-set -g performance");
    expect_finding(tsp_quiet_governor(&none, &none), TSP_FINDING_UNKNOWN,
                   "/sys/nowhere: No such file or directory");

    struct tsp_file low = text("800000\n");
    struct tsp_file high = text("3900000\n");
    expect_finding(tsp_quiet_frequency(&pstate, &low, &high), TSP_FINDING_NOTE, "intel_pstate, 800-3900 MHz");
    expect_finding(tsp_quiet_frequency(&pstate, &high, &high), TSP_FINDING_OK, "intel_pstate, 3900-3900 MHz");
    expect_finding(tsp_quiet_frequency(&none, &low, &high), TSP_FINDING_UNKNOWN, NULL);
}

static void turbo_has_two_files_with_opposite_senses(void **state) {
    (void)state;
    struct tsp_file none = missing();
    struct tsp_file zero = text("0\n");
    struct tsp_file one = text("1\n");
    struct tsp_file odd = text("yes\n");
    expect_finding(tsp_quiet_turbo(&zero, &none), TSP_FINDING_WARNING, "on");
    expect_finding(tsp_quiet_turbo(&one, &none), TSP_FINDING_OK, "off");
    expect_finding(tsp_quiet_turbo(&none, &zero), TSP_FINDING_OK, "off");
    expect_finding(tsp_quiet_turbo(&none, &one), TSP_FINDING_WARNING, "on");
    assert_non_null(strstr(tsp_quiet_turbo(&zero, &none).remedy, "echo 1 | sudo tee"));
    assert_non_null(strstr(tsp_quiet_turbo(&none, &one).remedy, "echo 0 | sudo tee"));
    expect_finding(tsp_quiet_turbo(&none, &none), TSP_FINDING_UNKNOWN, NULL);
    expect_finding(tsp_quiet_turbo(&odd, &none), TSP_FINDING_UNKNOWN, "yes");
}

static void siblings_sleep_and_isolation(void **state) {
    (void)state;
    struct tsp_file none = missing();
    struct tsp_file one = text("1\n");
    struct tsp_file zero = text("0\n");
    expect_finding(tsp_quiet_smt(&one), TSP_FINDING_NOTE, "on");
    expect_finding(tsp_quiet_smt(&zero), TSP_FINDING_OK, "off");
    expect_finding(tsp_quiet_smt(&none), TSP_FINDING_UNKNOWN, NULL);

    struct tsp_file shallow = text("0\n2\n");
    struct tsp_file deep = text("0\n2\n133\n85\n");
    expect_finding(tsp_quiet_idle(&shallow), TSP_FINDING_OK, "wakes within 2 us");
    expect_finding(tsp_quiet_idle(&deep), TSP_FINDING_NOTE, "wakes within 133 us");

    struct tsp_file list = text("2-3,6\n");
    struct tsp_file null = text("  (null)\n");
    struct tsp_file empty = text("\n");
    expect_finding(tsp_quiet_isolation(&list, &list, 6), TSP_FINDING_OK, "CPU 6 is isolated, without ticks");
    expect_finding(tsp_quiet_isolation(&list, &null, 3), TSP_FINDING_NOTE, "CPU 3 is isolated");
    expect_finding(tsp_quiet_isolation(&list, &list, 4), TSP_FINDING_NOTE, "CPU 4 is not isolated");
    expect_finding(tsp_quiet_isolation(&empty, &none, 4), TSP_FINDING_NOTE, "CPU 4 is not isolated");
    expect_finding(tsp_quiet_isolation(&none, &list, 4), TSP_FINDING_UNKNOWN, NULL);
    assert_string_equal(tsp_quiet_isolation(&empty, &none, 4).remedy,
                        "kernel command line: isolcpus=domain,managed_irq,4 nohz_full=4 rcu_nocbs=4");
}

static void guards_and_guests(void **state) {
    (void)state;
    struct tsp_file some =
        text("meltdown: Mitigation: PTI\nl1tf: Not affected\nmds: Vulnerable: no microcode\nodd\n");
    struct tsp_file off = text("meltdown: Vulnerable\nl1tf: Not affected\n");
    struct tsp_file none = missing();
    expect_finding(tsp_quiet_mitigations(&some), TSP_FINDING_NOTE,
                   "1 mitigated, 1 vulnerable, 1 not affected or unknown");
    expect_finding(tsp_quiet_mitigations(&off), TSP_FINDING_OK,
                   "0 mitigated, 1 vulnerable, 1 not affected or unknown");
    expect_finding(tsp_quiet_mitigations(&none), TSP_FINDING_UNKNOWN, NULL);
    expect_finding(tsp_quiet_hypervisor("KVM"), TSP_FINDING_NOTE, "KVM");
    expect_finding(tsp_quiet_hypervisor(""), TSP_FINDING_OK, "none seen");
}

static void loads(void **state) {
    (void)state;
    struct tsp_file quiet = text("0.05 0.58 0.59 1/467 12345\n");
    struct tsp_file some = text("1.50 0.58 0.59 1/467 12345\n");
    struct tsp_file words = text("idle\n");
    struct tsp_file none = missing();
    expect_finding(tsp_quiet_load(&quiet, 8), TSP_FINDING_OK, "0.05 on 8 CPUs over the last minute");
    expect_finding(tsp_quiet_load(&some, 8), TSP_FINDING_NOTE, NULL);
    expect_finding(tsp_quiet_load(&some, 2), TSP_FINDING_WARNING, NULL);
    expect_finding(tsp_quiet_load(&some, 0), TSP_FINDING_WARNING, NULL);
    expect_finding(tsp_quiet_load(&words, 2), TSP_FINDING_UNKNOWN, NULL);
    expect_finding(tsp_quiet_load(&none, 2), TSP_FINDING_UNKNOWN, NULL);
}

static void steal_is_a_share_of_busy_time(void **state) {
    (void)state;
    struct tsp_file clean = text("cpu  1000 0 1000 90000 5000 0 0 0 0 0\ncpu0 1 2 3\n");
    struct tsp_file stolen = text("cpu  900 0 50 90000 5000 0 0 50 0 0\n");
    struct tsp_file old = text("cpu  900 0 50 90000\n");
    struct tsp_file none = missing();
    expect_finding(tsp_quiet_steal(&clean), TSP_FINDING_OK, "0.00 % of busy time since boot");
    expect_finding(tsp_quiet_steal(&stolen), TSP_FINDING_WARNING, "5.00 % of busy time since boot");
    expect_finding(tsp_quiet_steal(&old), TSP_FINDING_UNKNOWN, NULL);
    expect_finding(tsp_quiet_steal(&none), TSP_FINDING_UNKNOWN, NULL);
}

static void quotas(void **state) {
    (void)state;
    struct tsp_file free_ = text("max 100000\n");
    struct tsp_file first = text("-1 100000");
    struct tsp_file half = text("50000 100000\n");
    struct tsp_file three = text("300000 100000\n");
    struct tsp_file zero = text("100 0\n");
    expect_finding(tsp_quiet_container(&free_, 4), TSP_FINDING_OK, "no CPU quota");
    expect_finding(tsp_quiet_container(&first, 4), TSP_FINDING_OK, "no CPU quota");
    expect_finding(tsp_quiet_container(&half, 4), TSP_FINDING_WARNING,
                   "a quota of 0.50 CPUs, 50 ms every 100 ms");
    expect_finding(tsp_quiet_container(&three, 4), TSP_FINDING_NOTE, NULL);
    expect_finding(tsp_quiet_container(&three, 2), TSP_FINDING_OK, NULL);
    expect_finding(tsp_quiet_container(&zero, 2), TSP_FINDING_UNKNOWN, NULL);
}

static void gaps_are_counted_from_readings(void **state) {
    (void)state;
    struct tsp_gaps gaps = {.threshold_ns = 1000};
    static const uint64_t readings[] = {0, 40, 1040, 2041, 2080, 2070, 52080};
    for (size_t i = 1; i < sizeof readings / sizeof readings[0]; ++i) {
        tsp_gaps_add(&gaps, readings[i - 1], readings[i]);
    }
    assert_int_equal(gaps.count, 2); /* 1,000 is no gap, 1,001 is, a step back is none */
    assert_int_equal(gaps.lost_ns, 1001 + 50010);
    assert_int_equal(gaps.longest_ns, 50010);

    gaps.watched_ns = 100000000;
    expect_finding(tsp_quiet_gaps(&gaps, false), TSP_FINDING_NOTE,
                   "20 a second over 1.0 us, 0.05 % of the time, longest 50.0 us");
    gaps.lost_ns = 2000000;
    expect_finding(tsp_quiet_gaps(&gaps, true), TSP_FINDING_WARNING, NULL);
    gaps = (struct tsp_gaps){.watched_ns = 100000000, .threshold_ns = 1000};
    expect_finding(tsp_quiet_gaps(&gaps, true), TSP_FINDING_OK, NULL);
    gaps.watched_ns = 0;
    expect_finding(tsp_quiet_gaps(&gaps, true), TSP_FINDING_UNKNOWN, NULL);
    tsp_gaps_watch(&gaps, 2000000);
    assert_true(gaps.watched_ns >= 2000000 && gaps.threshold_ns >= 1000 && gaps.lost_ns <= gaps.watched_ns);
}

static void kernel_settings(void **state) {
    (void)state;
    struct tsp_file none = missing();
    struct tsp_file values[] = {text("0\n"), text("1\n"), text("2\n"), text("9\n")};
    expect_finding(tsp_quiet_aslr(&values[0]), TSP_FINDING_WARNING, "off (0)");
    expect_finding(tsp_quiet_aslr(&values[1]), TSP_FINDING_NOTE, NULL);
    expect_finding(tsp_quiet_aslr(&values[2]), TSP_FINDING_OK, NULL);
    expect_finding(tsp_quiet_aslr(&values[3]), TSP_FINDING_UNKNOWN, "9");

    struct tsp_file always = text("[always] madvise never\n");
    struct tsp_file madvise = text("always [madvise] never\n");
    struct tsp_file never = text("always madvise [never]\n");
    expect_finding(tsp_quiet_thp(&always), TSP_FINDING_NOTE, "always");
    expect_finding(tsp_quiet_thp(&madvise), TSP_FINDING_OK, "madvise");
    expect_finding(tsp_quiet_thp(&never), TSP_FINDING_OK, "never");
    expect_finding(tsp_quiet_thp(&values[0]), TSP_FINDING_UNKNOWN, "0");

    struct tsp_file title = text("Filename\tType\tSize\tUsed\tPriority\n");
    struct tsp_file area = text("Filename\tType\tSize\tUsed\tPriority\n/swapfile file 1 0 -2\n");
    struct tsp_file sixty = text("60\n");
    expect_finding(tsp_quiet_swap(&title, &sixty), TSP_FINDING_OK, "none");
    expect_finding(tsp_quiet_swap(&area, &sixty), TSP_FINDING_NOTE, "on, swappiness 60");
    expect_finding(tsp_quiet_swap(&area, &none), TSP_FINDING_NOTE, "on, swappiness unknown");
    expect_finding(tsp_quiet_swap(&none, &none), TSP_FINDING_UNKNOWN, NULL);

    struct tsp_file tsc = text("tsc\n");
    struct tsp_file hpet = text("hpet\n");
    struct tsp_file both = text("tsc hpet acpi_pm\n");
    expect_finding(tsp_quiet_clocksource(&tsc, &both), TSP_FINDING_OK, "tsc");
    expect_finding(tsp_quiet_clocksource(&hpet, &both), TSP_FINDING_WARNING, "hpet");
    assert_non_null(strstr(tsp_quiet_clocksource(&hpet, &both).remedy, "echo tsc"));
    assert_string_equal(tsp_quiet_clocksource(&hpet, &hpet).remedy, "");
}

static void permissions(void **state) {
    (void)state;
    struct tsp_file none = missing();
    struct tsp_file levels[] = {text("-1\n"), text("1\n"), text("2\n"), text("3\n"), text("x\n")};
    struct tsp_file user = text("Name:\tx\nCapEff:\t0000000000000000\n");
    struct tsp_file perfmon = text("CapEff:\t0000004000000000\n");
    struct tsp_file admin = text("CapEff:\t0000000000200000\n");
    expect_finding(tsp_quiet_perf(&levels[0], &user), TSP_FINDING_OK, "paranoid -1");
    expect_finding(tsp_quiet_perf(&levels[1], &user), TSP_FINDING_OK, NULL);
    expect_finding(tsp_quiet_perf(&levels[2], &user), TSP_FINDING_NOTE, "paranoid 2");
    expect_finding(tsp_quiet_perf(&levels[3], &user), TSP_FINDING_WARNING, NULL);
    expect_finding(tsp_quiet_perf(&levels[3], &none), TSP_FINDING_WARNING, NULL);
    expect_finding(tsp_quiet_perf(&levels[3], &perfmon), TSP_FINDING_OK,
                   "paranoid 3, but this process has the capability");
    expect_finding(tsp_quiet_perf(&levels[2], &admin), TSP_FINDING_OK, NULL);
    expect_finding(tsp_quiet_perf(&levels[4], &user), TSP_FINDING_UNKNOWN, NULL);
    expect_finding(tsp_quiet_perf(&none, &user), TSP_FINDING_UNKNOWN, NULL);

    struct tsp_file virtual_ = text("breakpoint\nmsr\nsoftware\nuncore_cbox_0\n");
    struct tsp_file x86 = text("breakpoint\ncpu\nmsr\n");
    struct tsp_file arm = text("arm_dsu_0\narmv8_pmuv3_0\n");
    struct tsp_file z = text("cpum_cf\ncpum_sf\n");
    expect_finding(tsp_quiet_pmu(&virtual_), TSP_FINDING_NOTE, "none");
    expect_finding(tsp_quiet_pmu(&x86), TSP_FINDING_OK, "cpu");
    expect_finding(tsp_quiet_pmu(&arm), TSP_FINDING_OK, "armv8_pmuv3_0");
    expect_finding(tsp_quiet_pmu(&z), TSP_FINDING_OK, "cpum_cf");
    expect_finding(tsp_quiet_pmu(&none), TSP_FINDING_UNKNOWN, NULL);

    expect_finding(tsp_quiet_descriptors(65536, 65536), TSP_FINDING_OK, NULL);
    expect_finding(tsp_quiet_descriptors(1024, 20000), TSP_FINDING_OK, "1024 (hard limit 20000)");
    expect_finding(tsp_quiet_descriptors(1024, 16512), TSP_FINDING_OK, NULL);
    expect_finding(tsp_quiet_descriptors(16511, 16511), TSP_FINDING_NOTE, "16511 (hard limit 16511)");
    assert_string_equal(tsp_quiet_descriptors(1024, 4096).remedy,
                        "sudo prlimit --pid $$ --nofile=16512:16512");
    struct tsp_file old = text("128\n");
    struct tsp_file now = text("4096\n");
    expect_finding(tsp_quiet_backlog(&old), TSP_FINDING_NOTE, "128");
    expect_finding(tsp_quiet_backlog(&now), TSP_FINDING_OK, "4096");
    assert_non_null(strstr(tsp_quiet_backlog(&old).effect, "no case listens"));
    assert_non_null(strstr(tsp_quiet_backlog(&now).effect, "no case listens"));
    expect_finding(tsp_quiet_backlog(&levels[4]), TSP_FINDING_UNKNOWN, NULL);
}

/* SplitMix64 (Steele et al. 2014): the same damage at every run. */
static unsigned draw(uint64_t *random, unsigned below) {
    uint64_t z = *random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (unsigned)((z ^ (z >> 31)) % below);
}

static char random_byte(uint64_t *random) {
    static const char alphabet[] = "0123456789-,:.[] \n\tcpumax";
    if (draw(random, 4) == 0) {
        return (char)(1 + draw(random, 255));
    }
    return alphabet[draw(random, sizeof alphabet - 1)];
}

/* Random bytes through everything: the sanitizers watch; a finding must come out whole. */
static void garbage_is_survived(void **state) {
    (void)state;
    uint64_t random = 11;
    for (int round = 0; round < 300; ++round) {
        struct tsp_file file = text("");
        size_t length = draw(&random, round % 10 == 0 ? sizeof file.text - 1 : 60);
        for (size_t i = 0; i < length; ++i) {
            file.text[i] = random_byte(&random);
        }
        const struct tsp_finding findings[] = {
            tsp_quiet_governor(&file, &file),
            tsp_quiet_frequency(&file, &file, &file),
            tsp_quiet_turbo(&file, &file),
            tsp_quiet_smt(&file),
            tsp_quiet_idle(&file),
            tsp_quiet_isolation(&file, &file, 1),
            tsp_quiet_mitigations(&file),
            tsp_quiet_load(&file, 2),
            tsp_quiet_steal(&file),
            tsp_quiet_container(&file, 2),
            tsp_quiet_aslr(&file),
            tsp_quiet_thp(&file),
            tsp_quiet_swap(&file, &file),
            tsp_quiet_clocksource(&file, &file),
            tsp_quiet_perf(&file, &file),
            tsp_quiet_pmu(&file),
            tsp_quiet_backlog(&file),
        };
        for (size_t i = 0; i < sizeof findings / sizeof findings[0]; ++i) {
            assert_true(strlen(findings[i].value) < sizeof findings[i].value);
            assert_true(findings[i].value[0] != '\0' && findings[i].subject[0] != '\0' &&
                        findings[i].effect[0] != '\0');
            for (const char *at = findings[i].value; *at != '\0'; ++at) {
                assert_in_range(*at, ' ', '~');
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(governors),
        cmocka_unit_test(turbo_has_two_files_with_opposite_senses),
        cmocka_unit_test(siblings_sleep_and_isolation),
        cmocka_unit_test(guards_and_guests),
        cmocka_unit_test(loads),
        cmocka_unit_test(steal_is_a_share_of_busy_time),
        cmocka_unit_test(quotas),
        cmocka_unit_test(gaps_are_counted_from_readings),
        cmocka_unit_test(kernel_settings),
        cmocka_unit_test(permissions),
        cmocka_unit_test(garbage_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
