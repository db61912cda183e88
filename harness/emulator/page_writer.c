/* Writing the page. */
#include "emulator/page_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint32_t aligned(size_t bytes) {
    return (uint32_t)((bytes + TSP_PAGE_ALIGN - 1) / TSP_PAGE_ALIGN * TSP_PAGE_ALIGN);
}

static void fill_header(struct tsp_page_header *header, const char *who, const struct tsp_page_plan *counters,
                        unsigned count) {
    struct tsp_page_counter *list = (struct tsp_page_counter *)(header + 1);
    for (unsigned i = 0; i < count; ++i) {
        (void)snprintf(list[i].name, sizeof list[i].name, "%s", counters[i].name);
        list[i].evidence = counters[i].evidence;
    }
    header->order = TSP_PAGE_ORDER;
    header->version = TSP_PAGE_VERSION;
    header->counter_count = count;
    header->block_count = TSP_PAGE_BLOCKS_MAX;
    header->block_bytes = aligned(count * sizeof(uint64_t));
    header->blocks_offset = aligned(sizeof *header + count * sizeof *list);
    header->process = (uint32_t)getpid();
    (void)snprintf(header->writer, sizeof header->writer, "%s", who);
    memcpy(header->magic, TSP_PAGE_MAGIC, sizeof header->magic);
}

int tsp_page_writer_open(struct tsp_page_writer *writer, const char *path, const char *who,
                         const struct tsp_page_plan *counters, unsigned count, char *reason, unsigned size) {
    size_t bytes = aligned(sizeof(struct tsp_page_header) + count * sizeof(struct tsp_page_counter)) +
                   (size_t)TSP_PAGE_BLOCKS_MAX * aligned(count * sizeof(uint64_t));
    memset(writer, 0, sizeof *writer);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    void *mapping = MAP_FAILED;
    if (count <= TSP_PAGE_COUNTERS_MAX && fd >= 0 && ftruncate(fd, (off_t)bytes) == 0) {
        mapping = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    }
    int why = errno;
    if (fd >= 0) {
        (void)close(fd);
    }
    if (mapping == MAP_FAILED) {
        (void)snprintf(reason, size, "the page %s cannot be written: %s", path,
                       strerror(why)); /* NOLINT(concurrency-mt-unsafe) */
        return -1;
    }
    writer->header = mapping;
    fill_header(writer->header, who, counters, count);
    writer->blocks = (unsigned char *)mapping + writer->header->blocks_offset;
    return 0;
}

uint64_t *tsp_page_writer_block(const struct tsp_page_writer *writer, unsigned vcpu) {
    unsigned last = writer->header->block_count - 1;
    return (uint64_t *)(void *)(writer->blocks +
                                (size_t)(vcpu < last ? vcpu : last) * writer->header->block_bytes);
}

void tsp_page_writer_publish(const struct tsp_page_writer *writer, unsigned vcpus, uint32_t process) {
    writer->header->process = process;
    if (vcpus > writer->header->block_count) {
        vcpus = writer->header->block_count;
    }
    if (vcpus > writer->header->blocks_used) {
        writer->header->blocks_used = vcpus;
    }
}
