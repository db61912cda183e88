/* The fingerprint's id, the counts of the topology, and the working sets that follow from them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "machine/system.h"
#include "transept/isa.h"

#define KIB UINT64_C(1024)
#define MIB (KIB * 1024)
#define GIB (MIB * 1024)

static struct tsp_machine server(void) {
    struct tsp_machine machine;
    memset(&machine, 0, sizeof machine);
    (void)snprintf(machine.arch, sizeof machine.arch, "arm64");
    (void)snprintf(machine.cpu_vendor, sizeof machine.cpu_vendor, "Arm");
    (void)snprintf(machine.cpu_model, sizeof machine.cpu_model, "Neoverse-N1");
    machine.sockets = 1;
    machine.cores = 64;
    machine.threads = 64;
    machine.usable_threads = 64;
    machine.page_bytes = 4096;
    machine.memory_bytes = 64 * GIB - 700 * MIB;
    machine.cache_count = 3;
    machine.caches[0] =
        (struct tsp_cache){.level = 1, .bytes = 64 * KIB, .line_bytes = 64, .ways = 4, .shared_by = 1};
    machine.caches[1] =
        (struct tsp_cache){.level = 2, .bytes = 1 * MIB, .line_bytes = 64, .ways = 8, .shared_by = 1};
    machine.caches[2] =
        (struct tsp_cache){.level = 3, .bytes = 32 * MIB, .line_bytes = 64, .ways = 16, .shared_by = 64};
    return machine;
}

static void same_id(const struct tsp_machine *changed, bool same) {
    struct tsp_machine reference = server();
    struct tsp_machine other = *changed;
    tsp_machine_identify(&reference);
    tsp_machine_identify(&other);
    assert_int_equal(strlen(other.id), 16);
    assert_int_equal(strspn(other.id, "0123456789abcdef"), 16);
    assert_int_equal(strcmp(reference.id, other.id) == 0, same);
}

static void the_id_is_that_of_the_kind_of_machine(void **state) {
    (void)state;
    struct tsp_machine machine = server();
    same_id(&machine, true);
    /* State, software and what this process may use are no part of it. */
    machine.usable_threads = 3;
    machine.finding_count = 1;
    machine.memory_bytes -= 100 * MIB;
    (void)snprintf(machine.kernel, sizeof machine.kernel, "Linux 7.1");
    (void)snprintf(machine.libc, sizeof machine.libc, "glibc 2.50");
    (void)snprintf(machine.features, sizeof machine.features, "more");
    same_id(&machine, true);

    machine = server();
    machine.cores = 32;
    same_id(&machine, false);
    machine = server();
    machine.caches[2].bytes *= 2;
    same_id(&machine, false);
    machine = server();
    machine.page_bytes = 65536;
    same_id(&machine, false);
    machine = server();
    machine.memory_bytes = 128 * GIB;
    same_id(&machine, false);
    machine = server();
    (void)snprintf(machine.cpu_model, sizeof machine.cpu_model, "Neoverse-V1");
    same_id(&machine, false);
    machine = server();
    machine.emulated = true;
    (void)snprintf(machine.emulator, sizeof machine.emulator, "qemu-aarch64");
    same_id(&machine, false);
}

/* The hash written out once by an independent program, so that records of all versions go on naming the same machine alike:
 * python3 -c 'h=0xcbf29ce484222325
 * for b in "\0".join(["arm64","hardware","","Arm","Neoverse-N1","","1","64","64"]+"1 65536 64 1 2 1048576 64 1 3 33554432 64 64 4096 64 ".split(" ")).encode():
 *  h=((h^b)*0x100000001b3)%2**64
 * print("%016x"%h)' */
static void the_id_never_changes(void **state) {
    (void)state;
    struct tsp_machine machine = server();
    tsp_machine_identify(&machine);
    assert_string_equal(machine.id, "f347f836d85a8c2b");
}

static void release_is(const char *memory, size_t length, const char *wanted) {
    char text[TSP_TEXT_MAX];
    tsp_libc_release_find(text, sizeof text, memory, length);
    assert_string_equal(text, wanted);
}

static void libc_says_which_release_it_is(void **state) {
    (void)state;
    static const char banner[] =
        "\1\2GNU C Library (\0GNU C Library (Debian GLIBC 2.36-9+deb12u13) stable release version 2.36.\n";
    release_is(banner, sizeof banner, "Debian GLIBC 2.36-9+deb12u13");
    release_is(banner, 60, ""); /* cut off before its end */
    release_is(banner, 10, "");
    release_is("GNU C Library ()", 16, "");
#if defined(__GLIBC__)
    struct tsp_machine machine = {.id = ""};
    tsp_machine_libc(&machine);
    assert_int_equal(strncmp(machine.libc, "glibc 2.", 8), 0);
    assert_non_null(strstr(machine.libc_release, machine.libc + strlen("glibc ")));
#endif
}

static void working_sets_are_half_of_their_level(void **state) {
    (void)state;
    struct tsp_machine machine = server();
    struct tsp_env env;
    tsp_env_from_machine(&env, &machine);
    assert_int_equal(env.l1_bytes, 32 * KIB);
    assert_int_equal(env.l2_bytes, 512 * KIB);
    assert_int_equal(env.llc_bytes, 16 * MIB);
    assert_int_equal(env.dram_bytes, 128 * MIB);
    assert_int_equal(env.line_bytes, 64);
    assert_int_equal(env.page_bytes, 4096);
    assert_false(env.emulated);
    assert_true((env.features & TSP_NEEDS_HARDWARE) != 0);
    assert_true((env.features & (TSP_NEEDS_X86_64 | TSP_NEEDS_ARM64 | TSP_NEEDS_RISCV64 | TSP_NEEDS_PPC64EL |
                                 TSP_NEEDS_S390X | TSP_NEEDS_ARMHF)) != 0);
}

/* What a guest's reorderings can be is its emulator's host's to say. */
static void a_host_that_keeps_order_shows_no_reordering(void **state) {
    (void)state;
    static const struct {
        bool emulated;
        const char *host;
        bool reorders;
    } table[] = {{false, "", true},       {true, "x86_64", false}, {true, "s390x", false},
                 {true, "i386", false},   {true, "arm64", true},   {true, "riscv64", true},
                 {true, "ppc64el", true}, {true, "", false}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; ++i) {
        struct tsp_machine machine = server();
        struct tsp_env env;
        machine.emulated = table[i].emulated;
        (void)snprintf(machine.host_arch, sizeof machine.host_arch, "%s", table[i].host);
        tsp_env_from_machine(&env, &machine);
        assert_int_equal((env.features & TSP_NEEDS_REORDERING) != 0, table[i].reorders);
    }
}

static void dram_is_capped_or_impossible(void **state) {
    (void)state;
    struct tsp_machine machine = server();
    struct tsp_env env;
    machine.caches[2].bytes = 480 * MIB; /* four times would be over 1 GiB */
    tsp_env_from_machine(&env, &machine);
    assert_int_equal(env.dram_bytes, 1 * GIB);
    machine.memory_bytes = 3 * GIB; /* a quarter is less than twice the last level */
    tsp_env_from_machine(&env, &machine);
    assert_int_equal(env.dram_bytes, 0);
    machine.caches[2].bytes = 600 * MIB; /* twice is over the cap of 1 GiB */
    machine.memory_bytes = 512 * GIB;
    tsp_env_from_machine(&env, &machine);
    assert_int_equal(env.dram_bytes, 0);
    machine.caches[2].bytes = 2 * MIB;
    tsp_env_from_machine(&env, &machine);
    assert_int_equal(env.dram_bytes, 64 * MIB);
    machine.memory_bytes = 0;
    tsp_env_from_machine(&env, &machine);
    assert_int_equal(env.dram_bytes, 0);
}

static void a_missing_level_is_zero(void **state) {
    (void)state;
    struct tsp_machine machine = server();
    struct tsp_env env;
    machine.cache_count = 2;
    tsp_env_from_machine(&env, &machine);
    assert_int_equal(env.l2_bytes, 512 * KIB);
    assert_int_equal(env.llc_bytes, 0);
    machine.cache_count = 0;
    (void)snprintf(machine.arch, sizeof machine.arch, "ppc64el");
    tsp_env_from_machine(&env, &machine);
    assert_int_equal(env.l1_bytes, 16 * KIB);
    assert_int_equal(env.llc_bytes, 4 * MIB);
    assert_int_equal(env.line_bytes, 128);
    assert_true(env.dram_bytes >= 16 * MIB);
}

static void an_emulator_has_fixed_sizes(void **state) {
    (void)state;
    struct tsp_machine machine = server();
    struct tsp_env env;
    machine.emulated = true;
    machine.memory_bytes = 1;
    machine.caches[0].line_bytes = 256;
    tsp_env_from_machine(&env, &machine);
    assert_int_equal(env.l1_bytes, 16 * KIB);
    assert_int_equal(env.l2_bytes, 256 * KIB);
    assert_int_equal(env.llc_bytes, 4 * MIB);
    assert_int_equal(env.dram_bytes, 32 * MIB);
    assert_int_equal(env.line_bytes, 64);
    assert_true(env.emulated);
    assert_int_equal(env.features & TSP_NEEDS_HARDWARE, 0);
    (void)snprintf(machine.arch, sizeof machine.arch, "s390x");
    tsp_env_from_machine(&env, &machine);
    assert_int_equal(env.line_bytes, 256);
}

static void topologies_are_counted(void **state) {
    (void)state;
    struct tsp_topology *topology = NULL;
    struct tsp_error error = {""};
    struct tsp_machine machine;
    memset(&machine, 0, sizeof machine);
    assert_int_equal(
        tsp_topology_load_synthetic(
            &topology,
            "pack:2 numa:1(memory=1GB) l3:1(size=8388608) l2:4(size=524288) l1d:1(size=32768) core:1 pu:2",
            "2-5", &error),
        0);
    tsp_machine_count(&machine, topology);
    tsp_topology_free(topology);
    assert_int_equal(machine.sockets, 2);
    assert_int_equal(machine.cores, 8);
    assert_int_equal(machine.threads, 16);
    assert_int_equal(machine.usable_threads, 4);
    assert_int_equal(machine.cache_count, 3);
    assert_int_equal(machine.caches[0].level, 1);
    assert_int_equal(machine.caches[0].bytes, 32 * KIB);
    assert_int_equal(machine.caches[0].shared_by, 2);
    assert_int_equal(machine.caches[2].level, 3);
    assert_int_equal(machine.caches[2].bytes, 8 * MIB);
    assert_int_equal(machine.caches[2].shared_by, 8);
}

static void this_machine_is_described(void **state) {
    (void)state;
    struct tsp_topology *topology = NULL;
    struct tsp_error error = {""};
    static struct tsp_machine first;
    static struct tsp_machine second;
    if (tsp_topology_load(&topology, &error) != 0) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(tsp_machine_probe(&first, topology, &error), 0);
    assert_int_equal(tsp_machine_probe(&second, topology, &error), 0);
    tsp_topology_free(topology);
    assert_string_equal(first.arch, TSP_ISA_NAME);
    assert_string_equal(first.id, second.id);
    assert_int_equal(strlen(first.id), 16);
    assert_true(first.threads >= first.cores && first.cores >= first.sockets && first.sockets >= 1);
    assert_in_range(first.usable_threads, 1, first.threads);
    assert_true(first.page_bytes >= 4096);
    assert_true(first.memory_bytes >= first.page_bytes);
    assert_int_equal(strncmp(first.kernel, "Linux ", 6), 0);
    assert_int_equal(first.finding_count, 0);
    if (first.emulated) {
        assert_string_not_equal(first.emulator, "");
    }
    assert_int_equal(tsp_machine_probe(&first, NULL, &error), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_id_is_that_of_the_kind_of_machine),
        cmocka_unit_test(the_id_never_changes),
        cmocka_unit_test(libc_says_which_release_it_is),
        cmocka_unit_test(working_sets_are_half_of_their_level),
        cmocka_unit_test(a_host_that_keeps_order_shows_no_reordering),
        cmocka_unit_test(dram_is_capped_or_impossible),
        cmocka_unit_test(a_missing_level_is_zero),
        cmocka_unit_test(an_emulator_has_fixed_sizes),
        cmocka_unit_test(topologies_are_counted),
        cmocka_unit_test(this_machine_is_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
