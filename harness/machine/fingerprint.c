/* The machine's id: the same on every machine of a kind, and after every boot and kernel update. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "machine/system.h"

/* FNV-1a, 64 bit: Fowler, Noll, Vo; constants from RFC 9923, section 5. */
#define FNV_OFFSET UINT64_C(14695981039346656037)
#define FNV_PRIME  UINT64_C(1099511628211)

/* Adds a text and its final NUL, so that "ab","c" and "a","bc" differ. */
static uint64_t add_text(uint64_t hash, const char *text) {
    size_t length = strlen(text) + 1;
    for (size_t i = 0; i < length; ++i) {
        hash = (hash ^ (unsigned char)text[i]) * FNV_PRIME;
    }
    return hash;
}

static uint64_t add_number(uint64_t hash, uint64_t number) {
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRIu64, number);
    return add_text(hash, text);
}

void tsp_machine_identify(struct tsp_machine *machine) {
    const uint64_t gib = UINT64_C(1) << 30;
    uint64_t hash = add_text(FNV_OFFSET, machine->arch);
    hash = add_text(hash, machine->emulated ? machine->emulator : "hardware");
    hash = add_text(hash, machine->emulated ? machine->host_arch : "");
    hash = add_text(hash, machine->cpu_vendor);
    hash = add_text(hash, machine->cpu_model);
    hash = add_text(hash, machine->cpu_microarchitecture);
    hash = add_number(hash, machine->sockets);
    hash = add_number(hash, machine->cores);
    hash = add_number(hash, machine->threads);
    for (unsigned i = 0; i < machine->cache_count; ++i) {
        hash = add_number(hash, machine->caches[i].level);
        hash = add_number(hash, machine->caches[i].bytes);
        hash = add_number(hash, machine->caches[i].line_bytes);
        hash = add_number(hash, machine->caches[i].shared_by);
    }
    hash = add_number(hash, machine->page_bytes);
    hash = add_number(hash, machine->memory_bytes / gib + (machine->memory_bytes % gib != 0 ? 1 : 0));
    (void)snprintf(machine->id, sizeof machine->id, "%016" PRIx64, hash);
}
