/* What others wrote, and what we wrote for them, read back: the same figures, and one clear line about anything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/encode.h"
#include "record/import.h"
#include "record/merge.h"
#include "record_files.h"
#include "record_sample.h"

static char folder[64];
static char input[128];
static char output[128];

/* The file as a record. The caller frees. Fails the test where it is refused. */
static void import_file(struct tsp_record *record) {
    struct tsp_import *import = NULL;
    struct tsp_error error = {""};
    if (tsp_import_read(&import, input, &error) != 0) {
        fail_msg("%s", error.text);
    }
    FILE *stream = fopen(output, "we");
    assert_non_null(stream);
    assert_int_equal(tsp_import_write(import, stream, &error), 0);
    assert_int_equal(fclose(stream), 0);
    tsp_import_free(import);
    if (tsp_record_read_json(record, output, &error) != 0) {
        fail_msg("%s", error.text);
    }
}

static void import_text(struct tsp_record *record, const char *text) {
    text_write(input, text, strlen(text));
    import_file(record);
}

/* The complaint about a text, which must begin with the file's name. Static. */
static const char *complaint(const char *text, size_t size) {
    static struct tsp_error error;
    struct tsp_import *import = NULL;
    text_write(input, text, size);
    error.text[0] = '\0';
    if (tsp_import_read(&import, input, &error) == 0) {
        tsp_import_free(import);
        return "taken";
    }
    assert_null(import);
    assert_null(strchr(error.text, '\n'));
    assert_memory_equal(error.text, input, strlen(input));
    return error.text + strlen(input);
}

static void refused(const char *text, const char *why) {
    const char *seen = complaint(text, strlen(text));
    if (strstr(seen, why) == NULL) {
        fail_msg("'%s' instead of '%s' about: %.200s", seen, why, text);
    }
}

static const struct tsp_metric *metric_of(const struct tsp_record *record, const char *id, const char *name) {
    const struct tsp_result *result = tsp_record_find(record, id);
    for (unsigned i = 0; result != NULL && i < result->metric_count; ++i) {
        if (strcmp(result->metrics[i].name, name) == 0) {
            return &result->metrics[i];
        }
    }
    fail_msg("%s has no %s", id, name);
    return NULL;
}

/* --- our own, there and back ------------------------------------------------------------------------------------------------------ */

static void same_medians(const struct tsp_record *before, const struct tsp_record *after, bool counts) {
    unsigned compared = 0;
    for (size_t i = 0; i < before->result_count; ++i) {
        const struct tsp_result *result = &before->results[i];
        for (unsigned k = 0; result->status == TSP_OK && k < result->metric_count; ++k) {
            const struct tsp_metric *one = &result->metrics[k];
            if (!isfinite(one->p50.value) || (!counts && strcmp(one->name, "time") != 0)) {
                continue;
            }
            const struct tsp_metric *other = metric_of(after, result->id, one->name);
            assert_int_equal(one->evidence, other->evidence);
            assert_string_equal(one->unit, other->unit);
            assert_true(fabs(one->p50.value - other->p50.value) <= 1e-9 * fabs(one->p50.value));
            assert_int_equal(one->rounds, other->rounds);
            assert_int_equal(one->exact, other->exact);
            assert_int_equal(one->nondeterministic, other->nondeterministic);
            if (strcmp(one->name, "time") == 0 && isfinite(one->p95.value)) {
                assert_true(fabs(one->p95.value - other->p95.value) <= 1e-9 * fabs(one->p95.value));
            }
            ++compared;
        }
    }
    assert_true(compared > 0);
}

static void what_is_exported_comes_back(void **unused) {
    (void)unused;
    static const struct {
        writer *write;
        bool counts; /* does the format keep units and evidence of what is not the time? */
    } formats[] = {{tsp_record_write_google, false}, {tsp_record_write_go, true}};
    for (size_t i = 0; i < 4; ++i) {
        struct tsp_record before;
        struct tsp_record after;
        if (i % 2 == 0) {
            sample_hardware(&before);
        } else {
            sample_emulated(&before);
        }
        struct text text = text_of(formats[i / 2].write, &before);
        text_write(input, text.bytes, text.size);
        import_file(&after);
        same_medians(&before, &after, formats[i / 2].counts);
        assert_string_equal(before.machine.arch, after.machine.arch);
        assert_string_equal(before.machine.id, after.machine.id);
        assert_string_equal(before.machine.cpu_model, after.machine.cpu_model);
        assert_string_equal(before.machine.hypervisor, after.machine.hypervisor);
        assert_string_equal(before.machine.kernel, after.machine.kernel);
        assert_int_equal(before.machine.emulated, after.machine.emulated);
        assert_string_equal(before.machine.emulator_version, after.machine.emulator_version);
        assert_string_equal(before.build.compiler, after.build.compiler);
        assert_string_equal(before.build.version, after.build.version);
        assert_string_equal(before.build.flags, after.build.flags);
        assert_string_equal(before.run.version, after.run.version);
        assert_string_equal(before.run.started, after.run.started);
        assert_int_equal(before.machine.page_bytes, after.machine.page_bytes);
        free(text.bytes);
        tsp_record_free(&before);
        tsp_record_free(&after);
    }
}

/* --- google-benchmark's ------------------------------------------------------------------------------------------------------------ */

#define CONTEXT                                                                                                     \
    "{\"context\": {\"date\": \"2024-05-01T12:34:56+02:00\", \"host_name\": \"h\", \"num_cpus\": 8,\n"              \
    " \"caches\": [{\"type\": \"Instruction\", \"level\": 1, \"size\": 1, \"num_sharing\": 1},\n"                   \
    " {\"type\": \"Data\", \"level\": 1, \"size\": 32768, \"num_sharing\": 2}], \"library_version\": \"v1.8.3\",\n" \
    " \"library_build_type\": \"debug\"},\n\"benchmarks\": [\n"
#define ROW(name, time, unit)                                                                                \
    "{\"name\": \"" name "\", \"run_type\": \"iteration\", \"iterations\": 100, \"real_time\": " time        \
    ", \"cpu_time\": 1.5, \"time_unit\": \"" unit "\", \"bytes_per_second\": 3e9, \"x\": 7}"

static void google_benchmark_is_understood(void **unused) {
    (void)unused;
    struct tsp_record record;
    import_text(
        &record,
        CONTEXT ROW("BM_a/64/threads:2", "1.5", "us") ",\n" ROW("BM_a/64/threads:2", "2.5", "us") ",\n" ROW(
            "BM_a/64/threads:2", "3.5",
            "us") ",\n" ROW("BM_b<std::vector<int>, int>", "4",
                            "ns") ",\n"
                                  "{\"name\": \"BM_a/64/threads:2_mean\", \"run_type\": \"aggregate\", \"real_time\": 9},\n"
                                  "{\"name\": \"BM_c\", \"run_type\": \"iteration\", \"error_occurred\": true, "
                                  "\"error_message\": \"no such file\"},\n"
                                  "{\"name\": \"BM_d\", \"run_type\": \"iteration\", \"skipped\": true, "
                                  "\"skip_message\": \"not here\"}\n]}\n");
    assert_int_equal(record.result_count, 4);
    const struct tsp_metric *time = metric_of(&record, "imported/BM_a/64+threads:2", "time");
    assert_string_equal(time->unit, "ns/op");
    assert_int_equal(time->evidence, TSP_MEASURED);
    assert_int_equal(time->rounds, 3);
    assert_true(time->min == 1500 && time->max == 3500);
    assert_true(isfinite(time->p50.lo) && time->p50.lo < time->p50.value);
    assert_string_equal(metric_of(&record, "imported/BM_a/64+threads:2", "bytes_per_second")->unit, "B/s");
    assert_string_equal(metric_of(&record, "imported/BM_a/64+threads:2", "x")->unit, "value");
    assert_true(metric_of(&record, "imported/BM_b<std::vector<int>, int>/plain", "time")->p50.value == 4);
    const struct tsp_result *failed = tsp_record_find(&record, "imported/BM_c/plain");
    assert_int_equal(failed->status, TSP_FAILED);
    assert_string_equal(failed->reason, "no such file");
    const struct tsp_result *skipped = tsp_record_find(&record, "imported/BM_d/plain");
    assert_int_equal(skipped->status, TSP_SKIPPED);
    assert_string_equal(skipped->reason, "not here");
    assert_string_equal(record.run.started, "2024-05-01T10:34:56Z");
    assert_string_equal(record.run.version, "google-benchmark v1.8.3");
    assert_int_equal(record.machine.threads, 8);
    assert_int_equal(record.machine.cache_count, 1);
    assert_int_equal(record.machine.finding_count, 1);
    assert_false(record.run.interrupted);
    assert_non_null(strstr(record.run.imported, "google-benchmark JSON"));
    tsp_record_free(&record);
}

static void damaged_json_is_refused_with_its_line(void **unused) {
    (void)unused;
    refused(CONTEXT ROW("BM_a", "NaN", "ns") "]}", ":6: no sound JSON");
    refused(CONTEXT ROW("BM_a", "Infinity", "ns") "]}", ":6: no sound JSON");
    refused(CONTEXT ROW("BM_a", "1e999", "ns") "]}", ":6: no sound JSON");
    refused(CONTEXT ROW("BM_a", "1e308", "s") "]}", ":6: time of BM_a is too large");
    refused(CONTEXT ROW("BM_a", "-1", "ns") "]}", ":6: real_time of BM_a is no number from 0 on");
    refused(CONTEXT ROW("BM_a", "\"1\"", "ns") "]}", ":6: real_time of BM_a is no number from 0 on");
    refused(CONTEXT ROW("BM_a", "1", "ns") ",\n" ROW("BM_b", "1", "fortnights") "]}",
            ":7: time_unit 'fortnights'");
    refused(CONTEXT ROW("BM_a", "1", "ns") ",\n7]}", "benchmarks[1] is no object");
    refused(CONTEXT ROW("", "1", "ns") "]}", ":6: the benchmark's name is empty");
    refused(CONTEXT "{\"name\": \"BM_a\", \"real_time\": 1, \"cpu_time\": 1}]}", ":6: iterations of BM_a");
    refused(CONTEXT "{\"name\": \"BM_a\", \"real_time\": 1, \"iterations\": 1.5}]}",
            ":6: iterations of BM_a");
    refused(CONTEXT "{\"name\": \"BM_a\", \"iterations\": 1}]}", ":6: real_time of BM_a is missing");
    refused(CONTEXT "{\"name\": \"BM_a\", \"run_type\": \"aggregate\"}]}", "aggregates_only");
    refused(CONTEXT "]}", "no benchmark is there");
    refused("{}", ":1: no google-benchmark JSON: it has no context");
    refused("{\"context\": {}}", "it has no list of benchmarks");
    refused("{\"schema\": \"transept.run/1\"}", "needs no import");
    refused("[1]", "no google-benchmark JSON");
    refused(CONTEXT ROW("a+b/c", "1", "ns") ",\n" ROW("a+b/c", "1", "ns") ",\n" ROW(
                "x/b/c", "1", "ns") ",\n" ROW("x/b+c", "1", "ns") "]}",
            ":9: 'x/b+c' and 'x/b/c' of line 8 would be one case");
}

/* --- Go's --------------------------------------------------------------------------------------------------------------------------- */

static void go_text_is_understood(void **unused) {
    (void)unused;
    struct tsp_record record;
    import_text(&record, "goos: linux\ngoarch: ppc64le\npkg: example.com/sort\ncpu: POWER9\r\n"
                         "Unit widgets assume=exact better=higher\n"
                         "BenchmarkSort\n"
                         "BenchmarkSort/n=64-8 \t 1000\t 2.5 us/op\t 32 B/op\t 3 allocs/op\t 0.5 MB/s\n"
                         "BenchmarkSort/n=64-8 \t 1000\t 1.5e+00 us/op\t 32 B/op\t 3 allocs/op\t 0.5 MB/s\n"
                         "pkg: example.com/other\n"
                         "BenchmarkSort/n=64-8 10 7 sec/op 5 widgets 1e300 huge\n"
                         "PASS\nok  \texample.com/sort\t1.2s\n");
    assert_int_equal(record.result_count, 2);
    assert_string_equal(record.machine.arch, "ppc64el");
    assert_string_equal(record.machine.cpu_model, "POWER9");
    assert_string_equal(record.machine.kernel, "linux");
    assert_string_equal(record.run.version, "go test");
    const char *id = "example.com+sort/Sort/n=64-8";
    assert_int_equal(metric_of(&record, id, "time")->rounds, 2);
    assert_true(metric_of(&record, id, "time")->p50.value == 2000);
    assert_string_equal(metric_of(&record, id, "allocs")->unit, "count/op");
    assert_string_equal(metric_of(&record, id, "B/op")->unit, "B/op");
    assert_string_equal(metric_of(&record, id, "MB/s")->unit, "MB/s");
    id = "example.com+other/Sort/n=64-8";
    assert_true(metric_of(&record, id, "time")->p50.value == 7e9);
    assert_true(metric_of(&record, id, "widgets")->exact);
    assert_int_equal(metric_of(&record, id, "widgets")->evidence, TSP_COUNTED);
    assert_true(metric_of(&record, id, "huge")->p50.value == 1e300);
    tsp_record_free(&record);
}

/* What our writer says of a metric's direction, its reader keeps; of a unit in which less would be better it keeps none. */
static void a_direction_is_kept(void **unused) {
    (void)unused;
    struct tsp_record record;
    import_text(&record, "# transept 0.1.0\n"
                         "Unit fairness-least/most better=higher\nUnit odd/op better=higher\n"
                         "BenchmarkTransept/barrier/locks/mcs\t1\t0.9 fairness-least/most\t3 odd/op\n"
                         "# end of benchmark lines: 1\n");
    const char *id = "barrier/locks/mcs";
    assert_string_equal(metric_of(&record, id, "fairness")->unit, "least/most");
    assert_string_equal(tsp_metric_better(metric_of(&record, id, "fairness")), "higher");
    assert_string_equal(tsp_metric_better(metric_of(&record, id, "odd")), "neither");
    tsp_record_free(&record);
}

static void damaged_text_is_refused_with_its_line(void **unused) {
    (void)unused;
    refused("", ": no benchmark is there");
    refused("BenchmarkA\n", ": no benchmark is there");
    refused("PASS\n", ": no benchmark is there");
    refused("\nBenchmarkA 1 90 ns/op", ":2: the last line has no end; the file is cut");
    refused("BenchmarkA x 90 ns/op\n", ":1: the number of iterations 'x' is no finite number");
    refused("BenchmarkA 0 90 ns/op\n", ":1: the number of iterations is no whole number from 1 on");
    refused("BenchmarkA 1\n", ":1: A has no values");
    refused("BenchmarkA 1 90\n", ":1: the value '90' has no unit");
    refused("BenchmarkA 1 NaN ns/op\n", ":1: the value 'NaN' is no finite number");
    refused("BenchmarkA 1 +Inf ns/op\n", ":1: the value '+Inf' is no finite number");
    refused("BenchmarkA 1 1e999 ns/op\n", ":1: the value '1e999' is no finite number");
    refused("BenchmarkA 1 1e308 s/op\n", ":1: time of A is too large");
    refused("BenchmarkA 1 -1 ns/op\n", ":1: the time of A is negative");
    refused("BenchmarkA 1 1 ns/op 2 us/op\n", ":1: time of A is there twice");
    refused("Benchmark 1 1 ns/op\n", ":1: the benchmark's name is empty");
    refused("Benchmark\xff 1 1 ns/op\n", ":1: the benchmark's name is not text (UTF-8)");
    refused("BenchmarkA 1 1 \xff/op\n", ":1: the unit of A is not text (UTF-8)");
    refused("Unit x y\nBenchmarkA 1 1 ns/op\n", ":1: 'y' is not KEY=VALUE");
    refused("cpu: a\nBenchmarkA 1 1 ns/op\ncpu: b\n", ":3: cpu is 'b' here and 'a' above");
    const char nul[] = "BenchmarkA 1 1 ns/op\nBench\0mark\n";
    assert_non_null(strstr(complaint(nul, sizeof nul - 1), ":2: a NUL byte"));
}

/* --- both --------------------------------------------------------------------------------------------------------------------------- */

/* Not one beginning of a file passes for the whole. */
static void every_truncation_is_refused(void **unused) {
    (void)unused;
    writer *const writers[] = {tsp_record_write_google, tsp_record_write_go};
    for (size_t i = 0; i < 2; ++i) {
        struct tsp_record record;
        sample_hardware(&record);
        struct text text = text_of(writers[i], &record);
        size_t whole = text.size - 1; /* all but the last line's end */
        for (size_t size = 0; size < whole; ++size) {
            if (strcmp(complaint(text.bytes, size), "taken") == 0) {
                fail_msg("the first %zu of %zu bytes were taken", size, text.size);
            }
        }
        assert_string_equal(complaint(text.bytes, text.size), "taken");
        free(text.bytes);
        tsp_record_free(&record);
    }
}

static void names_become_ids(void **unused) {
    (void)unused;
    static const struct {
        const char *name;
        bool ours;
        const char *id;
    } cases[] = {
        {"abi/args-int/direct/n=6/order=seq-cst", true, "abi/args-int/direct/n=6/order=seq-cst"},
        {"abi/args-int/direct/n=6/order=seq-cst", false, "imported/abi/args-int+direct+n=6+order=seq-cst"},
        {"abi/args-int", true, "imported/abi/args-int"},
        {"a//b", true, "imported/a/+b"},
        {"/a", false, "imported/-/a"},
        {"a/", false, "imported/a/plain"},
        {"a\x01", false, "imported/a?/plain"},
        {"a/b/c/d", true, "imported/a/b+c+d"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        struct tsp_result result = {.id = ""};
        tsp_import_name(&result, "", cases[i].name, cases[i].ours);
        assert_string_equal(result.id, cases[i].id);
    }
    char name[400];
    struct tsp_result one = {.id = ""};
    struct tsp_result other = {.id = ""};
    for (size_t i = 0; i < sizeof name - 3; i += 2) {
        memcpy(name + i, "\xc3\xbc", 3); /* ü, to be cut between two */
    }
    tsp_import_name(&one, "", name, false);
    name[sizeof name - 5] = 'x';
    name[sizeof name - 4] = '\0';
    tsp_import_name(&other, "", name, false);
    assert_int_equal(strlen(one.kernel), 47);
    assert_string_not_equal(one.kernel, other.kernel);
}

static int make_folder(void **unused) {
    (void)unused;
    folder_make(folder);
    (void)snprintf(input, sizeof input, "%s/input", folder);
    (void)snprintf(output, sizeof output, "%s/output.json", folder);
    return 0;
}

static int remove_folder(void **unused) {
    (void)unused;
    folder_remove(folder);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_exported_comes_back),
        cmocka_unit_test(google_benchmark_is_understood),
        cmocka_unit_test(damaged_json_is_refused_with_its_line),
        cmocka_unit_test(go_text_is_understood),
        cmocka_unit_test(a_direction_is_kept),
        cmocka_unit_test(damaged_text_is_refused_with_its_line),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(names_become_ids),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
