/*
 * Vectors for kernels of any family: what each ISA has of 16, 32 and 64 bytes, in its baseline or not. For a width w that it has
 *
 *   VECTOR_<w>         is defined
 *   vector_<w>         is a type of that many bytes, of 64-bit lanes, for memory that is aligned to as many
 *   VECTOR_<w>_TARGET  is the attribute without which a function may not use it; the case's `needs` say that the CPU has it
 *   VECTOR_<w>_HIDE(v) is TSP_HIDE() of one
 *
 * VECTOR_16_LOAD(at) is one load; on ppc64el by asm: gcc 12 makes it one that exchanges the halves, exchanges them again, and takes
 * the vector through the stack.
 * VECTOR_16_STORE(at, v) is one store of all 16 bytes, and never half of a pair: volatile, but on armhf, where gcc takes those apart.
 * The place is aligned to 16 bytes.
 *
 * VECTOR_ON_NEON(function) is TSP_ON_ARM64() and TSP_ON_ARMHF() in one.
 *
 * gcc 12 has no vectors for riscv64, but its assembler knows them: kernels write asm, with VECTOR_RVV(lines) around it. They name registers, for
 * the compiler uses none of those, and take as many bytes at a time as the CPU says.
 */
#ifndef KERNELS_VECTORS_H
#define KERNELS_VECTORS_H

#include <transept/kernel.h>

#define VECTOR_TYPE(bytes) uint64_t vector_##bytes __attribute__((vector_size(bytes)))

#if defined(TSP_ISA_X86_64)
#define VECTOR_16
#define VECTOR_16_TARGET       __attribute__((target("sse2")))
#define VECTOR_16_HIDE(vector) __asm__ volatile("" : "+x"(vector))
#define VECTOR_32_TARGET       __attribute__((target("avx2")))
#define VECTOR_32_HIDE(vector) __asm__ volatile("" : "+x"(vector))
#define VECTOR_64_TARGET       __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define VECTOR_64_HIDE(vector) __asm__ volatile("" : "+v"(vector))
#define VECTOR_32
#define VECTOR_64
#elif defined(TSP_ISA_ARM64)
#define VECTOR_16
#define VECTOR_16_TARGET
#define VECTOR_16_HIDE(vector) __asm__ volatile("" : "+w"(vector))
#elif defined(TSP_ISA_ARMHF)
#include <arm_neon.h>
#define VECTOR_16
#define VECTOR_16_TARGET       __attribute__((target("fpu=neon")))
#define VECTOR_16_HIDE(vector) __asm__ volatile("" : "+w"(vector))
#elif defined(TSP_ISA_PPC64EL)
#define VECTOR_16
#define VECTOR_16_TARGET
#define VECTOR_16_HIDE(vector) __asm__ volatile("" : "+v"(vector))
#elif defined(TSP_ISA_S390X)
#define VECTOR_16
#define VECTOR_16_TARGET       __attribute__((target("arch=z13")))
#define VECTOR_16_HIDE(vector) __asm__ volatile("" : "+v"(vector))
#endif

#define VECTOR_RVV(lines) ".option push\n\t.option arch, +v\n\t" lines "\n\t.option pop"

#ifdef VECTOR_16
typedef VECTOR_TYPE(16);
#ifdef TSP_ISA_PPC64EL
#define VECTOR_16_LOAD(at)                                                                                   \
    ({                                                                                                       \
        vector_16 loaded_;                                                                                   \
        __asm__("lvx %0, 0, %1" : "=v"(loaded_) : "r"(at), "m"(*(const vector_16 *)(const void *)(at)));     \
        loaded_;                                                                                             \
    })
#else
#define VECTOR_16_LOAD(at) (*(const vector_16 *)(const void *)(at))
#endif
#ifdef TSP_ISA_ARMHF
#define VECTOR_16_STORE(at, vector) vst1q_u64((uint64_t *)(void *)(at), (uint64x2_t)(vector))
#else
#define VECTOR_16_STORE(at, vector) *(volatile vector_16 *)(void *)(at) = (vector)
#endif
#endif
#ifdef VECTOR_32
typedef VECTOR_TYPE(32);
#endif
#ifdef VECTOR_64
typedef VECTOR_TYPE(64);
#endif

#if defined(TSP_ISA_ARM64) || defined(TSP_ISA_ARMHF)
#define VECTOR_ON_NEON(function) function
#else
#define VECTOR_ON_NEON(function) NULL
#endif

#endif
