/*
 * A whole program without a libc and without a dynamic linker, so that what it takes to start it is the kernel's and the emulator's doing, and
 * so that every build makes it, whatever libraries there are. It answers requests (protocol.h) until its input ends.
 */
#include <stdbool.h>
#include <sys/syscall.h>

#include <transept/kernel.h>

#include "../protocol.h"
#include "add.h"

static void leave(int status) {
    for (;;) {
        (void)tsp_syscall1(SYS_exit_group, status);
    }
}

static bool receive(unsigned char *bytes, long wanted) {
    long had = 0;
    while (had < wanted) {
        const long some = tsp_syscall3(SYS_read, 0, (long)(bytes + had), wanted - had);
        if (some <= 0) {
            return false;
        }
        had += some;
    }
    return true;
}

static bool send(const unsigned char *bytes, long all) {
    return tsp_syscall3(SYS_write, 1, (long)bytes, all) == all;
}

/* The loop of abi/call/add. */
static uint64_t add(uint64_t calls) {
    long sum = 0;
    int a = 1;
    int b = 2;
    TSP_HIDE(a);
    TSP_HIDE(b);
    TSP_REPEAT(calls, sum += tsp_program_add(a, b); TSP_HIDE(sum));
    return (uint64_t)sum;
}

static uint64_t nothing(uint64_t calls) {
    TSP_REPEAT(calls, __asm__ volatile(""));
    return 0;
}

static void serve(void) {
    unsigned char request[TSP_PROGRAM_REQUEST_BYTES] = {0};
    unsigned char answer[TSP_PROGRAM_ANSWER_BYTES];
    while (receive(request, sizeof request)) {
        const uint64_t calls = tsp_program_get(request + 8);
        const bool adds = tsp_program_get(request) == TSP_PROGRAM_ADD;
        tsp_program_put(answer, adds ? add(calls) : nothing(calls));
        if (!send(answer, sizeof answer)) {
            leave(1);
        }
    }
    leave(TSP_PROGRAM_STATUS);
}

/* Where the kernel begins: what it left on the stack is not looked at, and x86_64's psABI wants a call's return address there. */
__attribute__((noreturn, used, visibility("default")))
#if defined(TSP_ISA_X86_64)
__attribute__((force_align_arg_pointer))
#endif
void _start(void); /* NOLINT: the linker's name */

void _start(void) { /* NOLINT */
    serve();
    __builtin_unreachable();
}
