/* The emulator's page: files that the test writes in both byte orders, whole and damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake_perf.h"
#include "measure/counters.h"

#define BLOCKS 3

/* A page as a plugin would lay it out, in a buffer; `swap` writes the other byte order. */
struct image {
    struct tsp_page_header header;
    struct tsp_page_counter counters[2];
    unsigned char gap[(size_t)2 * TSP_PAGE_ALIGN - sizeof(struct tsp_page_header) -
                      2 * sizeof(struct tsp_page_counter)];
    uint64_t blocks[BLOCKS][TSP_PAGE_ALIGN / sizeof(uint64_t)];
    bool swap;
};

#define IMAGE_BYTES offsetof(struct image, swap)

_Static_assert(offsetof(struct image, blocks) == (size_t)2 * TSP_PAGE_ALIGN,
               "blocks lie where the header says");

static uint32_t put32(const struct image *image, uint32_t value) {
    return image->swap ? __builtin_bswap32(value) : value;
}

static uint64_t put64(const struct image *image, uint64_t value) {
    return image->swap ? __builtin_bswap64(value) : value;
}

static void make_image(struct image *image, bool swap) {
    memset(image, 0, sizeof *image);
    image->swap = swap;
    struct tsp_page_header *header = &image->header;
    memcpy(header->magic, TSP_PAGE_MAGIC, sizeof header->magic);
    header->order = put32(image, TSP_PAGE_ORDER);
    header->version = put32(image, TSP_PAGE_VERSION);
    header->counter_count = put32(image, 2);
    header->block_count = put32(image, BLOCKS);
    header->block_bytes = put32(image, TSP_PAGE_ALIGN);
    header->blocks_offset = put32(image, 2 * TSP_PAGE_ALIGN);
    header->blocks_used = put32(image, 2);
    image->counters[0] =
        (struct tsp_page_counter){.name = "instructions", .evidence = put32(image, TSP_PAGE_COUNTED)};
    image->counters[1] =
        (struct tsp_page_counter){.name = "l1d-misses", .evidence = put32(image, TSP_PAGE_MODELLED)};
    image->blocks[0][0] = put64(image, UINT64_C(0x1234567890));
    image->blocks[0][1] = put64(image, 5);
    image->blocks[1][0] = put64(image, 1);
    image->blocks[1][1] = put64(image, UINT64_C(1) << 40);
    image->blocks[2][0] = put64(image, 999); /* beyond blocks_used */
}

/* Writes the page's first `bytes` to a file whose name lands in `path`. */
static void write_image(const struct image *image, size_t bytes, char *path) {
    (void)snprintf(path, 64, "/tmp/test_counters_page_XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    const unsigned char *begin = (const unsigned char *)&image->header;
    assert_int_equal(write(fd, begin, bytes), (ssize_t)bytes);
    assert_int_equal(close(fd), 0);
}

static void reads_alike_in_both_byte_orders(void **state) {
    (void)state;
    for (int swap = 0; swap < 2; ++swap) {
        struct image image;
        make_image(&image, swap != 0);
        char path[64];
        write_image(&image, IMAGE_BYTES, path);
        struct tsp_page page;
        char reason[TSP_REASON_MAX] = "";
        assert_int_equal(tsp_page_open(&page, path, reason, sizeof reason), 0);
        assert_int_equal(page.counter_count, 2);
        assert_string_equal(page.counters[1].name, "l1d-misses");
        assert_int_equal(page.counters[1].evidence, TSP_PAGE_MODELLED);
        struct tsp_reading before[2];
        struct tsp_reading after[2];
        tsp_page_read(&page, before);
        tsp_page_read(&page, after);
        assert_true(before[0].value == UINT64_C(0x1234567891));
        assert_true(before[1].value == (UINT64_C(1) << 40) + 5);
        double share;
        assert_true(tsp_reading_difference(&before[0], &after[0], &share) == 0 && share == 1);
        tsp_page_close(&page);
        assert_int_equal(unlink(path), 0);
    }
}

static void assert_bad(const struct image *image, size_t bytes, const char *said) {
    char path[64];
    write_image(image, bytes, path);
    struct tsp_page page;
    char reason[TSP_REASON_MAX] = "";
    assert_int_equal(tsp_page_open(&page, path, reason, sizeof reason), -1);
    if (strstr(reason, said) == NULL || strstr(reason, path) == NULL) {
        fail_msg("wanted '%s': %s", said, reason);
    }
    assert_null(page.mapping);
    assert_int_equal(unlink(path), 0);
}

static void damaged_pages_are_refused_with_the_reason(void **state) {
    (void)state;
    struct image image;
    make_image(&image, false);
    assert_bad(&image, 0, "size");
    assert_bad(&image, sizeof image.header - 1, "size");
    assert_bad(&image, IMAGE_BYTES - 1, "cut short");
    image.header.magic[7] = 'X';
    assert_bad(&image, IMAGE_BYTES, "not a page of counters");
    make_image(&image, false);
    image.header.order = 7;
    assert_bad(&image, IMAGE_BYTES, "byte order");
    make_image(&image, true);
    image.header.version = put32(&image, TSP_PAGE_VERSION + 1);
    assert_bad(&image, IMAGE_BYTES, "another version");
    make_image(&image, false);
    memset(image.counters[1].name, 'x', sizeof image.counters[1].name);
    assert_bad(&image, IMAGE_BYTES, "list of counters");
    make_image(&image, false);
    image.counters[0].evidence = 9;
    assert_bad(&image, IMAGE_BYTES, "list of counters");
}

static void damaged_geometry_is_refused(void **state) {
    (void)state;
    struct image image;
    const uint32_t good[] = {2, BLOCKS, TSP_PAGE_ALIGN, 2 * TSP_PAGE_ALIGN};
    const uint32_t bad[][4] = {{0, BLOCKS, TSP_PAGE_ALIGN, 2 * TSP_PAGE_ALIGN},
                               {TSP_PAGE_COUNTERS_MAX + 1, BLOCKS, TSP_PAGE_ALIGN, 2 * TSP_PAGE_ALIGN},
                               {2, 0, TSP_PAGE_ALIGN, 2 * TSP_PAGE_ALIGN},
                               {2, TSP_PAGE_BLOCKS_MAX + 1, TSP_PAGE_ALIGN, 2 * TSP_PAGE_ALIGN},
                               {2, BLOCKS, 0, 2 * TSP_PAGE_ALIGN},
                               {2, BLOCKS, TSP_PAGE_ALIGN + 8, 2 * TSP_PAGE_ALIGN},
                               {2, BLOCKS, TSP_PAGE_ALIGN, 0},
                               {2, BLOCKS, TSP_PAGE_ALIGN, 0xffffff00U},
                               {2, BLOCKS, 0xffffff00U, 2 * TSP_PAGE_ALIGN}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        make_image(&image, false);
        image.header.counter_count = bad[i][0];
        image.header.block_count = bad[i][1];
        image.header.block_bytes = bad[i][2];
        image.header.blocks_offset = bad[i][3];
        assert_bad(&image, IMAGE_BYTES,
                   memcmp(bad[i], good, sizeof good) != 0 && bad[i][2] != 0xffffff00U &&
                           bad[i][3] != 0xffffff00U
                       ? "geometry"
                       : "cut short");
    }
}

/* More blocks in use than there are must not be read. */
static void a_lying_count_of_blocks_is_bounded(void **state) {
    (void)state;
    struct image image;
    make_image(&image, false);
    image.header.blocks_used = UINT32_MAX;
    char path[64];
    write_image(&image, IMAGE_BYTES, path);
    struct tsp_page page;
    char reason[TSP_REASON_MAX];
    assert_int_equal(tsp_page_open(&page, path, reason, sizeof reason), 0);
    struct tsp_reading readings[2];
    tsp_page_read(&page, readings);
    assert_true(readings[0].value == UINT64_C(0x1234567891) + 999);
    tsp_page_close(&page);
    assert_int_equal(unlink(path), 0);
}

static void the_page_is_a_source_of_the_set(void **state) {
    (void)state;
    struct image image;
    make_image(&image, false);
    char path[64];
    write_image(&image, IMAGE_BYTES, path);
    struct fake_perf fake;
    fake_perf_make(&fake);
    fake.refuse_all = ENOSYS;
    struct tsp_counters *counters = NULL;
    struct tsp_error error = {""};
    assert_int_equal(
        tsp_counters_open_on(&counters, "cycles:u,l1d-misses", NULL, &fake.kernel, NULL, path, &error), 0);
    assert_int_equal(tsp_counters_count(counters), 3);
    assert_int_equal(tsp_counters_get(counters, 0)->evidence, TSP_COUNTED);
    /* Nobody adds to this page: the known loop finds its counter out. */
    assert_int_equal(tsp_counters_get(counters, 0)->status, TSP_COUNTER_IMPLAUSIBLE);
    assert_int_equal(tsp_counters_get(counters, 1)->evidence, TSP_MODELLED);
    assert_int_equal(tsp_counters_get(counters, 1)->status, TSP_COUNTER_OK);
    assert_int_equal(tsp_counters_get(counters, 2)->status, TSP_COUNTER_UNSUPPORTED);
    struct tsp_reading readings[3];
    tsp_counters_read(counters, readings);
    assert_true(readings[0].value == UINT64_C(0x1234567891) && readings[2].value == 0);
    tsp_counters_close(counters);
    assert_int_equal(unlink(path), 0);
}

static void a_promised_page_that_is_missing_is_said(void **state) {
    (void)state;
    struct fake_perf fake;
    fake_perf_make(&fake);
    struct tsp_counters *counters = NULL;
    struct tsp_error error = {""};
    assert_int_equal(tsp_counters_open_on(&counters, "loads,cycles:u", NULL, &fake.kernel, NULL,
                                          "/nonexistent/page", &error),
                     0);
    assert_int_equal(tsp_counters_count(counters), 3);
    const char *const names[] = {"instructions", "loads"};
    for (size_t i = 0; i < 2; ++i) {
        const struct tsp_counter *counter = tsp_counters_get(counters, i);
        assert_string_equal(counter->name, names[i]);
        assert_int_equal(counter->status, TSP_COUNTER_UNSUPPORTED);
        assert_non_null(strstr(counter->reason, "/nonexistent/page cannot be opened"));
    }
    assert_int_equal(tsp_counters_get(counters, 2)->status, TSP_COUNTER_OK);
    tsp_counters_close(counters);

    assert_int_equal(tsp_counters_open_on(&counters, "loads", NULL, &fake.kernel, NULL, NULL, &error), 0);
    assert_int_equal(tsp_counters_get(counters, 0)->status, TSP_COUNTER_UNSUPPORTED);
    assert_non_null(strstr(tsp_counters_get(counters, 0)->reason, "plugin"));
    tsp_counters_close(counters);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_alike_in_both_byte_orders),
        cmocka_unit_test(damaged_pages_are_refused_with_the_reason),
        cmocka_unit_test(damaged_geometry_is_refused),
        cmocka_unit_test(a_lying_count_of_blocks_is_bounded),
        cmocka_unit_test(the_page_is_a_source_of_the_set),
        cmocka_unit_test(a_promised_page_that_is_missing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
