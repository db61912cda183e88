/*
 * What every ISA's primitives must do, whatever they are made of. test_isa_generic.c compiles the same tests with the C11 and POSIX
 * forms. test_isa_syscall.c tests the calls into the kernel, test_isa_order.c what other threads see, tests/cli/test_isa_instructions.sh
 * the instructions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <elf.h>
#include <link.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "transept/isa.h"

/* Every primitive with the text that says what it is made of. */
static const struct primitive {
    const char *name;
    const char *text;
} primitives[] = {
    {"clock_start", TSP_IMPL(tsp_clock_start)},
    {"clock_stop", TSP_IMPL(tsp_clock_stop)},
    {"clock_stated_hz", TSP_IMPL(tsp_clock_stated_hz)},
    {"fence_full", TSP_IMPL(tsp_fence_full)},
    {"fence_acquire", TSP_IMPL(tsp_fence_acquire)},
    {"fence_release", TSP_IMPL(tsp_fence_release)},
    {"fence_store", TSP_IMPL(tsp_fence_store)},
    {"fence_pipeline", TSP_IMPL(tsp_fence_pipeline)},
    {"load_acquire", TSP_IMPL(tsp_load_acquire)},
    {"store_release", TSP_IMPL(tsp_store_release)},
    {"store_seq_cst", TSP_IMPL(tsp_store_seq_cst)},
    {"add_atomic", TSP_IMPL(tsp_add_atomic)},
    {"spin_hint", TSP_IMPL(tsp_spin_hint)},
    {"line_flush", TSP_IMPL(tsp_line_flush)},
    {"prefetch", TSP_IMPL(tsp_prefetch)},
    {"chain_add", TSP_IMPL(tsp_chain_add)},
    {"chain_mul", TSP_IMPL(tsp_chain_mul)},
    {"syscall0", TSP_IMPL(tsp_syscall0)},
    {"syscall6", TSP_IMPL(tsp_syscall6)},
};
#define PRIMITIVE_COUNT (sizeof primitives / sizeof primitives[0])

#ifndef TSP_ISA_FORCE_GENERIC
/* What is known of an ISA apart from the headers: ELF's machine number, uname's word, isa.md's rows. */
static const struct expected {
    const char *name;
    unsigned machine;
    unsigned char elf_class;
    unsigned char elf_data;
    const char *uname_prefix;
    unsigned int_args;
    unsigned struct_by_value;
    const char *without; /* primitives that need or have no instruction there, between spaces */
} isas[] = {
    {"x86_64", EM_X86_64, ELFCLASS64, ELFDATA2LSB, "x86_64", 6, 16, " fence_acquire fence_release "},
    {"arm64", EM_AARCH64, ELFCLASS64, ELFDATA2LSB, "aarch64", 8, 16, " "},
    {"riscv64", EM_RISCV, ELFCLASS64, ELFDATA2LSB, "riscv64", 8, 16, " clock_stated_hz line_flush "},
    {"ppc64el", EM_PPC64, ELFCLASS64, ELFDATA2LSB, "ppc64le", 8, 64, " clock_stated_hz "},
    {"s390x", EM_S390, ELFCLASS64, ELFDATA2MSB, "s390x", 5, 8,
     " clock_stated_hz fence_acquire fence_release fence_store fence_pipeline spin_hint line_flush "},
    /* A 32-bit binary on a 64-bit kernel is told armv8l, or aarch64. */
    {"armhf", EM_ARM, ELFCLASS32, ELFDATA2LSB, "a", 4, 16, " clock_stated_hz line_flush "},
};

/* The ELF header that the linker put before this very program. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

/* The row of the ISA that this binary is for, by its ELF header; NULL when it is none of the six. */
static const struct expected *isa_by_elf(void) {
    for (size_t i = 0; i < sizeof isas / sizeof isas[0]; ++i) {
        if (__ehdr_start.e_machine == isas[i].machine &&
            __ehdr_start.e_ident[EI_CLASS] == isas[i].elf_class &&
            __ehdr_start.e_ident[EI_DATA] == isas[i].elf_data) {
            return &isas[i];
        }
    }
    return NULL;
}

static void isa_is_what_the_binary_says(void **state) {
    (void)state;
    const struct expected *expected = isa_by_elf();
    struct utsname system;
    if (expected == NULL) {
        print_message("skipped: this ISA is none of the six, and all its primitives are generic\n");
        skip();
    }
    assert_string_equal(TSP_ISA_NAME, expected->name);
    assert_int_equal(uname(&system), 0);
    assert_memory_equal(system.machine, expected->uname_prefix, strlen(expected->uname_prefix));
    assert_int_equal(TSP_ISA_INT_ARGS, expected->int_args);
    assert_int_equal(TSP_ISA_STRUCT_BY_VALUE, expected->struct_by_value);
    assert_true(TSP_HAS_ISA_CLOCK);
}

/* A misspelt name would bring in the C11 form: on the six ISAs that never happens, and nothing is left out but what isa.md leaves out. */
static void no_primitive_falls_back_unnoticed(void **state) {
    (void)state;
    const struct expected *expected = isa_by_elf();
    if (expected == NULL) {
        skip();
    }
    for (size_t i = 0; i < PRIMITIVE_COUNT; ++i) {
        char word[40];
        const char *text = primitives[i].text;
        const int nothing = strcmp(text, "compiler only") == 0 || strcmp(text, "none") == 0;
        snprintf(word, sizeof word, " %s ", primitives[i].name);
        if (strstr(text, "generic") != NULL || nothing != (strstr(expected->without, word) != NULL)) {
            fail_msg("%s: tsp_%s is \"%s\"", expected->name, primitives[i].name, text);
        }
    }
}
#else
static void isa_is_what_the_binary_says(void **state) {
    (void)state;
    assert_string_equal(TSP_ISA_NAME, "generic");
    assert_false(TSP_HAS_ISA_CLOCK);
    assert_false(TSP_HAS_LINE_FLUSH);
    assert_null(TSP_ON_X86_64(tsp_fence_full));
    assert_null(TSP_ON_ARM64(tsp_fence_full));
    assert_null(TSP_ON_RISCV64(tsp_fence_full));
    assert_null(TSP_ON_PPC64EL(tsp_fence_full));
    assert_null(TSP_ON_S390X(tsp_fence_full));
    assert_null(TSP_ON_ARMHF(tsp_fence_full));
}

static void no_primitive_falls_back_unnoticed(void **state) {
    (void)state;
    for (size_t i = 0; i < PRIMITIVE_COUNT; ++i) {
        const char *text = primitives[i].text;
        if (strncmp(text, "generic ", 8) != 0 && strcmp(text, "compiler only") != 0 &&
            strcmp(text, "none") != 0) {
            fail_msg("tsp_%s is \"%s\"", primitives[i].name, text);
        }
    }
}
#endif

static sigjmp_buf clock_trapped;

static void clock_trap(int signal_number) {
    siglongjmp(clock_trapped, signal_number);
}

/* Leaves the test with a reason where the counter exists in the manual only (armhf under QEMU). */
static void clock_or_skip(void) {
    struct sigaction action = {.sa_handler = clock_trap}, before;
    assert_int_equal(sigaction(SIGILL, &action, &before), 0);
    const int trapped = sigsetjmp(clock_trapped, 1);
    if (trapped == 0) {
        tsp_clock_start();
        tsp_clock_stop();
    }
    assert_int_equal(sigaction(SIGILL, &before, NULL), 0);
    if (trapped != 0) {
        print_message("skipped: %s answers with SIGILL here\n", TSP_ISA_CLOCK_NAME);
        skip();
    }
}

static void clock_goes_forward(void **state) {
    (void)state;
    clock_or_skip();
    const uint64_t first = tsp_clock_start();
    uint64_t last = first;
    for (int i = 0; i < 10000; ++i) {
        const uint64_t start = tsp_clock_start();
        const uint64_t stop = tsp_clock_stop();
        assert_true(start >= last);
        assert_true(stop >= start);
        last = stop;
    }
    for (int i = 0; last == first && i < 10000000; ++i) {
        last = tsp_clock_stop();
    }
    assert_true(last > first);
#ifdef TSP_ISA_X86_64
    /* Both halves, each in its place: the compiler's own read lies between. */
    const uint64_t before = tsp_clock_start();
    const uint64_t between = __builtin_ia32_rdtsc();
    assert_true(before <= between && between <= tsp_clock_stop());
#endif
}

static double monotonic_s(void) {
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC_RAW, &now), 0);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Ticks between two reads lie between what fits inside and outside of them, however busy the machine is; a wrong unit does not. */
static void clock_rate_is_as_stated(void **state) {
    (void)state;
    const double hz = tsp_clock_stated_hz();
    if (hz == 0) {
        print_message("skipped: %s states no rate here (%s)\n", TSP_ISA_CLOCK_NAME, TSP_ISA_CLOCK_HZ_SOURCE);
        skip();
    }
    clock_or_skip();
    const struct timespec pause = {.tv_nsec = 50000000};
    const double outer_start = monotonic_s();
    const uint64_t start = tsp_clock_start();
    const double inner_start = monotonic_s();
    nanosleep(&pause, NULL);
    const double inner_stop = monotonic_s();
    const uint64_t stop = tsp_clock_stop();
    const double outer_stop = monotonic_s();
    const double seconds = (double)(stop - start) / hz;
    assert_true(seconds >= (inner_stop - inner_start) * 0.99);
    assert_true(seconds <= (outer_stop - outer_start) * 1.01);
}

static void fences_and_hints_change_nothing(void **state) {
    (void)state;
    uint64_t cells[3] = {1, UINT64_C(0x0123456789abcdef), 3};
    const uint64_t before[3] = {1, UINT64_C(0x0123456789abcdef), 3};
    tsp_fence_full();
    tsp_fence_acquire();
    tsp_fence_release();
    tsp_fence_store();
    tsp_fence_pipeline();
    tsp_spin_hint();
    tsp_prefetch(&cells[1]);
    tsp_line_flush(&cells[1]);
    tsp_fence_full();
    assert_memory_equal(cells, before, sizeof cells);
    /* A prefetch is a hint: it never faults, not even nowhere. */
    const char *nowhere = NULL;
    TSP_HIDE(nowhere);
    tsp_prefetch(nowhere);
}

static const uint64_t values[] = {
    0,         1, UINT32_MAX, UINT64_C(1) << 32, UINT64_C(0x0123456789abcdef), INT64_MAX, UINT64_C(1) << 63,
    UINT64_MAX};
#define VALUE_COUNT (sizeof values / sizeof values[0])

static void loads_and_stores_move_all_64_bits(void **state) {
    (void)state;
    for (size_t i = 0; i < VALUE_COUNT; ++i) {
        uint64_t cells[3] = {~values[i], ~values[i], ~values[i]};
        tsp_store_release(&cells[1], values[i]);
        assert_true(cells[1] == values[i]);
        assert_true(tsp_load_acquire(&cells[1]) == values[i]);
        assert_true(tsp_load_acquire(&cells[2]) == ~values[i]);
        cells[1] = ~values[i];
        TSP_CLOBBER();
        tsp_store_seq_cst(&cells[1], values[i]);
        assert_true(cells[1] == values[i]);
        assert_true(cells[0] == ~values[i] && cells[2] == ~values[i]);
    }
}

static void add_returns_the_old_value_and_stores_the_sum(void **state) {
    (void)state;
    for (size_t i = 0; i < VALUE_COUNT; ++i) {
        for (size_t k = 0; k < VALUE_COUNT; ++k) {
            uint64_t cells[3] = {7, values[i], 9};
            assert_true(tsp_add_atomic(&cells[1], values[k]) == values[i]);
            assert_true(cells[1] == values[i] + values[k]);
            assert_true(cells[0] == 7 && cells[2] == 9);
        }
    }
}

#define ADDS     UINT64_C(50000)
#define ATTEMPTS 200
#define MEETINGS 1000 /* of the two threads' additions, before the test is content */

struct adding {
    uint64_t counter;
    uint64_t old_values; /* the sum of all that were returned */
    uint64_t meetings;   /* times that a thread found the counter moved by the other */
    uint64_t ready;
};

static void *adder(void *argument) {
    struct adding *adding = argument;
    uint64_t sum = 0, last = 0, meetings = 0;
    tsp_add_atomic(&adding->ready, 1);
    while (tsp_load_acquire(&adding->ready) < 2) {
        sched_yield();
    }
    for (uint64_t i = 0; i < ADDS; ++i) {
        const uint64_t old = tsp_add_atomic(&adding->counter, 1);
        meetings += old != last + 1 ? 1 : 0;
        sum += old;
        last = old;
    }
    __atomic_fetch_add(&adding->old_values, sum, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&adding->meetings, meetings, __ATOMIC_SEQ_CST);
    return NULL;
}

/* Each old value is returned once, so that they add up to 0 + 1 + … + (2 ADDS - 1). Repeated until the threads have met often enough. */
static void add_is_atomic(void **state) {
    (void)state;
    uint64_t meetings = 0;
    for (int attempt = 0; attempt < ATTEMPTS && meetings < MEETINGS; ++attempt) {
        struct adding adding = {0};
        pthread_t other;
        assert_int_equal(pthread_create(&other, NULL, adder, &adding), 0);
        adder(&adding);
        assert_int_equal(pthread_join(other, NULL), 0);
        assert_true(adding.counter == 2 * ADDS);
        assert_true(adding.old_values == ADDS * (2 * ADDS - 1));
        meetings += adding.meetings;
    }
    if (meetings < MEETINGS) {
        print_message("skipped: the two threads hardly ever ran at the same time\n");
        skip();
    }
}

static void chains_compute_what_they_state(void **state) {
    (void)state;
    for (size_t i = 0; i < VALUE_COUNT; ++i) {
        for (size_t k = 0; k < VALUE_COUNT; ++k) {
            const uint64_t x = values[i], y = values[k];
            assert_true(tsp_chain_add(x, y) == ((x + y) & TSP_CHAIN_MASK));
            assert_true(tsp_chain_mul(x, y) == ((x * y) & TSP_CHAIN_MASK));
        }
    }
    uint64_t sum = 5, product = 5;
    for (int i = 0; i < 100; ++i) {
        sum = tsp_chain_add(sum, 3);
        product = tsp_chain_mul(product, 3);
    }
    assert_true(sum == 305);
    /* 5 * 3^100 mod 2^64, by another program */
    assert_true(product == (UINT64_C(0x30e672ad0c186315) & TSP_CHAIN_MASK));
    assert_true(TSP_CHAIN_MUL_CYCLES == 0 || (TSP_CHAIN_MUL_CYCLES >= 3 && TSP_CHAIN_MUL_CYCLES <= 5));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(isa_is_what_the_binary_says),
        cmocka_unit_test(no_primitive_falls_back_unnoticed),
        cmocka_unit_test(clock_goes_forward),
        cmocka_unit_test(clock_rate_is_as_stated),
        cmocka_unit_test(fences_and_hints_change_nothing),
        cmocka_unit_test(loads_and_stores_move_all_64_bits),
        cmocka_unit_test(add_returns_the_old_value_and_stores_the_sum),
        cmocka_unit_test(add_is_atomic),
        cmocka_unit_test(chains_compute_what_they_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
