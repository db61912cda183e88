/* Work whose counts are known. The loop is two instructions on every ISA, written in assembly so that no compiler changes it. */
#include "measure/known_work.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "measure/reading.h"
#include "transept/isa.h"

enum { MIXED_BYTES = 4 << 20, MIXED_STEPS = 20000 };

/* Two instructions an iteration. */
static void two_instructions(unsigned long iterations) {
#if defined(__x86_64__)
    __asm__ volatile("1: dec %0\n\tjnz 1b" : "+r"(iterations) : : "cc");
#elif defined(__aarch64__)
    __asm__ volatile("1: subs %0, %0, #1\n\tb.ne 1b" : "+r"(iterations) : : "cc");
#elif defined(__riscv)
    /* Compressed instructions count one each as well. */
    __asm__ volatile("1: addi %0, %0, -1\n\tbnez %0, 1b" : "+r"(iterations));
#elif defined(__powerpc64__)
    __asm__ volatile("1: addic. %0, %0, -1\n\tbne 1b" : "+r"(iterations) : : "cr0", "xer");
#elif defined(__s390x__)
    __asm__ volatile("1: aghi %0, -1\n\tjnz 1b" : "+d"(iterations) : : "cc");
#elif defined(__arm__)
    __asm__ volatile("1: subs %0, %0, #1\n\tbne 1b" : "+r"(iterations) : : "cc");
#else
    for (; iterations != 0; --iterations) {
        __asm__ volatile("" : "+r"(iterations));
    }
#endif
}

static void call_kernel(void) {
    for (int i = 0; i < TSP_KNOWN_CALLS; ++i) {
        TSP_KEEP(tsp_syscall0(SYS_getppid));
    }
}

static void do_mixed(void) {
    void *mapping = mmap(NULL, MIXED_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED) {
        return;
    }
    volatile unsigned char *memory = mapping;
    uint64_t state = 1;
    unsigned odd = 0;
    for (int i = 0; i < MIXED_STEPS; ++i) {
        state = state * UINT64_C(6364136223846793005) +
                UINT64_C(1442695040888963407); /* Knuth's MMIX generator */
        size_t at = (size_t)(state >> 40) % MIXED_BYTES;
        memory[at] = (unsigned char)(memory[at] + 1);
        if ((state >> 63) != 0) {
            odd += 1;
            TSP_HIDE(odd); /* keeps the branch a branch */
        }
    }
    (void)munmap(mapping, MIXED_BYTES);
}

void tsp_known_work_do(enum tsp_known_work work) {
    switch (work) {
    case TSP_WORK_SHORT:
        two_instructions(20000);
        break;
    case TSP_WORK_LOOP:
        two_instructions((unsigned long)(TSP_KNOWN_INSTRUCTIONS / 2));
        break;
    case TSP_WORK_CALLS:
        call_kernel();
        break;
    case TSP_WORK_MIXED:
        do_mixed();
        break;
    }
}
