/* arm64. Source of all encodings: Arm Architecture Reference Manual for A-profile (DDI 0487), C4 "A64 Instruction Set Encoding". */
#include "emulator/decode.h"
#include "emulator/decode_table.h"

#define LOAD_LINKED       (TSP_LOADS | TSP_ATOMICS)
#define STORE_CONDITIONAL (TSP_STORES | TSP_ATOMICS)
#define UPDATE            (TSP_LOADS | TSP_STORES | TSP_ATOMICS)

/* Branches, exceptions, system instructions. */
static const struct tsp_decode_row control[] = {
    {0xfc000000, 0x14000000, TSP_BRANCHES},             /* b */
    {0xfc000000, 0x94000000, TSP_BRANCHES | TSP_CALLS}, /* bl */
    {0x7c000000, 0x34000000, TSP_BRANCHES},             /* cbz, cbnz, tbz, tbnz */
    {0xfe000000, 0x54000000, TSP_BRANCHES},             /* b.cond */
    {0xfee00000, 0xd6200000, TSP_BRANCHES | TSP_CALLS}, /* blr, blraa */
    {0xfe000000, 0xd6000000, TSP_BRANCHES},             /* br, ret, retaa */
    {0xffe0001f, 0xd4000001, TSP_SYSCALLS},             /* svc */
    {0xfffff0ff, 0xd503309f, TSP_BARRIERS},             /* dsb */
    {0xfffff3ff, 0xd503323f, TSP_BARRIERS},             /* dsb nXS */
    {0xfffff0ff, 0xd50330bf, TSP_BARRIERS},             /* dmb */
    {0xfffff0ff, 0xd50330df, TSP_BARRIERS},             /* isb */
    {0xfffff0ff, 0xd50330ff, TSP_BARRIERS},             /* sb */
    {0xffffffe0, 0xd50b7420, TSP_STORES},               /* dc zva */
};

/* Load/store exclusive, ordered, compare and swap: bits 23 (o2), 22 (L), 21 (o1), 15 (o0). */
static unsigned exclusive(uint32_t word) {
    unsigned load = tsp_bits(word, 22, 1);
    unsigned o0 = tsp_bits(word, 15, 1);
    int unpaired = tsp_bits(word, 23, 1) != 0;
    if (tsp_bits(word, 21, 1) != 0 && (unpaired || word >> 31 == 0)) { /* cas, casp */
        return UPDATE | (load | o0 ? TSP_ORDERED : 0);
    }
    if (unpaired) { /* stlr, ldar */
        return (load ? TSP_LOADS : TSP_STORES) | TSP_ORDERED;
    }
    return (load ? LOAD_LINKED : STORE_CONDITIONAL) | (o0 ? TSP_ORDERED : 0);
}

/* One register: size in bits 31:30, V in bit 26, opc in bits 23:22. */
static unsigned single(uint32_t word) {
    unsigned opc = tsp_bits(word, 22, 2);
    if (tsp_bits(word, 26, 1) != 0) { /* a vector register: opc & 2 is all 128 bits of it */
        return ((opc & 1) ? TSP_LOADS : TSP_STORES) | ((opc & 2) ? TSP_VECTOR : 0);
    }
    if (opc == 0) {
        return TSP_STORES;
    }
    return opc == 2 && word >> 30 == 3 ? 0 : TSP_LOADS; /* prfm */
}

/* ldadd, swp, … and ldapr: A and R in bits 23 and 22. */
static unsigned update(uint32_t word) {
    if ((word & 0x0000f000) == 0x0000c000) {
        return TSP_LOADS | TSP_ORDERED; /* ldapr */
    }
    return UPDATE | (tsp_bits(word, 22, 2) ? TSP_ORDERED : 0);
}

static unsigned literal(uint32_t word) {
    if (tsp_bits(word, 26, 1) != 0) {
        return TSP_LOADS | (word >> 30 == 2 ? TSP_VECTOR : 0);
    }
    return word >> 30 == 3 ? 0 : TSP_LOADS; /* prfm */
}

static unsigned memory(uint32_t word) {
    unsigned by_l = tsp_bits(word, 22, 1) ? TSP_LOADS : TSP_STORES;
    if ((word & 0x3f000000) == 0x08000000) {
        return exclusive(word);
    }
    if ((word & 0xbe000000) == 0x0c000000) { /* ld1 … st4 */
        return by_l | TSP_VECTOR;
    }
    if ((word & 0x3b000000) == 0x18000000) {
        return literal(word);
    }
    if ((word & 0x3f200c00) == 0x19000000) { /* stlur, ldapur */
        return (tsp_bits(word, 22, 2) ? TSP_LOADS : TSP_STORES) | TSP_ORDERED;
    }
    if ((word & 0x3f200c00) == 0x19000400) { /* cpy…, set… (FEAT_MOPS) */
        return TSP_STORES | (tsp_bits(word, 22, 2) == 3 ? 0 : TSP_LOADS);
    }
    if ((word & 0xff200000) == 0xd9200000) { /* tags: ldg, ldgm; stg … */
        return (word & 0x00400c00) == 0x00400000 ? TSP_LOADS : TSP_STORES;
    }
    if ((word & 0x3a000000) == 0x28000000) { /* ldp, stp; of 128 bits */
        return by_l | ((word & 0xc4000000) == 0x84000000 ? TSP_VECTOR : 0);
    }
    if ((word & 0x3f200c00) == 0x38200000) {
        return update(word);
    }
    if ((word & 0xff200400) == 0xf8200400) { /* ldraa, ldrab */
        return TSP_LOADS;
    }
    if ((word & 0x3b000000) == 0x39000000 || (word & 0x3b200000) == 0x38000000 ||
        (word & 0x3b200c00) == 0x38200800) {
        return single(word);
    }
    return 0;
}

unsigned tsp_decode_arm64(const unsigned char *bytes, size_t size) {
    if (size < 4) {
        return 0;
    }
    uint32_t word = tsp_little32(bytes);
    if ((word & 0x1c000000) == 0x14000000) {
        return tsp_decode_row(control, sizeof control / sizeof control[0], word);
    }
    if ((word & 0x0a000000) == 0x08000000) {
        return memory(word);
    }
    if ((word & 0x9e000000) == 0x84000000) { /* SVE memory: the store has all three bits */
        return (word >> 29 == 7 ? TSP_STORES : TSP_LOADS) | TSP_VECTOR;
    }
    if ((word & 0x1e000000) == 0x04000000 || (word & 0x9e000000) == 0x0e000000) {
        return TSP_VECTOR; /* SVE; Advanced SIMD but for its scalar forms */
    }
    return 0;
}
