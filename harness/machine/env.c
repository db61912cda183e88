/* What kernels may know of the machine: working sets, line, page, features. */
#include <string.h>

#include "transept/isa.h"
#include "transept/machine.h"

#define KIB ((uint64_t)1024)
#define MIB (KIB * 1024)

/* A DRAM working set beyond this takes long to prepare and shows nothing more. */
#define DRAM_CAP (1024 * MIB)

/* Line sizes where the machine does not state one (isa.md, "line size to expect"). */
static size_t expected_line(const char *arch) {
    if (strcmp(arch, "s390x") == 0) {
        return 256;
    }
    return strncmp(arch, "ppc64", 5) == 0 ? 128 : 64;
}

/* Half of a 32 KiB L1d, of a 512 KiB L2 and of an 8 MiB LLC: fixed, so that exact counts do not depend on the emulator's host, and
 * the guess where a machine (some virtual ones) states no caches. */
static void set_fixed(struct tsp_env *env, size_t dram_bytes) {
    env->l1_bytes = 16 * KIB;
    env->l2_bytes = 256 * KIB;
    env->llc_bytes = 4 * MIB;
    env->dram_bytes = dram_bytes;
}

/* Random accesses to twice the cache still hit half of the time; four times leaves a quarter. Never more than a quarter of memory,
 * and 0 (cannot be done here) where that is not at least twice the last level. */
static uint64_t dram_working_set(uint64_t last_level, uint64_t memory) {
    uint64_t cap = memory / 4 < DRAM_CAP ? memory / 4 : DRAM_CAP;
    uint64_t wanted = 4 * last_level > 64 * MIB ? 4 * last_level : 64 * MIB;
    uint64_t bytes = wanted < cap ? wanted : cap;
    return bytes >= 2 * last_level ? bytes : 0;
}

static void set_from_caches(struct tsp_env *env, const struct tsp_machine *machine) {
    const struct tsp_cache *last = &machine->caches[0];
    for (unsigned i = 0; i < machine->cache_count; ++i) {
        const struct tsp_cache *cache = &machine->caches[i];
        if (cache->level == 1) {
            env->l1_bytes = (size_t)(cache->bytes / 2);
            env->line_bytes = cache->line_bytes != 0 ? cache->line_bytes : env->line_bytes;
        } else if (cache->level == 2) {
            env->l2_bytes = (size_t)(cache->bytes / 2);
        }
        last = cache->level > last->level ? cache : last;
    }
    /* Where the L2 is the last level, `llc` would only repeat `l2`: there is no such level then. */
    env->llc_bytes = last->level > 2 ? (size_t)(last->bytes / 2) : 0;
    env->dram_bytes = (size_t)dram_working_set(last->bytes, machine->memory_bytes);
}

/* QEMU runs a guest's plain loads and stores as its host's, so a guest on a host with total store order shows no other reordering than that host's:
 * of a store and a later load. A host that is not known is not trusted to show more. */
static bool keeps_order(const char *host_arch) {
    static const char *const others[] = {"arm64", "armhf", "riscv64", "riscv32", "ppc64el", "ppc64"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i) {
        if (strcmp(host_arch, others[i]) == 0) {
            return false;
        }
    }
    return true;
}

void tsp_env_from_machine(struct tsp_env *env, const struct tsp_machine *machine) {
    memset(env, 0, sizeof *env);
    env->line_bytes = expected_line(machine->arch);
    env->page_bytes = machine->page_bytes != 0 ? (size_t)machine->page_bytes : 4096;
    env->emulated = machine->emulated;
    if (machine->emulated) {
        set_fixed(env, 32 * MIB);
    } else if (machine->cache_count == 0) {
        set_fixed(env, (size_t)dram_working_set(8 * MIB, machine->memory_bytes));
    } else {
        set_from_caches(env, machine);
    }
    env->features = tsp_features_probe() & ~(TSP_NEEDS_HARDWARE | TSP_NEEDS_REORDERING);
    if (!machine->emulated) {
        env->features |= TSP_NEEDS_HARDWARE;
    }
    if (!machine->emulated || !keeps_order(machine->host_arch)) {
        env->features |= TSP_NEEDS_REORDERING;
    }
}
