/* How ops are counted, by counters that the test moves by hand: a page that nobody need ring for, and bodies that add to it what they cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake_perf.h"
#include "measure/count.h"
#include "measure/counters.h"

enum { COST = 10, LOOP = 2 };

struct image {
    struct tsp_page_header header;
    struct tsp_page_counter counter;
    unsigned char gap[TSP_PAGE_ALIGN - sizeof(struct tsp_page_header) - sizeof(struct tsp_page_counter)];
    uint64_t block[TSP_PAGE_ALIGN / sizeof(uint64_t)];
};

/* A case whose ops get dearer the more of them were done since its last rewind. */
struct work {
    struct image *image;
    struct fake_perf perf;
    struct tsp_counters *counters;
    uint64_t done; /* ops since the case was rewound */
    uint64_t ops;  /* in all */
    unsigned batches;
    unsigned odd_batch;  /* this one costs one more */
    uint64_t dear_until; /* ops before this one cost one more */
    bool dearer;         /* op i since the last rewind costs i more */
};

static void body(void *state, uint64_t ops) {
    struct work *work = state;
    work->batches += 1;
    uint64_t cost = work->batches == work->odd_batch ? 1 : 0;
    for (uint64_t i = 0; i < ops; ++i) {
        cost += COST + LOOP + (work->dearer ? work->done : 0) + (work->ops < work->dear_until ? 1 : 0);
        work->done += 1;
        work->ops += 1;
    }
    work->image->block[0] += cost;
}

static void reference(void *state, uint64_t ops) {
    ((struct work *)state)->image->block[0] += LOOP * ops;
}

static void rewind_work(struct tsp_bench *bench) {
    ((struct work *)bench->state)->done = 0;
}

static void before(struct tsp_bench *bench) {
    (void)bench;
}

static const struct tsp_kernel plain = {.kernel = "plain", .mode = TSP_MODE_BATCHED, .run = body};
static const struct tsp_kernel rewound = {
    .kernel = "rewound", .mode = TSP_MODE_BATCHED, .run = body, .rewind = rewind_work};
static const struct tsp_kernel varying = {
    .kernel = "varying", .mode = TSP_MODE_BATCHED, .run = body, .counts_vary = true};
static const struct tsp_kernel single = {
    .kernel = "single", .mode = TSP_MODE_PER_OP, .run = body, .before = before, .rewind = rewind_work};

/* The page as an emulator would have made it, of no process in particular. */
static int begin(void **state) {
    struct work *work = calloc(1, sizeof *work);
    assert_non_null(work);
    char path[] = "/tmp/test_count_XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, sizeof *work->image), 0);
    work->image = mmap(NULL, sizeof *work->image, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_ptr_not_equal(work->image, MAP_FAILED);
    memcpy(work->image->header.magic, TSP_PAGE_MAGIC, sizeof work->image->header.magic);
    work->image->header.order = TSP_PAGE_ORDER;
    work->image->header.version = TSP_PAGE_VERSION;
    work->image->header.counter_count = 1;
    work->image->header.block_count = 1;
    work->image->header.block_bytes = TSP_PAGE_ALIGN;
    work->image->header.blocks_offset = TSP_PAGE_ALIGN;
    work->image->header.blocks_used = 1;
    work->image->counter = (struct tsp_page_counter){.name = "instructions", .evidence = TSP_PAGE_COUNTED};
    fake_perf_make(&work->perf);
    struct tsp_error error;
    static const struct tsp_verdicts none;
    assert_int_equal(
        tsp_counters_open_on(&work->counters, "none", &none, &work->perf.kernel, NULL, path, &error), 0);
    assert_int_equal(tsp_counters_count(work->counters), 1);
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(path), 0);
    *state = work;
    return 0;
}

static int end(void **state) {
    struct work *work = *state;
    tsp_counters_close(work->counters);
    (void)munmap(work->image, sizeof *work->image);
    free(work);
    return 0;
}

/* The metric of a counted kernel; the caller frees the round. */
static struct tsp_round *count(struct work *work, const struct tsp_kernel *kernel, unsigned repetitions) {
    struct tsp_bench bench = {.state = work, .items = 1, .kernel = kernel};
    struct tsp_subject subject = {.bench = &bench, .body = kernel->run, .reference = reference};
    struct tsp_round *round = calloc(1, sizeof *round);
    assert_non_null(round);
    struct tsp_error error;
    assert_int_equal(tsp_count_events(&subject, work->counters, repetitions, false, round, &error), 0);
    assert_int_equal(round->metric_count, 1);
    assert_int_equal(subject.ops, work->ops); /* what check will be told */
    return round;
}

static void assert_count(struct tsp_round *round, double net, bool exact) {
    const struct tsp_round_metric *metric = &round->metrics[0];
    assert_int_equal(metric->exact, exact);
    assert_int_equal(metric->nondeterministic, !exact);
    if (metric->net < net || metric->net > net) {
        fail_msg("net %g, not %g", metric->net, net);
    }
    free(round);
}

static void counts_that_agree_are_few(void **state) {
    struct work *work = *state;
    assert_count(count(work, &plain, 0), COST, true);
    assert_int_equal(work->batches, 1 + 2 * TSP_REPETITIONS_AGREEING); /* one to try, then n and 2n each */
}

static void counts_that_differ_are_taken_to_the_end(void **state) {
    struct work *work = *state;
    work->odd_batch = 1 + 2 * TSP_REPETITIONS_AGREEING; /* the last that would have been looked at */
    assert_count(count(work, &plain, 0), COST, false);
    assert_int_equal(work->batches, 1 + 2 * TSP_REPETITIONS);
}

static void as_many_as_were_asked_for_are_counted(void **state) {
    struct work *work = *state;
    assert_count(count(work, &plain, TSP_REPETITIONS_AGREEING + 3), COST, true);
    assert_int_equal(work->batches, 1 + 2 * (TSP_REPETITIONS_AGREEING + 3));
}

static void a_pmu_beside_them_takes_all_repetitions(void **state) {
    struct work *work = *state;
    tsp_counters_close(work->counters);
    work->counters = NULL;
    struct tsp_error error;
    static const struct tsp_verdicts none;
    assert_int_equal(tsp_counters_open_on(&work->counters, "instructions:u", &none, &work->perf.kernel, NULL,
                                          NULL, &error),
                     0);
    free(count(work, &plain, 0));
    assert_int_equal(work->batches, 1 + 2 * TSP_REPETITIONS);
}

/* With ops 0 … 2n-1 and 0 … n-1 the latter half remains: n more ops, of n … 2n-1. */
static void each_batch_begins_where_the_case_began(void **state) {
    struct work *work = *state;
    work->dearer = true;
    const double n = TSP_BATCH_UNIT;
    assert_count(count(work, &rewound, 0), COST + n + (n - 1) / 2, true);
    assert_int_equal(work->batches, 1 + 2 * TSP_REPETITIONS_AGREEING);
}

static void without_going_back_the_same_case_is_no_exact_one(void **state) {
    struct work *work = *state;
    work->dearer = true;
    struct tsp_round *round = count(work, &plain, 0);
    assert_true(round->metrics[0].nondeterministic && !round->metrics[0].exact);
    free(round);
}

static void turns_of_threads_are_never_held_to_be_exact(void **state) {
    struct work *work = *state;
    assert_count(count(work, &varying, 0), COST, false);
    assert_int_equal(work->batches, 1 + 2 * TSP_REPETITIONS_AGREEING); /* no more of what never will be */
}

static void how_ops_were_counted_is_told_where_no_time_was_taken(void **state) {
    struct work *work = *state;
    struct tsp_round *batched = count(work, &plain, 0);
    assert_false(batched->per_op);
    assert_int_equal(batched->ops_per_sample, TSP_BATCH_UNIT);
    free(batched);
    work->ops = 0;
    struct tsp_round *alone = count(work, &single, 0);
    assert_true(alone->per_op);
    assert_int_equal(alone->ops_per_sample, 1);
    free(alone);
}

static void ops_alone_are_rewound_and_settle_first(void **state) {
    struct work *work = *state;
    work->dearer = true;
    work->dear_until = 3; /* ops that are not counted */
    struct tsp_round *round = count(work, &single, 0);
    assert_true(round->metrics[0].gross >= COST + LOOP && round->metrics[0].gross <= COST + LOOP);
    assert_count(round, COST, true);
    assert_int_equal(work->ops, 3 + TSP_REPETITIONS_AGREEING);
}

static void one_that_does_not_settle_is_marked(void **state) {
    struct work *work = *state;
    work->dear_until = 4;
    assert_count(count(work, &single, 0), COST, false);
    assert_int_equal(work->ops, 3 + TSP_REPETITIONS);
}

static void a_case_may_say_of_itself_that_its_counts_vary(void **state) {
    struct work *work = *state;
    struct tsp_bench bench = {.state = work, .items = 1, .kernel = &plain};
    struct tsp_subject subject = {.bench = &bench, .body = body, .reference = reference};
    struct tsp_round *round = calloc(1, sizeof *round);
    assert_non_null(round);
    struct tsp_error error;
    tsp_counts_vary(&bench);
    assert_int_equal(tsp_count_events(&subject, work->counters, 0, false, round, &error), 0);
    assert_count(round, COST, false);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(counts_that_agree_are_few),
        TEST(counts_that_differ_are_taken_to_the_end),
        TEST(as_many_as_were_asked_for_are_counted),
        TEST(a_pmu_beside_them_takes_all_repetitions),
        TEST(each_batch_begins_where_the_case_began),
        TEST(without_going_back_the_same_case_is_no_exact_one),
        TEST(turns_of_threads_are_never_held_to_be_exact),
        TEST(how_ops_were_counted_is_told_where_no_time_was_taken),
        TEST(ops_alone_are_rewound_and_settle_first),
        TEST(one_that_does_not_settle_is_marked),
        TEST(a_case_may_say_of_itself_that_its_counts_vary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
