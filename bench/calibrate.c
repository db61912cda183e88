/* transept calibrate: a binary against itself, many times: what noise alone would be taken for. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "duel_progress.h"
#include "interrupt.h"
#include "options.h"
#include "terminal.h"
#include "transept/trial.h"

#define NAME "transept calibrate"

enum { KEY_REPEATS = 256, KEY_SEED, KEY_CPU, KEY_THRESHOLD, REPEATS_MIN = 3, REPEATS_MAX = 1000 };

struct calibrate_options {
    const char *suite;
    const char *filter;
    uint64_t repeats;
    uint64_t rounds;
    double time_ms; /* 0: the suite's */
    bool seeded;
    uint64_t seed;
    int cpu;
    double threshold;
    const char *output;
    struct tsp_error *error;
};

static const struct argp_option calibrate_options[] = {
    {"suite", 's', "NAME", 0, "the cases of this suite, and its times (quick)", 1},
    {"filter", 'f', "PATTERN", 0, "only these cases: globs a,b,!c or /regex/", 2},
    {"repeats", KEY_REPEATS, "N", 0, "how often the binary is held to itself (20)", 3},
    {"rounds", 'r', "N", 0, "rounds a side of each (5)", 4},
    {"time", 't', "TIME", 0, "sampling time of a round (the suite's)", 5},
    {"threshold", KEY_THRESHOLD, "SHARE", 0, "of the rules that are tried: 2% or 0.02 (1%)", 6},
    {"seed", KEY_SEED, "N", 0, "order of rounds and random inputs (drawn)", 7},
    {"cpu", KEY_CPU, "N", 0, "measure on this CPU (chosen)", 7},
    {"output", 'o', "DIR", 0, "where the floors land: DIR/ARCH/MACHINE/floors.json (results)", 8},
    TSP_OPTION_HELP,
    {0},
};

static int number(uint64_t *value, const char *text, uint64_t min, uint64_t max, const char *option,
                  struct tsp_error *error) {
    return tsp_count_parse(text, min, max, value, error) == 0 ? 0 : tsp_error_prefix(error, "%s", option);
}

static int parse_number(int key, const char *argument, struct calibrate_options *options) {
    uint64_t cpu = 0;
    switch (key) {
    case KEY_REPEATS:
        return number(&options->repeats, argument, REPEATS_MIN, REPEATS_MAX, "--repeats", options->error);
    case 'r':
        return number(&options->rounds, argument, TSP_EFFECT_ROUNDS, TSP_ROUNDS_MAX, "--rounds",
                      options->error);
    case KEY_SEED:
        options->seeded = true;
        return number(&options->seed, argument, 0, UINT64_MAX, "--seed", options->error);
    case KEY_CPU:
        if (number(&cpu, argument, 0, 1U << 20, "--cpu", options->error) != 0) {
            return -1;
        }
        options->cpu = (int)cpu;
        return 0;
    case 't':
        return tsp_time_parse(argument, &options->time_ms, options->error) == 0
                   ? 0
                   : tsp_error_prefix(options->error, "--time");
    case KEY_THRESHOLD:
        return tsp_share_parse(argument, &options->threshold, options->error) == 0
                   ? 0
                   : tsp_error_prefix(options->error, "--threshold");
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct calibrate_options *options = state->input;
    switch (key) {
    case 's':
        options->suite = argument;
        return 0;
    case 'f':
        options->filter = argument;
        return 0;
    case 'o':
        options->output = argument;
        return 0;
    case ARGP_KEY_ARG:
        (void)tsp_error_set(options->error, "what is '%s'? To choose cases, write --filter '%s'", argument,
                            argument);
        return EINVAL;
    default:
        break;
    }
    int status = argument != NULL ? parse_number(key, argument, options) : ARGP_ERR_UNKNOWN;
    return status == ARGP_ERR_UNKNOWN ? ARGP_ERR_UNKNOWN : status == 0 ? 0 : EINVAL;
}

static const struct argp calibrate_argp = {
    .options = calibrate_options,
    .parser = parse_option,
    .doc =
        "Holds this transept to itself, many times: whatever is found then is a false alarm. Prints how often the rules of compare and of duel find one, and "
        "each case's noise floor, which from then on compare, duel and gate heed on this machine.\v"
        "Examples:\n"
        "  transept calibrate\n"
        "  transept calibrate -f barrier --repeats 50\n"
        "Exit status: 0 done, 1 a case failed, 2 misuse, 130 interrupted (the floors are then those of the repeats that were done, if they are three).",
};

static const struct tsp_takes calibrate_values[] = {
    {'s', .words = tsp_suite_name, .files = "*.yaml *.yml"},
    {'f', .found = TSP_FOUND_CASES, .list = true},
    {'o', .folders = true},
    {0},
};

static const struct tsp_command_note calibrate_files[] = {
    {"results/ARCH/MACHINE/floors.json", "the noise floors of that machine"},
    {NULL, NULL},
};

const struct tsp_subcommand tsp_subcommand_calibrate = {
    .name = "calibrate",
    .about = "what this machine's noise alone would be taken for",
    .run = tsp_command_calibrate,
    .argp = &calibrate_argp,
    .values = calibrate_values,
    .files = calibrate_files,
    .see_also = "compare duel gate doctor",
};

/* --- repeats ---------------------------------------------------------------------------------------------------------------------- */

/* From the binary to what is stored. */
struct calibration {
    const struct calibrate_options *options;
    struct tsp_duel duel;
    struct tsp_trial trial;
    struct tsp_floors floors;
    struct tsp_floors earlier; /* of the same machine; its other cases stay */
    char path[PATH_MAX];       /* of both */
};

/* Returns 1 when it was interrupted: what was done until then is the trial's. */
static int repeat_all(struct calibration *calibration, const volatile int *interrupted,
                      struct tsp_error *error) {
    const struct calibrate_options *options = calibration->options;
    struct tsp_duel *duel = &calibration->duel;
    struct tsp_duel_limits limits = {.pairs = (unsigned)options->rounds};
    uint64_t seed = duel->run.seed;
    int status = 0;
    for (unsigned repeat = 0; status == 0 && repeat < options->repeats; ++repeat) {
        struct tsp_duel_display display = tsp_duel_display_make(NAME);
        display.tenths = 10; /* a line a repeat is enough where nothing is drawn */
        duel->run.seed = seed + repeat;
        tsp_duel_forget(duel);
        status = tsp_duel_execute(duel, &limits, &calibration->trial.rule, interrupted, tsp_duel_display_show,
                                  &display, error);
        tsp_duel_display_clear(&display);
        if (status == 0) {
            (void)fprintf(stderr, NAME ": repeat %u of %" PRIu64 " done\n", repeat + 1, options->repeats);
            status = tsp_trial_note(&calibration->trial, error);
        }
    }
    duel->run.seed = seed;
    return status;
}

/* --- what it comes to ------------------------------------------------------------------------------------------------------------- */

static void print_alarms(const char *rule, const struct tsp_false_alarms *alarms) {
    double n = alarms->judged > 0 ? (double)alarms->judged : 1;
    (void)printf("  %-22s%9" PRIu64 "%9.2f %%%9.2f %%%9.2f %%\n", rule, alarms->judged,
                 100 * (double)alarms->slower / n, 100 * (double)alarms->faster / n,
                 100 * (double)(alarms->slower + alarms->faster) / n);
}

static void print_floors(const struct tsp_floors *floors) {
    (void)printf("False alarms at a threshold of %.1f %%: there is no difference to be found\n",
                 100 * floors->threshold);
    (void)printf("  %-22s%9s%11s%11s%11s\n", "rule", "judged", "slower", "faster", "both");
    print_alarms("compare, run to run", &floors->between);
    print_alarms("duel, in pairs", &floors->paired);
    (void)printf("\nNoise floors: 19 of 20 repeats lie within; of pairs, what intervals leave out\n"
                 "%-52s%13s%13s\n",
                 "", "run to run", "in pairs");
    for (size_t i = 0; i < floors->count; ++i) {
        const struct tsp_floor *floor = &floors->of[i];
        if (strlen(floor->id) > 50) {
            (void)printf("%s\n%52s", floor->id, "");
        } else {
            (void)printf("%-52s", floor->id);
        }
        (void)printf("%11.2f %%%11.2f %%\n", 100 * floor->between, 100 * floor->paired);
    }
}

/* Of a calibration that was broken off, what an earlier one found in more repeats is the better. */
static void prefer_earlier(struct calibration *calibration) {
    struct tsp_floors *floors = &calibration->floors;
    const struct tsp_floors *earlier = &calibration->earlier;
    size_t kept = 0;
    for (size_t i = 0; i < floors->count; ++i) {
        const struct tsp_floor *before = tsp_floors_find(earlier, floors->of[i].id);
        if (before == NULL || before->repeats <= floors->of[i].repeats) {
            floors->of[kept++] = floors->of[i];
        }
    }
    floors->count = kept;
}

/* What there is already is read before anything is measured: a file that is none would cost all of it. */
static int read_earlier(struct calibration *calibration, struct tsp_error *error) {
    const struct tsp_machine *machine = &calibration->duel.duelists[0].record.machine;
    char *path = calibration->path;
    if (tsp_floors_path(path, sizeof calibration->path, calibration->options->output, machine, error) != 0) {
        return -1;
    }
    return access(path, F_OK) == 0 ? tsp_floors_read(&calibration->earlier, path, error) : 0;
}

static int store(struct calibration *calibration, struct tsp_error *error) {
    struct tsp_floors *floors = &calibration->floors;
    const struct tsp_record *record = &calibration->duel.duelists[0].record;
    time_t now = time(NULL);
    struct tm utc;
    (void)snprintf(floors->arch, sizeof floors->arch, "%s", record->machine.arch);
    (void)snprintf(floors->machine, sizeof floors->machine, "%s", record->machine.id);
    (void)snprintf(floors->version, sizeof floors->version, "%s", record->run.version);
    (void)strftime(floors->made, sizeof floors->made, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    floors->repeats = (unsigned)calibration->trial.noted;
    floors->rounds = (unsigned)calibration->options->rounds;
    if (tsp_floors_add(floors, &calibration->earlier, error) != 0 ||
        tsp_floors_save(floors, calibration->path, error) != 0) {
        return -1;
    }
    (void)fprintf(stderr, NAME ": the floors are in %s\n", calibration->path);
    return 0;
}

static int failures(const struct tsp_duel *duel) {
    int status = TSP_EXIT_OK;
    for (size_t i = 0; i < duel->case_count; ++i) {
        for (unsigned side = 0; side < 2; ++side) {
            const struct tsp_side_case *place = duel->cases[i].places[side];
            if (place->status != TSP_OK && place->status != TSP_SKIPPED) {
                (void)fprintf(stderr, NAME ": %s: %s: %s\n", place->id, tsp_status_name(place->status),
                              place->reason);
                status = TSP_EXIT_CASES;
                break;
            }
        }
    }
    return status;
}

static int conclude(struct calibration *calibration, bool interrupted, struct tsp_error *error) {
    size_t done = calibration->trial.noted;
    if (interrupted && done < REPEATS_MIN) {
        (void)fprintf(stderr,
                      NAME ": interrupted after %zu repeats; floors take %d at least: nothing was stored\n",
                      done, (int)REPEATS_MIN);
        return TSP_EXIT_INTERRUPTED;
    }
    if (tsp_trial_floors(&calibration->trial, &calibration->floors, error) != 0) {
        return tsp_complain(NAME, error);
    }
    print_floors(&calibration->floors);
    if (interrupted) {
        (void)fprintf(stderr,
                      NAME ": interrupted; the floors are those of %zu repeats of %" PRIu64
                           ", but where there are some of more already\n",
                      done, calibration->options->repeats);
        prefer_earlier(calibration);
    }
    if (store(calibration, error) != 0) {
        return tsp_complain(NAME, error);
    }
    int status = failures(&calibration->duel);
    return interrupted ? TSP_EXIT_INTERRUPTED : status;
}

static int open_duel(struct calibration *calibration, const char *self, struct tsp_suite *suite,
                     const volatile int *interrupted, struct tsp_error *error) {
    const struct calibrate_options *options = calibration->options;
    struct tsp_duel *duel = &calibration->duel;
    if (tsp_suite_load(suite, options->suite, error) != 0) {
        return -1;
    }
    duel->cpu = options->cpu;
    duel->run.seed = options->seeded ? options->seed : tsp_seed_draw();
    duel->run.profile = suite->profile;
    if (options->time_ms > 0) {
        duel->run.profile.limit_ms += options->time_ms;
        duel->run.profile.time_ms = options->time_ms;
    }
    struct tsp_duel_choice choice = {.suite = suite, .pattern = options->filter};
    if (tsp_duel_meet(duel, (const char *const[]){self, self}, interrupted, error) != 0 ||
        read_earlier(calibration, error) != 0 || tsp_duel_choose(duel, &choice, error) != 0 ||
        tsp_trial_begin(&calibration->trial, duel, (size_t)options->repeats, options->threshold, error) !=
            0) {
        return -1;
    }
    size_t rounds = duel->case_count * (size_t)options->repeats * 2 * (size_t)options->rounds;
    char text[32];
    double ms = tsp_plan_estimate_ms(&duel->run.profile, rounds);
    (void)fprintf(stderr, NAME ": %zu cases, %" PRIu64 " times, some %s\n", duel->case_count,
                  options->repeats, tsp_duration_text(ms, text, sizeof text));
    return 0;
}

int tsp_command_calibrate(int argc, char **argv) {
    struct tsp_error error;
    struct calibrate_options options = {.suite = "quick",
                                        .repeats = 20,
                                        .rounds = 5,
                                        .cpu = -1,
                                        .threshold = 0.01,
                                        .output = "results",
                                        .error = &error};
    char self[PATH_MAX] = "";
    struct tsp_suite suite = {.name = NULL};
    int status = tsp_options_parse(&tsp_subcommand_calibrate, argc, argv, &options, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    struct calibration calibration = {.options = &options, .floors = {.threshold = options.threshold}};
    const volatile int *interrupted = tsp_interrupts_catch();
    if (readlink("/proc/self/exe", self, sizeof self - 1) <= 0) {
        status = tsp_error_set(&error, "cannot tell where this binary is: %s", strerror(errno));
    } else {
        status = open_duel(&calibration, self, &suite, interrupted, &error);
    }
    if (status == 0) {
        status = repeat_all(&calibration, interrupted, &error);
    }
    int result = TSP_EXIT_INTERRUPTED;
    if (status >= 0) {
        result = conclude(&calibration, status > 0, &error);
    } else if (*interrupted != 0) {
        (void)fputs(NAME ": interrupted before anything was measured\n", stderr);
    } else {
        result = tsp_complain(NAME, &error);
    }
    tsp_trial_free(&calibration.trial);
    tsp_floors_free(&calibration.floors);
    tsp_floors_free(&calibration.earlier);
    tsp_duel_free(&calibration.duel);
    tsp_suite_free(&suite);
    return tsp_finish_output(NAME, result);
}
