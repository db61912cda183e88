/* Which processor this is, from what kernels of six ISAs write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "machine/cpu.h"
#include "machine/files.h"

static struct tsp_machine parse(const char *arch, const char *cpuinfo) {
    struct tsp_machine machine;
    memset(&machine, 0xaa, sizeof machine); /* what was there before must not show */
    tsp_cpu_parse(&machine, arch, cpuinfo);
    return machine;
}

static void x86_is_named_by_family_model_and_stepping(void **state) {
    (void)state;
    assert_string_equal(tsp_cpu_x86_name("GenuineIntel", 6, 0x8f, 8), "Sapphire Rapids");
    assert_string_equal(tsp_cpu_x86_name("GenuineIntel", 6, 0x55, 4), "Skylake-SP");
    assert_string_equal(tsp_cpu_x86_name("GenuineIntel", 6, 0x55, 7), "Cascade Lake");
    assert_string_equal(tsp_cpu_x86_name("GenuineIntel", 6, 0x55, 11), "Cooper Lake");
    assert_string_equal(tsp_cpu_x86_name("AuthenticAMD", 0x17, 0x31, 0), "Zen 2");
    assert_string_equal(tsp_cpu_x86_name("AuthenticAMD", 0x17, 0x08, 2), "Zen+");
    assert_string_equal(tsp_cpu_x86_name("AuthenticAMD", 0x19, 0x11, 1), "Zen 4");
    assert_string_equal(tsp_cpu_x86_name("AuthenticAMD", 0x1a, 0x02, 1), "Zen 5");
    assert_string_equal(tsp_cpu_x86_name("AuthenticAMD", 6, 0x8f, 8), "");
    assert_string_equal(tsp_cpu_x86_name("", 0, 0, 0), "");
}

static void x86_cpuinfo(void **state) {
    (void)state;
    struct tsp_machine machine =
        parse("x86_64", "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 1\n"
                        "model name\t: AMD EPYC 7763  64-Core   Processor\nstepping\t: 1\n"
                        "flags\t\t: fpu vme sse2 avx2\n\nprocessor\t: 1\nvendor_id\t: Other\n");
    assert_string_equal(machine.cpu_vendor, "AuthenticAMD");
    assert_string_equal(machine.cpu_model, "AMD EPYC 7763 64-Core Processor");
    assert_string_equal(machine.cpu_microarchitecture, "Zen 3");
    assert_string_equal(machine.features, "fpu vme sse2 avx2");
}

static void a_model_that_its_features_contradict_is_not_believed(void **state) {
    (void)state;
    const char *form =
        "vendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: %u\nstepping\t: 1\nflags\t\t: fpu %s\n";
    char text[256];
    (void)snprintf(text, sizeof text, form, 167U, "avx2");
    assert_string_equal(parse("x86_64", text).cpu_microarchitecture, "Rocket Lake");
    (void)snprintf(text, sizeof text, form, 167U, "avx2 amx_tile");
    assert_string_equal(parse("x86_64", text).cpu_microarchitecture, "");
    (void)snprintf(text, sizeof text, form, 143U, "avx2 amx_tile");
    assert_string_equal(parse("x86_64", text).cpu_microarchitecture, "Sapphire Rapids");
}

static void arm_names_each_kind_of_core_once(void **state) {
    (void)state;
    const char *block =
        "processor\t: %u\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd atomics\nCPU implementer\t: 0x41\n"
        "CPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0x%x\nCPU revision\t: 1\n\n";
    static const unsigned parts[] = {0xd0b, 0xc07, 0xd0b, 0xd0b, 0xfff};
    char text[2048];
    size_t used = 0;
    for (unsigned i = 0; i < 5; ++i) {
        used += (size_t)snprintf(text + used, sizeof text - used, block, i, parts[i]);
    }
    struct tsp_machine machine = parse("arm64", text);
    /* Cortex-A7 is its own, though "Cortex-A76" begins with it. */
    assert_string_equal(machine.cpu_microarchitecture, "Cortex-A76, Cortex-A7, 0x41/0xfff");
    assert_string_equal(machine.cpu_vendor, "Arm");
    assert_string_equal(machine.features, "fp asimd atomics");
    const char *maker = NULL;
    assert_string_equal(tsp_cpu_arm_name(0x46, 0x001, &maker), "A64FX");
    assert_string_equal(maker, "Fujitsu");
    assert_string_equal(tsp_cpu_arm_name(0x41, 0xd4f, NULL), "Neoverse-V2");
    assert_string_equal(tsp_cpu_arm_name(0x99, 0x001, &maker), "");
    assert_string_equal(maker, "");
}

static void riscv_ppc_and_z(void **state) {
    (void)state;
    struct tsp_machine riscv =
        parse("riscv64", "processor\t: 0\nhart\t\t: 1\nisa\t\t: rv64imafdc_zicsr\nmmu\t\t: sv39\n"
                         "uarch\t\t: sifive,u74-mc\nmvendorid\t: 0x489\nmarchid\t\t: 0x8000000000000007\n");
    assert_string_equal(riscv.cpu_vendor, "SiFive");
    assert_string_equal(riscv.cpu_model, "sifive,u74-mc");
    assert_string_equal(riscv.features, "rv64imafdc_zicsr");

    struct tsp_machine ppc = parse(
        "ppc64el", "processor\t: 0\ncpu\t\t: POWER9 (architected), altivec supported\nclock\t\t: 3800MHz\n");
    assert_string_equal(ppc.cpu_vendor, "IBM");
    assert_string_equal(ppc.cpu_microarchitecture, "POWER9");
    assert_string_equal(ppc.cpu_model, "POWER9 (architected), altivec supported");
    char features[64];
    tsp_cpu_ppc_features(0x10000080UL, 0x00900000UL, features, sizeof features);
    assert_string_equal(features, "altivec vsx arch_3_00 scv");

    struct tsp_machine z =
        parse("s390x", "vendor_id       : IBM/S390\n# processors    : 1\nfeatures\t: esan3 zarch vx\n"
                       "processor 0: version = 00,  identification = 1A2B3C,  machine = 3931\n");
    assert_string_equal(z.cpu_vendor, "IBM/S390");
    assert_string_equal(z.cpu_microarchitecture, "z16");
    assert_string_equal(z.cpu_model, "IBM Z type 3931"); /* and no serial number */
}

static void texts_are_made_printable(void **state) {
    (void)state;
    char text[32];
    assert_string_equal(tsp_text_clean(text, sizeof text, " \t a\x01\n b\xffz \n", 16), "a b?z");
    assert_string_equal(tsp_text_clean(text, 4, "abcdef", 6), "abc");
    assert_string_equal(tsp_text_clean(text, 1, "abc", 3), "");
    assert_string_equal(tsp_text_clean(text, sizeof text, "abc", 2), "ab");
    struct tsp_machine machine = parse("x86_64", "model name\t: \x1b[31mred\x07 \xc3\xa9\n");
    assert_string_equal(machine.cpu_model, "[31mred ??");
}

static void fields_are_whole_keys(void **state) {
    (void)state;
    char value[16];
    assert_non_null(tsp_text_field("model name : x\nmodel : 7\n", "model", value, sizeof value));
    assert_string_equal(value, "7");
    assert_null(tsp_text_field("models : 7\n", "model", value, sizeof value));
    assert_string_equal(value, "");
    assert_non_null(tsp_text_field("model:", "model", value, sizeof value));
    assert_string_equal(value, "");
    assert_true(tsp_text_has_word("a bc d", "bc"));
    assert_false(tsp_text_has_word("a bcd", "bc"));
    assert_false(tsp_text_has_word("abc", "bc"));
    assert_false(tsp_text_has_word("", ""));
}

/* SplitMix64 (Steele et al. 2014): the same damage at every run. */
static unsigned draw(uint64_t *random, unsigned below) {
    uint64_t z = *random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (unsigned)((z ^ (z >> 31)) % below);
}

/* Damage of every kind: nothing may be read or written out of bounds (the sanitizers watch), and what is left must be printable. */
static void garbage_is_survived(void **state) {
    (void)state;
    static const char *const archs[] = {"x86_64", "arm64", "armhf", "riscv64", "ppc64el", "s390x", "other"};
    static const char *const keys[] = {
        "model name", "flags", "CPU implementer", "CPU part", ":", "\n", "machine = ", "cpu", "isa", "\t"};
    uint64_t random = 7;
    for (int round = 0; round < 2000; ++round) {
        char text[600];
        size_t used = 0;
        while (used < sizeof text - 32) {
            if (draw(&random, 3) == 0) {
                text[used++] = (char)(1 + draw(&random, 255));
            } else {
                used += (size_t)snprintf(text + used, 32, "%s",
                                         keys[draw(&random, sizeof keys / sizeof keys[0])]);
            }
        }
        text[used] = '\0';
        struct tsp_machine machine = parse(archs[(unsigned)round % 7], text);
        for (const char *at = machine.cpu_model; *at != '\0'; ++at) {
            assert_in_range(*at, ' ', '~');
        }
        assert_true(strlen(machine.features) < sizeof machine.features);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(x86_is_named_by_family_model_and_stepping),
        cmocka_unit_test(x86_cpuinfo),
        cmocka_unit_test(a_model_that_its_features_contradict_is_not_believed),
        cmocka_unit_test(arm_names_each_kind_of_core_once),
        cmocka_unit_test(riscv_ppc_and_z),
        cmocka_unit_test(texts_are_made_printable),
        cmocka_unit_test(fields_are_whole_keys),
        cmocka_unit_test(garbage_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
