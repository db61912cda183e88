/* Inside of the machine module: which processor this is, from what the kernel says. */
#ifndef TRANSEPT_MACHINE_CPU_H
#define TRANSEPT_MACHINE_CPU_H

#include <stddef.h>

#include "transept/machine.h"

/** Microarchitecture of an x86 CPU by CPUID's (displayed) family, model and stepping, or "" when it is not in the table. Static text. */
const char *tsp_cpu_x86_name(const char *vendor, unsigned family, unsigned model, unsigned stepping);

/** Name of an arm core by the fields of MIDR_EL1, or "". `*maker` (may be NULL) receives the implementer's name or "". Static texts. */
const char *tsp_cpu_arm_name(unsigned implementer, unsigned part, const char **maker);

/** Maker of a RISC-V core by mvendorid (JEDEC), or "". Static text. */
const char *tsp_cpu_riscv_vendor(unsigned long vendor);

/** Name of an IBM Z machine by its type number, or "". Static text. */
const char *tsp_cpu_z_name(unsigned type);

/** Fills vendor, model, microarchitecture and features from the text of /proc/cpuinfo as that ISA's kernel writes it. What the text does
 *  not say stays empty; any text is safe. Pure. */
void tsp_cpu_parse(struct tsp_machine *machine, const char *arch, const char *cpuinfo);

/** ppc64: the names of the bits in AT_HWCAP and AT_HWCAP2, space separated (the kernel's cpuinfo does not list them). Pure. */
void tsp_cpu_ppc_features(unsigned long hwcap, unsigned long hwcap2, char *text, size_t size);

#endif
