/* transept claims: what is said about porting, held against records. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "claims_table.h"
#include "command.h"
#include "options.h"
#include "transept/claims.h"
#include "transept/isa.h"
#include "values.h"

#define NAME "transept claims"

/* Letters mark the records. */
enum { RECORDS_MAX = 26, WORDS_MAX = 128, KEY_CLAIM = 256, KEY_FILE, KEY_FORMAT };

struct claims_options {
    const char *words[WORDS_MAX]; /* arguments: ids of claims, and records */
    size_t word_count;
    const char *claims; /* --claim */
    const char *file;
    int format; /* of formats[] */
    struct tsp_error *error;
};

/* The table comes first. */
static const struct {
    const char *name;
    tsp_claims_writer *write;
} formats[] = {
    {"table", NULL},
    {"markdown", tsp_claims_write_markdown},
    {"json", tsp_claims_write_json},
    {"csv", tsp_claims_write_csv},
};

static const char *format_name(size_t index) {
    return index < sizeof formats / sizeof *formats ? formats[index].name : NULL;
}

static const struct argp_option claims_options[] = {
    {"claim", KEY_CLAIM, "IDS", 0, "only these claims, with all figures: C01,C06", 1},
    {"file", KEY_FILE, "FILE", 0, "your own claims instead, in YAML (docs/claims.md)", 2},
    {"format", KEY_FORMAT, "NAME", 0, "{words} (table)", 3},
    TSP_OPTION_HELP,
    {0},
};

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct claims_options *options = state->input;
    switch (key) {
    case KEY_CLAIM:
        options->claims = argument;
        return 0;
    case KEY_FILE:
        options->file = argument;
        return 0;
    case KEY_FORMAT:
        options->format = tsp_words_find(format_name, "format", argument, options->error);
        return options->format >= 0 ? 0 : EINVAL;
    case ARGP_KEY_ARG:
        if (options->word_count == WORDS_MAX) {
            (void)tsp_error_set(options->error, "'%.200s' is one too many: %d claims and records at most",
                                argument, WORDS_MAX);
            return EINVAL;
        }
        options->words[options->word_count++] = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp claims_argp = {
    .options = claims_options,
    .parser = parse_option,
    .args_doc = "[CLAIM...] [RECORD...]",
    .doc =
        "What is said about porting, checked: which claims hold by these records.\v"
        "A record is a run's or a file of exact counts; without one, results/ARCH/latest.json is taken. A claim holds, or does not, only where the "
        "whole 95 % interval says so; else it is not shown here, and the reason is told. Emulated times decide nothing.\n"
        "Examples:\n"
        "  transept claims\n"
        "  transept claims results/reference/*.counted.json\n"
        "  transept claims C01 results/arm64/latest.json\n"
        "  transept claims --format markdown x86_64.json arm64.json\n"
        "Exit status: 0 whatever the verdicts; 2 a record or a file that cannot be read, or misuse.",
};

static const struct tsp_takes claims_values[] = {
    {KEY_FILE, .files = "*.yaml"},
    {KEY_FORMAT, .words = format_name},
    {ARGP_KEY_ARG, .files = "*.json"},
    {0},
};

static const struct tsp_command_note claims_files[] = {
    {"results/ARCH/latest.json", "the record, where none is named"},
    {NULL, NULL},
};

const struct tsp_subcommand tsp_subcommand_claims = {
    .name = "claims",
    .about = "what is said about porting, checked by records",
    .run = tsp_command_claims,
    .argp = &claims_argp,
    .values = claims_values,
    .files = claims_files,
    .see_also = "run compare counts",
};

/* --- which claims, which records --------------------------------------------------------------------------------------------------- */

/* What was asked for, told apart. */
struct asked {
    struct tsp_claims claims;
    bool *only; /* NULL: all claims */
    const char *paths[RECORDS_MAX];
    size_t path_count;
    size_t read; /* of the records */
    struct tsp_claim_record *records;
};

static int ask_claim(struct asked *asked, const char *id, struct tsp_error *error) {
    const struct tsp_claim *claim = tsp_claim_find(&asked->claims, id);
    if (claim == NULL) {
        return tsp_error_set(error,
                             "no claim is called '%.60s'; there are %s to %s: transept claims lists them", id,
                             asked->claims.of[0].id, asked->claims.of[asked->claims.count - 1].id);
    }
    if (asked->only == NULL) {
        asked->only = calloc(asked->claims.count, sizeof *asked->only);
    }
    if (asked->only == NULL) {
        return tsp_error_set(error, "no memory for %zu claims", asked->claims.count);
    }
    asked->only[claim - asked->claims.of] = true;
    return 0;
}

/* --claim C01,C06 */
static int ask_claims(struct asked *asked, const char *ids, struct tsp_error *error) {
    for (const char *rest = ids; rest != NULL; rest = *rest == ',' ? rest + 1 : NULL) {
        char id[64];
        size_t length = strcspn(rest, ",");
        (void)snprintf(id, sizeof id, "%.*s", (int)(length < sizeof id ? length : sizeof id - 1), rest);
        rest += length;
        if (ask_claim(asked, id, error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* A word is a claim's id, or else a record. */
static int sort_words(struct asked *asked, const struct claims_options *options, struct tsp_error *error) {
    if (options->claims != NULL && ask_claims(asked, options->claims, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < options->word_count; ++i) {
        const char *word = options->words[i];
        bool is_id = tsp_claim_find(&asked->claims, word) != NULL ||
                     (strpbrk(word, "./") == NULL && access(word, F_OK) != 0);
        if (is_id) {
            if (ask_claim(asked, word, error) != 0) {
                return -1;
            }
        } else if (asked->path_count == RECORDS_MAX) {
            return tsp_error_set(error, "'%.200s' is one too many: %d records at most", word, RECORDS_MAX);
        } else {
            asked->paths[asked->path_count++] = word;
        }
    }
    return 0;
}

static int read_records(struct asked *asked, struct tsp_error *error) {
    static const char latest[] = "results/" TSP_ISA_NAME "/latest.json";
    if (asked->path_count == 0 && access(latest, F_OK) == 0) {
        asked->paths[asked->path_count++] = latest;
    }
    asked->records = calloc(asked->path_count + 1, sizeof *asked->records);
    if (asked->records == NULL) {
        return tsp_error_set(error, "no memory for %zu records", asked->path_count);
    }
    while (asked->read < asked->path_count) {
        size_t i = asked->read++;
        if (tsp_claim_record_read(&asked->records[i], asked->paths[i], &asked->claims, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int print(const struct asked *asked, const struct claims_options *options, struct tsp_error *error) {
    struct tsp_claims_report report;
    if (tsp_claims_report_make(&report, &asked->claims, asked->only, asked->records, asked->read, error) !=
        0) {
        return -1;
    }
    int status = 0;
    if (formats[options->format].write != NULL) {
        status = formats[options->format].write(&report, stdout, error);
        status = status != 0 && tsp_output_reader_left() ? 0 : status;
    } else if (asked->read > 0) {
        tsp_claims_table(stdout, &report, asked->only != NULL);
    } else {
        tsp_claims_list(stdout, &report, asked->only != NULL);
    }
    tsp_claims_report_free(&report);
    return status;
}

int tsp_command_claims(int argc, char **argv) {
    struct tsp_error error;
    struct claims_options options = {.error = &error};
    int status = tsp_options_parse(&tsp_subcommand_claims, argc, argv, &options, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    struct asked asked = {.only = NULL};
    status = tsp_claims_load(&asked.claims, options.file, &error);
    if (status == 0) {
        status = sort_words(&asked, &options, &error);
    }
    if (status == 0) {
        status = read_records(&asked, &error);
    }
    if (status == 0) {
        status = print(&asked, &options, &error);
    }
    for (size_t i = 0; i < asked.read; ++i) {
        tsp_claim_record_free(&asked.records[i]);
    }
    free(asked.records);
    free(asked.only);
    tsp_claims_free(&asked.claims);
    return status == 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
}
