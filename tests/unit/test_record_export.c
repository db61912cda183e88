/* The formats for other programs: letter by letter as the golden ones, with emulated numbers marked, and sound whatever the names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>

#include "record/export.h"
#include "record_files.h"
#include "record_sample.h"

#define GOLDEN TSP_SOURCE_DIR "/tests/golden/export/"

/* After a wanted change: TSP_UPDATE_GOLDENS=1 test_record_export, and read the difference. */
static void files_are_as_the_golden_ones(void **unused) {
    (void)unused;
    const char *const names[] = {"hardware", "emulated"};
    const struct tsp_format *formats = NULL;
    size_t count = tsp_format_list(&formats);
    assert_true(count >= 8);
    for (size_t i = 0; i < 2 * count; ++i) {
        const struct tsp_format *format = &formats[i / 2];
        struct tsp_record record;
        char path[256];
        if (strcmp(format->name, "json") == 0 || strcmp(format->name, "csv") == 0) {
            continue; /* test_record_json */
        }
        if (i % 2 == 0) {
            sample_hardware(&record);
        } else {
            sample_emulated(&record);
        }
        (void)snprintf(path, sizeof path, GOLDEN "%s.%s", names[i % 2], format->extension);
        struct text seen = text_of(format->write, &record);
        if (getenv("TSP_UPDATE_GOLDENS") != NULL) {
            text_write(path, seen.bytes, seen.size);
        }
        struct text golden = text_read(path);
        assert_non_null(golden.bytes);
        assert_string_equal(seen.bytes, golden.bytes);
        free(seen.bytes);
        free(golden.bytes);
        tsp_record_free(&record);
    }
}

/* A record of one measured case and one emulated twin of it. */
static void make_twins(struct tsp_record *hardware, struct tsp_record *emulated) {
    struct tsp_record *const both[] = {hardware, emulated};
    for (size_t i = 0; i < 2; ++i) {
        struct tsp_error error;
        memset(both[i], 0, sizeof *both[i]);
        both[i]->results = calloc(1, sizeof *both[i]->results);
        assert_non_null(both[i]->results);
        struct tsp_result *result = sample_case(both[i], "barrier", "fence", "seq-cst", "");
        struct tsp_round *round = sample_round(0, TSP_OK);
        sample_time(round, i == 0 ? TSP_MEASURED : TSP_EMULATED, 20);
        sample_add(result, round);
        assert_int_equal(tsp_result_summarise(result, &error), 0);
    }
}

/* What a tool matches by is another word where an emulator took the time: the two can never stand in one line of a comparison. */
static void emulated_times_never_meet_those_of_hardware(void **unused) {
    (void)unused;
    static const struct {
        writer *write;
        const char *measured;
        const char *emulated;
    } formats[] = {
        {tsp_record_write_google, "\"name\": \"barrier/fence/seq-cst\"",
         "\"name\": \"barrier/fence/seq-cst/emulated\""},
        {tsp_record_write_go, "\t20 ns/op", "\t20 emulated-ns/op"},
        {tsp_record_write_smaller, "\"barrier/fence/seq-cst time p50\", \"unit\": \"ns/op\"",
         "\"barrier/fence/seq-cst time p50 (emulated)\", \"unit\": \"emulated ns/op\""},
        {tsp_record_write_bencher, "\"latency\"", "\"emulated-latency\""},
        {tsp_record_write_junit, "ns/op, measured", "ns/op, emulated"},
        {tsp_record_write_markdown, "| measured |", "| **emulated** |"},
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; ++i) {
        struct tsp_record records[2];
        make_twins(&records[0], &records[1]);
        struct text hardware = text_of(formats[i].write, &records[0]);
        struct text emulated = text_of(formats[i].write, &records[1]);
        assert_non_null(strstr(hardware.bytes, formats[i].measured));
        assert_null(strstr(hardware.bytes, formats[i].emulated));
        assert_non_null(strstr(emulated.bytes, formats[i].emulated));
        assert_null(strstr(emulated.bytes, formats[i].measured));
        free(hardware.bytes);
        free(emulated.bytes);
        tsp_record_free(&records[0]);
        tsp_record_free(&records[1]);
    }
}

/* Names, reasons and numbers that try to break out of each format. */
static void make_odd(struct tsp_record *record) {
    struct tsp_error error;
    memset(record, 0, sizeof *record);
    record->results = calloc(3, sizeof *record->results);
    assert_non_null(record->results);
    SET(record->machine.cpu_model, "CPU \"9\" | <i>\x01\nBenchmarkX 1 1 ns/op");
    struct tsp_result *result = sample_case(record, "odd", "a b\tc\xc2\xa0\x64", "e|f<&>\"`\\", "");
    struct tsp_round *round = sample_round(0, TSP_OK);
    round->ops_per_sample = UINT64_MAX;
    sample_time(round, TSP_MEASURED, 1e300);
    round->metrics[0].description.p99 = (struct tsp_estimate){.value = INFINITY, .lo = NAN, .hi = NAN};
    round->metrics[0].description.p95 = (struct tsp_estimate){.value = NAN, .lo = NAN, .hi = NAN};
    sample_add(result, round);
    assert_int_equal(tsp_result_summarise(result, &error), 0);
    result = sample_case(record, "odd", "nan", "inf", "");
    round = sample_round(0, TSP_OK);
    sample_time(round, TSP_MEASURED, NAN);
    sample_add(result, round);
    assert_int_equal(tsp_result_summarise(result, &error), 0);
    result = sample_case(record, "odd", "names", "threads", "");
    round = sample_round(0, TSP_OK);
    sample_time(round, TSP_MEASURED, 5e-324);
    sample_count(round, "threads", "count/op", TSP_COUNTED, 3); /* as google-benchmark calls something else */
    sample_add(result, round);
    assert_int_equal(tsp_result_summarise(result, &error), 0);
}

static void odd_names_and_numbers_stay_within_their_format(void **unused) {
    (void)unused;
    struct tsp_record record;
    const struct tsp_format *formats = NULL;
    size_t count = tsp_format_list(&formats);
    make_odd(&record);
    for (size_t i = 0; i < count; ++i) {
        struct text text = text_of(formats[i].write, &record);
        const char *dot = strrchr(formats[i].extension, '.');
        if (dot != NULL && strcmp(dot, ".json") == 0) {
            json_t *json = json_loadb(text.bytes, text.size, JSON_REJECT_DUPLICATES, NULL);
            assert_non_null(json); /* which NaN and infinity are not */
            json_decref(json);
        }
        if (strcmp(formats[i].name, "go") == 0) {
            unsigned lines = 0;
            for (const char *c = text.bytes; (c = strstr(c, "\nBenchmark")) != NULL; ++c) {
                ++lines;
            }
            assert_int_equal(lines, 2); /* one that has a value each, and none out of the CPU's name */
            assert_non_null(strstr(text.bytes, "odd/a_b_c_d/e|f"));
            assert_null(strstr(text.bytes, "inf ns"));
            assert_null(strstr(text.bytes, "nan ns"));
        }
        if (strcmp(formats[i].name, "google-benchmark") == 0) {
            assert_non_null(strstr(text.bytes, "\"threads\": 1"));
            assert_non_null(strstr(text.bytes, "\"metric_threads\": 3"));
        }
        if (strcmp(formats[i].name, "junit") == 0) {
            assert_non_null(strstr(text.bytes, "e|f&lt;&amp;&gt;&quot;"));
        }
        if (strcmp(formats[i].name, "markdown") == 0) {
            assert_non_null(strstr(text.bytes, "``odd/"));
            assert_non_null(strstr(text.bytes, "e\\|f"));
        }
        free(text.bytes);
    }
    tsp_record_free(&record);
}

static void a_full_disk_is_told_in_every_format(void **unused) {
    (void)unused;
    struct tsp_record record;
    const struct tsp_format *formats = NULL;
    size_t count = tsp_format_list(&formats);
    sample_hardware(&record);
    for (size_t i = 0; i < count; ++i) {
        struct tsp_error error = {""};
        FILE *full = fopen("/dev/full", "we");
        if (full == NULL) {
            skip();
        }
        assert_int_equal(formats[i].write(&record, full, &error), -1);
        assert_non_null(strstr(error.text, "No space left on device"));
        (void)fclose(full);
    }
    tsp_record_free(&record);
}

static void numbers_are_rounded_without_exponents(void **unused) {
    (void)unused;
    static const struct {
        double value;
        int digits;
        const char *text;
    } cases[] = {{1312.25, 4, "1312"},   {13122.5, 4, "13120"}, {0.00012345, 3, "0.000123"},
                 {-90.3996, 4, "-90.4"}, {0, 4, "0"},           {9.99999, 4, "10"},
                 {NAN, 4, ""},           {INFINITY, 4, ""},     {1e300, 4, "1e300"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        char text[TSP_NUMBER_SIZE];
        assert_string_equal(tsp_export_rounded(cases[i].value, cases[i].digits, text), cases[i].text);
    }
}

/* `transept compare FOLDER` reads records and leaves alone what lies beside them. */
static void other_formats_are_told_by_their_ending(void **unused) {
    (void)unused;
    assert_true(tsp_format_is_other("results/a.google.json"));
    assert_true(tsp_format_is_other("a.csv"));
    assert_false(tsp_format_is_other("a.json"));
    assert_false(tsp_format_is_other("google.json"));
    assert_false(tsp_format_is_other(""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_as_the_golden_ones),
        cmocka_unit_test(emulated_times_never_meet_those_of_hardware),
        cmocka_unit_test(odd_names_and_numbers_stay_within_their_format),
        cmocka_unit_test(a_full_disk_is_told_in_every_format),
        cmocka_unit_test(numbers_are_rounded_without_exponents),
        cmocka_unit_test(other_formats_are_told_by_their_ending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
