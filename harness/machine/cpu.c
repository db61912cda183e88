/* Which processor this is, read out of /proc/cpuinfo, which every ISA's kernel writes in its own way. */
#include "machine/cpu.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/files.h"

static unsigned long number_of(const char *text, const char *key, int base) {
    char value[64];
    (void)tsp_text_field(text, key, value, sizeof value);
    return strtoul(value, NULL, base);
}

static void append(char *text, size_t size, const char *separator, const char *word) {
    size_t used = strlen(text);
    if (used < size) {
        (void)snprintf(text + used, size - used, "%s%s", used > 0 ? separator : "", word);
    }
}

static void set(char *text, size_t size, const char *value) {
    text[0] = '\0';
    append(text, size, "", value);
}

/* Hypervisors may state another model than they run on. Matrix tiles came with Sapphire Rapids: where they are, an older name is wrong. */
static bool is_masked(unsigned model, const char *features) {
    static const unsigned with_tiles[] = {0x8f, 0xcf, 0xad, 0xae, 0xd7, 0};
    if (!tsp_text_has_word(features, "amx_tile")) {
        return false;
    }
    for (size_t i = 0; with_tiles[i] != 0; ++i) {
        if (with_tiles[i] == model) {
            return false;
        }
    }
    return true;
}

static void parse_x86(struct tsp_machine *machine, const char *cpuinfo) {
    (void)tsp_text_field(cpuinfo, "vendor_id", machine->cpu_vendor, sizeof machine->cpu_vendor);
    (void)tsp_text_field(cpuinfo, "model name", machine->cpu_model, sizeof machine->cpu_model);
    (void)tsp_text_field(cpuinfo, "flags", machine->features, sizeof machine->features);
    unsigned family = (unsigned)number_of(cpuinfo, "cpu family", 10);
    unsigned model = (unsigned)number_of(cpuinfo, "model", 10);
    unsigned stepping = (unsigned)number_of(cpuinfo, "stepping", 10);
    if (family != 6 || !is_masked(model, machine->features)) {
        set(machine->cpu_microarchitecture, sizeof machine->cpu_microarchitecture,
            tsp_cpu_x86_name(machine->cpu_vendor, family, model, stepping));
    }
}

/* Is `item` one of the items of a list joined by ", "? (Cortex-A7 is not in "Cortex-A76".) */
static bool is_listed(const char *list, const char *item) {
    size_t length = strlen(item);
    for (const char *at = list; at != NULL && *at != '\0';) {
        const char *comma = strstr(at, ", ");
        size_t here = comma != NULL ? (size_t)(comma - at) : strlen(at);
        if (here == length && strncmp(at, item, length) == 0) {
            return true;
        }
        at = comma != NULL ? comma + 2 : NULL;
    }
    return false;
}

/* One block a CPU; cores of several kinds are named once each, in the order they come. */
static void parse_arm(struct tsp_machine *machine, const char *cpuinfo) {
    char value[64];
    (void)tsp_text_field(cpuinfo, "Features", machine->features, sizeof machine->features);
    /* 32-bit kernels say "model name : ARMv7 Processor …", the boards' kernels "Hardware" or "Model". */
    (void)tsp_text_field(cpuinfo, "model name", machine->cpu_model, sizeof machine->cpu_model);
    for (const char *at = tsp_text_field(cpuinfo, "CPU implementer", value, sizeof value); at != NULL;
         at = tsp_text_field(at, "CPU implementer", value, sizeof value)) {
        unsigned implementer = (unsigned)strtoul(value, NULL, 16);
        unsigned part = (unsigned)number_of(at, "CPU part", 16);
        const char *maker;
        const char *name = tsp_cpu_arm_name(implementer, part, &maker);
        char unknown[32];
        if (name[0] == '\0') {
            (void)snprintf(unknown, sizeof unknown, "0x%02x/0x%03x", implementer, part);
        }
        const char *known = name[0] != '\0' ? name : unknown;
        if (!is_listed(machine->cpu_microarchitecture, known)) {
            append(machine->cpu_microarchitecture, sizeof machine->cpu_microarchitecture, ", ", known);
        }
        set(machine->cpu_vendor, sizeof machine->cpu_vendor, maker);
    }
    if (machine->cpu_model[0] == '\0') {
        set(machine->cpu_model, sizeof machine->cpu_model, machine->cpu_microarchitecture);
    }
}

static void parse_riscv(struct tsp_machine *machine, const char *cpuinfo) {
    (void)tsp_text_field(cpuinfo, "isa", machine->features, sizeof machine->features);
    (void)tsp_text_field(cpuinfo, "uarch", machine->cpu_microarchitecture,
                         sizeof machine->cpu_microarchitecture);
    set(machine->cpu_vendor, sizeof machine->cpu_vendor,
        tsp_cpu_riscv_vendor(number_of(cpuinfo, "mvendorid", 0)));
    (void)tsp_text_field(cpuinfo, "model name", machine->cpu_model, sizeof machine->cpu_model);
    if (machine->cpu_model[0] == '\0') {
        set(machine->cpu_model, sizeof machine->cpu_model, machine->cpu_microarchitecture);
    }
}

/* "cpu : POWER9 (architected), altivec supported": the first word is the core. */
static void parse_ppc(struct tsp_machine *machine, const char *cpuinfo) {
    (void)tsp_text_field(cpuinfo, "cpu", machine->cpu_model, sizeof machine->cpu_model);
    (void)tsp_text_clean(machine->cpu_microarchitecture, sizeof machine->cpu_microarchitecture,
                         machine->cpu_model, strcspn(machine->cpu_model, " ,("));
    if (strncmp(machine->cpu_model, "POWER", 5) == 0) {
        set(machine->cpu_vendor, sizeof machine->cpu_vendor, "IBM");
    }
}

/* "vendor_id : IBM/S390" and "processor 0: version = 00, identification = 0123, machine = 3931": the identification is a serial number
 * and stays out. */
static void parse_s390x(struct tsp_machine *machine, const char *cpuinfo) {
    (void)tsp_text_field(cpuinfo, "vendor_id", machine->cpu_vendor, sizeof machine->cpu_vendor);
    (void)tsp_text_field(cpuinfo, "features", machine->features, sizeof machine->features);
    const char *type = strstr(cpuinfo, "machine = ");
    if (type != NULL) {
        unsigned number = (unsigned)strtoul(type + strlen("machine = "), NULL, 10);
        const char *name = tsp_cpu_z_name(number);
        (void)snprintf(machine->cpu_model, sizeof machine->cpu_model, "IBM Z type %u", number);
        set(machine->cpu_microarchitecture, sizeof machine->cpu_microarchitecture, name);
    }
}

void tsp_cpu_parse(struct tsp_machine *machine, const char *arch, const char *cpuinfo) {
    machine->cpu_vendor[0] = '\0';
    machine->cpu_model[0] = '\0';
    machine->cpu_microarchitecture[0] = '\0';
    machine->features[0] = '\0';
    if (strcmp(arch, "x86_64") == 0) {
        parse_x86(machine, cpuinfo);
    } else if (strcmp(arch, "arm64") == 0 || strcmp(arch, "armhf") == 0) {
        parse_arm(machine, cpuinfo);
    } else if (strncmp(arch, "riscv", 5) == 0) {
        parse_riscv(machine, cpuinfo);
    } else if (strncmp(arch, "ppc", 3) == 0) {
        parse_ppc(machine, cpuinfo);
    } else if (strcmp(arch, "s390x") == 0) {
        parse_s390x(machine, cpuinfo);
    } else {
        (void)tsp_text_field(cpuinfo, "model name", machine->cpu_model, sizeof machine->cpu_model);
    }
}

/* Linux, arch/powerpc/include/uapi/asm/cputable.h; the names are those that the dynamic linker uses. */
void tsp_cpu_ppc_features(unsigned long hwcap, unsigned long hwcap2, char *text, size_t size) {
    static const struct {
        unsigned long bit;
        int word;
        const char *name;
    } bits[] = {
        {0x10000000, 1, "altivec"},   {0x00000400, 1, "dfp"},       {0x00000080, 1, "vsx"},
        {0x00000100, 1, "arch_2_06"}, {0x80000000, 2, "arch_2_07"}, {0x40000000, 2, "htm"},
        {0x02000000, 2, "vcrypto"},   {0x00800000, 2, "arch_3_00"}, {0x00400000, 2, "ieee128"},
        {0x00200000, 2, "darn"},      {0x00100000, 2, "scv"},       {0x00040000, 2, "arch_3_1"},
        {0x00020000, 2, "mma"},
    };
    text[0] = '\0';
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; ++i) {
        if (((bits[i].word == 1 ? hwcap : hwcap2) & bits[i].bit) != 0) {
            append(text, size, " ", bits[i].name);
        }
    }
}
