/* The machine's fingerprint, put together. */
#include "machine/system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "machine/cpu.h"
#include "machine/files.h"
#include "transept/isa.h"

/* The longest /proc/cpuinfo that is read: some thousand CPUs. */
#define CPUINFO_MOST ((size_t)8 << 20)

static unsigned count_objects(const struct tsp_topology *topology, hwloc_obj_type_t type,
                              unsigned otherwise) {
    int count = hwloc_get_nbobjs_by_type(topology->hwloc, type);
    return count > 0 ? (unsigned)count : otherwise;
}

static void count_caches(struct tsp_machine *machine, const struct tsp_topology *topology) {
    struct tsp_placement single;
    struct tsp_error ignored;
    machine->cache_count = 0;
    if (tsp_placement_choose(topology, 1, NULL, -1, &single, &ignored) != 0) {
        return;
    }
    hwloc_obj_t object = hwloc_get_pu_obj_by_os_index(topology->hwloc, single.cpus[0]);
    for (; object != NULL && machine->cache_count < TSP_CACHES_MAX; object = object->parent) {
        if (!hwloc_obj_type_is_dcache(object->type) || object->attr->cache.size == 0) {
            continue;
        }
        struct tsp_cache *cache = &machine->caches[machine->cache_count++];
        cache->level = object->attr->cache.depth;
        cache->bytes = object->attr->cache.size;
        cache->line_bytes = object->attr->cache.linesize;
        cache->ways = object->attr->cache.associativity > 0 ? object->attr->cache.associativity : 0;
        int sharing = hwloc_bitmap_weight(object->cpuset);
        cache->shared_by = sharing > 0 ? (unsigned)sharing : 1;
    }
}

void tsp_machine_count(struct tsp_machine *machine, const struct tsp_topology *topology) {
    machine->threads = count_objects(topology, HWLOC_OBJ_PU, 1);
    machine->cores = count_objects(topology, HWLOC_OBJ_CORE, machine->threads);
    machine->sockets = count_objects(topology, HWLOC_OBJ_PACKAGE, 1);
    int usable = hwloc_bitmap_weight(topology->usable);
    machine->usable_threads = usable > 0 ? (unsigned)usable : 0;
    count_caches(machine, topology);
    machine->memory_bytes = hwloc_get_root_obj(topology->hwloc)->total_memory;
}

static void describe_system(struct tsp_machine *machine) {
    struct utsname names;
    if (uname(&names) == 0) {
        char text[2 * sizeof names.sysname];
        (void)snprintf(text, sizeof text, "%s %s", names.sysname, names.release);
        (void)tsp_text_clean(machine->kernel, sizeof machine->kernel, text, strlen(text));
    }
    tsp_machine_libc(machine);
    long page = sysconf(_SC_PAGESIZE);
    machine->page_bytes = page > 0 ? (uint64_t)page : 0;
    /* hwloc adds up the nodes, and memory that was plugged in later may belong to none; sysinfo(2), behind sysconf(3), is narrow on
       32-bit ISAs: both are for where /proc is missing. */
    struct tsp_file file;
    char total[32];
    (void)tsp_file_load(&file, "", "/proc/meminfo");
    uint64_t all = 0;
    if (tsp_text_field(file.text, "MemTotal", total, sizeof total) != NULL) {
        all = strtoull(total, NULL, 10) * 1024;
    }
    long pages = sysconf(_SC_PHYS_PAGES);
    if (all == 0 && machine->memory_bytes == 0 && page > 0 && pages > 0) {
        all = (uint64_t)page * (uint64_t)pages;
    }
    machine->memory_bytes = all != 0 ? all : machine->memory_bytes;
}

/* Under a user-mode emulator /proc/cpuinfo tells of the host: the features are then what the probe of this ISA finds. */
static void describe_guest_cpu(struct tsp_machine *machine) {
    uint64_t features = tsp_features_probe();
    size_t used = 0;
    (void)snprintf(machine->cpu_model, sizeof machine->cpu_model, "emulated");
    for (unsigned bit = 0; bit < 48; ++bit) {
        const char *name = (features >> bit & 1) != 0 ? tsp_feature_name(UINT64_C(1) << bit) : NULL;
        if (name != NULL && used < sizeof machine->features) {
            int length = snprintf(machine->features + used, sizeof machine->features - used, "%s%s",
                                  used > 0 ? " " : "", name);
            used += length > 0 ? (size_t)length : 0;
        }
    }
}

static void describe_cpu(struct tsp_machine *machine) {
    char *cpuinfo = tsp_file_all("", "/proc/cpuinfo", CPUINFO_MOST);
    tsp_cpu_parse(machine, machine->arch, cpuinfo != NULL ? cpuinfo : "");
    free(cpuinfo);
#if defined(__powerpc64__)
    tsp_cpu_ppc_features(getauxval(AT_HWCAP), getauxval(AT_HWCAP2), machine->features,
                         sizeof machine->features);
#endif
}

static void read_line(char *text, size_t size, const char *path) {
    struct tsp_file file;
    (void)tsp_file_load(&file, "", path);
    (void)tsp_text_clean(text, size, file.text, strlen(file.text));
}

static void describe_board(struct tsp_machine *machine) {
    struct tsp_clues clues;
    struct tsp_board board;
    tsp_clues_gather(&clues, "");
    read_line(board.vendor, sizeof board.vendor, "/sys/class/dmi/id/sys_vendor");
    read_line(board.product, sizeof board.product, "/sys/class/dmi/id/product_name");
    read_line(board.hypervisor_type, sizeof board.hypervisor_type, "/sys/hypervisor/type");
    tsp_hypervisor_name(machine->hypervisor, sizeof machine->hypervisor, &clues, &board);
}

int tsp_machine_probe(struct tsp_machine *machine, const struct tsp_topology *topology,
                      struct tsp_error *error) {
    memset(machine, 0, sizeof *machine);
    if (topology == NULL || hwloc_bitmap_iszero(topology->usable)) {
        return tsp_error_set(error, "no topology to take the machine's fingerprint from; try lstopo");
    }
    struct tsp_executor executor;
    tsp_executor_detect(&executor);
    (void)snprintf(machine->arch, sizeof machine->arch, "%s", TSP_ISA_NAME);
    machine->emulated = executor.emulated;
    (void)snprintf(machine->emulator, sizeof machine->emulator, "%s", executor.name);
    (void)snprintf(machine->emulator_version, sizeof machine->emulator_version, "%s", executor.version);
    (void)snprintf(machine->host_arch, sizeof machine->host_arch, "%s", executor.host_arch);
    tsp_machine_count(machine, topology);
    describe_system(machine);
    if (executor.user_mode) {
        describe_guest_cpu(machine);
    } else {
        describe_cpu(machine);
        describe_board(machine);
    }
    tsp_machine_identify(machine);
    return 0;
}
