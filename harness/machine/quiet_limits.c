/* Findings about what this process may do: counters, descriptors, connections. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/quiet.h"

/* linux/capability.h */
#define CAP_BIT_SYS_ADMIN 21
#define CAP_BIT_PERFMON   38

/* The most connections of an epoll case, each one descriptor (kernels/epoll/cases.h); the 64 that such a case leaves free; and as many again for
 * those that a round has open before: its journal, standard streams, counters. */
#define DESCRIPTORS_WANTED (16384 + 64 + 64)

/* Linux's own since 5.4 (Documentation/networking/ip-sysctl.rst, "somaxconn"); it was 128. */
#define BACKLOG_USUAL 4096

static bool may_perf(const struct tsp_file *status) {
    char field[32];
    if (status->error != 0 || tsp_text_field(status->text, "CapEff", field, sizeof field) == NULL) {
        return false;
    }
    uint64_t capabilities = strtoull(field, NULL, 16);
    return (capabilities >> CAP_BIT_PERFMON & 1) != 0 || (capabilities >> CAP_BIT_SYS_ADMIN & 1) != 0;
}

/* The levels: Linux, Documentation/admin-guide/sysctl/kernel.rst, "perf_event_paranoid"; 3 and more are Debian's and Android's. */
struct tsp_finding tsp_quiet_perf(const struct tsp_file *paranoid, const struct tsp_file *status) {
    static const char *const remedy = "sudo sysctl -w kernel.perf_event_paranoid=1";
    if (paranoid->error != 0) {
        return tsp_finding_unknown("perf", paranoid,
                                   "this kernel has no perf events, or hides them: counters will be missing");
    }
    char *end;
    long level = strtol(paranoid->text, &end, 10);
    char value[TSP_TEXT_MAX];
    if (end == paranoid->text) {
        return tsp_finding_make("perf", TSP_FINDING_UNKNOWN, "unreadable",
                                "perf_event_paranoid is not a number", "");
    }
    bool allowed = may_perf(status);
    (void)snprintf(value, sizeof value, "paranoid %ld%s", level,
                   allowed ? ", but this process has the capability" : "");
    if (allowed || level <= 1) {
        return tsp_finding_make("perf", TSP_FINDING_OK, value,
                                "counters of user and kernel mode may be opened", "");
    }
    if (level == 2) {
        return tsp_finding_make(
            "perf", TSP_FINDING_NOTE, value,
            "counters see user mode only: instructions:k and cycles:k are denied, system calls lack their kernel side; times "
            "do not suffer",
            remedy);
    }
    return tsp_finding_make("perf", TSP_FINDING_WARNING, value,
                            "all counters are denied; times do not suffer", remedy);
}

/* Names of the core's own PMU: perf's sysfs entries of x86 (cpu, and cpu_core with cpu_atom), arm (armv8_…, armv7_…, apple_…), riscv and ppc (cpu),
 * s390x (cpum_cf). Others (uncore, power, msr) count no instructions. */
static bool is_core_pmu(const char *name, size_t length) {
    static const char *const whole[] = {"cpu", "cpu_core", "cpu_atom", "cpum_cf"};
    static const char *const beginnings[] = {"armv7", "armv8", "armv9", "apple_"};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; ++i) {
        if (strlen(whole[i]) == length && strncmp(name, whole[i], length) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; ++i) {
        if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0) {
            return true;
        }
    }
    return false;
}

struct tsp_finding tsp_quiet_pmu(const struct tsp_file *devices) {
    if (devices->error != 0) {
        return tsp_finding_unknown(
            "pmu", devices,
            "whether the processor's counters are there cannot be seen; each is tried anyway");
    }
    for (const char *name = devices->text; *name != '\0';) {
        size_t length = strcspn(name, "\n");
        if (is_core_pmu(name, length)) {
            char value[TSP_TEXT_MAX];
            return tsp_finding_make("pmu", TSP_FINDING_OK, tsp_text_clean(value, sizeof value, name, length),
                                    "instructions and cycles can be counted where permitted", "");
        }
        name += length;
        name += *name == '\n';
    }
    return tsp_finding_make(
        "pmu", TSP_FINDING_NOTE, "none",
        "no instructions, cycles or misses from this processor (usual in virtual machines); times and the kernel's software "
        "counters do not suffer",
        "");
}

struct tsp_finding tsp_quiet_descriptors(uint64_t soft, uint64_t hard) {
    char value[TSP_TEXT_MAX];
    char remedy[TSP_REASON_MAX];
    (void)snprintf(value, sizeof value, "%" PRIu64 " (hard limit %" PRIu64 ")", soft, hard);
    if (hard >= DESCRIPTORS_WANTED) { /* up to which a round raises its own soft limit */
        return tsp_finding_make("descriptors", TSP_FINDING_OK, value,
                                "epoll cases can open all their connections", "");
    }
    (void)snprintf(remedy, sizeof remedy, "sudo prlimit --pid $$ --nofile=%d:%d", DESCRIPTORS_WANTED,
                   DESCRIPTORS_WANTED);
    return tsp_finding_make(
        "descriptors", TSP_FINDING_NOTE, value,
        "epoll cases of 16,384 connections run with fewer, and say so; nothing else suffers", remedy);
}

struct tsp_finding tsp_quiet_backlog(const struct tsp_file *somaxconn) {
    if (somaxconn->error != 0) {
        return tsp_finding_unknown("backlog", somaxconn, "how many connections may wait cannot be seen");
    }
    char value[TSP_TEXT_MAX];
    (void)tsp_text_clean(value, sizeof value, somaxconn->text, strlen(somaxconn->text));
    char *end;
    unsigned long waiting = strtoul(value, &end, 10);
    if (end == value) {
        return tsp_finding_make("backlog", TSP_FINDING_UNKNOWN, "unreadable", "somaxconn is not a number",
                                "");
    }
    if (waiting >= BACKLOG_USUAL) {
        return tsp_finding_make("backlog", TSP_FINDING_OK, value,
                                "no case listens; a server of yours may let so many connections wait", "");
    }
    return tsp_finding_make(
        "backlog", TSP_FINDING_NOTE, value,
        "no case listens, and no time suffers; a server of yours that you load drops connections that wait "
        "beyond so many, each tried again after 1 s",
        "sudo sysctl -w net.core.somaxconn=4096");
}

struct tsp_finding tsp_quiet_caches(const struct tsp_machine *machine) {
    char value[TSP_TEXT_MAX];
    size_t used = 0;
    for (unsigned i = 0; i < machine->cache_count && used < sizeof value; ++i) {
        int length = snprintf(value + used, sizeof value - used, "%sL%u %" PRIu64 " KiB", i == 0 ? "" : ", ",
                              machine->caches[i].level, machine->caches[i].bytes / 1024);
        used += length > 0 ? (size_t)length : 0;
    }
    if (machine->cache_count == 0) {
        return tsp_finding_make(
            "caches", TSP_FINDING_WARNING, "not stated",
            "working sets are guesses (l1 16 KiB, l2 256 KiB, llc 4 MiB): cases by cache level may fit another level than "
            "their name says",
            "");
    }
    struct tsp_env env;
    tsp_env_from_machine(&env, machine);
    if (env.dram_bytes == 0) {
        return tsp_finding_make(
            "caches", TSP_FINDING_NOTE, value,
            "a working set of twice the last level is over a quarter of memory or over 1 GiB: dram cases are skipped",
            "");
    }
    return tsp_finding_make("caches", TSP_FINDING_OK, value, "working sets follow these levels", "");
}
