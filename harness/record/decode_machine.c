/* The run, the machine and the build out of JSON. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/decode.h"
#include "record/findings.h"

#define TEXT(object, key, array)  tsp_decode_text(decoder, object, key, array, sizeof(array))
#define ADDED(object, key, array) tsp_decode_added_text(decoder, object, key, array, sizeof(array))

static uint64_t decode_seed(struct tsp_decoder *decoder, const json_t *object) {
    char text[24];
    tsp_decode_name(decoder, object, "seed", text, sizeof text);
    errno = 0;
    char *end = NULL;
    uint64_t seed = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0) {
        tsp_decode_complain(decoder, "seed", "expected a whole number as text");
    }
    return seed;
}

void tsp_decode_run(struct tsp_decoder *decoder, const json_t *object, struct tsp_run *run) {
    size_t mark = tsp_decode_enter(decoder, "run", 0);
    TEXT(object, "id", run->id);
    TEXT(object, "started", run->started);
    TEXT(object, "finished", run->finished);
    TEXT(object, "command", run->command);
    TEXT(object, "version", run->version);
    TEXT(object, "commit", run->commit);
    TEXT(object, "suite", run->suite);
    run->seed = decode_seed(decoder, object);
    run->rounds = tsp_decode_small(decoder, object, "rounds");
    run->interrupted = tsp_decode_flag(decoder, object, "interrupted");
    ADDED(object, "imported", run->imported);

    const json_t *profile = tsp_decode_object(decoder, object, "profile");
    size_t inner = tsp_decode_enter(decoder, "profile", 0);
    run->profile.time_ms = tsp_decode_number(decoder, profile, "time_ms", NAN);
    run->profile.warmup_ms = tsp_decode_number(decoder, profile, "warmup_ms", NAN);
    run->profile.limit_ms = tsp_decode_number(decoder, profile, "limit_ms", NAN);
    run->profile.memory_bytes = tsp_decode_known(decoder, profile, "memory_bytes", INT64_MAX);
    run->profile.files = tsp_decode_known(decoder, profile, "files", INT64_MAX);
    tsp_decode_leave(decoder, inner);
    tsp_decode_leave(decoder, mark);
}

static int parse_executor(const char *word) {
    return strcmp(word, "hardware") == 0 ? 0 : strcmp(word, "emulator") == 0 ? 1 : -1;
}

static void decode_executor(struct tsp_decoder *decoder, const json_t *object, struct tsp_machine *machine) {
    const json_t *executor = tsp_decode_object(decoder, object, "executed_by");
    size_t mark = tsp_decode_enter(decoder, "executed_by", 0);
    machine->emulated = tsp_decode_word(decoder, executor, "kind", parse_executor) == 1;
    if (machine->emulated) {
        TEXT(executor, "name", machine->emulator);
        TEXT(executor, "version", machine->emulator_version);
        TEXT(executor, "host_arch", machine->host_arch);
    }
    tsp_decode_leave(decoder, mark);
}

/* Features beyond what we have room for are left out whole. */
static void decode_features(struct tsp_decoder *decoder, const json_t *cpu, struct tsp_machine *machine) {
    const json_t *features = tsp_decode_array(decoder, cpu, "features");
    size_t used = 0;
    size_t i = 0;
    const json_t *feature = NULL;
    machine->features[0] = '\0';
    json_array_foreach(features, i, feature) {
        size_t length = json_string_length(feature);
        if (!json_is_string(feature)) {
            tsp_decode_complain(decoder, "features", "expected texts");
        } else if (used + length + 2 <= sizeof machine->features) {
            used += (size_t)snprintf(machine->features + used, sizeof machine->features - used, "%s%s",
                                     used > 0 ? " " : "", json_string_value(feature));
        }
    }
}

static void decode_cpu(struct tsp_decoder *decoder, const json_t *object, struct tsp_machine *machine) {
    const json_t *cpu = tsp_decode_object(decoder, object, "cpu");
    size_t mark = tsp_decode_enter(decoder, "cpu", 0);
    TEXT(cpu, "vendor", machine->cpu_vendor);
    TEXT(cpu, "model", machine->cpu_model);
    TEXT(cpu, "microarchitecture", machine->cpu_microarchitecture);
    decode_features(decoder, cpu, machine);
    tsp_decode_leave(decoder, mark);
}

static void decode_cache(struct tsp_decoder *decoder, const json_t *object, struct tsp_cache *cache) {
    cache->level = tsp_decode_small(decoder, object, "level");
    cache->bytes = tsp_decode_count(decoder, object, "bytes", INT64_MAX);
    cache->line_bytes = (unsigned)tsp_decode_known(decoder, object, "line", INT32_MAX);
    double ways = tsp_decode_number(decoder, object, "ways", 0);
    cache->ways = ways > 0 && ways < INT32_MAX ? (int)ways : 0;
    cache->shared_by = (unsigned)tsp_decode_known(decoder, object, "shared_by", INT32_MAX);
}

static void decode_topology(struct tsp_decoder *decoder, const json_t *object, struct tsp_machine *machine) {
    const json_t *topology = tsp_decode_object(decoder, object, "topology");
    size_t mark = tsp_decode_enter(decoder, "topology", 0);
    machine->sockets = (unsigned)tsp_decode_known(decoder, topology, "sockets", INT32_MAX);
    machine->cores = (unsigned)tsp_decode_known(decoder, topology, "cores", INT32_MAX);
    machine->threads = (unsigned)tsp_decode_known(decoder, topology, "threads", INT32_MAX);
    machine->usable_threads = (unsigned)tsp_decode_known(decoder, topology, "usable_threads", INT32_MAX);
    const json_t *caches = tsp_decode_array(decoder, topology, "caches");
    size_t i = 0;
    const json_t *cache = NULL;
    json_array_foreach(caches, i, cache) {
        if (machine->cache_count < TSP_CACHES_MAX) {
            decode_cache(decoder, cache, &machine->caches[machine->cache_count++]);
        }
    }
    tsp_decode_leave(decoder, mark);
}

static void decode_clock(struct tsp_decoder *decoder, const json_t *object, struct tsp_clock *clock) {
    const json_t *json = tsp_decode_object(decoder, object, "clock");
    size_t mark = tsp_decode_enter(decoder, "clock", 0);
    TEXT(json, "name", clock->name);
    TEXT(json, "hz_source", clock->hz_source);
    TEXT(json, "rejected", clock->rejected);
    clock->isa = tsp_decode_flag(decoder, json, "isa");
    clock->hz = tsp_decode_number(decoder, json, "hz", NAN);
    clock->hz_uncertainty = tsp_decode_number(decoder, json, "hz_uncertainty", NAN);
    clock->resolution_ns = tsp_decode_number(decoder, json, "resolution_ns", NAN);
    const json_t *overhead = tsp_decode_object(decoder, json, "overhead_ns");
    clock->overhead_ns_p5 = tsp_decode_number(decoder, overhead, "p5", NAN);
    clock->overhead_ns_p50 = tsp_decode_number(decoder, overhead, "p50", NAN);
    clock->overhead_ns_p95 = tsp_decode_number(decoder, overhead, "p95", NAN);
    tsp_decode_leave(decoder, mark);
}

static void set_level(struct tsp_finding *finding, int level) {
    finding->level = level == TSP_FINDING_OK        ? TSP_FINDING_OK
                     : level == TSP_FINDING_NOTE    ? TSP_FINDING_NOTE
                     : level == TSP_FINDING_WARNING ? TSP_FINDING_WARNING
                                                    : TSP_FINDING_UNKNOWN;
}

/* The findings alone: `quiet`'s other fields are made from them. */
static void decode_quiet(struct tsp_decoder *decoder, const json_t *object, struct tsp_machine *machine) {
    const json_t *quiet = tsp_decode_object(decoder, object, "quiet");
    size_t mark = tsp_decode_enter(decoder, "quiet", 0);
    const json_t *findings = tsp_decode_array(decoder, quiet, "findings");
    size_t i = 0;
    const json_t *json = NULL;
    json_array_foreach(findings, i, json) {
        if (machine->finding_count < TSP_FINDINGS_MAX) {
            struct tsp_finding *finding = &machine->findings[machine->finding_count++];
            TEXT(json, "subject", finding->subject);
            TEXT(json, "value", finding->value);
            TEXT(json, "effect", finding->effect);
            TEXT(json, "remedy", finding->remedy);
            set_level(finding, tsp_decode_word(decoder, json, "level", tsp_finding_level_parse));
        }
    }
    tsp_decode_leave(decoder, mark);
}

void tsp_decode_machine(struct tsp_decoder *decoder, const json_t *object, struct tsp_record *record) {
    struct tsp_machine *machine = &record->machine;
    size_t mark = tsp_decode_enter(decoder, "machine", 0);
    TEXT(object, "id", machine->id);
    TEXT(object, "arch", machine->arch);
    decode_executor(decoder, object, machine);
    TEXT(object, "hypervisor", machine->hypervisor);
    decode_cpu(decoder, object, machine);
    decode_topology(decoder, object, machine);
    machine->page_bytes = tsp_decode_known(decoder, object, "page_bytes", INT64_MAX);
    machine->memory_bytes = tsp_decode_known(decoder, object, "memory_bytes", INT64_MAX);
    TEXT(object, "kernel", machine->kernel);
    TEXT(object, "libc", machine->libc);
    ADDED(object, "libc_release", machine->libc_release);
    decode_clock(decoder, object, &record->clock);
    record->core_ghz_estimate = tsp_decode_number(decoder, object, "core_ghz_estimate", 0);
    const json_t *pmu = tsp_decode_object(decoder, object, "pmu");
    TEXT(pmu, "name", record->pmu_name);
    TEXT(pmu, "status", record->pmu_status);
    TEXT(pmu, "reason", record->pmu_reason);
    decode_quiet(decoder, object, machine);
    tsp_decode_leave(decoder, mark);
}

void tsp_decode_build(struct tsp_decoder *decoder, const json_t *object, struct tsp_build *build) {
    size_t mark = tsp_decode_enter(decoder, "build", 0);
    TEXT(object, "compiler", build->compiler);
    TEXT(object, "version", build->version);
    ADDED(object, "release", build->release);
    ADDED(object, "target", build->target);
    ADDED(object, "linker", build->linker);
    TEXT(object, "flags", build->flags);
    TEXT(object, "optimisation", build->optimisation);
    build->profile_guided = tsp_decode_flag(decoder, object, "profile_guided");
    const json_t *libraries = tsp_decode_object(decoder, object, "libraries");
    TEXT(libraries, "hwloc", build->hwloc);
    TEXT(libraries, "libpfm4", build->libpfm4);
    TEXT(libraries, "gsl", build->gsl);
    tsp_decode_leave(decoder, mark);
}
