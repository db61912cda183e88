/* One metric over all rounds that ended ok. */
#include "record/merge.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "transept/stats.h"

/* From so many rounds on their spread gives the interval (measurement.md). */
#define ROUNDS_FOR_SPREAD 3

/* Counts are compared at the 12 digits that a record keeps, so that a resumed run is judged like one that ran through. */
#define SAME_COUNT 1e-11

bool tsp_round_metric_usable(const struct tsp_round_metric *metric) {
    return (metric->status == TSP_COUNTER_OK || metric->status == TSP_COUNTER_MULTIPLEXED) &&
           metric->description.n > 0 && isfinite(metric->description.mean);
}

const struct tsp_round_metric *tsp_round_metric_find(const struct tsp_round *round, const char *name) {
    for (unsigned i = 0; i < round->metric_count; ++i) {
        if (strcmp(round->metrics[i].name, name) == 0) {
            return &round->metrics[i];
        }
    }
    return NULL;
}

bool tsp_metric_matches(const struct tsp_metric *metric, const struct tsp_round_metric *other) {
    return metric->evidence == other->evidence && strcmp(metric->unit, other->unit) == 0;
}

/* Where a value of one round is found. */
typedef double field(const struct tsp_round_metric *metric);

static double gross_of(const struct tsp_round_metric *metric) {
    return metric->gross;
}

static double net_of(const struct tsp_round_metric *metric) {
    return metric->net;
}

static double p50_of(const struct tsp_round_metric *metric) {
    return metric->description.p50.value;
}

static double mad_of(const struct tsp_round_metric *metric) {
    return metric->description.n > 1 ? metric->description.mad
                                     : NAN; /* one value has no spread to speak of */
}

static double autocorrelation_of(const struct tsp_round_metric *metric) {
    return metric->description.autocorrelation;
}

/* Rounds, and room for one value of each. */
struct merge {
    const struct tsp_round_metric *const *list;
    unsigned count;
    double *values;
};

static double median_of(const struct merge *merge, field *get) {
    size_t n = 0;
    for (unsigned i = 0; i < merge->count; ++i) {
        double value = get(merge->list[i]);
        if (isfinite(value)) {
            merge->values[n++] = value;
        }
    }
    return tsp_stats_median(merge->values, n);
}

/* Mean and standard deviation of all samples of all rounds, from those of each (Chan, Golub & LeVeque 1979). */
static void pool_moments(struct tsp_metric *metric, const struct merge *merge) {
    double n = 0;
    double mean = 0;
    double squares = 0;
    metric->n = 0;
    metric->min = INFINITY;
    metric->max = -INFINITY;
    for (unsigned i = 0; i < merge->count; ++i) {
        const struct tsp_description *d = &merge->list[i]->description;
        double more = (double)d->n;
        double step = d->mean - mean;
        double total = n + more;
        squares +=
            (d->n > 1 && isfinite(d->sd) ? d->sd * d->sd * (more - 1) : 0) + step * step * n * more / total;
        mean += step * more / total;
        n = total;
        metric->n += d->n;
        metric->min = fmin(metric->min, d->min);
        metric->max = fmax(metric->max, d->max);
    }
    metric->mean = mean;
    metric->sd = metric->n > 1 ? sqrt(squares / (n - 1)) : NAN;
}

static const struct tsp_estimate *quantile_of(const struct tsp_description *d, double p) {
    return p < 0.9 ? &d->p50 : p < 0.97 ? &d->p95 : p < 0.995 ? &d->p99 : &d->p999;
}

/* With one or two rounds: the middle of what they say, within the hull of their own intervals. */
static struct tsp_estimate within_rounds(const struct merge *merge, double p, size_t supported) {
    struct tsp_estimate estimate = {.value = NAN, .lo = INFINITY, .hi = -INFINITY};
    estimate.value = tsp_stats_median(merge->values, supported);
    for (unsigned i = 0; i < merge->count; ++i) {
        const struct tsp_estimate *one = quantile_of(&merge->list[i]->description, p);
        if (isfinite(one->value) && (merge->list[i]->exact || !isfinite(one->lo) || !isfinite(one->hi))) {
            estimate.lo = estimate.hi = NAN;
            break; /* a round without bounds, or of one value, leaves none for both */
        }
        if (isfinite(one->value)) {
            estimate.lo = fmin(estimate.lo, one->lo);
            estimate.hi = fmax(estimate.hi, one->hi);
        }
    }
    return estimate;
}

/* Rounds that have a median: those that speak at all. */
static size_t speaking_rounds(const struct merge *merge) {
    size_t count = 0;
    for (unsigned i = 0; i < merge->count; ++i) {
        count += isfinite(merge->list[i]->description.p50.value) ? 1 : 0;
    }
    return count;
}

/*
 * All quantiles of a case rest on the same rounds. A tail that some of them do not support is not reported at all: taken from the
 * others, which were quieter or luckier, a P95 could come out below the P50.
 */
static struct tsp_estimate merge_quantile(const struct merge *merge, double p) {
    size_t supported = 0;
    uint64_t needs = tsp_stats_needed(p);
    for (unsigned i = 0; i < merge->count; ++i) {
        const struct tsp_round_metric *one = merge->list[i];
        bool tail_of_one_value = one->exact && p > 0.5; /* whatever stands in its fields */
        double value = tail_of_one_value ? NAN : quantile_of(&one->description, p)->value;
        if (isfinite(value)) {
            merge->values[supported++] = value;
        }
    }
    bool spread = merge->count >= ROUNDS_FOR_SPREAD;
    if (supported == 0 || supported < speaking_rounds(merge) || (spread && supported < ROUNDS_FOR_SPREAD)) {
        return (struct tsp_estimate){.value = NAN, .lo = NAN, .hi = NAN, .needs = needs};
    }
    return spread ? tsp_stats_across_rounds(merge->values, supported) : within_rounds(merge, p, supported);
}

static bool same_count(double a, double b) {
    return fabs(a - b) <= SAME_COUNT * fmax(fabs(a), fabs(b));
}

/* An exact count is the same in all rounds, or it is marked: then the bounds are the least and the most that was seen. */
static void merge_counts(struct tsp_metric *metric, const struct merge *merge) {
    const struct tsp_estimate none = {.value = NAN, .lo = NAN, .hi = NAN};
    double first = p50_of(merge->list[0]);
    for (unsigned i = 0; i < merge->count; ++i) {
        const struct tsp_round_metric *one = merge->list[i];
        metric->nondeterministic |= one->nondeterministic || !same_count(p50_of(one), first);
    }
    metric->p95 = metric->p99 = metric->p999 = none;
    metric->exact = !metric->nondeterministic;
    if (metric->exact) {
        metric->p50 = (struct tsp_estimate){.value = first, .lo = first, .hi = first};
        metric->min = metric->max = metric->mean = first;
        metric->sd = metric->mad = 0;
    } else {
        metric->p50 =
            (struct tsp_estimate){.value = median_of(merge, p50_of), .lo = metric->min, .hi = metric->max};
    }
}

static bool is_count(const struct tsp_round_metric *one) {
    return one->evidence == TSP_COUNTED ||
           (one->evidence == TSP_MODELLED && (one->exact || one->nondeterministic));
}

/* What rounds have to say of a value that they do have: of an event that was seen the first of them that says something, of one that was
 * not only all of them; or nothing. */
static const char *remark_of_rounds(const struct tsp_round_metric *const *list, unsigned count) {
    bool all = true;
    for (unsigned i = 0; i < count; ++i) {
        bool remarks = list[i]->status == TSP_COUNTER_OK && list[i]->reason[0] != '\0';
        if (remarks && list[i]->net > 0) {
            return list[i]->reason;
        }
        all = all && remarks;
    }
    return all ? list[0]->reason : "";
}

/* The gravest status of all rounds, and the reason that came with it. */
static void merge_status(struct tsp_metric *metric, const struct tsp_round_metric *const *list,
                         unsigned count) {
    unsigned with = 0;
    metric->share = 1;
    for (unsigned i = 0; i < count; ++i) {
        if (list[i]->status > metric->status) {
            metric->status = list[i]->status;
            memcpy(metric->reason, list[i]->reason, sizeof metric->reason);
        }
        metric->share = fmin(metric->share, list[i]->share);
        with += tsp_round_metric_usable(list[i]) ? 1 : 0;
    }
    if (metric->status == TSP_COUNTER_OK) {
        (void)snprintf(metric->reason, sizeof metric->reason, "%s", remark_of_rounds(list, count));
    }
    if (with == 0 && metric->reason[0] == '\0') {
        (void)snprintf(metric->reason, sizeof metric->reason, "%s in all rounds, which tell no reason",
                       metric->status == TSP_COUNTER_OK ? "no sample was taken"
                                                        : tsp_counter_status_name(metric->status));
    }
}

static void merge_nothing(struct tsp_metric *metric) {
    const struct tsp_estimate none = {.value = NAN, .lo = NAN, .hi = NAN};
    metric->p50 = metric->p95 = metric->p99 = metric->p999 = none;
    metric->gross = metric->net = metric->bias = NAN;
    metric->min = metric->max = metric->mean = metric->sd = metric->mad = metric->autocorrelation = NAN;
}

static void merge_values(struct tsp_metric *metric, const struct merge *merge) {
    metric->rounds = merge->count;
    metric->gross = median_of(merge, gross_of);
    metric->net = median_of(merge, net_of);
    metric->mad = median_of(merge, mad_of);
    metric->autocorrelation = median_of(merge, autocorrelation_of);
    metric->bias = 0;
    for (unsigned i = 0; i < merge->count; ++i) {
        metric->bias = fmax(metric->bias, merge->list[i]->bias);
    }
    pool_moments(metric, merge);
    if (is_count(merge->list[0])) {
        merge_counts(metric, merge);
        return;
    }
    metric->across_rounds = merge->count >= ROUNDS_FOR_SPREAD;
    metric->p50 = merge_quantile(merge, 0.5);
    metric->p95 = merge_quantile(merge, 0.95);
    metric->p99 = merge_quantile(merge, 0.99);
    metric->p999 = merge_quantile(merge, 0.999);
}

void tsp_metric_merge(struct tsp_metric *metric, const struct tsp_round_metric **list, unsigned count,
                      double *scratch) {
    *metric = (struct tsp_metric){.evidence = list[0]->evidence};
    memcpy(metric->name, list[0]->name, sizeof metric->name);
    memcpy(metric->unit, list[0]->unit, sizeof metric->unit);
    merge_nothing(metric);
    merge_status(metric, list, count);
    unsigned usable = 0;
    for (unsigned i = 0; i < count; ++i) {
        if (tsp_round_metric_usable(list[i])) {
            list[usable++] = list[i];
        }
    }
    /* A counter that failed in one round is not to be believed in the others. */
    if (usable > 0 && metric->status <= TSP_COUNTER_MULTIPLEXED) {
        merge_values(metric, &(struct merge){.list = list, .count = usable, .values = scratch});
    }
}
