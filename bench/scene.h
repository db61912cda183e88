/* Everything that is found out about the machine before anything is measured. */
#ifndef TRANSEPT_BENCH_SCENE_H
#define TRANSEPT_BENCH_SCENE_H

#include "transept/machine.h"
#include "transept/measure.h"
#include "transept/registry.h"

struct tsp_scene {
    struct tsp_registry registry;
    struct tsp_topology *topology;
    struct tsp_machine machine;
    struct tsp_env env;
    struct tsp_clock clock;
    struct tsp_verdicts verdicts; /* what the known-loop test said of the counters */
    struct tsp_session session;
};

/** Cases, topology, machine and what kernels may know: all that listing and planning take. Free with tsp_scene_close(), also after an error. */
int tsp_scene_open(struct tsp_scene *scene, struct tsp_error *error);

/** What measuring takes beyond that: checks the CPU (-1: choose) and the counters' names, chooses the clock, listens to the machine. */
int tsp_scene_tune(struct tsp_scene *scene, int cpu, const char *counters, struct tsp_error *error);

void tsp_scene_close(struct tsp_scene *scene);

#endif
