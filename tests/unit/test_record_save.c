/* Where a record lands, and what is left when it cannot. */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>

#include <cmocka.h>

#include "record_files.h"
#include "record_sample.h"

static char folder[64];
static struct tsp_record record;

static int set_up(void **unused) {
    (void)unused;
    folder_make(folder);
    sample_hardware(&record);
    return 0;
}

static int tear_down(void **unused) {
    (void)unused;
    folder_remove(folder);
    tsp_record_free(&record);
    return 0;
}

static int save(const char *root, const char *format, char *path, struct tsp_error *error) {
    error->text[0] = '\0';
    return tsp_record_save(&record, root, tsp_format_find(format), path, 256, error);
}

static void assert_ends(const char *text, const char *end) {
    assert_true(strlen(text) >= strlen(end));
    assert_string_equal(text + strlen(text) - strlen(end), end);
}

static int count_one(const char *name, const struct stat *status, int kind, struct FTW *walk) {
    (void)status;
    (void)walk;
    const char *base = strrchr(name, '/');
    return kind == FTW_F && base != NULL && base[1] == '.' ? 1 : 0;
}

/* Is a temporary file left behind? */
static bool is_littered(const char *root) {
    return nftw(root, count_one, 16, FTW_PHYS) != 0;
}

static void a_record_lands_in_its_place(void **unused) {
    (void)unused;
    char path[256];
    char link[128];
    char target[128] = "";
    struct tsp_error error;
    (void)snprintf(link, sizeof link, "%s/results/x86_64/latest.json", folder);
    char root[80];
    (void)snprintf(root, sizeof root, "%s/results", folder);
    assert_int_equal(save(root, "json", path, &error), 0);
    assert_ends(path, "/results/x86_64/00c0ffee12345678/20240501T123456Z.json");
    assert_true(readlink(link, target, sizeof target - 1) > 0);
    assert_string_equal(target, "00c0ffee12345678/20240501T123456Z.json"); /* relative: the folder may move */
    struct tsp_record read;
    assert_int_equal(tsp_record_read_json(&read, link, &error), 0);
    tsp_record_free(&read);
    assert_int_equal(save(root, "csv", path, &error), 0);
    assert_ends(path, "/20240501T123456Z.csv");
    assert_false(is_littered(root));
}

static void another_run_of_the_same_second_is_kept(void **unused) {
    (void)unused;
    char first[256];
    char second[256];
    char link[128];
    char target[128] = "";
    struct tsp_error error;
    assert_int_equal(save(folder, "csv", first, &error), 0);
    assert_int_equal(save(folder, "csv", second, &error), 0);
    assert_ends(second, "/20240501T123456Z-1.csv");
    assert_int_equal(access(first, F_OK), 0);
    (void)snprintf(link, sizeof link, "%s/x86_64/latest.csv", folder);
    assert_true(readlink(link, target, sizeof target - 1) > 0);
    assert_string_equal(target, "00c0ffee12345678/20240501T123456Z-1.csv");
}

static void a_record_stays_in_the_chosen_folder(void **unused) {
    (void)unused;
    char path[256];
    struct tsp_error error;
    const char *const names[] = {"", "..", "../../etc", "a/b"};
    for (size_t i = 0; i < 4; ++i) {
        SET(record.machine.id, names[i]);
        assert_int_equal(save(folder, "json", path, &error), -1);
        assert_non_null(strstr(error.text, "make no file name"));
    }
    SET(record.machine.id, "00c0ffee12345678");
}

static void a_place_that_is_none_is_told(void **unused) {
    (void)unused;
    char path[256];
    struct tsp_error error;
    assert_int_equal(save("/dev/null", "json", path, &error), -1);
    assert_non_null(
        strstr(error.text, "cannot write /dev/null/x86_64: Not a directory; write to another folder"));
}

/* As somebody else than root, whom no permission stops. */
static void a_read_only_folder_is_told(void **unused) {
    (void)unused;
    char path[256];
    struct tsp_error error;
    uid_t user = geteuid();
    assert_int_equal(chmod(folder, 0555), 0);
    if (user == 0) {
        assert_int_equal(seteuid(65534), 0);
    }
    int status = save(folder, "json", path, &error);
    if (user == 0) {
        assert_int_equal(seteuid(user), 0);
    }
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(status, -1);
    assert_non_null(
        strstr(error.text, "Permission denied; make the folder writable or write to another one"));
}

/* Fills a file system of 64 KiB, in a mount namespace of our own. */
static void a_full_disk_leaves_nothing_behind(void **unused) {
    (void)unused;
    char path[256];
    char filler[128];
    struct tsp_error error;
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", folder, "tmpfs", 0, "size=64k") != 0) {
        print_message(
            "skipped: a small file system cannot be mounted here (it takes root); /dev/full is tried elsewhere\n");
        skip();
    }
    (void)snprintf(filler, sizeof filler, "%s/filler", folder);
    FILE *stream = fopen(filler, "we");
    assert_non_null(stream);
    for (int i = 0; i < 65536; ++i) {
        (void)putc('x', stream);
    }
    (void)fclose(stream);
    int status = save(folder, "json", path, &error);
    bool littered = is_littered(folder);
    int unmounted = umount(folder);
    assert_int_equal(status, -1);
    assert_false(littered);
    assert_int_equal(unmounted, 0);
    assert_non_null(
        strstr(error.text, "No space left on device; free some space or write to another folder"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_record_lands_in_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_run_of_the_same_second_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_record_stays_in_the_chosen_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_place_that_is_none_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_read_only_folder_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_leaves_nothing_behind, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
