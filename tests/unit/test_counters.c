/* Counters: the whole path from names to readings against a made-up kernel and PMU, then what this machine makes of it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "fake_perf.h"
#include "measure/counters.h"
#include "measure/perf_names.h"

static struct tsp_counters *open_on(struct fake_perf *fake, const char *names,
                                    const struct tsp_verdicts *verdicts) {
    struct tsp_counters *counters = NULL;
    struct tsp_error error = {""};
    int status = tsp_counters_open_on(&counters, names, verdicts, &fake->kernel, NULL, NULL, &error);
    if (status != 0) {
        fail_msg("%s", error.text);
    }
    return counters;
}

static void close_on(const struct fake_perf *fake, struct tsp_counters *counters) {
    tsp_counters_close(counters);
    assert_int_equal(fake->opens, 0);
    assert_int_equal(fake->mapped, 0);
}

static void assert_status(const struct tsp_counters *counters, const char *name,
                          enum tsp_counter_status status, const char *said) {
    for (size_t i = 0; i < tsp_counters_count(counters); ++i) {
        const struct tsp_counter *counter = tsp_counters_get(counters, i);
        if (strcmp(counter->name, name) == 0) {
            if (counter->status != status || strstr(counter->reason, said) == NULL) {
                fail_msg("%s: status %d: %s", name, (int)counter->status, counter->reason);
            }
            assert_true((status == TSP_COUNTER_OK) == (counter->reason[0] == '\0'));
            return;
        }
    }
    fail_msg("%s is not in the set", name);
}

static void a_good_pmu_counts_user_and_kernel_apart(void **state) {
    (void)state;
    struct fake_perf fake;
    fake_perf_make(&fake);
    struct tsp_counters *counters =
        open_on(&fake, "instructions:u, instructions:k ,cycles:u,,instructions:u", NULL);
    assert_int_equal(tsp_counters_count(counters), 3);
    assert_status(counters, "instructions:u", TSP_COUNTER_OK, "");
    assert_status(counters, "instructions:k", TSP_COUNTER_OK, "");
    assert_status(counters, "cycles:u", TSP_COUNTER_OK, "");
    assert_int_equal(counters->perf.group_count, 1);

    struct tsp_reading before[3];
    struct tsp_reading after[3];
    tsp_counters_read(counters, before);
    fake_work(&fake, TSP_WORK_CALLS);
    tsp_counters_read(counters, after);
    double share;
    assert_true(tsp_reading_difference(&before[0], &after[0], &share) == 6000 && share == 1);
    assert_true(tsp_reading_difference(&before[1], &after[1], &share) == 400000 && share == 1);
    assert_string_equal(tsp_counters_get(counters, 0)->unit, "count/op");
    assert_int_equal(tsp_counters_get(counters, 0)->evidence, TSP_MEASURED);
    assert_null(tsp_counters_get(counters, 3));
    close_on(&fake, counters);
}

static const char seven[] =
    "instructions:u,instructions:k,cycles:u,cycles:k,branches:u,branch-misses:u,cache-misses:u";

static void a_group_that_never_runs_is_split(void **state) {
    (void)state;
    struct fake_perf fake;
    fake_perf_make(&fake);
    struct tsp_counters *counters = open_on(&fake, seven, NULL);
    assert_int_equal(counters->perf.group_count, 2);
    for (size_t i = 0; i < 7; ++i) {
        assert_int_equal(tsp_counters_get(counters, i)->status, TSP_COUNTER_OK);
    }
    close_on(&fake, counters);
}

static void an_eighth_event_that_is_refused_begins_a_group(void **state) {
    (void)state;
    struct fake_perf fake;
    fake_perf_make(&fake);
    fake.group_max = 4;
    struct tsp_counters *counters = open_on(&fake, seven, NULL);
    assert_int_equal(counters->perf.group_count, 2);
    assert_int_equal(counters->perf.groups[0].count, 4);
    assert_int_equal(counters->perf.groups[1].count, 3);
    close_on(&fake, counters);
}

static void groups_that_take_turns_are_scaled(void **state) {
    (void)state;
    struct fake_perf fake;
    fake_perf_make(&fake);
    fake.rotates = true;
    struct tsp_counters *counters = open_on(&fake, seven, NULL);
    struct tsp_reading before[7];
    struct tsp_reading after[7];
    tsp_counters_read(counters, before);
    for (int i = 0; i < 4; ++i) {
        fake_work(&fake, TSP_WORK_LOOP);
    }
    tsp_counters_read(counters, after);
    double share;
    assert_true(tsp_reading_difference(&before[0], &after[0], &share) == 4e6);
    assert_true(share == 0.5);
    close_on(&fake, counters);
}

static void work_repeated_for_every_turn_needs_no_scaling(void **state) {
    (void)state;
    struct fake_perf fake;
    fake_perf_make(&fake);
    fake.rotates = true;
    struct tsp_counters *counters = open_on(&fake, seven, NULL);
    assert_int_equal(tsp_counters_turns(counters), 2);
    unsigned counted = 0;
    for (unsigned turn = 0; turn < 2; ++turn) {
        struct tsp_reading before[7];
        struct tsp_reading after[7];
        tsp_counters_take_turn(counters, turn);
        tsp_counters_read(counters, before);
        fake_work(&fake, TSP_WORK_LOOP);
        tsp_counters_read(counters, after);
        for (size_t i = 0; i < 7; ++i) {
            double share;
            double events = tsp_reading_difference(&before[i], &after[i], &share);
            if (tsp_counters_in_turn(counters, i, turn)) {
                counted += 1;
                assert_true(share == 1);
                assert_true(i != 0 || events == 1e6);
            } else {
                assert_true(share == 0);
            }
        }
    }
    assert_int_equal(counted, 7);
    close_on(&fake, counters);
}

static void a_pmu_of_all_modes_counts_in_all_modes_only(void **state) {
    (void)state;
    struct fake_perf fake;
    fake_perf_make(&fake);
    fake.no_exclude = true;
    struct tsp_counters *counters = open_on(&fake, "instructions,instructions:u", NULL);
    assert_int_equal(tsp_counters_get(counters, 0)->status, TSP_COUNTER_OK);
    assert_int_equal(tsp_counters_get(counters, 1)->status, TSP_COUNTER_UNSUPPORTED);
    close_on(&fake, counters);
}

static void one_event_that_never_runs_costs_only_itself(void **state) {
    (void)state;
    struct fake_perf fake;
    fake_perf_make(&fake);
    struct tsp_counters *counters = open_on(&fake, "instructions:u,perf_raw::r103:u,cycles:u", NULL);
    assert_status(counters, "perf_raw::r103:u", TSP_COUNTER_UNSUPPORTED, "never runs");
    assert_status(counters, "instructions:u", TSP_COUNTER_OK, "");
    assert_status(counters, "cycles:u", TSP_COUNTER_OK, "");
    struct tsp_reading readings[3];
    fake_work(&fake, TSP_WORK_LOOP);
    tsp_counters_read(counters, readings);
    assert_int_equal(readings[1].value, 0);
    assert_int_equal(readings[1].running, 0);
    assert_true(readings[0].value > 0);
    close_on(&fake, counters);
}

static void lying_counters_are_implausible(void **state) {
    (void)state;
    struct fake_perf fake;
    fake_perf_make(&fake);
    struct tsp_counters *counters =
        open_on(&fake, "perf_raw::r100:u,perf_raw::r101:u,perf_raw::r102:u,instructions:u", NULL);
    assert_status(counters, "perf_raw::r100:u", TSP_COUNTER_IMPLAUSIBLE, "read 0");
    assert_status(counters, "perf_raw::r101:u", TSP_COUNTER_IMPLAUSIBLE, "stood still at 4242");
    assert_status(counters, "perf_raw::r102:u", TSP_COUNTER_UNSUPPORTED, "no such event");
    assert_status(counters, "instructions:u", TSP_COUNTER_OK, "");
    close_on(&fake, counters);

    fake.loop_factor = 1.02;
    counters = open_on(&fake, "instructions:u", NULL);
    assert_status(counters, "instructions:u", TSP_COUNTER_IMPLAUSIBLE,
                  "counted 1020000 for a loop of 1000000");
    close_on(&fake, counters);

    fake.loop_factor = 0;
    counters = open_on(&fake, "instructions:u", NULL);
    assert_status(counters, "instructions:u", TSP_COUNTER_IMPLAUSIBLE, "read 0 over a loop");
    close_on(&fake, counters);

    fake.loop_factor = 1;
    fake.u_ignored = true;
    counters = open_on(&fake, "instructions:u,instructions", NULL);
    assert_status(counters, "instructions:u", TSP_COUNTER_IMPLAUSIBLE, "does not honour :u");
    assert_status(counters, "instructions", TSP_COUNTER_OK, "");
    close_on(&fake, counters);
}

static void denial_names_the_level_and_the_remedy(void **state) {
    (void)state;
    struct fake_perf fake;
    fake_perf_make(&fake);
    fake.paranoid = 3;
    struct tsp_counters *counters =
        open_on(&fake, "instructions:u,cycles:k,page-faults,context-switches", NULL);
    assert_status(counters, "instructions:u", TSP_COUNTER_DENIED,
                  "perf_event_paranoid is 3; to allow it: sudo sysctl -w "
                  "kernel.perf_event_paranoid=2");
    assert_status(counters, "cycles:k", TSP_COUNTER_DENIED, "sudo sysctl -w kernel.perf_event_paranoid=1");
    assert_status(counters, "page-faults", TSP_COUNTER_DENIED, "paranoid=2");
    assert_status(counters, "context-switches", TSP_COUNTER_DENIED, "paranoid=1");
    close_on(&fake, counters);

    fake.paranoid = 2;
    counters = open_on(&fake, "instructions:u,cycles:k,page-faults,context-switches:u", NULL);
    assert_status(counters, "instructions:u", TSP_COUNTER_OK, "");
    assert_status(counters, "cycles:k", TSP_COUNTER_DENIED, "kernel mode");
    assert_status(counters, "page-faults", TSP_COUNTER_OK, "");
    assert_status(counters, "context-switches:u", TSP_COUNTER_DENIED, "kernel mode");
    close_on(&fake, counters);

    fake.paranoid = -1;
    fake.refuse_all = EPERM;
    counters = open_on(&fake, "instructions:u", NULL);
    assert_status(counters, "instructions:u", TSP_COUNTER_DENIED, "container");
    close_on(&fake, counters);
}

static void absence_says_why(void **state) {
    (void)state;
    struct fake_perf fake;
    fake_perf_make(&fake);
    fake.no_pmu = true;
    struct tsp_counters *counters = open_on(&fake, TSP_COUNTERS_DEFAULT, NULL);
    assert_status(counters, "instructions:u", TSP_COUNTER_UNSUPPORTED, "shows no PMU");
    assert_status(counters, "page-faults", TSP_COUNTER_OK, ""); /* a software event may well read 0 */
    assert_status(counters, "emulation-faults", TSP_COUNTER_OK, "");
    close_on(&fake, counters);

    fake.refuse_all = ENOSYS;
    counters = open_on(&fake, TSP_COUNTERS_DEFAULT, NULL);
    assert_status(counters, "page-faults", TSP_COUNTER_UNSUPPORTED, "not implemented under this emulator");
    close_on(&fake, counters);

    fake.refuse_all = EMFILE;
    counters = open_on(&fake, "page-faults", NULL);
    assert_status(counters, "page-faults", TSP_COUNTER_UNSUPPORTED, "ulimit -n");
    close_on(&fake, counters);

    counters = open_on(&fake, "none", NULL);
    assert_int_equal(tsp_counters_count(counters), 0);
    close_on(&fake, counters);
}

static void verdicts_spare_children_the_test(void **state) {
    (void)state;
    struct fake_perf fake;
    fake_perf_make(&fake);
    struct tsp_verdicts verdicts = {.count = 1,
                                    .of = {{"instructions:u", TSP_COUNTER_IMPLAUSIBLE, "said the parent"}}};
    struct tsp_counters *counters = open_on(&fake, "instructions:u,cycles:u", &verdicts);
    assert_status(counters, "instructions:u", TSP_COUNTER_IMPLAUSIBLE, "said the parent");
    assert_status(counters, "cycles:u", TSP_COUNTER_OK, "");
    /* What the kernel refuses here stays refused, whatever was well in the parent. */
    close_on(&fake, counters);
    fake.paranoid = 3;
    verdicts.of[0] = (struct tsp_verdict){"instructions:u", TSP_COUNTER_OK, ""};
    counters = open_on(&fake, "instructions:u", &verdicts);
    assert_status(counters, "instructions:u", TSP_COUNTER_DENIED, "paranoid");
    close_on(&fake, counters);
}

static uint64_t fake_counter(uint32_t index) {
    return 1000 + index;
}

static uint64_t fake_time(void) {
    return 0;
}

static void counters_are_read_in_user_space_where_the_page_allows(void **state) {
    (void)state;
    const struct tsp_perf_cpu cpu = {.counter = fake_counter, .time = fake_time};
    struct perf_event_mmap_page page;
    memset(&page, 0, sizeof page);
    page.pmc_width = 48;
    page.index = 3;
    page.cap_user_rdpmc = 1;
    const struct tsp_verdicts nothing = {.count = 0};
    for (unsigned with_time = 0; with_time < 2; ++with_time) {
        page.cap_user_time = with_time & 1U;
        struct fake_perf fake;
        fake_perf_make(&fake);
        fake.page = &page;
        struct tsp_counters *counters = NULL;
        struct tsp_error error = {""};
        assert_int_equal(tsp_counters_open_on(&counters, "cycles:u,page-faults,instructions:u", &nothing,
                                              &fake.kernel, &cpu, NULL, &error),
                         0);
        struct tsp_reading readings[3];
        tsp_counters_read(counters, readings);
        assert_int_equal(readings[0].value == 1002 && readings[2].value == 1002, with_time);
        assert_int_equal(readings[1].value, 0);
        assert_int_equal(fake.mapped, 2 * with_time); /* software events are the kernel's to read */
        close_on(&fake, counters);
    }
}

static void assert_refused(const char *names, const char *said) {
    struct fake_perf fake;
    fake_perf_make(&fake);
    struct tsp_counters *counters = NULL;
    struct tsp_error error = {""};
    assert_int_equal(tsp_counters_open_on(&counters, names, NULL, &fake.kernel, NULL, NULL, &error), -1);
    if (strstr(error.text, said) == NULL) {
        fail_msg("%s: %s", names, error.text);
    }
    assert_int_equal(fake.opens, 0);
}

static void unknown_names_are_answered_with_near_ones(void **state) {
    (void)state;
    assert_refused("instrutions:u", "unknown counter 'instrutions:u'");
    assert_refused("instrutions:u", "the nearest known: instructions");
    assert_refused("page-fault", "page-faults");
    assert_refused("barrier", "barriers");
    assert_refused("cycles:u,xyzzyplughplover", "unknown counter 'xyzzyplughplover'");
    assert_refused("page-faults:q", "takes :u and :k only");
    assert_refused("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "47 characters at most");
    char many[512] = "";
    for (unsigned i = 0; i <= TSP_COUNTERS_MAX; ++i) {
        size_t used = strlen(many);
        (void)snprintf(many + used, sizeof many - used, "perf_raw::r%x,", 0x10 + i);
    }
    assert_refused(many, "more than 32 counters");
}

static void names_mean_what_they_say(void **state) {
    (void)state;
    struct perf_event_attr attr;
    char reason[TSP_REASON_MAX];
    assert_int_equal(tsp_perf_encode("page-faults", &attr, reason, sizeof reason), TSP_NAME_KNOWN);
    assert_true(attr.exclude_kernel && !attr.exclude_user);
    assert_int_equal(tsp_perf_encode("page-faults:uk", &attr, reason, sizeof reason), TSP_NAME_KNOWN);
    assert_true(!attr.exclude_kernel && !attr.exclude_user);
    assert_int_equal(tsp_perf_encode("context-switches:u", &attr, reason, sizeof reason), TSP_NAME_KNOWN);
    assert_true(!attr.exclude_kernel); /* :u would make it zero */
    assert_int_equal(tsp_perf_encode("alignment-faults", &attr, reason, sizeof reason), TSP_NAME_KNOWN);
    assert_int_equal(attr.config, PERF_COUNT_SW_ALIGNMENT_FAULTS);
    assert_int_equal(tsp_perf_encode("instructions:k", &attr, reason, sizeof reason), TSP_NAME_KNOWN);
    assert_true(attr.exclude_user && !attr.exclude_kernel && !attr.inherit && attr.exclude_hv);
    assert_int_equal(tsp_perf_kind("instructions:k", &attr), TSP_COUNTS_SOMETHING);
    assert_int_equal(tsp_perf_encode("instructions:u", &attr, reason, sizeof reason), TSP_NAME_KNOWN);
    assert_int_equal(tsp_perf_kind("instructions:u", &attr), TSP_COUNTS_USER_INSTRUCTIONS);
}

/* On any machine: the set opens, every counter that is not ok says why, and software events count. */
static void this_machine_says_what_it_can(void **state) {
    (void)state;
    struct tsp_verdicts verdicts;
    struct tsp_error error = {""};
    assert_int_equal(tsp_counters_check(&verdicts, TSP_COUNTERS_DEFAULT, &error), 0);
    assert_true(verdicts.count >= 9);
    struct tsp_counters *counters = NULL;
    assert_int_equal(tsp_counters_open_checked(&counters, TSP_COUNTERS_DEFAULT, &verdicts, &error), 0);
    struct tsp_reading before[TSP_COUNTERS_MAX];
    struct tsp_reading after[TSP_COUNTERS_MAX];
    tsp_counters_read(counters, before);
    tsp_known_work_do(TSP_WORK_MIXED); /* touches fresh memory */
    tsp_counters_read(counters, after);
    for (size_t i = 0; i < tsp_counters_count(counters); ++i) {
        const struct tsp_counter *counter = tsp_counters_get(counters, i);
        assert_true((counter->status == TSP_COUNTER_OK) == (counter->reason[0] == '\0'));
        print_message("%-20s %s %s\n", counter->name, tsp_counter_status_name(counter->status),
                      counter->reason);
        if (counter->status == TSP_COUNTER_OK && strcmp(counter->name, "page-faults") == 0) {
            double share;
            assert_true(tsp_reading_difference(&before[i], &after[i], &share) >= 1);
            assert_true(share == 1);
        }
    }
    tsp_counters_close(counters);
    struct tsp_pmu pmu;
    tsp_pmu_describe(&pmu);
    print_message("pmu: %s: %s %s\n", pmu.name, tsp_counter_status_name(pmu.status), pmu.reason);
    assert_true(pmu.name[0] != '\0');
    assert_true((pmu.status == TSP_COUNTER_OK) == (pmu.reason[0] == '\0'));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_pmu_counts_user_and_kernel_apart),
        cmocka_unit_test(a_group_that_never_runs_is_split),
        cmocka_unit_test(an_eighth_event_that_is_refused_begins_a_group),
        cmocka_unit_test(groups_that_take_turns_are_scaled),
        cmocka_unit_test(work_repeated_for_every_turn_needs_no_scaling),
        cmocka_unit_test(a_pmu_of_all_modes_counts_in_all_modes_only),
        cmocka_unit_test(one_event_that_never_runs_costs_only_itself),
        cmocka_unit_test(lying_counters_are_implausible),
        cmocka_unit_test(denial_names_the_level_and_the_remedy),
        cmocka_unit_test(absence_says_why),
        cmocka_unit_test(verdicts_spare_children_the_test),
        cmocka_unit_test(counters_are_read_in_user_space_where_the_page_allows),
        cmocka_unit_test(unknown_names_are_answered_with_near_ones),
        cmocka_unit_test(names_mean_what_they_say),
        cmocka_unit_test(this_machine_says_what_it_can),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
