/* The perf interface of the kernel we run on. */
#include "measure/perf_kernel.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PARANOID_FILE "/proc/sys/kernel/perf_event_paranoid"
#define PMU_FOLDER    "/sys/bus/event_source/devices"

static int read_int(const char *path, int otherwise) {
    int value = otherwise;
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        if (fscanf(file, "%d", &value) != 1) { /* NOLINT(cert-err34-c): the kernel prints an int */
            value = otherwise;
        }
        (void)fclose(file);
    }
    return value;
}

/* arm64 lets user space read a counter only when the event asks for it (config1, bit 1) and the administrator allows it:
 * Documentation/arm64/perf.rst, "Perf Userspace PMU Hardware Counter Access". */
static void ask_for_user_access(struct perf_event_attr *attr) {
#ifdef __aarch64__
    bool core =
        attr->type == PERF_TYPE_HARDWARE || attr->type == PERF_TYPE_HW_CACHE || attr->type == PERF_TYPE_RAW;
    if (core && read_int("/proc/sys/kernel/perf_user_access", 0) == 1) {
        attr->config1 |= 2;
    }
#else
    (void)attr;
#endif
}

static int linux_open(void *self, struct perf_event_attr *attr, int group) {
    (void)self;
    ask_for_user_access(attr);
    long fd = syscall(SYS_perf_event_open, attr, 0, -1, group, PERF_FLAG_FD_CLOEXEC);
    return fd < 0 ? -errno : (int)fd;
}

static int linux_enable(void *self, int leader, bool on) {
    (void)self;
    return ioctl(leader, on ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, PERF_IOC_FLAG_GROUP) == 0
               ? 0
               : -errno;
}

static long linux_read(void *self, int fd, void *buffer, size_t bytes) {
    (void)self;
    ssize_t got = read(fd, buffer, bytes);
    return got < 0 ? -errno : (long)got;
}

static size_t page_bytes(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

static struct perf_event_mmap_page *linux_map(void *self, int fd) {
    (void)self;
    void *page = mmap(NULL, page_bytes(), PROT_READ, MAP_SHARED, fd, 0);
    return page == MAP_FAILED ? NULL : page;
}

static void linux_unmap(void *self, struct perf_event_mmap_page *page) {
    (void)self;
    (void)munmap(page, page_bytes());
}

static void linux_close(void *self, int fd) {
    (void)self;
    (void)close(fd);
}

static int linux_paranoid(void *self) {
    (void)self;
    return read_int(PARANOID_FILE, TSP_PARANOID_UNKNOWN);
}

/* Names that kernels give to CPU PMUs: cpu, cpu_core and cpu_atom (x86, POWER, RISC-V), armv8_pmuv3_0, apple_firestorm_pmu, cpum_cf (s390). */
static bool names_cpu_pmu(const char *name) {
    return strcmp(name, "cpu") == 0 || strncmp(name, "cpu_", 4) == 0 || strncmp(name, "arm", 3) == 0 ||
           strncmp(name, "apple_", 6) == 0 || strcmp(name, "cpum_cf") == 0;
}

static bool linux_has_pmu(void *self) {
    (void)self;
    DIR *folder = opendir(PMU_FOLDER);
    if (folder == NULL) {
        return true; /* not told; perf_event_open will say */
    }
    bool found = false;
    const struct dirent *entry;
    while (!found && (entry = readdir(folder)) != NULL) { /* NOLINT(concurrency-mt-unsafe) */
        found = names_cpu_pmu(entry->d_name);
    }
    (void)closedir(folder);
    return found;
}

static void linux_work(void *self, enum tsp_known_work work) {
    (void)self;
    tsp_known_work_do(work);
}

const struct tsp_perf_kernel *tsp_perf_kernel_linux(void) {
    static const struct tsp_perf_kernel kernel = {
        .open = linux_open,
        .enable = linux_enable,
        .read = linux_read,
        .map = linux_map,
        .unmap = linux_unmap,
        .close = linux_close,
        .paranoid = linux_paranoid,
        .has_pmu = linux_has_pmu,
        .work = linux_work,
    };
    return &kernel;
}
