/* Placement on machines that we do not have: hwloc's synthetic topologies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sched.h>

#include "machine/topology.h"

/* 2 sockets, each a node with an L3 and 4 cores of 2 threads; CPUs 0-7 on the first. The kernel's numbers follow the cores: 0 and 1
 * are siblings. */
#define TWO_SOCKETS "pack:2 numa:1 l3:1 l2:4 l1d:1 core:1 pu:2"

static struct tsp_topology *load(const char *description, const char *usable) {
    struct tsp_topology *topology = NULL;
    struct tsp_error error = {""};
    if (tsp_topology_load_synthetic(&topology, description, usable, &error) != 0) {
        fail_msg("%s", error.text);
    }
    return topology;
}

static struct tsp_placement choose(const struct tsp_topology *topology, unsigned count, const char *shares,
                                   int cpu) {
    struct tsp_placement placement;
    struct tsp_error error = {""};
    if (tsp_placement_choose(topology, count, shares, cpu, &placement, &error) != 0) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(placement.cpu_count, count);
    for (unsigned i = 0; i < count; ++i) {
        assert_true(hwloc_bitmap_isset(topology->usable, placement.cpus[i]));
        for (unsigned j = 0; j < i; ++j) {
            assert_int_not_equal(placement.cpus[i], placement.cpus[j]);
        }
    }
    return placement;
}

static void refuse(const struct tsp_topology *topology, unsigned count, const char *shares, int cpu,
                   const char *words) {
    struct tsp_placement placement;
    struct tsp_error error = {""};
    assert_int_equal(tsp_placement_choose(topology, count, shares, cpu, &placement, &error), -1);
    assert_string_equal(error.text, words);
}

static void two_sockets_name_what_pairs_share(void **state) {
    (void)state;
    struct tsp_topology *topology = load(TWO_SOCKETS, NULL);
    assert_int_equal(tsp_topology_relation(topology, 0, 1), TSP_SHARES_CORE);
    assert_int_equal(tsp_topology_relation(topology, 0, 2), TSP_SHARES_LLC);
    assert_int_equal(tsp_topology_relation(topology, 7, 8), TSP_SHARES_NOTHING);
    static const char *const there_is[] = {"same-core", "same-llc", "cross-node"};
    for (size_t i = 0; i < 3; ++i) {
        struct tsp_placement pair = choose(topology, 2, there_is[i], -1);
        assert_string_equal(pair.shares, there_is[i]);
    }
    struct tsp_placement nearest = choose(topology, 2, NULL, -1);
    assert_string_equal(nearest.shares, "same-core");
    tsp_topology_free(topology);
}

static void pairs_are_of_the_relation_asked_for(void **state) {
    (void)state;
    struct tsp_topology *topology = load("pack:2 numa:1 l3:2 l2:2 core:2 pu:2", NULL);
    static const char *const names[] = {"same-core", "same-l2", "same-llc", "same-node", "cross-node"};
    for (int wanted = 0; wanted < TSP_RELATIONS; ++wanted) {
        struct tsp_placement pair = choose(topology, 2, names[wanted], -1);
        assert_int_equal(tsp_topology_relation(topology, pair.cpus[0], pair.cpus[1]), wanted);
        struct tsp_placement from_three = choose(topology, 2, names[wanted], 3);
        assert_int_equal(from_three.cpus[0], 3);
        assert_int_equal(tsp_topology_relation(topology, 3, from_three.cpus[1]), wanted);
    }
    tsp_topology_free(topology);
}

static void groups_take_cores_before_siblings(void **state) {
    (void)state;
    struct tsp_topology *topology = load(TWO_SOCKETS, NULL);
    struct tsp_placement four = choose(topology, 4, "same-llc", -1);
    for (unsigned i = 0; i < 4; ++i) {
        for (unsigned j = 0; j < i; ++j) {
            assert_int_equal(tsp_topology_relation(topology, four.cpus[i], four.cpus[j]), TSP_SHARES_LLC);
        }
    }
    struct tsp_placement eight = choose(topology, 8, "same-llc", -1);
    assert_string_equal(eight.shares, "same-llc");
    (void)choose(topology, 8, "cross-node", -1);
    tsp_topology_free(topology);
}

static void one_cpu_avoids_the_core_of_cpu_0(void **state) {
    (void)state;
    struct tsp_topology *topology = load(TWO_SOCKETS, NULL);
    struct tsp_placement one = choose(topology, 1, NULL, -1);
    assert_string_equal(one.shares, "single");
    assert_int_equal(one.cpus[0], 14); /* first thread of the last core */
    tsp_topology_free(topology);

    topology = load(TWO_SOCKETS, "0-1");
    one = choose(topology, 1, NULL, -1);
    assert_int_equal(one.cpus[0], 1); /* not CPU 0 where there is another */
    tsp_topology_free(topology);
}

static void isolated_cpus_come_first(void **state) {
    (void)state;
    struct tsp_topology *topology = load(TWO_SOCKETS, NULL);
    hwloc_bitmap_set(topology->isolated, 5);
    assert_int_equal(choose(topology, 1, NULL, -1).cpus[0], 5);
    tsp_topology_free(topology);
}

static void hybrid_takes_the_fast_cores(void **state) {
    (void)state;
    struct tsp_topology *topology = load("pack:1 l3:1 core:8 pu:1", NULL);
    hwloc_bitmap_t fast = hwloc_bitmap_alloc();
    hwloc_bitmap_t slow = hwloc_bitmap_alloc();
    hwloc_bitmap_set_range(fast, 0, 3);
    hwloc_bitmap_set_range(slow, 4, 7);
    assert_int_equal(hwloc_cpukinds_register(topology->hwloc, slow, 0, 0, NULL, 0), 0);
    assert_int_equal(hwloc_cpukinds_register(topology->hwloc, fast, 1, 0, NULL, 0), 0);
    hwloc_bitmap_free(fast);
    hwloc_bitmap_free(slow);
    assert_int_equal(choose(topology, 1, NULL, -1).cpus[0], 3);
    assert_int_equal(choose(topology, 1, NULL, 6).cpus[0], 6);
    tsp_topology_free(topology);
}

static void no_caches_share_the_node(void **state) {
    (void)state;
    struct tsp_topology *topology = load("core:2 pu:1", NULL);
    struct tsp_placement pair = choose(topology, 2, NULL, -1);
    assert_string_equal(pair.shares, "same-node");
    refuse(topology, 2, "same-core", -1,
           "no 2 CPUs here share a core: of those this process may use (0-1) there is same-node");
    tsp_topology_free(topology);
}

static void one_cpu_refuses_two(void **state) {
    (void)state;
    struct tsp_topology *topology = load("core:1 pu:1", NULL);
    assert_int_equal(choose(topology, 1, NULL, -1).cpus[0], 0);
    refuse(topology, 2, NULL, -1, "needs 2 CPUs: this process may use 1 (0)");
    tsp_topology_free(topology);
}

static void any_number_of_threads_fits_one_cpu(void **state) {
    (void)state;
    struct tsp_topology *topology = load(TWO_SOCKETS, "0-1,4");
    struct tsp_placement placement;
    struct tsp_error error;
    assert_int_equal(tsp_placement_choose(topology, 20, "same-cpu", -1, &placement, &error), 0);
    assert_int_equal(placement.cpu_count, 1);
    assert_int_equal(placement.cpus[0], 4);
    assert_string_equal(placement.shares, "same-cpu");
    assert_int_equal(tsp_placement_choose(topology, 2, "same-cpu", 0, &placement, &error), 0);
    assert_int_equal(placement.cpus[0], 0);
    refuse(topology, 2, "same-cpu", 2,
           "CPU 2 is not usable here: this process may use 0-1,4; choose one of them with --cpu");
    tsp_topology_free(topology);
}

static void a_cpu_outside_names_the_usable_ones(void **state) {
    (void)state;
    struct tsp_topology *topology = load(TWO_SOCKETS, "0-1,4");
    refuse(topology, 1, NULL, 7,
           "CPU 7 is not usable here: this process may use 0-1,4; choose one of them with --cpu");
    refuse(topology, 2, NULL, 4096,
           "CPU 4096 is not usable here: this process may use 0-1,4; choose one of them with --cpu");
    refuse(
        topology, 2, "same-l2", -1,
        "no 2 CPUs here share an L2 without sharing a core: of those this process may use (0-1,4) there is "
        "same-core, same-llc");
    refuse(topology, 2, "same-core", 4,
           "no 2 CPUs here, CPU 4 among them, share a core: of those this process may use (0-1,4) there is "
           "same-llc");
    tsp_topology_free(topology);
}

static void nonsense_is_refused(void **state) {
    (void)state;
    struct tsp_topology *topology = load(TWO_SOCKETS, NULL);
    refuse(
        topology, 2, "next-door", -1,
        "'next-door' is no placement of 2 threads; use same-cpu, same-core, same-l2, same-llc, same-node or cross-node");
    refuse(topology, 0, NULL, -1, "a case runs on 1 to 8 CPUs, not on 0");
    refuse(topology, 9, NULL, -1, "a case runs on 1 to 8 CPUs, not on 9");
    struct tsp_error error;
    struct tsp_topology *none = NULL;
    assert_int_equal(tsp_topology_load_synthetic(&none, "pack:two", NULL, &error), -1);
    assert_int_equal(tsp_topology_load_synthetic(&none, "core:2 pu:1", "8", &error), -1);
    assert_null(none);
    tsp_topology_free(topology);
}

static void a_list_that_does_not_fit_says_so(void **state) {
    (void)state;
    struct tsp_topology *topology = load("core:64 pu:1", NULL);
    for (unsigned cpu = 1; cpu < 64; cpu += 2) {
        hwloc_bitmap_clr(topology->usable, cpu);
    }
    char list[16];
    assert_string_equal(tsp_topology_list(topology->usable, list, sizeof list), "0,2,4,6,8,10...");
    tsp_topology_free(topology);
}

static void this_machine_pins(void **state) {
    (void)state;
    struct tsp_topology *topology = NULL;
    struct tsp_error error = {""};
    if (tsp_topology_load(&topology, &error) != 0) {
        fail_msg("%s", error.text);
    }
    cpu_set_t before;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    struct tsp_placement placement = choose(topology, 1, NULL, -1);
    assert_int_equal(tsp_placement_apply(topology, &placement, 1, &error), -1);
    if (tsp_placement_apply(topology, &placement, 0, &error) != 0) {
        fail_msg("%s", error.text);
    }
    cpu_set_t pinned;
    assert_int_equal(sched_getaffinity(0, sizeof pinned, &pinned), 0);
    assert_int_equal(CPU_COUNT(&pinned), 1);
    assert_true(CPU_ISSET(placement.cpus[0], &pinned));

    /* What is loaded while pinned may use that CPU alone. */
    struct tsp_topology *narrow = NULL;
    assert_int_equal(tsp_topology_load(&narrow, &error), 0);
    assert_int_equal(hwloc_bitmap_weight(narrow->usable), 1);
    assert_true(hwloc_bitmap_isset(narrow->usable, placement.cpus[0]));
    tsp_topology_free(narrow);
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
    tsp_topology_free(topology);
}

static void another_machine_by_the_environment_is_refused(void **state) {
    (void)state;
    struct tsp_topology *topology = NULL;
    struct tsp_error error = {""};
    assert_int_equal(setenv("HWLOC_SYNTHETIC", "core:4 pu:1", 1), 0);
    assert_int_equal(tsp_topology_load(&topology, &error), -1);
    assert_int_equal(unsetenv("HWLOC_SYNTHETIC"), 0);
    assert_null(topology);
    assert_string_equal(
        error.text,
        "the environment makes hwloc describe another machine; unset HWLOC_SYNTHETIC and HWLOC_XMLFILE");
    assert_int_equal(tsp_topology_load(&topology, &error), 0);
    assert_null(getenv("HWLOC_HIDE_ERRORS"));
    tsp_topology_free(topology);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_sockets_name_what_pairs_share),
        cmocka_unit_test(pairs_are_of_the_relation_asked_for),
        cmocka_unit_test(groups_take_cores_before_siblings),
        cmocka_unit_test(one_cpu_avoids_the_core_of_cpu_0),
        cmocka_unit_test(isolated_cpus_come_first),
        cmocka_unit_test(hybrid_takes_the_fast_cores),
        cmocka_unit_test(no_caches_share_the_node),
        cmocka_unit_test(one_cpu_refuses_two),
        cmocka_unit_test(any_number_of_threads_fits_one_cpu),
        cmocka_unit_test(a_cpu_outside_names_the_usable_ones),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(a_list_that_does_not_fit_says_so),
        cmocka_unit_test(this_machine_pins),
        cmocka_unit_test(another_machine_by_the_environment_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
