/* The TSP_NEEDS_… bits: from the words that CPUs and kernels give, and into words for people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/auxv.h>

#include "isa/features.h"
#include "transept/isa.h"

#define AVX_BITS  (UINT64_C(0x3f) << 8) /* SSE2 … CLWB */
#define ISA_COUNT 6

/* Made-up CPUID words with the bits in question set; XCR0 with x87, SSE, AVX, AVX-512. */
static struct tsp_cpuid cpu_with_all(void) {
    return (struct tsp_cpuid){
        .leaf1_ecx = UINT32_C(0x18000000),
        .leaf1_edx = UINT32_C(0x04000000),
        .leaf7_ebx = UINT32_C(0xc1830020),
        .leaf7_edx = UINT32_C(0x00004000),
        .xcr0 = 0xe7,
    };
}

static void x86_64_bits_are_told_apart(void **state) {
    (void)state;
    struct tsp_cpuid cpu = cpu_with_all();
    assert_true(tsp_features_x86_64(&cpu) == AVX_BITS);
    cpu.leaf7_ebx = UINT32_C(1) << 23;
    assert_true(tsp_features_x86_64(&cpu) == (TSP_NEEDS_SSE2 | TSP_NEEDS_CLFLUSHOPT | TSP_NEEDS_SERIALIZE));
    cpu.leaf7_ebx = UINT32_C(1) << 24;
    assert_true(tsp_features_x86_64(&cpu) == (TSP_NEEDS_SSE2 | TSP_NEEDS_CLWB | TSP_NEEDS_SERIALIZE));
    cpu.leaf7_ebx = UINT32_C(1) << 5;
    assert_true(tsp_features_x86_64(&cpu) == (TSP_NEEDS_SSE2 | TSP_NEEDS_AVX2 | TSP_NEEDS_SERIALIZE));
    memset(&cpu, 0, sizeof cpu);
    assert_true(tsp_features_x86_64(&cpu) == 0);
    cpu.leaf7_ecx = UINT32_C(1) << 5;
    assert_true(tsp_features_x86_64(&cpu) == TSP_NEEDS_WAITPKG);
}

/* AVX-512 is four parts (F, DQ, BW, VL): three of them are not enough. */
static void avx512_needs_all_its_parts(void **state) {
    (void)state;
    const unsigned parts[] = {16, 17, 30, 31};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; ++i) {
        struct tsp_cpuid cpu = cpu_with_all();
        cpu.leaf7_ebx &= ~(UINT32_C(1) << parts[i]);
        assert_true(tsp_features_x86_64(&cpu) == (AVX_BITS & ~TSP_NEEDS_AVX512));
    }
}

/* The CPU has the instructions, but the kernel does not save their registers: they trap, or are corrupted. */
static void vectors_need_the_kernel_to_save_them(void **state) {
    (void)state;
    struct tsp_cpuid cpu = cpu_with_all();
    cpu.xcr0 = 0x07;
    assert_true(tsp_features_x86_64(&cpu) == (AVX_BITS & ~TSP_NEEDS_AVX512));
    cpu.xcr0 = 0x03;
    assert_true(tsp_features_x86_64(&cpu) == (AVX_BITS & ~(TSP_NEEDS_AVX512 | TSP_NEEDS_AVX2)));
    cpu = cpu_with_all();
    cpu.leaf1_ecx &= ~(UINT32_C(1) << 27); /* no OSXSAVE */
    assert_true(tsp_features_x86_64(&cpu) == (AVX_BITS & ~(TSP_NEEDS_AVX512 | TSP_NEEDS_AVX2)));
}

/* AT_HWCAP as seen on the machines named. */
static void hwcaps_are_decoded(void **state) {
    (void)state;
    /* Cortex-A72: fp asimd evtstrm aes pmull sha1 sha2 crc32 cpuid */
    assert_true(tsp_features_arm64(0x8ff) == TSP_NEEDS_NEON);
    /* a core with LSE and RCpc adds atomics fphp asimdhp asimdrdm lrcpc dcpop asimddp ssbs */
    assert_true(tsp_features_arm64(0x10119fff) == (TSP_NEEDS_NEON | TSP_NEEDS_LSE | TSP_NEEDS_RCPC));
    assert_true(tsp_features_arm64(UINT64_C(1) << 22) == TSP_NEEDS_SVE);
    /* Cortex-A7: half thumb fastmult vfp edsp neon vfpv3 tls vfpv4 idiva idivt vfpd32 lpae evtstrm; Tegra 2 has no NEON */
    assert_true(tsp_features_armhf(0x3fb0d6) == TSP_NEEDS_NEON);
    assert_true(tsp_features_armhf(0x3fb0d6 & ~0x1000) == 0);
    assert_true(tsp_features_ppc64el(0x80, 0) == TSP_NEEDS_VSX);
    assert_true(tsp_features_ppc64el(0x100000, 0x80) == 0);
    assert_true(tsp_features_ppc64el(0xdc0065c2, 0xeff00000) ==
                (TSP_NEEDS_VSX | TSP_NEEDS_SCV | TSP_NEEDS_POWER9)); /* POWER9 */
    assert_true(tsp_features_ppc64el(0, 0x65000000) == 0);           /* POWER8 */
    assert_true(tsp_features_s390x(2048) == TSP_NEEDS_VX);
    assert_true(tsp_features_s390x(0x7ff) == 0);
}

static void riscv64_bits_and_texts_are_decoded(void **state) {
    (void)state;
    assert_true(tsp_features_riscv64(0x3) == 0); /* F, D and C alone */
    assert_true(tsp_features_riscv64(0x7) == TSP_NEEDS_RVV);
    assert_true(tsp_features_riscv64(UINT64_C(1) << 34) == TSP_NEEDS_ZACAS);
    assert_true(tsp_features_riscv64(UINT64_C(1) << 36) == TSP_NEEDS_ZIHINTPAUSE);
    assert_true(tsp_features_riscv64(UINT64_C(1) << 55) == TSP_NEEDS_ZICBOM);
    assert_true(tsp_features_riscv64(UINT64_C(1) << 60) == TSP_NEEDS_ZICBOP);
    assert_true(tsp_features_riscv64_text("rv64imafdc\n") == 0);
    assert_true(tsp_features_riscv64_text("rv64imafdcv\n") == TSP_NEEDS_RVV);
    /* The v of a long name is not the letter V, zicbop_x is not zicbop, and cbo.flush needs the kernel's word (hwprobe). */
    assert_true(tsp_features_riscv64_text("rv64imafdc_zvbb_svpbmt_zicbopx_zicbom\n") == 0);
    assert_true(tsp_features_riscv64_text("rv64imafdczvbb") == 0);
    assert_true(tsp_features_riscv64_text("rv64imafdcv_zicbom_zicbop_zicsr_zihintpause_zacas\n") ==
                (TSP_NEEDS_RVV | TSP_NEEDS_ZICBOP | TSP_NEEDS_ZIHINTPAUSE | TSP_NEEDS_ZACAS));
    assert_true(tsp_features_riscv64_text("rv32imv_zicbop") == 0);
    assert_true(tsp_features_riscv64_text("") == 0);
}

static const struct {
    const char *name;
    uint64_t bit;
    uint64_t extensions; /* of this ISA; NEON is of two */
} isas[ISA_COUNT] = {
    {"x86_64", TSP_NEEDS_X86_64, AVX_BITS | TSP_NEEDS_WAITPKG},
    {"arm64", TSP_NEEDS_ARM64, TSP_NEEDS_LSE | TSP_NEEDS_RCPC | TSP_NEEDS_NEON | TSP_NEEDS_SVE},
    {"riscv64", TSP_NEEDS_RISCV64,
     TSP_NEEDS_RVV | TSP_NEEDS_ZIHINTPAUSE | TSP_NEEDS_ZICBOM | TSP_NEEDS_ZICBOP | TSP_NEEDS_ZACAS},
    {"ppc64el", TSP_NEEDS_PPC64EL, TSP_NEEDS_VSX | TSP_NEEDS_SCV | TSP_NEEDS_POWER9},
    {"s390x", TSP_NEEDS_S390X, TSP_NEEDS_VX},
    {"armhf", TSP_NEEDS_ARMHF, TSP_NEEDS_NEON},
};

/* This binary has its own ISA's bit and no other ISA's, extensions included; a vDSO as the kernel says; hardware is not for it to say. */
static void probe_reports_this_machine(void **state) {
    (void)state;
    const uint64_t here = tsp_features_probe();
    for (size_t i = 0; i < ISA_COUNT; ++i) {
        if (strcmp(isas[i].name, TSP_ISA_NAME) == 0) {
            const uint64_t allowed = isas[i].bit | isas[i].extensions | TSP_NEEDS_VDSO;
            assert_true((here & isas[i].bit) != 0);
            assert_true((here & ~allowed) == 0);
        }
    }
    assert_true(((here & TSP_NEEDS_VDSO) != 0) == (getauxval(AT_SYSINFO_EHDR) != 0));
    assert_true((here & (TSP_NEEDS_HARDWARE | TSP_NEEDS_REORDERING)) == 0);
#if defined(TSP_ISA_X86_64)
    __builtin_cpu_init();
    assert_true((here & TSP_NEEDS_SSE2) != 0);
    assert_true(((here & TSP_NEEDS_AVX2) != 0) == (__builtin_cpu_supports("avx2") != 0));
    assert_true(((here & TSP_NEEDS_AVX512) != 0) ==
                (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                 __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")));
#elif defined(TSP_ISA_ARM64)
    assert_true((here & TSP_NEEDS_NEON) != 0);
#elif defined(TSP_ISA_PPC64EL)
    assert_true((here & TSP_NEEDS_VSX) != 0);
#endif
}

static void every_bit_has_a_name_of_its_own(void **state) {
    (void)state;
    uint64_t known = AVX_BITS | TSP_NEEDS_VDSO | TSP_NEEDS_HARDWARE | TSP_NEEDS_REORDERING, named = 0;
    for (size_t i = 0; i < ISA_COUNT; ++i) {
        known |= isas[i].bit | isas[i].extensions;
    }
    for (unsigned i = 0; i < 64; ++i) {
        const uint64_t bit = UINT64_C(1) << i;
        const char *name = tsp_feature_name(bit);
        if (name == NULL) {
            continue;
        }
        named |= bit;
        for (unsigned k = 0; k < i; ++k) {
            const char *other = tsp_feature_name(UINT64_C(1) << k);
            assert_true(other == NULL || strcmp(name, other) != 0);
        }
    }
    assert_true(named == known);
    assert_string_equal(tsp_feature_name(TSP_NEEDS_AVX2), "avx2");
    assert_null(tsp_feature_name(0));
    assert_null(tsp_feature_name(TSP_NEEDS_AVX2 | TSP_NEEDS_SSE2));
}

static void what_is_missing_is_said_in_one_line(void **state) {
    (void)state;
    char text[512];
    assert_string_equal(tsp_features_explain(0, text, sizeof text), "");
    assert_string_equal(tsp_features_explain(TSP_NEEDS_HARDWARE, text, sizeof text),
                        "needs real hardware: this is an emulator");
    assert_string_equal(tsp_features_explain(TSP_NEEDS_REORDERING, text, sizeof text),
                        "needs reordering beyond store-load: the emulator's host has none");
#ifdef TSP_ISA_X86_64
    const char *avx2 = "needs AVX2: this CPU has none",
               *lse = "needs LSE atomics, which exists only on arm64";
#elif defined(TSP_ISA_ARM64)
    const char *avx2 = "needs AVX2, which exists only on x86_64",
               *lse = "needs LSE atomics: this CPU has none";
#else
    const char *avx2 = "needs AVX2, which exists only on x86_64",
               *lse = "needs LSE atomics, which exists only on arm64";
#endif
    assert_string_equal(tsp_features_explain(TSP_NEEDS_AVX2, text, sizeof text), avx2);
    assert_string_equal(tsp_features_explain(TSP_NEEDS_LSE, text, sizeof text), lse);

    /* All of them, each once, and an ISA speaks for its extensions. */
    tsp_features_explain(TSP_NEEDS_AVX2 | TSP_NEEDS_LSE | TSP_NEEDS_VDSO, text, sizeof text);
    assert_non_null(strstr(text, avx2));
    assert_non_null(strstr(text, lse));
    assert_non_null(strstr(text, "; needs a vDSO: there is none here (emulators have none)"));
    tsp_features_explain(TSP_NEEDS_S390X | TSP_NEEDS_VX, text, sizeof text);
    assert_memory_equal(text, "needs s390x: this is ", 21);
    assert_null(strstr(text, "vector"));
    assert_string_equal(tsp_features_explain(UINT64_C(1) << 63, text, sizeof text),
                        "needs something unknown to this version (bits 0x8000000000000000)");
}

static void a_short_buffer_cuts_the_line(void **state) {
    (void)state;
    char text[12] = "###########", nothing = '#';
    assert_string_equal(tsp_features_explain(TSP_NEEDS_HARDWARE | TSP_NEEDS_VDSO, text, 8), "needs a");
    assert_memory_equal(text + 8, "###", 3);
    assert_ptr_equal(tsp_features_explain(TSP_NEEDS_VDSO, &nothing, 0), &nothing);
    assert_int_equal(nothing, '#');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(x86_64_bits_are_told_apart),
        cmocka_unit_test(avx512_needs_all_its_parts),
        cmocka_unit_test(vectors_need_the_kernel_to_save_them),
        cmocka_unit_test(hwcaps_are_decoded),
        cmocka_unit_test(riscv64_bits_and_texts_are_decoded),
        cmocka_unit_test(probe_reports_this_machine),
        cmocka_unit_test(every_bit_has_a_name_of_its_own),
        cmocka_unit_test(what_is_missing_is_said_in_one_line),
        cmocka_unit_test(a_short_buffer_cuts_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
