/* Kernels that misbehave on purpose, for the command-line tests: each must cost only itself. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "transept/kernel.h"

static void behave(void *state, uint64_t ops) {
    (void)state;
    uint64_t x = 1;
    TSP_REPEAT(ops, x = x * 3 + 1; TSP_HIDE(x));
    TSP_KEEP(x);
}

static void loop(void *state, uint64_t ops) {
    (void)state;
    for (uint64_t i = 0; i < ops; i += (i == 0)) {
        __asm__ volatile("");
    }
}

static void segfault(void *state, uint64_t ops) {
    (void)state;
    (void)ops;
    volatile char *nowhere = mmap(NULL, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *nowhere = 1;
}

/* The instruction itself differs by ISA; what its signal does is the same. */
static void illegal(void *state, uint64_t ops) {
    (void)state;
    (void)ops;
    (void)raise(SIGILL);
}

static void orphans(void *state, uint64_t ops) {
    behave(state, ops);
    if (fork() == 0) {
        for (;;) {
            (void)pause();
        }
    }
    _exit(0);
}

static void glutton(void *state, uint64_t ops) {
    (void)state;
    (void)ops;
    for (;;) {
        char *piece = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (piece == MAP_FAILED) {
            abort();
        }
        memset(piece, 1, 1 << 20);
    }
}

static int absent(struct tsp_bench *bench) {
    return tsp_skip(bench, "the device is not there");
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    return ops > 0 ? 0 : tsp_fail(bench, "no op was run");
}

static int refuse(struct tsp_bench *bench, uint64_t ops) {
    (void)ops;
    return tsp_fail(bench, "the sum is wrong");
}

#define FAULT(name, about, ...)                                                                              \
    TSP_KERNEL(.family = "faults", .kernel = "made", .variant = name, .summary = about,                      \
               .mode = TSP_MODE_BATCHED, __VA_ARGS__)

FAULT("behaves", "nothing is wrong", .run = behave, .check = check);
FAULT("loops", "never comes back", .run = loop, .check = check);
FAULT("segfaults", "writes where nothing is", .run = segfault, .check = check);
FAULT("illegal", "an illegal instruction's signal", .run = illegal, .check = check);
FAULT("forks", "leaves a child behind and exits", .run = orphans, .check = check);
FAULT("eats", "takes all memory there is", .run = glutton, .check = check);
FAULT("lies", "its check fails", .run = behave, .check = refuse);
FAULT("absent", "its setup finds that it cannot run", .run = behave, .check = check, .setup = absent);
