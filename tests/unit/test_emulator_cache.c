/* The modelled caches: traces whose misses are known by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/cache.h"

/* 4 sets of 4 ways of 64 bytes. */
static const struct tsp_cache_geometry small_lru = {1024, 4, 64, TSP_LRU};
static const struct tsp_cache_geometry small_tree = {1024, 4, 64, TSP_TREE_PLRU};

static unsigned misses(struct tsp_cache_model *cache, uint64_t first, uint64_t stride, unsigned count) {
    unsigned missed = 0;
    for (unsigned i = 0; i < count; ++i) {
        missed += !tsp_cache_touch(cache, first + i * stride);
    }
    return missed;
}

static void a_sequence_misses_once_a_line(void **state) {
    (void)state;
    struct tsp_cache_model cache;
    assert_int_equal(tsp_cache_make(&cache, &small_lru), 0);
    assert_int_equal(misses(&cache, 0x10000, 8, 128), 16); /* 1024 bytes: the whole cache */
    assert_int_equal(misses(&cache, 0x10000, 8, 128), 0);
    assert_int_equal(misses(&cache, 0x10000 + 1024, 8, 8), 1);
    tsp_cache_free(&cache);
}

static void a_stride_of_the_way_uses_one_set(void **state) {
    (void)state;
    struct tsp_cache_model cache;
    assert_int_equal(tsp_cache_make(&cache, &small_lru), 0);
    assert_int_equal(misses(&cache, 0, 256, 4), 4);
    assert_int_equal(misses(&cache, 0, 256, 4), 0);
    tsp_cache_free(&cache);
}

/* One line more than there are ways, round and round: LRU never hits; the tree does, once. */
static void thrashing_by_one_way_too_many(void **state) {
    (void)state;
    struct tsp_cache_model lru;
    struct tsp_cache_model tree;
    assert_int_equal(tsp_cache_make(&lru, &small_lru), 0);
    assert_int_equal(tsp_cache_make(&tree, &small_tree), 0);
    unsigned lru_missed = 0;
    unsigned tree_missed = 0;
    for (unsigned round = 0; round < 4; ++round) {
        lru_missed += misses(&lru, 0, 256, 5);
        tree_missed += misses(&tree, 0, 256, 5);
    }
    assert_int_equal(lru_missed, 20);
    /* The tree's victims by way, followed on paper: A0 B1 C2 D3 E0, A2 B hits C3 D0 E2, A1 B3 C0 D2 E1, A3 B0 C2 D1 E3. */
    assert_int_equal(tree_missed, 19);
    tsp_cache_free(&lru);
    tsp_cache_free(&tree);
}

/* A B C D fill the ways, A is used again. LRU takes B for the next one. The tree was turned away from A's half and points to the other
 * one's older way: C. */
static void the_policies_choose_different_victims(void **state) {
    (void)state;
    enum { A = 0, B = 256, C = 512, D = 768, E = 1024 };
    static const unsigned fill[] = {A, B, C, D, A, E};
    static const struct {
        const struct tsp_cache_geometry *geometry;
        unsigned gone;
        unsigned kept;
    } policies[] = {{&small_lru, B, C}, {&small_tree, C, B}};
    for (size_t p = 0; p < 2; ++p) {
        struct tsp_cache_model cache;
        assert_int_equal(tsp_cache_make(&cache, policies[p].geometry), 0);
        for (size_t i = 0; i < sizeof fill / sizeof fill[0]; ++i) {
            (void)tsp_cache_touch(&cache, fill[i]);
        }
        assert_true(tsp_cache_touch(&cache, policies[p].kept));
        assert_false(tsp_cache_touch(&cache, policies[p].gone));
        tsp_cache_free(&cache);
    }
}

static void two_ways_are_lru_in_either_policy(void **state) {
    (void)state;
    static const struct tsp_cache_geometry pair[] = {{512, 2, 64, TSP_LRU}, {512, 2, 64, TSP_TREE_PLRU}};
    struct tsp_cache_model caches[2];
    uint64_t random = 1;
    assert_int_equal(tsp_cache_make(&caches[0], &pair[0]), 0);
    assert_int_equal(tsp_cache_make(&caches[1], &pair[1]), 0);
    unsigned hits = 0;
    for (unsigned i = 0; i < 10000; ++i) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint64_t address = (random >> 40) % 1024;
        bool hit = tsp_cache_touch(&caches[0], address);
        assert_int_equal(hit, tsp_cache_touch(&caches[1], address));
        hits += hit;
    }
    assert_true(hits > 3000 && hits < 7000); /* half of 16 lines fit */
    tsp_cache_free(&caches[0]);
    tsp_cache_free(&caches[1]);
}

static void impossible_geometries_are_refused(void **state) {
    (void)state;
    static const struct tsp_cache_geometry bad[] = {
        {1024, 0, 64, TSP_LRU}, {1000, 4, 64, TSP_LRU},       {1024, 4, 48, TSP_LRU},
        {1024, 3, 64, TSP_LRU}, {64, 4, 64, TSP_LRU},         {0, 4, 64, TSP_LRU},
        {1024, 4, 0, TSP_LRU},  {768, 12, 64, TSP_TREE_PLRU}, {64 * 64, 64, 64, TSP_TREE_PLRU}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        struct tsp_cache_model cache;
        assert_int_equal(tsp_cache_make(&cache, &bad[i]), -1);
    }
}

/* A core for the hand: 4 lines of L1, 16 of L2. */
static const struct tsp_core toy = {"toy", {256, 4, 64, TSP_LRU}, {1024, 4, 64, TSP_LRU}};

static void the_second_level_sees_what_misses_the_first(void **state) {
    (void)state;
    struct tsp_hierarchy caches;
    assert_int_equal(tsp_hierarchy_make(&caches, &toy), 0);
    for (unsigned round = 0; round < 3; ++round) {
        for (uint64_t address = 0; address < 512; address += 64) { /* 8 lines: too many for L1, few for L2 */
            tsp_hierarchy_access(&caches, address, 8);
        }
    }
    assert_int_equal(caches.l1d_misses, 24);
    assert_int_equal(caches.l2_misses, 8);
    tsp_hierarchy_free(&caches);
}

static void an_access_across_lines_touches_both(void **state) {
    (void)state;
    struct tsp_hierarchy caches;
    assert_int_equal(tsp_hierarchy_make(&caches, &toy), 0);
    tsp_hierarchy_access(&caches, 60, 8);
    assert_int_equal(caches.l1d_misses, 2);
    tsp_hierarchy_access(&caches, 60, 4);
    tsp_hierarchy_access(&caches, 64, 64);
    assert_int_equal(caches.l1d_misses, 2);
    tsp_hierarchy_access(&caches, 100, 64);
    assert_int_equal(caches.l1d_misses, 3);
    tsp_hierarchy_access(&caches, UINT64_MAX - 3, 4); /* the end of the address space */
    assert_int_equal(caches.l1d_misses, 4);
    tsp_hierarchy_free(&caches);
}

static void every_core_can_be_made_and_found(void **state) {
    (void)state;
    static const char *const wanted[] = {"a64fx",       "apple-m1",    "cortex-a72",
                                         "golden-cove", "neoverse-n1", "neoverse-v1",
                                         "neoverse-v2", "power9",      "zen-4"};
    unsigned count = 0;
    const struct tsp_core *cores = tsp_core_list(&count);
    assert_int_equal(count, sizeof wanted / sizeof wanted[0]);
    for (unsigned i = 0; i < count; ++i) {
        struct tsp_hierarchy caches;
        assert_string_equal(cores[i].name, wanted[i]);
        assert_ptr_equal(tsp_core_find(wanted[i]), &cores[i]);
        assert_int_equal(tsp_hierarchy_make(&caches, &cores[i]), 0);
        /* The whole first level fits, one line more does not: of a stride of a line the first comes back to a miss. */
        uint64_t bytes = cores[i].l1d.bytes;
        for (uint64_t address = 0; address < bytes; address += cores[i].l1d.line_bytes) {
            tsp_hierarchy_access(&caches, address, 1);
        }
        assert_int_equal(caches.l1d_misses, bytes / cores[i].l1d.line_bytes);
        tsp_hierarchy_access(&caches, bytes, 1);
        tsp_hierarchy_access(&caches, 0, 1);
        assert_int_equal(caches.l1d_misses, bytes / cores[i].l1d.line_bytes + 2);
        tsp_hierarchy_free(&caches);
    }
    assert_null(tsp_core_find("pentium"));
}

/* The numbers of sets that the sources state (cores.c) or that follow from them: a wrong size or number of ways shows. */
static void every_core_has_the_sets_of_its_source(void **state) {
    (void)state;
    static const struct {
        const char *name;
        unsigned l1d_sets;
        unsigned l2_sets;
    } wanted[] = {{"a64fx", 64, 2048},        {"apple-m1", 256, 8192},    {"cortex-a72", 256, 1024},
                  {"golden-cove", 64, 2048},  {"neoverse-n1", 256, 2048}, {"neoverse-v1", 256, 2048},
                  {"neoverse-v2", 256, 4096}, {"power9", 32, 512},        {"zen-4", 64, 2048}};
    unsigned count = 0;
    (void)tsp_core_list(&count);
    assert_int_equal(count, sizeof wanted / sizeof wanted[0]);
    for (size_t i = 0; i < count; ++i) {
        const struct tsp_core *core = tsp_core_find(wanted[i].name);
        assert_non_null(core);
        assert_int_equal(wanted[i].l1d_sets * core->l1d.ways * core->l1d.line_bytes, core->l1d.bytes);
        assert_int_equal(wanted[i].l2_sets * core->l2.ways * core->l2.line_bytes, core->l2.bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_core_has_the_sets_of_its_source),
        cmocka_unit_test(a_sequence_misses_once_a_line),
        cmocka_unit_test(a_stride_of_the_way_uses_one_set),
        cmocka_unit_test(thrashing_by_one_way_too_many),
        cmocka_unit_test(the_policies_choose_different_victims),
        cmocka_unit_test(two_ways_are_lru_in_either_policy),
        cmocka_unit_test(impossible_geometries_are_refused),
        cmocka_unit_test(the_second_level_sees_what_misses_the_first),
        cmocka_unit_test(an_access_across_lines_touches_both),
        cmocka_unit_test(every_core_can_be_made_and_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
