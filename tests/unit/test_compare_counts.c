/* Exact counts: out of a record, into a file and back; what is no reference is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "record_files.h"
#include "record_sample.h"
#include "transept/compare.h"

static char folder[64];
static char path[96];

static int make_folder(void **unused) {
    (void)unused;
    folder_make(folder);
    (void)snprintf(path, sizeof path, "%s/new/arm64.counted.json", folder);
    return 0;
}

static int remove_folder(void **unused) {
    (void)unused;
    folder_remove(folder);
    return 0;
}

/* What a file's 12 digits leave of a number. */
static double through_a_file(double value) {
    char text[40];
    (void)snprintf(text, sizeof text, "%.12g", value);
    return strtod(text, NULL);
}

static void digits_become_the_count_again(void **unused) {
    (void)unused;
    const double values[] = {0,
                             1,
                             -1.0 / 256,
                             4.1875,
                             14.00390625,
                             99999 + 3.0 / 256,
                             1234567 + 255.0 / 256,
                             123456789 + 1.0 / 16,
                             12345 + 5.0 / 16384,
                             -77 - 1.0 / 16384,
                             400000000001};
    for (size_t i = 0; i < sizeof values / sizeof *values; ++i) {
        double read = through_a_file(values[i]);
        if (tsp_count_exact(read) != values[i]) {
            fail_msg("%.17g became %.17g", values[i], tsp_count_exact(read));
        }
    }
    assert_true(tsp_count_exact(1.0 / 3) == 1.0 / 3); /* no count: left as it is */
}

/* A record of a counted session that went well: the sample's, with one more of each kind of case. */
static void sample(struct tsp_record *record) {
    sample_emulated(record);
    record->run.interrupted = false;
    struct tsp_result *result = sample_case(record, "abi", "args", "direct", "n=10");
    for (unsigned i = 0; i < 2; ++i) {
        struct tsp_round *round = sample_round(i, TSP_OK);
        sample_count(round, "instructions", "count/op", TSP_COUNTED, 15.0625);
        sample_count(round, "loads", "count/op", TSP_COUNTED, 1 + i); /* not the same in both rounds */
        sample_count(round, "l1d-misses", "count/op", TSP_MODELLED, 1);
        sample_no_count(round, "cycles", TSP_COUNTER_DENIED, "no");
        sample_add(result, round);
    }
    result = sample_case(record, "abi", "args", "direct", "n=9");
    result->status = TSP_SKIPPED;
    SET(result->reason, "needs \"avx2\", which is not here");
    sample_finish(record);
}

/* By way of a file, as every record is read. */
static int read_record(struct tsp_counts *counts, const struct tsp_record *record, struct tsp_error *error) {
    char file[128];
    (void)snprintf(file, sizeof file, "%s/record.json", folder);
    struct text text = text_of(tsp_record_write_json, record);
    text_write(file, text.bytes, text.size);
    free(text.bytes);
    return tsp_counts_read(counts, file, error);
}

static void take(struct tsp_counts *counts) {
    struct tsp_record record;
    struct tsp_error error = {""};
    sample(&record);
    if (read_record(counts, &record, &error) != 0) {
        fail_msg("%s", error.text);
    }
    tsp_record_free(&record);
}

static void exact_counts_are_taken_and_nothing_else(void **unused) {
    (void)unused;
    struct tsp_counts counts;
    take(&counts);
    assert_string_equal(counts.arch, "arm64");
    assert_string_equal(counts.toolchain.of[TSP_TOOLCHAIN_COMPILER], "gcc (Debian 12.2.0-14+deb12u1) 12.2.0");
    assert_string_equal(counts.toolchain.of[TSP_TOOLCHAIN_EMULATOR], "qemu-aarch64 7.2.22");
    assert_string_equal(counts.toolchain.of[TSP_TOOLCHAIN_LIBC], "Debian GLIBC 2.36-9+deb12u13");
    assert_int_equal(counts.case_count, 3);
    assert_string_equal(counts.cases[0].id, "abi/args/direct/n=9");
    const struct tsp_counted_case *counted = tsp_counts_find(&counts, "abi/args/direct/n=10");
    assert_true(counted == &counts.cases[1]);
    assert_int_equal(counted->count_count, 2);
    assert_true(tsp_count_find(counted, "instructions")->value == 15.0625);
    assert_true(tsp_count_find(counted, "loads")->varies);
    assert_null(tsp_count_find(counted, "l1d-misses"));
    counted = tsp_counts_find(&counts, "syscall/getppid/libc");
    assert_int_equal(counted->count_count, 1); /* its time is no count */
    assert_null(tsp_counts_find(&counts, "syscall/getppid/raw"));
    tsp_counts_free(&counts);
}

static void a_file_says_the_same_in_the_same_bytes(void **unused) {
    (void)unused;
    struct tsp_counts counts;
    struct tsp_counts again;
    struct tsp_error error = {""};
    take(&counts);
    assert_int_equal(tsp_counts_save(&counts, path, &error), 0);
    struct text first = text_read(path);
    assert_non_null(strstr(first.bytes, "\n\"abi/args/direct/n=10\": {\"status\": \"ok\", \"counts\": "
                                        "{\"instructions\": 15.0625, \"loads\": \"varies\"}},\n"));
    assert_int_equal(tsp_counts_read(&again, path, &error), 0);
    assert_int_equal(tsp_counts_save(&again, path, &error), 0);
    struct text second = text_read(path);
    assert_string_equal(first.bytes, second.bytes);
    free(first.bytes);
    free(second.bytes);

    struct tsp_exact exact;
    assert_int_equal(tsp_exact_compare(&exact, &counts, &again, &error), 0);
    assert_int_equal(exact.difference_count, 0);
    assert_int_equal(exact.counts, 2);
    tsp_exact_free(&exact);
    assert_int_equal(tsp_counts_keep(&again, "syscall", &error), 0);
    assert_int_equal(again.case_count, 1);
    assert_int_equal(tsp_counts_keep(&again, "/(/", &error), -1);
    tsp_counts_free(&again);
    tsp_counts_free(&counts);
}

typedef void spoiler(struct tsp_record *record);

static void interrupt(struct tsp_record *record) {
    record->run.interrupted = true;
}
static void run_on_hardware(struct tsp_record *record) {
    record->machine.emulated = false;
}
static void forget_the_linker(struct tsp_record *record) {
    record->build.linker[0] = '\0';
}
static void count_nothing(struct tsp_record *record) {
    record->result_count = 0;
}

static void what_is_not_counted_is_refused(void **unused) {
    (void)unused;
    static const struct {
        spoiler *spoil;
        const char *why;
    } spoilt[] = {{interrupt, "interrupted"},
                  {run_on_hardware, "of hardware"},
                  {forget_the_linker, "which compiler and linker"},
                  {count_nothing, "no exact counts: make count ARCH=arm64"}};
    for (size_t i = 0; i < sizeof spoilt / sizeof *spoilt; ++i) {
        struct tsp_record record;
        struct tsp_counts counts;
        struct tsp_error error = {""};
        sample(&record);
        size_t count = record.result_count;
        spoilt[i].spoil(&record);
        assert_int_equal(read_record(&counts, &record, &error), -1);
        assert_non_null(strstr(error.text, spoilt[i].why));
        assert_int_equal(counts.case_count, 0);
        record.result_count = count;
        tsp_record_free(&record);
    }
}

static void a_failure_is_no_reference(void **unused) {
    (void)unused;
    struct tsp_counts counts;
    struct tsp_error error = {""};
    char other[128];
    take(&counts);
    counts.cases[0].status = TSP_FAULTED;
    (void)snprintf(other, sizeof other, "%s/other.json", folder);
    assert_int_equal(tsp_counts_save(&counts, other, &error), -1);
    assert_non_null(strstr(error.text, "abi/args/direct/n=9 is faulted"));
    assert_int_equal(access(other, F_OK), -1);
    tsp_counts_free(&counts);
}

/* One thing changed in a file that was good: the complaint. */
static void damage_is_told(void **unused) {
    (void)unused;
    static const struct {
        const char *old;
        const char *new;
        const char *why;
    } damages[] = {
        {"counts/1", "counts/2", "this transept knows transept.counts/1"},
        {"counts/1\"", "counts/1\",", "not a transept record, or a damaged one"},
        {"\"arch\": \"arm64\"", "\"arch\": 64", "arch: expected a text"},
        {"\"libc\":", "\"lib\":", "toolchain.libc: is missing"},
        {"15.0625", "true",
         "cases.abi/args/direct/n=10.counts.instructions: expected a number or \"varies\""},
        {"\"varies\"", "\"vary\"", "loads: expected a number or \"varies\""},
        {"\"skipped\"", "\"left\"", "unknown word 'left'"},
        {"n=9\"", "n=10\"", "duplicate"},
    };
    struct tsp_counts counts;
    struct tsp_error error = {""};
    take(&counts);
    assert_int_equal(tsp_counts_save(&counts, path, &error), 0);
    tsp_counts_free(&counts);
    struct text good = text_read(path);
    assert_non_null(good.bytes);
    for (size_t i = 0; good.bytes != NULL && i < sizeof damages / sizeof *damages; ++i) {
        const char *at = strstr(good.bytes, damages[i].old);
        assert_non_null(at);
        FILE *stream = fopen(path, "we");
        assert_non_null(stream);
        (void)fprintf(stream, "%.*s%s%s", (int)(at - good.bytes), good.bytes, damages[i].new,
                      at + strlen(damages[i].old));
        assert_int_equal(fclose(stream), 0);
        error.text[0] = '\0';
        assert_int_equal(tsp_counts_read(&counts, path, &error), -1);
        if (strstr(error.text, damages[i].why) == NULL || strstr(error.text, path) == NULL) {
            fail_msg("'%s' lacks '%s' or the file's name", error.text, damages[i].why);
        }
        assert_null(counts.cases);
    }
    free(good.bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_become_the_count_again),
        cmocka_unit_test(exact_counts_are_taken_and_nothing_else),
        cmocka_unit_test(a_file_says_the_same_in_the_same_bytes),
        cmocka_unit_test(what_is_not_counted_is_refused),
        cmocka_unit_test(a_failure_is_no_reference),
        cmocka_unit_test(damage_is_told),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
