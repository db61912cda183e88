/* libc's own allocator, as programs call it. */
#include <stdlib.h>

#include "cases.h"

static inline unsigned char *malloc_take(struct tsp_alloc_worker *worker, unsigned slot) {
    (void)slot;
    return malloc(worker->size);
}

static inline void malloc_give(struct tsp_alloc_worker *worker, unsigned char *block) {
    (void)worker;
    free(block);
}

TSP_ALLOC_MEMBERS(malloc, malloc_take, malloc_give) /* NOLINT: blocks live on in the worker */
TSP_ALLOC_KERNELS("malloc", malloc, _Alignof(max_align_t), 0, NULL, "malloc() and free()",
                  "libc malloc(), free()");
