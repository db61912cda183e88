/* What a reader of the figures should know. */
#include <inttypes.h>
#include <stdarg.h>

#include "workload/summary.h"

/* A rate is reached when no more than this share of the operations was left undone. */
#define UNDONE_MAX 0.01

static void __attribute__((format(printf, 2, 3)))
note(struct tsp_workload_result *result, const char *format, ...) {
    if (result->note_count < TSP_WORKLOAD_NOTES_MAX) {
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(result->notes[result->note_count++], sizeof result->notes[0], format, arguments);
        va_end(arguments);
    }
}

static void remark_rate(struct tsp_workload_result *result, const struct tsp_workload *workload) {
    uint64_t done = result->latencies[TSP_OPERATIONS].n;
    uint64_t undone = result->due > done ? result->due - done : 0;
    if (workload->rate > 0 && (double)undone > UNDONE_MAX * (double)result->due) {
        note(result,
             "the rate asked was not reached: %.6g of %" PRIu64 " operations a second; %" PRIu64
             " that were due never began, so the true tails are longer than these",
             (double)done / result->seconds_measured, workload->rate, undone);
    }
}

void tsp_workload_remark(struct tsp_workload_result *result, const struct tsp_workload *workload,
                         const struct tsp_worker *workers) {
    uint64_t backward = 0;
    bool raw_full = false;
    for (uint64_t i = 0; i < workload->threads; ++i) {
        backward += workers[i].backward;
        raw_full |= workers[i].raw_full;
    }
    if (result->interrupted) {
        note(result, "interrupted after %.1f of %g s: the figures are those of this time",
             result->seconds_measured, workload->duration_ms / 1e3);
    } else if (raw_full) {
        note(result, "ended after %.1f of %g s: there was no memory for more raw samples",
             result->seconds_measured, workload->duration_ms / 1e3);
    }
    if (result->evidence == TSP_EMULATED) {
        note(result, "emulated: these times say what the emulator costs and nothing of the processor");
    }
    remark_rate(result, workload);
    if (workload->threads > result->cpus) {
        note(
            result,
            "%" PRIu64
            " threads share %u CPUs: a thread that loses its CPU within an operation waits for all others, and its latency has that wait in it",
            workload->threads, result->cpus);
    }
    if (backward > 0) {
        note(result,
             "%" PRIu64 " operations ended before they began: the CPUs' clocks differ; they count as 0 ns",
             backward);
    }
}
