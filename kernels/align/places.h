/*
 * Where the accesses of align/load and align/store go: an offset of a 64-byte block, or across a page. The block is the last one of its
 * line, so that what leaves it leaves the line, however long lines are here. Blocks of a ring differ in nothing.
 */
#ifndef KERNELS_ALIGN_PLACES_H
#define KERNELS_ALIGN_PLACES_H

#include "accesses.h"

#define PLACES_BLOCK 64
#define PLACES_RING  61 /* a prime: where a chase ends tells how many accesses were done */
#define PLACES_LONGEST_HOP                                                                                   \
    512 /* PLACES_RING of them still fit in the 16 bits that the narrowest access brings */

struct places {
    char *first;      /* where the first access goes */
    const char *at;   /* where the next one goes */
    ptrdiff_t stride; /* from one place to the next */
    unsigned count;   /* around the ring; 1 across a page */
    size_t width;     /* of an op's access, in bytes … */
    size_t piece;     /* … and of each access that it is made of */
    intptr_t number;  /* ops done, in what a register holds */
};

/** What an op does beside its access: one dependent addition. */
static void places_reference(void *state, uint64_t ops) {
    (void)state;
    intptr_t number = 0;
    intptr_t step = 1;
    TSP_HIDE(step);
    TSP_REPEAT_LONG(ops, number += step; TSP_HIDE(number));
}

/** An access's lines, pieces and how many of these cross a line, as facts of the case. `offset` is that in the block; across a page the
 *  first piece has one byte before it. */
static inline void places_report(struct tsp_bench *bench, const struct places *places, size_t offset) {
    unsigned pieces = 0;
    unsigned split = 0;
    for (size_t at = 0; at < places->width; at += places->piece) {
        ++pieces;
        split += (offset + at) % PLACES_BLOCK + places->piece > PLACES_BLOCK;
    }
    tsp_report(bench, "lines", "lines/op", offset + places->width > PLACES_BLOCK ? 2 : 1);
    tsp_report(bench, "pieces", "accesses/op", pieces);
    tsp_report(bench, "split-pieces", "accesses/op", split);
}

/** Finds the places for the parameters `width` and `offset`; `largest` bytes is the widest access of the variant. */
static inline int places_find(struct tsp_bench *bench, size_t largest) {
    const size_t width = (size_t)tsp_param_int(bench, "width");
    const int across_page = strcmp(tsp_param_text(bench, "offset"), "page") == 0;
    const size_t offset = across_page ? PLACES_BLOCK - 1 : (size_t)tsp_param_int(bench, "offset");
    const size_t page = tsp_page_bytes(bench);
    size_t line = tsp_line_bytes(bench);
    line = line < PLACES_BLOCK ? PLACES_BLOCK : line > PLACES_LONGEST_HOP ? PLACES_LONGEST_HOP : line;
    struct places *places = tsp_alloc(bench, sizeof *places, PLACES_BLOCK);
    char *memory = places == NULL
                       ? NULL
                       : tsp_alloc(bench, across_page ? 2 * page : (PLACES_RING + 2) * line,
                                   page); /* a place that leaves its line must not leave its page too */
    if (memory == NULL) {
        return -1;
    }
    /* The line before the first place is there for `check`, which looks at the byte before it. */
    char *first = memory + (across_page ? page : 2 * line) - PLACES_BLOCK + offset;
    *places = (struct places){.first = first,
                              .at = first,
                              .stride = across_page ? 0 : (ptrdiff_t)line,
                              .count = across_page ? 1 : PLACES_RING,
                              .width = width,
                              .piece = width < largest ? width : largest};
    places_report(bench, places, offset);
    bench->state = places;
    return 0;
}

/** An op is as wide as `width` says; `largest` is 32 or 64 for AVX. */
#define PLACES_SETUP(id, largest, after)                                                                     \
    static int id(struct tsp_bench *bench) {                                                                 \
        int status = places_find(bench, largest);                                                            \
        if (status == 0) {                                                                                   \
            after(bench->state);                                                                             \
        }                                                                                                    \
        return status;                                                                                       \
    }

/** All bodies of a way of access: body(id, width's id, what ends it) defines one. x86_64 has wider ones besides. */
#define PLACES_BODIES(name, body)                                                                            \
    body(name##_2, 2, (void)0) body(name##_4, 4, (void)0) body(name##_8, 8, (void)0)                         \
        body(name##_16, 16, (void)0) body(name##_32, 32, (void)0)                                            \
            body(name##_64, 64, (void)0) static tsp_body *const name[] = {name##_2,  name##_4,  name##_8,    \
                                                                          name##_16, name##_32, name##_64};  \
    PLACES_BODIES_AVX(name, body)
#if defined(TSP_ISA_X86_64)
#define PLACES_BODIES_AVX(name, body)                                                                        \
    body(name##_ymm, ymm, ACCESS_LEAVE_AVX) body(name##_ymm_pair, ymm_pair, ACCESS_LEAVE_AVX)                \
        body(name##_zmm, zmm, ACCESS_LEAVE_AVX) static tsp_body *const name##_avx2[] = {name##_ymm,          \
                                                                                        name##_ymm_pair};    \
    static tsp_body *const name##_avx512[] = {name##_zmm};
#else
#define PLACES_BODIES_AVX(name, body)
#endif

/** Registers a way of access (`load` or `store`, `latency` or `throughput`) with its variants; the two AVX ones are listed everywhere. */
#define PLACES_KERNEL(what, name, widths, wants, bodies, begin, after, verify, instruction)                  \
    TSP_KERNEL(.family = "align", .kernel = what, .variant = name,                                           \
               .summary = name " of a " what ", by width and offset",                                        \
               .params = {{"width", widths}, {"offset", "0..63,page"}}, .needs = wants, .runs = bodies,      \
               .reference = after, .setup = begin, .check = verify, .implementation = instruction)
#define PLACES_KERNELS(what, name, way, begin, after, verify, instruction)                                   \
    PLACES_KERNEL(what, name, "2,4,8,16,32,64", 0, way, begin, after, verify, instruction);                  \
    PLACES_KERNEL(what, name "-avx2", "32,64", TSP_NEEDS_X86_64 | TSP_NEEDS_AVX2, TSP_ON_X86_64(way##_avx2), \
                  begin##_avx2, after, verify, "vmovdqu ymm");                                               \
    PLACES_KERNEL(what, name "-avx512", "64", TSP_NEEDS_X86_64 | TSP_NEEDS_AVX512,                           \
                  TSP_ON_X86_64(way##_avx512), begin##_avx512, after, verify, "vmovdqu64 zmm")

#endif
