/* Processor or emulator: every clue alone is enough, and none is invented. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "machine/emulator.h"
#include "machine/system.h"

#define EM_HOST  62  /* x86_64 */
#define EM_GUEST 183 /* arm64 */

static void set_elf(struct tsp_clues *clues, unsigned machine, bool big_endian) {
    memcpy(clues->elf, "\177ELF\2", 5);
    clues->elf[5] = big_endian ? 2 : 1;
    clues->elf[18] = (unsigned char)(big_endian ? machine >> 8 : machine);
    clues->elf[19] = (unsigned char)(big_endian ? machine : machine >> 8);
}

/* An arm64 program on an arm64 kernel. */
static struct tsp_clues hardware(void) {
    struct tsp_clues clues;
    memset(&clues, 0, sizeof clues);
    (void)snprintf(clues.claimed_exe, sizeof clues.claimed_exe, "/usr/bin/transept");
    (void)snprintf(clues.real_exe, sizeof clues.real_exe, "/usr/bin/transept");
    set_elf(&clues, EM_GUEST, false);
    clues.elf_machine = EM_GUEST;
    clues.auxv_read = true;
    clues.auxv_ours = true;
    (void)snprintf(clues.cpuinfo, sizeof clues.cpuinfo, "processor : 0\nCPU implementer : 0x41\n");
    return clues;
}

static struct tsp_executor judge(const struct tsp_clues *clues) {
    struct tsp_executor executor;
    tsp_executor_judge(&executor, clues);
    return executor;
}

static void hardware_is_hardware(void **state) {
    (void)state;
    struct tsp_clues clues = hardware();
    struct tsp_executor executor = judge(&clues);
    assert_false(executor.emulated);
    assert_string_equal(executor.name, "");
    clues.rseq_missing = true; /* an old kernel */
    assert_false(judge(&clues).emulated);
    clues.auxv_read = false; /* a hardened one */
    assert_false(judge(&clues).emulated);
}

static void each_clue_of_user_mode_is_enough(void **state) {
    (void)state;
    struct tsp_clues clues = hardware();
    set_elf(&clues, EM_HOST, false); /* renamed by somebody, even to our own name */
    struct tsp_executor executor = judge(&clues);
    assert_true(executor.emulated && executor.user_mode && executor.ask_version);
    assert_string_equal(executor.host_arch, "x86_64");

    clues = hardware();
    set_elf(&clues, 22, true);
    assert_string_equal(judge(&clues).host_arch, "s390x");

    clues = hardware(); /* the host's ISA is the guest's */
    (void)snprintf(clues.real_exe, sizeof clues.real_exe, "/usr/bin/qemu-aarch64");
    executor = judge(&clues);
    assert_true(executor.emulated && executor.user_mode && executor.ask_version);
    assert_string_equal(executor.name, "qemu-aarch64");
    assert_string_equal(executor.host_arch, "arm64");

    clues = hardware(); /* valgrind: not asked for a version */
    (void)snprintf(clues.real_exe, sizeof clues.real_exe, "/usr/libexec/valgrind/memcheck-arm64-linux");
    executor = judge(&clues);
    assert_true(executor.emulated);
    assert_false(executor.ask_version);

    clues = hardware();
    clues.auxv_ours = false;
    assert_true(judge(&clues).emulated);

    clues = hardware(); /* without an exe link that it fakes, the name is left */
    (void)snprintf(clues.real_exe, sizeof clues.real_exe, "/qemu-aarch64-static");
    (void)snprintf(clues.claimed_exe, sizeof clues.claimed_exe, "/qemu-aarch64-static");
    assert_true(judge(&clues).emulated);
}

static void nothing_known_is_not_called_hardware(void **state) {
    (void)state;
    struct tsp_clues clues;
    memset(&clues, 0, sizeof clues);
    clues.elf_machine = EM_GUEST;
    clues.rseq_missing = true;
    struct tsp_executor executor = judge(&clues);
    assert_true(executor.emulated);
    assert_string_equal(executor.name, "unknown (no /proc to look behind)");
    clues.rseq_missing = false; /* a real kernel answered, only /proc is not mounted */
    assert_false(judge(&clues).emulated);
}

static void system_emulators_are_told_from_kvm(void **state) {
    (void)state;
    struct tsp_clues clues = hardware();
    (void)snprintf(clues.cpuid, sizeof clues.cpuid, "KVMKVMKVM");
    assert_false(judge(&clues).emulated);
    (void)snprintf(clues.cpuid, sizeof clues.cpuid, "TCGTCGTCGTCG");
    struct tsp_executor executor = judge(&clues);
    assert_true(executor.emulated);
    assert_false(executor.user_mode);
    assert_string_equal(executor.name, "qemu-system (TCG)");

    clues = hardware();
    (void)snprintf(clues.devicetree, sizeof clues.devicetree, "linux,dummy-virt linux,dummy-virt");
    clues.counter_hz = 62500000;
    assert_true(judge(&clues).emulated);
    clues.counter_hz = 25000000; /* the host's own rate: KVM */
    assert_false(judge(&clues).emulated);
    clues.counter_hz = 1000000000;
    assert_true(judge(&clues).emulated);
    clues.kvm_clock = true;
    assert_false(judge(&clues).emulated);
    (void)snprintf(clues.cpuinfo, sizeof clues.cpuinfo, "CPU implementer : 0x00\n"); /* -cpu max */
    assert_true(judge(&clues).emulated);

    clues = hardware();
    (void)snprintf(clues.devicetree, sizeof clues.devicetree, "IBM pSeries (emulated by qemu)");
    assert_true(judge(&clues).emulated);
    (void)snprintf(clues.kvm_devicetree, sizeof clues.kvm_devicetree, "linux,kvm");
    assert_false(judge(&clues).emulated);

    clues = hardware();
    (void)snprintf(clues.sysinfo, sizeof clues.sysinfo, "Manufacturer:         IBM\nType: 3931\n");
    assert_false(judge(&clues).emulated);
    (void)snprintf(clues.sysinfo, sizeof clues.sysinfo, "Manufacturer:         QEMU\nType: 2964\n");
    assert_true(judge(&clues).emulated);

    clues = hardware();
    (void)snprintf(clues.devicetree, sizeof clues.devicetree, "riscv-virtio riscv-virtio,qemu");
    (void)snprintf(clues.cpuinfo, sizeof clues.cpuinfo, "mvendorid\t: 0x489\n");
    assert_false(judge(&clues).emulated);
    (void)snprintf(clues.cpuinfo, sizeof clues.cpuinfo, "mvendorid\t: 0x0\n");
    assert_true(judge(&clues).emulated);
}

static void versions_are_parsed(void **state) {
    (void)state;
    struct tsp_executor executor;
    memset(&executor, 0, sizeof executor);
    tsp_executor_parse_version(&executor, "qemu-aarch64 version 7.2.22 (Debian 1:7.2+dfsg-7)\nCopyright\n");
    assert_string_equal(executor.name, "qemu-aarch64");
    assert_string_equal(executor.version, "7.2.22");
    tsp_executor_parse_version(&executor, "qemu-arm version 10.0.2\n");
    assert_string_equal(executor.version, "10.0.2");
    static const char *const others[] = {"", "usage: something", "box64 version 1", "qemu-arm versio",
                                         " version "};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i) {
        tsp_executor_parse_version(&executor, others[i]);
        assert_string_equal(executor.name, "qemu-arm");
        assert_string_equal(executor.version, "10.0.2");
    }
}

/* What runs this very test? The test's own witness is a way that detection does not use: QEMU fakes /proc/self/exe only by that name. */
static void this_process_is_judged_rightly(void **state) {
    (void)state;
    char real[512];
    char claimed[512];
    ssize_t real_length = readlink("/proc/./self/exe", real, sizeof real - 1);
    ssize_t claimed_length = readlink("/proc/self/exe", claimed, sizeof claimed - 1);
    if (real_length <= 0 || claimed_length <= 0) {
        skip();
    }
    real[real_length] = '\0';
    claimed[claimed_length] = '\0';
    struct tsp_executor executor;
    tsp_executor_detect(&executor);
    if (strcmp(real, claimed) != 0) {
        assert_true(executor.emulated);
        assert_true(executor.user_mode);
        assert_string_not_equal(executor.name, "");
        assert_string_not_equal(executor.host_arch, "");
        if (strstr(real, "qemu-") != NULL) {
            assert_true(executor.version[0] >= '0' && executor.version[0] <= '9');
        }
    } else {
        assert_false(executor.user_mode);
    }
    /* No variable changes the verdict. */
    struct tsp_executor again;
    assert_int_equal(setenv("QEMU_LD_PREFIX", "/nonexistent", 1), 0);
    assert_int_equal(setenv("QEMU_VERSION", "1", 1), 0);
    tsp_executor_detect(&again);
    assert_memory_equal(&again, &executor, sizeof again);
}

static void hypervisors_are_named(void **state) {
    (void)state;
    struct tsp_clues clues = hardware();
    struct tsp_board board;
    char name[TSP_TEXT_MAX];
    memset(&board, 0, sizeof board);
    tsp_hypervisor_name(name, sizeof name, &clues, &board);
    assert_string_equal(name, "");
    (void)snprintf(board.vendor, sizeof board.vendor, "Amazon EC2");
    (void)snprintf(board.product, sizeof board.product, "c7g.large");
    tsp_hypervisor_name(name, sizeof name, &clues, &board);
    assert_string_equal(name, "Amazon Nitro");
    (void)snprintf(board.product, sizeof board.product, "c7g.metal");
    tsp_hypervisor_name(name, sizeof name, &clues, &board);
    assert_string_equal(name, "");
    (void)snprintf(clues.sysinfo, sizeof clues.sysinfo, "VM00 Control Program: KVM/Linux\n");
    tsp_hypervisor_name(name, sizeof name, &clues, &board);
    assert_string_equal(name, "KVM/Linux");
    (void)snprintf(clues.cpuid, sizeof clues.cpuid, "Microsoft Hv");
    tsp_hypervisor_name(name, sizeof name, &clues, &board);
    assert_string_equal(name, "Hyper-V");
    (void)snprintf(clues.cpuid, sizeof clues.cpuid, "New\x01Thing");
    tsp_hypervisor_name(name, sizeof name, &clues, &board);
    assert_string_equal(name, "New Thing");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hardware_is_hardware),
        cmocka_unit_test(each_clue_of_user_mode_is_enough),
        cmocka_unit_test(nothing_known_is_not_called_hardware),
        cmocka_unit_test(system_emulators_are_told_from_kvm),
        cmocka_unit_test(versions_are_parsed),
        cmocka_unit_test(this_process_is_judged_rightly),
        cmocka_unit_test(hypervisors_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
