/* What a kernel may call: its parameters, memory, random numbers and verdicts (kernel.h). */
#include "measure/bench.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "measure/crew.h"
#include "transept/machine.h"
#include "transept/round.h"

/* Memory that a kernel was given; freed at the end of the round. */
struct tsp_block {
    struct tsp_block *next;
    void *memory;
    size_t mapped; /* bytes that came from mmap(); 0: it came from the heap */
};

/* From so many bytes on the kernel is asked for all pages at once: it clears and maps them in half the time that a fault for each and a
 * memset take, which for twice a server's last-level cache is the longest part of a round. */
#define MAPPED_BYTES ((size_t)64 << 20)

void tsp_bench_open(struct tsp_bench *bench, const struct tsp_case *tcase, const struct tsp_env *env,
                    uint64_t seed, struct tsp_round *round) {
    memset(bench, 0, sizeof *bench);
    bench->items = 1;
    bench->kernel = tcase->kernel;
    bench->values = tcase->values;
    bench->value_count = tcase->value_count;
    bench->env = env;
    bench->random_state = seed;
    bench->round = round;
}

void tsp_bench_close(struct tsp_bench *bench) {
    tsp_crew_end(bench);
    while (bench->blocks != NULL) {
        struct tsp_block *block = bench->blocks;
        bench->blocks = block->next;
        if (block->mapped != 0) {
            (void)munmap(block->memory, block->mapped);
        } else {
            free(block->memory);
        }
        free(block);
    }
}

tsp_body *tsp_bench_body(const struct tsp_bench *bench) {
    const struct tsp_kernel *kernel = bench->kernel;
    return kernel->runs != NULL ? kernel->runs[bench->values[0].index] : kernel->run;
}

/* The value called `name`; a kernel that asks for one it did not declare is wrong, and its round ends here, loudly. */
static const struct tsp_value *value_of(const struct tsp_bench *bench, const char *name) {
    for (unsigned i = 0; i < bench->value_count; ++i) {
        if (strcmp(bench->values[i].name, name) == 0) {
            return &bench->values[i];
        }
    }
    if (bench->round != NULL) {
        bench->round->status = TSP_FAILED;
        (void)snprintf(bench->round->reason, sizeof bench->round->reason,
                       "the kernel asks for a parameter '%s' that it does not declare", name);
    }
    abort();
}

int64_t tsp_param_int(const struct tsp_bench *bench, const char *name) {
    return value_of(bench, name)->number;
}

const char *tsp_param_text(const struct tsp_bench *bench, const char *name) {
    return value_of(bench, name)->text;
}

size_t tsp_ws_bytes(const struct tsp_bench *bench) {
    return tsp_env_ws_bytes(bench->env, tsp_param_text(bench, "ws"));
}

size_t tsp_env_ws_bytes(const struct tsp_env *env, const char *level) {
    const struct {
        const char *name;
        size_t bytes;
    } levels[] = {
        {"l1", env->l1_bytes}, {"l2", env->l2_bytes}, {"llc", env->llc_bytes}, {"dram", env->dram_bytes}};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; ++i) {
        if (strcmp(levels[i].name, level) == 0) {
            return levels[i].bytes;
        }
    }
    return 0;
}

size_t tsp_line_bytes(const struct tsp_bench *bench) {
    return bench->env->line_bytes;
}

size_t tsp_page_bytes(const struct tsp_bench *bench) {
    return bench->env->page_bytes;
}

/* Zeroed memory whose every page was touched: first-touch faults belong to set-up, not to samples. NULL: none. */
static void *memory_of(size_t bytes, size_t align, size_t *mapped) {
    void *memory = NULL;
    *mapped = 0;
    if (bytes >= MAPPED_BYTES && align <= (size_t)sysconf(_SC_PAGESIZE)) {
        memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        *mapped = bytes;
        return memory == MAP_FAILED ? NULL : memory;
    }
    if (posix_memalign(&memory, align, bytes == 0 ? 1 : bytes) != 0) {
        return NULL;
    }
    return memset(memory, 0, bytes);
}

void *tsp_alloc(struct tsp_bench *bench, size_t bytes, size_t align) {
    size_t mapped = 0;
    struct tsp_block *block = malloc(sizeof *block);
    void *memory =
        block == NULL ? NULL : memory_of(bytes, align < sizeof(void *) ? sizeof(void *) : align, &mapped);
    if (memory == NULL) {
        free(block);
        (void)tsp_fail(bench, "no memory for %zu bytes within the limit of this round", bytes);
        return NULL;
    }
    *block = (struct tsp_block){.next = bench->blocks, .memory = memory, .mapped = mapped};
    bench->blocks = block;
    return memory;
}

/* SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, figure 17. */
uint64_t tsp_random_next(uint64_t *state) {
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t tsp_round_seed(uint64_t seed, const char *id, unsigned index) {
    uint64_t state = seed;
    for (; *id != '\0'; ++id) {
        state ^= (unsigned char)*id;
        state = tsp_random_next(&state);
    }
    state += index;
    return tsp_random_next(&state);
}

uint64_t tsp_random(struct tsp_bench *bench) {
    return tsp_random_next(&bench->random_state);
}

/* The first verdict stands: a later one is often its consequence. */
static void decide(struct tsp_bench *bench, enum tsp_status status, const char *format, va_list arguments) {
    struct tsp_round *round = bench->round;
    if (round == NULL || round->status == TSP_FAILED || round->status == TSP_SKIPPED) {
        return;
    }
    round->status = status;
    (void)vsnprintf(round->reason, sizeof round->reason, format, arguments);
}

int tsp_fail(struct tsp_bench *bench, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    decide(bench, TSP_FAILED, format, arguments);
    va_end(arguments);
    return -1;
}

int tsp_skip(struct tsp_bench *bench, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    decide(bench, TSP_SKIPPED, format, arguments);
    va_end(arguments);
    return 1;
}

struct tsp_round_metric *tsp_round_add_metric(struct tsp_round *round, const char *name, const char *unit,
                                              enum tsp_evidence evidence) {
    if (round->metric_count == TSP_METRICS_MAX) {
        round->status = TSP_FAILED;
        (void)snprintf(round->reason, sizeof round->reason,
                       "over %d metrics; '%s' finds no room: ask for fewer counters", TSP_METRICS_MAX, name);
        return NULL;
    }
    struct tsp_round_metric *metric = &round->metrics[round->metric_count++];
    memset(metric, 0, sizeof *metric);
    (void)snprintf(metric->name, sizeof metric->name, "%s", name);
    (void)snprintf(metric->unit, sizeof metric->unit, "%s", unit);
    metric->evidence = evidence;
    metric->share = 1;
    return metric;
}

/* A fact; NULL outside a round, or where there is no room. */
static struct tsp_round_metric *add_fact(struct tsp_bench *bench, const char *metric, const char *unit,
                                         double value) {
    struct tsp_round_metric *fact =
        bench->round == NULL ? NULL : tsp_round_add_metric(bench->round, metric, unit, TSP_COUNTED);
    if (fact != NULL) {
        tsp_round_metric_exact(fact, value);
    }
    return fact;
}

void tsp_report(struct tsp_bench *bench, const char *metric, const char *unit, double value) {
    (void)add_fact(bench, metric, unit, value);
}

void tsp_report_remark(struct tsp_bench *bench, const char *metric, const char *unit, double value,
                       const char *format, ...) {
    struct tsp_round_metric *fact = add_fact(bench, metric, unit, value);
    if (fact != NULL) {
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(fact->reason, sizeof fact->reason, format, arguments);
        va_end(arguments);
    }
}

/* A metric that was watched, not counted exactly; NULL outside a round, or where there is no room. */
static struct tsp_round_metric *add_seen(struct tsp_bench *bench, const char *metric, const char *unit,
                                         double value) {
    const enum tsp_evidence evidence = bench->env->emulated ? TSP_EMULATED : TSP_MEASURED;
    struct tsp_round_metric *seen =
        bench->round == NULL ? NULL : tsp_round_add_metric(bench->round, metric, unit, evidence);
    if (seen != NULL) {
        tsp_round_metric_exact(seen, value);
    }
    return seen;
}

void tsp_report_seen(struct tsp_bench *bench, const char *metric, const char *unit, double value) {
    (void)add_seen(bench, metric, unit, value);
}

void tsp_report_chance(struct tsp_bench *bench, const char *metric, uint64_t events, uint64_t trials) {
    const uint64_t missing = bench->kernel->shows & ~bench->env->features;
    struct tsp_round_metric *seen =
        add_seen(bench, metric, "per million", 1e6 * (double)events / (double)trials);
    if (seen != NULL && events == 0) {
        char why[TSP_REASON_MAX / 2];
        (void)snprintf(seen->reason, sizeof seen->reason, "allowed, but not shown here%s%s",
                       missing != 0 ? ": " : "", tsp_features_explain(missing, why, sizeof why));
    }
}

int tsp_report_forbidden(struct tsp_bench *bench, const char *metric, uint64_t events, uint64_t trials,
                         const char *format, ...) {
    char words[TSP_REASON_MAX];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    if (events > 0 && !bench->env->emulated) {
        return tsp_fail(bench, "%s", words);
    }
    struct tsp_round_metric *seen =
        add_seen(bench, metric, "per million", 1e6 * (double)events / (double)trials);
    if (seen != NULL && events > 0) {
        (void)snprintf(seen->reason, sizeof seen->reason, "are the emulator's, not a processor's: %.200s",
                       words);
    }
    return 0;
}

bool tsp_clock_is_shared(const struct tsp_bench *bench) {
    return bench->clock_shared;
}

void tsp_counts_vary(struct tsp_bench *bench) {
    bench->counts_vary = true;
}

void tsp_round_metric_exact(struct tsp_round_metric *metric, double value) {
    metric->exact = true;
    metric->gross = value;
    metric->reference = 0;
    metric->net = value;
    struct tsp_estimate point = {.value = value, .lo = value, .hi = value};
    struct tsp_estimate none = {.value = (double)NAN, .lo = (double)NAN, .hi = (double)NAN};
    metric->description = (struct tsp_description){.n = 1,
                                                   .effective = 1,
                                                   .mean = value,
                                                   .min = value,
                                                   .max = value,
                                                   .p50 = point,
                                                   .p95 = none,
                                                   .p99 = none,
                                                   .p999 = none};
    for (unsigned i = 0; i < TSP_SKETCH_POINTS; ++i) {
        metric->description.sketch[i] = value;
    }
}
