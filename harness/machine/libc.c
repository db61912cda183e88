/* Which package's libc runs here: its version number alone does not tell one patch of a distribution from the next. */
#include <ctype.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#if defined(__GLIBC__)
#include <gnu/libc-version.h>
#endif

#include "machine/system.h"

void tsp_libc_release_find(char *text, size_t size, const char *bytes, size_t length) {
    static const char before[] = "GNU C Library (";
    const char *end = bytes + length;
    text[0] = '\0';
    const char *found = memmem(bytes, length, before, sizeof before - 1);
    while (found != NULL) {
        const char *release = found + sizeof before - 1;
        const char *stop = release;
        while (stop < end && *stop != ')' && isprint((unsigned char)*stop)) {
            ++stop;
        }
        if (stop < end && *stop == ')' && stop > release) {
            (void)snprintf(text, size, "%.*s", (int)(stop - release), release);
            return;
        }
        found = memmem(release, (size_t)(end - release), before, sizeof before - 1);
    }
}

#if defined(__GLIBC__)
/* The object whose segment has the version's text is libc, or a program that has it inside. */
static int search_object(struct dl_phdr_info *object, size_t size, void *data) {
    (void)size;
    struct tsp_machine *machine = data;
    uintptr_t version = (uintptr_t)gnu_get_libc_version();
    for (unsigned i = 0; i < object->dlpi_phnum; ++i) {
        uintptr_t begin = (uintptr_t)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
        size_t length = object->dlpi_phdr[i].p_filesz;
        if (object->dlpi_phdr[i].p_type == PT_LOAD && version >= begin && version - begin < length) {
            /* NOLINTNEXTLINE(performance-no-int-to-ptr): this is how the loader tells of addresses */
            tsp_libc_release_find(machine->libc_release, sizeof machine->libc_release, (const char *)begin,
                                  length);
            return 1;
        }
    }
    return 0;
}

void tsp_machine_libc(struct tsp_machine *machine) {
    (void)snprintf(machine->libc, sizeof machine->libc, "glibc %s", gnu_get_libc_version());
    (void)dl_iterate_phdr(search_object, machine);
}
#else
void tsp_machine_libc(struct tsp_machine *machine) {
    (void)machine; /* nothing else says what it is */
}
#endif
