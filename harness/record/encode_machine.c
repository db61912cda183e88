/* The run, the machine and the build as JSON: everything of a record that is not a case. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "record/encode.h"
#include "record/findings.h"

json_t *tsp_encode_run(const struct tsp_run *run) {
    /* The seed is 64 random bits: as a JSON number most readers would round it, so it is a decimal string. */
    char seed[24];
    (void)snprintf(seed, sizeof seed, "%" PRIu64, run->seed);
    const struct tsp_profile *p = &run->profile;
    json_t *profile =
        json_pack("{s:o,s:o,s:o,s:o,s:o}", "time_ms", tsp_encode_number(p->time_ms), "warmup_ms",
                  tsp_encode_number(p->warmup_ms), "limit_ms", tsp_encode_number(p->limit_ms), "memory_bytes",
                  tsp_encode_known(p->memory_bytes), "files", tsp_encode_known(p->files));
    json_t *object =
        json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s,s:I,s:b}", "id", TSP_ENCODE_TEXT(run->id), "started",
                  TSP_ENCODE_TEXT(run->started), "finished", TSP_ENCODE_TEXT(run->finished), "command",
                  TSP_ENCODE_TEXT(run->command), "version", TSP_ENCODE_TEXT(run->version), "commit",
                  TSP_ENCODE_TEXT(run->commit), "suite", TSP_ENCODE_TEXT(run->suite), "profile", profile,
                  "seed", seed, "rounds", (json_int_t)run->rounds, "interrupted", run->interrupted);
    if (run->imported[0] != '\0') {
        tsp_encode_member(&object, "imported", TSP_ENCODE_TEXT(run->imported));
    }
    return object;
}

static json_t *encode_executor(const struct tsp_machine *machine) {
    if (!machine->emulated) {
        return json_pack("{s:s}", "kind", "hardware");
    }
    return json_pack("{s:s,s:o,s:o,s:o}", "kind", "emulator", "name", TSP_ENCODE_TEXT(machine->emulator),
                     "version", TSP_ENCODE_TEXT(machine->emulator_version), "host_arch",
                     TSP_ENCODE_TEXT(machine->host_arch));
}

static json_t *encode_features(const char *features, size_t size) {
    json_t *array = json_array();
    const char *end = features + strnlen(features, size);
    for (const char *word = features; word < end;) {
        const char *space = memchr(word, ' ', (size_t)(end - word));
        const char *stop = space != NULL ? space : end;
        if (stop > word) {
            tsp_encode_append(&array, tsp_encode_text(word, (size_t)(stop - word)));
        }
        word = stop + 1;
    }
    return array;
}

static json_t *encode_cpu(const struct tsp_machine *machine) {
    return json_pack("{s:o,s:o,s:o,s:o}", "vendor", TSP_ENCODE_TEXT(machine->cpu_vendor), "model",
                     TSP_ENCODE_TEXT(machine->cpu_model), "microarchitecture",
                     TSP_ENCODE_TEXT(machine->cpu_microarchitecture), "features",
                     encode_features(machine->features, sizeof machine->features));
}

static json_t *encode_topology(const struct tsp_machine *machine) {
    json_t *caches = json_array();
    for (unsigned i = 0; i < machine->cache_count && i < TSP_CACHES_MAX; ++i) {
        const struct tsp_cache *cache = &machine->caches[i];
        tsp_encode_append(&caches, json_pack("{s:I,s:o,s:o,s:o,s:o}", "level", (json_int_t)cache->level,
                                             "bytes", tsp_encode_count(cache->bytes), "line",
                                             tsp_encode_known(cache->line_bytes), "ways",
                                             cache->ways > 0 ? json_integer(cache->ways) : json_null(),
                                             "shared_by", tsp_encode_known(cache->shared_by)));
    }
    return json_pack("{s:o,s:o,s:o,s:o,s:o}", "sockets", tsp_encode_known(machine->sockets), "cores",
                     tsp_encode_known(machine->cores), "threads", tsp_encode_known(machine->threads),
                     "usable_threads", tsp_encode_known(machine->usable_threads), "caches", caches);
}

static json_t *encode_clock(const struct tsp_clock *clock) {
    json_t *overhead = json_pack("{s:o,s:o,s:o}", "p5", tsp_encode_number(clock->overhead_ns_p5), "p50",
                                 tsp_encode_number(clock->overhead_ns_p50), "p95",
                                 tsp_encode_number(clock->overhead_ns_p95));
    return json_pack(
        "{s:o,s:b,s:o,s:o,s:o,s:o,s:o,s:o}", "name", TSP_ENCODE_TEXT(clock->name), "isa", clock->isa, "hz",
        tsp_encode_number(clock->hz), "hz_source", TSP_ENCODE_TEXT(clock->hz_source), "hz_uncertainty",
        tsp_encode_number(clock->hz_uncertainty), "resolution_ns", tsp_encode_number(clock->resolution_ns),
        "overhead_ns", overhead, "rejected", TSP_ENCODE_TEXT(clock->rejected));
}

/* record.md's word for the state, and the finding that tells it. */
static const struct {
    const char *field;
    const char *subject;
} quiet_fields[] = {{"governor", "governor"}, {"turbo", "turbo"}, {"smt", "smt"},
                    {"aslr", "aslr"},         {"thp", "thp"},     {"isolated", "isolation"},
                    {"load", "load"},         {"steal", "steal"}, {"mitigations", "mitigations"}};

static json_t *encode_finding(const struct tsp_finding *finding) {
    return json_pack("{s:o,s:s,s:o,s:o,s:o}", "subject", TSP_ENCODE_TEXT(finding->subject), "level",
                     tsp_finding_level_name((int)finding->level), "value", TSP_ENCODE_TEXT(finding->value),
                     "effect", TSP_ENCODE_TEXT(finding->effect), "remedy", TSP_ENCODE_TEXT(finding->remedy));
}

static json_t *encode_quiet(const struct tsp_machine *machine) {
    json_t *quiet = json_object();
    json_t *warnings = json_array();
    json_t *findings = json_array();
    for (size_t i = 0; i < sizeof quiet_fields / sizeof quiet_fields[0]; ++i) {
        tsp_encode_member(&quiet, quiet_fields[i].field, json_null());
    }
    for (unsigned i = 0; i < machine->finding_count && i < TSP_FINDINGS_MAX; ++i) {
        const struct tsp_finding *finding = &machine->findings[i];
        for (size_t k = 0; k < sizeof quiet_fields / sizeof quiet_fields[0]; ++k) {
            /* What could not be found out stays null; the finding says why. */
            if (finding->level != TSP_FINDING_UNKNOWN &&
                strncmp(finding->subject, quiet_fields[k].subject, sizeof finding->subject) == 0) {
                tsp_encode_member(&quiet, quiet_fields[k].field, TSP_ENCODE_TEXT(finding->value));
            }
        }
        if (finding->level == TSP_FINDING_WARNING) {
            char text[sizeof finding->subject + sizeof finding->value + sizeof finding->effect + 4];
            (void)snprintf(text, sizeof text, "%s: %s%s%s", finding->subject, finding->value,
                           finding->effect[0] != '\0' ? "; " : "", finding->effect);
            tsp_encode_append(&warnings, TSP_ENCODE_TEXT(text));
        }
        tsp_encode_append(&findings, encode_finding(finding));
    }
    tsp_encode_member(&quiet, "warnings", warnings);
    tsp_encode_member(&quiet, "findings", findings);
    return quiet;
}

json_t *tsp_encode_machine(const struct tsp_record *record) {
    const struct tsp_machine *machine = &record->machine;
    json_t *pmu =
        json_pack("{s:o,s:o,s:o}", "name", TSP_ENCODE_TEXT(record->pmu_name), "status",
                  TSP_ENCODE_TEXT(record->pmu_status), "reason", TSP_ENCODE_TEXT(record->pmu_reason));
    return json_pack(
        "{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "id", TSP_ENCODE_TEXT(machine->id),
        "arch", TSP_ENCODE_TEXT(machine->arch), "executed_by", encode_executor(machine), "hypervisor",
        TSP_ENCODE_TEXT(machine->hypervisor), "cpu", encode_cpu(machine), "topology",
        encode_topology(machine), "page_bytes", tsp_encode_known(machine->page_bytes), "memory_bytes",
        tsp_encode_known(machine->memory_bytes), "kernel", TSP_ENCODE_TEXT(machine->kernel), "libc",
        TSP_ENCODE_TEXT(machine->libc), "libc_release", TSP_ENCODE_TEXT(machine->libc_release), "clock",
        encode_clock(&record->clock), "core_ghz_estimate",
        record->core_ghz_estimate > 0 ? tsp_encode_number(record->core_ghz_estimate) : json_null(), "pmu",
        pmu, "quiet", encode_quiet(machine));
}

json_t *tsp_encode_build(const struct tsp_build *build) {
    json_t *libraries = json_pack("{s:o,s:o,s:o}", "hwloc", TSP_ENCODE_TEXT(build->hwloc), "libpfm4",
                                  TSP_ENCODE_TEXT(build->libpfm4), "gsl", TSP_ENCODE_TEXT(build->gsl));
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:b,s:o}", "compiler", TSP_ENCODE_TEXT(build->compiler),
                     "version", TSP_ENCODE_TEXT(build->version), "release", TSP_ENCODE_TEXT(build->release),
                     "target", TSP_ENCODE_TEXT(build->target), "linker", TSP_ENCODE_TEXT(build->linker),
                     "flags", TSP_ENCODE_TEXT(build->flags), "optimisation",
                     TSP_ENCODE_TEXT(build->optimisation), "profile_guided", build->profile_guided,
                     "libraries", libraries);
}
