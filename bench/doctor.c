/* transept doctor: what on this machine spoils measurements, how much, and the line that mends it. It changes nothing. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "options.h"
#include "scene.h"
#include "terminal.h"

#define NAME   "transept doctor"
#define INDENT 10

static const struct argp_option doctor_options[] = {TSP_OPTION_HELP, {0}};

static error_t parse_option(int key, char *argument, struct argp_state *state) {
    struct tsp_error *error = state->input;
    if (key == ARGP_KEY_ARG) {
        (void)tsp_error_set(error, "what is '%s'? The command takes no arguments", argument);
        return EINVAL;
    }
    return ARGP_ERR_UNKNOWN;
}

static const struct argp doctor_argp = {
    .options = doctor_options,
    .parser = parse_option,
    .doc =
        "Says what on this machine spoils measurements, how much, and the line that mends it. It changes nothing.\v"
        "Examples:\n"
        "  transept doctor\n"
        "  transept doctor | grep -A2 WARNING\n"
        "Exit status: 0 examined, whatever was found; 2 misuse.",
};

const struct tsp_subcommand tsp_subcommand_doctor = {
    .name = "doctor",
    .about = "what on this machine spoils measurements, and the remedy",
    .run = tsp_command_doctor,
    .argp = &doctor_argp,
    .see_also = "facts run calibrate",
};

static void print_part(const char *text, unsigned width) {
    if (text[0] != '\0') {
        (void)printf("%*s", INDENT, "");
        tsp_print_wrapped(stdout, text, INDENT, INDENT, width);
    }
}

static void print_finding(const char *word, const char *subject, const char *value, const char *effect,
                          const char *remedy, unsigned width) {
    char text[2048];
    (void)printf("%-*s", INDENT, word);
    (void)snprintf(text, sizeof text, "%s: %s", subject, value[0] != '\0' ? value : "nothing is known");
    tsp_print_wrapped(stdout, text, INDENT, INDENT, width);
    print_part(effect, width);
    if (remedy[0] != '\0') { /* whole, whatever the width: it is there to be pasted */
        (void)printf("%*smend it: %s\n", INDENT, "", remedy);
    }
}

/* Worst first; what could not be found out comes before what is merely worth knowing. */
static void print_findings(const struct tsp_machine *machine, unsigned width) {
    static const struct {
        int level;
        const char *word;
    } order[] = {{TSP_FINDING_WARNING, "WARNING"},
                 {TSP_FINDING_UNKNOWN, "UNKNOWN"},
                 {TSP_FINDING_NOTE, "note"},
                 {TSP_FINDING_OK, "ok"}};
    for (size_t i = 0; i < sizeof order / sizeof *order; ++i) {
        for (unsigned f = 0; f < machine->finding_count; ++f) {
            const struct tsp_finding *finding = &machine->findings[f];
            if ((int)finding->level == order[i].level) {
                print_finding(order[i].word, finding->subject, finding->value, finding->effect,
                              finding->remedy, width);
            }
        }
    }
}

static void print_machine(const struct tsp_machine *machine, unsigned width) {
    char text[1024];
    (void)snprintf(text, sizeof text, "%s, %s, %u of %u CPUs usable, %s, %s%s%s", machine->arch,
                   machine->cpu_model[0] != '\0' ? machine->cpu_model : "unknown CPU",
                   machine->usable_threads, machine->threads, machine->kernel, machine->libc,
                   machine->hypervisor[0] != '\0' ? ", under " : "", machine->hypervisor);
    tsp_print_wrapped(stdout, text, 0, 2, width);
    if (machine->emulated) {
        (void)snprintf(text, sizeof text,
                       "EMULATED by %s%s%s%s%s: times are the emulator's and say nothing of a processor",
                       machine->emulator, machine->emulator_version[0] != '\0' ? " " : "",
                       machine->emulator_version, machine->host_arch[0] != '\0' ? " on " : "",
                       machine->host_arch);
        tsp_print_wrapped(stdout, text, 0, 2, width);
    }
    (void)putchar('\n');
}

static void print_clock(const struct tsp_clock *clock, unsigned width) {
    char value[TSP_REASON_MAX];
    char effect[TSP_REASON_MAX + 64] = "";
    (void)snprintf(value, sizeof value, "%s, %.6g MHz (%s), resolution %.3g ns, a read costs %.3g ns",
                   clock->name, clock->hz / 1e6, clock->hz_source, clock->resolution_ns,
                   clock->overhead_ns_p50);
    if (clock->rejected[0] != '\0') {
        (void)snprintf(effect, sizeof effect, "the processor's own counter was not taken: %s",
                       clock->rejected);
    }
    print_finding(effect[0] == '\0' ? "ok" : "note", "clock", value, effect, "", width);
}

static bool alike(const struct tsp_counter *a, const struct tsp_counter *b) {
    return a->status == b->status && strcmp(a->reason, b->reason) == 0;
}

/* The counter and all later ones that are in the same state, unless an earlier one told of it. */
static void print_counters_alike(const struct tsp_counters *counters, size_t index, unsigned width) {
    const struct tsp_counter *counter = tsp_counters_get(counters, index);
    char names[TSP_COUNTERS_MAX * TSP_NAME_MAX] = "";
    size_t count = 0;
    for (size_t i = 0; i < tsp_counters_count(counters); ++i) {
        const struct tsp_counter *other = tsp_counters_get(counters, i);
        if (!alike(counter, other)) {
            continue;
        }
        if (i < index) {
            return;
        }
        size_t used = strlen(names);
        (void)snprintf(names + used, sizeof names - used, "%s%s", count++ == 0 ? "" : ", ", other->name);
    }
    print_finding(counter->status == TSP_COUNTER_OK ? "ok" : "note", tsp_counter_status_name(counter->status),
                  names, counter->reason, "", width);
}

static void print_counters(unsigned width) {
    struct tsp_pmu pmu;
    struct tsp_counters *counters = NULL;
    struct tsp_error error;
    tsp_pmu_describe(&pmu);
    char value[TSP_REASON_MAX];
    (void)snprintf(value, sizeof value, "%s, %s", pmu.name, tsp_counter_status_name(pmu.status));
    print_finding(pmu.status == TSP_COUNTER_OK ? "ok" : "note", "pmu", value, pmu.reason, "", width);
    if (tsp_counters_open(&counters, TSP_COUNTERS_DEFAULT, &error) != 0) {
        print_finding("WARNING", "counters", "none", error.text, "", width);
        return;
    }
    for (size_t i = 0; i < tsp_counters_count(counters); ++i) {
        print_counters_alike(counters, i, width);
    }
    tsp_counters_close(counters);
}

static int examine(struct tsp_scene *scene) {
    struct tsp_error error;
    unsigned width = tsp_terminal_width(stdout);
    tsp_machine_listen(&scene->machine, scene->topology);
    print_machine(&scene->machine, width);
    print_findings(&scene->machine, width);
    (void)puts("\nClock and counters");
    if (tsp_clock_choose(&scene->clock, &error) == 0) {
        print_clock(&scene->clock, width);
    } else {
        print_finding("WARNING", "clock", "none", error.text, "", width);
    }
    print_counters(width);
    return tsp_finish_output(NAME, TSP_EXIT_OK);
}

int tsp_command_doctor(int argc, char **argv) {
    struct tsp_error error;
    int status = tsp_options_parse(&tsp_subcommand_doctor, argc, argv, &error, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    struct tsp_scene scene;
    status = tsp_scene_open(&scene, &error) == 0 ? examine(&scene) : tsp_complain(NAME, &error);
    tsp_scene_close(&scene);
    return status;
}
