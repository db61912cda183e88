/* transept workload: threads that read and write one map, and how long each operation took. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cells.h"
#include "command.h"
#include "interrupt.h"
#include "options.h"
#include "output.h"
#include "terminal.h"
#include "workload_options.h"
#include "workload_table.h"

#define NAME "transept workload"

struct job {
    struct tsp_workload_options options;
    struct tsp_workload workload;
    struct tsp_topology *topology;
    struct tsp_record record; /* machine, clock, build, run; no cases */
    struct tsp_workload_result result;
};

/* --- progress ----------------------------------------------------------------------------------------------------------------------- */

struct display {
    bool redraws;
    bool drawn;
    unsigned tenths; /* that have been told of where nothing is drawn anew */
};

static void clear(struct display *display) {
    if (display->drawn) {
        (void)fputs("\r\033[K", stderr);
        display->drawn = false;
    }
}

static void show(void *data, double done, double whole, double rate, double p99_ns) {
    struct display *display = data;
    char text[128] = "warming up";
    char count[48];
    char time[48];
    if (done >= 0) {
        (void)snprintf(text, sizeof text, "%.3g of %g s, %s operations a second, P99 %s", done, whole,
                       tsp_cell_count(count, sizeof count, round(rate)),
                       tsp_workload_time_text(time, sizeof time, p99_ns));
    }
    if (display->redraws) {
        (void)fprintf(stderr, "\r%.*s\033[K", (int)tsp_terminal_width(stderr) - 1, text);
        display->drawn = true;
        return;
    }
    unsigned tenths = done > 0 ? (unsigned)(10 * done / whole) : 0;
    if (tenths > display->tenths) {
        display->tenths = tenths;
        (void)fprintf(stderr, NAME ": %s\n", text);
    }
}

/* --- the job ------------------------------------------------------------------------------------------------------------------------ */

/* A map that does not fit would swap, or be ended by the kernel. */
static int check_memory(const struct job *job, struct tsp_error *error) {
    uint64_t bytes = tsp_workload_bytes(&job->workload, job->options.raw != NULL);
    uint64_t memory = job->record.machine.memory_bytes;
    return memory == 0 || bytes <= memory / 4 * 3
               ? 0
               : tsp_error_set(error,
                               "%.200s takes up to %" PRIu64 " MiB and this machine has %" PRIu64
                               "; ask for fewer keys or smaller values",
                               job->options.file, bytes >> 20, memory >> 20);
}

static void print_plan(const struct job *job) {
    char text[256];
    tsp_workload_print_head(stdout, &job->workload, job->record.machine.usable_threads);
    (void)snprintf(text, sizeof text, "It takes up to %" PRIu64 " MiB of memory. Nothing was measured.",
                   (tsp_workload_bytes(&job->workload, job->options.raw != NULL) >> 20) + 1);
    tsp_print_wrapped(stdout, text, 0, 0, 80);
}

static int write_report(const void *data, FILE *stream, struct tsp_error *error) {
    const struct job *job = data;
    struct tsp_workload_report report = {&job->workload, &job->result, &job->record};
    switch (job->options.format) {
    case TSP_WORKLOAD_JSON:
        return tsp_workload_write_json(&report, stream, error);
    case TSP_WORKLOAD_CSV:
        return tsp_workload_write_csv(&report, stream, error);
    case TSP_WORKLOAD_TABLE:
        break;
    }
    tsp_workload_print_result(stream, &job->workload, &job->result);
    return fflush(stream) == 0 && ferror(stream) == 0 ? 0
                                                      : tsp_error_set(error, "the table cannot be written");
}

static int write_raw(const void *data, FILE *stream, struct tsp_error *error) {
    return tsp_workload_write_raw(&((const struct job *)data)->result, stream, error);
}

static int finish(struct job *job) {
    struct tsp_error error;
    const struct tsp_workload_result *result = &job->result;
    int status = !result->check.passed ? TSP_EXIT_CASES
                 : result->interrupted ? TSP_EXIT_INTERRUPTED
                                       : TSP_EXIT_OK;
    if (job->options.output != NULL) {
        tsp_workload_print_result(stdout, &job->workload, result);
    }
    if (tsp_output_write(job->options.output, write_report, job, &error) != 0 ||
        (job->options.raw != NULL && tsp_output_write(job->options.raw, write_raw, job, &error) != 0)) {
        status = job->options.output != NULL || job->options.raw != NULL
                     ? tsp_complain(NAME, &error)
                     : status; /* of stdout tsp_finish_output() knows more */
    }
    if (!result->check.passed) {
        (void)fprintf(stderr, NAME ": %s\n", result->check.reason);
    }
    return tsp_finish_output(NAME, status);
}

static int measure(struct job *job) {
    struct tsp_error error;
    struct display display = {.redraws = tsp_terminal_redraws(stderr)};
    struct tsp_workload_setting setting = {.clock = &job->record.clock,
                                           .cpus = job->record.machine.usable_threads,
                                           .emulated = job->record.machine.emulated,
                                           .keep_raw = job->options.raw != NULL,
                                           .interrupted = tsp_interrupts_catch(),
                                           .observer = show,
                                           .observer_data = &display,
                                           .sabotage = tsp_workload_sabotage};
    if (tsp_clock_choose(&job->record.clock, &error) != 0) {
        return tsp_complain(NAME, &error);
    }
    tsp_machine_listen(&job->record.machine, job->topology);
    int status = tsp_workload_run(&job->workload, &setting, &job->result, &error);
    clear(&display);
    tsp_workload_finish(&job->record);
    return status == 0 ? finish(job) : tsp_complain(NAME, &error);
}

/* Whether what is written would replace the workload's own file, which a shipped one's name is not. */
static int spare(const struct tsp_workload_options *options, struct tsp_error *error) {
    const char *file = strpbrk(options->file, "./") != NULL ? options->file : NULL;
    return tsp_output_spare(options->output, &file, 1, error) != 0 ||
                   tsp_output_spare(options->raw, &file, 1, error) != 0
               ? -1
               : 0;
}

static int run(struct job *job, const char *command) {
    struct tsp_error error;
    if (spare(&job->options, &error) != 0 ||
        tsp_workload_load(&job->workload, job->options.file, &error) != 0) {
        return tsp_complain(NAME, &error);
    }
    tsp_workload_options_apply(&job->options, &job->workload);
    if (tsp_topology_load(&job->topology, &error) != 0 ||
        tsp_machine_probe(&job->record.machine, job->topology, &error) != 0 ||
        check_memory(job, &error) != 0) {
        return tsp_complain(NAME, &error);
    }
    if (job->options.dry_run) {
        print_plan(job);
        return tsp_finish_output(NAME, TSP_EXIT_OK);
    }
    tsp_workload_describe(&job->record, command, job->workload.seed);
    return measure(job);
}

int tsp_command_workload(int argc, char **argv) {
    struct tsp_error error;
    struct job job = {.topology = NULL};
    char command[sizeof job.record.run.command];
    tsp_command_join(command, sizeof command, argc, argv); /* before argp puts words in another order */
    int status = tsp_workload_options_parse(&job.options, argc, argv, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(NAME, TSP_EXIT_OK) : tsp_complain(NAME, &error);
    }
    status = run(&job, command);
    tsp_workload_result_free(&job.result);
    tsp_workload_free(&job.workload);
    tsp_topology_free(job.topology);
    return status;
}
