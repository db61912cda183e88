/* The pure half of the feature probe: words in, TSP_NEEDS_… bits out. */
#include "isa/features.h"

#include <ctype.h>
#include <string.h>

#include "transept/isa.h"

/* One bit of a word and the feature it stands for. */
struct bit {
    uint64_t mask;
    uint64_t feature;
};

/* All bits of `mask` must be set in `word`. */
static uint64_t decode(const struct bit *bits, size_t count, uint64_t word) {
    uint64_t features = 0;
    for (size_t i = 0; i < count; ++i) {
        if ((word & bits[i].mask) == bits[i].mask) {
            features |= bits[i].feature;
        }
    }
    return features;
}
#define BIT(n)             (UINT64_C(1) << (n))
#define DECODE(bits, word) decode(bits, sizeof(bits) / sizeof((bits)[0]), word)

uint64_t tsp_features_x86_64(const struct tsp_cpuid *cpuid) {
    static const struct bit leaf7_edx[] = {{BIT(14), TSP_NEEDS_SERIALIZE}};
    static const struct bit leaf7_ecx[] = {{BIT(5), TSP_NEEDS_WAITPKG}};
    static const struct bit leaf7_ebx[] = {{BIT(23), TSP_NEEDS_CLFLUSHOPT}, {BIT(24), TSP_NEEDS_CLWB}};
    static const struct bit leaf1_edx[] = {{BIT(26), TSP_NEEDS_SSE2}};
    static const struct bit avx2[] = {{BIT(5), TSP_NEEDS_AVX2}};
    static const struct bit avx512[] = {{BIT(16) | BIT(17) | BIT(30) | BIT(31), TSP_NEEDS_AVX512}};
    const uint64_t osxsave_and_avx = BIT(27) | BIT(28);
    const uint64_t ymm_state = BIT(1) | BIT(2);
    const uint64_t zmm_state = ymm_state | BIT(5) | BIT(6) | BIT(7);

    uint64_t features = DECODE(leaf1_edx, cpuid->leaf1_edx) | DECODE(leaf7_ebx, cpuid->leaf7_ebx) |
                        DECODE(leaf7_ecx, cpuid->leaf7_ecx) | DECODE(leaf7_edx, cpuid->leaf7_edx);
    /* A CPU that has the instructions is not enough: the kernel must save the registers. */
    if ((cpuid->leaf1_ecx & osxsave_and_avx) != osxsave_and_avx || (cpuid->xcr0 & ymm_state) != ymm_state) {
        return features;
    }
    features |= DECODE(avx2, cpuid->leaf7_ebx);
    if ((cpuid->xcr0 & zmm_state) == zmm_state) {
        features |= DECODE(avx512, cpuid->leaf7_ebx);
    }
    return features;
}

uint64_t tsp_features_arm64(uint64_t hwcap) {
    static const struct bit bits[] = {
        {BIT(1), TSP_NEEDS_NEON},  /* ASIMD */
        {BIT(8), TSP_NEEDS_LSE},   /* ATOMICS */
        {BIT(15), TSP_NEEDS_RCPC}, /* LRCPC */
        {BIT(22), TSP_NEEDS_SVE},
    };
    return DECODE(bits, hwcap);
}

uint64_t tsp_features_armhf(uint64_t hwcap) {
    static const struct bit bits[] = {{BIT(12), TSP_NEEDS_NEON}};
    return DECODE(bits, hwcap);
}

uint64_t tsp_features_ppc64el(uint64_t hwcap, uint64_t hwcap2) {
    static const struct bit bits[] = {{BIT(7), TSP_NEEDS_VSX}};
    static const struct bit bits2[] = {{BIT(20), TSP_NEEDS_SCV}, {BIT(23), TSP_NEEDS_POWER9}};
    return DECODE(bits, hwcap) | DECODE(bits2, hwcap2);
}

uint64_t tsp_features_s390x(uint64_t hwcap) {
    static const struct bit bits[] = {{BIT(11), TSP_NEEDS_VX}};
    return DECODE(bits, hwcap);
}

uint64_t tsp_features_riscv64(uint64_t ima_ext_0) {
    static const struct bit bits[] = {
        {BIT(2), TSP_NEEDS_RVV},     {BIT(34), TSP_NEEDS_ZACAS},  {BIT(36), TSP_NEEDS_ZIHINTPAUSE},
        {BIT(55), TSP_NEEDS_ZICBOM}, {BIT(60), TSP_NEEDS_ZICBOP},
    };
    return DECODE(bits, ima_ext_0);
}

/* Whether the extension `name` stands in `isa`, between underscores or at its end. */
static int extension_named(const char *isa, const char *name) {
    const size_t length = strlen(name);
    for (const char *at = strchr(isa, '_'); at != NULL; at = strchr(at, '_')) {
        ++at;
        if (strncmp(at, name, length) == 0 && !isalnum((unsigned char)at[length])) {
            return 1;
        }
    }
    return 0;
}

uint64_t tsp_features_riscv64_text(const char *isa) {
    uint64_t features = 0;
    if (strncmp(isa, "rv64", 4) != 0) {
        return 0;
    }
    /* The one-letter extensions come first and end at the first underscore; z, s and x begin a long name. */
    for (const char *letter = isa + 4; strchr("_zsx \n", *letter) == NULL; ++letter) {
        if (*letter == 'v') {
            features |= TSP_NEEDS_RVV;
        }
    }
    if (extension_named(isa, "zihintpause")) {
        features |= TSP_NEEDS_ZIHINTPAUSE;
    }
    if (extension_named(isa, "zicbop")) {
        features |= TSP_NEEDS_ZICBOP;
    }
    if (extension_named(isa, "zacas")) {
        features |= TSP_NEEDS_ZACAS;
    }
    return features;
}
