/* The record's files: byte for byte as the golden ones, the same after reading, and never half written in silence. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record_files.h"
#include "record_sample.h"

#define GOLDEN TSP_SOURCE_DIR "/tests/golden/record/"

static void compare_with_golden(writer *write, const struct tsp_record *record, const char *path) {
    struct text seen = text_of(write, record);
    if (getenv("TSP_UPDATE_GOLDENS") != NULL) {
        text_write(path, seen.bytes, seen.size);
    }
    struct text golden = text_read(path);
    assert_non_null(golden.bytes);
    for (size_t i = 0, line = 1; i < seen.size && i < golden.size; ++i) {
        if (seen.bytes[i] != golden.bytes[i]) {
            print_error("%s:%zu differs at byte %zu: '%.60s' is now '%.60s'\n", path, line, i,
                        golden.bytes + i, seen.bytes + i);
            fail();
        }
        line += seen.bytes[i] == '\n' ? 1 : 0;
    }
    assert_int_equal(seen.size, golden.size);
    free(seen.bytes);
    free(golden.bytes);
}

static void files_are_as_the_golden_ones(void **unused) {
    (void)unused;
    struct tsp_record record;
    sample_hardware(&record);
    compare_with_golden(tsp_record_write_json, &record, GOLDEN "hardware.json");
    compare_with_golden(tsp_record_write_csv, &record, GOLDEN "hardware.csv");
    tsp_record_free(&record);
    sample_emulated(&record);
    compare_with_golden(tsp_record_write_json, &record, GOLDEN "emulated.json");
    compare_with_golden(tsp_record_write_csv, &record, GOLDEN "emulated.csv");
    tsp_record_free(&record);
}

static void what_is_read_is_written_again(void **unused) {
    (void)unused;
    const char *const paths[] = {GOLDEN "hardware.json", GOLDEN "emulated.json"};
    for (size_t i = 0; i < 2; ++i) {
        struct tsp_record record;
        struct tsp_error error = {""};
        if (tsp_record_read_json(&record, paths[i], &error) != 0) {
            fail_msg("%s", error.text);
        }
        struct text golden = text_read(paths[i]);
        struct text seen = text_of(tsp_record_write_json, &record);
        assert_string_equal(seen.bytes, golden.bytes);
        free(seen.bytes);
        free(golden.bytes);
        tsp_record_free(&record);
    }
}

/* The CSV of a record that was read says what the CSV of the record itself said. */
static void csv_survives_reading(void **unused) {
    (void)unused;
    struct tsp_record record;
    struct tsp_error error = {""};
    assert_int_equal(tsp_record_read_json(&record, GOLDEN "hardware.json", &error), 0);
    compare_with_golden(tsp_record_write_csv, &record, GOLDEN "hardware.csv");
    tsp_record_free(&record);
}

/* The structs themselves, where text could hide a loss. */
static void rounds_come_back_whole(void **unused) {
    (void)unused;
    struct tsp_record record;
    struct tsp_error error = {""};
    assert_int_equal(tsp_record_read_json(&record, GOLDEN "hardware.json", &error), 0);
    assert_true(record.run.seed == UINT64_MAX);
    assert_string_equal(record.run.command, "transept run --suite quick --filter 'a,?'");
    assert_int_equal(record.machine.finding_count, 4);
    assert_string_equal(record.machine.features, "fpu sse2 avx2");

    const struct tsp_result *result = tsp_record_find(&record, "syscall/getppid/raw");
    assert_non_null(result);
    assert_int_equal(result->round_count, 3);
    const struct tsp_round *round = &result->rounds[1];
    assert_int_equal(round->index, 1);
    assert_int_equal(round->ops_per_sample, 4096);
    assert_int_equal(round->ops, 1000001);
    assert_true(round->frequency_drift);
    assert_int_equal(round->disturbance.migrations, -1);
    assert_int_equal(round->metric_count, 3);
    assert_true(round->metrics[0].description.sketch[100] > 93.9 &&
                round->metrics[0].description.sketch[100] < 94.1);
    assert_int_equal(round->metrics[0].description.p99.needs, 300);
    assert_int_equal(round->metrics[1].status, TSP_COUNTER_MULTIPLEXED);
    assert_int_equal(result->metrics[1].rounds, 3);

    const struct tsp_result *faulted = tsp_record_find(&record, "align/load/u128/offset=1");
    assert_non_null(faulted);
    assert_int_equal(faulted->rounds[1].metric_count, 1); /* what was found before the fault */
    assert_null(tsp_record_find(&record, "no/such/case"));
    tsp_record_free(&record);
}

static void a_full_disk_is_an_error(void **unused) {
    (void)unused;
    struct tsp_record record;
    sample_hardware(&record);
    writer *const writers[] = {tsp_record_write_json, tsp_record_write_csv};
    for (size_t i = 0; i < 2; ++i) {
        struct tsp_error error = {""};
        FILE *full = fopen("/dev/full", "we");
        assert_non_null(full);
        assert_int_equal(writers[i](&record, full, &error), -1);
        assert_non_null(strstr(error.text, "No space left on device"));
        fclose(full);
    }
    tsp_record_free(&record);
}

/* tests/cli/test_record_locale.sh makes such a locale; on its own this test depends on what is installed. */
static void a_decimal_comma_changes_nothing(void **unused) {
    (void)unused;
    if (setlocale(LC_NUMERIC, "de_DE.UTF-8") == NULL) {
        print_message("skipped: the locale de_DE.UTF-8 is not installed\n");
        skip();
    }
    char number[8];
    (void)snprintf(number, sizeof number, "%.1f", 0.5);
    assert_string_equal(number, "0,5");
    files_are_as_the_golden_ones(NULL);
    what_is_read_is_written_again(NULL);
    (void)setlocale(LC_NUMERIC, "C");
}

static void formats_are_found_by_name(void **unused) {
    (void)unused;
    const struct tsp_format *formats = NULL;
    assert_int_equal(tsp_format_list(&formats), 8);
    assert_ptr_equal(tsp_format_find("json"), &formats[0]);
    assert_string_equal(tsp_format_find("csv")->extension, "csv");
    assert_string_equal(tsp_format_find("google-benchmark")->extension, "google.json");
    assert_null(tsp_format_find("JSON"));
}

static void the_build_describes_itself(void **unused) {
    (void)unused;
    struct tsp_build build;
    tsp_build_describe(&build);
    assert_true(strcmp(build.compiler, "gcc") == 0 || strcmp(build.compiler, "clang") == 0);
    assert_true(build.version[0] >= '0' && build.version[0] <= '9');
    assert_int_equal(build.optimisation[0], '-');
    assert_non_null(strstr(build.release, build.version)); /* the compiler's own line has it too */
    assert_non_null(strstr(build.target, "linux"));
    assert_true(strpbrk(build.linker, "0123456789") != NULL);
    assert_int_equal(build.gsl[0], '2');
    assert_int_equal(strncmp(build.hwloc, "API 2.", 6), 0);
    assert_int_equal(strncmp(build.libpfm4, "API 4.", 6), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_as_the_golden_ones), cmocka_unit_test(what_is_read_is_written_again),
        cmocka_unit_test(csv_survives_reading),         cmocka_unit_test(rounds_come_back_whole),
        cmocka_unit_test(a_full_disk_is_an_error),      cmocka_unit_test(a_decimal_comma_changes_nothing),
        cmocka_unit_test(formats_are_found_by_name),    cmocka_unit_test(the_build_describes_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
