/* What stands below the table. */
#include "notes.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "terminal.h"

const struct tsp_metric *tsp_metric_find(const struct tsp_result *result, const char *name) {
    for (unsigned i = 0; i < result->metric_count; ++i) {
        if (strcmp(result->metrics[i].name, name) == 0) {
            return &result->metrics[i];
        }
    }
    return NULL;
}

/* The PMU's count, or the emulator's: under an emulator the first is in the record too, as unsupported. */
const struct tsp_metric *tsp_metric_instructions(const struct tsp_result *result) {
    static const char *const names[] = {"instructions:u", "instructions"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        const struct tsp_metric *metric = tsp_metric_find(result, names[i]);
        if (metric != NULL && isfinite(metric->p50.value)) {
            return metric;
        }
    }
    return NULL;
}

const char *tsp_instructions_sign(const struct tsp_result *result) {
    const struct tsp_metric *instructions = tsp_metric_instructions(result);
    const struct tsp_metric *time = tsp_metric_find(result, "time");
    if (instructions == NULL || instructions->evidence != TSP_COUNTED ||
        (time == NULL && !instructions->nondeterministic)) {
        return "";
    }
    return instructions->nondeterministic ? "~" : "=";
}

/* The kind of a warning is what it says before its figures: "migrations" of "migrations: 3 in 1 of 5 rounds". */
static void make_kind(char *kind, size_t size, const char *warning) {
    size_t length = strcspn(warning, ":");
    const char *in = strstr(warning, " in ");
    if (in != NULL && (size_t)(in - warning) < length && isdigit((unsigned char)in[4])) {
        length = (size_t)(in - warning);
    }
    (void)snprintf(kind, size, "%.*s", (int)length, warning);
}

/* "and 5 more" is no kind: the record has room for so many warnings and no more. */
static bool is_remainder(const char *kind) {
    return strncmp(kind, "and ", 4) == 0 && isdigit((unsigned char)kind[4]);
}

static int compare_letters(const void *a, const void *b) {
    return *(const char *)a - *(const char *)b;
}

void tsp_notes_mark(struct tsp_notes *notes, const struct tsp_result *result, char *marks) {
    size_t count = 0;
    for (unsigned w = 0; w < result->warning_count; ++w) {
        char kind[TSP_TEXT_MAX];
        unsigned i = 0;
        make_kind(kind, sizeof kind, result->warnings[w]);
        if (is_remainder(kind)) {
            continue;
        }
        while (i < notes->count && strcmp(notes->kinds[i], kind) != 0) {
            ++i;
        }
        if (i == TSP_NOTES_MAX) {
            continue; /* more kinds than letters: the record has them all */
        }
        if (i == notes->count) {
            memcpy(notes->kinds[i], kind, sizeof kind);
            ++notes->count;
        }
        /* A mark a kind, however often the case has it. */
        if (memchr(marks, 'a' + (int)i, count) == NULL) {
            ++notes->rows[i];
            marks[count++] = (char)('a' + (int)i);
        }
    }
    marks[count] = '\0';
    qsort(marks, count, 1, compare_letters);
}

static void print_labelled(FILE *stream, const char *label, const char *text, unsigned width) {
    unsigned at = tsp_text_columns(label) + 1;
    (void)fprintf(stream, "%s ", label);
    tsp_print_wrapped(stream, text, at, at, width);
}

/* The first reason for which instructions were not counted, or NULL when some row has them. */
static const char *missing_instructions(const struct tsp_result *const *rows, size_t count) {
    const char *reason = NULL;
    for (size_t r = 0; r < count; ++r) {
        for (unsigned m = 0; m < rows[r]->metric_count; ++m) {
            const struct tsp_metric *metric = &rows[r]->metrics[m];
            if (strncmp(metric->name, "instructions", 12) != 0) {
                continue;
            }
            if (isfinite(metric->p50.value)) {
                return NULL;
            }
            if (reason == NULL && metric->reason[0] != '\0') {
                reason = metric->reason;
            }
        }
    }
    return reason != NULL ? reason : "no counter for them was asked for";
}

static bool lacks_tail(const struct tsp_result *result) {
    const struct tsp_metric *time = tsp_metric_find(result, "time");
    return time != NULL && (!isfinite(time->p95.value) || !isfinite(time->p99.value));
}

static bool any_has_sign(const struct tsp_result *const *rows, size_t count, const char *sign) {
    for (size_t r = 0; r < count; ++r) {
        if (strcmp(tsp_instructions_sign(rows[r]), sign) == 0) {
            return true;
        }
    }
    return false;
}

void tsp_notes_print(const struct tsp_notes *notes, FILE *stream, const struct tsp_result *const *rows,
                     size_t count, unsigned width) {
    bool tails = false;
    for (size_t r = 0; r < count; ++r) {
        tails = tails || lacks_tail(rows[r]);
    }
    for (unsigned i = 0; i < notes->count; ++i) {
        char label[4] = {(char)('a' + (int)i), ' ', '\0'};
        char text[TSP_TEXT_MAX + 64];
        (void)snprintf(text, sizeof text, "%s (%u of %zu cases)", notes->kinds[i], notes->rows[i], count);
        print_labelled(stream, label, text, width);
    }
    if (tails) {
        print_labelled(stream, "n<",
                       "a tail needs that many effective samples a round and has fewer: raise --time", width);
    }
    if (any_has_sign(rows, count, "=")) {
        print_labelled(stream, "= ", "counted exactly by the emulator", width);
    }
    if (any_has_sign(rows, count, "~")) {
        print_labelled(stream, "~ ", "counted by the emulator, but not the same every time", width);
    }
    const char *missing = missing_instructions(rows, count);
    if (missing != NULL) {
        print_labelled(stream, "instr.", missing, width);
    }
}

/* Results with the same status and reason as an earlier one were told with it. */
static bool told_before(const struct tsp_record *record, const bool *chosen, size_t index) {
    const struct tsp_result *result = &record->results[index];
    for (size_t i = 0; i < index; ++i) {
        if (chosen[i] && record->results[i].status == result->status &&
            strcmp(record->results[i].reason, result->reason) == 0) {
            return true;
        }
    }
    return false;
}

/* One reason: the ids of its cases while they are few, else the first and the number of the others. */
static void print_reason(FILE *stream, const struct tsp_record *record, const bool *chosen, size_t index,
                         unsigned width) {
    enum { SHOWN = 3 };
    const struct tsp_result *result = &record->results[index];
    size_t alike = 0;
    char text[TSP_REASON_MAX + 64];
    for (size_t i = index; i < record->result_count; ++i) {
        const struct tsp_result *other = &record->results[i];
        if (!chosen[i] || other->status != result->status || strcmp(other->reason, result->reason) != 0) {
            continue;
        }
        if (alike++ < SHOWN) {
            (void)fprintf(stream, "  %s\n", other->id);
        }
    }
    if (alike > SHOWN) {
        (void)fprintf(stream, "  and %zu more\n", alike - SHOWN);
    }
    (void)snprintf(text, sizeof text, "%s%s%s",
                   result->status == TSP_SKIPPED ? "" : tsp_status_name(result->status),
                   result->status == TSP_SKIPPED ? "" : ": ",
                   result->reason[0] != '\0' ? result->reason : "no reason was given");
    (void)fputs("      ", stream);
    tsp_print_wrapped(stream, text, 6, 6, width);
}

static void print_section(FILE *stream, const struct tsp_record *record, const bool *chosen, bool skipped,
                          unsigned width) {
    size_t count = 0;
    for (size_t i = 0; i < record->result_count; ++i) {
        count += chosen[i] && record->results[i].status != TSP_OK &&
                 (record->results[i].status == TSP_SKIPPED) == skipped;
    }
    if (count == 0) {
        return;
    }
    (void)fprintf(stream, "\n%s (%zu)\n", skipped ? "Skipped" : "Failed", count);
    for (size_t i = 0; i < record->result_count; ++i) {
        enum tsp_status status = record->results[i].status;
        if (chosen[i] && status != TSP_OK && (status == TSP_SKIPPED) == skipped &&
            !told_before(record, chosen, i)) {
            print_reason(stream, record, chosen, i, width);
        }
    }
}

void tsp_verdicts_print(FILE *stream, const struct tsp_record *record, const bool *chosen, unsigned width) {
    print_section(stream, record, chosen, true, width);
    print_section(stream, record, chosen, false, width);
}
