/* Numbers that processors state of themselves, and the names people know them by. Not exhaustive: what is not here stays unnamed. */
#include <string.h>

#include "machine/cpu.h"

struct x86_core {
    const char *vendor;
    unsigned family;
    unsigned first; /* models */
    unsigned last;
    unsigned
        stepping; /* from this stepping on; the row with the highest one that fits wins by standing first */
    const char *name;
};

/* Intel: Linux, arch/x86/include/asm/intel-family.h; steppings of 0x55 from Intel's specification updates. AMD: Linux, arch/x86/kernel/cpu/amd.c
 * (bsp_init_amd) and AMD's processor programming references. Hygon: arch/x86/kernel/cpu/hygon.c. */
static const struct x86_core x86_cores[] = {
    {"GenuineIntel", 6, 0x1a, 0x1f, 0, "Nehalem"},
    {"GenuineIntel", 6, 0x2e, 0x2e, 0, "Nehalem-EX"},
    {"GenuineIntel", 6, 0x25, 0x25, 0, "Westmere"},
    {"GenuineIntel", 6, 0x2c, 0x2c, 0, "Westmere-EP"},
    {"GenuineIntel", 6, 0x2f, 0x2f, 0, "Westmere-EX"},
    {"GenuineIntel", 6, 0x2a, 0x2a, 0, "Sandy Bridge"},
    {"GenuineIntel", 6, 0x2d, 0x2d, 0, "Sandy Bridge-EP"},
    {"GenuineIntel", 6, 0x3a, 0x3a, 0, "Ivy Bridge"},
    {"GenuineIntel", 6, 0x3e, 0x3e, 0, "Ivy Bridge-EP"},
    {"GenuineIntel", 6, 0x3c, 0x3c, 0, "Haswell"},
    {"GenuineIntel", 6, 0x45, 0x46, 0, "Haswell"},
    {"GenuineIntel", 6, 0x3f, 0x3f, 0, "Haswell-EP"},
    {"GenuineIntel", 6, 0x3d, 0x3d, 0, "Broadwell"},
    {"GenuineIntel", 6, 0x47, 0x47, 0, "Broadwell"},
    {"GenuineIntel", 6, 0x4f, 0x4f, 0, "Broadwell-EP"},
    {"GenuineIntel", 6, 0x56, 0x56, 0, "Broadwell-DE"},
    {"GenuineIntel", 6, 0x4e, 0x4e, 0, "Skylake"},
    {"GenuineIntel", 6, 0x5e, 0x5e, 0, "Skylake"},
    {"GenuineIntel", 6, 0x55, 0x55, 10, "Cooper Lake"},
    {"GenuineIntel", 6, 0x55, 0x55, 5, "Cascade Lake"},
    {"GenuineIntel", 6, 0x55, 0x55, 0, "Skylake-SP"},
    {"GenuineIntel", 6, 0x8e, 0x8e, 0, "Kaby Lake"},
    {"GenuineIntel", 6, 0x9e, 0x9e, 0, "Kaby Lake"},
    {"GenuineIntel", 6, 0xa5, 0xa6, 0, "Comet Lake"},
    {"GenuineIntel", 6, 0x66, 0x66, 0, "Cannon Lake"},
    {"GenuineIntel", 6, 0x6a, 0x6a, 0, "Ice Lake-SP"},
    {"GenuineIntel", 6, 0x6c, 0x6c, 0, "Ice Lake-D"},
    {"GenuineIntel", 6, 0x7d, 0x7e, 0, "Ice Lake"},
    {"GenuineIntel", 6, 0x8c, 0x8d, 0, "Tiger Lake"},
    {"GenuineIntel", 6, 0xa7, 0xa7, 0, "Rocket Lake"},
    {"GenuineIntel", 6, 0x8f, 0x8f, 0, "Sapphire Rapids"},
    {"GenuineIntel", 6, 0xcf, 0xcf, 0, "Emerald Rapids"},
    {"GenuineIntel", 6, 0xad, 0xae, 0, "Granite Rapids"},
    {"GenuineIntel", 6, 0xaf, 0xaf, 0, "Sierra Forest"},
    {"GenuineIntel", 6, 0xb6, 0xb6, 0, "Grand Ridge"},
    {"GenuineIntel", 6, 0xdd, 0xdd, 0, "Clearwater Forest"},
    {"GenuineIntel", 6, 0x97, 0x97, 0, "Alder Lake"},
    {"GenuineIntel", 6, 0x9a, 0x9a, 0, "Alder Lake"},
    {"GenuineIntel", 6, 0xb7, 0xb7, 0, "Raptor Lake"},
    {"GenuineIntel", 6, 0xba, 0xba, 0, "Raptor Lake"},
    {"GenuineIntel", 6, 0xbf, 0xbf, 0, "Raptor Lake"},
    {"GenuineIntel", 6, 0xaa, 0xac, 0, "Meteor Lake"},
    {"GenuineIntel", 6, 0xbd, 0xbd, 0, "Lunar Lake"},
    {"GenuineIntel", 6, 0xc5, 0xc6, 0, "Arrow Lake"},
    {"GenuineIntel", 6, 0xbe, 0xbe, 0, "Gracemont"},
    {"GenuineIntel", 6, 0x37, 0x37, 0, "Silvermont"},
    {"GenuineIntel", 6, 0x4d, 0x4d, 0, "Silvermont"},
    {"GenuineIntel", 6, 0x4c, 0x4c, 0, "Airmont"},
    {"GenuineIntel", 6, 0x5c, 0x5c, 0, "Goldmont"},
    {"GenuineIntel", 6, 0x5f, 0x5f, 0, "Goldmont"},
    {"GenuineIntel", 6, 0x7a, 0x7a, 0, "Goldmont Plus"},
    {"GenuineIntel", 6, 0x86, 0x86, 0, "Tremont"},
    {"GenuineIntel", 6, 0x96, 0x96, 0, "Tremont"},
    {"GenuineIntel", 6, 0x9c, 0x9c, 0, "Tremont"},
    {"GenuineIntel", 6, 0x57, 0x57, 0, "Knights Landing"},
    {"GenuineIntel", 6, 0x85, 0x85, 0, "Knights Mill"},
    {"AuthenticAMD", 0x15, 0x00, 0x0f, 0, "Bulldozer"},
    {"AuthenticAMD", 0x15, 0x10, 0x2f, 0, "Piledriver"},
    {"AuthenticAMD", 0x15, 0x30, 0x4f, 0, "Steamroller"},
    {"AuthenticAMD", 0x15, 0x60, 0x7f, 0, "Excavator"},
    {"AuthenticAMD", 0x16, 0x00, 0x3f, 0, "Jaguar"},
    {"AuthenticAMD", 0x17, 0x08, 0x08, 0, "Zen+"},
    {"AuthenticAMD", 0x17, 0x18, 0x18, 0, "Zen+"},
    {"AuthenticAMD", 0x17, 0x00, 0x2f, 0, "Zen"},
    {"AuthenticAMD", 0x17, 0x50, 0x5f, 0, "Zen"},
    {"AuthenticAMD", 0x17, 0x30, 0x4f, 0, "Zen 2"},
    {"AuthenticAMD", 0x17, 0x60, 0x7f, 0, "Zen 2"},
    {"AuthenticAMD", 0x17, 0x90, 0x91, 0, "Zen 2"},
    {"AuthenticAMD", 0x17, 0xa0, 0xaf, 0, "Zen 2"},
    {"AuthenticAMD", 0x19, 0x00, 0x0f, 0, "Zen 3"},
    {"AuthenticAMD", 0x19, 0x20, 0x5f, 0, "Zen 3"},
    {"AuthenticAMD", 0x19, 0x10, 0x1f, 0, "Zen 4"},
    {"AuthenticAMD", 0x19, 0x60, 0xaf, 0, "Zen 4"},
    {"AuthenticAMD", 0x1a, 0x00, 0x2f, 0, "Zen 5"},
    {"AuthenticAMD", 0x1a, 0x40, 0x4f, 0, "Zen 5"},
    {"AuthenticAMD", 0x1a, 0x60, 0x7f, 0, "Zen 5"},
    {"HygonGenuine", 0x18, 0x00, 0x0f, 0, "Dhyana"},
};

struct arm_core {
    unsigned implementer;
    unsigned part;
    const char *name;
};

/* Linux, arch/arm64/include/asm/cputype.h; Arm's technical reference manuals (MIDR_EL1); util-linux, sys-utils/lscpu-arm.c; QEMU's "max":
 * target/arm/tcg/cpu64.c. */
static const struct arm_core arm_cores[] = {
    {0x00, 0x051, "QEMU max"},
    {0x41, 0xc07, "Cortex-A7"},
    {0x41, 0xc08, "Cortex-A8"},
    {0x41, 0xc09, "Cortex-A9"},
    {0x41, 0xc0e, "Cortex-A17"},
    {0x41, 0xc0f, "Cortex-A15"},
    {0x41, 0xd03, "Cortex-A53"},
    {0x41, 0xd04, "Cortex-A35"},
    {0x41, 0xd05, "Cortex-A55"},
    {0x41, 0xd06, "Cortex-A65"},
    {0x41, 0xd07, "Cortex-A57"},
    {0x41, 0xd08, "Cortex-A72"},
    {0x41, 0xd09, "Cortex-A73"},
    {0x41, 0xd0a, "Cortex-A75"},
    {0x41, 0xd0b, "Cortex-A76"},
    {0x41, 0xd0c, "Neoverse-N1"},
    {0x41, 0xd0d, "Cortex-A77"},
    {0x41, 0xd0e, "Cortex-A76AE"},
    {0x41, 0xd40, "Neoverse-V1"},
    {0x41, 0xd41, "Cortex-A78"},
    {0x41, 0xd42, "Cortex-A78AE"},
    {0x41, 0xd44, "Cortex-X1"},
    {0x41, 0xd46, "Cortex-A510"},
    {0x41, 0xd47, "Cortex-A710"},
    {0x41, 0xd48, "Cortex-X2"},
    {0x41, 0xd49, "Neoverse-N2"},
    {0x41, 0xd4a, "Neoverse-E1"},
    {0x41, 0xd4b, "Cortex-A78C"},
    {0x41, 0xd4c, "Cortex-X1C"},
    {0x41, 0xd4d, "Cortex-A715"},
    {0x41, 0xd4e, "Cortex-X3"},
    {0x41, 0xd4f, "Neoverse-V2"},
    {0x41, 0xd80, "Cortex-A520"},
    {0x41, 0xd81, "Cortex-A720"},
    {0x41, 0xd82, "Cortex-X4"},
    {0x41, 0xd83, "Neoverse-V3AE"},
    {0x41, 0xd84, "Neoverse-V3"},
    {0x41, 0xd85, "Cortex-X925"},
    {0x41, 0xd87, "Cortex-A725"},
    {0x41, 0xd8e, "Neoverse-N3"},
    {0x42, 0x516, "ThunderX2"},
    {0x43, 0x0a1, "ThunderX"},
    {0x43, 0x0af, "ThunderX2"},
    {0x43, 0x0b8, "ThunderX3"},
    {0x46, 0x001, "A64FX"},
    {0x46, 0x003, "MONAKA"},
    {0x48, 0xd01, "TaiShan v110"},
    {0x48, 0xd02, "TaiShan v120"},
    {0x4e, 0x003, "Denver 2"},
    {0x4e, 0x004, "Carmel"},
    {0x4e, 0x010, "Olympus"},
    {0x50, 0x000, "X-Gene"},
    {0x51, 0x001, "Oryon"},
    {0x51, 0xc00, "Falkor"},
    {0x51, 0xc01, "Saphira"},
    {0x61, 0x022, "M1 Icestorm"},
    {0x61, 0x023, "M1 Firestorm"},
    {0x61, 0x024, "M1 Pro Icestorm"},
    {0x61, 0x025, "M1 Pro Firestorm"},
    {0x61, 0x028, "M1 Max Icestorm"},
    {0x61, 0x029, "M1 Max Firestorm"},
    {0x61, 0x032, "M2 Blizzard"},
    {0x61, 0x033, "M2 Avalanche"},
    {0x61, 0x034, "M2 Pro Blizzard"},
    {0x61, 0x035, "M2 Pro Avalanche"},
    {0x61, 0x038, "M2 Max Blizzard"},
    {0x61, 0x039, "M2 Max Avalanche"},
    {0x6d, 0xd49, "Azure Cobalt 100"},
    {0xc0, 0xac3, "Ampere-1"},
    {0xc0, 0xac4, "Ampere-1a"},
};

struct numbered {
    unsigned long number;
    const char *name;
};

/* Arm Architecture Reference Manual, MIDR_EL1.Implementer. */
static const struct numbered arm_makers[] = {
    {0x41, "Arm"},    {0x42, "Broadcom"},  {0x43, "Cavium"},   {0x46, "Fujitsu"}, {0x48, "HiSilicon"},
    {0x4e, "NVIDIA"}, {0x50, "APM"},       {0x51, "Qualcomm"}, {0x53, "Samsung"}, {0x56, "Marvell"},
    {0x61, "Apple"},  {0x6d, "Microsoft"}, {0x70, "Phytium"},  {0xc0, "Ampere"},
};

/* Linux, arch/riscv/include/asm/vendorid_list.h, and the JEDEC JEP106 numbers that other makers document. */
static const struct numbered riscv_makers[] = {
    {0x31e, "Andes"}, {0x489, "SiFive"}, {0x5b7, "T-Head"}, {0x61f, "Ventana"}, {0x710, "SpacemiT"},
};

/* Linux, arch/s390/kernel/processor.c (setup_elf_platform) and IBM's machine types. */
static const struct numbered z_machines[] = {
    {2817, "z196"}, {2818, "z114"}, {2827, "zEC12"}, {2828, "zBC12"}, {2964, "z13"},
    {2965, "z13s"}, {3906, "z14"},  {3907, "z14"},   {8561, "z15"},   {8562, "z15"},
    {3931, "z16"},  {3932, "z16"},  {9175, "z17"},   {9176, "z17"},
};

static const char *find_number(const struct numbered *table, size_t count, unsigned long number) {
    for (size_t i = 0; i < count; ++i) {
        if (table[i].number == number) {
            return table[i].name;
        }
    }
    return "";
}

#define FIND(table, number) find_number(table, sizeof(table) / sizeof(table)[0], number)

const char *tsp_cpu_x86_name(const char *vendor, unsigned family, unsigned model, unsigned stepping) {
    for (size_t i = 0; i < sizeof x86_cores / sizeof x86_cores[0]; ++i) {
        const struct x86_core *core = &x86_cores[i];
        if (family == core->family && model >= core->first && model <= core->last &&
            stepping >= core->stepping && strcmp(vendor, core->vendor) == 0) {
            return core->name;
        }
    }
    return "";
}

const char *tsp_cpu_arm_name(unsigned implementer, unsigned part, const char **maker) {
    if (maker != NULL) {
        *maker = FIND(arm_makers, implementer);
    }
    for (size_t i = 0; i < sizeof arm_cores / sizeof arm_cores[0]; ++i) {
        if (arm_cores[i].implementer == implementer && arm_cores[i].part == part) {
            return arm_cores[i].name;
        }
    }
    return "";
}

const char *tsp_cpu_riscv_vendor(unsigned long vendor) {
    return FIND(riscv_makers, vendor);
}

const char *tsp_cpu_z_name(unsigned type) {
    return FIND(z_machines, type);
}
