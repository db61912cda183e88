/* The layout family: what fields.c tells of structs against the debug information of this program, which the compiler wrote by another way;
 * and the lines that its cases say they touch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>
#include <dwarf.h>
#include <elfutils/libdw.h>

#include "measure/bench.h"
#include "transept/machine.h"
#include "transept/registry.h"

struct program {
    struct tsp_registry registry;
    int fd;
    Dwarf *dwarf;
};

static int open_program(void **state) {
    static struct program program; /* NOLINT: one for all tests, given to them by cmocka */
    const struct tsp_kernel *const *kernels = NULL;
    struct tsp_error error;
    size_t count = tsp_registry_linked(&kernels);
    *state = &program;
    program.fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    program.dwarf = dwarf_begin(program.fd, DWARF_C_READ);
    if (program.dwarf == NULL) {
        print_error("this program's debug information cannot be read: %s\n", dwarf_errmsg(-1));
        return -1;
    }
    return tsp_registry_build(&program.registry, kernels, count, &error);
}

static int close_program(void **state) {
    struct program *program = *state;
    tsp_registry_free(&program->registry);
    (void)dwarf_end(program->dwarf);
    return close(program->fd);
}

/* What a case reports, in small working sets. Static: large for a stack. */
static const struct tsp_round *facts(const struct tsp_case *tcase) {
    static struct tsp_round round; /* NOLINT */
    struct tsp_env env = {.line_bytes = 64,
                          .page_bytes = 4096,
                          .l1_bytes = 8192,
                          .l2_bytes = 16384,
                          .llc_bytes = 32768,
                          .dram_bytes = 65536};
    struct tsp_bench bench;
    memset(&round, 0, sizeof round);
    tsp_bench_open(&bench, tcase, &env, 1, &round);
    assert_int_equal(tcase->kernel->setup(&bench), 0);
    if (tcase->kernel->teardown != NULL) {
        tcase->kernel->teardown(&bench);
    }
    tsp_bench_close(&bench);
    return &round;
}

/* The fact of that name; fails when there is none. */
static double fact(const struct tsp_round *round, const char *name, const char *of) {
    for (unsigned i = 0; i < round->metric_count; ++i) {
        if (strcmp(round->metrics[i].name, name) == 0) {
            return round->metrics[i].net;
        }
    }
    fail_msg("%s does not report %s", of, name);
    return 0;
}

/* The struct of that name in the compilation unit of fields.c: there are others of such names in other files. */
static int find_struct(Dwarf *dwarf, const char *name, Dwarf_Die *found) {
    Dwarf_Off offset = 0;
    Dwarf_Off next = 0;
    size_t header = 0;
    for (; dwarf_nextcu(dwarf, offset, &next, &header, NULL, NULL, NULL) == 0; offset = next) {
        Dwarf_Die unit;
        if (dwarf_offdie(dwarf, offset + header, &unit) == NULL || dwarf_diename(&unit) == NULL ||
            strstr(dwarf_diename(&unit), "layout/fields.c") == NULL) {
            continue;
        }
        int more = dwarf_child(&unit, found);
        for (; more == 0; more = dwarf_siblingof(found, found)) {
            const char *tag = dwarf_diename(found);
            if (dwarf_tag(found) == DW_TAG_structure_type && tag != NULL && strcmp(tag, name) == 0) {
                return 0;
            }
        }
    }
    return -1;
}

static uint64_t number(Dwarf_Die *die, unsigned attribute) {
    Dwarf_Attribute found;
    Dwarf_Word value = 0;
    assert_non_null(dwarf_attr(die, attribute, &found));
    assert_int_equal(dwarf_formudata(&found, &value), 0);
    return value;
}

static uint64_t member_size(Dwarf_Die *member) {
    Dwarf_Attribute attribute;
    Dwarf_Die type;
    Dwarf_Word size = 0;
    assert_non_null(dwarf_attr(member, DW_AT_type, &attribute));
    assert_non_null(dwarf_formref_die(&attribute, &type));
    assert_int_equal(dwarf_aggregate_size(&type, &size), 0);
    return size;
}

/* A case's facts against the members that the debug information lists: the same offsets, and as many. */
static void compare(const struct tsp_case *tcase, Dwarf_Die *die) {
    const struct tsp_round *round = facts(tcase);
    uint64_t size = number(die, DW_AT_byte_size);
    uint64_t padding = size;
    unsigned members = 0;
    Dwarf_Die member;
    assert_true(fact(round, "size", tcase->id) == (double)size);
    for (int more = dwarf_child(die, &member); more == 0; more = dwarf_siblingof(&member, &member)) {
        char name[64];
        (void)snprintf(name, sizeof name, "offset:%s", dwarf_diename(&member));
        double told = fact(round, name, tcase->id);
        double written = (double)number(&member, DW_AT_data_member_location);
        if (told < written || told > written) {
            fail_msg("%s: %s is %g, in the debug information %g", tcase->id, name, told, written);
        }
        padding -= member_size(&member);
        ++members;
    }
    assert_true(fact(round, "padding", tcase->id) == (double)padding);
    assert_int_equal(members + 3, round->metric_count); /* size, align, padding */
}

/* kernels.md: checked against the object file's DWARF. */
static void test_debug_information_agrees(void **state) {
    struct program *program = *state;
    unsigned compared = 0;
    for (size_t i = 0; i < program->registry.count; ++i) {
        const struct tsp_case *tcase = &program->registry.cases[i];
        if (strncmp(tcase->id, "layout/fields/", strlen("layout/fields/")) != 0) {
            continue;
        }
        char name[64];
        Dwarf_Die die;
        (void)snprintf(name, sizeof name, "%s", tcase->kernel->variant);
        for (char *dash = name; (dash = strchr(dash, '-')) != NULL;) {
            *dash = '_';
        }
        if (find_struct(program->dwarf, name, &die) != 0) {
            fail_msg("the debug information of fields.c has no struct %s", name);
        }
        compare(tcase, &die);
        ++compared;
    }
    assert_true(compared >= 6);
}

static double lines(const struct program *program, const char *id) {
    const struct tsp_case *tcase = tsp_registry_find(&program->registry, id);
    if (tcase == NULL) {
        fail_msg("there is no %s", id);
    }
    return fact(facts(tcase), "lines", id);
}

/* Folklore C10 has it that a 72-byte object at offset 56 lies in more lines than a 64-byte one at 16, 32 or 48: no. At 0 there is one. */
static void test_objects_lie_in_as_many_lines_as_they_must(void **state) {
    static const unsigned sizes[] = {64, 72, 80, 96, 128};
    static const unsigned offsets[] = {0, 16, 32, 48, 56};
    for (unsigned i = 0; i < 25; ++i) {
        unsigned size = sizes[i / 5];
        unsigned offset = offsets[i % 5];
        char id[TSP_ID_MAX];
        (void)snprintf(id, sizeof id, "layout/object/mark/size=%u/offset=%u", size, offset);
        unsigned expected = (offset + size + 63) / 64;
        assert_true(lines(*state, id) == expected);
    }
    assert_true(lines(*state, "layout/object/mark/size=64/offset=0") == 1);
    assert_true(lines(*state, "layout/object/mark/size=64/offset=16") == 2);
    assert_true(lines(*state, "layout/object/mark/size=72/offset=56") == 2);
}

/* An object of 32 bytes is half a line, one of 24 three eighths. */
static void test_arrays_lie_in_as_many_lines_as_they_must(void **state) {
    const double object = 8.0 * sizeof(long) / 64; /* of eight words */
    assert_true(lines(*state, "layout/assign/wide-last/ws=l2") == 0.5);
    assert_true(lines(*state, "layout/assign/wide-first/ws=l2") == 0.375);
    assert_true(lines(*state, "layout/scan/wide-last/ws=l2") == 0.5);
    assert_true(lines(*state, "layout/scan/wide-first/ws=l2") == 0.375);
    assert_true(lines(*state, "layout/scan/aos/fields=1/ws=l2") == object);
    assert_true(lines(*state, "layout/scan/aos/fields=8/ws=l2") == object);
    assert_true(lines(*state, "layout/scan/soa/fields=1/ws=l2") == object / 8);
    assert_true(lines(*state, "layout/scan/soa/fields=8/ws=l2") == object);
    assert_true(lines(*state, "layout/scan/aosoa/fields=4/ws=l2") == object / 2);
    assert_true(lines(*state, "layout/hot-cold/joined/ws=l2") == object);
    assert_true(lines(*state, "layout/hot-cold/split/ws=l2") == object / 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_debug_information_agrees),
        cmocka_unit_test(test_objects_lie_in_as_many_lines_as_they_must),
        cmocka_unit_test(test_arrays_lie_in_as_many_lines_as_they_must),
    };
    return cmocka_run_group_tests_name("layout", tests, open_program, close_program);
}
