/*
 * One load or store of each width at any address, by the instruction itself: a compiler that thinks misaligned accesses slow takes them
 * apart.
 *
 *   touch_<id>(from)          loads, and drops what it loaded
 *   chase_<id>(from)          loads; returns the signed number in the first bytes, as many as fit a register, once all bytes have come
 *                             (those of further pieces count in by `or`: 0, or the same number again)
 *   put_<id>(to, number)      stores the number's low bytes, in each piece anew
 *
 * <id> is 2, 4, 8, 16, 32, 64 bytes; on x86_64 also ymm, zmm and ymm_pair. Widths over the widest access that the ISA's baseline has,
 * ACCESS_LARGEST bytes, are made of several: pieces. ACCESS_LOADS and ACCESS_STORES name the instructions.
 */
#ifndef KERNELS_ALIGN_ACCESSES_H
#define KERNELS_ALIGN_ACCESSES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <transept/kernel.h>

/* 256 copies of them would otherwise tempt the compiler to make calls. */
#define ACCESS_INLINE static inline __attribute__((always_inline))

/* In the texts %[at] is the place: a memory operand, addressed as the compiler likes, or, where the instructions have no such form, a
 * register with the address. %[n] is the number, in a register. */
#if defined(TSP_ISA_PPC64EL) || defined(TSP_ISA_ARMHF)
#define ACCESS_FROM(place) [at] "r"(place)
#define ACCESS_PUT(text, place, number, ...)                                                                 \
    __asm__ volatile(text : : ACCESS_FROM(place), [n] "r"(number) : "memory", ##__VA_ARGS__)
#else
#define ACCESS_FROM(place) [at] "m"(*(const char(*)[64])(place))
#define ACCESS_PUT(text, place, number, ...)                                                                 \
    __asm__ volatile(text : [at] "+m"(*(char(*)[64])(place)) : [n] "r"(number) : "memory", ##__VA_ARGS__)
#endif

/* `chase` writes %[n] before the place was read for the last time: armhf's pieces. */
#define ACCESS_CHASE(id, text, ...)                                                                          \
    ACCESS_INLINE intptr_t chase_##id(const char *from) {                                                    \
        intptr_t number;                                                                                     \
        __asm__ volatile(text : [n] "=&r"(number) : ACCESS_FROM(from) : __VA_ARGS__);                        \
        return number;                                                                                       \
    }
#define ACCESS_STORE(id, text, ...)                                                                          \
    ACCESS_INLINE void put_##id(char *to, intptr_t number) {                                                 \
        ACCESS_PUT(text, to, number, ##__VA_ARGS__);                                                         \
    }

/* An access by a general register, and one by another register, which is `lost`. */
#define ACCESS_SCALAR(id, load, store)                                                                       \
    ACCESS_CHASE(id, load, )                                                                                 \
    ACCESS_STORE(id, store)                                                                                  \
    ACCESS_INLINE void touch_##id(const char *from) {                                                        \
        intptr_t dropped = chase_##id(from);                                                                 \
        TSP_KEEP(dropped);                                                                                   \
    }
#define ACCESS_WIDE(id, lost, load, load_and_move, store)                                                    \
    ACCESS_CHASE(id, load_and_move, lost)                                                                    \
    ACCESS_STORE(id, store, lost)                                                                            \
    ACCESS_INLINE void touch_##id(const char *from) {                                                        \
        __asm__ volatile(load : : ACCESS_FROM(from) : lost);                                                 \
    }

/* Two halves. */
#define ACCESS_PAIR(id, half, half_bytes)                                                                    \
    ACCESS_INLINE intptr_t chase_##id(const char *from) {                                                    \
        intptr_t first = chase_##half(from);                                                                 \
        return first | chase_##half(from + (half_bytes));                                                    \
    }                                                                                                        \
    ACCESS_INLINE void put_##id(char *to, intptr_t number) {                                                 \
        put_##half(to, number);                                                                              \
        put_##half(to + (half_bytes), number);                                                               \
    }                                                                                                        \
    ACCESS_INLINE void touch_##id(const char *from) {                                                        \
        touch_##half(from);                                                                                  \
        touch_##half(from + (half_bytes));                                                                   \
    }

#if defined(TSP_ISA_X86_64)
#define ACCESS_LARGEST 16
#define ACCESS_LOADS   "mov; over 8 bytes movdqu"
#define ACCESS_STORES  "mov; over 8 bytes movdqu"
ACCESS_SCALAR(2, "movswq %[at], %[n]", "movw %w[n], %[at]")
ACCESS_SCALAR(4, "movslq %[at], %[n]", "movl %k[n], %[at]")
ACCESS_SCALAR(8, "movq %[at], %[n]", "movq %[n], %[at]")
ACCESS_WIDE(16, "xmm0", "movdqu %[at], %%xmm0", "movdqu %[at], %%xmm0\n\tmovq %%xmm0, %[n]",
            "movq %[n], %%xmm0\n\tmovdqu %%xmm0, %[at]")
/* Wider than the baseline: for variants of their own. */
ACCESS_WIDE(ymm, "xmm0", "vmovdqu %[at], %%ymm0", "vmovdqu %[at], %%ymm0\n\tvmovq %%xmm0, %[n]",
            "vmovq %[n], %%xmm0\n\tvmovdqu %%ymm0, %[at]")
ACCESS_WIDE(zmm, "xmm0", "vmovdqu64 %[at], %%zmm0", "vmovdqu64 %[at], %%zmm0\n\tvmovq %%xmm0, %[n]",
            "vmovq %[n], %%xmm0\n\tvmovdqu64 %%zmm0, %[at]")
ACCESS_PAIR(ymm_pair, ymm, 32)
#elif defined(TSP_ISA_ARM64)
#define ACCESS_LARGEST 16
#define ACCESS_LOADS   "ldrsh, ldrsw, ldr; over 8 bytes ldr q"
#define ACCESS_STORES  "strh, str; over 8 bytes str q"
ACCESS_SCALAR(2, "ldrsh %[n], %[at]", "strh %w[n], %[at]")
ACCESS_SCALAR(4, "ldrsw %[n], %[at]", "str %w[n], %[at]")
ACCESS_SCALAR(8, "ldr %[n], %[at]", "str %[n], %[at]")
ACCESS_WIDE(16, "v0", "ldr q0, %[at]", "ldr q0, %[at]\n\tfmov %[n], d0", "fmov d0, %[n]\n\tstr q0, %[at]")
#elif defined(TSP_ISA_RISCV64)
#define ACCESS_LARGEST 8
#define ACCESS_LOADS   "lh, lw, ld; over 8 bytes several ld"
#define ACCESS_STORES  "sh, sw, sd; over 8 bytes several sd"
ACCESS_SCALAR(2, "lh %[n], %[at]", "sh %[n], %[at]")
ACCESS_SCALAR(4, "lw %[n], %[at]", "sw %[n], %[at]")
ACCESS_SCALAR(8, "ld %[n], %[at]", "sd %[n], %[at]")
#elif defined(TSP_ISA_PPC64EL) /* indexed forms: those with a displacement want it to be a multiple of 4 */
#define ACCESS_LARGEST 16
#define ACCESS_LOADS   "lhax, lwax, ldx; over 8 bytes lxvd2x"
#define ACCESS_STORES  "sthx, stwx, stdx; over 8 bytes stxvd2x"
ACCESS_SCALAR(2, "lhax %[n], 0, %[at]", "sthx %[n], 0, %[at]")
ACCESS_SCALAR(4, "lwax %[n], 0, %[at]", "stwx %[n], 0, %[at]")
ACCESS_SCALAR(8, "ldx %[n], 0, %[at]", "stdx %[n], 0, %[at]")
/* mtvsrd leaves the other half undefined. */
ACCESS_WIDE(16, "fr0", "lxvd2x 0, 0, %[at]", "lxvd2x 0, 0, %[at]\n\tmfvsrd %[n], 0",
            "mtvsrd 0, %[n]\n\txxpermdi 0, 0, 0, 0\n\tstxvd2x 0, 0, %[at]")
#elif defined(TSP_ISA_S390X)
#define ACCESS_LARGEST 8
#define ACCESS_LOADS   "lgh, lgf, lg; over 8 bytes several lg"
#define ACCESS_STORES  "sthy, sty, stg; over 8 bytes several stg"
ACCESS_SCALAR(2, "lgh %[n], %[at]", "sthy %[n], %[at]")
ACCESS_SCALAR(4, "lgf %[n], %[at]", "sty %[n], %[at]")
ACCESS_SCALAR(8, "lg %[n], %[at]", "stg %[n], %[at]")
#elif defined(TSP_ISA_ARMHF)
#define ACCESS_LARGEST 4
#define ACCESS_LOADS   "ldrsh, ldr; over 4 bytes several ldr"
#define ACCESS_STORES  "strh, str; over 4 bytes several str"
ACCESS_SCALAR(2, "ldrsh %[n], [%[at]]", "strh %[n], [%[at]]")
ACCESS_SCALAR(4, "ldr %[n], [%[at]]", "str %[n], [%[at]]")
/* Fixed distances in the text: else a register would be kept for the address of each piece, more than there are. */
#define ACCESS_AND(d)  "\n\tldr r12, [%[at], #" #d "]\n\torr %[n], %[n], r12"
#define ACCESS_DROP(d) "ldr r12, [%[at], #" #d "]\n\t"
#define ACCESS_SAME(d) "str %[n], [%[at], #" #d "]\n\t"
ACCESS_WIDE(8, "r12", ACCESS_DROP(0) ACCESS_DROP(4), "ldr %[n], [%[at]]" ACCESS_AND(4),
            ACCESS_SAME(0) ACCESS_SAME(4))
ACCESS_WIDE(16, "r12", ACCESS_DROP(0) ACCESS_DROP(4) ACCESS_DROP(8) ACCESS_DROP(12),
            "ldr %[n], [%[at]]" ACCESS_AND(4) ACCESS_AND(8) ACCESS_AND(12),
            ACCESS_SAME(0) ACCESS_SAME(4) ACCESS_SAME(8) ACCESS_SAME(12))
#else
/* What the compiler makes of a copy, which may be several accesses. */
#define ACCESS_LARGEST ((int)sizeof(void *))
#define ACCESS_LOADS   "generic C11"
#define ACCESS_STORES  "generic C11"
#define ACCESS_COPY(bytes, type)                                                                             \
    ACCESS_INLINE intptr_t chase_##bytes(const char *from) {                                                 \
        type loaded;                                                                                         \
        TSP_CLOBBER();                                                                                       \
        memcpy(&loaded, from, sizeof loaded);                                                                \
        return (intptr_t)loaded;                                                                             \
    }                                                                                                        \
    ACCESS_INLINE void touch_##bytes(const char *from) {                                                     \
        intptr_t dropped = chase_##bytes(from);                                                              \
        TSP_KEEP(dropped);                                                                                   \
    }                                                                                                        \
    ACCESS_INLINE void put_##bytes(char *to, intptr_t number) {                                              \
        type stored = (type)number;                                                                          \
        memcpy(to, &stored, sizeof stored);                                                                  \
        TSP_CLOBBER();                                                                                       \
    }
ACCESS_COPY(2, int16_t)
ACCESS_COPY(4, int32_t)
#if __SIZEOF_POINTER__ == 8
ACCESS_COPY(8, int64_t)
#else
ACCESS_PAIR(8, 4, 4)
#endif
#endif

#if !defined(TSP_ISA_X86_64) && !defined(TSP_ISA_ARM64) && !defined(TSP_ISA_PPC64EL) &&                      \
    !defined(TSP_ISA_ARMHF)
ACCESS_PAIR(16, 8, 8)
#endif
ACCESS_PAIR(32, 16, 16)
ACCESS_PAIR(64, 32, 32)

/* Where vectors of AVX were in use: code without them is slowed down else. */
#define ACCESS_LEAVE_AVX __asm__ volatile("vzeroupper")

/** The number in the first bytes at `from`, at most a register's, as chase_<width> would load it there (one piece of it). */
static inline intptr_t access_number(const char *from, size_t width) {
    int16_t narrow;
    int32_t middle;
    intptr_t wide;
    if (width == sizeof narrow) {
        memcpy(&narrow, from, sizeof narrow);
        return narrow;
    }
    if (width == sizeof middle) {
        memcpy(&middle, from, sizeof middle);
        return (intptr_t)middle;
    }
    memcpy(&wide, from, sizeof wide);
    return wide;
}

/** Writes `number` at `to` as put_<width> would (one piece of it). */
static inline void access_write(char *to, intptr_t number, size_t width) {
    int16_t narrow = (int16_t)number;
    int32_t middle = (int32_t)number;
    if (width == sizeof narrow) {
        memcpy(to, &narrow, sizeof narrow);
    } else if (width == sizeof middle) {
        memcpy(to, &middle, sizeof middle);
    } else {
        memcpy(to, &number, sizeof number);
    }
}

#endif
