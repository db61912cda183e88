/* Reading the emulator's page. The bytes come from another program of perhaps another byte order: trust none of them. */
#include "measure/counters_page.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "transept/isa.h"

static uint32_t order32(const struct tsp_page *page, uint32_t value) {
    return page->swapped ? __builtin_bswap32(value) : value;
}

/* NULL, or what is wrong with the header. Fills the geometry. */
static const char *check_header(struct tsp_page *page, const struct tsp_page_header *header) {
    if (page->bytes < sizeof *header || memcmp(header->magic, TSP_PAGE_MAGIC, sizeof header->magic) != 0) {
        return "it is not a page of counters";
    }
    if (header->order != TSP_PAGE_ORDER && header->order != __builtin_bswap32(TSP_PAGE_ORDER)) {
        return "its byte order mark is damaged";
    }
    page->swapped = header->order != TSP_PAGE_ORDER;
    if (order32(page, header->version) != TSP_PAGE_VERSION) {
        return "it is of another version: rebuild the plugin";
    }
    page->counter_count = order32(page, header->counter_count);
    page->block_count = order32(page, header->block_count);
    page->block_bytes = order32(page, header->block_bytes);
    page->blocks_offset = order32(page, header->blocks_offset);
    if (page->counter_count == 0 || page->counter_count > TSP_PAGE_COUNTERS_MAX || page->block_count == 0 ||
        page->block_count > TSP_PAGE_BLOCKS_MAX || page->block_bytes % TSP_PAGE_ALIGN != 0 ||
        page->block_bytes < page->counter_count * sizeof(uint64_t) ||
        page->blocks_offset % TSP_PAGE_ALIGN != 0 ||
        page->blocks_offset < sizeof *header + page->counter_count * sizeof(struct tsp_page_counter)) {
        return "its geometry is damaged";
    }
    uint64_t end = page->blocks_offset + (uint64_t)page->block_count * page->block_bytes;
    return end > page->bytes ? "it is cut short" : NULL;
}

static const char *check_counters(struct tsp_page *page) {
    const unsigned char *list = (const unsigned char *)page->mapping + sizeof(struct tsp_page_header);
    for (unsigned i = 0; i < page->counter_count; ++i) {
        struct tsp_page_counter *counter = &page->counters[i];
        memcpy(counter, list + i * sizeof *counter, sizeof *counter);
        counter->evidence = order32(page, counter->evidence);
        size_t length = strnlen(counter->name, sizeof counter->name);
        bool evident = counter->evidence == TSP_PAGE_COUNTED || counter->evidence == TSP_PAGE_MODELLED;
        if (length == 0 || length == sizeof counter->name || !evident) {
            return "its list of counters is damaged";
        }
    }
    return NULL;
}

static int map_file(struct tsp_page *page, const char *path, char *reason, size_t size) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        (void)snprintf(reason, size, "the emulator's page %s cannot be opened: %s", path,
                       strerror(errno)); /* NOLINT(concurrency-mt-unsafe) */
    } else if (status.st_size < (off_t)sizeof(struct tsp_page_header) || status.st_size > (off_t)1 << 30) {
        (void)snprintf(reason, size,
                       "the emulator's page %s cannot be used: its size is not a page of counters'", path);
    } else {
        page->bytes = (size_t)status.st_size;
        void *mapping = mmap(NULL, page->bytes, PROT_READ, MAP_SHARED, fd, 0);
        if (mapping == MAP_FAILED) {
            (void)snprintf(reason, size, "the emulator's page %s cannot be mapped: %s", path,
                           strerror(errno)); /* NOLINT(concurrency-mt-unsafe) */
        } else {
            page->mapping = mapping;
        }
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return page->mapping != NULL ? 0 : -1;
}

int tsp_page_open(struct tsp_page *page, const char *path, char *reason, size_t size) {
    memset(page, 0, sizeof *page);
    if (path == NULL || path[0] == '\0') {
        return 0;
    }
    if (map_file(page, path, reason, size) != 0) {
        return -1;
    }
    const char *wrong = check_header(page, page->mapping);
    wrong = wrong == NULL ? check_counters(page) : wrong;
    if (wrong != NULL) {
        (void)snprintf(reason, size, "the emulator's page %s cannot be used: %s", path, wrong);
        tsp_page_close(page);
        return -1;
    }
    return 0;
}

void tsp_page_close(struct tsp_page *page) {
    if (page->mapping != NULL) {
        (void)munmap(page->mapping, page->bytes);
    }
    memset(page, 0, sizeof *page);
}

static uint64_t order64(const struct tsp_page *page, uint64_t value) {
    return page->swapped ? __builtin_bswap64(value) : value;
}

/* Asks for the counts of this process. False: they are another's, or nobody answers. */
static bool ring(const struct tsp_page *page) {
    const volatile struct tsp_page_header *header = page->mapping;
    if (header->process == 0) {
        return true;
    }
    long process = tsp_syscall2(SYS_getpid, TSP_PAGE_RING_A, TSP_PAGE_RING_B);
    return order32(page, header->process) == (uint32_t)process;
}

void tsp_page_read(struct tsp_page *page, struct tsp_reading *readings) {
    const volatile struct tsp_page_header *header = page->mapping;
    bool ours = ring(page);
    unsigned used = order32(page, header->blocks_used);
    used = used > page->block_count ? page->block_count : used;
    page->readings += 1;
    for (unsigned i = 0; i < page->counter_count; ++i) {
        readings[i] = (struct tsp_reading){.enabled = page->readings, .running = ours ? page->readings : 0};
    }
    const unsigned char *blocks = (const unsigned char *)page->mapping + page->blocks_offset;
    for (unsigned b = 0; b < used; ++b) {
        const volatile uint64_t *block =
            (const volatile uint64_t *)(const volatile void *)(blocks + b * page->block_bytes);
        for (unsigned i = 0; i < page->counter_count; ++i) {
            readings[i].value += order64(page, block[i]);
        }
    }
}
