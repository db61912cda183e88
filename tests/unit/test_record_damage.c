/* Files that are not records, or no longer: one clear line each, never a crash, never a wrong record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record_files.h"
#include "record_sample.h"

/* Positions tried by the fuzz tests: enough to meet every field, few enough for an emulator under a sanitizer. */
#define TRIES 1500

static char folder[64];
static char path[128];

static int make_folder(void **unused) {
    (void)unused;
    folder_make(folder);
    (void)snprintf(path, sizeof path, "%s/record.json", folder);
    return 0;
}

static int remove_folder(void **unused) {
    (void)unused;
    folder_remove(folder);
    return 0;
}

/* What reading says of these bytes; empty when it takes them. */
static const char *verdict(const char *bytes, size_t size) {
    static struct tsp_error error;
    struct tsp_record record;
    error.text[0] = '\0';
    text_write(path, bytes, size);
    if (tsp_record_read_json(&record, path, &error) == 0) {
        tsp_record_free(&record);
        return "";
    }
    assert_null(record.results); /* an error leaves nothing to free */
    if (strstr(error.text, path) == NULL) {
        fail_msg("the complaint does not name the file: %s", error.text);
    }
    return error.text;
}

/* The sample with the first `old` replaced by `new`. */
static const char *verdict_on_change(const char *old, const char *new) {
    struct tsp_record record;
    sample_hardware(&record);
    struct text text = text_of(tsp_record_write_json, &record);
    tsp_record_free(&record);
    const char *place = strstr(text.bytes, old);
    if (place == NULL) {
        fail_msg("'%s' is not in the record", old);
        return "";
    }
    struct text changed = {0};
    FILE *stream = open_memstream(&changed.bytes, &changed.size);
    assert_non_null(stream);
    (void)fprintf(stream, "%.*s%s%s", (int)(place - text.bytes), text.bytes, new, place + strlen(old));
    fclose(stream);
    const char *said = verdict(changed.bytes, changed.size);
    free(changed.bytes);
    free(text.bytes);
    return said;
}

static void each_damage_has_its_line(void **unused) {
    (void)unused;
    static const struct {
        const char *old;
        const char *new;
        const char *said;
    } damages[] = {
        {"transept.run/1", "transept.run/2", "schema transept.run/2 cannot be read"},
        {"transept.run/1", "transept.compare/1", "not a transept record"},
        {"\"schema\"", "\"scheme\"", "its schema is missing"},
        {"{\n", "[", "not a transept record, or a damaged one"},
        {"{\"value\": ", "{\"value\": NaN, \"v\": ", "invalid token near 'NaN'"},
        {"{\"value\": ", "{\"value\": 1e999, \"v\": ", "real number overflow"},
        {"{\"value\": ", "{\"value\": \"1\", \"v\": ", "value: expected a number or null"},
        {"\"lo\": ", "\"lo\": 1e9, \"l\": ", "expected lo <= hi"},
        {"\"seed\": \"18446744073709551615\"", "\"seed\": \"18446744073709551616\"",
         "run.seed: expected a whole number"},
        {"\"seed\": \"18446744073709551615\"", "\"seed\": \"-1\"", "run.seed: expected a whole number"},
        {"\"seed\": \"18446744073709551615\"", "\"seed\": 1", "run.seed: expected a text"},
        {"\"rounds\": 3,", "\"rounds\": 2147483648,", "run.rounds: is too large"},
        {"\"started\"", "\"startled\"", "run.started: is missing"},
        {"\"machine\": {", "\"machine\": 1, \"m\": {", "machine: expected an object"},
        {"\"kind\": \"hardware\"", "\"kind\": \"dream\"", "machine.executed_by.kind: unknown word 'dream'"},
        {"\"status\": \"ok\"", "\"status\": \"fine\"", "cases[0].status: unknown word 'fine'"},
        {"\"evidence\": \"measured\"", "\"evidence\": \"guessed\"",
         "cases[0].metrics.time.evidence: unknown word"},
        {"\"id\": \"abi/args-int", "\"id\": \"syscall/getppid/raw\", \"i\": \"",
         "syscall/getppid/raw is there twice"},
        {"\"suite\": \"quick\"", "\"suite\": \"quick\", \"suite\": \"quick\"", "duplicate object key"},
        {"\"n\": 6, ", "\"n\": 6.5, ", "cases[1].params: expected texts and whole numbers"},
        {"\"round\": 1,", "\"round\": 0,", "or comes twice"},
        {"\"round\": 1,", "\"round\": -1,", "expected a whole number, 0 or more"},
        {"\"cpus\": [1], \"shares\": \"single\",\n     \"freq", "\"cpus\": [1,1,1,1,1,1,1,1,1],\n     \"freq",
         "more than 8 CPUs"},
        {"\"warm\": true", "\"warm\": 1", "round_facts[0].warm: expected true or false"},
        {"\"sketch\": [", "\"sketch\": [1, ", "sketch: expected 101 numbers or null"},
        {"\"suite\": \"quick\"", "\"suite\": \"quirk\"", "digest: is fnv1a64:"},
    };
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; ++i) {
        const char *said = verdict_on_change(damages[i].old, damages[i].new);

        if (strstr(said, damages[i].said) == NULL) {
            fail_msg("'%s' for '%s' says: %s", damages[i].new, damages[i].old, said);
        }
        assert_null(strchr(said, '\n'));
    }
}

static void what_is_no_file_is_refused(void **unused) {
    (void)unused;
    struct tsp_record record;
    struct tsp_error error = {""};
    assert_int_equal(tsp_record_read_json(&record, "/no/such/record.json", &error), -1);
    assert_non_null(strstr(error.text, "/no/such/record.json: No such file or directory"));
    assert_int_equal(tsp_record_read_json(&record, folder, &error), -1);
    assert_non_null(strstr(error.text, "it is a folder"));
    assert_non_null(strstr(verdict("", 0), "not a transept record"));
    assert_non_null(strstr(verdict("{}", 2), "its schema is missing"));
    assert_non_null(strstr(verdict("\"\\u0000\"", 8), "not a transept record"));
}

static void deep_nesting_does_not_exhaust_the_stack(void **unused) {
    (void)unused;
    const size_t depth = 1000000;
    char *brackets = malloc(depth);
    assert_non_null(brackets);
    memset(brackets, '[', depth);
    assert_non_null(strstr(verdict(brackets, depth), "not a transept record"));
    free(brackets);
}

static void a_cut_file_is_refused(void **unused) {
    (void)unused;
    struct tsp_record record;
    sample_emulated(&record);
    struct text text = text_of(tsp_record_write_json, &record);
    tsp_record_free(&record);
    for (size_t size = 0; size + 2 < text.size;
         size += 1 + text.size / TRIES) { /* without the last line's end it is whole */
        assert_true(verdict(text.bytes, size)[0] != '\0');
    }
    free(text.bytes);
}

/* Either the damage is noticed, or it changed nothing that the record says (a blank, another spelling of the same). */
static void a_damaged_byte_is_noticed(void **unused) {
    (void)unused;
    struct tsp_record record;
    sample_emulated(&record);
    struct text text = text_of(tsp_record_write_json, &record);
    tsp_record_free(&record);
    uint64_t random = 1;
    size_t noticed = 0;
    for (size_t i = 0; i < text.size; i += 1 + text.size / TRIES) {
        char kept = text.bytes[i];
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        bool flip = (random >> 63) != 0; /* one bit, as memory and disks do; or any byte */
        text.bytes[i] = (char)(flip ? kept ^ (1 << ((random >> 40) & 7)) : (int)((random >> 40) & 0xff));
        if (verdict(text.bytes, text.size)[0] != '\0') {
            ++noticed;
        } else if (text.bytes[i] != kept) {
            struct tsp_error error = {""};
            assert_int_equal(tsp_record_read_json(&record, path, &error), 0);
            struct text again = text_of(tsp_record_write_json, &record);
            tsp_record_free(&record);
            text.bytes[i] = kept;
            assert_string_equal(again.bytes, text.bytes);
            free(again.bytes);
        }
        text.bytes[i] = kept;
    }
    assert_true(noticed > TRIES / 3);
    free(text.bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_damage_has_its_line),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(deep_nesting_does_not_exhaust_the_stack),
        cmocka_unit_test(a_cut_file_is_refused),
        cmocka_unit_test(a_damaged_byte_is_noticed),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
