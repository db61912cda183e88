/* What calibration found of this machine's noise, for verdicts. */
#include "noise.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

int tsp_noise_use(struct tsp_floors *floors, const char *root, const struct tsp_machine *machine,
                  struct tsp_question *question, struct tsp_error *error) {
    char path[PATH_MAX];
    *floors = (struct tsp_floors){.of = NULL};
    if (tsp_floors_path(path, sizeof path, root, machine, error) != 0) {
        return -1;
    }
    if (access(path, F_OK) != 0) {
        return 0;
    }
    if (tsp_floors_read(floors, path, error) != 0) {
        return -1;
    }
    if (strcmp(floors->machine, machine->id) != 0 || strcmp(floors->arch, machine->arch) != 0) {
        return tsp_error_set(error,
                             "%s: is of machine %s (%s), not of %s; make it anew with `transept calibrate`",
                             path, floors->machine, floors->arch, machine->id);
    }
    question->noise = question->paired ? tsp_floors_paired : tsp_floors_between;
    question->noise_data = floors;
    return 1;
}
