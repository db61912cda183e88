/*
 * Litmus tests and messages: what counts as weak, what is forbidden where, and
 * that a violation is seen. The tables of outcomes are enumerated from the
 * programs themselves: what interleavings make is usual, and one more outcome
 * is weak.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sched.h>

#include "barrier/litmus.h"
#include "barrier/litmus_access.h"
#include "barrier/message.h"
#include "measure/bench.h"
#include "transept/measure.h"
#include "transept/registry.h"
#include "transept/round.h"

/* --- every outcome of every test, by brute force
 * ------------------------------------------------------------------------------
 */

/* An access of a program: to x or y, a store of `value` (0: a load). A program
 * of up to four threads of up to two accesses. */
struct access {
    char location;
    unsigned long value;
};

struct program {
    const struct tsp_litmus *test;
    struct access threads[TSP_LITMUS_THREADS][2]; /* location 0: none */
    bool tso; /* is the weak outcome allowed where order is kept but store-load */
};

static const struct program programs[] = {
    {&tsp_litmus_sb, {{{'x', 1}, {'y', 0}}, {{'y', 1}, {'x', 0}}}, true},
    {&tsp_litmus_mp, {{{'x', 1}, {'y', 1}}, {{'y', 0}, {'x', 0}}}, false},
    {&tsp_litmus_lb, {{{'x', 0}, {'y', 1}}, {{'y', 0}, {'x', 1}}}, false},
    {&tsp_litmus_s, {{{'x', 2}, {'y', 1}}, {{'y', 0}, {'x', 1}}}, false},
    {&tsp_litmus_r, {{{'x', 1}, {'y', 1}}, {{'y', 2}, {'x', 0}}}, true},
    {&tsp_litmus_two_two_w, {{{'x', 1}, {'y', 2}}, {{'y', 1}, {'x', 2}}}, false},
    {&tsp_litmus_iriw, {{{'x', 1}}, {{'y', 1}}, {{'x', 0}, {'y', 0}}, {{'y', 0}, {'x', 0}}}, false},
};
#define PROGRAMS (sizeof programs / sizeof programs[0])

/* A machine that runs a program one access at a time: some order of each
 * thread's accesses, some interleaving of the threads. */
struct machine {
    const struct program *program;
    unsigned swapped;                  /* bit t: thread t makes its two accesses the other way round */
    unsigned done[TSP_LITMUS_THREADS]; /* accesses of each thread so far */
    struct tsp_litmus_outcome outcome;
    unsigned weak; /* ends that were so classified */
    unsigned usual;
    unsigned impossible;
};

static unsigned accesses(const struct program *program, unsigned thread) {
    return program->threads[thread][0].location == 0 ? 0 : program->threads[thread][1].location == 0 ? 1 : 2;
}

static void step(struct machine *machine, unsigned thread) {
    const unsigned count = accesses(machine->program, thread);
    const unsigned at =
        (machine->swapped >> thread & 1) != 0 ? count - 1 - machine->done[thread] : machine->done[thread];
    const struct access *access = &machine->program->threads[thread][at];
    unsigned long *location = access->location == 'x' ? &machine->outcome.x : &machine->outcome.y;
    struct tsp_litmus_saw *saw = &machine->outcome.saw[thread];
    if (access->value != 0) {
        *location = access->value;
    } else if (at == 0 || machine->program->threads[thread][0].value != 0) {
        saw->a = *location; /* the first load of the program */
    } else {
        saw->b = *location;
    }
    ++machine->done[thread];
}

/* All interleavings from here on. */
static void explore(struct machine *machine) {
    bool ended = true;
    for (unsigned t = 0; t < TSP_LITMUS_THREADS; ++t) {
        if (machine->done[t] < accesses(machine->program, t)) {
            struct machine next = *machine;
            step(&next, t);
            explore(&next);
            machine->weak = next.weak;
            machine->usual = next.usual;
            machine->impossible = next.impossible;
            ended = false;
        }
    }
    if (ended) {
        const enum tsp_litmus_kind kind = tsp_litmus_classify(machine->program->test, &machine->outcome);
        machine->weak += kind == TSP_LITMUS_WEAK;
        machine->usual += kind == TSP_LITMUS_USUAL;
        machine->impossible += kind == TSP_LITMUS_IMPOSSIBLE;
    }
}

/* In the order of the program no interleaving is weak; with one thread or the
 * other reordered, some are; none is ever impossible. */
static void what_no_interleaving_makes_is_weak(void **unused) {
    (void)unused;
    for (size_t i = 0; i < PROGRAMS; ++i) {
        struct machine straight = {.program = &programs[i]};
        explore(&straight);
        assert_int_equal(straight.weak, 0);
        assert_int_equal(straight.impossible, 0);
        assert_true(straight.usual >= 6);
        unsigned weak = 0;
        for (unsigned swapped = 1; swapped < 16; ++swapped) {
            struct machine machine = {.program = &programs[i], .swapped = swapped};
            bool swappable = true;
            for (unsigned t = 0; t < TSP_LITMUS_THREADS; ++t) {
                swappable = swappable && ((swapped >> t & 1) == 0 || accesses(&programs[i], t) == 2);
            }
            if (swappable) {
                explore(&machine);
                assert_int_equal(machine.impossible, 0);
                assert_true(machine.usual > 0);
                weak += machine.weak;
            }
        }
        assert_true(weak > 0);
    }
}

/* Total store order lets a store behind the load after it, and nothing else:
 * exactly sb and r turn weak by swaps of such threads. */
static void store_load_tests_are_those_that_tso_shows(void **unused) {
    (void)unused;
    for (size_t i = 0; i < PROGRAMS; ++i) {
        unsigned swapped = 0;
        for (unsigned t = 0; t < TSP_LITMUS_THREADS; ++t) {
            const struct access *a = programs[i].threads[t];
            swapped |= accesses(&programs[i], t) == 2 && a[0].value != 0 && a[1].value == 0 ? 1U << t : 0;
        }
        struct machine machine = {.program = &programs[i], .swapped = swapped};
        explore(&machine);
        assert_int_equal(machine.weak > 0, programs[i].tso);
        assert_int_equal(programs[i].test->store_load, programs[i].tso);
    }
}

static void values_that_nobody_wrote_are_impossible(void **unused) {
    (void)unused;
    for (size_t i = 0; i < PROGRAMS; ++i) {
        const struct tsp_litmus *test = programs[i].test;
        const struct tsp_litmus_outcome good = {.x = 1, .y = 1};
        assert_int_not_equal(tsp_litmus_classify(test, &good), TSP_LITMUS_IMPOSSIBLE);
        struct tsp_litmus_outcome bad[4] = {good, good, good, good};
        bad[0].x = 0; /* both stores to x were lost */
        bad[1].y = test->written + 1;
        bad[2].saw[test->threads - 1].a = 3;
        bad[3].saw[0].b = 1; /* which loads once at most in every test */
        for (unsigned k = 0; k < 4; ++k) {
            assert_int_equal(tsp_litmus_classify(test, &bad[k]), TSP_LITMUS_IMPOSSIBLE);
        }
    }
}

/* --- verdicts
 * ------------------------------------------------------------------------------------------------------------------
 */

static struct tsp_round verdict_round; /* NOLINT: large for a stack */

static const struct tsp_round_metric *metric_of(const char *name) {
    for (unsigned i = 0; i < verdict_round.metric_count; ++i) {
        if (strcmp(verdict_round.metrics[i].name, name) == 0) {
            return &verdict_round.metrics[i];
        }
    }
    return NULL;
}

/* A bench of a case that is only judged. */
static struct tsp_bench bench_of(const struct tsp_case *tcase, const struct tsp_env *env) {
    struct tsp_bench bench;
    memset(&verdict_round, 0, sizeof verdict_round);
    tsp_bench_open(&bench, tcase, env, 1, &verdict_round);
    return bench;
}

/* An op whose iterations 100 … ended in the weak outcome, judged. */
static int judge_weak_on(const struct tsp_env *env, const struct tsp_litmus_variant *variant, bool tso,
                         unsigned weak) {
    static const struct tsp_kernel kernel = {.shows = TSP_NEEDS_REORDERING};
    static const struct tsp_case tcase = {.kernel = &kernel};
    static const int cpus[TSP_LITMUS_THREADS] = {5, 6, 7, 8};
    const bool is_sb = variant->test == &tsp_litmus_sb;
    const struct tsp_litmus_outcome usual = {.saw = {{0, 0}, {is_sb, 0}}, .x = 1, .y = 1};
    const struct tsp_litmus_outcome odd = {.saw = {{0, 0}, {!is_sb, 0}}, .x = 1, .y = 1};
    struct tsp_litmus_tally tally = {.iterations = 0};
    for (unsigned i = 0; i < TSP_LITMUS_ITERATIONS; ++i) {
        tsp_litmus_count(&tally, variant->test, i >= 100 && i < 100 + weak ? &odd : &usual);
    }
    assert_int_equal(tally.weak, weak);
    struct tsp_bench bench = bench_of(&tcase, env);
    return tsp_litmus_judge(&bench, variant, &tally, cpus, tso, 1);
}

static int judge_weak(const struct tsp_litmus_variant *variant, bool tso, unsigned weak) {
    static const struct tsp_env env = {.features = TSP_NEEDS_REORDERING};
    return judge_weak_on(&env, variant, tso, weak);
}

static void a_forbidden_outcome_fails_with_its_trace(void **unused) {
    (void)unused;
    const struct tsp_litmus_variant full = {.test = &tsp_litmus_sb, .ordered = true};
    for (unsigned tso = 0; tso < 2; ++tso) {
        assert_int_equal(judge_weak(&full, tso != 0, 3), -1);
        assert_int_equal(verdict_round.status, TSP_FAILED);
        assert_string_equal(verdict_round.reason,
                            "forbidden outcome (both loads see 0): 3 in 1024, first in iteration "
                            "100: "
                            "P0 (CPU 5) read 0, P1 (CPU 6) read 0, x=1 y=1 in the end");
        assert_int_equal(judge_weak(&full, tso != 0, 0), 0);
        assert_true(metric_of("weak_outcomes")->net == 0);
        assert_string_equal(metric_of("weak_outcomes")->reason, "");
    }
}

/* QEMU does not keep arm64's stlr and a later ldar in order on an x86_64 host: no processor broke its word, and nothing is hidden. */
static void under_an_emulator_a_forbidden_outcome_is_the_emulators(void **unused) {
    (void)unused;
    const struct tsp_env emulated = {.emulated = true};
    const struct tsp_litmus_variant ordered = {.test = &tsp_litmus_sb, .ordered = true};
    assert_int_equal(judge_weak_on(&emulated, &ordered, false, 256), 0);
    assert_int_equal(verdict_round.status, TSP_OK);
    assert_true(metric_of("weak_outcomes")->net == 250000);
    assert_int_equal(metric_of("weak_outcomes")->evidence, TSP_EMULATED);
    assert_string_equal(metric_of("weak_outcomes")->reason,
                        "are the emulator's, not a processor's: forbidden outcome (both loads see 0): "
                        "256 in 1024, first in iteration 100: "
                        "P0 (CPU 5) read 0, P1 (CPU 6) read 0, x=1 y=1 in the end");
    assert_int_equal(judge_weak_on(&emulated, &ordered, false, 0), 0);
    assert_true(metric_of("weak_outcomes")->net == 0);
    assert_string_equal(metric_of("weak_outcomes")->reason, "");
}

static void an_allowed_outcome_is_counted_or_not_shown(void **unused) {
    (void)unused;
    const struct tsp_litmus_variant none = {.test = &tsp_litmus_sb};
    assert_int_equal(judge_weak(&none, true, 256), 0);
    assert_true(metric_of("weak_outcomes")->net == 250000);
    assert_int_equal(metric_of("weak_outcomes")->evidence, TSP_MEASURED);
    assert_string_equal(metric_of("weak_outcomes")->reason, "");
    assert_true(metric_of("iterations")->net == TSP_LITMUS_ITERATIONS);
    assert_int_equal(judge_weak(&none, true, 0), 0);
    assert_true(metric_of("weak_outcomes")->net == 0);
    assert_string_equal(metric_of("weak_outcomes")->reason, "allowed, but not shown here");
}

/* Message passing without its fence: allowed by C11 and by most ISAs, a failure
 * where the ISA keeps order. */
static void a_missing_fence_is_judged_by_the_isa(void **unused) {
    (void)unused;
    const struct tsp_litmus_variant none = {.test = &tsp_litmus_mp};
    assert_int_equal(judge_weak(&none, false, 1), 0);
    assert_true(metric_of("weak_outcomes")->net > 976 && metric_of("weak_outcomes")->net < 977);
    assert_int_equal(judge_weak(&none, true, 1), -1);
    assert_string_equal(verdict_round.reason, "forbidden outcome (flag without data): 1 in 1024, first "
                                              "in iteration 100: "
                                              "P0 (CPU 5), P1 (CPU 6) read 1 0, x=1 y=1 in the end");
}

/* The ISA forbids by itself what C11 leaves open: all but sb and r where order
 * is kept. */
static void the_isa_forbids_what_its_order_excludes(void **unused) {
    (void)unused;
    for (size_t i = 0; i < PROGRAMS; ++i) {
        struct tsp_litmus_variant variant = {.test = programs[i].test};
        assert_false(tsp_litmus_forbids(&variant, false));
        assert_int_equal(tsp_litmus_forbids(&variant, true), !programs[i].tso);
        variant.ordered = true;
        assert_true(tsp_litmus_forbids(&variant, false));
        assert_true(tsp_litmus_forbids(&variant, true));
    }
}

static void iterations_are_neither_lost_nor_invented(void **unused) {
    (void)unused;
    static const struct tsp_kernel kernel = {.family = "barrier"};
    static const struct tsp_case tcase = {.kernel = &kernel};
    static const struct tsp_env env = {.emulated = true};
    static const int cpus[TSP_LITMUS_THREADS] = {-1, -1, -1, -1};
    const struct tsp_litmus_variant variant = {.test = &tsp_litmus_mp};
    struct tsp_litmus_tally tally = {.iterations = TSP_LITMUS_ITERATIONS - 1};
    struct tsp_bench bench = bench_of(&tcase, &env);
    assert_int_equal(tsp_litmus_judge(&bench, &variant, &tally, cpus, false, 1), -1);
    assert_string_equal(verdict_round.reason, "1023 iterations were done, not 1024");
    const struct tsp_litmus_outcome lost = {.x = 0, .y = 1};
    tsp_litmus_count(&tally, variant.test, &lost);
    bench = bench_of(&tcase, &env);
    assert_int_equal(tsp_litmus_judge(&bench, &variant, &tally, cpus, false, 1), -1);
    assert_non_null(strstr(verdict_round.reason, "impossible outcome (values that nobody wrote): 1 in 1024"));
    bench = bench_of(&tcase, &env);
    tally = (struct tsp_litmus_tally){.iterations = TSP_LITMUS_ITERATIONS};
    assert_int_equal(tsp_litmus_judge(&bench, &variant, &tally, cpus, false, 1), 0);
    assert_int_equal(metric_of("weak_outcomes")->evidence, TSP_EMULATED);
}

/* Under an emulator on a host that keeps order the reason is in the record. */
static void what_cannot_be_shown_is_said(void **unused) {
    (void)unused;
    static const struct tsp_kernel kernel = {.shows = TSP_NEEDS_REORDERING};
    static const struct tsp_case tcase = {.kernel = &kernel};
    static const struct tsp_env env = {.emulated = true};
    char caveat[TSP_REASON_MAX];
    struct tsp_bench bench = bench_of(&tcase, &env);
    tsp_report_chance(&bench, "weak_outcomes", 0, 1000);
    assert_string_equal(metric_of("weak_outcomes")->reason,
                        "allowed, but not shown here: needs reordering beyond "
                        "store-load: the emulator's host has none");
    assert_non_null(tsp_case_caveat(&tcase, &env, caveat, sizeof caveat));
    assert_string_equal(caveat, "cannot show what it looks for: needs reordering beyond "
                                "store-load: the emulator's host has none");
    const struct tsp_env hardware = {.features = TSP_NEEDS_REORDERING};
    assert_null(tsp_case_caveat(&tcase, &hardware, caveat, sizeof caveat));
}

/* --- running them
 * --------------------------------------------------------------------------------------------------------------
 */

static void relaxed_0(struct tsp_litmus_slot *slots, struct tsp_litmus_saw *saw, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        litmus_store_relaxed(&slots[i].x, 1);
        TSP_CLOBBER();
        saw[i].a = litmus_load_relaxed(&slots[i].y);
    }
}

static void relaxed_1(struct tsp_litmus_slot *slots, struct tsp_litmus_saw *saw, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        litmus_store_relaxed(&slots[i].y, 1);
        TSP_CLOBBER();
        saw[i].a = litmus_load_relaxed(&slots[i].x);
    }
}

/* A thread that stores nothing. */
static void idle(struct tsp_litmus_slot *slots, struct tsp_litmus_saw *saw, size_t count) {
    (void)slots;
    (void)saw;
    (void)count;
}

/* Runs up to `most` ops of a variant, until its check fails; with starts by the time base when `timed`. */
static int run_variant(const struct tsp_litmus_variant *variant, unsigned most, bool timed) {
    static const struct tsp_kernel kernel = {.family = "barrier"};
    static const struct tsp_case tcase = {.kernel = &kernel};
    static const struct tsp_env env = {.line_bytes = 64};
    struct tsp_bench bench = bench_of(&tcase, &env);
    bench.clock_shared = timed;
    int status = tsp_litmus_setup(&bench, variant);
    assert_int_equal(bench.items, TSP_LITMUS_ITERATIONS);
    for (unsigned ops = 1; status == 0 && ops <= most; ++ops) {
        verdict_round.metric_count = 0; /* of the check before */
        tsp_litmus_before(&bench);
        tsp_litmus_run(bench.state, 1);
        status = tsp_litmus_check(&bench, ops);
    }
    tsp_bench_close(&bench);
    return status;
}

/* An emulator has no vDSO. Its time base may trap, and it need not show what its host does. */
static bool on_hardware(void) {
    return (tsp_features_probe() & TSP_NEEDS_VDSO) != 0;
}

/* Stores do wait behind loads wherever there are two CPUs; not where each access takes a lock of the thread sanitizer's. */
static bool shows_store_buffering(void) {
#if defined(__SANITIZE_THREAD__)
    return false;
#else
    cpu_set_t allowed;
    return on_hardware() && sched_getaffinity(0, sizeof allowed, &allowed) == 0 && CPU_COUNT(&allowed) > 1;
#endif
}

/* Store buffering whose fences were lost, yet which claims to be ordered. */
static void lost_fences_are_seen(void **unused) {
    (void)unused;
    const struct tsp_litmus_variant broken = {&tsp_litmus_sb, true, {relaxed_0, relaxed_1}};
    for (unsigned timed = 0; timed < (TSP_HAS_ISA_CLOCK && on_hardware() ? 2 : 1); ++timed) {
        int status = run_variant(&broken, shows_store_buffering() ? 10000 : 100, timed != 0);
        if (status != 0 || shows_store_buffering()) {
            assert_int_equal(status, -1);
            assert_non_null(strstr(verdict_round.reason, "forbidden outcome (both loads see 0): "));
        }
    }
}

static void a_lost_store_is_seen(void **unused) {
    (void)unused;
    const struct tsp_litmus_variant broken = {&tsp_litmus_sb, true, {relaxed_0, idle}};
    assert_int_equal(run_variant(&broken, 1, false), -1);
    assert_non_null(
        strstr(verdict_round.reason, "impossible outcome (values that nobody wrote): 1024 in 1024"));
}

/* --- messages
 * -------------------------------------------------------------------------------------------------------------------
 */

static int judge_messages(const struct tsp_message_log *logs, uint64_t messages, bool forbidden) {
    static const struct tsp_kernel kernel = {.family = "barrier"};
    static const struct tsp_case tcase = {.kernel = &kernel};
    static const struct tsp_env env = {.line_bytes = 64};
    struct tsp_bench bench = bench_of(&tcase, &env);
    return tsp_message_judge(&bench, logs, messages, forbidden);
}

static void a_word_older_than_its_flag_is_a_violation(void **unused) {
    (void)unused;
    struct tsp_message_log logs[2] = {{.cpu = 3}, {.cpu = 4}};
    unsigned long words[TSP_MESSAGE_WORDS];
    for (unsigned long number = 1; number <= 1000; ++number) {
        for (unsigned i = 0; i < TSP_MESSAGE_WORDS; ++i) {
            words[i] = number;
        }
        words[TSP_MESSAGE_WORDS - 1] -= number == 500 || number == 600 ? 64 : 0;
        tsp_message_log(&logs[1], number, words);
    }
    assert_int_equal(logs[1].received, 1000);
    assert_int_equal(logs[1].violations, 2);
    assert_int_equal(judge_messages(logs, 1000, true), -1);
    assert_string_equal(verdict_round.reason, "2 of 1000 messages were older than their flags; the first was "
                                              "message 500, on CPU 4: its word 6 held 436");
    assert_int_equal(judge_messages(logs, 1000, false), 0);
    assert_true(metric_of("violations")->net == 2000);
    assert_string_equal(metric_of("violations")->reason, "");
}

static void messages_are_neither_lost_nor_older_unseen(void **unused) {
    (void)unused;
    const struct tsp_message_log logs[2] = {{.received = 500}, {.received = 500}};
    assert_int_equal(judge_messages(logs, 1001, true), -1);
    assert_string_equal(verdict_round.reason, "1000 messages were received, not 1001");
    assert_int_equal(judge_messages(logs, 1000, false), 0);
    assert_string_equal(metric_of("violations")->reason, "allowed, but not shown here");
    assert_int_equal(judge_messages(logs, 1000, true), 0);
    assert_string_equal(metric_of("violations")->reason, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_no_interleaving_makes_is_weak),
        cmocka_unit_test(store_load_tests_are_those_that_tso_shows),
        cmocka_unit_test(values_that_nobody_wrote_are_impossible),
        cmocka_unit_test(a_forbidden_outcome_fails_with_its_trace),
        cmocka_unit_test(under_an_emulator_a_forbidden_outcome_is_the_emulators),
        cmocka_unit_test(an_allowed_outcome_is_counted_or_not_shown),
        cmocka_unit_test(a_missing_fence_is_judged_by_the_isa),
        cmocka_unit_test(the_isa_forbids_what_its_order_excludes),
        cmocka_unit_test(iterations_are_neither_lost_nor_invented),
        cmocka_unit_test(what_cannot_be_shown_is_said),
        cmocka_unit_test(lost_fences_are_seen),
        cmocka_unit_test(a_lost_store_is_seen),
        cmocka_unit_test(a_word_older_than_its_flag_is_a_violation),
        cmocka_unit_test(messages_are_neither_lost_nor_older_unseen),
    };
    return cmocka_run_group_tests_name("litmus", tests, NULL, NULL);
}
