/* The table of `transept compare`. */
#include "compare_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "compare_reasons.h"
#include "terminal.h"

enum { WIDTH = 80, NAME = 24, VALUE = 9, RATIO = 7, INTERVAL = 15, CELL = 13, ALONE_SHOWN = 6 };

/* --- above ------------------------------------------------------------------------------------------------------------------------ */

static void print_line(FILE *stream, const char *text) {
    tsp_print_wrapped(stream, text, 0, 4, WIDTH);
}

static void print_side(FILE *stream, char letter, const struct tsp_side *side) {
    char text[1024];
    const struct tsp_record *record = &side->records[0];
    bool imported = record->run.imported[0] != '\0';
    (void)snprintf(text, sizeof text, "%c  %s: %s, %.80s%s%s, %s%.60s", letter, side->name,
                   record->machine.arch,
                   record->machine.emulated ? record->machine.emulator : record->machine.cpu_model,
                   record->run.started[0] != '\0' ? ", " : "", record->run.started,
                   imported ? "imported, of " : "transept ", record->run.version);
    print_line(stream, text);
    if (side->record_count > 1) {
        (void)fprintf(stream, "   %zu records pooled by rounds\n", side->record_count);
    }
}

static void print_question(FILE *stream, const struct tsp_comparison *comparison, char letter,
                           const struct tsp_question *question) {
    char text[512];
    const struct tsp_head_differences *differences = &comparison->differences;
    if (differences->isa) {
        (void)snprintf(text, sizeof text, "Question: %s %s %s", comparison->other->records[0].machine.arch,
                       tsp_signs()->utf8 ? "÷" : "/", comparison->first->records[0].machine.arch);
        print_line(stream, text);
    }
    for (unsigned i = 0; i < differences->count; ++i) {
        const struct tsp_head_difference *difference = &differences->of[i];
        (void)snprintf(text, sizeof text, "%c differs in %s: %.150s; A: %.150s", letter, difference->what,
                       difference->other, difference->first);
        print_line(stream, text);
    }
    if (comparison->unasked != 0) {
        char names[64];
        tsp_across_text(comparison->unasked, names, sizeof names);
        (void)snprintf(
            text, sizeof text,
            "No verdicts on times and other measured figures: the sides differ in more than the code. If that is the question, say --across %s",
            names);
        print_line(stream, text);
    }
    if (question->metric[0] != '\0') {
        (void)fprintf(stream, "Metric %s, %s of each round\n", question->metric,
                      tsp_statistic_name(question->statistic));
    }
}

static void print_head(FILE *stream, const struct tsp_comparison *comparisons, size_t count,
                       const struct tsp_question *question) {
    print_side(stream, 'A', comparisons[0].first);
    for (size_t i = 0; i < count; ++i) {
        print_side(stream, (char)('B' + i), comparisons[i].other);
    }
    for (size_t i = 0; i < count; ++i) {
        print_question(stream, &comparisons[i], (char)('B' + i), question);
    }
    (void)putc('\n', stream);
}

/* --- rows ------------------------------------------------------------------------------------------------------------------------- */

/* The row's name without its family; that of a metric other than time behind it. */
static void print_name(FILE *stream, const struct tsp_row *row) {
    char text[256];
    const struct tsp_series *series = tsp_row_series(row);
    const char *slash = strchr(row->cases[0]->id, '/');
    bool time = series == NULL || strcmp(series->name, "time") == 0;
    (void)snprintf(text, sizeof text, "%s%s%s", slash != NULL ? slash + 1 : row->cases[0]->id,
                   time ? "" : " ", time ? "" : series->name);
    if (strlen(text) > NAME - 3) {
        (void)fprintf(stream, "  %s\n%*s", text, NAME, "");
    } else {
        (void)fprintf(stream, "  %-*s", NAME - 2, text);
    }
}

/* Right-aligned by columns, not bytes. */
static void print_cell(FILE *stream, const char *text, unsigned width) {
    unsigned columns = tsp_text_columns(text);
    (void)fprintf(stream, "%*s%s", columns < width ? (int)(width - columns) : 0, "", text);
}

static void print_value(FILE *stream, double value, const struct tsp_series *series) {
    char text[64];
    char number[32];
    if (series == NULL || !isfinite(value)) {
        (void)snprintf(text, sizeof text, "%s", tsp_signs()->none);
    } else if (strncmp(series->unit, "ns/", 3) == 0) {
        struct tsp_scale scale = tsp_scale_choose(fabs(value), fabs(value));
        (void)snprintf(text, sizeof text, "%s %s", tsp_cell_time(number, sizeof number, &scale, value),
                       scale.unit);
    } else {
        (void)tsp_cell_count(text, sizeof text, value);
    }
    print_cell(stream, text, VALUE);
}

static const char *ratio_text(char *text, size_t size, const struct tsp_row *row) {
    double ratio = row->effect.ratio;
    if (isnan(ratio)) {
        (void)snprintf(text, size, "%s", tsp_signs()->none);
    } else {
        (void)snprintf(text, size, ratio < 10 ? "%.3f" : ratio < 1000 ? "%.1f" : "%.3g", ratio);
    }
    return text;
}

/* `same` is within the floor: where that is wider than what was asked for, it says how wide. */
static const char *verdict_text(char *text, size_t size, const struct tsp_row *row,
                                const struct tsp_question *question) {
    double percent = 100 * row->floor;
    if (row->verdict == TSP_VERDICT_NONE && !row->differs) {
        text[0] = '\0';
    } else if (row->verdict == TSP_VERDICT_SAME && row->floor > question->threshold) {
        (void)snprintf(text, size, percent < 10 ? "same%s%.2g%%" : "same%s%.0f%%", tsp_signs()->plus_minus,
                       percent);
    } else {
        (void)snprintf(text, size, "%s", tsp_row_verdict(row));
    }
    return text;
}

static void print_remark(FILE *stream, const struct tsp_row *row) {
    char text[TSP_REASON_MAX + 64];
    if (!row->differs && tsp_row_remark(row, text, sizeof text)[0] != '\0') { /* both values stand there */
        (void)fputs("    ", stream);
        tsp_print_wrapped(stream, text, 4, 4, WIDTH);
    }
}

static void print_row(FILE *stream, const struct tsp_row *row, const struct tsp_question *question) {
    char text[64];
    print_name(stream, row);
    print_value(stream, row->value[0], row->series[0]);
    (void)putc(' ', stream);
    print_value(stream, row->value[1], row->series[1]);
    print_cell(stream, ratio_text(text, sizeof text, row), RATIO + 1);
    text[0] = '\0';
    if (row->effect.lo < row->effect.hi) {
        int decimals = row->effect.hi < 10 ? 3 : row->effect.hi < 1000 ? 1 : 0;
        (void)snprintf(text, sizeof text, "[%.*f, %.*f]", decimals, row->effect.lo, decimals, row->effect.hi);
    }
    print_cell(stream, text, INTERVAL);
    (void)fprintf(stream, "  %s\n", verdict_text(text, sizeof text, row, question));
}

/* --- several others --------------------------------------------------------------------------------------------------------------- */

/* The ratio; where nothing became something and there is none, both. */
static const char *change_text(char *text, size_t size, const struct tsp_row *row) {
    char count[32];
    if (!isnan(row->effect.ratio)) {
        return ratio_text(text, size, row);
    }
    (void)snprintf(text, size, "0%s%s", tsp_signs()->utf8 ? "→" : "->",
                   tsp_cell_count(count, sizeof count, row->value[1]));
    return text;
}

static void print_wide_row(FILE *stream, const struct tsp_comparison *comparisons, size_t count,
                           const struct tsp_row *row) {
    print_name(stream, row);
    print_value(stream, row->value[0], row->series[0]);
    for (size_t i = 0; i < count; ++i) {
        char ratio[64];
        char text[96];
        const struct tsp_row *found = tsp_comparison_find(&comparisons[i], row);
        (void)snprintf(text, sizeof text, "%s", tsp_signs()->none);
        if (found != NULL && tsp_row_shows(found)) {
            bool unsure = found->verdict == TSP_VERDICT_INCONCLUSIVE;
            bool unjudged = found->verdict == TSP_VERDICT_NONE && !found->differs;
            const char *verdict = unsure ? "?" : unjudged ? "" : tsp_row_verdict(found);
            (void)snprintf(text, sizeof text, "%s %s", change_text(ratio, sizeof ratio, found), verdict);
        }
        print_cell(stream, text, CELL + 1);
    }
    (void)putc('\n', stream);
}

/* --- the whole -------------------------------------------------------------------------------------------------------------------- */

static void print_heading(FILE *stream, const char *family, size_t count) {
    (void)fprintf(stream, "%-*s%*s", NAME, family, VALUE, "A");
    for (size_t i = 0; i < count && count > 1; ++i) {
        char text[16];
        (void)snprintf(text, sizeof text, "%c %s A", (char)('B' + i), tsp_signs()->utf8 ? "÷" : "/");
        print_cell(stream, text, CELL + 1);
    }
    if (count == 1) {
        (void)fprintf(stream, " %*s", VALUE, "B");
        print_cell(stream, tsp_signs()->utf8 ? "B ÷ A" : "B / A", RATIO + 1);
        (void)fprintf(stream, "%*s", INTERVAL, "95 %");
    }
    (void)putc('\n', stream);
}

static void print_counts(FILE *stream, const struct tsp_comparison *comparison, char letter) {
    char text[512];
    const size_t *counts = comparison->counts;
    (void)snprintf(text, sizeof text,
                   "%c: %zu worse, %zu better, %zu the same, %zu inconclusive, %zu not judged", letter,
                   counts[TSP_VERDICT_WORSE], counts[TSP_VERDICT_BETTER], counts[TSP_VERDICT_SAME],
                   counts[TSP_VERDICT_INCONCLUSIVE], counts[TSP_VERDICT_NONE]);
    if (comparison->only_first + comparison->only_other > 0) {
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, "; only in A %zu, only in %c %zu",
                       comparison->only_first, letter, comparison->only_other);
    }
    print_line(stream, text);
}

/* A row to be printed, and its place among those of its family. */
struct place {
    const struct tsp_row *row;
    size_t number;
};

static int compare_places(const void *left, const void *right) {
    const struct place *a = left;
    const struct place *b = right;
    int family = strcmp(a->row->cases[0]->family, b->row->cases[0]->family);
    return family != 0 ? family : (a->number > b->number) - (a->number < b->number);
}

/* A row with nothing to show is one too many as soon as its case has any. */
static bool is_in_any(const struct tsp_comparison *comparisons, size_t count, const struct tsp_row *row) {
    bool found = false;
    for (size_t i = 0; i < count && !found; ++i) {
        found = tsp_comparison_find(&comparisons[i], row) != NULL ||
                (!tsp_row_shows(row) && tsp_comparison_find_case(&comparisons[i], row->cases[0]->id) != NULL);
    }
    return found;
}

/* The rows of all comparisons, each once: those of the first, then by family what it lacks and another has. The caller's; NULL: no memory. */
static struct place *gather_rows(const struct tsp_comparison *comparisons, size_t count, size_t *gathered) {
    size_t room = 1;
    size_t made = 0;
    for (size_t i = 0; i < count; ++i) {
        room += comparisons[i].row_count;
    }
    struct place *places = calloc(room, sizeof *places);
    for (size_t i = 0; places != NULL && i < count; ++i) {
        for (size_t k = 0; k < comparisons[i].row_count; ++k) {
            const struct tsp_row *row = &comparisons[i].rows[k];
            if ((count > 1 || tsp_row_shows(row)) && !is_in_any(comparisons, i, row)) {
                places[made] = (struct place){.row = row, .number = made};
                ++made;
            }
        }
    }
    if (made > 0) {
        qsort(places, made, sizeof *places, compare_places);
    }
    *gathered = made;
    return places;
}

static int print_rows(FILE *stream, const struct tsp_comparison *comparisons, size_t count,
                      const struct tsp_question *question, struct tsp_error *error) {
    const char *family = NULL;
    size_t gathered = 0;
    struct place *places = gather_rows(comparisons, count, &gathered);
    if (places == NULL) {
        return tsp_error_set(error, "no memory for a table of %zu rows", comparisons[0].row_count);
    }
    for (size_t i = 0; i < gathered; ++i) {
        const struct tsp_row *row = places[i].row;
        if (family == NULL || strcmp(family, row->cases[0]->family) != 0) {
            (void)fputs(family == NULL ? "" : "\n", stream);
            family = row->cases[0]->family;
            print_heading(stream, family, count);
        }
        if (count == 1) {
            print_row(stream, row, question);
            print_remark(stream, row);
        } else {
            print_wide_row(stream, comparisons, count, row);
        }
    }
    free(places);
    return 0;
}

/* "Only in A" with the first few. */
static void print_alone(FILE *stream, const struct tsp_comparison *comparison, int side, char letter) {
    struct tsp_row row;
    size_t all = side == 0 ? comparison->only_first : comparison->only_other;
    size_t shown = 0;
    if (all == 0) {
        return;
    }
    (void)fprintf(stream, side == 0 ? "\nOnly in A, not in %c\n" : "\nOnly in %c\n", letter);
    for (size_t at = 0; shown < ALONE_SHOWN && tsp_comparison_only(comparison, side, &at, &row); ++shown) {
        (void)fprintf(stream, "  %s\n", row.cases[0]->id);
    }
    if (all > shown) {
        (void)fprintf(stream, "  and %zu more\n", all - shown);
    }
}

int tsp_compare_table(FILE *stream, const struct tsp_comparison *comparisons, size_t count,
                      const struct tsp_question *question, struct tsp_error *error) {
    print_head(stream, comparisons, count, question);
    if (print_rows(stream, comparisons, count, question, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < count; ++i) {
        if (tsp_compare_reasons(stream, &comparisons[i], (char)('B' + i), WIDTH, error) != 0) {
            return -1;
        }
        print_alone(stream, &comparisons[i], 0, (char)('B' + i));
        print_alone(stream, &comparisons[i], 1, (char)('B' + i));
    }
    (void)putc('\n', stream);
    for (size_t i = 0; i < count; ++i) {
        print_counts(stream, &comparisons[i], (char)('B' + i));
    }
    return 0;
}
