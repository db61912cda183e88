/* An atomic exchange: in each C11 order, and by each ISA's instructions. (s390x has none; its compilers loop around csg.) */
#define RMW_NAME    "rmw-swap"
#define RMW_SUMMARY "an atomic exchange"
#define RMW_LSE     "swp"
#define RMW_OP(order)                                                                                        \
    RMW_COUNT;                                                                                               \
    TSP_KEEP(atomic_exchange_explicit(word, number, memory_order_##order))

#include "rmw.h"

RMW_C11

#if defined(TSP_ISA_X86_64)
RMW_BODY(xchg, , RMW_COUNT; unsigned long old = number; __asm__ volatile("xchgq %0, %1"
                                                                         : "+r"(old), "+m"(*word)
                                                                         :
                                                                         : "memory"))
#elif defined(TSP_ISA_PPC64EL)
RMW_BODY(larx, , unsigned long old; RMW_COUNT;
         __asm__ volatile("1:\n\tldarx %0, 0, %2\n\tstdcx. %1, 0, %2\n\tbne- 1b"
                          : "=&r"(old)
                          : "r"(number), "r"(word)
                          : "memory", "cc"))
/* Power ISA 3.0's atomic memory operation: the new value in the register after the one for the old. */
RMW_BODY(ldat, , RMW_COUNT; register unsigned long old __asm__("r8");
         register unsigned long new __asm__("r9") = number;
         __asm__ volatile(".machine push\n\t.machine power9\n\tldat %0, %2, 8\n\t.machine pop"
                          : "=r"(old)
                          : "r"(new), "b"(word)
                          : "memory"))
#elif defined(TSP_ISA_ARMHF)
RMW_BODY(ldrex, , unsigned long old; unsigned long lost; RMW_COUNT;
         __asm__ volatile("1:\n\tldrex %0, [%3]\n\tstrex %1, %2, [%3]\n\tcmp %1, #0\n\tbne 1b"
                          : "=&r"(old), "=&r"(lost)
                          : "r"(number), "r"(word)
                          : "memory", "cc"))
#endif
RMW_KERNEL("xchg", TSP_ON_X86_64(xchg), TSP_NEEDS_X86_64, "xchg")
RMW_KERNEL("ldarx-stdcx", TSP_ON_PPC64EL(larx), TSP_NEEDS_PPC64EL, "ldarx, stdcx.")
RMW_KERNEL("ldat", TSP_ON_PPC64EL(ldat), TSP_NEEDS_PPC64EL | TSP_NEEDS_POWER9, "ldat, swap")
RMW_KERNEL("ldrex-strex", TSP_ON_ARMHF(ldrex), TSP_NEEDS_ARMHF, "ldrex, strex")

#if defined(TSP_ISA_RISCV64)
#define RISCV64_BODIES(id, name, single, load, store)                                                        \
    RMW_BODY(amo_##id, , unsigned long old; RMW_COUNT; __asm__ volatile("amoswap.d" single " %0, %2, %1"     \
                                                                        : "=r"(old), "+A"(*word)             \
                                                                        : "r"(number)                        \
                                                                        : "memory"))                         \
    RMW_BODY(lrsc_##id, , unsigned long old; unsigned long lost; RMW_COUNT;                                  \
             __asm__ volatile("1:\n\tlr.d" load " %0, %2\n\tsc.d" store " %1, %3, %2\n\tbnez %1, 1b"         \
                              : "=&r"(old), "=&r"(lost), "+A"(*word)                                         \
                              : "r"(number)                                                                  \
                              : "memory"))
RMW_RISCV64(RISCV64_BODIES)
#endif
#define RISCV64_KERNELS(id, name, single, load, store)                                                       \
    RMW_KERNEL("amo-" name, TSP_ON_RISCV64(amo_##id), TSP_NEEDS_RISCV64, "amoswap.d" single)                 \
    RMW_KERNEL("lrsc-" name, TSP_ON_RISCV64(lrsc_##id), TSP_NEEDS_RISCV64, "lr.d" load ", sc.d" store)
RMW_RISCV64(RISCV64_KERNELS)
