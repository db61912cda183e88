/* A page of memory from the kernel and back to it: as it comes, and written to in between. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include <transept/kernel.h>

#include "calls.h"

struct mapping {
    unsigned long done;
    size_t bytes;
};

static inline char *map(size_t bytes) {
    return mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void untouched(void *state, uint64_t ops) {
    struct mapping *mapping = state;
    const size_t bytes = mapping->bytes;
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, 0, munmap(map(bytes), bytes)));
    mapping->done += done;
}

/* A mapping that fails is MAP_FAILED, an address that faults at once. */
static inline int map_touch_unmap(size_t bytes) {
    char *page = map(bytes);
    *(volatile char *)page = 1;
    return munmap(page, bytes);
}

static void touched(void *state, uint64_t ops) {
    struct mapping *mapping = state;
    const size_t bytes = mapping->bytes;
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, 0, map_touch_unmap(bytes)));
    mapping->done += done;
}

static int setup(struct tsp_bench *bench) {
    struct mapping *mapping = tsp_alloc(bench, sizeof *mapping, 64);
    if (mapping == NULL) {
        return -1;
    }
    bench->state = mapping;
    mapping->bytes = tsp_page_bytes(bench);
    char *page = map(mapping->bytes);
    if (page == MAP_FAILED) {
        return tsp_fail(bench, "no page of %zu bytes: %s", mapping->bytes, strerror(errno));
    }
    return munmap(page, mapping->bytes) == 0 ? 0 : tsp_fail(bench, "munmap: %s", strerror(errno));
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct mapping *mapping = bench->state;
    return check_done(bench, mapping->done, ops, 1);
}

TSP_KERNEL(.family = "syscall", .kernel = "mmap-munmap", .variant = "untouched",
           .summary = "a page mapped and unmapped", .mode = TSP_MODE_PER_OP, .run = untouched, .setup = setup,
           .check = check, .implementation = "libc mmap(), munmap()");
TSP_KERNEL(.family = "syscall", .kernel = "mmap-munmap", .variant = "touched",
           .summary = "a page mapped, written to, unmapped", .mode = TSP_MODE_PER_OP, .run = touched,
           .setup = setup, .check = check, .implementation = "libc mmap(), a store, munmap()");
