/*
 * The perf path against a kernel and a PMU that are real to it: run by ci/pmu-guest inside the guest, where counts are exact and a PMU
 * of six counters shows all that grouping, scaling and user-space reading must survive. tests/unit/test_counters.c has the same
 * with a made-up kernel, for every machine.
 *
 *   test_guest_perf root      what may count: one process, all rights
 *   test_guest_perf nobody    what must be denied: no rights, kernel.perf_event_paranoid 3
 */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h> /* needs the four above */

#include "measure/counters.h"
#include "measure/perf_names.h"

/* The PMU of QEMU's Arm cores. */
enum { PMU_SLOTS = 6 };

/* What one LOOP and one SHORT of known work differ by: two instructions an iteration (known_work.c), but for the way to each loop. */
enum { LOOP_LESS_SHORT = 1000000 - 2 * 20000, WAY_MAX = 4 };

static void set_make(struct tsp_perf_set *set, const char *const *names, unsigned count) {
    char reason[TSP_REASON_MAX];
    memset(set, 0, sizeof *set);
    set->kernel = tsp_perf_kernel_linux();
    set->cpu = tsp_perf_cpu_here();
    set->event_count = count;
    for (unsigned i = 0; i < count; ++i) {
        set->events[i].status = TSP_COUNTER_OK;
        assert_int_equal(tsp_perf_encode(names[i], &set->events[i].attr, reason, sizeof reason),
                         TSP_NAME_KNOWN);
    }
}

/* `count` events that all count user instructions. */
static void set_make_alike(struct tsp_perf_set *set, unsigned count) {
    const char *names[TSP_COUNTERS_MAX];
    for (unsigned i = 0; i < count; ++i) {
        names[i] = "instructions:u";
    }
    set_make(set, names, count);
}

static unsigned group_led_by(const struct tsp_perf_set *set, unsigned event) {
    unsigned group = 0;
    while (set->groups[group].members[0] != event) {
        group += 1;
    }
    return group;
}

static uint64_t events_of(struct tsp_perf_set *set, unsigned event, enum tsp_known_work work) {
    struct tsp_reading before[TSP_COUNTERS_MAX];
    struct tsp_reading after[TSP_COUNTERS_MAX];
    unsigned group = group_led_by(set, event);
    tsp_perf_group_read(set, group, before);
    tsp_known_work_do(work);
    tsp_perf_group_read(set, group, after);
    return after[event].value - before[event].value;
}

/* What an event counts of the work, the same every time. In user space, a reading that an interrupt fell into is taken again, within what
 * is counted: that shows as some instructions more, so the least is what there is, and most must be that. */
static uint64_t exact_events_of(struct tsp_perf_set *set, unsigned event, enum tsp_known_work work) {
    enum { TIMES = 20 };
    uint64_t least = UINT64_MAX;
    unsigned had = 0;
    for (unsigned i = 0; i < TIMES; ++i) {
        uint64_t events = events_of(set, event, work);
        had = events == least ? had + 1 : events < least ? 1 : had;
        least = events < least ? events : least;
    }
    bool in_user_space = set->groups[group_led_by(set, event)].in_user_space;
    print_message("%u of %u times %" PRIu64 "%s\n", had, (unsigned)TIMES, least,
                  in_user_space ? ", read in user space" : "");
    assert_in_range(had, in_user_space ? TIMES / 2 : TIMES, TIMES);
    return least;
}

/* LOOP less SHORT under a running event is what it must be. */
static void assert_exact(struct tsp_perf_set *set, unsigned event) {
    uint64_t loop = exact_events_of(set, event, TSP_WORK_LOOP);
    uint64_t difference = loop - exact_events_of(set, event, TSP_WORK_SHORT);
    assert_in_range(difference, LOOP_LESS_SHORT - WAY_MAX, LOOP_LESS_SHORT + WAY_MAX);
}

static void user_instructions_are_exact(void **state) {
    (void)state;
    struct tsp_perf_set set;
    set_make_alike(&set, 1);
    tsp_perf_set_open(&set);
    assert_string_equal(set.events[0].reason, "");
    assert_int_equal(set.group_count, 1);
    tsp_perf_group_enable(&set, 0, true);
    assert_exact(&set, 0);
    tsp_perf_set_close(&set);
}

static bool user_access(void) {
    int allowed = 0;
    FILE *file = fopen("/proc/sys/kernel/perf_user_access", "re");
    if (file != NULL) {
        allowed = fgetc(file) == '1';
        (void)fclose(file);
    }
    return allowed;
}

static void counters_are_read_in_user_space_where_that_is_allowed(void **state) {
    (void)state;
    static const char *const names[] = {"instructions:u", "cycles:u"};
    struct tsp_perf_set set;
    set_make(&set, names, 2);
    tsp_perf_set_open(&set);
    assert_int_equal(set.group_count, 1);
    print_message("perf_user_access %d, read in user space: %d\n", user_access(),
                  set.groups[0].in_user_space);
    assert_int_equal(set.groups[0].in_user_space, user_access());
    tsp_perf_set_close(&set);
}

/* What the kernel does with groups too large: the ground that the next test stands on. */
static void a_group_of_seven_never_runs_and_one_of_eight_is_refused(void **state) {
    (void)state;
    struct tsp_perf_set set;
    set_make_alike(&set, PMU_SLOTS + 2);
    const struct tsp_perf_kernel *kernel = set.kernel;
    int fds[PMU_SLOTS + 2];
    for (unsigned i = 0; i < PMU_SLOTS + 2; ++i) {
        set.events[i].attr.disabled = i == 0;
        fds[i] = kernel->open(kernel->self, &set.events[i].attr, i == 0 ? -1 : fds[0]);
        print_message("event %u of a group: %s\n", i + 1, fds[i] >= 0 ? "opens" : strerror(-fds[i]));
    }
    assert_true(fds[PMU_SLOTS] >= 0);
    assert_int_equal(fds[PMU_SLOTS + 1], -EINVAL);
    uint64_t words[3 + PMU_SLOTS + 1] = {0};
    (void)kernel->enable(kernel->self, fds[0], true);
    tsp_known_work_do(TSP_WORK_LOOP);
    assert_int_equal(kernel->read(kernel->self, fds[0], words, sizeof words), sizeof words);
    assert_true(words[1] > 0);
    assert_int_equal(words[2], 0);
    assert_int_equal(words[3], 0);
    for (unsigned i = PMU_SLOTS + 1; i-- > 0;) {
        kernel->close(kernel->self, fds[i]);
    }
}

static void six_events_make_one_group_and_more_are_split(void **state) {
    (void)state;
    for (unsigned count = 1; count <= PMU_SLOTS + 3; ++count) {
        struct tsp_perf_set set;
        set_make_alike(&set, count);
        tsp_perf_set_open(&set);
        print_message("%u events: %u groups\n", count, set.group_count);
        assert_int_equal(set.group_count > 1, count > PMU_SLOTS);
        unsigned members = 0;
        for (unsigned g = 0; g < set.group_count; ++g) {
            members += set.groups[g].count;
            tsp_perf_group_enable(&set, g, true);
            assert_exact(&set, set.groups[g].members[0]);
            tsp_perf_group_enable(&set, g, false);
        }
        assert_int_equal(members, count);
        tsp_perf_set_close(&set);
    }
}

/* More groups than the PMU holds at once, all of them started: the kernel lets them take turns. */
static void groups_that_take_turns_are_scaled(void **state) {
    (void)state;
    enum { EVENTS = 2 * PMU_SLOTS, LOOPS = 100 };
    struct tsp_reading before[TSP_COUNTERS_MAX];
    struct tsp_reading after[TSP_COUNTERS_MAX];
    struct tsp_perf_set set;
    set_make_alike(&set, EVENTS);
    tsp_perf_set_open(&set);
    for (unsigned g = 0; g < set.group_count; ++g) {
        print_message("group %u: %u events\n", g + 1, set.groups[g].count);
        tsp_perf_group_enable(&set, g, true);
    }
    for (unsigned g = 0; g < set.group_count; ++g) {
        tsp_perf_group_read(&set, g, before);
    }
    for (unsigned i = 0; i < LOOPS; ++i) {
        tsp_known_work_do(TSP_WORK_LOOP);
    }
    for (unsigned g = 0; g < set.group_count; ++g) {
        tsp_perf_group_read(&set, g, after);
    }
    for (unsigned i = 0; i < EVENTS; ++i) {
        double share = 0;
        double scaled = tsp_reading_difference(&before[i], &after[i], &share);
        print_message("event %u ran %.0f %% of the time, scaled: %.4f of the truth\n", i + 1, 100 * share,
                      scaled / (1e6 * LOOPS));
        assert_true(share > 0.1 && share < 0.9);
        assert_true(scaled > 0.9 * 1e6 * LOOPS && scaled < 1.1 * 1e6 * LOOPS);
    }
    tsp_perf_set_close(&set);
}

/* The counter of that name after the known-loop test. */
static struct tsp_counter judged(const char *name) {
    struct tsp_counters *counters = NULL;
    struct tsp_error error;
    assert_int_equal(tsp_counters_open(&counters, name, &error), 0);
    struct tsp_counter counter = *tsp_counters_get(counters, 0);
    tsp_counters_close(counters);
    print_message("%-28s %s: %s\n", name, tsp_counter_status_name(counter.status), counter.reason);
    return counter;
}

static void events_that_open_and_read_nothing_are_implausible(void **state) {
    (void)state;
    static const char *const names[] = {"L1D_CACHE_REFILL:u", "L1D_CACHE:u",    "L2D_CACHE_REFILL:u",
                                        "L1D_TLB_REFILL:u",   "BR_MIS_PRED:u",  "BR_PRED:u",
                                        "STALL_FRONTEND:u",   "STALL_BACKEND:u"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        struct tsp_counter counter = judged(names[i]);
        assert_int_equal(counter.status, TSP_COUNTER_IMPLAUSIBLE);
        assert_non_null(strstr(counter.reason, "read 0"));
    }
    assert_int_equal(judged("instructions:u").status, TSP_COUNTER_OK);
    assert_int_equal(judged("INST_RETIRED:u").status, TSP_COUNTER_OK);
    assert_int_equal(judged("instructions:k").status, TSP_COUNTER_OK);
    assert_int_equal(judged("cycles:u").status, TSP_COUNTER_OK);
    assert_int_equal(judged("page-faults").status, TSP_COUNTER_OK);
}

static void without_rights_everything_is_denied_with_the_remedy(void **state) {
    (void)state;
    static const char *const names[] = {"instructions:u", "instructions:k", "cycles:u", "page-faults"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        struct tsp_counter counter = judged(names[i]);
        assert_int_equal(counter.status, TSP_COUNTER_DENIED);
        assert_non_null(strstr(counter.reason, "kernel.perf_event_paranoid is 3"));
        assert_non_null(strstr(counter.reason, strstr(names[i], ":k") != NULL ? "perf_event_paranoid=1"
                                                                              : "perf_event_paranoid=2"));
    }
}

int main(int argc, char **argv) {
    const struct CMUnitTest root[] = {
        cmocka_unit_test(user_instructions_are_exact),
        cmocka_unit_test(counters_are_read_in_user_space_where_that_is_allowed),
        cmocka_unit_test(a_group_of_seven_never_runs_and_one_of_eight_is_refused),
        cmocka_unit_test(six_events_make_one_group_and_more_are_split),
        cmocka_unit_test(groups_that_take_turns_are_scaled),
        cmocka_unit_test(events_that_open_and_read_nothing_are_implausible),
    };
    const struct CMUnitTest nobody[] = {
        cmocka_unit_test(without_rights_everything_is_denied_with_the_remedy),
    };
    if (argc == 2 && strcmp(argv[1], "root") == 0) {
        return cmocka_run_group_tests(root, NULL, NULL);
    }
    if (argc == 2 && strcmp(argv[1], "nobody") == 0) {
        return cmocka_run_group_tests(nobody, NULL, NULL);
    }
    (void)fprintf(stderr, "usage: test_guest_perf root | nobody\n");
    return 2;
}
