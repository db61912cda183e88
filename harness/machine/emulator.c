/* Is this the processor or an emulator? What the clues mean. */
#include "machine/emulator.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "machine/files.h"

static void copy(char *to, size_t size, const char *from) {
    (void)tsp_text_clean(to, size, from, strlen(from));
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* e_machine lies at bytes 18 and 19 in the file's own byte order (ELF-64 object file format, "ELF header"). 0: no ELF file. */
static unsigned elf_machine(const unsigned char *elf) {
    if (memcmp(elf, ELFMAG, SELFMAG) != 0) {
        return 0;
    }
    return elf[EI_DATA] == ELFDATA2MSB ? (unsigned)elf[18] << 8 | elf[19] : (unsigned)elf[19] << 8 | elf[18];
}

static const char *arch_name(const unsigned char *elf) {
    switch (elf_machine(elf)) {
    case EM_X86_64:
        return "x86_64";
    case EM_386:
        return "i386";
    case EM_AARCH64:
        return "arm64";
    case EM_ARM:
        return "armhf";
    case EM_RISCV:
        return elf[EI_CLASS] == ELFCLASS64 ? "riscv64" : "riscv32";
    case EM_PPC64:
        return elf[EI_DATA] == ELFDATA2LSB ? "ppc64el" : "ppc64";
    case EM_S390:
        return "s390x";
    default:
        return "";
    }
}

/*
 * A user-mode emulator (QEMU, also valgrind and the like) is itself the process: the kernel's own words about this process name another
 * file, of another ISA, with program headers at another place. QEMU fakes /proc/self/exe and /proc/self/auxv, but not what
 * /proc/thread-self leads to (linux-user/syscall.c, is_proc_myself(); seen with 7.2).
 */
static bool judge_user_mode(struct tsp_executor *executor, const struct tsp_clues *clues) {
    unsigned machine = elf_machine(clues->elf);
    bool other_isa = machine != 0 && clues->elf_machine != 0 && machine != clues->elf_machine;
    bool other_file = clues->real_exe[0] != '\0' && clues->claimed_exe[0] != '\0' &&
                      strcmp(clues->real_exe, clues->claimed_exe) != 0;
    bool other_headers = clues->auxv_read && !clues->auxv_ours;
    bool named = strncmp(base_name(clues->real_exe), "qemu-", 5) == 0;
    bool nothing_known =
        clues->real_exe[0] == '\0' && !clues->auxv_read && machine == 0 && clues->rseq_missing;
    if (!other_isa && !other_file && !other_headers && !named && !nothing_known) {
        return false;
    }
    executor->emulated = true;
    executor->user_mode = true;
    if (clues->real_exe[0] != '\0') {
        copy(executor->name, sizeof executor->name, base_name(clues->real_exe));
    } else if (nothing_known) {
        copy(executor->name, sizeof executor->name, "unknown (no /proc to look behind)");
    } else {
        copy(executor->name, sizeof executor->name, "unknown");
    }
    /* What runs another ISA's programs is an emulator whatever its name; tools of the same ISA may make anything of --version. */
    executor->ask_version = other_isa || strstr(executor->name, "qemu") != NULL;
    copy(executor->host_arch, sizeof executor->host_arch, arch_name(clues->elf));
    return true;
}

/* QEMU's "virt" machines for arm: no accelerator shows itself, so the signs of KVM are asked for. TCG's generic timer runs at
 * 62.5 MHz, from QEMU 9.1 on at 1 GHz (target/arm: gt_cntfrq); its CPU "max" has implementer 0. Hosts with KVM pass their own on. */
static bool arm_system(const struct tsp_clues *clues) {
    if (strstr(clues->devicetree, "linux,dummy-virt") == NULL) {
        return false;
    }
    char implementer[16];
    if (tsp_text_field(clues->cpuinfo, "CPU implementer", implementer, sizeof implementer) != NULL &&
        (strcmp(implementer, "0x00") == 0 || strcmp(implementer, "0x0") == 0)) {
        return true;
    }
    bool tcg_rate =
        clues->counter_hz == 0 || clues->counter_hz == 62500000 || clues->counter_hz == 1000000000;
    return !clues->kvm_clock && tcg_rate;
}

/* QEMU's riscv "virt": its TCG cores state no vendor; KVM shows the host's. */
static bool riscv_system(const struct tsp_clues *clues) {
    char vendor[32];
    if (strstr(clues->devicetree, "riscv-virtio") == NULL) {
        return false;
    }
    return tsp_text_field(clues->cpuinfo, "mvendorid", vendor, sizeof vendor) == NULL ||
           strcmp(vendor, "0x0") == 0;
}

/* ppc: QEMU says so in the model, and KVM (but not TCG) adds /hypervisor (hw/ppc/spapr.c). s390x: STSI names the manufacturer QEMU under
 * TCG (target/s390x/tcg/misc_helper.c), the real one under KVM. x86: leaf 0x40000000 (target/i386/cpu.c). */
static bool is_tcg_system(const struct tsp_clues *clues) {
    char manufacturer[32];
    if (strcmp(clues->cpuid, "TCGTCGTCGTCG") == 0) {
        return true;
    }
    if (strstr(clues->devicetree, "emulated by qemu") != NULL &&
        strstr(clues->kvm_devicetree, "kvm") == NULL) {
        return true;
    }
    if (tsp_text_field(clues->sysinfo, "Manufacturer", manufacturer, sizeof manufacturer) != NULL &&
        strcmp(manufacturer, "QEMU") == 0) {
        return true;
    }
    return arm_system(clues) || riscv_system(clues);
}

void tsp_executor_judge(struct tsp_executor *executor, const struct tsp_clues *clues) {
    memset(executor, 0, sizeof *executor);
    if (judge_user_mode(executor, clues)) {
        return;
    }
    if (is_tcg_system(clues)) {
        executor->emulated = true;
        copy(executor->name, sizeof executor->name, "qemu-system (TCG)");
    }
}

void tsp_executor_parse_version(struct tsp_executor *executor, const char *output) {
    const char *words = strstr(output, " version ");
    if (words == NULL || strncmp(output, "qemu-", 5) != 0) {
        return;
    }
    (void)tsp_text_clean(executor->name, sizeof executor->name, output, (size_t)(words - output));
    words += strlen(" version ");
    (void)tsp_text_clean(executor->version, sizeof executor->version, words, strcspn(words, " \n("));
}
