/*
 * One load of each width from any address, by the instruction itself: a compiler that thinks misaligned loads slow takes them apart.
 *
 *   touch_<bytes>(from)   loads, and drops what it loaded
 *   chase_<bytes>(from)   loads; returns the signed number in the first bytes, as many as fit a register, once all bytes have come
 *                         (those beyond must be 0)
 *
 * Widths over a register are made of the vectors that the ISA's baseline has, else of registers; LOADS_IMPLEMENTATION says which.
 */
#ifndef KERNELS_ALIGN_LOADS_H
#define KERNELS_ALIGN_LOADS_H

#include <stdint.h>

/* 256 copies of them would otherwise tempt the compiler to make calls. */
#define LOADS_INLINE static inline __attribute__((always_inline))

/* `text` loads from %1 (chase) or %0 (touch), an operand that is addressed as the compiler likes, or, where the ISA has no such form for
 * the instruction, a register with the address: base is "m" or "r". */
/* The pieces of armhf's loads need the address to the end. */
#ifdef TSP_ISA_ARMHF
#define LOADS_OUT(loaded) "=&r"(loaded)
#else
#define LOADS_OUT(loaded) "=r"(loaded)
#endif
#define LOADS_AT_m "m"(*(const char(*)[64])from)
#define LOADS_AT_r "r"(from)
#define LOADS_CHASE(bytes, base, text, ...)                                                                  \
    LOADS_INLINE intptr_t chase_##bytes(const char *from) {                                                  \
        intptr_t loaded;                                                                                     \
        __asm__ volatile(text : LOADS_OUT(loaded) : LOADS_AT_##base : __VA_ARGS__);                          \
        return loaded;                                                                                       \
    }
#define LOADS_TOUCH(bytes, base, text, ...)                                                                  \
    LOADS_INLINE void touch_##bytes(const char *from) {                                                      \
        __asm__ volatile(text : : LOADS_AT_##base : __VA_ARGS__);                                            \
    }

#if defined(TSP_ISA_X86_64)
#define LOADS_IMPLEMENTATION "mov; over 8 bytes movdqu"
LOADS_CHASE(2, m, "movswq %1, %0", )
LOADS_CHASE(4, m, "movslq %1, %0", )
LOADS_CHASE(8, m, "movq %1, %0", )
#define LOADS_HAVE_8
LOADS_CHASE(16, m, "movdqu %1, %%xmm0\n\tmovq %%xmm0, %0", "xmm0")
LOADS_TOUCH(16, m, "movdqu %0, %%xmm0", "xmm0")
#define LOADS_HAVE_16
/* Wider than the baseline: for variants of their own. */
LOADS_CHASE(ymm, m, "vmovdqu %1, %%ymm0\n\tvmovq %%xmm0, %0", "xmm0")
LOADS_TOUCH(ymm, m, "vmovdqu %0, %%ymm0", "xmm0")
LOADS_CHASE(zmm, m, "vmovdqu64 %1, %%zmm0\n\tvmovq %%xmm0, %0", "xmm0")
LOADS_TOUCH(zmm, m, "vmovdqu64 %0, %%zmm0", "xmm0")
#elif defined(TSP_ISA_ARM64)
#define LOADS_IMPLEMENTATION "ldrsh, ldrsw, ldr; over 8 bytes ldr q"
LOADS_CHASE(2, m, "ldrsh %0, %1", )
LOADS_CHASE(4, m, "ldrsw %0, %1", )
LOADS_CHASE(8, m, "ldr %0, %1", )
#define LOADS_HAVE_8
LOADS_CHASE(16, m, "ldr q0, %1\n\tfmov %0, d0", "v0")
LOADS_TOUCH(16, m, "ldr q0, %0", "v0")
#define LOADS_HAVE_16
#elif defined(TSP_ISA_RISCV64)
#define LOADS_IMPLEMENTATION "lh, lw, ld; over 8 bytes several ld"
LOADS_CHASE(2, m, "lh %0, %1", )
LOADS_CHASE(4, m, "lw %0, %1", )
LOADS_CHASE(8, m, "ld %0, %1", )
#define LOADS_HAVE_8
#elif defined(TSP_ISA_PPC64EL) /* indexed forms: those with a displacement want it to be a multiple of 4 */
#define LOADS_IMPLEMENTATION "lhax, lwax, ldx; over 8 bytes lxvd2x"
LOADS_CHASE(2, r, "lhax %0, 0, %1", )
LOADS_CHASE(4, r, "lwax %0, 0, %1", )
LOADS_CHASE(8, r, "ldx %0, 0, %1", )
#define LOADS_HAVE_8
LOADS_CHASE(16, r, "lxvd2x 0, 0, %1\n\tmfvsrd %0, 0", "fr0")
LOADS_TOUCH(16, r, "lxvd2x 0, 0, %0", "fr0")
#define LOADS_HAVE_16
#elif defined(TSP_ISA_S390X)
#define LOADS_IMPLEMENTATION "lgh, lgf, lg; over 8 bytes several lg"
LOADS_CHASE(2, m, "lgh %0, %1", )
LOADS_CHASE(4, m, "lgf %0, %1", )
LOADS_CHASE(8, m, "lg %0, %1", )
#define LOADS_HAVE_8
#elif defined(TSP_ISA_ARMHF)
#define LOADS_IMPLEMENTATION "ldrsh, ldr; over 4 bytes several ldr"
LOADS_CHASE(2, r, "ldrsh %0, [%1]", )
LOADS_CHASE(4, r, "ldr %0, [%1]", )
/* Fixed distances in the text: else a register would be kept for the address of each piece, more than there are. */
#define LOADS_AND(at)        "\n\tldr r12, [%1, #" #at "]\n\torr %0, %0, r12"
#define LOADS_DROP(at)       "ldr r12, [%0, #" #at "]\n\t"
LOADS_CHASE(8, r, "ldr %0, [%1]" LOADS_AND(4), "r12")
LOADS_TOUCH(8, r, LOADS_DROP(0) LOADS_DROP(4), "r12")
LOADS_CHASE(16, r, "ldr %0, [%1]" LOADS_AND(4) LOADS_AND(8) LOADS_AND(12), "r12")
LOADS_TOUCH(16, r, LOADS_DROP(0) LOADS_DROP(4) LOADS_DROP(8) LOADS_DROP(12), "r12")
#define LOADS_HAVE_16
#else
/* What the compiler makes of a copy, which may be several loads. */
#define LOADS_IMPLEMENTATION "generic C11"
#define LOADS_COPY(bytes, type)                                                                              \
    LOADS_INLINE intptr_t chase_##bytes(const char *from) {                                                  \
        type loaded;                                                                                         \
        TSP_CLOBBER();                                                                                       \
        __builtin_memcpy(&loaded, from, sizeof loaded);                                                      \
        return (intptr_t)loaded;                                                                             \
    }
LOADS_COPY(2, int16_t)
LOADS_COPY(4, int32_t)
#if __SIZEOF_POINTER__ == 8
LOADS_COPY(8, int64_t)
#define LOADS_HAVE_8
#endif
#endif

/* Two halves. The second one's number is 0, and the first's is not known before the second has come. */
#define LOADS_CHASE_PAIR(bytes, half, half_bytes)                                                            \
    LOADS_INLINE intptr_t chase_##bytes(const char *from) {                                                  \
        intptr_t first = chase_##half(from);                                                                 \
        return first | chase_##half(from + (half_bytes));                                                    \
    }
#define LOADS_TOUCH_PAIR(bytes, half, half_bytes)                                                            \
    LOADS_INLINE void touch_##bytes(const char *from) {                                                      \
        touch_##half(from);                                                                                  \
        touch_##half(from + (half_bytes));                                                                   \
    }
#define LOADS_TOUCH_REGISTER(bytes)                                                                          \
    LOADS_INLINE void touch_##bytes(const char *from) {                                                      \
        intptr_t dropped = chase_##bytes(from);                                                              \
        TSP_KEEP(dropped);                                                                                   \
    }

LOADS_TOUCH_REGISTER(2)
LOADS_TOUCH_REGISTER(4)
#if defined(LOADS_HAVE_8)
LOADS_TOUCH_REGISTER(8)
#elif !defined(LOADS_HAVE_16)
LOADS_CHASE_PAIR(8, 4, 4)
LOADS_TOUCH_PAIR(8, 4, 4)
#endif
#ifndef LOADS_HAVE_16
LOADS_CHASE_PAIR(16, 8, 8)
LOADS_TOUCH_PAIR(16, 8, 8)
#endif
LOADS_CHASE_PAIR(32, 16, 16)
LOADS_TOUCH_PAIR(32, 16, 16)
LOADS_CHASE_PAIR(64, 32, 32)
LOADS_TOUCH_PAIR(64, 32, 32)
#if defined(TSP_ISA_X86_64)
LOADS_CHASE_PAIR(ymm_pair, ymm, 32)
LOADS_TOUCH_PAIR(ymm_pair, ymm, 32)
#endif

#endif
