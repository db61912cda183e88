/* The journal: what was finished before a kill is there afterwards, and what is damaged is not believed. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "record_files.h"
#include "record_sample.h"

static char folder[64];
static char path[128];

static int make_folder(void **unused) {
    (void)unused;
    folder_make(folder);
    (void)snprintf(path, sizeof path, "%s/arch/machine/journal.jsonl", folder);
    return 0;
}

static int remove_folder(void **unused) {
    (void)unused;
    folder_remove(folder);
    return 0;
}

/* The sample as a run would plan it: cases with their obstacles, and no rounds. */
static void plan_sample(struct tsp_record *plan) {
    sample_start(plan);
    sample_misfits(plan);
    sample_measured(plan);
    sample_counted(plan);
    sample_items(plan);
    for (size_t i = 0; i < plan->result_count; ++i) {
        free(plan->results[i].rounds);
        plan->results[i].rounds = NULL;
        plan->results[i].round_count = 0;
    }
}

/* The same with all rounds. */
static void full_sample(struct tsp_record *record) {
    sample_start(record);
    sample_misfits(record);
    sample_measured(record);
    sample_counted(record);
    sample_items(record);
}

static struct tsp_journal *create(void) {
    struct tsp_record plan;
    struct tsp_error error = {""};
    struct tsp_journal *journal = NULL;
    plan_sample(&plan);
    if (tsp_journal_create(&journal, path, &plan, &error) != 0) {
        fail_msg("%s", error.text);
    }
    tsp_record_free(&plan);
    return journal;
}

static void append_all(struct tsp_journal *journal, const struct tsp_record *record) {
    struct tsp_error error = {""};
    for (size_t i = 0; i < record->result_count; ++i) {
        for (unsigned k = 0; k < record->results[i].round_count; ++k) {
            assert_int_equal(
                tsp_journal_append(journal, record->results[i].id, &record->results[i].rounds[k], &error), 0);
        }
    }
}

static struct tsp_journal *resume(struct tsp_record *record) {
    struct tsp_error error = {""};
    struct tsp_journal *journal = NULL;
    if (tsp_journal_resume(&journal, path, record, &error) != 0) {
        fail_msg("%s", error.text);
    }
    return journal;
}

/* What resuming says; the journal must refuse. */
static const char *refusal(void) {
    static struct tsp_error error;
    struct tsp_record record;
    struct tsp_journal *journal = NULL;
    assert_int_equal(tsp_journal_resume(&journal, path, &record, &error), -1);
    assert_null(journal);
    assert_null(record.results);
    return error.text;
}

static unsigned count_rounds(const struct tsp_record *record) {
    unsigned rounds = 0;
    for (size_t i = 0; i < record->result_count; ++i) {
        rounds += record->results[i].round_count;
    }
    return rounds;
}

/* A run that was killed and resumed writes the very record of one that ran through. */
static void a_resumed_record_is_the_same(void **unused) {
    (void)unused;
    struct tsp_record record;
    struct tsp_record resumed;
    full_sample(&record);
    struct tsp_journal *journal = create();
    append_all(journal, &record);
    tsp_journal_close(journal, false);

    journal = resume(&resumed);
    assert_int_equal(count_rounds(&resumed), count_rounds(&record));
    sample_finish(&record);
    sample_finish(&resumed);
    struct text expected = text_of(tsp_record_write_json, &record);
    struct text seen = text_of(tsp_record_write_json, &resumed);
    assert_string_equal(seen.bytes, expected.bytes);
    free(expected.bytes);
    free(seen.bytes);
    tsp_record_free(&record);
    tsp_record_free(&resumed);
    tsp_journal_close(journal, true);
    assert_int_equal(access(path, F_OK), -1);
}

static void a_torn_last_line_is_dropped(void **unused) {
    (void)unused;
    struct tsp_record record;
    struct tsp_record resumed;
    full_sample(&record);
    struct tsp_journal *journal = create();
    append_all(journal, &record);
    tsp_journal_close(journal, false);
    struct text whole = text_read(path);
    unsigned rounds = count_rounds(&record);

    const size_t torn[] = {1, 2, 400};
    for (size_t i = 0; i < sizeof torn / sizeof torn[0]; ++i) {
        text_write(path, whole.bytes, whole.size - torn[i]);
        journal = resume(&resumed);
        assert_int_equal(count_rounds(&resumed), rounds - 1);
        struct text cut = text_read(path);
        assert_int_equal(cut.bytes[cut.size - 1], '\n');
        free(cut.bytes);
        /* What is appended now must not stick to what was torn. */
        const struct tsp_result *last = &record.results[record.result_count - 1];
        struct tsp_error error = {""};
        assert_int_equal(tsp_journal_append(journal, last->id, &last->rounds[last->round_count - 1], &error),
                         0);
        tsp_journal_close(journal, false);
        tsp_record_free(&resumed);
        struct text again = text_read(path);
        assert_int_equal(again.size, whole.size);
        assert_memory_equal(again.bytes, whole.bytes, whole.size);
        free(again.bytes);
    }
    free(whole.bytes);
    tsp_record_free(&record);
}

static void a_damaged_line_is_refused_by_number(void **unused) {
    (void)unused;
    struct tsp_record record;
    full_sample(&record);
    struct tsp_journal *journal = create();
    append_all(journal, &record);
    tsp_journal_close(journal, false);
    tsp_record_free(&record);
    struct text whole = text_read(path);
    char *line = strchr(strchr(whole.bytes, '\n') + 1, '\n') + 1; /* the third */
    static const struct {
        const char *old;
        char new;
        const char *said;
    } damages[] = {
        {"{", '<', "journal.jsonl:3: the journal is damaged"},
        {"\"case\"", '#', "journal.jsonl:3: "},
        {"ops_per_sample\":4096", 'O', "journal.jsonl:3: "},
        {"fnv1a64", 'F', "journal.jsonl:3: digest"},
    };
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; ++i) {
        char *place = strstr(line, damages[i].old);
        assert_non_null(place);
        char kept = *place;
        *place = damages[i].new;
        text_write(path, whole.bytes, whole.size);
        const char *said = refusal();
        if (strstr(said, damages[i].said) == NULL) {
            fail_msg("'%s' says: %s", damages[i].old, said);
        }
        *place = kept;
    }
    free(whole.bytes);
}

static void every_damaged_byte_is_noticed(void **unused) {
    (void)unused;
    struct tsp_record record;
    struct tsp_record resumed;
    struct tsp_error error = {""};
    sample_emulated(&record);
    struct tsp_journal *journal = NULL;
    assert_int_equal(tsp_journal_create(&journal, path, &record, &error), 0);
    append_all(journal, &record);
    append_all(journal, &record); /* the same round twice: refused below, when nothing else is */
    tsp_journal_close(journal, false);
    assert_non_null(strstr(refusal(), "journal.jsonl:3: round: syscall/getppid/libc has a round 0 already"));
    struct text whole = text_read(path);
    size_t size = whole.size;
    while (whole.bytes[size - 2] != '\n') { /* without the third line */
        --size;
    }
    --size;
    for (size_t i = 0; i < size - 1; i += 1 + size / 1000) {
        char kept = whole.bytes[i];
        whole.bytes[i] = (char)(kept ^ (1 << (i % 7)));
        text_write(path, whole.bytes, size);
        if (tsp_journal_resume(&journal, path, &resumed, &error) == 0) {
            fail_msg("byte %zu was '%c', is '%c', and nobody minds", i, kept, whole.bytes[i]);
        }
        whole.bytes[i] = kept;
    }
    free(whole.bytes);
    tsp_record_free(&record);
}

static void what_is_no_journal_is_refused(void **unused) {
    (void)unused;
    (void)unlink(path);
    assert_non_null(strstr(refusal(), "No such file or directory"));
    text_write(path, "", 0);
    assert_non_null(strstr(refusal(), "no whole first line"));
    text_write(path, "{\"schema\":", 10);
    assert_non_null(strstr(refusal(), "no whole first line"));
    text_write(path, "{\"schema\":\"transept.journal/9\"}\n", 32);
    assert_non_null(strstr(refusal(), "its schema is transept.journal/9"));
    text_write(path, "{\"schema\":\"transept.journal/1\"}\n", 32);
    assert_non_null(strstr(refusal(), "header: is missing"));
}

static void two_runs_do_not_share_a_journal(void **unused) {
    (void)unused;
    struct tsp_journal *journal = create();
    struct tsp_journal *second = NULL;
    struct tsp_record plan;
    struct tsp_error error = {""};
    plan_sample(&plan);
    struct text before = text_read(path);
    assert_int_equal(tsp_journal_create(&second, path, &plan, &error), -1);
    assert_non_null(strstr(error.text, "another run is writing it"));
    struct text after = text_read(path);
    assert_int_equal(before.size, after.size); /* it was not emptied on the way */
    assert_non_null(strstr(refusal(), "another run is writing it"));
    free(before.bytes);
    free(after.bytes);
    tsp_record_free(&plan);
    tsp_journal_close(journal, true);
}

/* A disk that is full for a while, as a limit on the file's size plays it. */
static void a_full_disk_is_told_once(void **unused) {
    (void)unused;
    struct tsp_record record;
    struct tsp_record resumed;
    struct tsp_error error = {""};
    struct rlimit kept;
    full_sample(&record);
    struct tsp_journal *journal = create();
    const struct tsp_result *result = tsp_record_find(&record, "syscall/getppid/raw");
    assert_non_null(result);
    assert_int_equal(tsp_journal_append(journal, result->id, &result->rounds[0], &error), 0);
    struct text before = text_read(path);

    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &kept), 0);
    struct rlimit tight = {.rlim_cur = before.size + 100, .rlim_max = kept.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    assert_int_equal(tsp_journal_append(journal, result->id, &result->rounds[1], &error), -1);
    assert_non_null(strstr(error.text, path));
    assert_non_null(strstr(error.text, "the run goes on"));
    assert_int_equal(tsp_journal_append(journal, result->id, &result->rounds[1], &error), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &kept), 0);
    struct text after = text_read(path);
    assert_int_equal(before.size, after.size); /* no torn line is left */
    assert_int_equal(tsp_journal_append(journal, result->id, &result->rounds[2], &error), 0);
    tsp_journal_close(journal, false);

    journal = resume(&resumed);
    assert_int_equal(count_rounds(&resumed), 2);
    assert_int_equal(tsp_record_find(&resumed, "syscall/getppid/raw")->rounds[1].index, 2);
    tsp_journal_close(journal, true);
    free(before.bytes);
    free(after.bytes);
    tsp_record_free(&record);
    tsp_record_free(&resumed);
}

static void an_unwritable_place_is_told(void **unused) {
    (void)unused;
    struct tsp_record plan;
    struct tsp_error error = {""};
    struct tsp_journal *journal = NULL;
    plan_sample(&plan);
    assert_int_equal(tsp_journal_create(&journal, "/dev/null/journal.jsonl", &plan, &error), -1);
    assert_non_null(strstr(error.text, "cannot write /dev/null"));
    assert_int_equal(tsp_journal_create(&journal, "/proc/journal.jsonl", &plan, &error), -1);
    assert_non_null(strstr(error.text, "write to another"));
    tsp_record_free(&plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_resumed_record_is_the_same),
        cmocka_unit_test(a_torn_last_line_is_dropped),
        cmocka_unit_test(a_damaged_line_is_refused_by_number),
        cmocka_unit_test(every_damaged_byte_is_noticed),
        cmocka_unit_test(what_is_no_journal_is_refused),
        cmocka_unit_test(two_runs_do_not_share_a_journal),
        cmocka_unit_test(a_full_disk_is_told_once),
        cmocka_unit_test(an_unwritable_place_is_told),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
