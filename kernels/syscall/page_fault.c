/* The first write to a page that has no memory yet: the fault, a page filled with zeroes, and the way back. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <transept/kernel.h>

/* Pages touched one after the other before all of them are given back for new ones. */
#define PAGES_BASE 256
#define PAGES_HUGE 8

/* Huge pages beyond this are another matter: 512 MiB with arm64's base pages of 64 KiB. */
#define HUGE_MAX ((size_t)32 << 20)

struct touch {
    char *reserved; /* address space in which `pages` of them stand at their boundary */
    size_t reserved_bytes;
    char *start;
    size_t page_bytes;
    size_t base_bytes;
    size_t pages;
    size_t next; /* the page that the op writes to */
    bool huge;
    bool refused;    /* a call of `before` failed */
    uint64_t behind; /* ops whose page has been looked at */
    uint64_t found;  /* … and that brought a huge one */
    long faults;     /* of this process, at setup */
};

/* One op at a time, as `before` makes it: nothing is unrolled. The two differ by the store alone. */
#define WITH_BYTE(...)                                                                                       \
    const struct touch *touch = state;                                                                       \
    volatile char *byte = touch->start + touch->next * touch->page_bytes;                                    \
    TSP_HIDE(byte);                                                                                          \
    for (; ops != 0; --ops) {                                                                                \
        __VA_ARGS__;                                                                                         \
        TSP_HIDE(ops);                                                                                       \
    }                                                                                                        \
    TSP_KEEP(byte)

static void write_byte(void *state, uint64_t ops) {
    WITH_BYTE(*byte = 1);
}

static void leave_byte(void *state, uint64_t ops) {
    WITH_BYTE((void)0);
}

static long faults_so_far(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_minflt : 0;
}

/* Did a write to the first byte of a huge page bring its last base page too? */
static bool is_huge(const struct touch *touch, size_t page) {
    unsigned char resident = 0;
    char *last = touch->start + (page + 1) * touch->page_bytes - touch->base_bytes;
    return mincore(last, touch->base_bytes, &resident) == 0 && (resident & 1) != 0;
}

static void look_behind(struct touch *touch) {
    touch->behind += 1;
    touch->found += touch->huge && is_huge(touch, touch->next);
}

/* New memory in the same place, with nothing behind it and no page tables of old. */
static bool renew(struct touch *touch) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | (touch->reserved != NULL ? MAP_FIXED : 0);
    if (touch->reserved != NULL) {
        (void)munmap(touch->reserved, touch->reserved_bytes);
    }
    char *memory = mmap(touch->reserved, touch->reserved_bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (memory == MAP_FAILED) {
        return false;
    }
    touch->reserved = memory;
    touch->start = memory + (touch->page_bytes - (uintptr_t)memory % touch->page_bytes) % touch->page_bytes;
    touch->next = 0;
    int advice = touch->huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE;
    return madvise(touch->start, touch->pages * touch->page_bytes, advice) == 0 || !touch->huge;
}

static void before_first(struct tsp_bench *bench) {
    struct touch *touch = bench->state;
    look_behind(touch);
    touch->next += 1;
    if (touch->next == touch->pages) {
        touch->refused = touch->refused || !renew(touch);
    }
}

static void before_again(struct tsp_bench *bench) {
    struct touch *touch = bench->state;
    look_behind(touch);
    touch->refused =
        touch->refused || madvise(touch->start, touch->page_bytes, MADV_DONTNEED) != 0 || *touch->start != 0;
    touch->refused = touch->refused || madvise(touch->start, touch->page_bytes, MADV_DONTNEED) != 0;
}

/* Bytes of a huge page; 0 where the kernel has none. */
static size_t huge_bytes(void) {
    unsigned long long bytes = 0;
    FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", "re");
    if (file == NULL) {
        return 0;
    }
    int read = fscanf(file, "%llu", &bytes);
    (void)fclose(file);
    return read == 1 ? (size_t)bytes : 0;
}

static const char *unfit(const struct tsp_bench *bench) {
    if (strcmp(tsp_param_text(bench, "page"), "huge") != 0) {
        return NULL;
    }
    size_t bytes = huge_bytes();
    return bytes == 0         ? "this kernel has no transparent huge pages"
           : bytes > HUGE_MAX ? "this kernel's huge pages are of more than 32 MiB"
                              : NULL;
}

static int setup(struct tsp_bench *bench) {
    struct touch *touch = tsp_alloc(bench, sizeof *touch, 64);
    if (touch == NULL) {
        return -1;
    }
    bench->state = touch;
    touch->huge = strcmp(tsp_param_text(bench, "page"), "huge") == 0;
    touch->base_bytes = tsp_page_bytes(bench);
    touch->page_bytes = touch->huge ? huge_bytes() : touch->base_bytes;
    touch->pages = touch->huge ? PAGES_HUGE : PAGES_BASE;
    touch->reserved_bytes = (touch->pages + 1) * touch->page_bytes;
    if (touch->page_bytes == 0 || !renew(touch)) {
        return tsp_skip(bench, "no memory of pages of %zu bytes: %s", touch->page_bytes, strerror(errno));
    }
    *touch->start = 1;
    if (touch->huge && !is_huge(touch, 0)) {
        return tsp_skip(bench, "no huge page was given: /sys/kernel/mm/transparent_hugepage/enabled says "
                               "never, memory is in pieces, or an emulator stands before the kernel");
    }
    tsp_report(bench, "page", "bytes", (double)touch->page_bytes);
    touch->faults = faults_so_far();
    return 0;
}

static int setup_again(struct tsp_bench *bench) {
    int status = setup(bench);
    struct touch *touch = bench->state;
    if (status == 0 && (madvise(touch->start, touch->page_bytes, MADV_DONTNEED) != 0 || *touch->start != 0)) {
        return tsp_skip(bench, "madvise(MADV_DONTNEED) does not take the page away here");
    }
    return status;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct touch *touch = bench->state;
    long faults = faults_so_far() - touch->faults;
    if (touch->refused) {
        return tsp_fail(bench, "the pages could not be taken away and asked for anew");
    }
    if ((uint64_t)faults < ops) {
        return tsp_fail(bench, "%ld page faults in %" PRIu64 " first writes", faults, ops);
    }
    if (touch->huge && touch->found * 2 < touch->behind) { /* then the median would be one of small pages */
        return tsp_fail(bench, "only %" PRIu64 " of %" PRIu64 " pages were huge: memory is in pieces",
                        touch->found, touch->behind);
    }
    return 0;
}

static void teardown(struct tsp_bench *bench) {
    const struct touch *touch = bench->state;
    (void)munmap(touch->reserved, touch->reserved_bytes);
}

#define MEMORY ((PAGES_HUGE + 1) * HUGE_MAX)

TSP_KERNEL(.family = "syscall", .kernel = "page-fault", .variant = "first-touch",
           .summary = "a write to a page of a new mapping", .params = {{"page", "base,huge"}},
           .mode = TSP_MODE_PER_OP, .run = write_byte, .reference = leave_byte, .unfit = unfit,
           .setup = setup, .before = before_first, .check = check, .teardown = teardown,
           .memory_bytes = MEMORY, .implementation = "a store, the kernel's fault handler");
TSP_KERNEL(.family = "syscall", .kernel = "page-fault", .variant = "after-dontneed",
           .summary = "a write to a page given back by MADV_DONTNEED", .params = {{"page", "base,huge"}},
           .mode = TSP_MODE_PER_OP, .run = write_byte, .reference = leave_byte, .unfit = unfit,
           .setup = setup_again, .before = before_again, .check = check, .teardown = teardown,
           .memory_bytes = MEMORY, .implementation = "a store, the kernel's fault handler");
