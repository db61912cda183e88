/* Facts of the machine out of a record's cases. */
#include "transept/facts.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transept/knee.h"

/* A text that grows; what does not fit is left out. */
static void add(struct tsp_fact *fact, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct tsp_fact *fact, const char *format, ...) {
    size_t used = strlen(fact->text);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(fact->text + used, sizeof fact->text - used, format, arguments);
    va_end(arguments);
}

/* ", " between the parts of a line. */
static void comma(struct tsp_fact *fact) {
    add(fact, "%s", fact->text[0] != '\0' ? ", " : "");
}

/* --- numbers ------------------------------------------------------------------------------------------------------------------- */

static void add_time(struct tsp_fact *fact, double ns) {
    const char *unit = ns < 1e3 ? "ns" : ns < 1e6 ? "us" : "ms";
    double value = ns < 1e3 ? ns : ns < 1e6 ? ns / 1e3 : ns / 1e6;
    add(fact, "%.3g %s", value, unit);
}

static void add_bytes(struct tsp_fact *fact, uint64_t bytes) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
    unsigned unit = 0;
    double value = (double)bytes;
    while (value >= 1024 && unit + 1 < sizeof units / sizeof *units) {
        value /= 1024;
        ++unit;
    }
    add(fact, "%.4g %s", value, units[unit]);
}

/* --- cases --------------------------------------------------------------------------------------------------------------------- */

static const struct tsp_metric *time_of(const struct tsp_result *result) {
    for (unsigned i = 0; result != NULL && result->status == TSP_OK && i < result->metric_count; ++i) {
        if (strcmp(result->metrics[i].name, "time") == 0 && isfinite(result->metrics[i].p50.value)) {
            return &result->metrics[i];
        }
    }
    return NULL;
}

/* "label 91.2 ns ±1.1", or nothing where the record has no such time. Returns whether there was one. */
static bool add_case(struct tsp_fact *fact, const struct tsp_record *record, const char *label,
                     const char *id) {
    const struct tsp_metric *time = time_of(tsp_record_find(record, id));
    if (time == NULL) {
        return false;
    }
    comma(fact);
    add(fact, "%s ", label);
    add_time(fact, time->p50.value);
    double reach = 50 * (time->p50.hi - time->p50.lo) / fabs(time->p50.value);
    if (isfinite(reach)) {
        add(fact, reach < 10 ? " ±%.1f %%" : " ±%.0f %%", reach);
    }
    return true;
}

/* The case of this beginning and any placement: the nearest that could be had comes first in the catalogue. */
static const struct tsp_result *find_placed(const struct tsp_record *record, const char *beginning) {
    for (size_t i = 0; i < record->result_count; ++i) {
        if (strncmp(record->results[i].id, beginning, strlen(beginning)) == 0 &&
            time_of(&record->results[i]) != NULL) {
            return &record->results[i];
        }
    }
    return NULL;
}

static const char *place_of(const struct tsp_result *result) {
    const char *place = strstr(result->id, "/place=");
    return place != NULL ? place + strlen("/place=") : "?";
}

/* --- the lines ----------------------------------------------------------------------------------------------------------------- */

static void tell_machine(struct tsp_fact *fact, const struct tsp_record *record) {
    const struct tsp_machine *machine = &record->machine;
    add(fact, "%s, %.60s", machine->arch, machine->cpu_model);
    if (machine->emulated) {
        add(fact, ", EMULATED by %.40s %.20s on %s", machine->emulator, machine->emulator_version,
            machine->host_arch);
    } else if (machine->hypervisor[0] != '\0') {
        add(fact, ", under %.30s", machine->hypervisor);
    }
    add(fact, ", %u cores, %u CPUs, %.40s, %.30s, page ", machine->cores, machine->threads, machine->kernel,
        machine->libc);
    add_bytes(fact, machine->page_bytes);
}

static void tell_core(struct tsp_fact *fact, const struct tsp_record *record) {
    if (record->core_ghz_estimate > 0) {
        add(fact, "%.2f GHz, estimated by a chain of additions", record->core_ghz_estimate);
    } else {
        add(fact, "clock rate not known: %s",
            record->machine.emulated ? "it is emulated" : "the estimate was withheld");
    }
}

static void tell_clock(struct tsp_fact *fact, const struct tsp_record *record) {
    const struct tsp_clock *clock = &record->clock;
    add(fact, "%.30s, %.4g MHz (%.40s), resolution ", clock->name, clock->hz / 1e6, clock->hz_source);
    add_time(fact, clock->resolution_ns);
    add(fact, ", a read ");
    add_time(fact, clock->overhead_ns_p50);
}

/* The distance from which on two threads' words no longer share what their writes fight for. */
static void tell_line(struct tsp_fact *fact, const struct tsp_record *record) {
    static const unsigned pads[] = {8, 16, 32, 64, 128, 256};
    enum { PADS = sizeof pads / sizeof *pads };
    double times[PADS];
    size_t count = 0;
    const struct tsp_result *result = NULL;
    for (; count < PADS; ++count) {
        char beginning[64];
        (void)snprintf(beginning, sizeof beginning, "barrier/false-sharing/add/pad=%u/place=", pads[count]);
        result = find_placed(record, beginning);
        if (result == NULL) {
            break;
        }
        times[count] = time_of(result)->p50.value;
    }
    double drop = 0;
    int knee = count == PADS ? tsp_knee_find(times, count, &drop) : -1;
    if (count < PADS) {
        add(fact, "not found: barrier/false-sharing/add/pad=%u has no time here", pads[count]);
    } else if (knee < 0) {
        add(fact, "not found: sharing a line slows two threads down by a factor of %.2f only", drop);
    } else {
        add(fact, "%u bytes matter: from there on two writers (%s) are %.1f times as fast", pads[knee],
            place_of(result), drop);
    }
    unsigned stated = record->machine.cache_count > 0 ? record->machine.caches[0].line_bytes : 0;
    add(fact, stated > 0 ? "; hwloc: %u bytes" : "; hwloc does not say", stated);
}

/* The smallest data cache that holds so much; DRAM where none does. A level may be found a step beyond its size. */
static const char *level_name(const struct tsp_machine *machine, uint64_t bytes, char *text, size_t size) {
    unsigned best = 0;
    uint64_t best_bytes = UINT64_MAX;
    for (unsigned i = 0; i < machine->cache_count; ++i) {
        const struct tsp_cache *cache = &machine->caches[i];
        if (cache->bytes + cache->bytes / 2 >= bytes && cache->bytes < best_bytes) {
            best = cache->level;
            best_bytes = cache->bytes;
        }
    }
    (void)snprintf(text, size, best > 0 ? "L%u" : "DRAM", best);
    return text;
}

static size_t take_ladder(const struct tsp_record *record, uint64_t *bytes, double *times) {
    static const char ladder[] = "layout/chase/ladder/kib=";
    size_t count = 0;
    for (size_t i = 0; i < record->result_count && count < TSP_LADDER_POINTS_MAX; ++i) {
        const struct tsp_result *result = &record->results[i];
        const struct tsp_metric *time =
            strncmp(result->id, ladder, sizeof ladder - 1) == 0 ? time_of(result) : NULL;
        if (time != NULL) {
            bytes[count] = strtoull(result->id + sizeof ladder - 1, NULL, 10) * 1024;
            times[count++] = time->p50.value;
        }
    }
    return count;
}

static void tell_latency(struct tsp_fact *fact, const struct tsp_record *record) {
    uint64_t bytes[TSP_LADDER_POINTS_MAX] = {0};
    double times[TSP_LADDER_POINTS_MAX];
    struct tsp_level levels[TSP_LADDER_LEVELS_MAX];
    size_t points = take_ladder(record, bytes, times);
    size_t count = tsp_ladder_levels(times, points, levels);
    char named[16] = "";
    for (size_t i = 0; i < count; ++i) {
        char name[sizeof named];
        bool last = levels[i].last + 1 == points;
        level_name(&record->machine, bytes[levels[i].last], name, sizeof name);
        if (strcmp(name, named) == 0) { /* a step within a cache: the page walks */
            add(fact, " and ");
        } else {
            comma(fact);
            add(fact, "%s ", name);
        }
        (void)snprintf(named, sizeof named, "%s", name);
        add_time(fact, levels[i].time);
        add(fact, last ? " at " : " to ");
        add_bytes(fact, bytes[levels[i].last]);
    }
    if (count == 0) {
        add(fact, "no levels found in the %zu sizes of layout/chase/ladder", points);
    }
    for (unsigned i = 0; i < record->machine.cache_count; ++i) {
        add(fact, i == 0 ? "; hwloc: L%u " : ", L%u ", record->machine.caches[i].level);
        add_bytes(fact, record->machine.caches[i].bytes);
    }
}

/* What follows a case and continues its label names it whole where that case has no time. */
static void tell_kernel(struct tsp_fact *fact, const struct tsp_record *record) {
    add_case(fact, record, "getppid", "syscall/getppid/raw");
    bool before = add_case(fact, record, "clock_gettime by vDSO", "syscall/clock_gettime/vdso");
    add_case(fact, record, before ? "by system call" : "clock_gettime by system call",
             "syscall/clock_gettime/raw");
}

static void tell_faults(struct tsp_fact *fact, const struct tsp_record *record) {
    bool before = add_case(fact, record, "first touch", "syscall/page-fault/first-touch/page=base");
    add_case(fact, record, before ? "of a huge page" : "first touch of a huge page",
             "syscall/page-fault/first-touch/page=huge");
}

static void tell_switch(struct tsp_fact *fact, const struct tsp_record *record) {
    static const char *const ways[] = {"pipe", "futex"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; ++i) {
        char id[64];
        char label[64];
        (void)snprintf(id, sizeof id, "syscall/switch/%s/place=same-cpu", ways[i]);
        (void)snprintf(label, sizeof label, "by %s on one CPU", ways[i]);
        bool before = add_case(fact, record, label, id);
        id[strlen(id) - strlen("cpu")] = '\0';
        for (size_t k = 0; k < record->result_count; ++k) {
            const struct tsp_result *result = &record->results[k];
            if (strncmp(result->id, id, strlen(id)) == 0 && strcmp(place_of(result), "same-cpu") != 0 &&
                time_of(result) != NULL) {
                (void)snprintf(label, sizeof label, "%s%s%s%s", before ? "" : "by ", before ? "" : ways[i],
                               before ? "" : " ", place_of(result));
                add_case(fact, record, label, result->id);
                break;
            }
        }
    }
}

static void tell_order(struct tsp_fact *fact, const struct tsp_record *record) {
    add_case(fact, record, "sequentially consistent fence", "barrier/fence/seq-cst/pending=0");
    add_case(fact, record, "atomic add", "barrier/rmw-add/seq-cst");
}

static void tell_alignment(struct tsp_fact *fact, const struct tsp_record *record) {
    bool before = add_case(fact, record, "8-byte load", "align/load/latency/width=8/offset=0");
    before |= add_case(fact, record, before ? "across a line" : "8-byte load across a line",
                       "align/load/latency/width=8/offset=63");
    add_case(fact, record, before ? "across a page" : "8-byte load across a page",
             "align/load/latency/width=8/offset=page");
}

size_t tsp_facts_make(const struct tsp_record *record, struct tsp_fact *facts) {
    static const struct {
        const char *name;
        bool timed; /* of times taken in this record */
        void (*tell)(struct tsp_fact *fact, const struct tsp_record *record);
    } lines[] = {
        {"machine", false, tell_machine},  {"core", false, tell_core},
        {"clock", false, tell_clock},      {"line", true, tell_line},
        {"latency", true, tell_latency},   {"system call", true, tell_kernel},
        {"page fault", true, tell_faults}, {"switch", true, tell_switch},
        {"order", true, tell_order},       {"alignment", true, tell_alignment},
    };
    _Static_assert(sizeof lines / sizeof *lines <= TSP_FACTS_MAX, "a line too many");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; ++i) {
        facts[i] = (struct tsp_fact){.name = lines[i].name};
        lines[i].tell(&facts[i], record);
        if (facts[i].text[0] == '\0') {
            add(&facts[i], "not measured: the record has none of the cases, or none ended ok");
        } else if (lines[i].timed && record->machine.emulated) {
            add(&facts[i], " (emulated: of no processor)");
        }
    }
    return sizeof lines / sizeof *lines;
}
