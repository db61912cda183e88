/* Inside of the machine module: what executes this program, the processor or an emulator. */
#ifndef TRANSEPT_MACHINE_EMULATOR_H
#define TRANSEPT_MACHINE_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transept/machine.h"

/** What is seen from inside. Facts that cannot be had are zero or empty. */
struct tsp_clues {
    char claimed_exe[512];   /* /proc/self/exe: a user-mode emulator fakes it */
    char real_exe[512];      /* /proc/thread-self/exe: what the kernel really executes */
    unsigned char elf[20];   /* the beginning of that file */
    unsigned elf_machine;    /* e_machine of this program as compiled; 0: not known here */
    bool auxv_read;          /* /proc/thread-self/auxv could be read */
    bool auxv_ours;          /* and holds this program's headers at the address that getauxval() states */
    bool rseq_missing;       /* the kernel's restartable sequences (Linux 4.18) answer ENOSYS */
    char cpuid[13];          /* x86: signature of leaf 0x40000000, or empty */
    char devicetree[256];    /* root `compatible` and `model`, NULs as blanks */
    char kvm_devicetree[64]; /* ppc: /hypervisor/compatible */
    bool kvm_clock;          /* a "KVM virtual PTP" clock is there */
    uint64_t counter_hz;     /* arm64: cntfrq_el0 */
    char cpuinfo[1024];      /* the beginning of /proc/cpuinfo */
    char sysinfo[2048];      /* s390x: the beginning of /proc/sysinfo */
};

/** The verdict. */
struct tsp_executor {
    bool emulated;
    bool user_mode;   /* the kernel and its files are the host's */
    bool ask_version; /* running the emulator with --version is safe and useful */
    char name[TSP_TEXT_MAX];
    char version[TSP_TEXT_MAX];
    char host_arch[16];
};

/** Gathers the clues, files below `root` ("" but in tests). Never fails. */
void tsp_clues_gather(struct tsp_clues *clues, const char *root);

/** Judges the clues. Where they say nothing at all the program counts as emulated: a wrong number is worse than none. Pure. */
void tsp_executor_judge(struct tsp_executor *executor, const struct tsp_clues *clues);

/** Takes name and version from what an emulator prints for --version ("qemu-aarch64 version 7.2.22 (Debian …)"). Pure. */
void tsp_executor_parse_version(struct tsp_executor *executor, const char *output);

/** Gathers, judges, asks the emulator for its version. No variable of the environment takes part. Takes some 10 ms when emulated. */
void tsp_executor_detect(struct tsp_executor *executor);

#endif
