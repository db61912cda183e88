/* What readings say, why events are refused, which names are near: the pure half of the counters. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "measure/nearest.h"
#include "measure/perf_kernel.h"
#include "measure/perf_reason.h"
#include "measure/perf_user.h"
#include "measure/reading.h"

static void differences_are_scaled_by_the_time_that_counted(void **state) {
    (void)state;
    double share;
    struct tsp_reading before = {100, 1000, 1000};
    struct tsp_reading after = {400, 5000, 5000};
    assert_true(tsp_reading_difference(&before, &after, &share) == 300 && share == 1);
    after.running = 2000; /* a quarter of the time */
    assert_true(tsp_reading_difference(&before, &after, &share) == 1200 && share == 0.25);
    after.running = 1000;
    assert_true(isnan(tsp_reading_difference(&before, &after, &share)) && share == 0);
    assert_true(isnan(tsp_reading_difference(&before, &before, &share)) && share == 0);
    before.value = UINT64_MAX - 9; /* wrapped in between */
    after = (struct tsp_reading){10, 5000, 5000};
    assert_true(tsp_reading_difference(&before, &after, &share) == 20);
}

static void the_known_loop_is_held_to_one_percent(void **state) {
    (void)state;
    char reason[TSP_REASON_MAX] = "old";
    assert_int_equal(tsp_counter_plausible(1009999, 1e6, reason, sizeof reason), TSP_COUNTER_OK);
    assert_string_equal(reason, "");
    assert_int_equal(tsp_counter_plausible(990001, 1e6, reason, sizeof reason), TSP_COUNTER_OK);
    assert_int_equal(tsp_counter_plausible(1010001, 1e6, reason, sizeof reason), TSP_COUNTER_IMPLAUSIBLE);
    assert_string_equal(reason, "counted 1010001 for a loop of 1000000 instructions");
    assert_int_equal(tsp_counter_plausible(989999, 1e6, reason, sizeof reason), TSP_COUNTER_IMPLAUSIBLE);
    assert_int_equal(tsp_counter_plausible(0, 1e6, reason, sizeof reason), TSP_COUNTER_IMPLAUSIBLE);
    assert_string_equal(reason, "read 0 over a loop of 1000000 instructions");
    assert_int_equal(tsp_counter_plausible(NAN, 1e6, reason, sizeof reason), TSP_COUNTER_IMPLAUSIBLE);
}

static void trials_are_judged_by_kind(void **state) {
    (void)state;
    char reason[TSP_REASON_MAX];
    struct tsp_counter_trial trial = {
        .empty = 50000, .loop = 1050000, .calls = 56000, .all = 2e6, .last = 3e6};
    assert_int_equal(tsp_counter_judge(TSP_COUNTS_USER_INSTRUCTIONS, &trial, reason, sizeof reason),
                     TSP_COUNTER_OK);
    trial.calls = 50000 + TSP_KNOWN_CALLS * 61.0;
    assert_int_equal(tsp_counter_judge(TSP_COUNTS_USER_INSTRUCTIONS, &trial, reason, sizeof reason),
                     TSP_COUNTER_IMPLAUSIBLE);
    assert_non_null(strstr(reason, "61 instructions a system call"));
    assert_int_equal(tsp_counter_judge(TSP_COUNTS_INSTRUCTIONS, &trial, reason, sizeof reason),
                     TSP_COUNTER_OK);
    trial.empty = 0; /* the bracket has to be taken off */
    assert_int_equal(tsp_counter_judge(TSP_COUNTS_INSTRUCTIONS, &trial, reason, sizeof reason),
                     TSP_COUNTER_IMPLAUSIBLE);
    assert_int_equal(tsp_counter_judge(TSP_COUNTS_SOMETHING, &trial, reason, sizeof reason), TSP_COUNTER_OK);
    trial.all = 0;
    assert_int_equal(tsp_counter_judge(TSP_COUNTS_SOMETHING, &trial, reason, sizeof reason),
                     TSP_COUNTER_IMPLAUSIBLE);
    assert_non_null(strstr(reason, "stood still at 3000000"));
    trial.last = 0;
    assert_int_equal(tsp_counter_judge(TSP_COUNTS_SOMETHING, &trial, reason, sizeof reason),
                     TSP_COUNTER_IMPLAUSIBLE);
    assert_non_null(strstr(reason, "read 0"));
    trial.all = NAN;
    assert_int_equal(tsp_counter_judge(TSP_COUNTS_SOMETHING, &trial, reason, sizeof reason),
                     TSP_COUNTER_IMPLAUSIBLE);
    assert_int_equal(tsp_counter_judge(TSP_COUNTS_SOFTWARE, &trial, reason, sizeof reason), TSP_COUNTER_OK);
}

static void refusals_have_a_status_and_a_reason(void **state) {
    (void)state;
    static const struct {
        struct tsp_perf_refusal refusal;
        enum tsp_counter_status status;
        const char *said;
    } rows[] = {
        {{EACCES, 4, true, false, true},
         TSP_COUNTER_DENIED,
         "is 4; to allow it: sudo sysctl -w kernel.perf_event_paranoid=2"},
        {{EACCES, 2, true, true, true},
         TSP_COUNTER_DENIED,
         "is 2; to allow it: sudo sysctl -w kernel.perf_event_paranoid=1"},
        {{EPERM, 2, true, false, true}, TSP_COUNTER_DENIED, "--cap-add=PERFMON"},
        {{EACCES, TSP_PARANOID_UNKNOWN, true, false, true}, TSP_COUNTER_DENIED, "cannot be read"},
        {{ENOENT, 2, true, false, false}, TSP_COUNTER_UNSUPPORTED, "shows no PMU"},
        {{EOPNOTSUPP, 2, true, false, false}, TSP_COUNTER_UNSUPPORTED, "shows no PMU"},
        {{ENOENT, 2, true, false, true}, TSP_COUNTER_UNSUPPORTED, "the PMU here has no such event"},
        {{ENOENT, 2, false, false, false}, TSP_COUNTER_UNSUPPORTED, "the kernel here has no such event"},
        {{EOPNOTSUPP, 2, true, true, true}, TSP_COUNTER_UNSUPPORTED, "kernel mode"},
        {{ENOSYS, 2, true, false, true},
         TSP_COUNTER_UNSUPPORTED,
         "perf_event_open is not implemented under this emulator"},
        {{EMFILE, 2, true, false, true}, TSP_COUNTER_UNSUPPORTED, "ulimit -n"},
        {{EBUSY, 2, true, false, true}, TSP_COUNTER_UNSUPPORTED, "another program"},
        {{EIO, 2, true, false, true}, TSP_COUNTER_UNSUPPORTED, "Input/output error"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        char reason[TSP_REASON_MAX] = "";
        assert_int_equal(tsp_perf_refusal_explain(&rows[i].refusal, reason, sizeof reason), rows[i].status);
        if (strstr(reason, rows[i].said) == NULL) {
            fail_msg("row %zu: %s", i, reason);
        }
        assert_true(strlen(reason) < sizeof reason - 1);
    }
}

static void the_nearest_names_are_kept(void **state) {
    (void)state;

    struct tsp_nearest nearest = {.wanted = "load"};
    tsp_nearest_offer(&nearest, "goad!");
    tsp_nearest_offer(&nearest, "elephants");
    tsp_nearest_offer(&nearest, "loads");
    tsp_nearest_offer(&nearest, "lo");
    tsp_nearest_offer(&nearest, "loads");
    tsp_nearest_offer(&nearest, "load");
    char text[128];
    tsp_nearest_list(&nearest, text, sizeof text);
    assert_string_equal(text, "load, loads, goad!");
}

/* A made-up CPU: counter 5 is 8 bits wide and reads 0xf0, that is −16; the time counter runs at 500 MHz. */
static uint64_t fake_counter(uint32_t index) {
    return index == 5 ? 0xfff0 : 77;
}

static uint64_t fake_time(void) {
    return 1000;
}

static void pages_are_read_by_the_protocol(void **state) {
    (void)state;
    const struct tsp_perf_cpu cpu = {.counter = fake_counter, .time = fake_time};
    struct perf_event_mmap_page page;
    memset(&page, 0, sizeof page);
    page.cap_user_rdpmc = 1;
    page.pmc_width = 8;
    assert_false(tsp_perf_user_can(&page)); /* no times */
    page.cap_user_time = 1;
    assert_true(tsp_perf_user_can(&page));
    page.index = 6;
    page.offset = 1000;
    page.time_enabled = 50;
    page.time_running = 30;
    page.time_shift = 4;
    page.time_mult = 32; /* 2 ns a tick */
    page.time_offset = (uint64_t)-500;
    struct tsp_reading reading = tsp_perf_user_read(&page, &cpu);
    assert_int_equal(reading.value, 984);
    assert_int_equal(reading.enabled, 50 + 1500);
    assert_int_equal(reading.running, 30 + 1500);

    page.index = 0; /* off the PMU just now: enabled, not running */
    reading = tsp_perf_user_read(&page, &cpu);
    assert_int_equal(reading.value, 1000);
    assert_int_equal(reading.enabled, 1550);
    assert_int_equal(reading.running, 30);

    page.cap_user_time_short =
        1; /* an 8-bit time counter that was 0x1f0 when the page was written: now 0x1f0 + (0x3e8 − 0x1f0 mod 256) */
    page.time_cycles = 0x1f0;
    page.time_mask = 0xff;
    reading = tsp_perf_user_read(&page, &cpu);
    assert_int_equal(reading.enabled, 50 + 2 * (0x1f0 + 0xf8) - 500);

    page.pmc_width = 0;
    assert_false(tsp_perf_user_can(&page));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_are_scaled_by_the_time_that_counted),
        cmocka_unit_test(the_known_loop_is_held_to_one_percent),
        cmocka_unit_test(trials_are_judged_by_kind),
        cmocka_unit_test(refusals_have_a_status_and_a_reason),
        cmocka_unit_test(the_nearest_names_are_kept),
        cmocka_unit_test(pages_are_read_by_the_protocol),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
