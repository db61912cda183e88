/* The report's data: what goes in, what is never held against each other, and that no text of a record can become part of the page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "record/encode.h"
#include "record_files.h"
#include "record_sample.h"
#include "transept/report.h"

static char folder[64];

static const char *in_folder(const char *name) {
    static char paths[8][160];
    static unsigned next;
    char *path = paths[next++ % 8];
    (void)snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static int make_folder(void **unused) {
    (void)unused;
    folder_make(folder);
    return 0;
}

static int remove_folder(void **unused) {
    (void)unused;
    folder_remove(folder);
    return 0;
}

static void keep(const char *path, const struct tsp_record *record) {
    struct text text = text_of(tsp_record_write_json, record);
    text_write(path, text.bytes, text.size);
    free(text.bytes);
}

static void keep_text(const char *path, const char *text) {
    text_write(path, text, strlen(text));
}

/* A record of the samples, changed a little; `change` may be NULL. */
static const char *record_file(const char *name, void (*fill)(struct tsp_record *),
                               void (*change)(struct tsp_record *)) {
    struct tsp_record record;
    const char *path = in_folder(name);
    fill(&record);
    if (change != NULL) {
        change(&record);
    }
    keep(path, &record);
    tsp_record_free(&record);
    return path;
}

static json_t *document_of(size_t count, const char *const *records) {
    struct tsp_report_inputs inputs = {.record_count = count};
    struct tsp_error error = {""};
    json_t *document = NULL;
    memcpy((void *)inputs.records, (const void *)records, count * sizeof *records);
    if (tsp_report_document(&document, &inputs, &error) != 0) {
        fail_msg("%s", error.text);
    }
    return document;
}

static json_t *case_of(const json_t *document, size_t record, const char *id) {
    size_t index;
    json_t *one;
    json_t *cases = json_object_get(json_array_get(json_object_get(document, "records"), record), "cases");
    json_array_foreach(cases, index, one) {
        if (strcmp(json_string_value(json_object_get(one, "id")), id) == 0) {
            return one;
        }
    }
    fail_msg("no case %s", id);
    return NULL;
}

static json_t *member(json_t *object, const char *path) {
    char name[64];
    for (const char *rest = path; *rest != '\0' && object != NULL;) {
        size_t length = strcspn(rest, "/");
        (void)snprintf(name, sizeof name, "%.*s", (int)length, rest);
        object = json_is_array(object) ? json_array_get(object, (size_t)strtoul(name, NULL, 10))
                                       : json_object_get(object, name);
        rest += length + (rest[length] == '/');
    }
    return object;
}

/* --- pooling ------------------------------------------------------------------------------------------------------------------- */

static void fill_uniform(double points[TSP_SKETCH_POINTS], double low, double high) {
    for (unsigned i = 0; i < TSP_SKETCH_POINTS; ++i) {
        points[i] = low + (high - low) * i / (TSP_SKETCH_POINTS - 1);
    }
}

static void test_one_round_is_itself(void **unused) {
    (void)unused;
    double points[TSP_SKETCH_POINTS];
    double pooled[TSP_SKETCH_POINTS];
    fill_uniform(points, 10, 20);
    const struct tsp_report_sketch sketch = {points, 50};
    assert_true(tsp_report_pool(pooled, &sketch, 1));
    for (unsigned i = 0; i < TSP_SKETCH_POINTS; ++i) {
        assert_near(pooled[i], points[i], 0.03);
    }
    assert_true(pooled[0] == 10 && pooled[TSP_SKETCH_POINTS - 1] == 20);
}

/* Two rounds apart, one with three times as many samples: the quarter between them, and a quantile within each. */
static void test_rounds_by_weight(void **unused) {
    (void)unused;
    double slow[TSP_SKETCH_POINTS];
    double fast[TSP_SKETCH_POINTS];
    double pooled[TSP_SKETCH_POINTS];
    fill_uniform(fast, 0, 1);
    fill_uniform(slow, 100, 101);
    const struct tsp_report_sketch sketches[] = {{slow, 300}, {fast, 100}, {fast, 0}};
    assert_true(tsp_report_pool(pooled, sketches, 3));
    assert_near(pooled[12], 0.48, 0.05);
    assert_true(pooled[24] < 1.01 && pooled[26] > 99.99);
    assert_near(pooled[62], 100.49, 0.05);
    assert_true(pooled[100] == 101);
    for (unsigned i = 1; i < TSP_SKETCH_POINTS; ++i) {
        assert_true(pooled[i] >= pooled[i - 1]);
    }
    assert_false(tsp_report_pool(pooled, sketches + 2, 1));
    assert_false(tsp_report_pool(pooled, sketches, 0));
}

/* --- what goes in -------------------------------------------------------------------------------------------------------------- */

static void test_what_a_case_keeps(void **unused) {
    (void)unused;
    json_t *document = document_of(1, (const char *[]){record_file("a.json", sample_hardware, NULL)});
    json_t *timed = case_of(document, 0, "syscall/getppid/raw");
    assert_string_equal(json_string_value(member(timed, "metrics/time/evidence")), "measured");
    assert_string_equal(json_string_value(member(timed, "metrics/time/interval")), "across-rounds");
    assert_near(json_number_value(member(timed, "metrics/time/p50/0")), 90.4, 0.001);
    assert_true(json_number_value(member(timed, "metrics/time/p50/1")) < 90.4);
    assert_int_equal(json_integer_value(member(timed, "metrics/time/p99/needs")), 300);
    assert_null(member(timed, "metrics/cycles:k"));           /* denied: told of once, with the machine */
    assert_true(json_is_null(member(timed, "distribution"))); /* of batch means */

    json_t *counted = case_of(document, 0, "abi/args-int/direct/n=6/order=seq-cst/pad=08");
    assert_true(json_number_value(member(counted, "metrics/instructions/exact")) > 3.333333333 &&
                json_number_value(member(counted, "metrics/instructions/exact")) < 3.333333334);
    assert_string_equal(json_string_value(member(counted, "metrics/loads/interval")), "range");
    assert_string_equal(json_string_value(member(counted, "params/pad")), "08");

    json_t *skipped = case_of(document, 0, "barrier/fence/dmb-ish");
    assert_string_equal(json_string_value(member(skipped, "status")), "skipped");
    assert_non_null(strstr(json_string_value(member(skipped, "reason")), "needs ARM64"));
    json_t *faulted = case_of(document, 0, "align/load/u128/offset=1");
    assert_string_equal(json_string_value(member(faulted, "status")), "faulted");
    assert_null(member(document, "differences/0"));
    json_decref(document);
}

static void test_distribution_of_single_ops(void **unused) {
    (void)unused;
    json_t *document = document_of(1, (const char *[]){record_file("a.json", sample_hardware, NULL)});
    json_t *distribution = member(case_of(document, 0, "insert/putall/swar/n=64"), "distribution");
    assert_int_equal(json_array_size(distribution), TSP_SKETCH_POINTS);
    /* of rounds around 1280 and 1344, whose sketches reach from 0.96 to 1.04 of that */
    assert_near(json_number_value(json_array_get(distribution, 0)), 1280 * 0.96, 0.06);
    assert_near(json_number_value(json_array_get(distribution, 100)), 1344 * 1.04, 0.06);
    assert_near(json_number_value(json_array_get(distribution, 50)), 1312, 5);
    assert_int_equal(json_integer_value(member(case_of(document, 0, "insert/putall/swar/n=64"), "cpus/1")),
                     3);
    json_decref(document);
}

/* --- what is held against each other ------------------------------------------------------------------------------------------- */

static void make_other_machine(struct tsp_record *record) {
    SET(record->machine.arch, "arm64");
    SET(record->machine.id, "00c0ffee00000000");
    SET(record->machine.cpu_model, "Other CPU");
}

static void make_slower(struct tsp_record *record) {
    struct tsp_error error;
    make_other_machine(record);
    for (size_t i = 0; i < record->result_count; ++i) {
        struct tsp_result *result = &record->results[i];
        for (unsigned r = 0; r < result->round_count && strcmp(result->kernel, "getppid") == 0; ++r) {
            sample_description(&result->rounds[r].metrics[0].description, 180.2 + 0.5 * r);
        }
        for (unsigned r = 0; r < result->round_count && strcmp(result->kernel, "args-int") == 0; ++r) {
            result->rounds[r].metrics[1].description.p50.value = 9;
        }
        assert_int_equal(tsp_result_summarise(result, &error), 0);
    }
}

static json_t *row_of(json_t *rows, const char *id, const char *metric) {
    size_t index;
    json_t *row;
    json_array_foreach(rows, index, row) {
        if (strcmp(json_string_value(json_object_get(row, "case")), id) == 0 &&
            strcmp(json_string_value(json_object_get(row, "metric")), metric) == 0) {
            return row;
        }
    }
    return NULL;
}

static void test_difference_of_isas(void **unused) {
    (void)unused;
    json_t *document = document_of(2, (const char *[]){record_file("a.json", sample_hardware, NULL),
                                                       record_file("b.json", sample_hardware, make_slower)});
    json_t *row = row_of(member(document, "differences/0/time/rows"), "syscall/getppid/raw", "time");
    assert_string_equal(json_string_value(member(row, "verdict")), "slower");
    assert_near(json_number_value(member(row, "ratio/0")), 180.7 / 90.4, 0.001);
    assert_true(json_number_value(member(row, "ratio/1")) > 1.9);
    assert_int_equal(json_integer_value(member(row, "rounds/0")), 3);
    assert_int_equal(json_integer_value(member(document, "differences/0/time/tally/worse")), 1);

    /* Counts exactly, those that differ alone; one that varies is never compared. */
    const char *id = "abi/args-int/direct/n=6/order=seq-cst/pad=08";
    json_t *rows = member(document, "differences/0/counts/rows");
    assert_int_equal(json_array_size(rows), 1);
    row = row_of(rows, id, "stores");
    assert_string_equal(json_string_value(member(row, "verdict")), "more");
    assert_true(json_number_value(member(row, "ratio/0")) == 1.5 &&
                json_number_value(member(row, "ratio/2")) == 1.5);
    assert_int_equal(json_integer_value(member(document, "differences/0/counts/tally/same")), 2);
    json_decref(document);
}

/* The same case as hardware's. */
static void make_raw(struct tsp_record *record) {
    SET(record->results[0].id, "syscall/getppid/raw");
    SET(record->results[0].variant, "raw");
}

static void test_emulated_times_have_no_ratio(void **unused) {
    (void)unused;
    size_t index;
    json_t *row;
    const char *hardware = record_file("a.json", sample_hardware, NULL);
    const char *emulated = record_file("e.json", sample_emulated, make_raw);
    json_t *document = document_of(2, (const char *[]){hardware, emulated});
    row = row_of(member(document, "differences/0/time/rows"), "syscall/getppid/raw", "time");
    assert_non_null(strstr(json_string_value(member(row, "remark")), "never compared"));
    assert_string_equal(json_string_value(member(row, "verdict")), "none");
    json_array_foreach(member(document, "differences/0/time/rows"), index, row) {
        assert_null(member(row, "ratio"));
    }
    assert_true(json_integer_value(member(document, "differences/0/time/tally/worse")) == 0 &&
                json_integer_value(member(document, "differences/0/time/tally/better")) == 0);
    json_decref(document);
}

/* --- trends -------------------------------------------------------------------------------------------------------------------- */

#define SERIES                                                                                                                     \
    "{\"case\":\"a/b/c\",\"metric\":\"time\",\"unit\":\"ns/op\",\"evidence\":\"measured\",\"arch\":\"x86_64\",\"machine\":\"00\"," \
    "\"points\":[%s],\"band\":{\"lo\":1,\"hi\":2},\"changes\":[%s]}"
#define POINT                                                                                                \
    "{\"run\":\"r\",\"started\":\"2024-05-01T12:34:56Z\",\"commit\":null,\"p50\":1.5,\"lo\":1.4,\"hi\":null,\"n\":9}"
#define GAP    "{\"run\":\"r\",\"started\":\"2024-05-02T12:34:56Z\",\"p50\":null,\"reason\":\"faulted\"}"
#define CHANGE "{\"index\":%s,\"run\":\"r\",\"from\":1,\"to\":2,\"p\":0.001}"

static int read_trend(const char *schema, const char *point, const char *index, struct tsp_error *error) {
    char text[2048];
    char series[1024];
    char change[128];
    const struct tsp_report_inputs inputs = {.trend_count = 1, .trends = {in_folder("trend.json")}};
    json_t *document = NULL;
    (void)snprintf(change, sizeof change, CHANGE, index);
    (void)snprintf(series, sizeof series, SERIES, point, change);
    (void)snprintf(text, sizeof text, "{\"schema\":\"%s\",\"series\":[%s]}", schema, series);
    keep_text(inputs.trends[0], text);
    int status = tsp_report_document(&document, &inputs, error);
    if (status == 0) {
        assert_string_equal(json_string_value(member(document, "trends/0/case")), "a/b/c");
    }
    json_decref(document);
    return status;
}

static void test_trends(void **unused) {
    (void)unused;
    struct tsp_error error;
    assert_int_equal(read_trend("transept.trend/1", POINT "," POINT, "1", &error), 0);
    assert_int_equal(read_trend("transept.trend/2", POINT, "0", &error), -1);
    assert_non_null(strstr(error.text, "transept history trend"));
    assert_int_equal(read_trend("transept.trend/1", POINT "," GAP, "1", &error),
                     0); /* a run without a value */
    assert_int_equal(read_trend("transept.trend/1", "{\"started\":\"x\",\"p50\":\"1\"}", "0", &error), -1);
    assert_non_null(strstr(error.text, "`points` of its series 1"));
    assert_int_equal(read_trend("transept.trend/1", "", "0", &error), -1);
    assert_int_equal(read_trend("transept.trend/1", POINT, "1", &error), -1); /* behind the last point */
    assert_non_null(strstr(error.text, "`changes`"));
    assert_int_equal(read_trend("transept.trend/1", POINT, "-1", &error), -1);
}

/* --- the page ------------------------------------------------------------------------------------------------------------------ */

#define MARK "<meta name=\"generator\" content=\"transept report 1\">"
#define SLOT "@TRANSEPT-REPORT-DATA@"

static void make_hostile(struct tsp_record *record) {
    SET(record->machine.cpu_model, "</script><script>alert(1)</script>");
    for (size_t i = 0; i < record->result_count; ++i) {
        if (record->results[i].status == TSP_SKIPPED) {
            SET(record->results[i].reason, "<!-- <b>&amp; \"quoted\" \\ \xe2\x80\xa8 \xc3\xa9");
        }
    }
}

static void test_texts_stay_texts(void **unused) {
    (void)unused;
    struct tsp_error error;
    struct tsp_report_template page;
    struct text text = {0};
    json_t *document = document_of(1, (const char *[]){record_file("a.json", sample_hardware, make_hostile)});
    keep_text(in_folder("page.html"), MARK "<i>" SLOT "</i>");
    assert_int_equal(tsp_report_template_read(&page, in_folder("page.html"), &error), 0);
    FILE *stream = open_memstream(&text.bytes, &text.size);
    assert_int_equal(tsp_report_write(&page, document, stream, &error), 0);
    (void)fclose(stream);
    assert_memory_equal(text.bytes, MARK "<i>{", strlen(MARK) + 4);
    char *end = text.bytes + text.size - 4;
    assert_string_equal(end, "</i>");
    *end = '\0';
    const char *data = text.bytes + strlen(MARK) + 3;
    assert_null(strpbrk(data, "<>&"));
    json_t *read = json_loads(data, 0, NULL);
    assert_string_equal(json_string_value(member(read, "records/0/machine/cpu/model")),
                        "</script><script>alert(1)</script>");
    assert_string_equal(json_string_value(member(case_of(read, 0, "barrier/fence/dmb-ish"), "reason")),
                        "<!-- <b>&amp; \"quoted\" \\ \xe2\x80\xa8 \xc3\xa9");
    json_decref(read);
    json_decref(document);
    free(text.bytes);
    tsp_report_template_free(&page);
}

static void refuse_template(const char *text, const char *complaint) {
    struct tsp_error error = {""};
    struct tsp_report_template page;
    if (text != NULL) {
        keep_text(in_folder("bad.html"), text);
    }
    assert_int_equal(
        tsp_report_template_read(&page, in_folder(text != NULL ? "bad.html" : "none.html"), &error), -1);
    assert_null(page.text);
    assert_non_null(strstr(error.text, complaint));
}

static void test_templates_that_are_none(void **unused) {
    (void)unused;
    refuse_template(NULL, "No such file");
    refuse_template("", "no template");
    refuse_template(MARK, "make web");
    refuse_template("<html>" SLOT, "no template");
    refuse_template(MARK SLOT SLOT, "no template");
}

static void test_a_full_disk(void **unused) {
    (void)unused;
    struct tsp_error error = {""};
    struct tsp_report_template page;
    json_t *document = document_of(1, (const char *[]){record_file("a.json", sample_hardware, NULL)});
    keep_text(in_folder("page.html"), MARK SLOT);
    assert_int_equal(tsp_report_template_read(&page, in_folder("page.html"), &error), 0);
    FILE *stream = fopen("/dev/full", "we");
    assert_non_null(stream);
    assert_int_equal(tsp_report_write(&page, document, stream, &error), -1);
    assert_non_null(strstr(error.text, "No space left"));
    (void)fclose(stream);
    json_decref(document);
    tsp_report_template_free(&page);
}

static void test_records_that_are_none(void **unused) {
    (void)unused;
    struct tsp_error error = {""};
    json_t *document = NULL;
    const struct tsp_report_inputs inputs = {.record_count = 1, .records = {in_folder("nothing.json")}};
    assert_int_equal(tsp_report_document(&document, &inputs, &error), -1);
    assert_null(document);
    assert_non_null(strstr(error.text, "nothing.json"));
    keep_text(inputs.records[0], "{\"schema\": \"other/1\"}");
    assert_int_equal(tsp_report_document(&document, &inputs, &error), -1);
    assert_null(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_round_is_itself),
        cmocka_unit_test(test_rounds_by_weight),
        cmocka_unit_test(test_what_a_case_keeps),
        cmocka_unit_test(test_distribution_of_single_ops),
        cmocka_unit_test(test_difference_of_isas),
        cmocka_unit_test(test_emulated_times_have_no_ratio),
        cmocka_unit_test(test_trends),
        cmocka_unit_test(test_texts_stay_texts),
        cmocka_unit_test(test_templates_that_are_none),
        cmocka_unit_test(test_a_full_disk),
        cmocka_unit_test(test_records_that_are_none),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
