/* An atomic addition: in each C11 order, and by each ISA's instructions. */
#define RMW_NAME    "rmw-add"
#define RMW_SUMMARY "an atomic addition"
#define RMW_LSE     "ldadd"
#define RMW_OP(order)                                                                                        \
    number = atomic_fetch_add_explicit(word, 1, memory_order_##order) + 1;                                   \
    TSP_HIDE(number)

#include "rmw.h"

RMW_C11

/* What one writes where there is no instruction for the operation. */
RMW_BODY(
    cas_loop, , unsigned long old = atomic_load_explicit(word, memory_order_relaxed);
    while (!atomic_compare_exchange_weak(word, &old, old + 1)) {} number = old + 1; TSP_HIDE(number))
RMW_KERNEL("cas-loop", cas_loop, 0, "C11 compare and exchange, in a loop")

#if defined(TSP_ISA_X86_64)
RMW_BODY(xadd, , unsigned long old = 1; __asm__ volatile("lock xaddq %0, %1"
                                                         : "+r"(old), "+m"(*word)
                                                         :
                                                         : "memory", "cc");
         number = old + 1; TSP_HIDE(number))
#elif defined(TSP_ISA_S390X)
RMW_BODY(laag, , unsigned long old;
         __asm__ volatile(".machine push\n\t.machine z196\n\tlaag %0, %2, %1\n\t.machine pop"
                          : "=d"(old), "+S"(*word)
                          : "d"(1UL)
                          : "memory", "cc");
         number = old + 1; TSP_HIDE(number))
#elif defined(TSP_ISA_PPC64EL)
RMW_BODY(larx, , unsigned long old;
         __asm__ volatile("1:\n\tldarx %0, 0, %2\n\taddi %1, %0, 1\n\tstdcx. %1, 0, %2\n\tbne- 1b"
                          : "=&b"(old), "=&r"(number)
                          : "r"(word)
                          : "memory", "cc"))
/* Power ISA 3.0's atomic memory operation: the addend in the register after the one for the old value. Made for memory far away. */
RMW_BODY(ldat, , register unsigned long old __asm__("r8"); register unsigned long step __asm__("r9") = 1;
         __asm__ volatile(".machine push\n\t.machine power9\n\tldat %0, %2, 0\n\t.machine pop"
                          : "=r"(old)
                          : "r"(step), "b"(word)
                          : "memory");
         number = old + 1; TSP_HIDE(number))
#elif defined(TSP_ISA_ARMHF)
RMW_BODY(ldrex, , unsigned long old; unsigned long lost; __asm__ volatile(
             "1:\n\tldrex %0, [%3]\n\tadd %1, %0, #1\n\tstrex %2, %1, [%3]\n\tcmp %2, #0\n\tbne 1b"
             : "=&r"(old), "=&r"(number), "=&r"(lost)
             : "r"(word)
             : "memory", "cc"))
#endif
RMW_KERNEL("lock-xadd", TSP_ON_X86_64(xadd), TSP_NEEDS_X86_64, "lock xadd")
RMW_KERNEL("laag", TSP_ON_S390X(laag), TSP_NEEDS_S390X, "laag")
RMW_KERNEL("ldarx-stdcx", TSP_ON_PPC64EL(larx), TSP_NEEDS_PPC64EL, "ldarx, stdcx.")
RMW_KERNEL("ldat", TSP_ON_PPC64EL(ldat), TSP_NEEDS_PPC64EL | TSP_NEEDS_POWER9, "ldat, fetch and add")
RMW_KERNEL("ldrex-strex", TSP_ON_ARMHF(ldrex), TSP_NEEDS_ARMHF, "ldrex, strex")

#if defined(TSP_ISA_RISCV64)
#define RISCV64_BODIES(id, name, single, load, store)                                                        \
    RMW_BODY(amo_##id, , unsigned long old; __asm__ volatile("amoadd.d" single " %0, %2, %1"                 \
                                                             : "=r"(old), "+A"(*word)                        \
                                                             : "r"(1UL)                                      \
                                                             : "memory");                                    \
             number = old + 1; TSP_HIDE(number))                                                             \
    RMW_BODY(lrsc_##id, , unsigned long old; unsigned long lost; __asm__ volatile(                           \
                 "1:\n\tlr.d" load " %0, %3\n\taddi %1, %0, 1\n\tsc.d" store " %2, %1, %3\n\tbnez %2, 1b"    \
                 : "=&r"(old), "=&r"(number), "=&r"(lost), "+A"(*word)                                       \
                 :                                                                                           \
                 : "memory"))
RMW_RISCV64(RISCV64_BODIES)
#endif
#define RISCV64_KERNELS(id, name, single, load, store)                                                       \
    RMW_KERNEL("amo-" name, TSP_ON_RISCV64(amo_##id), TSP_NEEDS_RISCV64, "amoadd.d" single)                  \
    RMW_KERNEL("lrsc-" name, TSP_ON_RISCV64(lrsc_##id), TSP_NEEDS_RISCV64, "lr.d" load ", sc.d" store)
RMW_RISCV64(RISCV64_KERNELS)
