/* A record's JSON taken apart: whatever its layout, the cases come one by one and the rest as a whole; what is no JSON is told with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/split.h"
#include "record_files.h"

static char folder[64];
static char path[128];

static int make_folder(void **unused) {
    (void)unused;
    folder_make(folder);
    (void)snprintf(path, sizeof path, "%s/split.json", folder);
    return 0;
}

static int remove_folder(void **unused) {
    (void)unused;
    folder_remove(folder);
    return 0;
}

/* The head and the cases as compact JSON, a line each; or the complaint. The caller frees it. */
static char *parts_of(const char *file) {
    struct tsp_split split;
    struct tsp_error error = {""};
    struct text text = {0};
    bool end = false;
    FILE *stream = open_memstream(&text.bytes, &text.size);
    assert_non_null(stream);
    json_t *part = tsp_split_open(&split, file, &error) == 0 ? tsp_split_head(&split, &error) : NULL;
    while (part != NULL) {
        assert_int_equal(json_dumpf(part, stream, JSON_COMPACT | JSON_ENCODE_ANY), 0);
        (void)putc('\n', stream);
        json_decref(part);
        part = tsp_split_next(&split, &end, &error);
    }
    assert_int_equal(end, error.text[0] == '\0'); /* it ends well or with a complaint, never both */
    (void)fputs(error.text, stream);
    tsp_split_close(&split);
    assert_int_equal(fclose(stream), 0);
    return text.bytes;
}

static void assert_parts(const char *json, const char *expected) {
    text_write(path, json, strlen(json));
    char *found = parts_of(path);
    assert_string_equal(found, expected);
    free(found);
}

/* What is said names the file, the place and the matter. */
static void assert_refused(const char *json, const char *place, const char *matter) {
    char prefix[160];
    text_write(path, json, strlen(json));
    char *found = parts_of(path);
    (void)snprintf(prefix, sizeof prefix, "%s:%s: not a transept record", path, place);
    if (strstr(found, prefix) == NULL || strstr(found, matter) == NULL) {
        fail_msg("'%s' is said of %s, not '%s … %s'", found, json, prefix, matter);
    }
    free(found);
}

static void cases_come_one_by_one(void **unused) {
    (void)unused;
    assert_parts("{\"a\":1,\"cases\":[{\"x\":[1,2]},{\"y\":\"]}\"}],\"b\":2}",
                 "{\"a\":1,\"cases\":[],\"b\":2}\n{\"x\":[1,2]}\n{\"y\":\"]}\"}\n");
    assert_parts("{ \"cases\" : [\n]\n}", "{\"cases\":[]}\n");
    assert_parts("{\"b\":{}}", "{\"b\":{}}\n");
    assert_parts("{\"cases\":[\n {\"a\": \"\\\\\\\",[\"} \t,\r\n {} ] }",
                 "{\"cases\":[]}\n{\"a\":\"\\\\\\\",[\"}\n{}\n");
}

/* Only a member of the whole is the array of cases: not a value, not a member further down, not a longer name. */
static void only_the_member_counts(void **unused) {
    (void)unused;
    assert_parts("{\"a\":\"cases\",\"b\":[1],\"c\":{\"cases\":[2]}}",
                 "{\"a\":\"cases\",\"b\":[1],\"c\":{\"cases\":[2]}}\n");
    assert_parts("{\"cases\":{\"a\":[1]}}", "{\"cases\":{\"a\":[1]}}\n");
}

static void mistakes_are_placed(void **unused) {
    (void)unused;
    assert_refused("{\"cases\":[{},]}", "1:13", "expected near end of file");
    assert_refused("{\"cases\":[,{}]}", "1:10", "expected near end of file");
    assert_refused("{\"cases\":[{}\n,\n{\"a\":tru}]}", "3:8", "invalid token near 'tru'");
    assert_refused("{\"cases\":[\n\n\n],\n\"a\":tru}", "5:7", "invalid token near 'tru'");
    assert_refused("{\"a\":1,\"a\":2}", "1:10", "duplicate object key");
    assert_refused("{\"cases\":[],\"cases\":[]}", "1:19", "duplicate object key");
    assert_refused("{\"cases\":[{\"a\":1,\"a\":2}]}", "1:20", "duplicate object key");
    assert_refused("", "1:0", "near end of file");
    assert_refused("{\"cases\":[{}", "1:10", "near end of file");
}

static void a_cut_is_never_an_end(void **unused) {
    (void)unused;
    static const char whole[] = "{\"a\":\"b\",\"cases\":[{\"x\":1},{\"y\":\"]\"}],\"b\":2}";
    for (size_t length = 0; length < sizeof whole - 1; ++length) {
        text_write(path, whole, length);
        char *found = parts_of(path);
        if (strstr(found, "not a transept record") == NULL) {
            fail_msg("%zu bytes of it are taken: %s", length, found);
        }
        free(found);
    }
}

/* Longer than any buffer, and parts that begin and end wherever they like. */
static void length_does_not_matter(void **unused) {
    (void)unused;
    struct text text = {0};
    FILE *stream = open_memstream(&text.bytes, &text.size);
    assert_non_null(stream);
    (void)fputs("{\"cases\":[", stream);
    for (unsigned i = 0; i < 30000; ++i) {
        (void)fprintf(stream, "%s{\"case\":%u,\"text\":\"%.*s\"}", i > 0 ? "," : "", i, (int)(i % 23),
                      "[[[[[[{{{{{{{]]]]]]]}}}}");
    }
    (void)fputs("]}", stream);
    assert_int_equal(fclose(stream), 0);
    text_write(path, text.bytes, text.size);
    free(text.bytes);
    struct tsp_split split;
    struct tsp_error error = {""};
    bool end = false;
    assert_int_equal(tsp_split_open(&split, path, &error), 0);
    json_decref(tsp_split_head(&split, &error));
    for (json_int_t i = 0; i < 30000; ++i) {
        json_t *part = tsp_split_next(&split, &end, &error);
        assert_int_equal(json_integer_value(json_object_get(part, "case")), i);
        assert_int_equal(json_string_length(json_object_get(part, "text")), i % 23);
        json_decref(part);
    }
    assert_null(tsp_split_next(&split, &end, &error));
    assert_true(end);
    tsp_split_close(&split);
}

static void what_cannot_be_read_is_told(void **unused) {
    (void)unused;
    char *found = parts_of(folder);
    assert_non_null(strstr(found, "it is a folder; name a record in it"));
    free(found);
    found = parts_of("/nonexistent/record.json");
    assert_string_equal(found, "cannot read /nonexistent/record.json: No such file or directory");
    free(found);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_come_one_by_one),  cmocka_unit_test(only_the_member_counts),
        cmocka_unit_test(mistakes_are_placed),    cmocka_unit_test(a_cut_is_never_an_end),
        cmocka_unit_test(length_does_not_matter), cmocka_unit_test(what_cannot_be_read_is_told),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
