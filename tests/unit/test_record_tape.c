/* JSON read without a tree: whatever it takes, the JSON library takes too and spells the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "record/encode.h"
#include "record/tape.h"
#include "record_files.h"
#include "record_sample.h"

static struct tsp_tape tape;

static int free_tape(void **unused) {
    (void)unused;
    tsp_tape_free(&tape);
    return 0;
}

/* Is all of the text taken? Then the library has nothing against it, and the canonical spelling is the library's. */
static bool takes(const char *text, size_t size) {
    if (tsp_tape_read(&tape, text, size) != size || size == 0) {
        return false;
    }
    json_error_t where;
    json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &where);
    if (json == NULL && tape.canonical) {
        fail_msg("taken, though %s: %s", where.text, text);
    }
    if (json != NULL && tape.canonical) {
        char *spelling = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY |
                                              JSON_REAL_PRECISION(TSP_DIGITS));
        if (strlen(spelling) != tape.spelled || memcmp(spelling, tape.spelling, tape.spelled) != 0) {
            fail_msg("%.*s for %s", (int)tape.spelled, tape.spelling, spelling);
        }
        free(spelling);
    }
    json_decref(json);
    return true;
}

static bool is_canonical(const char *text) {
    return takes(text, strlen(text)) && tape.canonical;
}

static void members_are_put_in_order(void **unused) {
    (void)unused;
    assert_true(is_canonical("{\"b\":1,\"a\":2}"));
    assert_memory_equal(tape.spelling, "{\"a\":2,\"b\":1}", tape.spelled);
    assert_true(is_canonical("{ \"b\" : { \"d\" : [ 1 , 2 ] , \"c\" : { } } ,\n\t\"a\" :\r [ ] }"));
    assert_true(is_canonical("{\"ab\":1,\"a\":2,\"b\":{\"a\":3},\"\":4}"));
    assert_true(is_canonical("[{\"x\":1,\"y\":2},{\"y\":1,\"x\":2},{\"z\":1,\"x\":2}]"));
    assert_true(is_canonical("\"a\""));
    assert_true(is_canonical("[null,true,false,\"\",0]"));
}

static void what_is_no_json_is_not_taken(void **unused) {
    (void)unused;
    static const char *const texts[] = {
        "",
        "{",
        "}",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{1:2}",
        "[1}",
        "{\"a\":1]",
        "[1 2]",
        "NaN",
        "[NaN]",
        "[nul]",
        "[nulls]",
        "[True]",
        "[-]",
        "[01]",
        "[1.]",
        "[.5]",
        "[+1]",
        "[1e]",
        "[1e+]",
        "[--1]",
        "[0x1]",
        "[Infinity]",
        "\"",
        "\"a\n\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u0000\"",
        "\"\x01\"",
        "\"\\\"",
        "[\"a\"\"b\"]",
        "/**/1",
        "{\"a\":1,\"a\":2}",
        "{\"b\":1,\"a\":1,\"b\":2}",
        "[{\"a\":1,\"b\":2},{\"a\":1,\"a\":2}]",
        "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
        if (takes(texts[i], strlen(texts[i]))) {
            fail_msg("%s is taken", texts[i]);
        }
    }
}

static void numbers_are_canonical_as_the_digest_has_them(void **unused) {
    (void)unused;
    static const char *const canonical[] = {
        "0",
        "-1",
        "123456789012345678",
        "0.5",
        "-0.0",
        "1.0",
        "0.0001",
        "0.000123456789012",
        "1e-5",
        "1.5e-7",
        "1e12",
        "1.23456789012e99",
        "99999999999.5",
        "123456789012.0",
        "0.1",
    };
    static const char *const other[] = {
        "-0",
        "1234567890123456789",
        "0.50",
        "1.00",
        "0.00001",
        "1E5",
        "1e5",
        "1e05",
        "1e+15",
        "1.0e-7",
        "12e-7",
        "0e0",
        "0.1234567890123",
        "1.0000000000001",
        "999999999999.5",
        "1e-4",
        "1e11",
        "1e100",
        "0.30000000000000004",
    };
    for (size_t i = 0; i < sizeof canonical / sizeof *canonical; ++i) {
        if (!is_canonical(canonical[i])) {
            fail_msg("%s is not canonical", canonical[i]);
        }
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; ++i) {
        assert_true(takes(other[i], strlen(other[i])));
        if (tape.canonical) {
            fail_msg("%s is canonical", other[i]);
        }
    }
}

/* Any digits, point and exponent: is_canonical() asks the library. */
static void random_numbers_are_spelt_alike(void **unused) {
    (void)unused;
    uint64_t random = 1;
    unsigned canonical = 0;
    for (unsigned i = 0; i < 5000; ++i) {
        char text[16];
        size_t length = 1 + (size_t)(random >> 60);
        for (size_t k = 0; k < length && k < sizeof text - 1; ++k) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            text[k] = "00112233456789.e-+"[(random >> 33) % 18];
        }
        text[length < sizeof text ? length : sizeof text - 1] = '\0';
        canonical += is_canonical(text);
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    }
    assert_in_range(canonical, 200, 4800);
}

static void texts_come_as_they_are_meant(void **unused) {
    (void)unused;
    static const char text[] = "{\"k\\\"\":\"a\\\\\\n\\u001F\\\"\xc3\x97\xe2\x82\xac\xf0\x9f\x98\x80\"}";
    char out[64];
    assert_true(takes(text, sizeof text - 1));
    assert_false(tape.canonical); /* names are sorted by what they mean */
    const struct tsp_token *member = tsp_tape_first(&tape, tape.tokens);
    assert_int_equal(tsp_tape_key(&tape, member, out, sizeof out), 2);
    assert_string_equal(out, "k\"");
    assert_int_equal(tsp_tape_text(&tape, member, out, sizeof out), 14);
    assert_string_equal(out, "a\\\n\x1f\"\xc3\x97\xe2\x82\xac\xf0\x9f\x98\x80");
    for (size_t room = 1; room < 14; ++room) { /* never half a character */
        memset(out, 'x', sizeof out);
        assert_int_equal(tsp_tape_text(&tape, member, out, room), 14);
        assert_true(strlen(out) < room);
        assert_memory_equal(out, "a\\\n\x1f\"\xc3\x97\xe2\x82\xac\xf0\x9f\x98\x80", strlen(out));
        assert_true(strlen(out) != 6 && strlen(out) != 8 && strlen(out) != 9 && strlen(out) < 11);
    }
}

static void only_utf8_is_taken(void **unused) {
    (void)unused;
    static const char *const broken[] = {
        "\"\x80\"",
        "\"\xc3\"",
        "\"\xc0\xaf\"",
        "\"\xe0\x80\x80\"",
        "\"\xed\xa0\x80\"",
        "\"\xf4\x90\x80\x80\"",
        "\"\xf0\x80\x80\x80\"",
        "\"\xe2\x82\"",
        "\"\xff\"",
        "\"\xf5\x80\x80\x80\"",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; ++i) {
        assert_false(takes(broken[i], strlen(broken[i])));
    }
    assert_true(is_canonical("\"\xc3\x97 \xed\x9f\xbf \xee\x80\x80 \xf4\x8f\xbf\xbf \x7f\""));
}

/* A case of a record, changed anywhere: taken only when the library takes it. */
static void damage_is_taken_only_if_the_library_takes_it(void **unused) {
    (void)unused;
    struct tsp_record record;
    sample_emulated(&record);
    json_t *object = tsp_encode_case(&record.results[0]);
    char *text = json_dumps(object, JSON_REAL_PRECISION(TSP_DIGITS));
    size_t size = strlen(text);
    uint64_t random = 7;
    assert_true(is_canonical(text));
    assert_int_equal(tsp_tape_member(&tape, tape.tokens, "id")->size, strlen(record.results[0].id));
    for (size_t i = 0; i < size; ++i) {
        char kept = text[i];
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        text[i] = "0\"\\{}[],:e. -x\x80n"[(random >> 40) & 15];
        (void)takes(text, size);
        text[i] = '\0';
        assert_false(takes(text, size)); /* nor when it is cut, or a NUL is in it */
        text[i] = kept;
    }
    free(text);
    json_decref(object);
    tsp_record_free(&record);
}

static void members_are_found(void **unused) {
    (void)unused;
    static const char text[] = "{\"a\":{\"n\":1,\"b\":[7]},\"n\":2.5,\"w\":null}";
    assert_true(takes(text, sizeof text - 1));
    const struct tsp_token *a = tsp_tape_member(&tape, tape.tokens, "a");
    assert_int_equal((int)tsp_tape_number(&tape, tsp_tape_member(&tape, a, "n")), 1);
    assert_true(tsp_tape_number(&tape, tsp_tape_member(&tape, tape.tokens, "n")) == 2.5);
    assert_null(tsp_tape_member(&tape, tape.tokens, "b"));
    assert_null(tsp_tape_member(&tape, tsp_tape_member(&tape, a, "b"), "n"));
    assert_true(tsp_tape_is(&tape, tsp_tape_member(&tape, tape.tokens, "w"), "null"));
    assert_false(tsp_tape_is(&tape, NULL, "null"));
    assert_true(isnan(tsp_tape_number(&tape, a)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_put_in_order),
        cmocka_unit_test(what_is_no_json_is_not_taken),
        cmocka_unit_test(numbers_are_canonical_as_the_digest_has_them),
        cmocka_unit_test(random_numbers_are_spelt_alike),
        cmocka_unit_test(texts_come_as_they_are_meant),
        cmocka_unit_test(only_utf8_is_taken),
        cmocka_unit_test(damage_is_taken_only_if_the_library_takes_it),
        cmocka_unit_test(members_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, free_tape);
}
