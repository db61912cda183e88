/* Everything that is found out about the machine before anything is measured. */
#include "scene.h"

#include <string.h>

int tsp_scene_open(struct tsp_scene *scene, struct tsp_error *error) {
    memset(scene, 0, sizeof *scene);
    const struct tsp_kernel *const *kernels = NULL;
    size_t count = tsp_registry_linked(&kernels);
    if (tsp_registry_build(&scene->registry, kernels, count, error) != 0 ||
        tsp_topology_load(&scene->topology, error) != 0 ||
        tsp_machine_probe(&scene->machine, scene->topology, error) != 0) {
        return -1;
    }
    tsp_env_from_machine(&scene->env, &scene->machine);
    scene->session = (struct tsp_session){.clock = &scene->clock,
                                          .topology = scene->topology,
                                          .env = &scene->env,
                                          .counters = TSP_COUNTERS_DEFAULT,
                                          .emulated = scene->machine.emulated,
                                          .cpu = -1};
    return 0;
}

int tsp_scene_tune(struct tsp_scene *scene, int cpu, const char *counters, struct tsp_error *error) {
    struct tsp_placement placement;
    scene->session.cpu = cpu;
    scene->session.counters = counters;
    if (tsp_placement_choose(scene->topology, 1, NULL, cpu, &placement, error) != 0 ||
        tsp_counters_check(&scene->verdicts, counters, error) != 0) {
        return -1;
    }
    scene->session.verdicts = &scene->verdicts;
    if (tsp_clock_choose(&scene->clock, error) != 0) {
        return -1;
    }
    tsp_machine_listen(&scene->machine, scene->topology);
    return 0;
}

void tsp_scene_close(struct tsp_scene *scene) {
    tsp_registry_free(&scene->registry);
    tsp_topology_free(scene->topology);
}
