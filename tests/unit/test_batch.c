/* From raw times to the cost of an op: exact on made-up traces, steady under spikes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/sampler.h"

static struct tsp_trace make(bool per_op, uint64_t ops) {
    struct tsp_trace trace;
    struct tsp_error error;
    assert_int_equal(tsp_trace_make(&trace, &error), 0);
    trace.per_op = per_op;
    trace.ops = ops;
    return trace;
}

/* A batch of n ops costs fixed + n·op, with a spike now and then. */
static void fill(struct tsp_trace *trace, size_t count, double fixed, double op, double reference) {
    double n = (double)trace->ops;
    for (size_t i = 0; i < count; ++i) {
        double spike = i % 10 == 3 ? 5000 : 0;
        trace->one[i] = fixed + n * op + spike;
        trace->two[i] = fixed + 2 * n * op + (i % 10 == 7 ? 5000 : 0);
        trace->reference_one[i] = fixed + n * reference + (i % 20 == 1 ? 3000 : 0);
        trace->reference_two[i] = fixed + 2 * n * reference;
    }
    trace->count = count;
    trace->reference_count = count;
}

static void a_batch_yields_gross_reference_and_net(void **unused) {
    (void)unused;
    struct tsp_trace trace = make(false, 256);
    struct tsp_round_metric metric = {.unit = "ns/op"};
    struct tsp_error error;
    fill(&trace, 1000, 40, 2.5, 0.5);
    assert_int_equal(tsp_trace_reduce(&trace, &metric, &error), 0);
    assert_float_equal(metric.gross, 2.5, 1e-9);
    assert_float_equal(metric.reference, 0.5, 1e-9);
    assert_float_equal(metric.net, 2.0, 1e-9);
    assert_float_equal(metric.description.p50.value, 2.0, 1e-9);
    assert_int_equal(metric.description.n, 1000);
    assert_int_equal(metric.description.outliers, 100); /* kept and counted */
    assert_float_equal(metric.description.max, 2.0 + 5000.0 / 256, 1e-9);
    assert_float_equal(metric.bias, 0, 0);
    tsp_trace_free(&trace);
}

static void an_op_less_its_bracket_keeps_the_brackets_width(void **unused) {
    (void)unused;
    struct tsp_trace trace = make(true, 1);
    struct tsp_round_metric metric = {.unit = "ns/op"};
    struct tsp_error error;
    for (size_t i = 0; i < 400; ++i) {
        trace.one[i] = 520;
    }
    for (size_t i = 0; i < 101; ++i) {
        trace.reference_one[i] = (double)i; /* median 50, P5 5, P95 95 */
    }
    trace.count = 400;
    trace.reference_count = 101;
    assert_int_equal(tsp_trace_reduce(&trace, &metric, &error), 0);
    assert_float_equal(metric.net, 470, 1e-9);
    assert_float_equal(metric.bias, 90, 1e-9);
    tsp_trace_free(&trace);
}

static void an_empty_kernel_is_nothing_net(void **unused) {
    (void)unused;
    struct tsp_trace trace = make(false, 512);
    struct tsp_round_metric metric = {.unit = "ns/op"};
    struct tsp_error error;
    fill(&trace, 300, 25, 0.25, 0.25);
    assert_int_equal(tsp_trace_reduce(&trace, &metric, &error), 0);
    assert_float_equal(metric.net, 0, 1e-12);
    tsp_trace_free(&trace);
}

static void no_sample_is_an_error_not_a_zero(void **unused) {
    (void)unused;
    struct tsp_trace trace = make(false, 256);
    struct tsp_round_metric metric = {.unit = "ns/op"};
    struct tsp_error error;
    assert_int_equal(tsp_trace_reduce(&trace, &metric, &error), -1);
    assert_true(error.text[0] != '\0');
    tsp_trace_free(&trace);
}

static void batches_are_whole_units_that_last_the_target(void **unused) {
    (void)unused;
    assert_int_equal(tsp_batch_ops(2000, 2000, 256), 256);
    assert_int_equal(tsp_batch_ops(2000, 1999, 256), 512);
    assert_int_equal(tsp_batch_ops(2000, 100, 1024), 20480);
    assert_int_equal(tsp_batch_ops(2000, 1e9, 256), 256); /* never none */
    assert_int_equal(tsp_batch_ops(2000, 0, 512), 1024);  /* a clock that stood still says only: more */
    assert_true(tsp_batch_ops(1e300, 1e-300, 256) <= UINT64_C(1) << 31);
}

static void a_window_agrees_within_one_percent(void **unused) {
    (void)unused;
    double scratch[8];
    const double steady[8] = {100, 101, 99, 100, 100.5, 100, 101, 100};
    const double cooling[8] = {110, 108, 107, 106, 103, 102, 101, 100};
    const double spiked[8] = {100, 100, 9000, 100, 100, 100, 100, 7000};
    assert_true(tsp_window_agrees(steady, 8, scratch));
    assert_false(tsp_window_agrees(cooling, 8, scratch));
    assert_true(tsp_window_agrees(spiked, 8, scratch));
}

static void gaps_are_time_no_op_explains(void **unused) {
    (void)unused;
    struct tsp_trace trace = make(false, 256);
    fill(&trace, 200, 40, 2.5, 0.5); /* every 20th reference takes 3 µs more */
    assert_int_equal(tsp_trace_gaps(&trace), 10);
    tsp_trace_free(&trace);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_yields_gross_reference_and_net),
        cmocka_unit_test(an_op_less_its_bracket_keeps_the_brackets_width),
        cmocka_unit_test(an_empty_kernel_is_nothing_net),
        cmocka_unit_test(no_sample_is_an_error_not_a_zero),
        cmocka_unit_test(batches_are_whole_units_that_last_the_target),
        cmocka_unit_test(a_window_agrees_within_one_percent),
        cmocka_unit_test(gaps_are_time_no_op_explains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
