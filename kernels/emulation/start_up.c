/* A program started, ended and waited for: by the processor, and under an emulator. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"
#include "protocol.h"

struct start_up {
    struct tsp_guest guest;
    int nothing; /* /dev/null: the program's input has ended already */
    uint64_t ended;
};

static void run(void *state, uint64_t ops) {
    struct start_up *start_up = state;
    for (; ops != 0; --ops) {
        const pid_t process = tsp_guest_start(&start_up->guest, start_up->nothing, start_up->nothing);
        start_up->ended += process > 0 && tsp_guest_wait(process) == TSP_PROGRAM_STATUS;
    }
}

/* Nothing is to be done before an op; that there is a `before` has each counted by itself, and not n and 2n of them, which take milliseconds each. */
static void before(struct tsp_bench *bench) {
    (void)bench;
}

static int setup_for(struct tsp_bench *bench, const char *isa) {
    struct start_up *start_up = tsp_alloc(bench, sizeof *start_up, 64);
    if (start_up == NULL) {
        return -1;
    }
    bench->state = start_up;
    start_up->nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (start_up->nothing < 0) {
        return tsp_skip(bench, "/dev/null cannot be opened: %s", strerror(errno));
    }
    const int status = tsp_guest_open(bench, &start_up->guest, isa);
    if (status != 0) {
        (void)close(start_up->nothing);
    }
    return status;
}

static int setup_native(struct tsp_bench *bench) {
    return setup_for(bench, NULL);
}

static int setup_emulated(struct tsp_bench *bench) {
    return setup_for(bench, tsp_param_text(bench, "isa"));
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct start_up *start_up = bench->state;
    if (start_up->ended != ops) {
        return tsp_fail(bench, "%" PRIu64 " of %" PRIu64 " programs ended as they should", start_up->ended,
                        ops);
    }
    return 0;
}

static void teardown(struct tsp_bench *bench) {
    struct start_up *start_up = bench->state;
    tsp_guest_close(&start_up->guest);
    (void)close(start_up->nothing);
}

TSP_KERNEL(.family = "emulation", .kernel = "start-up", .variant = "native",
           .summary = "a program without libraries, started and waited for", .needs = TSP_NEEDS_HARDWARE,
           .mode = TSP_MODE_PER_OP, .run = run, .before = before, .setup = setup_native, .check = check,
           .teardown = teardown, .implementation = "libc posix_spawn(), waitpid()");
TSP_KERNEL(.family = "emulation", .kernel = "start-up", .variant = "emulated",
           .summary = "the same under QEMU's user mode", .params = {{"isa", TSP_GUEST_ISAS}},
           .needs = TSP_NEEDS_HARDWARE, .mode = TSP_MODE_PER_OP, .run = run, .before = before,
           .unfit = tsp_guest_unfit, .setup = setup_emulated, .check = check, .teardown = teardown,
           .implementation = "libc posix_spawn(), waitpid(); qemu-user");
