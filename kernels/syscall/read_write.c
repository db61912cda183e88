/* Bytes through the kernel: zeroes copied out of it, and bytes that it takes and forgets. No file system, no disk. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <transept/kernel.h>

#include "calls.h"

#define BYTES "1,4096,65536"

struct transfer {
    unsigned long done;
    long file;
    long bytes;
    unsigned char *buffer;
};

static void read_raw(void *state, uint64_t ops) {
    struct transfer *transfer = state;
    const long file = transfer->file;
    const long buffer = (long)transfer->buffer;
    const long bytes = transfer->bytes;
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, bytes, tsp_syscall3(SYS_read, file, buffer, bytes)));
    transfer->done += done;
}

static void write_raw(void *state, uint64_t ops) {
    struct transfer *transfer = state;
    const long file = transfer->file;
    const long buffer = (long)transfer->buffer;
    const long bytes = transfer->bytes;
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, bytes, tsp_syscall3(SYS_write, file, buffer, bytes)));
    transfer->done += done;
}

static int open_device(struct tsp_bench *bench, const char *path, int flags) {
    struct transfer *transfer = tsp_alloc(bench, sizeof *transfer, 64);
    if (transfer == NULL) {
        return -1;
    }
    bench->state = transfer;
    transfer->bytes = (long)tsp_param_int(bench, "bytes");
    transfer->buffer = tsp_alloc(bench, (size_t)transfer->bytes, tsp_page_bytes(bench));
    if (transfer->buffer == NULL) {
        return -1;
    }
    memset(transfer->buffer, 0xff, (size_t)transfer->bytes);
    transfer->file = open(path, flags | O_CLOEXEC);
    return transfer->file >= 0 ? 0 : tsp_skip(bench, "%s cannot be opened: %s", path, strerror(errno));
}

static int setup_read(struct tsp_bench *bench) {
    return open_device(bench, "/dev/zero", O_RDONLY);
}

static int setup_write(struct tsp_bench *bench) {
    return open_device(bench, "/dev/null", O_WRONLY);
}

static int check_write(struct tsp_bench *bench, uint64_t ops) {
    const struct transfer *transfer = bench->state;
    return check_done(bench, transfer->done, ops, 1);
}

static int check_read(struct tsp_bench *bench, uint64_t ops) {
    const struct transfer *transfer = bench->state;
    for (long i = 0; i < transfer->bytes && ops > 0; ++i) {
        if (transfer->buffer[i] != 0) {
            return tsp_fail(bench, "byte %ld of the buffer was not overwritten with a zero", i);
        }
    }
    return check_done(bench, transfer->done, ops, 1);
}

static void teardown(struct tsp_bench *bench) {
    const struct transfer *transfer = bench->state;
    (void)close((int)transfer->file);
}

TSP_KERNEL(.family = "syscall", .kernel = "read", .variant = "raw", .summary = "from the zero device",
           .params = {{"bytes", BYTES}}, .mode = TSP_MODE_PER_OP, .run = read_raw, .setup = setup_read,
           .check = check_read, .teardown = teardown, .implementation = TSP_IMPL_tsp_syscall3);
TSP_KERNEL(.family = "syscall", .kernel = "write", .variant = "raw", .summary = "to the null device",
           .params = {{"bytes", BYTES}}, .mode = TSP_MODE_PER_OP, .run = write_raw, .setup = setup_write,
           .check = check_write, .teardown = teardown, .implementation = TSP_IMPL_tsp_syscall3);
