/* The seqlock protocol of the perf mmap page, and the instructions that read a counter on each ISA. */
#include "measure/perf_user.h"

#include <stddef.h>

#include "transept/isa.h"

#if defined(__x86_64__)
static uint64_t read_counter(uint32_t index) {
    uint32_t low;
    uint32_t high;
    __asm__ volatile("rdpmc" : "=a"(low), "=d"(high) : "c"(index));
    return (uint64_t)high << 32 | low;
}
/* clang-format cannot tell that a PMU_CASE is a statement. */
/* clang-format off */
#elif defined(__aarch64__)
/* Index 31 is the cycle counter; the others have a register each, whose number is part of the instruction. */
#define PMU_CASE(n) case n: __asm__ volatile("mrs %0, pmevcntr" #n "_el0" : "=r"(value)); break;
static uint64_t read_counter(uint32_t index) {
    uint64_t value = 0;
    switch (index) {
        PMU_CASE(0) PMU_CASE(1) PMU_CASE(2) PMU_CASE(3) PMU_CASE(4) PMU_CASE(5) PMU_CASE(6)
        PMU_CASE(7) PMU_CASE(8) PMU_CASE(9) PMU_CASE(10) PMU_CASE(11) PMU_CASE(12) PMU_CASE(13)
        PMU_CASE(14) PMU_CASE(15) PMU_CASE(16) PMU_CASE(17) PMU_CASE(18) PMU_CASE(19) PMU_CASE(20)
        PMU_CASE(21) PMU_CASE(22) PMU_CASE(23) PMU_CASE(24) PMU_CASE(25) PMU_CASE(26) PMU_CASE(27)
        PMU_CASE(28) PMU_CASE(29) PMU_CASE(30)
        case 31: __asm__ volatile("mrs %0, pmccntr_el0" : "=r"(value)); break;
        default: break;
    }
    return value;
}
#elif defined(__riscv) && __riscv_xlen == 64
/* The index is the CSR's distance from `cycle` (C00h); its number is part of the instruction. */
#define PMU_CASE(n) case n: __asm__ volatile("csrr %0, 0xc00 + " #n : "=r"(value)); break;
static uint64_t read_counter(uint32_t index) {
    uint64_t value = 0;
    switch (index) {
        PMU_CASE(0) PMU_CASE(2) PMU_CASE(3) PMU_CASE(4) PMU_CASE(5) PMU_CASE(6) PMU_CASE(7)
        PMU_CASE(8) PMU_CASE(9) PMU_CASE(10) PMU_CASE(11) PMU_CASE(12) PMU_CASE(13) PMU_CASE(14)
        PMU_CASE(15) PMU_CASE(16) PMU_CASE(17) PMU_CASE(18) PMU_CASE(19) PMU_CASE(20) PMU_CASE(21)
        PMU_CASE(22) PMU_CASE(23) PMU_CASE(24) PMU_CASE(25) PMU_CASE(26) PMU_CASE(27) PMU_CASE(28)
        PMU_CASE(29) PMU_CASE(30) PMU_CASE(31)
        default: break;
    }
    return value;
}
/* clang-format on */
#endif

const struct tsp_perf_cpu *tsp_perf_cpu_here(void) {
#if defined(__x86_64__) || defined(__aarch64__) || (defined(__riscv) && __riscv_xlen == 64)
    /* On these three the kernel scales the very counter that our clock reads. */
    static const struct tsp_perf_cpu cpu = {.counter = read_counter, .time = tsp_clock_stop};
    return &cpu;
#else
    return NULL;
#endif
}

bool tsp_perf_user_can(const struct perf_event_mmap_page *page) {
    /* Without its times a reading cannot tell how long it really counted. */
    return page->cap_user_rdpmc && page->cap_user_time && page->pmc_width >= 1 && page->pmc_width <= 64;
}

/* Nanoseconds since the page's times were written. */
static uint64_t time_since(const volatile struct perf_event_mmap_page *page, uint64_t cycles) {
    if (page->cap_user_time_short) {
        cycles = page->time_cycles + ((cycles - page->time_cycles) & page->time_mask);
    }
    unsigned shift = page->time_shift;
    uint64_t mult = page->time_mult;
    uint64_t whole = cycles >> shift;
    uint64_t rest = cycles & ((UINT64_C(1) << shift) - 1);
    return page->time_offset + whole * mult + ((rest * mult) >> shift);
}

struct tsp_reading tsp_perf_user_read(const struct perf_event_mmap_page *page,
                                      const struct tsp_perf_cpu *cpu) {
    const volatile struct perf_event_mmap_page *shared = page;
    struct tsp_reading reading;
    uint32_t sequence;
    do {
        sequence = shared->lock;
        TSP_CLOBBER(); /* a compiler fence does: the writer is this CPU's own kernel */
        uint32_t index = shared->index;
        uint64_t since = time_since(shared, cpu->time());
        reading.enabled = shared->time_enabled + since;
        reading.running = shared->time_running;
        reading.value = (uint64_t)shared->offset;
        if (index != 0) {
            /* Counters are narrower than 64 bits: the offset was made for the sign-extended value. */
            unsigned unused = 64U - shared->pmc_width;
            reading.value += (uint64_t)((int64_t)(cpu->counter(index - 1) << unused) >> unused);
            reading.running += since;
        }
        TSP_CLOBBER();
    } while (shared->lock != sequence);
    return reading;
}
