/* hwloc's view of the machine and of the CPUs that this process may use. */
#include "machine/topology.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct tsp_topology *topology_new(struct tsp_error *error) {
    struct tsp_topology *topology = calloc(1, sizeof *topology);
    if (topology == NULL) {
        (void)tsp_error_set(error, "out of memory for the topology");
        return NULL;
    }
    topology->usable = hwloc_bitmap_alloc();
    topology->isolated = hwloc_bitmap_alloc();
    if (topology->usable == NULL || topology->isolated == NULL ||
        hwloc_topology_init(&topology->hwloc) != 0) {
        (void)tsp_error_set(error, "out of memory for the topology");
        tsp_topology_free(topology);
        return NULL;
    }
    return topology;
}

/* isolcpus= takes CPUs out of the scheduler's hands; hwloc does not say which. A missing file means none. */
static void read_isolated(hwloc_bitmap_t isolated) {
    FILE *file = fopen("/sys/devices/system/cpu/isolated", "re");
    if (file == NULL) {
        return;
    }
    char list[1024];
    if (fgets(list, sizeof list, file) != NULL) {
        list[strcspn(list, "\n")] = '\0';
        if (hwloc_bitmap_list_sscanf(isolated, list) != 0) {
            hwloc_bitmap_zero(isolated);
        }
    }
    (void)fclose(file);
}

/* The machine is loaded whole (its counts identify it); what the process may use is kept beside it. */
static int find_usable(struct tsp_topology *topology, struct tsp_error *error) {
    hwloc_bitmap_and(topology->usable, hwloc_topology_get_topology_cpuset(topology->hwloc),
                     hwloc_topology_get_allowed_cpuset(topology->hwloc));
    hwloc_bitmap_t bound = hwloc_bitmap_alloc();
    if (bound != NULL && hwloc_get_cpubind(topology->hwloc, bound, HWLOC_CPUBIND_THREAD) == 0 &&
        hwloc_bitmap_intersects(bound, topology->usable)) {
        hwloc_bitmap_and(topology->usable, topology->usable, bound);
    }
    hwloc_bitmap_free(bound);
    if (hwloc_bitmap_iszero(topology->usable)) {
        return tsp_error_set(
            error, "hwloc finds no CPU for this process; check its cpuset and affinity mask (taskset -p)");
    }
    return 0;
}

/* Where /sys is missing hwloc says so on stderr, which is not ours to write to; the findings say what is not known instead. */
static int load_silently(hwloc_topology_t hwloc) {
    static const char *const quiet = "HWLOC_HIDE_ERRORS";
    bool ours = getenv(quiet) == NULL && setenv(quiet, "2", 1) == 0;
    int status = hwloc_topology_load(hwloc);
    if (ours) {
        (void)unsetenv(quiet);
    }
    return status;
}

int tsp_topology_load(struct tsp_topology **topology, struct tsp_error *error) {
    struct tsp_topology *loaded = topology_new(error);
    if (loaded == NULL) {
        return -1;
    }
    if (hwloc_topology_set_flags(loaded->hwloc, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED) != 0 ||
        load_silently(loaded->hwloc) != 0) {
        (void)tsp_error_set(
            error, "hwloc cannot load this machine's topology (%s); unset HWLOC_* variables, or try lstopo",
            strerror(errno));
        tsp_topology_free(loaded);
        return -1;
    }
    if (hwloc_topology_is_thissystem(loaded->hwloc) == 0) {
        (void)tsp_error_set(
            error,
            "the environment makes hwloc describe another machine; unset HWLOC_SYNTHETIC and HWLOC_XMLFILE");
        tsp_topology_free(loaded);
        return -1;
    }
    read_isolated(loaded->isolated);
    if (find_usable(loaded, error) != 0) {
        tsp_topology_free(loaded);
        return -1;
    }
    *topology = loaded;
    return 0;
}

int tsp_topology_load_synthetic(struct tsp_topology **topology, const char *description, const char *usable,
                                struct tsp_error *error) {
    struct tsp_topology *loaded = topology_new(error);
    if (loaded == NULL) {
        return -1;
    }
    if (hwloc_topology_set_synthetic(loaded->hwloc, description) != 0 ||
        hwloc_topology_load(loaded->hwloc) != 0) {
        (void)tsp_error_set(error, "hwloc does not understand the synthetic topology '%s'", description);
        tsp_topology_free(loaded);
        return -1;
    }
    hwloc_bitmap_copy(loaded->usable, hwloc_topology_get_topology_cpuset(loaded->hwloc));
    if (usable != NULL) {
        if (hwloc_bitmap_list_sscanf(loaded->usable, usable) != 0) {
            hwloc_bitmap_zero(loaded->usable);
        }
        hwloc_bitmap_and(loaded->usable, loaded->usable, hwloc_topology_get_topology_cpuset(loaded->hwloc));
    }
    if (hwloc_bitmap_iszero(loaded->usable)) {
        (void)tsp_error_set(error, "no CPU of '%s' is in the list '%s'", description,
                            usable != NULL ? usable : "");
        tsp_topology_free(loaded);
        return -1;
    }
    *topology = loaded;
    return 0;
}

void tsp_topology_free(struct tsp_topology *topology) {
    if (topology == NULL) {
        return;
    }
    if (topology->hwloc != NULL) {
        hwloc_topology_destroy(topology->hwloc);
    }
    hwloc_bitmap_free(topology->usable);
    hwloc_bitmap_free(topology->isolated);
    free(topology);
}

const char *tsp_topology_list(hwloc_const_bitmap_t set, char *text, size_t size) {
    int length = hwloc_bitmap_list_snprintf(text, size, set);
    if (length >= 0 && (size_t)length >= size && size >= 4) {
        memcpy(text + size - 4, "...", 4);
    }
    return text;
}

static bool share_type(hwloc_obj_t a, hwloc_obj_t b, hwloc_topology_t hwloc, hwloc_obj_type_t type) {
    hwloc_obj_t of_a = hwloc_get_ancestor_obj_by_type(hwloc, type, a);
    return of_a != NULL && of_a == hwloc_get_ancestor_obj_by_type(hwloc, type, b);
}

enum tsp_relation tsp_topology_relation(const struct tsp_topology *topology, unsigned a, unsigned b) {
    hwloc_obj_t of_a = hwloc_get_pu_obj_by_os_index(topology->hwloc, a);
    hwloc_obj_t of_b = hwloc_get_pu_obj_by_os_index(topology->hwloc, b);
    if (of_a == NULL || of_b == NULL) {
        return TSP_SHARES_NOTHING;
    }
    if (share_type(of_a, of_b, topology->hwloc, HWLOC_OBJ_CORE)) {
        return TSP_SHARES_CORE;
    }
    if (share_type(of_a, of_b, topology->hwloc, HWLOC_OBJ_L2CACHE)) {
        return TSP_SHARES_L2;
    }
    /* Any cache beyond L2: cores of one s390x drawer share an L4, those of one chip an L3 below it. */
    if (share_type(of_a, of_b, topology->hwloc, HWLOC_OBJ_L3CACHE) ||
        share_type(of_a, of_b, topology->hwloc, HWLOC_OBJ_L4CACHE) ||
        share_type(of_a, of_b, topology->hwloc, HWLOC_OBJ_L5CACHE)) {
        return TSP_SHARES_LLC;
    }
    return hwloc_bitmap_intersects(of_a->nodeset, of_b->nodeset) ? TSP_SHARES_NODE : TSP_SHARES_NOTHING;
}

unsigned long tsp_topology_quietness(const struct tsp_topology *topology, unsigned cpu) {
    hwloc_obj_t pu = hwloc_get_pu_obj_by_os_index(topology->hwloc, cpu);
    if (pu == NULL) {
        return 0;
    }
    hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(topology->hwloc, HWLOC_OBJ_CORE, pu);
    int kind = hwloc_cpukinds_get_by_cpuset(topology->hwloc, pu->cpuset,
                                            0); /* ordered: higher is faster; -1 when unknown */
    unsigned long rank = hwloc_bitmap_isset(topology->isolated, cpu) != 0 ? 1UL : 0UL;
    rank = (rank << 4) | (unsigned long)(kind < 0 ? 0 : kind < 15 ? kind : 15);
    rank = (rank << 1) | (cpu != 0 ? 1UL : 0UL);
    rank = (rank << 1) | (core != NULL && hwloc_bitmap_isset(core->cpuset, 0) != 0 ? 0UL : 1UL);
    rank = (rank << 1) | (core == NULL || hwloc_bitmap_first(core->cpuset) == (int)cpu ? 1UL : 0UL);
    return (rank << 20) | (cpu < 0xfffffUL ? cpu : 0xfffffUL);
}
