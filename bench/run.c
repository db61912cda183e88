/* transept run: measures cases, prints the table, writes the record. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "interrupt.h"
#include "options.h"
#include "progress.h"
#include "run_options.h"
#include "scene.h"
#include "table.h"
#include "terminal.h"
#include "transept/plan.h"
#include "transept/run.h"

/* Counts are the same in every round, which takes two to be seen, and from run to run, which takes the same random inputs. */
enum { COUNTS_ROUNDS = 2, COUNTS_SEED = 1 };

/* What a run needs, from the plan to the record. */
struct job {
    struct tsp_run_options options;
    struct tsp_scene scene;
    struct tsp_suite suite;
    struct tsp_plan plan;
    struct tsp_record record;
    struct tsp_journal *journal;
    char journal_path[PATH_MAX];
    char command[sizeof((struct tsp_run *)0)->command];
    const char *name; /* "transept run", or another command that measures */
    tsp_record_printer *print;
};

static int make_plan(struct job *job, struct tsp_error *error) {
    const struct tsp_run_options *options = &job->options;
    if (tsp_suite_load(&job->suite, options->suite, error) != 0) {
        return -1;
    }
    if (job->scene.machine.emulated) {
        tsp_suite_shorten(&job->suite);
    }
    struct tsp_profile *profile = &job->suite.profile;
    if (options->time_ms > 0) {
        profile->limit_ms += options->time_ms > profile->time_ms ? options->time_ms - profile->time_ms : 0;
        profile->time_ms = options->time_ms;
    }
    job->scene.session.seed = options->seeded        ? options->seed
                              : options->counts_only ? COUNTS_SEED
                                                     : tsp_seed_draw();
    unsigned rounds = options->counts_only ? COUNTS_ROUNDS : (unsigned)job->suite.rounds;
    if (options->rounds > 0) {
        rounds = (unsigned)options->rounds;
    }
    return tsp_plan_make(&job->plan, &job->scene.registry, &job->suite, options->filter, rounds,
                         &job->scene.session, error);
}

static void print_plan(const struct job *job) {
    const struct tsp_plan *plan = &job->plan;
    char text[256];
    char duration[32];
    size_t runnable = 0;
    for (size_t i = 0; i < plan->case_count; ++i) {
        const struct tsp_planned *planned = &plan->cases[i];
        runnable += planned->obstacle[0] == '\0';
        (void)printf("%s%s%s\n", planned->tcase->id,
                     planned->obstacle[0] == '\0' ? "" : "  skipped: ", planned->obstacle);
    }
    (void)snprintf(
        text, sizeof text,
        "%zu cases of suite %s run here, %zu do not; %u rounds of %g ms in the order of seed %" PRIu64
        ", some %s. Nothing was measured.",
        runnable, job->suite.name, plan->case_count - runnable, plan->rounds, plan->profile.time_ms,
        plan->seed,
        tsp_duration_text(tsp_plan_estimate_ms(&plan->profile, plan->step_count), duration, sizeof duration));
    tsp_print_wrapped(stdout, text, 0, 0, 80);
}

static void describe_machine(struct job *job) {
    struct tsp_record *record = &job->record;
    struct tsp_pmu pmu;
    tsp_pmu_describe(&pmu);
    record->machine = job->scene.machine;
    record->clock = job->scene.clock;
    record->core_ghz_estimate = job->scene.machine.emulated ? 0 : tsp_clock_core_ghz(&job->scene.clock);
    (void)snprintf(record->pmu_name, sizeof record->pmu_name, "%s", pmu.name);
    (void)snprintf(record->pmu_status, sizeof record->pmu_status, "%s", tsp_counter_status_name(pmu.status));
    (void)snprintf(record->pmu_reason, sizeof record->pmu_reason, "%s", pmu.reason);
    tsp_build_describe(&record->build);
}

/* What can be counted at all here; to take no times is of use only if something can. */
static int tune(struct job *job, struct tsp_error *error) {
    const struct tsp_run_options *options = &job->options;
    const struct tsp_verdicts *verdicts = &job->scene.verdicts;
    if (tsp_scene_tune(&job->scene, options->cpu, options->counters, error) != 0) {
        return -1;
    }
    job->scene.session.counts_only = options->counts_only;
    job->scene.session.repetitions = (unsigned)options->repetitions;
    for (unsigned i = 0; i < verdicts->count; ++i) {
        if (verdicts->of[i].status == TSP_COUNTER_OK) {
            return 0;
        }
    }
    return !options->counts_only
               ? 0
               : tsp_error_set(error, "--count: nothing counts here: %s",
                               verdicts->count > 0 ? verdicts->of[0].reason : "no counter was asked for");
}

static int begin(struct job *job, struct tsp_error *error) {
    const struct tsp_run_options *options = &job->options;
    if (tune(job, error) != 0) {
        return -1;
    }
    describe_machine(job);
    if (tsp_run_prepare(&job->record, &job->plan, job->suite.name, job->command, error) != 0) {
        return -1;
    }
    tsp_journal_path(job->journal_path, sizeof job->journal_path, options->output, &job->record);
    return tsp_journal_create(&job->journal, job->journal_path, &job->record, error);
}

static int take_up(struct job *job, struct tsp_error *error) {
    const struct tsp_run_options *options = &job->options;
    if (options->journal != NULL) {
        (void)snprintf(job->journal_path, sizeof job->journal_path, "%s", options->journal);
    } else if (tsp_journal_find(job->journal_path, sizeof job->journal_path, options->output,
                                &job->scene.machine, error) != 0) {
        return -1;
    }
    if (tsp_journal_resume(&job->journal, job->journal_path, &job->record, error) != 0) {
        return -1;
    }
    job->scene.session.seed = job->record.run.seed;
    job->scene.session.cpu = options->cpu; /* which the rounds so far must have had */
    if (tsp_run_take_up(&job->plan, &job->record, &job->scene.registry, &job->scene.machine,
                        &job->scene.session, error) != 0 ||
        tune(job, error) != 0) {
        return tsp_error_prefix(error, "%s", job->journal_path);
    }
    (void)fprintf(stderr, "%s: going on with %s\n", job->name, job->journal_path);
    describe_machine(job);
    return 0;
}

static int exit_status(const struct tsp_record *record, bool interrupted) {
    if (record->run.interrupted && interrupted) {
        return TSP_EXIT_INTERRUPTED;
    }
    for (size_t i = 0; i < record->result_count; ++i) {
        if (record->results[i].status != TSP_OK && record->results[i].status != TSP_SKIPPED) {
            return TSP_EXIT_CASES;
        }
    }
    return TSP_EXIT_OK;
}

/* Table, files, journal. What could not be written leaves the journal, from which it can be written again. */
static int finish(struct job *job, int status) {
    struct tsp_error error;
    job->print(stdout, &job->record);
    status = tsp_finish_output(job->name, status);
    bool saved = tsp_record_save_all(&job->record, job->options.output, &job->options.formats, &error) == 0;
    if (!saved) {
        status = tsp_complain(job->name, &error);
    }
    bool keep = !saved || job->record.run.interrupted;
    tsp_journal_close(job->journal, !keep);
    job->journal = NULL;
    if (keep) {
        (void)fprintf(stderr, "%s: the rounds so far are in %s; go on with --resume\n", job->name,
                      job->journal_path);
    }
    return status;
}

static int measure(struct job *job) {
    struct tsp_display display;
    struct tsp_error error;
    struct tsp_observer observer = tsp_display_observer(&display);
    const volatile int *interrupted = tsp_interrupts_catch();
    int status = tsp_run_execute(&job->plan, &job->scene.session, &job->record, job->journal, &observer,
                                 interrupted, &error);
    tsp_display_clear(&display);
    if (status != 0) {
        status = tsp_complain(job->name, &error);
        return finish(job, status);
    }
    return finish(job, exit_status(&job->record, *interrupted != 0));
}

static int run(struct job *job) {
    struct tsp_error error;
    int status = job->options.resume ? 0 : make_plan(job, &error);
    if (status == 0 && job->options.dry_run) {
        print_plan(job);
        return tsp_finish_output(job->name, TSP_EXIT_OK);
    }
    if (status == 0) {
        status = job->options.resume ? take_up(job, &error) : begin(job, &error);
    }
    return status == 0 ? measure(job) : tsp_complain(job->name, &error);
}

static void print_table(FILE *stream, const struct tsp_record *record) {
    tsp_table_head(stream, record);
    (void)putc('\n', stream);
    (void)tsp_table_print(stream, record, NULL, NULL);
}

int tsp_command_run(int argc, char **argv) {
    return tsp_run_and_print(argc, argv, print_table);
}

int tsp_run_and_print(int argc, char **argv, tsp_record_printer *print) {
    struct tsp_error error;
    struct job job = {.journal = NULL, .name = argv[0], .print = print};
    tsp_command_join(job.command, sizeof job.command, argc,
                     argv); /* before argp puts words in another order */
    int status = tsp_run_options_parse(&job.options, argc, argv, &error);
    if (status != 0) {
        return status > 0 ? tsp_finish_output(job.name, TSP_EXIT_OK) : tsp_complain(job.name, &error);
    }
    status = tsp_scene_open(&job.scene, &error) == 0 ? run(&job) : tsp_complain(job.name, &error);
    tsp_journal_close(job.journal, false);
    tsp_record_free(&job.record);
    tsp_plan_free(&job.plan);
    tsp_suite_free(&job.suite);
    tsp_scene_close(&job.scene);
    return status;
}
