/* The plugin's side of the page (page.h): makes the file and writes counts into it. */
#ifndef TRANSEPT_EMULATOR_PAGE_WRITER_H
#define TRANSEPT_EMULATOR_PAGE_WRITER_H

#include <stdint.h>

#include "emulator/page.h"

struct tsp_page_writer {
    struct tsp_page_header *header; /* the mapped file */
    unsigned char *blocks;
};

/** A counter to be: its name and TSP_PAGE_COUNTED or TSP_PAGE_MODELLED. */
struct tsp_page_plan {
    const char *name;
    uint32_t evidence;
};

/**
 * Sizes the file at `path` (which must be there: whoever pairs plugin and guest makes it), maps it and fills the header. On failure
 * returns -1 with `reason`. The mapping lasts as long as the process.
 */
int tsp_page_writer_open(struct tsp_page_writer *writer, const char *path, const char *who,
                         const struct tsp_page_plan *counters, unsigned count, char *reason, unsigned size);

/** The block of a vCPU, to be filled by who rang. Beyond the last one it is the last one. */
uint64_t *tsp_page_writer_block(const struct tsp_page_writer *writer, unsigned vcpu);

/** Says that the blocks of `vcpus` vCPUs now hold the counts of `process`. */
void tsp_page_writer_publish(const struct tsp_page_writer *writer, unsigned vcpus, uint32_t process);

#endif
