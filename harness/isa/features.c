/* What this machine has of the TSP_NEEDS_… bits, and how to say what it lacks. */
#include "isa/features.h"

#include <elf.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

#include "transept/isa.h"

#ifdef TSP_ISA_X86_64
#define ISA_OWN TSP_NEEDS_X86_64
#include <cpuid.h>

/* XCR0. Only with OSXSAVE, or it faults. */
static uint64_t xcr0_read(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

static uint64_t cpu_probe(void) {
    struct tsp_cpuid cpuid = {0};
    unsigned eax, ebx, ecx, edx;
    if (__get_cpuid(1, &eax, &ebx, &ecx, &edx)) {
        cpuid.leaf1_ecx = ecx;
        cpuid.leaf1_edx = edx;
        if (ecx & bit_OSXSAVE) {
            cpuid.xcr0 = xcr0_read();
        }
    }
    if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) {
        cpuid.leaf7_ebx = ebx;
        cpuid.leaf7_ecx = ecx;
        cpuid.leaf7_edx = edx;
    }
    return tsp_features_x86_64(&cpuid);
}

#elif defined(TSP_ISA_ARM64)
#define ISA_OWN TSP_NEEDS_ARM64
static uint64_t cpu_probe(void) {
    return tsp_features_arm64(getauxval(AT_HWCAP));
}

#elif defined(TSP_ISA_ARMHF)
#define ISA_OWN TSP_NEEDS_ARMHF
static uint64_t cpu_probe(void) {
    return tsp_features_armhf(getauxval(AT_HWCAP));
}

#elif defined(TSP_ISA_PPC64EL)
#define ISA_OWN TSP_NEEDS_PPC64EL
static uint64_t cpu_probe(void) {
    return tsp_features_ppc64el(getauxval(AT_HWCAP), getauxval(AT_HWCAP2));
}

#elif defined(TSP_ISA_S390X)
#define ISA_OWN TSP_NEEDS_S390X
static uint64_t cpu_probe(void) {
    return tsp_features_s390x(getauxval(AT_HWCAP));
}

#elif defined(TSP_ISA_RISCV64)
#define ISA_OWN            TSP_NEEDS_RISCV64
/* Numbers of Linux 6.4 and later, for older headers lack them. */
#define RISCV_HWPROBE_CALL 258
#define RISCV_HWPROBE_KEY  4 /* RISCV_HWPROBE_KEY_IMA_EXT_0 */

/* The "isa" line of /proc/cpuinfo. Under user-mode emulation the file may be the host's, which has none: no bits then. */
static uint64_t cpuinfo_probe(void) {
    uint64_t features = 0;
    char line[4096];
    FILE *file = fopen("/proc/cpuinfo", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        const char *value = strchr(line, ':');
        if (strncmp(line, "isa", 3) == 0 && value != NULL) {
            features = tsp_features_riscv64_text(value + 1 + strspn(value + 1, " \t"));
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return features;
}

static uint64_t cpu_probe(void) {
    struct {
        int64_t key;
        uint64_t value;
    } pair = {.key = RISCV_HWPROBE_KEY};
    if (tsp_syscall5(RISCV_HWPROBE_CALL, (long)&pair, 1, 0, 0, 0) == 0 && pair.key == RISCV_HWPROBE_KEY) {
        return tsp_features_riscv64(pair.value);
    }
    const uint64_t vector = (getauxval(AT_HWCAP) >> ('V' - 'A') & 1) != 0 ? TSP_NEEDS_RVV : 0;
    return vector | cpuinfo_probe();
}

#else
#define ISA_OWN UINT64_C(0)
static uint64_t cpu_probe(void) {
    return 0;
}
#endif

uint64_t tsp_features_probe(void) {
    const uint64_t vdso = getauxval(AT_SYSINFO_EHDR) != 0 ? TSP_NEEDS_VDSO : 0;
    return ISA_OWN | cpu_probe() | vdso;
}

/* Every bit: its name in lists, its name in a sentence, and the ISAs that can have it (0: not a matter of the ISA). */
struct feature {
    uint64_t bit;
    const char *name;
    const char *title;
    uint64_t isas;
};

static const struct feature features[] = {
    {TSP_NEEDS_X86_64, "x86_64", "x86_64", TSP_NEEDS_X86_64},
    {TSP_NEEDS_ARM64, "arm64", "arm64", TSP_NEEDS_ARM64},
    {TSP_NEEDS_RISCV64, "riscv64", "riscv64", TSP_NEEDS_RISCV64},
    {TSP_NEEDS_PPC64EL, "ppc64el", "ppc64el", TSP_NEEDS_PPC64EL},
    {TSP_NEEDS_S390X, "s390x", "s390x", TSP_NEEDS_S390X},
    {TSP_NEEDS_ARMHF, "armhf", "armhf", TSP_NEEDS_ARMHF},
    {TSP_NEEDS_SSE2, "sse2", "SSE2", TSP_NEEDS_X86_64},
    {TSP_NEEDS_AVX2, "avx2", "AVX2", TSP_NEEDS_X86_64},
    {TSP_NEEDS_AVX512, "avx512", "AVX-512 (F, BW, DQ, VL)", TSP_NEEDS_X86_64},
    {TSP_NEEDS_SERIALIZE, "serialize", "the serialize instruction", TSP_NEEDS_X86_64},
    {TSP_NEEDS_CLFLUSHOPT, "clflushopt", "clflushopt", TSP_NEEDS_X86_64},
    {TSP_NEEDS_CLWB, "clwb", "clwb", TSP_NEEDS_X86_64},
    {TSP_NEEDS_WAITPKG, "waitpkg", "WAITPKG (tpause)", TSP_NEEDS_X86_64},
    {TSP_NEEDS_LSE, "lse", "LSE atomics", TSP_NEEDS_ARM64},
    {TSP_NEEDS_RCPC, "rcpc", "RCpc loads (ldapr)", TSP_NEEDS_ARM64},
    {TSP_NEEDS_NEON, "neon", "NEON", TSP_NEEDS_ARM64 | TSP_NEEDS_ARMHF},
    {TSP_NEEDS_SVE, "sve", "SVE", TSP_NEEDS_ARM64},
    {TSP_NEEDS_RVV, "rvv", "the vector extension (V)", TSP_NEEDS_RISCV64},
    {TSP_NEEDS_ZIHINTPAUSE, "zihintpause", "Zihintpause", TSP_NEEDS_RISCV64},
    {TSP_NEEDS_ZICBOM, "zicbom", "Zicbom in user mode", TSP_NEEDS_RISCV64},
    {TSP_NEEDS_ZICBOP, "zicbop", "Zicbop", TSP_NEEDS_RISCV64},
    {TSP_NEEDS_ZACAS, "zacas", "Zacas", TSP_NEEDS_RISCV64},
    {TSP_NEEDS_VSX, "vsx", "VSX", TSP_NEEDS_PPC64EL},
    {TSP_NEEDS_SCV, "scv", "the scv system call", TSP_NEEDS_PPC64EL},
    {TSP_NEEDS_POWER9, "power9", "Power ISA 3.0", TSP_NEEDS_PPC64EL},
    {TSP_NEEDS_VX, "vx", "the vector facility", TSP_NEEDS_S390X},
    {TSP_NEEDS_VDSO, "vdso", "a vDSO", 0},
    {TSP_NEEDS_HARDWARE, "hardware", "real hardware", 0},
    {TSP_NEEDS_REORDERING, "reordering", "reordering beyond store-load", 0},
};
#define FEATURE_COUNT (sizeof features / sizeof features[0])
#define ISA_BITS                                                                                             \
    (TSP_NEEDS_X86_64 | TSP_NEEDS_ARM64 | TSP_NEEDS_RISCV64 | TSP_NEEDS_PPC64EL | TSP_NEEDS_S390X |          \
     TSP_NEEDS_ARMHF)

static const struct feature *feature_find(uint64_t bit) {
    for (size_t i = 0; i < FEATURE_COUNT; ++i) {
        if (features[i].bit == bit) {
            return &features[i];
        }
    }
    return NULL;
}

const char *tsp_feature_name(uint64_t bit) {
    const struct feature *feature = feature_find(bit);
    return feature != NULL ? feature->name : NULL;
}

/* A line under construction: what does not fit is cut off. */
struct line {
    char *text;
    size_t size;
    size_t used;
};

static void line_add(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void line_add(struct line *line, const char *format, ...) {
    if (line->used + 1 >= line->size) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(line->text + line->used, line->size - line->used, format, arguments);
    va_end(arguments);
    if (length > 0) {
        line->used += (size_t)length;
    }
}

/* "x86_64", "arm64 and armhf" */
static void line_add_isas(struct line *line, uint64_t isas) {
    const char *between = "";
    for (size_t i = 0; i < FEATURE_COUNT; ++i) {
        if (features[i].bit & ISA_BITS & isas) {
            line_add(line, "%s%s", between, features[i].title);
            between = " and ";
        }
    }
}

static void line_add_reason(struct line *line, const struct feature *feature) {
    line_add(line, "%sneeds %s", line->used != 0 ? "; " : "", feature->title);
    if (feature->bit & ISA_BITS) {
        line_add(line, ": this is %s", TSP_ISA_NAME);
    } else if (feature->bit == TSP_NEEDS_VDSO) {
        line_add(line, ": there is none here (emulators have none)");
    } else if (feature->bit == TSP_NEEDS_HARDWARE) {
        line_add(line, ": this is an emulator");
    } else if (feature->bit == TSP_NEEDS_REORDERING) {
        line_add(line, ": the emulator's host has none");
    } else if (feature->isas & ISA_OWN) {
        line_add(line, ": this CPU has none");
    } else {
        line_add(line, ", which exists only on ");
        line_add_isas(line, feature->isas);
    }
}

const char *tsp_features_explain(uint64_t missing, char *text, size_t size) {
    struct line line = {text, size, 0};
    uint64_t unknown = missing;
    if (size != 0) {
        text[0] = '\0';
    }
    for (size_t i = 0; i < FEATURE_COUNT; ++i) {
        if (!(missing & features[i].bit)) {
            continue;
        }
        unknown &= ~features[i].bit;
        /* "needs arm64" says it all where its extensions are missing too. */
        if (features[i].bit & ISA_BITS || !(features[i].isas & missing)) {
            line_add_reason(&line, &features[i]);
        }
    }
    if (unknown != 0) {
        line_add(&line, "%sneeds something unknown to this version (bits 0x%llx)", line.used != 0 ? "; " : "",
                 (unsigned long long)unknown);
    }
    return text;
}
