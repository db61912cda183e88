/*
 * What CPU and kernel say of themselves, turned into TSP_NEEDS_… bits: pure functions, compiled on every ISA, so that each is
 * tested on every ISA with words written down from others. features.c reads the words.
 */
#ifndef TRANSEPT_FEATURES_H
#define TRANSEPT_FEATURES_H

#include <stdint.h>

/** The words of CPUID that matter, and XCR0: the register states that the kernel saves (0 without OSXSAVE). */
struct tsp_cpuid {
    uint32_t leaf1_ecx;
    uint32_t leaf1_edx;
    uint32_t leaf7_ebx; /* sub-leaf 0; 0 where the CPU has no leaf 7 */
    uint32_t leaf7_ecx;
    uint32_t leaf7_edx;
    uint64_t xcr0;
};

/** Bits of an x86_64 CPU (Intel SDM volume 2, CPUID; volume 1, 14.3 and 15.2 for the test of AVX and AVX-512). */
uint64_t tsp_features_x86_64(const struct tsp_cpuid *cpuid);

/** Bits of AT_HWCAP and AT_HWCAP2 (Linux, arch/<isa>/include/uapi/asm/hwcap.h or cputable.h, elf.h on s390x). */
uint64_t tsp_features_arm64(uint64_t hwcap);
uint64_t tsp_features_armhf(uint64_t hwcap);
uint64_t tsp_features_ppc64el(uint64_t hwcap, uint64_t hwcap2);
uint64_t tsp_features_s390x(uint64_t hwcap);

/** Bits of riscv_hwprobe's key IMA_EXT_0 (Linux, arch/riscv/include/uapi/asm/hwprobe.h). */
uint64_t tsp_features_riscv64(uint64_t ima_ext_0);

/** The same from an ISA string ("rv64imafdcv_zicbop_zihintpause"), for kernels before 6.4. Never TSP_NEEDS_ZICBOM: the string says
 *  what the CPU has, and before hwprobe names Zicbom the kernel lets no user mode execute cbo.flush. */
uint64_t tsp_features_riscv64_text(const char *isa);

#endif
