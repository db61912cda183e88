/* Which CPU am I on: by the kernel's page of code (vDSO), and by entering the kernel for it. */
#include <dlfcn.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/syscall.h>

#include <transept/kernel.h>

#include "calls.h"

struct where {
    unsigned long done;
    unsigned cpu; /* UINT_MAX until a call has told */
    unsigned node;
};

static void vdso(void *state, uint64_t ops) {
    struct where *where = state;
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, 0, getcpu(&where->cpu, &where->node)));
    where->done += done;
}

static void raw(void *state, uint64_t ops) {
    struct where *where = state;
    unsigned long done = 0;
    TSP_REPEAT(ops, DONE_IF(done, 0, tsp_syscall3(SYS_getcpu, (long)&where->cpu, (long)&where->node, 0)));
    where->done += done;
}

/* libc falls back to a system call and does not say so: arm64 and armhf have a vDSO without this function (vdso(7)). The dynamic
 * linker knows the vDSO as a library that is loaded already. */
static const char *unfit(const struct tsp_bench *bench) {
    (void)bench;
    static const char *const names[] = {"linux-vdso.so.1", "linux-vdso64.so.1"};
    static const char *const functions[] = {"__vdso_getcpu", "__kernel_getcpu"};
    bool found = false;
    for (unsigned i = 0; i < 2; ++i) {
        void *library = dlopen(names[i], RTLD_LAZY | RTLD_LOCAL | RTLD_NOLOAD);
        for (unsigned k = 0; k < 2 && library != NULL; ++k) {
            found = found || dlsym(library, functions[k]) != NULL;
        }
        if (library != NULL) {
            (void)dlclose(library);
        }
    }
    return found ? NULL : "this system's vDSO has no getcpu()";
}

static int setup(struct tsp_bench *bench) {
    struct where *where = tsp_alloc(bench, sizeof *where, 64);
    if (where == NULL) {
        return -1;
    }
    bench->state = where;
    where->cpu = UINT_MAX;
    return 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct where *where = bench->state;
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0 && /* fails beyond CPU_SETSIZE CPUs */
        (where->cpu >= CPU_SETSIZE || !CPU_ISSET(where->cpu, &allowed))) {
        return tsp_fail(bench, "told to be on CPU %u, where this process may not run", where->cpu);
    }
    return check_done(bench, where->done, ops, 1);
}

TSP_KERNEL(.family = "syscall", .kernel = "getcpu", .variant = "vdso",
           .summary = "without entering the kernel", .needs = TSP_NEEDS_VDSO, .mode = TSP_MODE_PER_OP,
           .run = vdso, .unfit = unfit, .setup = setup, .check = check,
           .implementation = "libc getcpu(), vDSO");
TSP_KERNEL(.family = "syscall", .kernel = "getcpu", .variant = "raw", .summary = "by a system call",
           .mode = TSP_MODE_PER_OP, .run = raw, .setup = setup, .check = check,
           .implementation = TSP_IMPL_tsp_syscall3);
