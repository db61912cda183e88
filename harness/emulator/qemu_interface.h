/*
 * What the plugin uses of QEMU's interface for plugins, written down from its documentation because Debian does not package the header.
 * Source of the facts: QEMU's "QEMU TCG Plugins" (docs/devel/tcg-plugins), and the changes of the interface as its versions list them:
 *   1   QEMU 4.2 to 8.2: an inline addition goes to one address for all vCPUs
 *   2   QEMU 9.0: that is gone; additions go to a scoreboard, an array with an element for each vCPU. QEMU refuses interfaces before 2
 *   3   QEMU 9.1: an instruction's bytes are copied out, no longer pointed at
 * Later versions only add. TSP_QEMU_INTERFACE says which of the three this plugin is built for.
 */
#ifndef TRANSEPT_EMULATOR_QEMU_INTERFACE_H
#define TRANSEPT_EMULATOR_QEMU_INTERFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if TSP_QEMU_INTERFACE < 1 || TSP_QEMU_INTERFACE > 3
#error "build with -DTSP_QEMU_INTERFACE=1, 2 or 3"
#endif

#define QEMU_EXPORT __attribute__((visibility("default")))

struct qemu_plugin_tb;
struct qemu_plugin_insn;

/* The beginning of what QEMU tells a plugin of itself. */
struct qemu_info {
    const char *target_name; /* "aarch64" */
    struct {
        int min;
        int cur;
    } version; /* of the interface */
    bool system_emulation;
};

enum { QEMU_ADD_U64 = 0 };  /* the inline operation: *place += value */
enum { QEMU_NO_REGISTERS }; /* the callback does not look at the guest's registers */
enum { QEMU_ACCESSES = 3 }; /* loads and stores */

typedef void qemu_tb_translated(uint64_t id, struct qemu_plugin_tb *tb);
typedef void qemu_plugin_event(uint64_t id);
typedef void qemu_vcpu_event(uint64_t id, unsigned vcpu);
typedef void qemu_executed(unsigned vcpu, void *data);
typedef void qemu_accessed(unsigned vcpu, uint32_t info, uint64_t address, void *data);
typedef void qemu_system_call(uint64_t id, unsigned vcpu, int64_t number, uint64_t a1, uint64_t a2,
                              uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7, uint64_t a8);

/* What QEMU looks for in a plugin. */
extern QEMU_EXPORT int qemu_plugin_version;
QEMU_EXPORT int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv);

/* Drops all translated code and all callbacks as soon as no vCPU runs, then calls. */
void qemu_plugin_reset(uint64_t id, qemu_plugin_event *call);
void qemu_plugin_register_vcpu_init_cb(uint64_t id, qemu_vcpu_event *call);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, qemu_tb_translated *call);
void qemu_plugin_register_vcpu_syscall_cb(uint64_t id, qemu_system_call *call);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, qemu_executed *call, int flags,
                                          void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, qemu_executed *call, int flags,
                                            void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, qemu_accessed *call, int flags,
                                      int which, void *data);

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
unsigned qemu_plugin_mem_size_shift(uint32_t info);
bool qemu_plugin_mem_is_store(uint32_t info);

#if TSP_QEMU_INTERFACE < 3
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
#else
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *bytes, size_t size);
#endif

#if TSP_QEMU_INTERFACE == 1
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int operation, void *place,
                                              uint64_t value);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int operation, void *place,
                                                uint64_t value);
#else
struct qemu_plugin_scoreboard;
/* A place in each element of a scoreboard; passed by value. */
struct qemu_entry {
    struct qemu_plugin_scoreboard *score;
    size_t offset;
};
struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t element_bytes);
void *qemu_plugin_scoreboard_find(struct qemu_plugin_scoreboard *score, unsigned vcpu);
void qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(struct qemu_plugin_tb *tb, int operation,
                                                       struct qemu_entry entry, uint64_t value);
void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(struct qemu_plugin_insn *insn, int operation,
                                                         struct qemu_entry entry, uint64_t value);
#endif

#endif
