/* Which CPUs a case runs on, named by what they share. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "machine/topology.h"

static const char *const relation_names[TSP_RELATIONS] = {"same-core", "same-l2", "same-llc", "same-node",
                                                          "cross-node"};

static const char *const relation_phrases[TSP_RELATIONS] = {
    "share a core", "share an L2 without sharing a core", "share a last cache without sharing an L2",
    "share a memory node without sharing a cache", "lie on two memory nodes"};

static int relation_parse(const char *name) {
    for (int relation = 0; relation < TSP_RELATIONS; ++relation) {
        if (strcmp(name, relation_names[relation]) == 0) {
            return relation;
        }
    }
    return -1;
}

/* The nearest of the relations between `cpu` and the CPUs chosen so far; *farthest receives the farthest. */
static enum tsp_relation relation_to_chosen(const struct tsp_topology *topology,
                                            const struct tsp_placement *chosen, unsigned cpu,
                                            enum tsp_relation *farthest) {
    enum tsp_relation nearest = TSP_SHARES_NOTHING;
    *farthest = TSP_SHARES_CORE;
    for (unsigned i = 0; i < chosen->cpu_count; ++i) {
        enum tsp_relation relation = tsp_topology_relation(topology, chosen->cpus[i], cpu);
        nearest = relation < nearest ? relation : nearest;
        *farthest = relation > *farthest ? relation : *farthest;
    }
    return nearest;
}

static bool is_chosen(const struct tsp_placement *chosen, unsigned cpu) {
    for (unsigned i = 0; i < chosen->cpu_count; ++i) {
        if (chosen->cpus[i] == cpu) {
            return true;
        }
    }
    return false;
}

/*
 * Adds the CPU that lies farthest from those chosen without leaving what `wanted` allows: pairs are then as far apart as was asked for,
 * and SMT siblings are only taken together when nothing else is left. Returns false when there is none.
 */
static bool add_farthest(const struct tsp_topology *topology, enum tsp_relation wanted,
                         struct tsp_placement *chosen, enum tsp_relation *reached) {
    int best = -1;
    enum tsp_relation best_nearest = TSP_SHARES_CORE;
    enum tsp_relation best_farthest = TSP_SHARES_CORE;
    for (int cpu = hwloc_bitmap_first(topology->usable); cpu >= 0;
         cpu = hwloc_bitmap_next(topology->usable, cpu)) {
        if (is_chosen(chosen, (unsigned)cpu)) {
            continue;
        }
        enum tsp_relation farthest;
        enum tsp_relation nearest = relation_to_chosen(topology, chosen, (unsigned)cpu, &farthest);
        if (farthest > wanted) {
            continue;
        }
        bool quieter = best < 0 || tsp_topology_quietness(topology, (unsigned)cpu) >
                                       tsp_topology_quietness(topology, (unsigned)best);
        if (best < 0 || nearest > best_nearest || (nearest == best_nearest && quieter)) {
            best = cpu;
            best_nearest = nearest;
            best_farthest = farthest;
        }
    }
    if (best < 0) {
        return false;
    }
    chosen->cpus[chosen->cpu_count++] = (unsigned)best;
    *reached = best_farthest > *reached ? best_farthest : *reached;
    return true;
}

/* Grows a group of `count` CPUs from `seed` whose farthest pair shares exactly `wanted`. */
static bool grow(const struct tsp_topology *topology, unsigned seed, unsigned count, enum tsp_relation wanted,
                 struct tsp_placement *placement) {
    enum tsp_relation reached = TSP_SHARES_CORE;
    placement->cpu_count = 1;
    placement->cpus[0] = seed;
    while (placement->cpu_count < count) {
        if (!add_farthest(topology, wanted, placement, &reached)) {
            return false;
        }
    }
    return reached == wanted;
}

/* The quietest usable CPU below `limit` in the order of quietness; -1 at the end. Walking by a falling limit needs no memory. */
static int next_quietest(const struct tsp_topology *topology, unsigned long limit) {
    int best = -1;
    unsigned long best_rank = 0;
    for (int cpu = hwloc_bitmap_first(topology->usable); cpu >= 0;
         cpu = hwloc_bitmap_next(topology->usable, cpu)) {
        unsigned long rank = tsp_topology_quietness(topology, (unsigned)cpu);
        if (rank < limit && (best < 0 || rank > best_rank)) {
            best = cpu;
            best_rank = rank;
        }
    }
    return best;
}

static bool choose_group(const struct tsp_topology *topology, unsigned count, enum tsp_relation wanted,
                         int cpu, struct tsp_placement *placement) {
    if (cpu >= 0) {
        return grow(topology, (unsigned)cpu, count, wanted, placement);
    }
    unsigned long limit = ~0UL;
    for (int seed = next_quietest(topology, limit); seed >= 0; seed = next_quietest(topology, limit)) {
        if (grow(topology, (unsigned)seed, count, wanted, placement)) {
            return true;
        }
        limit = tsp_topology_quietness(topology, (unsigned)seed);
    }
    return false;
}

/* What groups of that size there are: a person who asked for another one learns what to ask for. */
static void list_relations(const struct tsp_topology *topology, unsigned count, int cpu, char *text,
                           size_t size) {
    size_t used = 0;
    text[0] = '\0';
    for (int relation = 0; relation < TSP_RELATIONS; ++relation) {
        struct tsp_placement tried;
        if (choose_group(topology, count, (enum tsp_relation)relation, cpu, &tried) && used < size) {
            int length =
                snprintf(text + used, size - used, "%s%s", used == 0 ? "" : ", ", relation_names[relation]);
            used += length > 0 ? (size_t)length : 0;
        }
    }
}

static int check_request(const struct tsp_topology *topology, unsigned count, int cpu,
                         struct tsp_error *error) {
    char list[128];
    (void)tsp_topology_list(topology->usable, list, sizeof list);
    int usable = hwloc_bitmap_weight(topology->usable);
    if (cpu >= 0 && hwloc_bitmap_isset(topology->usable, (unsigned)cpu) == 0) {
        return tsp_error_set(
            error, "CPU %d is not usable here: this process may use %s; choose one of them with --cpu", cpu,
            list);
    }
    if (count == 0 || count > TSP_ROUND_CPUS_MAX) {
        return tsp_error_set(error, "a case runs on 1 to %d CPUs, not on %u", TSP_ROUND_CPUS_MAX, count);
    }
    if (count > (unsigned)usable) {
        return tsp_error_set(error, "needs %u CPUs: this process may use %d (%s)", count, usable, list);
    }
    return 0;
}

/* Without a wanted relation there is always a group: any two CPUs are related somehow, at the farthest by sharing nothing. */
static int refuse_relation(const struct tsp_topology *topology, unsigned count, int wanted, int cpu,
                           struct tsp_error *error) {
    char there_is[96];
    char list[128];
    char among[48] = "";
    list_relations(topology, count, cpu, there_is, sizeof there_is);
    if (cpu >= 0) {
        (void)snprintf(among, sizeof among, ", CPU %d among them,", cpu);
    }
    return tsp_error_set(error, "no %u CPUs here%s %s: of those this process may use (%s) there is %s", count,
                         among, relation_phrases[wanted],
                         tsp_topology_list(topology->usable, list, sizeof list),
                         there_is[0] != '\0' ? there_is : "no such group");
}

static void finish(struct tsp_placement *placement, const char *shares) {
    (void)snprintf(placement->shares, sizeof placement->shares, "%s", shares);
}

int tsp_placement_choose(const struct tsp_topology *topology, unsigned count, const char *shares, int cpu,
                         struct tsp_placement *placement, struct tsp_error *error) {
    static const char *const same_cpu = "same-cpu";
    bool single = shares != NULL && strcmp(shares, same_cpu) == 0;
    memset(placement, 0, sizeof *placement);
    if (check_request(topology, single ? 1 : count, cpu, error) != 0) {
        return -1;
    }
    if (single || count == 1) {
        placement->cpu_count = 1;
        placement->cpus[0] = (unsigned)(cpu >= 0 ? cpu : next_quietest(topology, ~0UL));
        finish(placement, count == 1 ? "single" : same_cpu);
        return 0;
    }
    int wanted = shares == NULL ? TSP_SHARES_CORE : relation_parse(shares);
    if (wanted < 0) {
        return tsp_error_set(
            error,
            "'%s' is no placement of %u threads; use same-cpu, same-core, same-l2, same-llc, same-node or cross-node",
            shares, count);
    }
    int last = shares == NULL ? TSP_SHARES_NOTHING : wanted;
    for (int relation = wanted; relation <= last; ++relation) {
        if (choose_group(topology, count, (enum tsp_relation)relation, cpu, placement)) {
            finish(placement, relation_names[relation]);
            return 0;
        }
    }
    memset(placement, 0, sizeof *placement);
    return refuse_relation(topology, count, wanted, cpu, error);
}

int tsp_placement_apply(const struct tsp_topology *topology, const struct tsp_placement *placement,
                        unsigned index, struct tsp_error *error) {
    if (index >= placement->cpu_count) {
        return tsp_error_set(error, "thread %u has no CPU: the placement has %u", index,
                             placement->cpu_count);
    }
    unsigned cpu = placement->cpus[index];
    hwloc_obj_t pu = hwloc_get_pu_obj_by_os_index(topology->hwloc, cpu);
    if (pu == NULL) {
        return tsp_error_set(error, "CPU %u is not in this machine's topology; it may have gone offline",
                             cpu);
    }
    if (hwloc_set_cpubind(topology->hwloc, pu->cpuset, HWLOC_CPUBIND_THREAD) != 0) {
        return tsp_error_set(error, "cannot pin to CPU %u: %s; choose another with --cpu", cpu,
                             strerror(errno));
    }
    /* Memory follows the CPU by default anyway (first touch), so a refusal (containers, emulators) costs nothing. */
    (void)hwloc_set_membind(topology->hwloc, pu->nodeset, HWLOC_MEMBIND_BIND,
                            HWLOC_MEMBIND_THREAD | HWLOC_MEMBIND_BYNODESET);
    return 0;
}
