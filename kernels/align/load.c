/*
 * Loads of 2 to 64 bytes at each offset of a 64-byte block and across a page. The block is the last one of its line, so that what
 * leaves it leaves the line, however long lines are here. `latency`: each address comes from the load before, around a ring of
 * blocks that differ in nothing. `throughput`: independent loads of one place.
 */
#include <stddef.h>
#include <string.h>

#include <transept/kernel.h>

#include "loads.h"

#define BLOCK       64
#define BLOCKS      61  /* a prime: where the chase ends tells how many loads were done */
#define LONGEST_HOP 512 /* BLOCKS of them still fit in the 16 bits that the narrowest load brings */

struct loads {
    const char *first; /* where the first load goes */
    const char *at;    /* where the next one goes */
    ptrdiff_t stride;  /* from one place to the next */
    unsigned places;   /* around the ring; 1 across a page */
    unsigned long done;
};

#define LATENCY(id, chase, after)                                                                            \
    static void id(void *state, uint64_t ops) {                                                              \
        struct loads *loads = state;                                                                         \
        const char *at = loads->at;                                                                          \
        TSP_REPEAT_LONG(ops, at += chase(at); TSP_HIDE(at));                                                 \
        after;                                                                                               \
        loads->at = at;                                                                                      \
        loads->done += (unsigned long)ops;                                                                   \
    }
#define THROUGHPUT(id, touch, after)                                                                         \
    static void id(void *state, uint64_t ops) {                                                              \
        struct loads *loads = state;                                                                         \
        const char *at = loads->first;                                                                       \
        TSP_REPEAT_LONG(ops, touch(at));                                                                     \
        after;                                                                                               \
        loads->done += (unsigned long)ops;                                                                   \
    }

/* What a chase does beside its load. */
static void reference(void *state, uint64_t ops) {
    (void)state;
    intptr_t at = 0;
    intptr_t step = 0;
    TSP_HIDE(step);
    TSP_REPEAT_LONG(ops, at += step; TSP_HIDE(at));
}

/* The numbers that lead from place to place, each as wide as the load will take it for. */
static void link_places(char *first, unsigned places, ptrdiff_t stride, size_t width) {
    for (unsigned i = 0; i < places; ++i) {
        ptrdiff_t step = i + 1 < places ? stride : -(ptrdiff_t)i * stride;
        int16_t narrow = (int16_t)step;
        int32_t middle = (int32_t)step;
        char *place = first + (ptrdiff_t)i * stride;
        if (width == 2) {
            memcpy(place, &narrow, sizeof narrow);
        } else if (width == 4) {
            memcpy(place, &middle, sizeof middle);
        } else {
            memcpy(place, &step, sizeof step);
        }
    }
}

static int setup(struct tsp_bench *bench) {
    const size_t width = (size_t)tsp_param_int(bench, "width");
    const size_t offset = (size_t)tsp_param_int(bench, "offset"); /* 0 for `page` */
    const int across_page = strcmp(tsp_param_text(bench, "offset"), "page") == 0;
    const size_t page = tsp_page_bytes(bench);
    size_t line = tsp_line_bytes(bench);
    line = line < BLOCK ? BLOCK : line > LONGEST_HOP ? LONGEST_HOP : line;
    struct loads *loads = tsp_alloc(bench, sizeof *loads, BLOCK);
    char *memory = loads == NULL ? NULL
                                 : tsp_alloc(bench, across_page ? 2 * page : (BLOCKS + 1) * line,
                                             across_page ? page : line);
    if (memory == NULL) {
        return -1;
    }
    /* One byte before the next page: also the first piece of a load that is made of several lies across. */
    char *first = memory + (across_page ? page - 1 : line - BLOCK + offset);
    *loads = (struct loads){.first = first,
                            .at = first,
                            .stride = across_page ? 0 : (ptrdiff_t)line,
                            .places = across_page ? 1 : BLOCKS};
    link_places(first, loads->places, loads->stride, width);
    tsp_report(bench, "lines", "lines/op", across_page || offset + width > BLOCK ? 2 : 1);
    bench->state = loads;
    return 0;
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct loads *loads = bench->state;
    if (loads->done != (unsigned long)ops) {
        return tsp_fail(bench, "%lu loads were done, not %lu", loads->done, (unsigned long)ops);
    }
    return 0;
}

static int check_chase(struct tsp_bench *bench, uint64_t ops) {
    const struct loads *loads = bench->state;
    const ptrdiff_t expected = (ptrdiff_t)(ops % loads->places) * loads->stride;
    if (loads->at - loads->first != expected) {
        return tsp_fail(bench, "the chase ended at byte %td, not at %td", loads->at - loads->first, expected);
    }
    return check(bench, ops);
}

#define BODIES(bytes)                                                                                        \
    LATENCY(latency_##bytes, chase_##bytes, (void)0)                                                         \
    THROUGHPUT(throughput_##bytes, touch_##bytes, (void)0)
BODIES(2)
BODIES(4)
BODIES(8)
BODIES(16)
BODIES(32)
BODIES(64)
static tsp_body *const latency[] = {latency_2, latency_4, latency_8, latency_16, latency_32, latency_64};
static tsp_body *const throughput[] = {throughput_2,  throughput_4,  throughput_8,
                                       throughput_16, throughput_32, throughput_64};

#if defined(TSP_ISA_X86_64)
#define LEAVE __asm__ volatile("vzeroupper")
LATENCY(latency_avx2_32, chase_ymm, LEAVE)
LATENCY(latency_avx2_64, chase_ymm_pair, LEAVE)
LATENCY(latency_avx512_64, chase_zmm, LEAVE)
THROUGHPUT(throughput_avx2_32, touch_ymm, LEAVE)
THROUGHPUT(throughput_avx2_64, touch_ymm_pair, LEAVE)
THROUGHPUT(throughput_avx512_64, touch_zmm, LEAVE)
static tsp_body *const latency_avx2[] = {latency_avx2_32, latency_avx2_64};
static tsp_body *const throughput_avx2[] = {throughput_avx2_32, throughput_avx2_64};
static tsp_body *const latency_avx512[] = {latency_avx512_64};
static tsp_body *const throughput_avx512[] = {throughput_avx512_64};
#endif

#define OFFSETS                                                                                              \
    { "offset", "0..63,page" }
#define LATENCY_KERNEL(name, widths, what, bodies, instruction)                                              \
    TSP_KERNEL(.family = "align", .kernel = "load", .variant = name,                                         \
               .summary = "latency of a load, by width and offset", .params = {{"width", widths}, OFFSETS},  \
               .needs = what, .runs = bodies, .reference = reference, .setup = setup, .check = check_chase,  \
               .implementation = instruction)
#define THROUGHPUT_KERNEL(name, widths, what, bodies, instruction)                                           \
    TSP_KERNEL(.family = "align", .kernel = "load", .variant = name,                                         \
               .summary = "throughput of loads, by width and offset",                                        \
               .params = {{"width", widths}, OFFSETS}, .needs = what, .runs = bodies,                        \
               .reference = tsp_reference_long, .setup = setup, .check = check,                              \
               .implementation = instruction)
#define AVX2   (TSP_NEEDS_X86_64 | TSP_NEEDS_AVX2)
#define AVX512 (TSP_NEEDS_X86_64 | TSP_NEEDS_AVX512)

LATENCY_KERNEL("latency", "2,4,8,16,32,64", 0, latency, LOADS_IMPLEMENTATION);
LATENCY_KERNEL("latency-avx2", "32,64", AVX2, TSP_ON_X86_64(latency_avx2), "vmovdqu ymm");
LATENCY_KERNEL("latency-avx512", "64", AVX512, TSP_ON_X86_64(latency_avx512), "vmovdqu64 zmm");
THROUGHPUT_KERNEL("throughput", "2,4,8,16,32,64", 0, throughput, LOADS_IMPLEMENTATION);
THROUGHPUT_KERNEL("throughput-avx2", "32,64", AVX2, TSP_ON_X86_64(throughput_avx2), "vmovdqu ymm");
THROUGHPUT_KERNEL("throughput-avx512", "64", AVX512, TSP_ON_X86_64(throughput_avx512), "vmovdqu64 zmm");
