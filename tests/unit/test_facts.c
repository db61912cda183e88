/* Ten lines out of a record: what was found stands there with its figure, what was not is told as such. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "transept/facts.h"

enum { RESULTS = 64 };

static struct tsp_result results[RESULTS];
static struct tsp_metric times[RESULTS];
static struct tsp_record record;
static struct tsp_fact facts[TSP_FACTS_MAX];

static int begin(void **unused) {
    (void)unused;
    memset(results, 0, sizeof results);
    memset(&record, 0, sizeof record);
    record.results = results;
    record.machine.page_bytes = 4096;
    record.machine.cache_count = 2;
    record.machine.caches[0] = (struct tsp_cache){.level = 1, .bytes = 32768, .line_bytes = 64};
    record.machine.caches[1] = (struct tsp_cache){.level = 2, .bytes = 1 << 20, .line_bytes = 64};
    (void)snprintf(record.machine.arch, sizeof record.machine.arch, "arm64");
    return 0;
}

static void add_case(const char *id, double ns) {
    size_t i = record.result_count++;
    assert_true(i < RESULTS);
    (void)snprintf(results[i].id, sizeof results[i].id, "%s", id);
    times[i] = (struct tsp_metric){.name = "time", .p50 = {.value = ns, .lo = 0.98 * ns, .hi = 1.02 * ns}};
    results[i].metrics = &times[i];
    results[i].metric_count = 1;
}

static const char *line(const char *name) {
    size_t count = tsp_facts_make(&record, facts);
    for (size_t i = 0; i < count; ++i) {
        if (strcmp(facts[i].name, name) == 0) {
            return facts[i].text;
        }
    }
    fail_msg("there is no line %s", name);
    return "";
}

static void has(const char *name, const char *words) {
    const char *text = line(name);
    if (strstr(text, words) == NULL) {
        fail_msg("%s says '%s', not '%s'", name, text, words);
    }
}

static void nothing_measured_is_told(void **unused) {
    (void)unused;
    assert_int_equal(tsp_facts_make(&record, facts), 10);
    has("system call", "not measured");
    has("alignment", "not measured");
    has("line", "pad=8 has no time here; hwloc: 64 bytes");
    has("latency", "no levels found in the 0 sizes");
    has("core", "the estimate was withheld");
}

static void the_line_is_where_sharing_ends(void **unused) {
    (void)unused;
    const double fall[] = {20, 21, 19, 2, 2.1, 2};
    for (unsigned i = 0; i < 6; ++i) {
        char id[64];
        (void)snprintf(id, sizeof id, "barrier/false-sharing/add/pad=%u/place=same-llc", 8U << i);
        add_case(id, fall[i]);
    }
    has("line",
        "64 bytes matter: from there on two writers (same-llc) are 9.0 times as fast; hwloc: 64 bytes");
    times[3].p50.value = 20; /* lines of 128 */
    has("line", "128 bytes matter");
    times[4].p50.value = times[5].p50.value = 20;
    has("line", "not found: sharing a line slows two threads down by a factor of 1.");
    results[2].status = TSP_FAULTED;
    has("line", "pad=32 has no time here");
}

static void levels_have_their_names_and_sizes(void **unused) {
    (void)unused;
    for (unsigned kib = 4; kib <= 65536; kib *= 2) {
        char id[64];
        (void)snprintf(id, sizeof id, "layout/chase/ladder/kib=%u", kib);
        add_case(id, kib <= 32 ? 1.5 : kib <= 1024 ? 5 : 80);
    }
    has("latency", "L1 1.5 ns to 32 KiB, L2 5 ns to 1 MiB, DRAM 80 ns at 64 MiB; hwloc: L1 32 KiB, L2 1 MiB");
}

static void costs_carry_their_intervals(void **unused) {
    (void)unused;
    add_case("syscall/getppid/raw", 91.24);
    add_case("syscall/page-fault/first-touch/page=base", 1520);
    add_case("syscall/switch/futex/place=same-cpu", 1.9e3);
    add_case("syscall/switch/futex/place=same-llc", 10.5e3);
    has("system call", "getppid 91.2 ns ±2.0 %");
    has("page fault", "first touch 1.52 us ±2.0 %");
    has("switch", "by futex on one CPU 1.9 us ±2.0 %, same-llc 10.5 us");
    times[0].p50.lo = times[0].p50.hi = NAN;
    assert_string_equal(line("system call"), "getppid 91.2 ns");
}

/* As a run that was interrupted leaves it: what is missing takes no other case's words along. */
static void labels_do_not_go_with_a_missing_case(void **unused) {
    (void)unused;
    add_case("syscall/clock_gettime/raw", 60);
    add_case("syscall/page-fault/first-touch/page=huge", 9e4);
    add_case("syscall/switch/pipe/place=same-cpu", 2.7e3);
    add_case("syscall/switch/pipe/place=same-llc", 8.7e3);
    add_case("syscall/switch/futex/place=same-llc", 9.1e3);
    add_case("align/load/latency/width=8/offset=page", 20);
    has("system call", "clock_gettime by system call 60 ns");
    has("page fault", "first touch of a huge page 90 us");
    has("switch",
        "by pipe on one CPU 2.7 us ±2.0 %, same-llc 8.7 us ±2.0 %, by futex same-llc 9.1 us ±2.0 %");
    has("alignment", "8-byte load across a page 20 ns");
}

static void an_emulators_times_are_marked(void **unused) {
    (void)unused;
    record.machine.emulated = true;
    add_case("syscall/getppid/raw", 900);
    has("machine", "EMULATED by");
    has("system call", "(emulated: of no processor)");
    has("core", "it is emulated");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_measured_is_told, begin),
        cmocka_unit_test_setup(the_line_is_where_sharing_ends, begin),
        cmocka_unit_test_setup(levels_have_their_names_and_sizes, begin),
        cmocka_unit_test_setup(costs_carry_their_intervals, begin),
        cmocka_unit_test_setup(labels_do_not_go_with_a_missing_case, begin),
        cmocka_unit_test_setup(an_emulators_times_are_marked, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
