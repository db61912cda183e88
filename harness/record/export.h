/* What the formats for other programs have in common. */
#ifndef TRANSEPT_RECORD_EXPORT_H
#define TRANSEPT_RECORD_EXPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "record/encode.h"
#include "record/sink.h"
#include "transept/record.h"

/**
 * The mark of numbers that no hardware gave, to be put before their unit or measure: "emulated-", "modelled-", or nothing. No program that
 * reads these formats knows of evidence, so the mark is part of what they match by: such numbers never meet measured ones.
 */
const char *tsp_export_mark(enum tsp_evidence evidence);

/** "hardware", or "qemu-aarch64 7.2.22 on x86_64". Returns `text`. */
#define TSP_EXECUTOR_SIZE (2 * TSP_TEXT_MAX + 32)
const char *tsp_export_executor(const struct tsp_machine *machine, char text[TSP_EXECUTOR_SIZE]);

/** The metric that says how long an op takes, or NULL where the case has no such value. */
const struct tsp_metric *tsp_export_time(const struct tsp_result *result);

/** The median that a round which ended ok found of the metric; NaN where it has none, or in another unit or of other evidence. */
double tsp_export_round_value(const struct tsp_round *round, const struct tsp_metric *metric);

/** How many of the case's rounds have such a value. */
unsigned tsp_export_round_count(const struct tsp_result *result, const struct tsp_metric *metric);

/** Ops behind the round's samples of the metric; 1 where it was not sampled. */
uint64_t tsp_export_ops(const struct tsp_round *round, const struct tsp_metric *metric);

/** Why the case has no value of the metric (NULL: of any): its end, the metric's reason, or the samples it takes. Returns `text`. */
const char *tsp_export_absence(const struct tsp_result *result, const struct tsp_metric *metric,
                               char text[TSP_REASON_MAX]);

/** The value with so many significant digits at most, never with an exponent where digits do; empty when it is not finite. */
const char *tsp_export_rounded(double value, int digits, char text[TSP_NUMBER_SIZE]);

/** The three percentiles that are exported, with their names ("p50", "p95", "p99"). */
struct tsp_export_percentile {
    const char *name;
    const struct tsp_estimate *estimate;
};
#define TSP_EXPORT_PERCENTILES 3
void tsp_export_percentiles(const struct tsp_metric *metric,
                            struct tsp_export_percentile list[TSP_EXPORT_PERCENTILES]);

/** Is the result the first of its family? */
bool tsp_export_opens_family(const struct tsp_record *record, size_t index);

/** Writes a text into a line of its own: control characters, and so line breaks, become blanks. */
void tsp_export_line(struct tsp_sink *sink, const char *text);

#endif
