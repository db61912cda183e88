/* Records of many cases compared in memory that is bounded by the case and not by what the files hold of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "record_files.h"
#include "record_many.h"
#include "record_sample.h"
#include "transept/compare.h"
#include "transept/comparison.h"

#define CASES 10000

/* What docs/method/comparison.md states, with both sides and the rows: bytes a case; and what does not grow with them. */
#define BYTES_A_CASE ((size_t)1280)
#define BYTES_FIXED  ((size_t)8 << 20)

static char folder[64];
static char path[128];

static json_t *sample(void (*fill)(struct tsp_record *)) {
    struct tsp_record record;
    fill(&record);
    struct text text = text_of(tsp_record_write_json, &record);
    tsp_record_free(&record);
    json_t *json = json_loadb(text.bytes, text.size, 0, NULL);
    free(text.bytes);
    assert_non_null(json);
    return json;
}

static void write_many(void (*fill)(struct tsp_record *), size_t cases) {
    json_t *json = sample(fill);
    FILE *stream = fopen(path, "we");
    assert_non_null(stream);
    many_write(stream, json, cases);
    assert_int_equal(fclose(stream), 0);
    json_decref(json);
}

static int make_folder(void **unused) {
    (void)unused;
    folder_make(folder);
    (void)snprintf(path, sizeof path, "%s/many.json", folder);
    return 0;
}

static int remove_folder(void **unused) {
    (void)unused;
    folder_remove(folder);
    return 0;
}

/* No more memory than there is now and so much. An emulator of user mode does not pass this on, and a sanitizer needs terabytes of addresses: there only the
 * result is tested. */
static void limit_memory(size_t more) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    long pages = 0;
    FILE *stream = fopen("/proc/self/statm", "re");
    if (stream == NULL || fscanf(stream, "%ld", &pages) != 1) {
        _exit(3);
    }
    (void)fclose(stream);
    rlim_t all = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + more;
    const struct rlimit limit = {.rlim_cur = all, .rlim_max = all};
    if (setrlimit(RLIMIT_AS, &limit) != 0) {
        _exit(3);
    }
#else
    (void)more;
#endif
}

/* In a child, so that its limit is nobody else's; 0 when it did what it should. */
static int in_child(int (*work)(void), size_t memory) {
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        limit_memory(memory);
        _exit(work());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int say(const struct tsp_error *error) {
    print_error("%s\n", error->text);
    return 1;
}

static int compare_with_itself(void) {
    struct tsp_side sides[2];
    struct tsp_comparison comparison;
    struct tsp_error error;
    const struct tsp_question question = {.threshold = 0.01};
    for (int i = 0; i < 2; ++i) {
        if (tsp_side_read(&sides[i], path, &question, &error) != 0) {
            return say(&error);
        }
    }
    if (tsp_comparison_make(&comparison, &sides[0], &sides[1], &question, &error) != 0) {
        return say(&error);
    }
    int status = sides[0].case_count == CASES && comparison.row_count > CASES / 2 ? 0 : 2;
    for (size_t i = 0; i < comparison.row_count; ++i) { /* in a moment, or the test never ends */
        const struct tsp_row *row = &comparison.rows[i];
        const struct tsp_row *of_case = tsp_comparison_find_case(&comparison, row->cases[0]->id);
        bool found = tsp_comparison_find(&comparison, row) == row && of_case != NULL &&
                     of_case->cases[0] == row->cases[0];
        status = found ? status : 2;
    }
    status = tsp_comparison_find_case(&comparison, "no/such/case") == NULL ? status : 2;
    tsp_comparison_free(&comparison);
    tsp_side_free(&sides[0]);
    tsp_side_free(&sides[1]);
    return status;
}

static int read_counts(void) {
    struct tsp_counts counts;
    struct tsp_error error;
    if (tsp_counts_read(&counts, path, &error) != 0) {
        return say(&error);
    }
    int status = counts.case_count == CASES ? 0 : 2;
    tsp_counts_free(&counts);
    return status;
}

static void a_comparison_takes_little_memory(void **unused) {
    (void)unused;
    struct stat file;
    write_many(sample_hardware, CASES);
    assert_int_equal(stat(path, &file), 0);
    assert_true((size_t)file.st_size > 2 * (BYTES_FIXED + CASES * BYTES_A_CASE)); /* else it proves nothing */
    assert_int_equal(in_child(compare_with_itself, BYTES_FIXED + CASES * BYTES_A_CASE), 0);
}

static void sample_of_counts(struct tsp_record *record) {
    sample_emulated(record);
    record->run.interrupted = false;
}

static void exact_counts_take_little_memory(void **unused) {
    (void)unused;
    write_many(sample_of_counts, CASES);
    assert_int_equal(in_child(read_counts, BYTES_FIXED + CASES * BYTES_A_CASE), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_comparison_takes_little_memory),
        cmocka_unit_test(exact_counts_take_little_memory),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
