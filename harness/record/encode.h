/* From our structs to JSON values. Every function returns a new reference, or NULL when memory is out. */
#ifndef TRANSEPT_RECORD_ENCODE_H
#define TRANSEPT_RECORD_ENCODE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transept/record.h"

/** Significant digits of a number in our files: more than any clock resolves, and few enough that 0.1 stays 0.1. */
#define TSP_DIGITS 12

/** A text of at most `size` bytes, null when empty. What is not UTF-8 (a command line may hold anything) loses its odd bytes. */
json_t *tsp_encode_text(const char *text, size_t size);
#define TSP_ENCODE_TEXT(array) tsp_encode_text((array), sizeof(array))

/** A number; an integer when it is one; null when it is not finite. */
json_t *tsp_encode_number(double value);

/** The same as text, with a decimal point in every locale; empty when it is not finite. Returns `text`. */
#define TSP_NUMBER_SIZE 40
const char *tsp_number_text(double value, char text[TSP_NUMBER_SIZE]);

/** A count. What exceeds JSON's signed 64 bits, which nothing countable does, becomes their largest. */
json_t *tsp_encode_count(uint64_t value);

/** The same, but null for 0: what an imported file does not tell and what cannot be 0. */
json_t *tsp_encode_known(uint64_t value);

/** {value, lo, hi}, {value: null, needs}, or null when there is neither. `no_bounds` says why lo and hi may be null. */
json_t *tsp_encode_estimate(const struct tsp_estimate *estimate, const char *no_bounds);

/** What a round found beside its metrics. */
json_t *tsp_encode_round_facts(const struct tsp_round *round);

/** One metric of one round, with the round's number and what disturbed it. */
json_t *tsp_encode_round_metric(const struct tsp_round *round, const struct tsp_round_metric *metric);

/** The metrics of a round by name. */
json_t *tsp_encode_round_metrics(const struct tsp_round *round);

/** "lower", "higher" or "neither": rates, and the share of the least in the most (1 is fair), grow when things get better, times and counts
 *  shrink, facts (a size, an offset) do neither. */
const char *tsp_unit_better(const char *unit);
const char *tsp_metric_better(const struct tsp_metric *metric);

json_t *tsp_encode_run(const struct tsp_run *run);
json_t *tsp_encode_machine(const struct tsp_record *record);
json_t *tsp_encode_build(const struct tsp_build *build);

/** What identifies a case and how it was planned. */
json_t *tsp_encode_plan(const struct tsp_result *result);

/** A case with everything that was found. */
json_t *tsp_encode_case(const struct tsp_result *result);

/** `array` takes `item` over, which may be NULL. Returns false, and frees both, when memory is out. */
bool tsp_encode_append(json_t **array, json_t *item);

/** The same for a member of an object. */
bool tsp_encode_member(json_t **object, const char *name, json_t *item);

#endif
