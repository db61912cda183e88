/* transept duel-round: what a duel starts anew for each round (transept/duel.h). */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "command.h"
#include "scene.h"
#include "transept/duel.h"
#include "transept/run.h"

#define NAME "transept " TSP_DUEL_COMMAND

/* All cases there are, without a step: which of them are measured is for the asking process to say. */
static int plan_all(struct tsp_plan *plan, const struct tsp_scene *scene, const struct tsp_profile *profile,
                    struct tsp_error *error) {
    const char **ids = calloc(scene->registry.count + 1, sizeof *ids);
    if (ids == NULL) {
        return tsp_error_set(error, "no memory for %zu cases", scene->registry.count);
    }
    for (size_t i = 0; i < scene->registry.count; ++i) {
        ids[i] = scene->registry.cases[i].id;
    }
    int status = tsp_plan_again(plan, &scene->registry, ids, scene->registry.count, profile, 1,
                                &scene->session, error);
    free(ids);
    return status;
}

static int tell_all(struct tsp_scene *scene, const struct tsp_duel_request *request,
                    struct tsp_error *error) {
    struct tsp_plan plan = {.cases = NULL};
    struct tsp_record *record = calloc(1, sizeof *record);
    if (record == NULL) {
        return tsp_error_set(error, "no memory for an answer");
    }
    int status = tsp_scene_tune(scene, request->cpu, "none", error);
    if (status == 0) {
        status = plan_all(&plan, scene, &request->run.profile, error);
    }
    if (status == 0) {
        record->machine = scene->machine;
        record->clock = scene->clock;
        tsp_build_describe(&record->build);
        status = tsp_run_prepare(record, &plan, "duel", NAME, error);
    }
    if (status == 0) {
        record->run.seed = request->run.seed;
        status = tsp_duel_answer_header(record, stdout, error);
    }
    tsp_record_free(record);
    free(record);
    tsp_plan_free(&plan);
    return status;
}

static int measure(struct tsp_scene *scene, const struct tsp_duel_request *request, struct tsp_error *error) {
    const struct tsp_case *tcase = tsp_registry_find(&scene->registry, request->id);
    if (tcase == NULL) {
        return tsp_error_set(error, "no case is called %s", request->id);
    }
    struct tsp_round *rounds = calloc(2, sizeof *rounds);
    if (rounds == NULL) {
        return tsp_error_set(error, "no memory for a round");
    }
    struct tsp_round *like = request->like.known ? &rounds[1] : NULL;
    rounds[1].per_op = request->like.per_op;
    rounds[1].ops_per_sample = request->like.ops_per_sample;
    scene->session.clock = &request->clock;
    scene->session.counters = "none";
    scene->session.cpu = request->cpu;
    scene->session.seed = request->run.seed;
    int status = tsp_round_isolate(&scene->session, &request->run.profile, tcase, request->round, like, NULL,
                                   &rounds[0], error);
    if (status == 0) {
        status = tsp_duel_answer_round(request->id, &rounds[0], stdout, error);
    }
    free(rounds);
    return status;
}

static int answer(struct tsp_scene *scene, struct tsp_duel_request *request, struct tsp_error *error) {
    if (tsp_duel_request_read(request, stdin, error) != 0) {
        return -1;
    }
    int status = tsp_scene_open(scene, error);
    if (status == 0) {
        status = request->id[0] == '\0' ? tell_all(scene, request, error) : measure(scene, request, error);
    }
    tsp_scene_close(scene);
    return status;
}

int tsp_command_duel_round(void) {
    struct tsp_error error;
    struct tsp_duel_request *request = calloc(1, sizeof *request);
    struct tsp_scene *scene = calloc(1, sizeof *scene);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* nobody would hear the answer */
    int status = request != NULL && scene != NULL ? answer(scene, request, &error)
                                                  : tsp_error_set(&error, "no memory");
    free(scene);
    free(request);
    return status == 0 ? TSP_EXIT_OK : tsp_complain(NAME, &error);
}
