/* The plugin's own parts without a QEMU: the page it writes, read by the guest's reader; accesses from their parts; its arguments. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "emulator/accesses.h"
#include "emulator/page_writer.h"
#include "emulator/settings.h"
#include "measure/counters_page.h"

static void make_file(char *path, size_t size) {
    (void)snprintf(path, size, "/tmp/test_emulator_page_XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
}

static const struct tsp_page_plan plan[] = {
    {"instructions", TSP_PAGE_COUNTED}, {"loads", TSP_PAGE_COUNTED}, {"l1d-misses", TSP_PAGE_MODELLED}};

/* The page as written is what the reader takes; two vCPUs add up. */
static void what_is_written_is_read(void **state) {
    (void)state;
    char path[64];
    char reason[TSP_REASON_MAX] = "";
    struct tsp_page_writer writer;
    make_file(path, sizeof path);
    assert_int_equal(tsp_page_writer_open(&writer, path, "a test", plan, 3, reason, sizeof reason), 0);
    tsp_page_writer_block(&writer, 0)[0] = 40;
    tsp_page_writer_block(&writer, 0)[2] = UINT64_C(1) << 40;
    tsp_page_writer_block(&writer, 7)[0] = 2;
    tsp_page_writer_publish(&writer, 8, (uint32_t)getpid());

    struct tsp_page page;
    struct tsp_reading readings[3];
    assert_int_equal(tsp_page_open(&page, path, reason, sizeof reason), 0);
    assert_int_equal(page.counter_count, 3);
    assert_string_equal(page.counters[2].name, "l1d-misses");
    assert_int_equal(page.counters[2].evidence, TSP_PAGE_MODELLED);
    tsp_page_read(&page, readings);
    assert_true(readings[0].value == 42 && readings[1].value == 0 && readings[2].value == UINT64_C(1) << 40);
    assert_true(readings[0].running == readings[0].enabled);

    /* Counts of another process are no counts of this one. */
    tsp_page_writer_publish(&writer, 8, (uint32_t)getppid());
    tsp_page_read(&page, readings);
    assert_true(readings[0].running == 0 && readings[0].enabled > 0);
    tsp_page_close(&page);
    assert_int_equal(unlink(path), 0);
}

static void threads_beyond_the_last_block_share_it(void **state) {
    (void)state;
    char path[64];
    char reason[TSP_REASON_MAX] = "";
    struct tsp_page_writer writer;
    make_file(path, sizeof path);
    assert_int_equal(tsp_page_writer_open(&writer, path, "a test", plan, 3, reason, sizeof reason), 0);
    assert_ptr_not_equal(tsp_page_writer_block(&writer, 0), tsp_page_writer_block(&writer, 1));
    assert_ptr_equal(tsp_page_writer_block(&writer, TSP_PAGE_BLOCKS_MAX - 1),
                     tsp_page_writer_block(&writer, TSP_PAGE_BLOCKS_MAX + 5));
    tsp_page_writer_publish(&writer, TSP_PAGE_BLOCKS_MAX + 5, 1);
    assert_int_equal(writer.header->blocks_used, TSP_PAGE_BLOCKS_MAX);
    tsp_page_writer_publish(&writer, 1, 1);
    assert_int_equal(writer.header->blocks_used, TSP_PAGE_BLOCKS_MAX); /* only grows */
    assert_int_equal(unlink(path), 0);
}

static void a_page_that_cannot_be_written_is_said(void **state) {
    (void)state;
    char reason[TSP_REASON_MAX] = "";
    struct tsp_page_writer writer;
    assert_int_equal(
        tsp_page_writer_open(&writer, "/nonexistent/page", "a test", plan, 3, reason, sizeof reason), -1);
    assert_non_null(strstr(reason, "/nonexistent/page"));
}

/* --- accesses ------------------------------------------------------------------------------------------------------------------ */

static void check_counts(struct tsp_accesses *accesses, uint64_t whole, uint64_t lines, uint64_t pages,
                         uint64_t misaligned, uint64_t unseen) {
    tsp_accesses_settle(accesses);
    assert_int_equal(accesses->counts[TSP_ACCESSES], whole);
    assert_int_equal(accesses->counts[TSP_LINE_CROSSINGS], lines);
    assert_int_equal(accesses->counts[TSP_PAGE_CROSSINGS], pages);
    assert_int_equal(accesses->counts[TSP_MISALIGNED], misaligned);
    assert_int_equal(accesses->counts[TSP_ACCESSES_UNSEEN], unseen);
}

/* 16 bytes in two parts: over the 64 offsets of a line, 15 cross, the one among them where the parts meet at the boundary. */
static void parts_of_one_instruction_are_one_access(void **state) {
    (void)state;
    struct tsp_accesses accesses = {.hierarchy = NULL};
    for (unsigned offset = 0; offset < 64; ++offset) {
        tsp_accesses_begin(&accesses);
        tsp_accesses_part(&accesses, 0x1000 + offset, 8, false);
        tsp_accesses_part(&accesses, 0x1008 + offset, 8, false);
    }
    check_counts(&accesses, 64, 15, 0, 56, 0);
}

/* The same instruction in a loop walks on through memory: each execution is its own access. */
static void executions_that_follow_one_another_stay_apart(void **state) {
    (void)state;
    struct tsp_accesses accesses = {.hierarchy = NULL};
    for (unsigned i = 0; i < 16; ++i) {
        tsp_accesses_begin(&accesses);
        tsp_accesses_part(&accesses, 0x1000 + 8 * i, 8, true);
    }
    check_counts(&accesses, 16, 0, 0, 0, 0);
}

static void a_load_and_a_store_of_one_instruction_are_two(void **state) {
    (void)state;
    struct tsp_accesses accesses = {.hierarchy = NULL};
    tsp_accesses_begin(&accesses);
    tsp_accesses_part(&accesses, 0xffe, 4, false);
    tsp_accesses_part(&accesses, 0xffe, 4, true);
    check_counts(&accesses, 2, 2, 2, 2, 0);
}

static void an_instruction_without_its_access_is_unseen(void **state) {
    (void)state;
    struct tsp_accesses accesses = {.hierarchy = NULL};
    tsp_accesses_begin(&accesses);
    tsp_accesses_begin(&accesses);
    tsp_accesses_part(&accesses, 0x1000, 1, false);
    tsp_accesses_begin(&accesses);
    check_counts(&accesses, 1, 0, 0, 0, 2);
}

static void accesses_reach_the_model(void **state) {
    (void)state;
    struct tsp_hierarchy caches;
    assert_int_equal(tsp_hierarchy_make(&caches, tsp_core_find("zen-4")), 0);
    struct tsp_accesses accesses = {.hierarchy = &caches};
    for (unsigned i = 0; i < 2; ++i) {
        tsp_accesses_begin(&accesses);
        tsp_accesses_part(&accesses, 0x1038, 8, false);
        tsp_accesses_part(&accesses, 0x1040, 8, false);
    }
    tsp_accesses_settle(&accesses);
    assert_int_equal(accesses.counts[TSP_L1D_MISSES], 2);
    assert_int_equal(accesses.counts[TSP_L2_MISSES], 2);
    tsp_hierarchy_free(&caches);
}

/* --- arguments ----------------------------------------------------------------------------------------------------------------- */

static int read_settings(struct tsp_settings *settings, const char *one, const char *two, char *reason) {
    char first[64];
    char second[64];
    (void)snprintf(first, sizeof first, "%s", one);
    (void)snprintf(second, sizeof second, "%s", two);
    char *arguments[] = {first, second};
    int status = tsp_settings_read(settings, 2, arguments, reason, TSP_REASON_MAX);
    settings->page = settings->page != NULL ? "given" : NULL; /* it pointed into this function */
    return status;
}

static void arguments_are_understood(void **state) {
    (void)state;
    struct tsp_settings settings;
    char reason[TSP_REASON_MAX] = "";
    assert_int_equal(read_settings(&settings, "page=/x", "by=block", reason), 0);
    assert_true(settings.page != NULL && !settings.by_instruction && !settings.accesses &&
                settings.model == NULL);
    assert_int_equal(read_settings(&settings, "by=instruction", "page=/x", reason), 0);
    assert_true(settings.by_instruction);
    assert_int_equal(read_settings(&settings, "page=/x", "accesses=on", reason), 0);
    assert_true(settings.accesses && settings.model == NULL);
    assert_int_equal(read_settings(&settings, "page=/x", "model=power9", reason), 0);
    assert_true(settings.accesses);
    assert_ptr_equal(settings.model, tsp_core_find("power9"));
}

static void bad_arguments_are_refused_in_one_line(void **state) {
    (void)state;
    static const struct {
        const char *argument;
        const char *said;
    } bad[] = {{"by=magic", "by=magic"}, {"by", "'by'"},
               {"page=", "page="},       {"accesses=maybe", "accesses=o"},
               {"colour=red", "colour"}, {"model=pentium", "neoverse-n1"},
               {"model=", "power9"},     {"", "is no argument"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        struct tsp_settings settings;
        char reason[TSP_REASON_MAX] = "";
        assert_int_equal(read_settings(&settings, "page=/x", bad[i].argument, reason), -1);
        if (strstr(reason, bad[i].said) == NULL || strchr(reason, '\n') != NULL) {
            fail_msg("%s: %s", bad[i].argument, reason);
        }
    }
    struct tsp_settings settings;
    char reason[TSP_REASON_MAX] = "";
    assert_int_equal(read_settings(&settings, "by=block", "accesses=off", reason), -1);
    assert_non_null(strstr(reason, "page=FILE is missing"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(threads_beyond_the_last_block_share_it),
        cmocka_unit_test(a_page_that_cannot_be_written_is_said),
        cmocka_unit_test(parts_of_one_instruction_are_one_access),
        cmocka_unit_test(executions_that_follow_one_another_stay_apart),
        cmocka_unit_test(a_load_and_a_store_of_one_instruction_are_two),
        cmocka_unit_test(an_instruction_without_its_access_is_unseen),
        cmocka_unit_test(accesses_reach_the_model),
        cmocka_unit_test(arguments_are_understood),
        cmocka_unit_test(bad_arguments_are_refused_in_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
