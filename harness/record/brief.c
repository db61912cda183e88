/* A case in brief, from its tape. */
#include "record/brief.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MEMBER(name) tsp_tape_member(tape, object, name)

/* --- single values: false where the member is missing or of another kind -------------------------------------------------------- */

/* A text, cut to what fits, or null: empty. */
static bool take_text(const struct tsp_tape *tape, const struct tsp_token *token, char *out, size_t room) {
    out[0] = '\0';
    if (token != NULL && token->kind == TSP_TOKEN_TEXT) {
        (void)tsp_tape_text(tape, token, out, room);
        return true;
    }
    return tsp_tape_is(tape, token, "null");
}

/* A text that is neither empty nor too long. */
static bool take_name(const struct tsp_tape *tape, const struct tsp_token *token, char *out, size_t room) {
    size_t length =
        token != NULL && token->kind == TSP_TOKEN_TEXT ? tsp_tape_text(tape, token, out, room) : 0;
    return length > 0 && length < room;
}

static bool take_word(const struct tsp_tape *tape, const struct tsp_token *token,
                      int (*parse)(const char *word), int *parsed) {
    char word[32];
    *parsed = take_name(tape, token, word, sizeof word) ? parse(word) : -1;
    return *parsed >= 0;
}

static bool take_number(const struct tsp_tape *tape, const struct tsp_token *token, double *number) {
    *number = tsp_tape_number(tape, token);
    return isfinite(*number) || tsp_tape_is(tape, token, "null");
}

static bool take_flag(const struct tsp_tape *tape, const struct tsp_token *token, bool *flag) {
    *flag = tsp_tape_is(tape, token, "true");
    return *flag || tsp_tape_is(tape, token, "false");
}

/* A number, or the value of an estimate. */
static bool take_value(const struct tsp_tape *tape, const struct tsp_token *token, double *value) {
    bool estimate = token != NULL && token->kind == TSP_TOKEN_OBJECT;
    return take_number(tape, estimate ? tsp_tape_member(tape, token, "value") : token, value);
}

/* --- a metric ------------------------------------------------------------------------------------------------------------------ */

static bool add_value(struct tsp_brief *brief, struct tsp_figure *figure, double value) {
    if (brief->value_count == brief->value_room) {
        size_t room = brief->value_room == 0 ? 64 : 2 * brief->value_room;
        double *values = realloc(brief->values, room * sizeof *values);
        if (values == NULL) {
            return false;
        }
        brief->values = values;
        brief->value_room = room;
    }
    brief->values[brief->value_count++] = value;
    ++figure->count;
    return true;
}

/* A round without samples has nothing but their number. */
static bool take_round(struct tsp_brief *brief, const struct tsp_tape *tape, const struct tsp_token *object,
                       const char *statistic, struct tsp_figure *figure) {
    double n = NAN;
    double value = NAN;
    if (!take_number(tape, MEMBER("n"), &n) || isnan(n)) {
        return false;
    }
    if (n == 0) {
        return true;
    }
    return take_value(tape, MEMBER(statistic), &value) && (isnan(value) || add_value(brief, figure, value));
}

static bool take_rounds(struct tsp_brief *brief, const struct tsp_tape *tape, const struct tsp_token *rounds,
                        const char *statistic, struct tsp_figure *figure) {
    double last = -1;
    if (rounds == NULL || rounds->kind != TSP_TOKEN_ARRAY) {
        return false;
    }
    for (const struct tsp_token *object = tsp_tape_first(tape, rounds); object != NULL;
         object = tsp_tape_next(tape, rounds, object)) {
        double index = tsp_tape_number(tape, MEMBER("round"));
        if (!(index > last) || !take_round(brief, tape, object, statistic, figure)) {
            return false;
        }
        last = index;
    }
    return true;
}

static bool take_figure(struct tsp_brief *brief, const struct tsp_tape *tape, const struct tsp_token *object,
                        const char *statistic) {
    if (brief->figure_count == brief->figure_room) {
        size_t room = brief->figure_room == 0 ? 8 : 2 * brief->figure_room;
        struct tsp_figure *figures = realloc(brief->figures, room * sizeof *figures);
        if (figures == NULL) {
            return false;
        }
        brief->figures = figures;
        brief->figure_room = room;
    }
    struct tsp_figure *figure = &brief->figures[brief->figure_count++];
    int evidence = 0;
    int status = 0;
    char interval[16];
    figure->first = brief->value_count;
    figure->count = 0;
    if (tsp_tape_key(tape, object, figure->name, sizeof figure->name) >= sizeof figure->name ||
        !take_text(tape, MEMBER("unit"), figure->unit, sizeof figure->unit) ||
        !take_word(tape, MEMBER("evidence"), tsp_evidence_parse, &evidence) ||
        !take_word(tape, MEMBER("status"), tsp_counter_status_parse, &status) ||
        !take_text(tape, MEMBER("reason"), figure->reason, sizeof figure->reason) ||
        !take_text(tape, MEMBER("interval"), interval, sizeof interval) ||
        !take_flag(tape, MEMBER("nondeterministic"), &figure->nondeterministic) ||
        !take_value(tape, MEMBER("p50"), &figure->value)) {
        return false;
    }
    figure->evidence = (enum tsp_evidence)evidence;
    figure->status = (enum tsp_counter_status)status;
    figure->exact = strcmp(interval, "exact") == 0 && (evidence == TSP_COUNTED || evidence == TSP_MODELLED);
    return figure->exact || take_rounds(brief, tape, MEMBER("rounds"), statistic, figure);
}

/* --- a case -------------------------------------------------------------------------------------------------------------------- */

static bool is_counted(const struct tsp_tape *tape, const struct tsp_token *object) {
    char word[16];
    return take_name(tape, MEMBER("evidence"), word, sizeof word) && tsp_evidence_parse(word) == TSP_COUNTED;
}

static bool take_metrics(struct tsp_brief *brief, const struct tsp_tape *tape,
                         const struct tsp_token *metrics, const struct tsp_ask *ask) {
    if (metrics == NULL || metrics->kind != TSP_TOKEN_OBJECT) {
        return false;
    }
    const char *name = ask->counts ? NULL : ask->metric != NULL ? ask->metric : "time";
    const struct tsp_token *named = name != NULL ? tsp_tape_member(tape, metrics, name) : NULL;
    if (named != NULL && !take_figure(brief, tape, named, ask->statistic)) {
        return false;
    }
    if (ask->metric != NULL) {
        return true;
    }
    for (const struct tsp_token *metric = tsp_tape_first(tape, metrics); metric != NULL;
         metric = tsp_tape_next(tape, metrics, metric)) {
        if (metric != named && is_counted(tape, metric) &&
            !take_figure(brief, tape, metric, ask->statistic)) {
            return false;
        }
    }
    return true;
}

bool tsp_brief_take(struct tsp_brief *brief, const struct tsp_tape *tape, const struct tsp_ask *ask) {
    const struct tsp_token *object = tape->tokens;
    int status = 0;
    brief->figure_count = brief->value_count = 0;
    if (!take_name(tape, MEMBER("id"), brief->id, sizeof brief->id) ||
        !take_name(tape, MEMBER("family"), brief->family, sizeof brief->family) ||
        !take_word(tape, MEMBER("status"), tsp_status_parse, &status) ||
        !take_text(tape, MEMBER("reason"), brief->reason, sizeof brief->reason)) {
        return false;
    }
    brief->status = (enum tsp_status)status;
    return take_metrics(brief, tape, MEMBER("metrics"), ask);
}

void tsp_brief_free(struct tsp_brief *brief) {
    free(brief->figures);
    free(brief->values);
    *brief = (struct tsp_brief){.id = ""};
}
