/* A program's own malloc takes the library's place for all that it links (glibc manual, 3.2.5); glibc has its own under a second name. */
#include "tally.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

long tally_faults(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_minflt : 0;
}

long tally_huge_kib(void) {
    FILE *file = fopen("/proc/self/smaps_rollup", "r");
    char line[128];
    long found = -1;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        (void)sscanf(line, "AnonHugePages: %ld", &found);
    }
    if (file != NULL) {
        fclose(file);
    }
    return found;
}

static uint64_t allocations;

uint64_t tally_allocations(void) {
    return allocations;
}

#ifdef __GLIBC__

int tally_works(void) {
    return 1;
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t bytes);
void *__libc_memalign(size_t align, size_t bytes);

void *malloc(size_t bytes) {
    allocations += 1;
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t size) {
    allocations += 1;
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t bytes) {
    allocations += 1;
    return __libc_realloc(block, bytes);
}

void *aligned_alloc(size_t align, size_t bytes) {
    allocations += 1;
    return __libc_memalign(align, bytes);
}

int posix_memalign(void **block, size_t align, size_t bytes) {
    allocations += 1;
    *block = __libc_memalign(align, bytes);
    return *block == NULL ? ENOMEM : 0;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

#else

int tally_works(void) {
    return 0;
}

#endif
