/* Is this system a guest, and whose? */
#include <stdio.h>
#include <string.h>

#include "machine/files.h"
#include "machine/system.h"

struct sign {
    const char *sign;
    const char *name;
};

/* Leaf 0x40000000: Linux, arch/x86/kernel/cpu/{hypervisor,kvm,mshyperv,vmware}.c; bhyve(4); Parallels' and QEMU's own. */
static const struct sign cpuid_signs[] = {
    {"KVMKVMKVM", "KVM"},           {"TCGTCGTCGTCG", "QEMU (TCG)"}, {"Microsoft Hv", "Hyper-V"},
    {"VMwareVMware", "VMware"},     {"XenVMMXenVMM", "Xen"},        {"bhyve bhyve ", "bhyve"},
    {"ACRNACRNACRN", "ACRN"},       {"prl hyperv  ", "Parallels"},  {" lrpepyh vr", "Parallels"},
    {"VBoxVBoxVBox", "VirtualBox"},
};

/* What firmware of guests calls its maker (systemd, src/basic/virt.c, and the clouds' documentation). */
static const struct sign vendor_signs[] = {
    {"QEMU", "QEMU"},
    {"VMware", "VMware"},
    {"innotek GmbH", "VirtualBox"},
    {"Xen", "Xen"},
    {"Bochs", "Bochs"},
    {"Parallels", "Parallels"},
    {"BHYVE", "bhyve"},
    {"Amazon EC2", "Amazon Nitro"},
    {"DigitalOcean", "KVM (DigitalOcean)"},
    {"Hetzner", "KVM (Hetzner)"},
    {"OpenStack", "OpenStack"},
};

static void copy(char *to, size_t size, const char *from) {
    (void)tsp_text_clean(to, size, from, strlen(from));
}

static const char *from_vendor(const struct tsp_board *board) {
    if (strstr(board->product, ".metal") != NULL) {
        return "";
    }
    /* These make computers as well: the product decides. */
    if (strcmp(board->product, "Virtual Machine") == 0) {
        return "Hyper-V";
    }
    if (strcmp(board->product, "Google Compute Engine") == 0) {
        return "KVM (Google)";
    }
    for (size_t i = 0; i < sizeof vendor_signs / sizeof vendor_signs[0]; ++i) {
        if (strncmp(board->vendor, vendor_signs[i].sign, strlen(vendor_signs[i].sign)) == 0) {
            return vendor_signs[i].name;
        }
    }
    return "";
}

static const char *from_devicetree(const struct tsp_clues *clues) {
    if (strstr(clues->kvm_devicetree, "kvm") != NULL) {
        return "KVM";
    }
    bool virtual_board = strstr(clues->devicetree, "linux,dummy-virt") != NULL ||
                         strstr(clues->devicetree, "riscv-virtio") != NULL ||
                         strstr(clues->devicetree, "emulated by qemu") != NULL;
    return virtual_board ? "QEMU" : "";
}

void tsp_hypervisor_name(char *text, size_t size, const struct tsp_clues *clues,
                         const struct tsp_board *board) {
    text[0] = '\0';
    for (size_t i = 0; i < sizeof cpuid_signs / sizeof cpuid_signs[0]; ++i) {
        if (strcmp(clues->cpuid, cpuid_signs[i].sign) == 0) {
            copy(text, size, cpuid_signs[i].name);
            return;
        }
    }
    if (clues->cpuid[0] != '\0') {
        copy(text, size, clues->cpuid);
        return;
    }
    /* s390x: "VM00 Control Program: KVM/Linux" or "z/VM 7.3.0"; a machine always runs in a partition at least, which is no news. */
    if (tsp_text_field(clues->sysinfo, "VM00 Control Program", text, size) != NULL && text[0] != '\0') {
        return;
    }
    if (strcmp(board->hypervisor_type, "xen") == 0) {
        copy(text, size, "Xen");
        return;
    }
    const char *name = from_vendor(board);
    copy(text, size, name[0] != '\0' ? name : from_devicetree(clues));
}
