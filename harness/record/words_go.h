/* The words of Go's benchmark format, for its writer and its reader. */
#ifndef TRANSEPT_RECORD_WORDS_GO_H
#define TRANSEPT_RECORD_WORDS_GO_H

#include "transept/record.h"

/** What a line of ours begins with: the format wants "Benchmark" and a capital; case ids begin as they like behind the slash. */
#define TSP_GO_PREFIX "BenchmarkTransept/"

/** Comments of ours: at the top, with the version; at the end, with the number of benchmark lines. */
#define TSP_GO_WRITTEN_BY "transept"
#define TSP_GO_END        "end of benchmark lines:"

/** Go's name of an ISA of ours ("amd64"), and back; others are the same in both. */
const char *tsp_go_arch(const char *arch);
const char *tsp_go_arch_parse(const char *goarch);

/**
 * The unit of a metric, which benchstat takes for the metric itself: "ns/op" is the time, "instructions/op" a count, "size-bytes" anything else.
 * A percentile ("p95", or NULL) and the mark of what hardware did not measure stand before it: "emulated-p95-ns/op". Returns `unit`.
 */
#define TSP_GO_UNIT_SIZE (TSP_NAME_MAX + 48)
const char *tsp_go_unit(const struct tsp_metric *metric, const char *percentile, char unit[TSP_GO_UNIT_SIZE]);

#endif
