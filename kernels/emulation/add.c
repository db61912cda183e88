/*
 * The calls of abi/call/add in a program of their own, run by the processor and under an emulator. The program is asked over a socket to make
 * so many, and says when it has. What asking costs is the same for n and 2n calls, and falls out; the reference asks for the same turns
 * without the call.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "guest.h"
#include "protocol.h"

/* An op: so many that asking is little beside a batch of 256 ops. */
#define CALLS 128

struct calls {
    struct tsp_guest guest;
    pid_t process;
    int socket;
    uint32_t sum; /* of the answers; the guest's `long` may have 32 bits */
    bool broken;
};

/* Returns the answer; 0 after the connection broke. */
static uint64_t ask(struct calls *calls, uint64_t what, uint64_t ops) {
    unsigned char request[TSP_PROGRAM_REQUEST_BYTES];
    unsigned char answer[TSP_PROGRAM_ANSWER_BYTES];
    tsp_program_put(request, what);
    tsp_program_put(request + 8, ops * CALLS);
    if (calls->broken ||
        send(calls->socket, request, sizeof request, MSG_NOSIGNAL) != (ssize_t)sizeof request ||
        recv(calls->socket, answer, sizeof answer, MSG_WAITALL) != (ssize_t)sizeof answer) {
        calls->broken = true;
        return 0;
    }
    return tsp_program_get(answer);
}

static void run(void *state, uint64_t ops) {
    struct calls *calls = state;
    calls->sum += (uint32_t)ask(calls, TSP_PROGRAM_ADD, ops);
}

static void reference(void *state, uint64_t ops) {
    struct calls *calls = state;
    calls->sum += (uint32_t)ask(calls, TSP_PROGRAM_NOTHING, ops);
}

/* Its end of the socket becomes the program's input and output. */
static int start(struct tsp_bench *bench, struct calls *calls) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return tsp_skip(bench, "there is no pair of sockets to be had: %s", strerror(errno));
    }
    calls->socket = ends[0];
    calls->process = tsp_guest_start(&calls->guest, ends[1], ends[1]);
    const int error = errno;
    (void)close(ends[1]);
    if (calls->process < 0) {
        (void)close(ends[0]);
        return tsp_skip(bench, "the program cannot be started: %s", strerror(error));
    }
    bench->items = CALLS;
    bench->item_unit = "call";
    return 0;
}

static int setup_for(struct tsp_bench *bench, const char *isa) {
    struct calls *calls = tsp_alloc(bench, sizeof *calls, 64);
    if (calls == NULL) {
        return -1;
    }
    bench->state = calls;
    int status = tsp_guest_open(bench, &calls->guest, isa);
    if (status == 0) {
        status = start(bench, calls);
        if (status != 0) {
            tsp_guest_close(&calls->guest);
        }
    }
    return status;
}

static int setup_native(struct tsp_bench *bench) {
    return setup_for(bench, NULL);
}

static int setup_emulated(struct tsp_bench *bench) {
    return setup_for(bench, tsp_param_text(bench, "isa"));
}

/* 1 + 2 a call. */
static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct calls *calls = bench->state;
    const uint32_t expected = (uint32_t)(ops * CALLS * 3);
    if (calls->broken) {
        return tsp_fail(bench, "the program ended before it was told to");
    }
    if (calls->sum != expected) {
        return tsp_fail(bench, "the calls summed up to %" PRIu32 ", not to %" PRIu32, calls->sum, expected);
    }
    return 0;
}

/* It ends when its input does. */
static void teardown(struct tsp_bench *bench) {
    struct calls *calls = bench->state;
    (void)close(calls->socket);
    (void)tsp_guest_wait(calls->process);
    tsp_guest_close(&calls->guest);
}

TSP_KERNEL(.family = "emulation", .kernel = "add", .variant = "native",
           .summary = "128 calls with two ints, which are added, in a program of their own",
           .needs = TSP_NEEDS_HARDWARE, .mode = TSP_MODE_BATCHED, .run = run, .reference = reference,
           .setup = setup_native, .check = check, .teardown = teardown,
           .implementation = "compiler, psABI; a socket");
TSP_KERNEL(.family = "emulation", .kernel = "add", .variant = "emulated",
           .summary = "the same under QEMU's user mode", .params = {{"isa", TSP_GUEST_ISAS}},
           .needs = TSP_NEEDS_HARDWARE, .mode = TSP_MODE_BATCHED, .run = run, .reference = reference,
           .unfit = tsp_guest_unfit, .setup = setup_emulated, .check = check, .teardown = teardown,
           .implementation = "compiler, psABI; a socket; qemu-user");
