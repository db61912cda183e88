/* A record made by hand: every kind of case, metric and end, with figures that are the same on every machine. */
#ifndef TRANSEPT_TESTS_RECORD_SAMPLE_H
#define TRANSEPT_TESTS_RECORD_SAMPLE_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transept/record.h"

#define SET(array, text) ((void)snprintf((array), sizeof(array), "%s", (text)))

static inline struct tsp_estimate sample_estimate(double value, double width) {
    return (struct tsp_estimate){.value = value, .lo = value - width, .hi = value + width, .needs = 0};
}

static inline struct tsp_estimate sample_unsupported(uint64_t needs) {
    return (struct tsp_estimate){.value = NAN, .lo = NAN, .hi = NAN, .needs = needs};
}

/* 100 samples around `middle`: P50 and P95 are supported, P99 and P99.9 are not. */
static inline void sample_description(struct tsp_description *d, double middle) {
    *d = (struct tsp_description){.n = 100, .effective = 80.5, .outliers = 1, .autocorrelation = 0.125};
    d->mean = middle * 1.01;
    d->sd = middle * 0.02;
    d->min = middle * 0.96;
    d->max = middle * 1.5;
    d->mad = middle * 0.01;
    d->p50 = sample_estimate(middle, middle * 0.005);
    d->p95 = sample_estimate(middle * 1.05, middle * 0.01);
    d->p99 = sample_unsupported(300);
    d->p999 = sample_unsupported(3000);
    for (int i = 0; i < TSP_SKETCH_POINTS; ++i) {
        d->sketch[i] = middle * (0.96 + 0.0008 * i);
    }
}

static inline struct tsp_round_metric *sample_metric(struct tsp_round *round, const char *name,
                                                     const char *unit, enum tsp_evidence evidence) {
    struct tsp_round_metric *metric = &round->metrics[round->metric_count++];
    *metric = (struct tsp_round_metric){.evidence = evidence, .share = 1};
    SET(metric->name, name);
    SET(metric->unit, unit);
    return metric;
}

static inline void sample_time(struct tsp_round *round, enum tsp_evidence evidence, double net) {
    struct tsp_round_metric *metric = sample_metric(round, "time", "ns/op", evidence);
    metric->gross = net + 0.25;
    metric->reference = 0.25;
    metric->net = net;
    metric->bias = round->per_op ? 1.5 : 0;
    sample_description(&metric->description, net);
}

static inline void sample_count(struct tsp_round *round, const char *name, const char *unit,
                                enum tsp_evidence evidence, double value) {
    struct tsp_round_metric *metric = sample_metric(round, name, unit, evidence);
    metric->exact = true;
    metric->gross = metric->net = value;
    struct tsp_description *d = &metric->description;
    /* The tails are zero on purpose, as a careless source would leave them: nobody may take them for values. */
    *d = (struct tsp_description){.n = 1, .effective = 1, .mean = value, .min = value, .max = value};
    d->sd = d->autocorrelation = NAN;
    d->p50 = (struct tsp_estimate){.value = value, .lo = NAN, .hi = NAN};
}

static inline void sample_no_count(struct tsp_round *round, const char *name, enum tsp_counter_status status,
                                   const char *reason) {
    struct tsp_round_metric *metric = sample_metric(round, name, "count/op", TSP_MEASURED);
    metric->status = status;
    metric->description.n =
        1; /* of zeros, as a careless source would leave them: nobody may take them for values */
    SET(metric->reason, reason);
}

static inline struct tsp_round *sample_round(unsigned index, enum tsp_status status) {
    struct tsp_round *round = calloc(1, sizeof *round);
    if (round == NULL) {
        abort();
    }
    *round = (struct tsp_round){.status = status, .index = index, .ops_per_sample = 4096, .items = 1};
    round->ops = 1000000 + index;
    round->warm = true;
    round->duration_ms = 12.5 + index;
    round->cpu_count = 1;
    round->cpus[0] = 1;
    SET(round->shares, "single");
    round->disturbance =
        (struct tsp_disturbance){.voluntary_switches = 2, .minor_faults = 3, .migrations = -1};
    round->disturbance.steal_ms = 0.5 * index;
    round->disturbance.ghz_before = 2.9;
    round->disturbance.ghz_after = 2.875;
    return round;
}

static inline void sample_add(struct tsp_result *result, struct tsp_round *round) {
    struct tsp_error error;
    if (tsp_result_add_round(result, round, &error) != 0) {
        abort();
    }
    free(round);
}

static inline struct tsp_result *sample_case(struct tsp_record *record, const char *family,
                                             const char *kernel, const char *variant, const char *params) {
    struct tsp_result *result = &record->results[record->result_count++];
    SET(result->family, family);
    SET(result->kernel, kernel);
    SET(result->variant, variant);
    SET(result->params, params);
    (void)snprintf(result->id, sizeof result->id, "%.40s/%.40s/%.40s%s%.60s", family, kernel, variant,
                   params[0] != '\0' ? "/" : "", params);
    SET(result->implementation, "C");
    return result;
}

/* Five rounds of a time with its counters: one scaled, one refused. */
static inline void sample_measured(struct tsp_record *record) {
    struct tsp_result *result = sample_case(record, "syscall", "getppid", "raw", "");
    SET(result->implementation, "syscall");
    for (unsigned i = 0; i < 3; ++i) {
        struct tsp_round *round = sample_round(i, TSP_OK);
        round->frequency_drift = i == 1;
        round->warm = i != 2;
        round->disturbance.involuntary_switches = i == 0 ? 12 : 0;
        sample_time(round, TSP_MEASURED, 90.1 + 0.3 * i);
        sample_count(round, "instructions:u", "count/op", TSP_MEASURED, 7.5 + 0.01 * i);
        round->metrics[1].status = i == 1 ? TSP_COUNTER_MULTIPLEXED : TSP_COUNTER_OK;
        round->metrics[1].share = i == 1 ? 0.625 : 1;
        SET(round->metrics[1].reason, i == 1 ? "counted 62.5 % of the time, and scaled" : "");
        sample_no_count(round, "cycles:k", TSP_COUNTER_DENIED,
                        "denied: perf_event_paranoid is 2; sysctl kernel.perf_event_paranoid=1");
        sample_add(result, round);
    }
}

/* Exact counts: equal in all rounds, and not. */
static inline void sample_counted(struct tsp_record *record) {
    struct tsp_result *result = sample_case(record, "abi", "args-int", "direct", "n=6/order=seq-cst/pad=08");
    for (unsigned i = 0; i < 3; ++i) {
        struct tsp_round *round = sample_round(i, TSP_OK);
        sample_count(round, "instructions", "count/op", TSP_COUNTED, 10.0 / 3.0);
        sample_count(round, "stores", "count/op", TSP_COUNTED, 6);
        sample_count(round, "loads", "count/op", TSP_COUNTED, i == 2 ? 4.5 : 4);
        sample_count(round, "size", "bytes", TSP_COUNTED, 48);
        sample_add(result, round);
    }
}

/* Two rounds of a per-op case whose op handles 64 pairs. */
static inline void sample_items(struct tsp_record *record) {
    struct tsp_result *result = sample_case(record, "insert", "putall", "swar", "n=64");
    for (unsigned i = 0; i < 2; ++i) {
        struct tsp_round *round = sample_round(i, TSP_OK);
        round->per_op = true;
        round->ops_per_sample = 1;
        round->items = 64;
        SET(round->item_unit, "pair");
        round->cpu_count = 2;
        round->cpus[1] = 3;
        SET(round->shares, "same-llc");
        sample_time(round, TSP_MEASURED, 1280 + 64 * i);
        sample_add(result, round);
    }
}

/* All the ways in which a case does not end well. */
static inline void sample_misfits(struct tsp_record *record) {
    struct tsp_result *skipped = sample_case(record, "barrier", "fence", "dmb-ish", "");
    skipped->status = TSP_SKIPPED;
    SET(skipped->reason, "needs ARM64: this is x86_64, \"dmb ish\" does not exist");

    struct tsp_result *faulted = sample_case(record, "align", "load", "u128", "offset=1");
    struct tsp_round *round = sample_round(0, TSP_OK);
    sample_time(round, TSP_MEASURED, 1.5);
    sample_add(faulted, round);
    round = sample_round(1, TSP_FAULTED);
    SET(round->reason, "SIGBUS at 0x7f0000000001");
    sample_time(round, TSP_MEASURED, 1.75);
    sample_add(faulted, round);

    struct tsp_result *failed = sample_case(record, "equal", "memcmp", "libc", "n=16");
    round = sample_round(0, TSP_FAILED);
    round->ops_per_sample = 0;
    SET(round->reason, "check: 3 of 16 bytes differ, expected none");
    sample_add(failed, round);

    struct tsp_result *late = sample_case(record, "epoll", "wait", "level", "");
    round = sample_round(0, TSP_TIMED_OUT);
    round->cpu_count = 0;
    SET(round->reason, "timed out after 10000 ms");
    sample_add(late, round);

    (void)sample_case(record, "alloc", "malloc", "libc", "n=64"); /* the run was interrupted before it */
}

static inline struct tsp_finding sample_finding(const char *subject, int level, const char *value,
                                                const char *effect) {
    struct tsp_finding finding = {.level = TSP_FINDING_OK};
    finding.level = level == 0   ? TSP_FINDING_OK
                    : level == 1 ? TSP_FINDING_NOTE
                    : level == 2 ? TSP_FINDING_WARNING
                                 : TSP_FINDING_UNKNOWN;
    SET(finding.subject, subject);
    SET(finding.value, value);
    SET(finding.effect, effect);
    SET(finding.remedy, level == 2 ? "cpupower frequency-set -g performance" : "");
    return finding;
}

static inline void sample_machine(struct tsp_machine *machine) {
    SET(machine->id, "00c0ffee12345678");
    SET(machine->arch, "x86_64");
    SET(machine->hypervisor, "kvm");
    SET(machine->cpu_vendor, "GenuineIntel");
    SET(machine->cpu_model, "Some CPU @ 2.90 GHz");
    SET(machine->features, "fpu sse2 avx2");
    machine->sockets = 1;
    machine->cores = 2;
    machine->threads = 4;
    machine->usable_threads = 4;
    machine->caches[machine->cache_count++] = (struct tsp_cache){1, 49152, 64, 12, 2};
    machine->caches[machine->cache_count++] = (struct tsp_cache){3, 37748736, 64, 0, 4};
    machine->page_bytes = 4096;
    machine->memory_bytes = UINT64_C(17179869184);
    SET(machine->kernel, "Linux 6.1.0");
    SET(machine->libc, "glibc 2.36");
    SET(machine->libc_release, "Debian GLIBC 2.36-9+deb12u13");
    machine->findings[machine->finding_count++] =
        sample_finding("governor", 2, "powersave", "the first milliseconds run at half the clock");
    machine->findings[machine->finding_count++] =
        sample_finding("isolation", 1, "none", "others may run on any CPU");
    machine->findings[machine->finding_count++] = sample_finding("aslr", 0, "2", "");
    machine->findings[machine->finding_count++] = sample_finding("turbo", 3, "no such file", "");
}

static inline void sample_clock(struct tsp_clock *clock) {
    *clock = (struct tsp_clock){.isa = true, .hz = 2899886718.75, .hz_uncertainty = 3.5e-9};
    SET(clock->name, "tsc");
    SET(clock->hz_source, "cpuid 15h");
    clock->resolution_ns = 0.689655172414;
    clock->overhead_ns_p5 = 18;
    clock->overhead_ns_p50 = 18.5;
    clock->overhead_ns_p95 = 21.25;
}

static inline void sample_run(struct tsp_run *run) {
    SET(run->id, "6f1c2d3e-0000-4000-8000-000000000001");
    SET(run->started, "2024-05-01T12:34:56Z");
    SET(run->finished, "2024-05-01T12:35:56Z");
    SET(run->command,
        "transept run --suite quick --filter 'a,\xc3'"); /* half a character: arguments may be anything */
    SET(run->version, "0.1.0");
    SET(run->commit, "18ff3afb71e83756d2d54a4ac9e2894c25435433");
    SET(run->suite, "quick");
    run->seed = UINT64_MAX; /* no double and no signed integer holds it */
    run->rounds = 3;
    run->profile = (struct tsp_profile){.time_ms = 20, .warmup_ms = 5, .limit_ms = 10000, .files = 64};
    run->profile.memory_bytes = 16777216;
}

static inline void sample_build(struct tsp_build *build) {
    SET(build->compiler, "gcc");
    SET(build->version, "12.2.0");
    SET(build->release, "(Debian 12.2.0-14+deb12u1) 12.2.0");
    SET(build->target, "x86_64-linux-gnu");
    SET(build->linker, "GNU ld (GNU Binutils for Debian) 2.40");
    SET(build->flags, "-O2 -g");
    SET(build->optimisation, "-O2");
    SET(build->hwloc, "API 2.8.0");
    SET(build->libpfm4, "API 4.0");
    SET(build->gsl, "2.7.1");
}

static inline void sample_finish(struct tsp_record *record) {
    struct tsp_error error;
    for (size_t i = 0; i < record->result_count; ++i) {
        if (tsp_result_summarise(&record->results[i], &error) != 0) {
            abort();
        }
    }
}

static inline void sample_start(struct tsp_record *record) {
    memset(record, 0, sizeof *record);
    record->results = calloc(16, sizeof *record->results);
    if (record->results == NULL) {
        abort();
    }
    sample_run(&record->run);
    sample_machine(&record->machine);
    sample_clock(&record->clock);
    sample_build(&record->build);
    record->core_ghz_estimate = 2.9;
    SET(record->pmu_name, "skl (Intel Skylake)");
    SET(record->pmu_status, "denied");
    SET(record->pmu_reason, "perf_event_paranoid is 2");
}

/* A run on hardware. */
static inline void sample_hardware(struct tsp_record *record) {
    sample_start(record);
    sample_measured(record);
    sample_counted(record);
    sample_items(record);
    sample_misfits(record);
    sample_finish(record);
}

/* A run under an emulator that was interrupted after one round of its one case. Small: it is also what the fuzz tests damage. */
static inline void sample_emulated(struct tsp_record *record) {
    sample_start(record);
    SET(record->machine.arch, "arm64");
    SET(record->machine.hypervisor, "");
    record->machine.emulated = true;
    SET(record->machine.emulator, "qemu-aarch64");
    SET(record->machine.emulator_version, "7.2.22");
    SET(record->machine.host_arch, "x86_64");
    SET(record->clock.rejected, "cntvct_el0 stepped back");
    record->core_ghz_estimate = 0;
    SET(record->run.finished, "");
    record->run.interrupted = true;
    struct tsp_result *result = sample_case(record, "syscall", "getppid", "libc", "");
    struct tsp_round *round = sample_round(0, TSP_OK);
    round->disturbance.steal_ms = -1;
    round->disturbance.ghz_before = round->disturbance.ghz_after = 0;
    sample_time(round, TSP_EMULATED, 250);
    sample_count(round, "instructions", "count/op", TSP_COUNTED, 12);
    sample_add(result, round);
    sample_finish(record);
}

#endif
