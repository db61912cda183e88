/*
 * The record as Go benchmark text (golang.org/design/14313-benchmark-format; units: golang/go issue 43744): what benchstat reads. Configuration
 * lines say what makes results incomparable, since benchstat makes a table of each combination; what merely differs stands in comments, which
 * it ignores. One line a round. The last comment counts the lines, so that a cut file can be told from a whole one.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "record/export.h"
#include "record/merge.h"
#include "record/words_go.h"

/* Where one of Unicode's blanks begins (Go's unicode.IsSpace), its bytes; else 0. */
static size_t blank_length(const unsigned char *c) {
    if (*c <= ' ' || *c == 0x7f) {
        return 1;
    }
    if (c[0] == 0xc2 && (c[1] == 0x85 || c[1] == 0xa0)) {
        return 2;
    }
    bool wide = (c[0] == 0xe1 && c[1] == 0x9a && c[2] == 0x80) ||
                (c[0] == 0xe3 && c[1] == 0x80 && c[2] == 0x80) ||
                (c[0] == 0xe2 && c[1] == 0x81 && c[2] == 0x9f) ||
                (c[0] == 0xe2 && c[1] == 0x80 &&
                 ((c[2] >= 0x80 && c[2] <= 0x8a) || c[2] == 0xa8 || c[2] == 0xa9 || c[2] == 0xaf));
    return wide ? 3 : 0;
}

/* A word of a line: blanks would end it, so they become low lines, as Go's own testing package does it. */
static void put_word(struct tsp_sink *sink, const char *text) {
    for (const char *c = text; *c != '\0';) {
        size_t blank = blank_length((const unsigned char *)c);
        tsp_sink_put(sink, blank > 0 ? "_" : c, 1);
        c += blank > 0 ? blank : 1;
    }
}

static void put_config(struct tsp_sink *sink, const char *key, const char *value) {
    if (value[0] != '\0') {
        tsp_sink_puts(sink, key);
        tsp_sink_puts(sink, ": ");
        tsp_export_line(sink, value);
        tsp_sink_puts(sink, "\n");
    }
}

static void put_comment(struct tsp_sink *sink, const char *what, const char *text) {
    if (text[0] != '\0') {
        tsp_sink_puts(sink, "# ");
        tsp_sink_puts(sink, what);
        tsp_sink_puts(sink, " ");
        tsp_export_line(sink, text);
        tsp_sink_puts(sink, "\n");
    }
}

static void put_head(struct tsp_sink *sink, const struct tsp_record *record) {
    const struct tsp_machine *machine = &record->machine;
    char executor[TSP_EXECUTOR_SIZE];
    char compiler[sizeof record->build.compiler + sizeof record->build.version + 1];
    char page[24] = "";
    (void)snprintf(compiler, sizeof compiler, "%s%s%s", record->build.compiler,
                   record->build.version[0] != '\0' ? " " : "", record->build.version);
    if (machine->page_bytes > 0) {
        (void)snprintf(page, sizeof page, "%" PRIu64, machine->page_bytes);
    }
    put_comment(sink, TSP_GO_WRITTEN_BY, record->run.version);
    put_comment(sink, "commit", record->run.commit);
    put_comment(sink, "suite", record->run.suite);
    put_comment(sink, "started", record->run.started);
    put_comment(sink, "kernel", machine->kernel);
    put_comment(sink, "libc", machine->libc);
    put_config(sink, "goos", "linux");
    put_config(sink, "goarch", tsp_go_arch(machine->arch));
    put_config(sink, "cpu", machine->cpu_model);
    put_config(sink, "executed-by", tsp_export_executor(machine, executor));
    put_config(sink, "hypervisor", machine->hypervisor);
    put_config(sink, "machine", machine->id);
    put_config(sink, "page-bytes", page);
    put_config(sink, "compiler", compiler);
    put_config(sink, "flags", record->build.flags);
}

/* The units whose lines are written. */
struct units {
    char (*of)[TSP_GO_UNIT_SIZE];
    size_t count;
};

static bool is_known(const struct units *units, const char *unit) {
    for (size_t i = 0; i < units->count; ++i) {
        if (strcmp(units->of[i], unit) == 0) {
            return true;
        }
    }
    return false;
}

/* A unit that is counted everywhere is exact; one in which more is better says so. */
static void put_unit(struct tsp_sink *sink, struct units *units, const struct tsp_metric *metric) {
    char unit[TSP_GO_UNIT_SIZE];
    tsp_go_unit(metric, NULL, unit);
    bool exact = metric->evidence == TSP_COUNTED || (metric->evidence == TSP_MODELLED && metric->exact);
    bool higher = strcmp(tsp_metric_better(metric), "higher") == 0;
    if ((!exact && !higher) || is_known(units, unit)) {
        return;
    }
    void *more = realloc(units->of, (units->count + 1) * sizeof *units->of);
    if (more == NULL) {
        return; /* the line comes twice then, which readers allow */
    }
    units->of = more;
    memcpy(units->of[units->count++], unit, sizeof unit);
    tsp_sink_puts(sink, "Unit ");
    put_word(sink, unit);
    tsp_sink_puts(sink, higher ? " better=higher" : "");
    tsp_sink_puts(sink, exact ? " assume=exact\n" : "\n");
}

static void put_units(struct tsp_sink *sink, const struct tsp_record *record) {
    struct units units = {.of = NULL};
    for (size_t i = 0; i < record->result_count; ++i) {
        for (unsigned k = 0; k < record->results[i].metric_count; ++k) {
            put_unit(sink, &units, &record->results[i].metrics[k]);
        }
    }
    free(units.of);
}

static void put_value(struct tsp_sink *sink, double value, const char *unit) {
    char text[TSP_NUMBER_SIZE];
    tsp_sink_puts(sink, "\t");
    tsp_sink_puts(sink, tsp_number_text(value, text));
    tsp_sink_puts(sink, " ");
    put_word(sink, unit);
}

/* The medians of a round, and the tails of its time. */
static void put_values(struct tsp_sink *sink, const struct tsp_result *result,
                       const struct tsp_round *round) {
    for (unsigned i = 0; i < result->metric_count; ++i) {
        const struct tsp_metric *metric = &result->metrics[i];
        char unit[TSP_GO_UNIT_SIZE];
        double value = tsp_export_round_value(round, metric);
        if (!isfinite(value)) {
            continue;
        }
        put_value(sink, value, tsp_go_unit(metric, NULL, unit));
        const struct tsp_description *d = &tsp_round_metric_find(round, metric->name)->description;
        const struct tsp_export_percentile tails[] = {{"p95", &d->p95}, {"p99", &d->p99}};
        for (size_t k = 0; k < 2 && strcmp(metric->name, "time") == 0; ++k) {
            if (isfinite(tails[k].estimate->value)) {
                put_value(sink, tails[k].estimate->value, tsp_go_unit(metric, tails[k].name, unit));
            }
        }
    }
}

/* Returns how many lines it took. */
static size_t put_case(struct tsp_sink *sink, const struct tsp_result *result) {
    size_t lines = 0;
    for (unsigned i = 0; result->status == TSP_OK && i < result->round_count; ++i) {
        const struct tsp_round *round = &result->rounds[i];
        const struct tsp_metric *first = NULL;
        for (unsigned k = 0; first == NULL && k < result->metric_count; ++k) {
            first = isfinite(tsp_export_round_value(round, &result->metrics[k])) ? &result->metrics[k] : NULL;
        }
        if (first != NULL) {
            char ops[24];
            (void)snprintf(ops, sizeof ops, "\t%" PRIu64, tsp_export_ops(round, first));
            tsp_sink_puts(sink, TSP_GO_PREFIX);
            put_word(sink, result->id);
            tsp_sink_puts(sink, ops);
            put_values(sink, result, round);
            tsp_sink_puts(sink, "\n");
            ++lines;
        }
    }
    if (lines == 0) {
        char reason[TSP_REASON_MAX];
        put_comment(
            sink, result->id,
            tsp_export_absence(result, result->metric_count > 0 ? &result->metrics[0] : NULL, reason));
    }
    return lines;
}

int tsp_record_write_go(const struct tsp_record *record, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    size_t lines = 0;
    char end[48];
    put_head(&sink, record);
    put_units(&sink, record);
    for (size_t i = 0; i < record->result_count; ++i) {
        lines += put_case(&sink, &record->results[i]);
    }
    (void)snprintf(end, sizeof end, "# " TSP_GO_END " %zu\n", lines);
    tsp_sink_puts(&sink, end);
    return tsp_sink_finish(&sink, "the record as Go benchmark text", error);
}
