/*
 * The plugin: counts what the guest executes, by class, and publishes it in the page when the guest rings (page.h).
 *
 * Each block of straight code adds its instructions when it is entered. That is exact but for blocks that a fault cuts short (a
 * SIGSEGV, a SIGBUS, a SIGILL in their midst): they count as if they had ended. by=instruction counts one by one, slower, without that
 * exception. A string instruction with a repeat prefix (x86_64) is entered once for every repetition under QEMU before 10.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "emulator/accesses.h"
#include "emulator/page_writer.h"
#include "emulator/qemu_interface.h"
#include "emulator/settings.h"
#include "emulator/tally.h"

enum { BLOCK_INSTRUCTIONS_MAX = 4096, INSTRUCTION_BYTES_MAX = 16 };

/* QEMU has one plugin of this file, and gives it no context of its own. */
static struct {
    struct tsp_settings settings;
    struct tsp_page_writer writer;
    tsp_decoder *decoder;
    unsigned counter_count;
    unsigned vcpus; /* seen so far */
    struct tsp_accesses *accesses[TSP_PAGE_BLOCKS_MAX];
} plugin;

QEMU_EXPORT int qemu_plugin_version = TSP_QEMU_INTERFACE;

/* --- translation --------------------------------------------------------------------------------------------------------------- */

static size_t instruction_bytes(const struct qemu_plugin_insn *insn, unsigned char *bytes) {
    size_t size = qemu_plugin_insn_size(insn);
    size = size < INSTRUCTION_BYTES_MAX ? size : INSTRUCTION_BYTES_MAX;
#if TSP_QEMU_INTERFACE < 3
    memcpy(bytes, qemu_plugin_insn_data(insn), size);
    return size;
#else
    return qemu_plugin_insn_data(insn, bytes, size);
#endif
}

/* Arm's two instruction sets are told apart by the whole block. */
static tsp_decoder *block_decoder(const struct qemu_plugin_tb *tb, size_t count) {
    static __thread unsigned char bytes[BLOCK_INSTRUCTIONS_MAX][4];
    static __thread struct tsp_code code[BLOCK_INSTRUCTIONS_MAX];
    if (plugin.decoder != tsp_decode_a32) {
        return plugin.decoder;
    }
    count = count < BLOCK_INSTRUCTIONS_MAX ? count : BLOCK_INSTRUCTIONS_MAX;
    for (size_t i = 0; i < count; ++i) {
        const struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        unsigned char all[INSTRUCTION_BYTES_MAX] = {0};
        code[i].size = instruction_bytes(insn, all);
        memcpy(bytes[i], all, sizeof bytes[i]);
        code[i].bytes = bytes[i];
        code[i].address = qemu_plugin_insn_vaddr(insn);
    }
    return tsp_decode_is_thumb(code, count) ? tsp_decode_t32 : tsp_decode_a32;
}

static struct tsp_accesses *accesses_of(unsigned vcpu) {
    return plugin.accesses[vcpu < TSP_PAGE_BLOCKS_MAX ? vcpu : TSP_PAGE_BLOCKS_MAX - 1];
}

static void begin_instruction(unsigned vcpu, void *data) {
    (void)data;
    tsp_accesses_begin(accesses_of(vcpu));
}

static void see_access(unsigned vcpu, uint32_t info, uint64_t address, void *data) {
    (void)data;
    tsp_accesses_part(accesses_of(vcpu), address, 1U << qemu_plugin_mem_size_shift(info),
                      qemu_plugin_mem_is_store(info));
}

static void add_classes(struct tsp_tally *tally, unsigned classes) {
    tally->counts[0] += 1;
    for (unsigned c = 0; c < TSP_CLASSES; ++c) {
        tally->counts[1 + c] += classes >> c & 1;
    }
}

/* x86's translator (QEMU 7.2 at least: disas_insn(), "case 2") takes an instruction that runs into the next page back out of the block when
 * it is not the first, but the plugin is shown it all the same, as the block's last, with some of its bytes; the next block begins with
 * it. What is inserted for it alone is taken back too, so the last one near a page's end counts by itself. Found by ci/valgrind-witness. */
static bool may_be_taken_back(const struct qemu_plugin_insn *insn, size_t i, size_t count) {
    enum { PAGE = 4096 };
    return i > 0 && i + 1 == count && qemu_plugin_insn_vaddr(insn) % PAGE > PAGE - INSTRUCTION_BYTES_MAX;
}

static void translate(uint64_t id, struct qemu_plugin_tb *tb) {
    (void)id;
    size_t count = qemu_plugin_tb_n_insns(tb);
    tsp_decoder *decode = block_decoder(tb, count);
    struct tsp_tally block = {{0}};
    for (size_t i = 0; i < count; ++i) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        unsigned char bytes[INSTRUCTION_BYTES_MAX] = {0};
        unsigned classes = decode(bytes, instruction_bytes(insn, bytes));
        if (plugin.settings.by_instruction || may_be_taken_back(insn, i, count)) {
            struct tsp_tally one = {{0}};
            add_classes(&one, classes);
            tsp_tally_instruction(insn, &one);
        } else {
            add_classes(&block, classes);
        }
        if (plugin.settings.accesses && (classes & (TSP_LOADS | TSP_STORES)) != 0) {
            qemu_plugin_register_vcpu_insn_exec_cb(insn, begin_instruction, QEMU_NO_REGISTERS, NULL);
            qemu_plugin_register_vcpu_mem_cb(insn, see_access, QEMU_NO_REGISTERS, QEMU_ACCESSES, NULL);
        }
    }
    if (!plugin.settings.by_instruction) {
        tsp_tally_block(tb, &block);
    }
}

/* --- execution ----------------------------------------------------------------------------------------------------------------- */

static void make_accesses(unsigned vcpu) {
    if (vcpu >= TSP_PAGE_BLOCKS_MAX || plugin.accesses[vcpu] != NULL) {
        return;
    }
    struct tsp_accesses *made = calloc(1, sizeof *made);
    bool complete = made != NULL;
    if (complete && plugin.settings.model != NULL) {
        made->hierarchy = calloc(1, sizeof *made->hierarchy);
        complete = made->hierarchy != NULL && tsp_hierarchy_make(made->hierarchy, plugin.settings.model) == 0;
    }
    if (!complete) {
        (void)fprintf(stderr, "transept's plugin: no memory for the caches of vCPU %u\n", vcpu);
        abort();
    }
    plugin.accesses[vcpu] = made;
}

static void listen(uint64_t id);

/*
 * Called one at a time: QEMU makes vCPUs under a lock, in the thread of the vCPU that asks for another. The one that asks executes nothing more
 * before the reset is done: the request for it ends its execution at once, and QEMU looks at that before the next block. So until then
 * the new one is alone with the old code.
 */
static void begin_vcpu(uint64_t id, unsigned vcpu) {
    if (plugin.settings.accesses) {
        make_accesses(vcpu);
    }
    if (vcpu >= plugin.vcpus) {
        plugin.vcpus = vcpu + 1;
    }
    if (tsp_tally_vcpu(vcpu)) {
        qemu_plugin_reset(id, listen);
    }
}

static void publish_vcpu(unsigned vcpu) {
    uint64_t counts[TSP_PAGE_COUNTERS_MAX] = {0};
    tsp_tally_read(vcpu, counts);
    if (plugin.settings.accesses) {
        struct tsp_accesses *accesses = accesses_of(vcpu);
        memcpy(counts + TSP_TALLY_COUNTERS, accesses->counts, sizeof accesses->counts);
    }
    uint64_t *block = tsp_page_writer_block(&plugin.writer, vcpu);
    memcpy(block, counts, plugin.counter_count * sizeof *counts);
}

static void ring(unsigned caller) {
    unsigned vcpus = plugin.vcpus < TSP_PAGE_BLOCKS_MAX ? plugin.vcpus : TSP_PAGE_BLOCKS_MAX;
    if (plugin.settings.accesses) {
        tsp_accesses_settle(accesses_of(caller)); /* the others' are under way */
    }
    for (unsigned vcpu = 0; vcpu < vcpus; ++vcpu) {
        publish_vcpu(vcpu);
    }
    tsp_page_writer_publish(&plugin.writer, vcpus, (uint32_t)getpid());
}

static void see_system_call(uint64_t id, unsigned vcpu, int64_t number, uint64_t a1, uint64_t a2, uint64_t a3,
                            uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7, uint64_t a8) {
    (void)id, (void)number, (void)a3, (void)a4, (void)a5, (void)a6, (void)a7, (void)a8;
    if (a1 == TSP_PAGE_RING_A && a2 == TSP_PAGE_RING_B) {
        ring(vcpu);
    }
}

/* --- installation -------------------------------------------------------------------------------------------------------------- */

/* A modelled count is its core's: the name says which, so that two cores' are never taken for one another. */
static void plan_modelled(struct tsp_page_plan *plan, const char *what) {
    static char names[TSP_ACCESS_COUNTERS - TSP_L1D_MISSES][sizeof((struct tsp_page_counter *)0)->name];
    static unsigned used;
    char *name = names[used++];
    (void)snprintf(name, sizeof names[0], "%s:%s", what, plugin.settings.model->name);
    *plan = (struct tsp_page_plan){name, TSP_PAGE_MODELLED};
}

static unsigned plan_counters(struct tsp_page_plan *plan) {
    static const char *const names[TSP_L1D_MISSES] = {"accesses", "accesses-unseen", "line-crossings",
                                                      "page-crossings", "misaligned"};
    unsigned count = 0;
    plan[count++] = (struct tsp_page_plan){"instructions", TSP_PAGE_COUNTED};
    for (unsigned i = 0; i < TSP_CLASSES; ++i) {
        plan[count++] = (struct tsp_page_plan){tsp_class_names[i], TSP_PAGE_COUNTED};
    }
    for (unsigned i = 0; plugin.settings.accesses && i < TSP_L1D_MISSES; ++i) {
        plan[count++] = (struct tsp_page_plan){names[i], TSP_PAGE_COUNTED};
    }
    if (plugin.settings.model != NULL) {
        plan_modelled(&plan[count++], "l1d-misses");
        plan_modelled(&plan[count++], "l2-misses");
    }
    return count;
}

static int prepare(const struct qemu_info *info, int argc, char **argv, char *reason, unsigned size) {
    char who[sizeof plugin.writer.header->writer];
    struct tsp_page_plan plan[TSP_PAGE_COUNTERS_MAX];
    if (tsp_settings_read(&plugin.settings, argc, argv, reason, size) != 0) {
        return -1;
    }
    plugin.decoder = tsp_decode_find(info->target_name);
    if (info->system_emulation || plugin.decoder == NULL) {
        (void)snprintf(reason, size, "guests of this kind cannot be counted: %s%s", info->target_name,
                       info->system_emulation ? ", a whole system" : "");
        return -1;
    }
    if (tsp_tally_start() != 0) {
        (void)snprintf(reason, size, "no memory");
        return -1;
    }
    (void)snprintf(who, sizeof who, "qemu-%s, plugin interface %d, by %s%s%s", info->target_name,
                   TSP_QEMU_INTERFACE, plugin.settings.by_instruction ? "instruction" : "block",
                   plugin.settings.model != NULL ? ", " : "",
                   plugin.settings.model != NULL ? plugin.settings.model->name : "");
    plugin.counter_count = plan_counters(plan);
    return tsp_page_writer_open(&plugin.writer, plugin.settings.page, who, plan, plugin.counter_count, reason,
                                size);
}

static void listen(uint64_t id) {
    qemu_plugin_register_vcpu_init_cb(id, begin_vcpu);
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
    qemu_plugin_register_vcpu_syscall_cb(id, see_system_call);
}

int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv) {
    char reason[512] = "";
    if (prepare(info, argc, argv, reason, sizeof reason) != 0) {
        (void)fprintf(stderr, "transept's plugin: %s\n", reason);
        return -1;
    }
    listen(id);
    return 0;
}
