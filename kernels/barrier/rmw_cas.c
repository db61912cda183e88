/* An atomic compare-and-exchange that always succeeds: in each C11 order, and by each ISA's instructions. */
#define RMW_NAME    "rmw-cas"
#define RMW_SUMMARY "an atomic compare-and-exchange"
#define RMW_LSE     "cas"
#define RMW_OP(order)                                                                                        \
    unsigned long old = number;                                                                              \
    RMW_COUNT;                                                                                               \
    (void)atomic_compare_exchange_strong_explicit(word, &old, number, memory_order_##order,                  \
                                                  FAILURE_##order);                                          \
    TSP_KEEP(old)

/* The strongest order that a failure may have then: a load's, and no stronger than the success's. */
#define FAILURE_relaxed memory_order_relaxed
#define FAILURE_consume memory_order_consume
#define FAILURE_acquire memory_order_acquire
#define FAILURE_release memory_order_relaxed
#define FAILURE_acq_rel memory_order_acquire
#define FAILURE_seq_cst memory_order_seq_cst

#include "rmw.h"

RMW_C11

#if defined(TSP_ISA_X86_64)
RMW_BODY(cmpxchg, , unsigned long old = number; RMW_COUNT; __asm__ volatile("lock cmpxchgq %2, %1"
                                                                            : "+a"(old), "+m"(*word)
                                                                            : "r"(number)
                                                                            : "memory", "cc"))
#elif defined(TSP_ISA_S390X)
RMW_BODY(csg, , unsigned long old = number; RMW_COUNT; __asm__ volatile("csg %0, %2, %1"
                                                                        : "+d"(old), "+S"(*word)
                                                                        : "d"(number)
                                                                        : "memory", "cc"))
#elif defined(TSP_ISA_PPC64EL)
RMW_BODY(larx, , unsigned long expected = number; unsigned long old; RMW_COUNT;
         __asm__ volatile("1:\n\tldarx %0, 0, %3\n\tcmpd %0, %1\n\tbne- 2f\n\tstdcx. %2, 0, %3\n\tbne- 1b\n2:"
                          : "=&r"(old)
                          : "r"(expected), "r"(number), "r"(word)
                          : "memory", "cc"))
#elif defined(TSP_ISA_ARMHF)
RMW_BODY(ldrex, , unsigned long expected = number; unsigned long old; unsigned long lost; RMW_COUNT;
         __asm__ volatile(
             "1:\n\tldrex %0, [%4]\n\tcmp %0, %2\n\tbne 2f\n\tstrex %1, %3, [%4]\n\tcmp %1, #0\n\tbne 1b\n2:"
             : "=&r"(old), "=&r"(lost)
             : "r"(expected), "r"(number), "r"(word)
             : "memory", "cc"))
#endif
RMW_KERNEL("lock-cmpxchg", TSP_ON_X86_64(cmpxchg), TSP_NEEDS_X86_64, "lock cmpxchg")
RMW_KERNEL("csg", TSP_ON_S390X(csg), TSP_NEEDS_S390X, "csg")
RMW_KERNEL("ldarx-stdcx", TSP_ON_PPC64EL(larx), TSP_NEEDS_PPC64EL, "ldarx, stdcx.")
RMW_KERNEL("ldrex-strex", TSP_ON_ARMHF(ldrex), TSP_NEEDS_ARMHF, "ldrex, strex")

#define ZACAS(x)                                                                                             \
    x(relaxed, "relaxed", "0") x(acquire, "acquire", "2") x(release, "release", "1")                         \
        x(acq_rel, "acq-rel", "3")
#if defined(TSP_ISA_RISCV64)
#define RISCV64_BODY(id, name, single, load, store)                                                          \
    RMW_BODY(lrsc_##id, , unsigned long expected = number; unsigned long old; unsigned long lost; RMW_COUNT; \
             __asm__ volatile("1:\n\tlr.d" load " %0, %2\n\tbne %0, %3, 2f\n\tsc.d" store " %1, %4, %2\n\t"  \
                              "bnez %1, 1b\n2:"                                                              \
                              : "=&r"(old), "=&r"(lost), "+A"(*word)                                         \
                              : "r"(expected), "r"(number)                                                   \
                              : "memory"))
RMW_RISCV64(RISCV64_BODY)
/* Zacas by its encoding, for assemblers before binutils 2.42: amocas.d, bits 26 and 25 are aq and rl. */
#define ZACAS_BODY(id, name, aqrl)                                                                           \
    RMW_BODY(amocas_##id, , unsigned long old = number; RMW_COUNT;                                           \
             __asm__ volatile(".insn r 0x2f, 3, 0x14 + " aqrl ", %0, %1, %2"                                 \
                              : "+r"(old)                                                                    \
                              : "r"(word), "r"(number)                                                       \
                              : "memory"))
ZACAS(ZACAS_BODY)
#endif
#define RISCV64_KERNEL(id, name, single, load, store)                                                        \
    RMW_KERNEL("lrsc-" name, TSP_ON_RISCV64(lrsc_##id), TSP_NEEDS_RISCV64, "lr.d" load ", sc.d" store)
RMW_RISCV64(RISCV64_KERNEL)
#define ZACAS_KERNEL(id, name, aqrl)                                                                         \
    RMW_KERNEL("amo-" name, TSP_ON_RISCV64(amocas_##id), TSP_NEEDS_RISCV64 | TSP_NEEDS_ZACAS, "amocas.d")
ZACAS(ZACAS_KERNEL)
