/* The database of a history: what goes in comes out; what is no history, damaged, locked or full is one clear line, and leaves it as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include "history/store.h"
#include "record_files.h"
#include "record_sample.h"

/* Bytes tried by the fuzz test: enough to meet every page in several places, few enough for an emulator. */
#define TRIES 250

static char folder[64];
static char db[128];
static char path[128];

static int make_folder(void **unused) {
    (void)unused;
    folder_make(folder);
    (void)snprintf(db, sizeof db, "%s/deep/er/history.db", folder);
    (void)snprintf(path, sizeof path, "%s/record.json", folder);
    return 0;
}

static int remove_folder(void **unused) {
    (void)unused;
    folder_remove(folder);
    return 0;
}

/* A record of that day, in the file `path`; its time is so much higher. */
static void write_record(int day, double more) {
    struct tsp_record record;
    sample_hardware(&record);
    (void)snprintf(record.run.id, sizeof record.run.id, "%08x-0000-4000-8000-000000000001", 0x1000 + day);
    (void)snprintf(record.run.started, sizeof record.run.started, "2024-05-%02dT12:00:00Z", day);
    for (unsigned i = 0; i < record.results[0].round_count; ++i) {
        sample_description(&record.results[0].rounds[i].metrics[0].description, 90 + 0.1 * i + more);
    }
    assert_int_equal(tsp_result_summarise(&record.results[0], NULL), 0);
    struct text text = text_of(tsp_record_write_json, &record);
    text_write(path, text.bytes, text.size);
    free(text.bytes);
    tsp_record_free(&record);
}

static struct tsp_history *open_it(void) {
    struct tsp_history *history = NULL;
    struct tsp_error error = {""};
    if (tsp_history_open(&history, db, true, 50, &error) != 0) {
        fail_msg("%s", error.text);
    }
    return history;
}

/* What opening says; empty when it opens. */
static const char *complaint(bool create) {
    static struct tsp_error error;
    struct tsp_history *history = NULL;
    error.text[0] = '\0';
    if (tsp_history_open(&history, db, create, 50, &error) == 0) {
        tsp_history_close(history);
        return "";
    }
    assert_null(history);
    if (strstr(error.text, "history.db") == NULL) {
        fail_msg("the complaint does not name the file: %s", error.text);
    }
    return error.text;
}

static void assert_says(const char *said, const char *wanted) {
    if (strstr(said, wanted) == NULL) {
        fail_msg("'%s' lacks '%s'", said, wanted);
    }
}

static int add(struct tsp_history *history, struct tsp_error *error) {
    struct tsp_history_run run;
    error->text[0] = '\0';
    return tsp_history_add(history, path, NULL, &run, error);
}

/* A history of so many days, the last four of them slower. */
static void fill(int days) {
    struct tsp_history *history = open_it();
    struct tsp_error error;
    for (int day = 1; day <= days; ++day) {
        write_record(day, day > days - 4 ? 20 : 0.2 * (day % 3));
        assert_int_equal(add(history, &error), 1);
    }
    tsp_history_close(history);
}

static size_t count_runs(struct tsp_history *history) {
    static const struct tsp_history_choice any = {.limit = 0};
    struct tsp_history_runs runs;
    assert_int_equal(tsp_history_runs(history, &any, &runs, NULL), 0);
    size_t count = runs.count;
    tsp_history_runs_free(&runs);
    return count;
}

/* --- what goes in comes out ---------------------------------------------------------------------------------------------------------- */

struct seen {
    unsigned time;
    unsigned counts;
    unsigned ends;
    unsigned denied;
};

static int see(void *data, const struct tsp_history_point *point, struct tsp_error *error) {
    struct seen *seen = data;
    (void)error;
    if (strcmp(point->tcase, "syscall/getppid/raw") == 0 && strcmp(point->metric, "time") == 0) {
        assert_string_equal(point->unit, "ns/op");
        assert_string_equal(point->better, "lower");
        assert_string_equal(point->rounds, "[90,90.1,90.2]");
        assert_int_equal(point->evidence, TSP_MEASURED);
        assert_true(point->of[TSP_P50].value > 90 && point->of[TSP_P50].lo < point->of[TSP_P50].value);
        assert_true(isnan(point->of[TSP_P99].value));
        assert_int_equal(point->of[TSP_P99].needs, 300);
        assert_int_equal(point->n, 300);
        assert_int_equal(point->ops, 4096);
        ++seen->time;
    }
    if (strcmp(point->metric, "stores") == 0) {
        assert_true(point->exact && !point->varies && point->of[TSP_P50].value == 6 &&
                    point->rounds[0] == '\0');
        ++seen->counts;
    }
    if (strcmp(point->metric, "cycles:k") == 0) {
        assert_int_equal(point->counter_status, TSP_COUNTER_DENIED);
        assert_non_null(strstr(point->reason, "perf_event_paranoid"));
        assert_true(isnan(point->of[TSP_P50].value));
        ++seen->denied;
    }
    if (strcmp(point->tcase, "barrier/fence/dmb-ish") == 0) {
        assert_int_equal(point->status, TSP_SKIPPED);
        assert_non_null(strstr(point->case_reason, "needs ARM64"));
        assert_string_equal(point->metric, "");
        ++seen->ends;
    }
    return 0;
}

static void a_run_comes_out_as_it_went_in(void **unused) {
    (void)unused;
    struct tsp_history *history = open_it();
    struct tsp_history_run run;
    struct tsp_error error = {""};
    struct seen seen = {0};
    write_record(1, 0);
    assert_int_equal(tsp_history_add(history, path, NULL, &run, &error), 1);
    tsp_history_close(history);
    history = open_it();
    static const struct tsp_history_choice any = {.limit = 0};
    assert_int_equal(tsp_history_find(history, &any, "00001001", &run, &error), 0);
    assert_string_equal(run.started, "2024-05-01T12:00:00Z");
    assert_string_equal(run.machine, "00c0ffee12345678");
    assert_string_equal(run.executed_by, "hardware");
    assert_string_equal(run.compiler, "gcc 12.2.0");
    assert_string_equal(run.commit, "18ff3afb71e83756d2d54a4ac9e2894c25435433");
    assert_true(run.time_ms == 20 && run.warmup_ms == 5);
    assert_int_equal(run.rounds, 3);
    assert_int_equal(run.cases, 8);
    assert_int_equal(run.cases_ok, 3);
    assert_int_equal(tsp_history_points(history, &run, see, &seen, &error), 0);
    assert_true(seen.time == 1 && seen.counts == 1 && seen.ends == 1 && seen.denied == 1);
    tsp_history_close(history);
}

static void the_same_run_is_added_once(void **unused) {
    (void)unused;
    fill(3);
    struct text before = text_read(db);
    struct tsp_history *history = open_it();
    struct tsp_error error;
    assert_int_equal(add(history, &error), 0);
    assert_int_equal(count_runs(history), 3);
    write_record(3, 21); /* as a run that was taken up again */
    assert_int_equal(add(history, &error), -1);
    assert_says(error.text, "there already with other results");
    tsp_history_close(history);
    struct text after = text_read(db);
    assert_int_equal(before.size, after.size);
    assert_memory_equal(before.bytes, after.bytes, before.size);
    free(before.bytes);
    free(after.bytes);
}

static void what_is_removed_is_gone(void **unused) {
    (void)unused;
    static const struct tsp_history_choice any = {.limit = 0};
    fill(3);
    struct tsp_history *history = open_it();
    struct tsp_history_run run;
    struct tsp_error error = {""};
    assert_int_equal(tsp_history_remove(history, &any, "0000", &run, &error), -1);
    assert_says(error.text, "3 runs of");
    assert_int_equal(tsp_history_remove(history, &any, "00001002", &run, &error), 0);
    assert_int_equal(tsp_history_remove(history, &any, "00001002", &run, &error), -1);
    assert_says(error.text, "has no run '00001002'");
    assert_int_equal(count_runs(history), 2);
    write_record(2, 0);
    assert_int_equal(add(history, &error), 1);
    tsp_history_close(history);
    assert_string_equal(complaint(false), "");
}

static void runs_are_chosen(void **unused) {
    (void)unused;
    fill(5);
    const struct tsp_history_choice choices[] = {{.since = "2024-05-04"},
                                                 {.limit = 2},
                                                 {.arch = "x86_64"},
                                                 {.arch = "arm64"},
                                                 {.machine = "00c0ffee12345678", .limit = 1}};
    const size_t wanted[] = {2, 2, 5, 0, 1};
    struct tsp_history *history = open_it();
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; ++i) {
        struct tsp_history_runs runs;
        assert_int_equal(tsp_history_runs(history, &choices[i], &runs, NULL), 0);
        assert_int_equal(runs.count, wanted[i]);
        if (choices[i].limit > 0) {
            assert_string_equal(runs.of[runs.count - 1].started, "2024-05-05T12:00:00Z");
        }
        tsp_history_runs_free(&runs);
    }
    tsp_history_close(history);
    assert_int_equal(tsp_history_since("2024-05-01", NULL), 0);
    assert_int_equal(tsp_history_since("2024-05-01T12:00:00Z", NULL), 0);
    assert_int_equal(tsp_history_since("2024-5-1", NULL), -1);
    assert_int_equal(tsp_history_since("yesterday", NULL), -1);
}

/* --- trends -------------------------------------------------------------------------------------------------------------------------- */

static void a_trend_tells_where_it_changed(void **unused) {
    (void)unused;
    const struct tsp_trend_question question = {.metric = "time", .threshold = 0.01, .pattern = "syscall"};
    struct tsp_trends trends;
    struct tsp_error error = {""};
    fill(10);
    struct tsp_history *history = open_it();
    assert_int_equal(tsp_trends_read(&trends, history, &question, &error), 0);
    assert_int_equal(trends.count, 1);
    const struct tsp_trend *trend = &trends.of[0];
    assert_int_equal(trend->count, 10);
    assert_int_equal(trend->judged, 10);
    assert_int_equal(trend->changes.count, 1);
    assert_int_equal(trend->changes.of[0].index, 6);
    assert_true(trend->band.lo < 110.1 && trend->band.hi > 110.1 && trend->band.lo > 100);
    assert_null(trend->reason);
    tsp_trends_free(&trends);
    struct tsp_trend_question other = question;
    other.metric = "tiem";
    assert_int_equal(tsp_trends_read(&trends, history, &other, &error), -1);
    assert_says(error.text, "there are cycles:k, instructions");
    tsp_trends_free(&trends);
    other = question;
    other.pattern = "epoll/none";
    assert_int_equal(tsp_trends_read(&trends, history, &other, &error), -1);
    assert_says(error.text, "no case matches 'epoll/none'");
    tsp_trends_free(&trends);
    tsp_history_close(history);
}

/* --- what is no history -------------------------------------------------------------------------------------------------------------- */

static void make_database(const char *sql) {
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(db, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

static void what_is_no_history_is_told(void **unused) {
    (void)unused;
    assert_says(complaint(false), "no history is there");
    tsp_history_close(open_it()); /* makes the folders */
    text_write(
        db,
        "{\"schema\": \"transept.run/1\"}, and more than the hundred bytes that a database begins with, at the least",
        103);
    assert_says(complaint(true), "is no history");
    assert_int_equal(unlink(db), 0);
    text_write(db, "", 0);
    assert_says(complaint(false), "is empty");
    assert_string_equal(complaint(true), "");
    assert_int_equal(unlink(db), 0);
    make_database("CREATE TABLE accounts (owner TEXT)");
    assert_says(complaint(true), "of another program");
    assert_int_equal(unlink(db), 0);
    assert_int_equal(mkdir(db, 0777), 0);
    assert_says(complaint(true), "is no file");
    assert_int_equal(rmdir(db), 0);
    (void)snprintf(db, sizeof db, "/proc/self/history.db"); /* nobody makes files there, not even root */
    assert_says(complaint(true), "cannot be opened for writing");
}

static void a_newer_form_is_refused_and_an_older_one_brought_up(void **unused) {
    (void)unused;
    char sql[64];
    tsp_history_close(open_it());
    (void)snprintf(sql, sizeof sql, "PRAGMA user_version=%d", TSP_HISTORY_VERSION + 1);
    make_database(sql);
    assert_says(complaint(true), "use the transept that wrote it");
    assert_int_equal(unlink(db), 0);
    /* As the first form had it: a run without its compiler. */
    struct tsp_history_run run = {.rounds = 3, .time_ms = 20, .warmup_ms = 5};
    SET(run.id, "00000001-old");
    SET(run.started, "2024-01-01T00:00:00Z");
    SET(run.arch, "x86_64");
    SET(run.machine, "00c0ffee12345678");
    SET(run.executed_by, "hardware");
    char insert[1024];
    (void)snprintf(
        insert, sizeof insert,
        "PRAGMA application_id=%d; PRAGMA user_version=1;"
        "INSERT INTO runs (run, started, arch, machine, executed_by, time_ms, warmup_ms, rounds, content, sum)"
        " VALUES ('%s', '%s', '%s', '%s', '%s', 20, 5, 3, 0, %" PRId64 ")",
        TSP_STORE_APPLICATION, run.id, run.started, run.arch, run.machine, run.executed_by,
        tsp_sum_run(&run));
    make_database(tsp_store_step_from(0));
    make_database(insert);
    struct tsp_history *history = open_it();
    assert_int_equal(count_runs(history), 1);
    struct tsp_error error;
    write_record(1, 0);
    assert_int_equal(add(history, &error), 1);
    assert_int_equal(count_runs(history), 2);
    tsp_history_close(history);
    assert_null(tsp_store_step_from(TSP_HISTORY_VERSION));
}

/* --- what must not change it --------------------------------------------------------------------------------------------------------- */

/* Adding fails by `spoil`, with those words, and every byte is as it was. */
static void assert_untouched(struct tsp_history *history, const volatile int *stop, const char *wanted) {
    struct tsp_history_run run;
    struct tsp_error error = {""};
    struct text before = text_read(db);
    assert_int_equal(tsp_history_add(history, path, stop, &run, &error), -1);
    assert_says(error.text, wanted);
    struct text after = text_read(db);
    assert_int_equal(before.size, after.size);
    assert_memory_equal(before.bytes, after.bytes, before.size);
    free(before.bytes);
    free(after.bytes);
}

static void an_interrupt_a_bad_record_and_a_lock_leave_it_as_it_was(void **unused) {
    (void)unused;
    fill(2);
    struct tsp_history *history = open_it();
    const volatile int stop = 1;
    write_record(3, 0);
    assert_untouched(history, &stop, "interrupted");
    struct text record = text_read(path);
    char *last =
        strstr(record.bytes, "\"id\": \"alloc/malloc"); /* in the last case: all others were taken by then */
    assert_non_null(last);
    last[8] = 'b';
    text_write(path, record.bytes, record.size);
    assert_untouched(history, NULL, "digest");
    free(record.bytes);
    text_write(path, "{}", 2);
    assert_untouched(history, NULL, "not a transept record");
    write_record(3, 0);
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(db, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    assert_untouched(history, NULL, "another process writes to it");
    assert_says(complaint(false), "another process writes to it");
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    struct tsp_error error;
    assert_int_equal(add(history, &error), 1);
    tsp_history_close(history);
}

static void a_full_disk_leaves_it_as_it_was(void **unused) {
    (void)unused;
    struct rlimit old;
    fill(2);
    struct tsp_history *history = open_it();
    write_record(3, 0);
    struct text now = text_read(db);
    free(now.bytes);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    (void)signal(SIGXFSZ, SIG_IGN);
    const struct rlimit full = {.rlim_cur = now.size, .rlim_max = old.rlim_max}; /* no page more */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
    struct tsp_error error;
    int status = 1;
    for (int day = 3; day < 20 && status == 1; ++day) {
        status = add(history, &error); /* what fits into the pages that are there is added */
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
        write_record(day + 1, 0);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
    }
    assert_int_equal(status, -1);
    assert_says(error.text, "history.db");
    size_t runs = count_runs(history);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(add(history, &error), 1); /* and with room again it goes on */
    assert_int_equal(count_runs(history), runs + 1);
    tsp_history_close(history);
    assert_string_equal(complaint(false), "");
}

static int print_point(void *data, const struct tsp_history_point *point, struct tsp_error *error) {
    (void)error;
    (void)fprintf(data, "%s %d %s %d %" PRIu64 " %s %s %d %s %d %s %d %d %" PRIu64 " %s", point->tcase,
                  point->status, point->case_reason, point->per_op, point->ops, point->metric, point->unit,
                  point->evidence, point->better, point->counter_status, point->reason, point->exact,
                  point->varies, point->n, point->rounds);
    for (int i = 0; i < TSP_PERCENTILES; ++i) {
        (void)fprintf(data, " %.17g %.17g %.17g %" PRIu64, point->of[i].value, point->of[i].lo,
                      point->of[i].hi, point->of[i].needs);
    }
    (void)fputc('\n', data);
    return 0;
}

/* All that is kept of every run, as a text; NULL with the complaint. */
static char *read_all(struct tsp_error *error) {
    static const struct tsp_history_choice any = {.limit = 0};
    struct tsp_history *history = NULL;
    struct tsp_history_runs runs = {.of = NULL};
    char *bytes = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&bytes, &size);
    assert_non_null(stream);
    int status = tsp_history_open(&history, db, false, 50, error);
    status = status == 0 ? tsp_history_runs(history, &any, &runs, error) : -1;
    for (size_t i = 0; status == 0 && i < runs.count; ++i) {
        (void)fprintf(stream, "%s %s %s %s\n", runs.of[i].id, runs.of[i].started, runs.of[i].machine,
                      runs.of[i].compiler);
        status = tsp_history_points(history, &runs.of[i], print_point, stream, error);
    }
    tsp_history_runs_free(&runs);
    tsp_history_close(history);
    (void)fclose(stream);
    if (status != 0) {
        free(bytes);
        bytes = NULL;
    }
    return bytes;
}

/* A byte that is another one is told, or it is one that says nothing: no figure ever changes in silence. */
static void damage_is_told(void **unused) {
    (void)unused;
    struct tsp_error error = {""};
    unsigned told = 0;
    fill(8);
    char *wanted = read_all(&error);
    assert_non_null(wanted);
    struct text sound = text_read(db);
    for (size_t i = 0; i < TRIES; ++i) {
        size_t at = i * sound.size / TRIES;
        char byte = sound.bytes[at];
        error.text[0] = '\0';
        sound.bytes[at] = (char)(byte ^ (1 << i % 8));
        text_write(db, sound.bytes, sound.size);
        sound.bytes[at] = byte;
        char *got = read_all(&error);
        if (got == NULL) {
            assert_true(error.text[0] != '\0' && strchr(error.text, '\n') == NULL);
            ++told;
        } else if (strcmp(got, wanted) != 0) {
            fail_msg("byte %zu: other figures in silence:\n%s", at, got);
        }
        free(got);
    }
    for (size_t size = 1; size < sound.size;
         size +=
         sound.size / 25) { /* cut off: what is missing then is zeros, as the last byte may have been */
        text_write(db, sound.bytes, size);
        char *got = read_all(&error);
        if (got != NULL && (size + 512 < sound.size || strcmp(got, wanted) != 0)) {
            fail_msg("cut to %zu of %zu bytes, and not told", size, sound.size);
        }
        free(got);
    }
    print_message("             %u of %d told\n", told, TRIES);
    assert_true(told > TRIES / 4);
    free(sound.bytes);
    free(wanted);
}

int main(void) {
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(a_run_comes_out_as_it_went_in),
        TEST(the_same_run_is_added_once),
        TEST(what_is_removed_is_gone),
        TEST(runs_are_chosen),
        TEST(a_trend_tells_where_it_changed),
        TEST(what_is_no_history_is_told),
        TEST(a_newer_form_is_refused_and_an_older_one_brought_up),
        TEST(an_interrupt_a_bad_record_and_a_lock_leave_it_as_it_was),
        TEST(a_full_disk_leaves_it_as_it_was),
        TEST(damage_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
