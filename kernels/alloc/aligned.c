/* libc's allocator, asked for blocks that begin a line: what one does against false sharing, and for vectors. */
#include <stdlib.h>

#include "cases.h"

#define ALIGN 64

static inline unsigned char *aligned_take(struct tsp_alloc_worker *worker, unsigned slot) {
    (void)slot;
    return aligned_alloc(ALIGN, worker->size);
}

static inline void aligned_give(struct tsp_alloc_worker *worker, unsigned char *block) {
    (void)worker;
    free(block);
}

static const char *unfit(const struct tsp_bench *bench) {
    return tsp_param_int(bench, "size") % ALIGN == 0
               ? NULL
               : "C11 wants of aligned_alloc() a size that is a multiple of the alignment, here 64 bytes";
}

TSP_ALLOC_MEMBERS(aligned, aligned_take, aligned_give) /* NOLINT: blocks live on in the worker */
TSP_ALLOC_KERNELS("aligned", aligned, ALIGN, 0, unfit, "aligned_alloc(64) and free()",
                  "libc aligned_alloc(), free()");
