/* Many requests in one call: io_uring's NOP, submitted and reaped by the batch, beside as many plain calls. The rings are handled by hand
 * after io_uring_setup(2) and io_uring_enter(2), for a library would be measured too. */
#include <errno.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <transept/kernel.h>

#include "calls.h"

#define BATCHES "1,8,64"
#define ENTRIES 64U

struct ring {
    unsigned long done; /* completions without an error, or plain calls */
    long batch;
    long parent;
    int file;
    uint32_t *sq_tail;
    uint32_t *sq_array;
    uint32_t sq_mask;
    struct io_uring_sqe *requests;
    uint32_t *cq_head;
    uint32_t *cq_tail;
    uint32_t cq_mask;
    struct io_uring_cqe *completions;
};

static inline void submit(struct ring *ring) {
    uint32_t tail = *ring->sq_tail;
    for (long i = 0; i < ring->batch; ++i, ++tail) {
        struct io_uring_sqe *request = &ring->requests[tail & ring->sq_mask];
        memset(request, 0, sizeof *request);
        request->opcode = IORING_OP_NOP;
        ring->sq_array[tail & ring->sq_mask] = tail & ring->sq_mask;
    }
    __atomic_store_n(ring->sq_tail, tail, __ATOMIC_RELEASE);
}

static inline unsigned long reap(struct ring *ring) {
    unsigned long done = 0;
    uint32_t head = *ring->cq_head;
    uint32_t tail = __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE);
    for (; head != tail; ++head) {
        done += ring->completions[head & ring->cq_mask].res == 0;
    }
    __atomic_store_n(ring->cq_head, head, __ATOMIC_RELEASE);
    return done;
}

static __attribute__((noinline)) void turn(struct ring *ring) {
    submit(ring);
    if (tsp_syscall6(__NR_io_uring_enter, ring->file, ring->batch, ring->batch, IORING_ENTER_GETEVENTS, 0,
                     0) == ring->batch) {
        ring->done += reap(ring);
    }
}

static void by_ring(void *state, uint64_t ops) {
    TSP_REPEAT(ops, turn(state));
}

static void by_calls(void *state, uint64_t ops) {
    struct ring *ring = state;
    const long parent = ring->parent;
    unsigned long done = 0;
    TSP_REPEAT(
        ops, for (long i = ring->batch; i != 0; --i) { DONE_IF(done, parent, tsp_syscall0(SYS_getppid)); });
    ring->done += done;
}

static struct ring *make_state(struct tsp_bench *bench) {
    struct ring *ring = tsp_alloc(bench, sizeof *ring, 64);
    if (ring != NULL) {
        ring->file = -1;
        ring->batch = (long)tsp_param_int(bench, "batch");
        ring->parent = (long)getppid();
        bench->items = (uint64_t)ring->batch;
        bench->item_unit = bench->items == 1 ? NULL : "call";
    }
    bench->state = ring;
    return ring;
}

static void *map(const struct ring *ring, size_t bytes, uint64_t where) {
    void *memory =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->file, (off_t)where);
    return memory == MAP_FAILED ? NULL : memory;
}

/* The two rings and the requests, each mapped by itself, as every kernel since 5.1 allows. They go with the process. */
static int map_rings(struct ring *ring, const struct io_uring_params *params) {
    char *sq = map(ring, params->sq_off.array + params->sq_entries * sizeof(uint32_t), IORING_OFF_SQ_RING);
    char *cq =
        map(ring, params->cq_off.cqes + params->cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
    ring->requests = map(ring, params->sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
    if (sq == NULL || cq == NULL || ring->requests == NULL) {
        return -1;
    }
    ring->sq_tail = (uint32_t *)(void *)(sq + params->sq_off.tail);
    ring->sq_array = (uint32_t *)(void *)(sq + params->sq_off.array);
    ring->sq_mask = *(uint32_t *)(void *)(sq + params->sq_off.ring_mask);
    ring->cq_head = (uint32_t *)(void *)(cq + params->cq_off.head);
    ring->cq_tail = (uint32_t *)(void *)(cq + params->cq_off.tail);
    ring->cq_mask = *(uint32_t *)(void *)(cq + params->cq_off.ring_mask);
    ring->completions = (struct io_uring_cqe *)(void *)(cq + params->cq_off.cqes);
    return 0;
}

/* Why there is no ring: the first two are the ones that people meet. */
static int refuse(struct tsp_bench *bench, long error) {
    if (error == ENOSYS) {
        return tsp_skip(
            bench, "there is no io_uring: the kernel is built without it, or an emulator stands before it");
    }
    if (error == EPERM || error == EACCES) {
        return tsp_skip(
            bench, "io_uring is denied (%s): see sysctl kernel.io_uring_disabled, or the container's filter",
            strerror((int)error));
    }
    return tsp_skip(bench, "io_uring_setup: %s", strerror((int)error));
}

static int setup_ring(struct tsp_bench *bench) {
    struct io_uring_params params;
    struct ring *ring = make_state(bench);
    if (ring == NULL) {
        return -1;
    }
    memset(&params, 0, sizeof params);
    long file = tsp_syscall2(__NR_io_uring_setup, ENTRIES, (long)&params);
    if (file < 0) {
        return refuse(bench, -file);
    }
    ring->file = (int)file;
    return map_rings(ring, &params) == 0 ? 0
                                         : tsp_skip(bench, "the rings cannot be mapped: %s", strerror(errno));
}

static int setup_calls(struct tsp_bench *bench) {
    return make_state(bench) == NULL ? -1 : 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct ring *ring = bench->state;
    return check_done(bench, ring->done, ops, (unsigned)ring->batch);
}

static void teardown(struct tsp_bench *bench) {
    const struct ring *ring = bench->state;
    if (ring->file >= 0) {
        (void)close(ring->file);
    }
}

TSP_KERNEL(.family = "syscall", .kernel = "uring-nop", .variant = "ring",
           .summary = "requests that do nothing, submitted and reaped in one call",
           .params = {{"batch", BATCHES}}, .mode = TSP_MODE_PER_OP, .run = by_ring, .setup = setup_ring,
           .check = check, .teardown = teardown, .implementation = TSP_IMPL_tsp_syscall6 " (io_uring_enter)");
TSP_KERNEL(.family = "syscall", .kernel = "uring-nop", .variant = "calls",
           .summary = "as many plain calls (getppid)", .params = {{"batch", BATCHES}},
           .mode = TSP_MODE_PER_OP, .run = by_calls, .setup = setup_calls, .check = check,
           .implementation = TSP_IMPL_tsp_syscall0);
