/* Write-protecting a page that is in use, and back: what a garbage collector's or a debugger's barrier by page costs. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include <transept/kernel.h>

#include "calls.h"

struct page {
    unsigned long done;
    size_t bytes;
    char *start;
};

static void round_trip(void *state, uint64_t ops) {
    struct page *page = state;
    char *start = page->start;
    const size_t bytes = page->bytes;
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, 0, mprotect(start, bytes, PROT_READ));
               DONE_IF(done, 0, mprotect(start, bytes, PROT_READ | PROT_WRITE)));
    page->done += done;
}

static int setup(struct tsp_bench *bench) {
    struct page *page = tsp_alloc(bench, sizeof *page, 64);
    if (page == NULL) {
        return -1;
    }
    bench->state = page;
    page->bytes = tsp_page_bytes(bench);
    /* The middle one of three: each call splits a mapping or joins its pieces again, as it does in the midst of a heap. */
    char *three = mmap(NULL, 3 * page->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (three == MAP_FAILED) {
        return tsp_fail(bench, "no 3 pages of %zu bytes: %s", page->bytes, strerror(errno));
    }
    page->start = three + page->bytes;
    *page->start = 1;
    return 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct page *page = bench->state;
    *(volatile char *)page->start = 2; /* faults if the last call did not give the page back */
    return check_done(bench, page->done, ops, 2);
}

static void teardown(struct tsp_bench *bench) {
    const struct page *page = bench->state;
    (void)munmap(page->start - page->bytes, 3 * page->bytes);
}

TSP_KERNEL(.family = "syscall", .kernel = "mprotect", .variant = "round-trip",
           .summary = "a page made read-only and writable again", .mode = TSP_MODE_PER_OP, .run = round_trip,
           .setup = setup, .check = check, .teardown = teardown, .implementation = "libc mprotect(), twice");
