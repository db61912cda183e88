/* Cases in brief: what is read of them is what reading all of them says, and whatever reading all of a file refuses is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/brief.h"
#include "record/decode.h"
#include "record/digest.h"
#include "record_files.h"
#include "record_sample.h"

/* Damages tried: enough to meet every field, few enough for an emulator under a sanitizer. */
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

/* --- the same as reading all --------------------------------------------------------------------------------------------------- */

static bool is_asked(const struct tsp_ask *ask, const struct tsp_metric *metric) {
    if (ask->metric != NULL) {
        return strcmp(ask->metric, metric->name) == 0;
    }
    return (!ask->counts && strcmp(metric->name, "time") == 0) || metric->evidence == TSP_COUNTED;
}

static bool same(double a, double b) {
    return a == b || (isnan(a) && isnan(b));
}

static double statistic_of(const struct tsp_description *description, const char *name) {
    return strcmp(name, "p95") == 0   ? description->p95.value
           : strcmp(name, "min") == 0 ? description->min
                                      : description->p50.value;
}

static void check_figure(const struct tsp_brief *brief, const struct tsp_figure *figure,
                         const struct tsp_result *result, const struct tsp_metric *metric,
                         const char *statistic) {
    assert_string_equal(figure->name, metric->name);
    assert_string_equal(figure->unit, metric->unit);
    assert_string_equal(figure->reason, metric->reason);
    assert_int_equal(figure->evidence, metric->evidence);
    assert_int_equal(figure->status, metric->status);
    assert_int_equal(figure->nondeterministic, metric->nondeterministic);
    assert_true(same(figure->value, metric->p50.value));
    bool count = metric->evidence == TSP_COUNTED || metric->evidence == TSP_MODELLED;
    assert_int_equal(figure->exact, metric->exact && count);
    size_t at = 0;
    for (unsigned i = 0; i < result->round_count && !figure->exact; ++i) {
        const struct tsp_round *round = &result->rounds[i];
        for (unsigned k = 0; round->status == TSP_OK && k < round->metric_count; ++k) {
            double value = statistic_of(&round->metrics[k].description, statistic);
            if (strcmp(round->metrics[k].name, metric->name) == 0 && isfinite(value)) {
                assert_true(at < figure->count && brief->values[figure->first + at] == value);
                ++at;
            }
        }
    }
    assert_int_equal(at, figure->count);
}

struct checking {
    const struct tsp_record *record;
    const struct tsp_ask *ask;
    size_t at;
    size_t figures;
};

static int check_case(void *data, const struct tsp_brief *brief, struct tsp_error *error) {
    struct checking *checking = data;
    const struct tsp_result *result = &checking->record->results[checking->at++];
    (void)error;
    assert_string_equal(brief->id, result->id);
    assert_string_equal(brief->family, result->family);
    assert_string_equal(brief->reason, result->reason);
    assert_int_equal(brief->status, result->status);
    size_t at = 0;
    for (unsigned i = 0; i < result->metric_count; ++i) {
        if (is_asked(checking->ask, &result->metrics[i])) {
            assert_true(at < brief->figure_count);
            check_figure(brief, &brief->figures[at++], result, &result->metrics[i], checking->ask->statistic);
        }
    }
    assert_int_equal(at, brief->figure_count);
    checking->figures += at;
    return 0;
}

/* Returns how many figures were asked for, of the file at `path`. */
static size_t check_file(const struct tsp_ask *ask) {
    struct tsp_record all;
    struct tsp_record head;
    struct tsp_error error = {""};
    struct checking checking = {.record = &all, .ask = ask};
    assert_int_equal(tsp_record_read_json(&all, path, &error), 0);
    if (tsp_record_scan_briefs(&head, path, ask, check_case, &checking, &error) != 0) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(checking.at, all.result_count);
    assert_string_equal(head.machine.id, all.machine.id);
    assert_string_equal(head.build.flags, all.build.flags);
    tsp_record_free(&all);
    return checking.figures;
}

static const struct tsp_ask asks[] = {
    {.statistic = "p50"},
    {.statistic = "p95"},
    {.metric = "time", .statistic = "min"},
    {.metric = "instructions", .statistic = "p50"},
    {.counts = true, .statistic = "p50"},
};

static void they_say_what_the_whole_says(void **unused) {
    (void)unused;
    static void (*const samples[])(struct tsp_record *) = {sample_hardware, sample_emulated};
    size_t figures = 0;
    for (size_t i = 0; i < 2; ++i) {
        struct tsp_record record;
        samples[i](&record);
        struct text text = text_of(tsp_record_write_json, &record);
        tsp_record_free(&record);
        text_write(path, text.bytes, text.size);
        free(text.bytes);
        for (size_t k = 0; k < sizeof asks / sizeof *asks; ++k) {
            figures += check_file(&asks[k]);
        }
    }
    assert_in_range(figures, 10, 1000);
}

/* As other programs lay a record out, with more digits than we write, an escape that needs none, or names in another order. */
static void another_layout_says_the_same(void **unused) {
    (void)unused;
    static const size_t flags[] = {JSON_INDENT(4), JSON_COMPACT, JSON_SORT_KEYS | JSON_INDENT(1),
                                   JSON_ENSURE_ASCII | JSON_COMPACT, JSON_ESCAPE_SLASH | JSON_INDENT(2)};
    struct tsp_record record;
    sample_hardware(&record);
    SET(record.results[0].reason, "\xc3\x97 3 \"quoted\"");
    struct text text = text_of(tsp_record_write_json, &record);
    tsp_record_free(&record);
    json_t *json = json_loadb(text.bytes, text.size, 0, NULL);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; ++i) {
        assert_int_equal(json_dump_file(json, path, flags[i] | JSON_REAL_PRECISION(17)), 0);
        for (size_t k = 0; k < sizeof asks / sizeof *asks; ++k) {
            (void)check_file(&asks[k]);
        }
    }
    json_decref(json);
    free(text.bytes);
}

static void sign(json_t *record) {
    uint64_t digest = TSP_DIGEST_START;
    char text[TSP_DIGEST_SIZE];
    size_t i = 0;
    const json_t *object = NULL;
    digest = tsp_digest_add(digest, json_object_get(record, "run"));
    digest = tsp_digest_add(digest, json_object_get(record, "machine"));
    digest = tsp_digest_add(digest, json_object_get(record, "build"));
    json_array_foreach(json_object_get(record, "cases"), i, object) {
        digest = tsp_digest_add(digest, object);
    }
    (void)json_object_set_new(record, "digest", json_string(tsp_digest_text(digest, text)));
}

/* Of a later transept of the same schema: larger and deeper than anything of ours. */
static void what_nobody_knows_is_ignored(void **unused) {
    (void)unused;
    struct tsp_record record;
    sample_hardware(&record);
    struct text text = text_of(tsp_record_write_json, &record);
    tsp_record_free(&record);
    json_t *json = json_loadb(text.bytes, text.size, 0, NULL);
    json_t *object = json_array_get(json_object_get(json, "cases"), 0);
    json_t *many = json_object();
    json_t *deep = json_array();
    for (int i = 0; i < 100; ++i) {
        char name[16];
        json_t *outer = json_array();
        (void)snprintf(name, sizeof name, "%d", i);
        (void)json_object_set_new(many, name, json_true());
        (void)json_array_append_new(outer, deep);
        deep = outer;
    }
    (void)json_object_set(object, "many", many);
    (void)json_object_set_new(json_object_get(json_object_get(object, "metrics"), "time"), "more", many);
    (void)json_object_set_new(object, "deep", deep);
    sign(json);
    assert_int_equal(json_dump_file(json, path, JSON_INDENT(1) | JSON_REAL_PRECISION(12)), 0);
    for (size_t k = 0; k < sizeof asks / sizeof *asks; ++k) {
        (void)check_file(&asks[k]);
    }
    json_decref(json);
    free(text.bytes);
}

/* --- damage -------------------------------------------------------------------------------------------------------------------- */

static int count_case(void *data, const struct tsp_brief *brief, struct tsp_error *error) {
    (void)brief;
    (void)error;
    ++*(size_t *)data;
    return 0;
}

/* What is said of these bytes; empty when they are taken. */
static const char *verdict(const char *bytes, size_t size, const struct tsp_ask *ask) {
    static struct tsp_error error;
    struct tsp_record head;
    size_t cases = 0;
    error.text[0] = '\0';
    text_write(path, bytes, size);
    if (tsp_record_scan_briefs(&head, path, ask, count_case, &cases, &error) == 0) {
        assert_true(cases > 0);
        return "";
    }
    if (strstr(error.text, path) == NULL || strchr(error.text, '\n') != NULL) {
        fail_msg("no line that names the file: %s", error.text);
    }
    return error.text;
}

/* The sample with the first `old` replaced. The digest is the old one's: whoever does not see the damage itself sees that. */
static const char *verdict_on_change(const char *old, const char *new) {
    struct tsp_record record;
    sample_hardware(&record);
    struct text text = text_of(tsp_record_write_json, &record);
    tsp_record_free(&record);
    const char *place = strstr(text.bytes, old);
    assert_non_null(place);
    struct text changed = {0};
    FILE *stream = open_memstream(&changed.bytes, &changed.size);
    assert_non_null(stream);
    (void)fprintf(stream, "%.*s%s%s", (int)(place - text.bytes), text.bytes, new, place + strlen(old));
    (void)fclose(stream);
    const char *said = verdict(changed.bytes, changed.size, &asks[0]);
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
        {"{\"value\": ", "{\"value\": NaN, \"v\": ", "invalid token near 'NaN'"},
        {"\"sketch\": [", "\"sketch\": [NaN, ", "invalid token near 'NaN'"},
        {"\"sketch\": [", "\"sketch\": [1e999, ", "real number overflow"},
        {"\"sketch\": [", "\"sketch\": [1, ", "digest: is fnv1a64:"},
        {"{\"value\": ", "{\"value\": \"1\", \"v\": ", "value: expected a number or null"},
        {"\"status\": \"ok\"", "\"status\": \"fine\"", "cases[0].status: unknown word 'fine'"},
        {"\"evidence\": \"measured\"", "\"evidence\": \"guessed\"",
         "cases[0].metrics.time.evidence: unknown word"},
        {"\"id\": \"abi/args-int", "\"id\": \"syscall/getppid/raw\", \"i\": \"",
         "syscall/getppid/raw is there twice"},
        {"\"warnings\": [", "\"warnings\": [], \"warnings\": [", "duplicate object key"},
        {"\"round\": 1,", "\"round\": 0,", "or comes twice"},
        {"\"warm\": true", "\"warm\": false", "digest: is fnv1a64:"},
    };
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; ++i) {
        const char *said = verdict_on_change(damages[i].old, damages[i].new);

        if (strstr(said, damages[i].said) == NULL) {
            fail_msg("'%s' for '%s' says: %s", damages[i].new, damages[i].old, said);
        }
    }
}

static void a_cut_file_is_refused(void **unused) {
    (void)unused;
    struct tsp_record record;
    sample_emulated(&record);
    struct text text = text_of(tsp_record_write_json, &record);
    tsp_record_free(&record);
    for (size_t size = 0; size + 2 < text.size; size += 1 + text.size / TRIES) {
        assert_true(verdict(text.bytes, size, &asks[4])[0] != '\0');
    }
    assert_string_equal(verdict(text.bytes, text.size, &asks[4]), "");
    free(text.bytes);
}

/* Any byte: refused exactly when reading all of the record refuses it. */
static void a_damaged_byte_is_noticed(void **unused) {
    (void)unused;
    struct tsp_record record;
    struct tsp_error error;
    sample_emulated(&record);
    struct text text = text_of(tsp_record_write_json, &record);
    tsp_record_free(&record);
    uint64_t random = 3;
    size_t noticed = 0;
    for (size_t i = 0; i < text.size; i += 1 + text.size / TRIES) {
        char kept = text.bytes[i];
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        bool flip = (random >> 63) != 0; /* one bit, as memory and disks do; or any byte */
        text.bytes[i] = (char)(flip ? kept ^ (1 << ((random >> 40) & 7)) : (int)((random >> 40) & 0xff));
        bool refused = verdict(text.bytes, text.size, &asks[0])[0] != '\0';
        bool whole_refused = tsp_record_read_json(&record, path, &error) != 0;
        tsp_record_free(&record);
        if (refused != whole_refused) {
            fail_msg("byte %zu: %s; whole: %s", i, refused ? "refused" : "taken",
                     whole_refused ? error.text : "taken");
        }
        noticed += refused;
        text.bytes[i] = kept;
    }
    assert_true(noticed > TRIES / 3);
    free(text.bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_say_what_the_whole_says), cmocka_unit_test(another_layout_says_the_same),
        cmocka_unit_test(what_nobody_knows_is_ignored), cmocka_unit_test(each_damage_has_its_line),
        cmocka_unit_test(a_cut_file_is_refused),        cmocka_unit_test(a_damaged_byte_is_noticed),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
