/* The shared object as bytes in the executable, and how it is loaded. */
#include "shared_object.h"

#include <dlfcn.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* TSP_SHARED_FILE is the built file. A difference of labels gives its size, for labels have to be aligned on some ISAs. */
__asm__(".section .rodata\n"
        ".balign 64\n"
        "tsp_shared_bytes:\n"
        ".incbin \"" TSP_SHARED_FILE "\"\n"
        "1:\n"
        ".balign 8\n"
        "tsp_shared_size:\n"
        ".4byte 1b - tsp_shared_bytes\n"
        ".text\n");
extern const unsigned char tsp_shared_bytes[] __attribute__((visibility("hidden")));
extern const uint32_t tsp_shared_size __attribute__((visibility("hidden")));

/* A file without a name that holds it: its descriptor, or -1 after tsp_skip(). */
static int write_object(struct tsp_bench *bench) {
    int fd = memfd_create(TSP_SHARED_NAME, MFD_CLOEXEC);
    size_t written = 0;
    while (fd >= 0 && written < tsp_shared_size) {
        ssize_t some = write(fd, tsp_shared_bytes + written, tsp_shared_size - written);
        if (some <= 0) {
            (void)close(fd);
            fd = -1;
        } else {
            written += (size_t)some;
        }
    }
    if (fd < 0) {
        (void)tsp_skip(bench, "there is no memory file (memfd_create) to load a shared object from: %m");
    }
    return fd;
}

/* The shared object's handle, which is never given back; NULL after tsp_skip(). */
static void *load(struct tsp_bench *bench) {
    /* Loaded already, by an earlier case in this process: found by the name that it carries. */
    void *handle = dlopen(TSP_SHARED_NAME, RTLD_NOW | RTLD_NOLOAD);
    if (handle != NULL) {
        return handle;
    }
    int fd = write_object(bench);
    if (fd < 0) {
        return NULL;
    }
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == NULL) {
        (void)tsp_skip(bench, "this system loads no shared object from memory: %s", dlerror());
    }
    (void)close(fd);
    return handle;
}

int tsp_abi_shared_setup(struct tsp_bench *bench, const char *symbol) {
    struct tsp_abi_shared *shared = tsp_alloc(bench, sizeof *shared, 64);
    if (shared == NULL) {
        return -1;
    }
    void *handle = load(bench);
    if (handle == NULL) {
        return 1;
    }
    /* POSIX's way from an object pointer to a function pointer (dlsym, application usage). */
    *(void **)(void *)&shared->body = dlsym(handle, symbol);
    if (shared->body == NULL) {
        return tsp_fail(bench, "the shared object has no %s", symbol);
    }
    bench->state = shared;
    return 0;
}

void tsp_abi_shared_run(void *state, uint64_t ops) {
    struct tsp_abi_shared *shared = state;
    shared->body(&shared->sum, ops);
}
