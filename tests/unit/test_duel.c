/* Duels: who goes first, that the figures stay pairs, what is asked and answered, and what calibration makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "duel/request.h"
#include "near.h"
#include "transept/trial.h"

/* --- the order -------------------------------------------------------------------------------------------------------------------- */

static void a_sweep_takes_each_case_once(void **unused) {
    (void)unused;
    enum { CASES = 37 };
    unsigned first[CASES];
    unsigned other[CASES];
    struct tsp_error error;
    for (unsigned sweep = 0; sweep < 20; ++sweep) {
        bool seen[CASES] = {false};
        assert_int_equal(tsp_duel_sweep(first, CASES, sweep, 7, &error), 0);
        for (unsigned i = 0; i < CASES; ++i) {
            assert_true(first[i] < CASES && !seen[first[i]]);
            seen[first[i]] = true;
        }
        assert_int_equal(tsp_duel_sweep(other, CASES, sweep, 7, &error), 0);
        assert_memory_equal(first, other, sizeof first); /* the seed is all there is to it */
        assert_int_equal(tsp_duel_sweep(other, CASES, sweep + 1, 7, &error), 0);
        assert_memory_not_equal(first, other, sizeof first);
    }
}

static void both_go_first_as_often(void **unused) {
    (void)unused;
    unsigned heads = 0;
    unsigned repeats = 0;
    for (unsigned planned = 0; planned < 50; ++planned) {
        unsigned sum = 0;
        for (unsigned pair = 0; pair < 40; ++pair) {
            unsigned turn = tsp_duel_first_turn(planned, pair, 11);
            assert_true(turn <= 1);
            sum += turn;
            if (pair % 2 == 0) {
                heads += turn;
                assert_int_equal(tsp_duel_first_turn(planned, pair + 1, 11), 1 - turn);
                repeats += pair > 0 && turn == tsp_duel_first_turn(planned, pair - 2, 11);
            }
        }
        assert_int_equal(sum, 20);
    }
    /* 1,000 coins, 950 neighbours: five standard deviations are 79 and 77 */
    assert_in_range(heads, 421, 579);
    assert_in_range(repeats, 398, 552);
}

/* --- pairs ------------------------------------------------------------------------------------------------------------------------ */

static struct tsp_side_case make_place(void) {
    return (struct tsp_side_case){.id = strdup("a/b/c"), .family = strdup("a"), .reason = strdup("")};
}

/* A round whose time has that P50; NAN: one without a time. */
static void make_round(struct tsp_round *round, double p50) {
    memset(round, 0, sizeof *round);
    if (!isnan(p50)) {
        round->metric_count = 1;
        (void)snprintf(round->metrics[0].name, sizeof round->metrics[0].name, "time");
        (void)snprintf(round->metrics[0].unit, sizeof round->metrics[0].unit, "ns/op");
        round->metrics[0].evidence = TSP_MEASURED;
        round->metrics[0].description.p50.value = p50;
    }
}

static void keep(struct tsp_side_case *place, unsigned pair, double p50) {
    struct tsp_question question = {.statistic = TSP_STATISTIC_P50};
    struct tsp_error error;
    struct tsp_round *round = malloc(sizeof *round);
    assert_non_null(round);
    make_round(round, p50);
    assert_int_equal(tsp_duel_keep(place, round, pair, &question, &error), 0);
    assert_int_equal(tsp_duel_fill(place, pair + 1, &error), 0);
    free(round);
}

static void what_a_pair_lacks_leaves_a_gap(void **unused) {
    (void)unused;
    struct tsp_side_case place = make_place();
    keep(&place, 0, NAN);
    keep(&place, 1, 10);
    keep(&place, 2, NAN);
    keep(&place, 3, 12);
    assert_int_equal(place.series_count, 1);
    const struct tsp_series *series = &place.series[0];
    assert_int_equal(series->count, 4);
    assert_true(isnan(series->values[0]) && isnan(series->values[2]));
    assert_true(series->values[1] == 10 && series->values[3] == 12);
    tsp_side_case_free(&place);
}

/* A side of one case with those values. */
static struct tsp_side make_side(const double *values, unsigned count) {
    struct tsp_side side = {.name = strdup("binary"),
                            .record_count = 1,
                            .records = calloc(1, sizeof *side.records),
                            .paths = calloc(1, sizeof *side.paths),
                            .case_count = 1,
                            .cases = calloc(1, sizeof *side.cases)};
    assert_true(side.name != NULL && side.records != NULL && side.paths != NULL && side.cases != NULL);
    side.cases[0] = make_place();
    for (unsigned i = 0; i < count; ++i) {
        keep(&side.cases[0], i, values[i]);
    }
    return side;
}

/* Drift of a factor of two that both sides see, and 3 % between them: lost to unpaired rounds, plain to pairs. */
static const double drift_first[] = {10.0, 12.0, 14.0, 16.0, 18.0, 20.0};
static const double drift_other[] = {10.31, 12.35, 14.43, 16.47, 18.55, 20.58};

static void pairs_see_through_drift(void **unused) {
    (void)unused;
    struct tsp_error error;
    struct tsp_comparison comparison;
    struct tsp_question question = {.threshold = 0.01, .paired = true};
    struct tsp_side first = make_side(drift_first, 6);
    struct tsp_side other = make_side(drift_other, 6);
    assert_int_equal(tsp_comparison_make(&comparison, &first, &other, &question, &error), 0);
    assert_int_equal(comparison.rows[0].verdict, TSP_VERDICT_WORSE);
    assert_near(comparison.rows[0].effect.ratio, 1.03, 0.001);
    assert_true(comparison.rows[0].floor == 0.01);
    tsp_comparison_free(&comparison);
    question.paired = false;
    assert_int_equal(tsp_comparison_make(&comparison, &first, &other, &question, &error), 0);
    assert_int_not_equal(comparison.rows[0].verdict,
                         TSP_VERDICT_WORSE); /* the floor is as wide as the drift */
    tsp_comparison_free(&comparison);
    tsp_side_free(&first);
    tsp_side_free(&other);
}

static void a_gap_costs_its_pair_alone(void **unused) {
    (void)unused;
    struct tsp_error error;
    struct tsp_comparison comparison;
    struct tsp_question question = {.threshold = 0.01, .paired = true};
    double gapped[6];
    memcpy(gapped, drift_other, sizeof gapped);
    gapped[1] = NAN;
    struct tsp_side first = make_side(drift_first, 6);
    struct tsp_side other = make_side(gapped, 6);
    assert_int_equal(tsp_comparison_make(&comparison, &first, &other, &question, &error), 0);
    assert_int_equal(comparison.rows[0].effect.rounds[0], 5);
    assert_int_equal(comparison.rows[0].verdict, TSP_VERDICT_WORSE);
    assert_true(isfinite(comparison.rows[0].value[1]));
    tsp_comparison_free(&comparison);
    tsp_side_free(&first);
    tsp_side_free(&other);
}

/* --- question and answer ---------------------------------------------------------------------------------------------------------- */

static int read_text(struct tsp_duel_request *request, const char *text, struct tsp_error *error) {
    FILE *stream = tmpfile();
    assert_non_null(stream);
    assert_true(fputs(text, stream) >= 0);
    rewind(stream);
    int status = tsp_duel_request_read(request, stream, error);
    (void)fclose(stream);
    return status;
}

static void what_is_asked_is_what_arrives(void **unused) {
    (void)unused;
    struct tsp_error error;
    struct tsp_duel_request read;
    struct tsp_record *record = calloc(1, sizeof *record);
    assert_non_null(record);
    (void)snprintf(record->machine.id, sizeof record->machine.id, "0123456789abcdef");
    (void)snprintf(record->machine.arch, sizeof record->machine.arch, "x86_64");
    (void)snprintf(record->clock.name, sizeof record->clock.name, "tsc");
    record->clock.isa = true;
    record->clock.hz = 2.9e9;
    struct tsp_duel_request asked = {.run = {.seed = UINT64_MAX, .profile = {.time_ms = 10, .warmup_ms = 5}},
                                     .cpu = 3,
                                     .id = "syscall/getppid/raw",
                                     .round = 17,
                                     .like = {.known = true, .per_op = true, .ops_per_sample = 256}};
    json_t *json = tsp_duel_request_encode(&asked, record);
    char *text = json_dumps(json, JSON_COMPACT);
    assert_non_null(text);
    if (read_text(&read, text, &error) != 0) {
        fail_msg("%s", error.text);
    }
    assert_true(read.run.seed == UINT64_MAX && read.run.profile.time_ms == 10 && read.cpu == 3);
    assert_string_equal(read.id, asked.id);
    assert_int_equal(read.round, 17);
    assert_true(read.like.known && read.like.per_op && read.like.ops_per_sample == 256);
    assert_true(read.clock.isa && read.clock.hz == 2.9e9);
    free(text);
    json_decref(json);
    free(record);
}

static void another_protocol_is_refused(void **unused) {
    (void)unused;
    struct tsp_error error;
    struct tsp_duel_request request;
    assert_int_equal(read_text(&request, "{\"schema\": \"transept.duel/2\"}", &error), -1);
    assert_non_null(strstr(error.text, "transept.duel/2, this transept knows transept.duel/1"));
    assert_int_equal(read_text(&request, "hello", &error), -1);
    assert_non_null(strstr(error.text, "not JSON"));
    assert_int_equal(read_text(&request, "{\"schema\": \"transept.duel/1\"}", &error), -1);
    assert_null(strchr(error.text, '\n'));
}

static void what_is_no_transept_is_told_in_a_line(void **unused) {
    (void)unused;
    static const char *const programs[][2] = {{"/bin/true", "answers nothing"},
                                              {"/bin/false", "ended with status 1"},
                                              {"/nonexistent", "cannot start /nonexistent"}};
    struct tsp_error error;
    const struct tsp_run run = {.profile = {.time_ms = 1}};
    for (size_t i = 0; i < sizeof programs / sizeof *programs; ++i) {
        struct tsp_duelist duelist;
        assert_int_equal(tsp_duelist_meet(&duelist, programs[i][0], &run, -1, NULL, &error), -1);
        assert_non_null(strstr(error.text, programs[i][1]));
        tsp_duelist_free(&duelist);
    }
}

/* --- calibration ------------------------------------------------------------------------------------------------------------------ */

static void a_floor_is_what_most_repeats_keep_within(void **unused) {
    (void)unused;
    double ratios[101];
    for (int i = 0; i <= 100; ++i) { /* ±0 … 10 %, in steps of logarithms, either way alike */
        ratios[i] = exp((i % 2 == 0 ? 0.001 : -0.001) * i);
    }
    assert_near(tsp_floor_from(ratios, 101), expm1(0.095), 1e-12);
    double few[] = {1.02, NAN, -1, 0};
    assert_true(isnan(tsp_floor_from(few, 4)));
    double alike[] = {1, 1, 1};
    assert_true(tsp_floor_from(alike, 3) == 0);
}

/* Two cases' duel, whose sides get values by hand. */
static void fill(struct tsp_duel *duel, unsigned side, double centre, double other) {
    for (unsigned pair = 0; pair < 6; ++pair) {
        double swing = 1 + 0.001 * ((pair * 7 % 5) - 2.0);
        keep(&duel->sides[side].cases[0], pair, centre * swing);
        keep(&duel->sides[side].cases[1], pair, other * swing);
    }
}

static struct tsp_side two_cases(void) {
    struct tsp_side side = make_side(NULL, 0);
    side.cases = realloc(side.cases, 2 * sizeof *side.cases);
    assert_non_null(side.cases);
    side.cases[1] = make_place();
    free(side.cases[1].id);
    side.cases[1].id = strdup("a/b/d");
    side.case_count = 2;
    return side;
}

static void a_trial_counts_its_false_alarms(void **unused) {
    (void)unused;
    struct tsp_error error;
    struct tsp_trial trial;
    struct tsp_floors floors = {.of = NULL};
    struct tsp_duel duel = {.sides = {two_cases(), two_cases()}};
    duel.cases = calloc(2, sizeof *duel.cases);
    assert_non_null(duel.cases);
    for (unsigned i = 0; i < 2; ++i) {
        duel.cases[i] = (struct tsp_duel_case){.ids = {duel.sides[0].cases[i].id, duel.sides[1].cases[i].id},
                                               .places = {&duel.sides[0].cases[i], &duel.sides[1].cases[i]}};
    }
    duel.case_count = 2;
    assert_int_equal(tsp_trial_begin(&trial, &duel, 4, 0.01, &error), 0);
    for (unsigned repeat = 0; repeat < 4; ++repeat) {
        tsp_duel_forget(&duel);
        fill(&duel, 0, 10, repeat == 2 ? 22 : 20); /* the second case jumps by 10 %, and back */
        fill(&duel, 1, repeat == 3 ? 10.5 : 10,
             repeat == 2 ? 22 : 20); /* the first differs once within its pairs */
        if (tsp_trial_note(&trial, &error) != 0) {
            fail_msg("%s", error.text);
        }
    }
    assert_int_equal(tsp_trial_floors(&trial, &floors, &error), 0);
    assert_int_equal(floors.paired.judged, 8);
    assert_int_equal(floors.paired.slower, 1);
    assert_int_equal(floors.paired.faster, 0);
    assert_int_equal(floors.between.judged, 6);
    assert_int_equal(floors.between.slower, 1);
    assert_int_equal(floors.between.faster, 1);
    assert_int_equal(floors.count, 2);
    assert_true(tsp_floors_between(&floors, "a/b/c") < 1e-9 && tsp_floors_between(&floors, "a/b/d") > 0.09);
    assert_true(tsp_floors_paired(&floors, "a/b/c") > 0.04 && tsp_floors_paired(&floors, "a/b/d") < 1e-9);
    assert_true(isnan(tsp_floors_between(&floors, "a/b/e")));
    tsp_floors_free(&floors);
    tsp_trial_free(&trial);
    tsp_duel_free(&duel);
}

static void floors_come_back_as_they_were(void **unused) {
    (void)unused;
    struct tsp_error error;
    struct tsp_floors read;
    char folder[] = "/tmp/test_duel-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/floors.json", folder);
    struct tsp_floors floors = {.arch = "arm64",
                                .machine = "0123456789abcdef",
                                .repeats = 20,
                                .rounds = 5,
                                .threshold = 0.01,
                                .between = {100, 2, 1},
                                .of = calloc(2, sizeof *floors.of),
                                .count = 2};
    assert_non_null(floors.of);
    floors.of[0] = (struct tsp_floor){.id = "a/b/n=10", .between = 0.02, .paired = NAN, .repeats = 20};
    floors.of[1] = (struct tsp_floor){.id = "a/b/n=9", .between = 0.03, .paired = 0.001, .repeats = 20};
    assert_int_equal(tsp_floors_save(&floors, path, &error), 0);
    if (tsp_floors_read(&read, path, &error) != 0) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(read.between.slower, 2);
    assert_true(tsp_floors_between(&read, "a/b/n=10") == 0.02 && isnan(tsp_floors_paired(&read, "a/b/n=10")));
    assert_true(tsp_floors_paired(&read, "a/b/n=9") == 0.001);

    struct tsp_floors fresh = {.of = calloc(1, sizeof *fresh.of), .count = 1};
    assert_non_null(fresh.of);
    fresh.of[0] = (struct tsp_floor){.id = "a/b/n=9", .between = 0.5, .paired = 0.5};
    assert_int_equal(tsp_floors_add(&fresh, &read, &error), 0);
    assert_int_equal(fresh.count, 2);
    assert_true(tsp_floors_between(&fresh, "a/b/n=9") == 0.5 &&
                tsp_floors_between(&fresh, "a/b/n=10") == 0.02);
    tsp_floors_free(&fresh);
    tsp_floors_free(&read);

    FILE *stream = fopen(path, "r+");
    assert_non_null(stream);
    char text[4096];
    size_t size = fread(text, 1, sizeof text - 1, stream);
    text[size] = '\0';
    char *digit = strstr(text, "0.02");
    assert_non_null(digit);
    assert_int_equal(fseek(stream, digit + 3 - text, SEEK_SET), 0);
    assert_int_equal(fputc('1', stream), '1');
    (void)fclose(stream);
    assert_int_equal(tsp_floors_read(&read, path, &error), -1);
    assert_non_null(strstr(error.text, "digest"));
    tsp_floors_free(&read);
    tsp_floors_free(&floors);
    (void)unlink(path);
    (void)rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sweep_takes_each_case_once),
        cmocka_unit_test(both_go_first_as_often),
        cmocka_unit_test(what_a_pair_lacks_leaves_a_gap),
        cmocka_unit_test(pairs_see_through_drift),
        cmocka_unit_test(a_gap_costs_its_pair_alone),
        cmocka_unit_test(what_is_asked_is_what_arrives),
        cmocka_unit_test(another_protocol_is_refused),
        cmocka_unit_test(what_is_no_transept_is_told_in_a_line),
        cmocka_unit_test(a_floor_is_what_most_repeats_keep_within),
        cmocka_unit_test(a_trial_counts_its_false_alarms),
        cmocka_unit_test(floors_come_back_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
