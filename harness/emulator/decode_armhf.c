/* armhf: Arm (A32) and Thumb (T32). Source: Arm Architecture Reference Manual, ARMv7-A and ARMv7-R edition (DDI 0406), A5 "ARM
 * Instruction Set Encoding", A6 "Thumb Instruction Set Encoding", A7 "Advanced SIMD and Floating-point Instruction Encoding"; and for
 * load-acquire and store-release ARMv8's AArch32 (DDI 0487, F3 and F4). */
#include "emulator/decode.h"
#include "emulator/decode_table.h"

#define L TSP_LOADS
#define S TSP_STORES
#define B TSP_BRANCHES
#define C (TSP_BRANCHES | TSP_CALLS)

/* ARMv6's barriers, which are writes to coprocessor 15; the same bits in both sets. */
#define MCR_ROWS                                                                                             \
    {0x0fff0fff, 0x0e070fba, TSP_BARRIERS}, {0x0fff0fff, 0x0e070f9a, TSP_BARRIERS}, {                        \
        0x0fff0fff, 0x0e070f95, TSP_BARRIERS                                                                 \
    }

/* Exclusive and ordered accesses: `kind` 0 is ordered alone, 2 exclusive and ordered, 3 exclusive (bits 9:8 of A32). */
static unsigned exclusive(int load, unsigned kind) {
    return (load ? L : S) | (kind & 2 ? TSP_ATOMICS : 0) | (kind == 3 ? 0 : TSP_ORDERED);
}

/* Loads and stores of floating-point registers: bits 24:21 all clear, or 0b0010, move registers instead. */
static unsigned float_memory(uint32_t word) {
    unsigned form = tsp_bits(word, 21, 4);
    if (form == 0 || form == 2) {
        return 0;
    }
    return tsp_bits(word, 20, 1) ? L : S;
}

/* --- A32 -------------------------------------------------------------------------------------------------------------------- */

static const struct tsp_decode_row a32_unconditional[] = {
    {0xfe000000, 0xf2000000, TSP_VECTOR},     /* Advanced SIMD */
    {0xff300000, 0xf4200000, L | TSP_VECTOR}, /* vld1 … vld4 */
    {0xff300000, 0xf4000000, S | TSP_VECTOR}, /* vst1 … vst4 */
    {0xffb00000, 0xf4a00000, L | TSP_VECTOR}, /* of single elements */
    {0xffb00000, 0xf4800000, S | TSP_VECTOR},
    {0xfffffff0, 0xf57ff040, TSP_BARRIERS}, /* dsb */
    {0xfffffff0, 0xf57ff050, TSP_BARRIERS}, /* dmb */
    {0xfffffff0, 0xf57ff060, TSP_BARRIERS}, /* isb */
    {0xfffffff0, 0xf57ff070, TSP_BARRIERS}, /* sb */
    {0xfe000000, 0xfa000000, C},            /* blx */
};

static const struct tsp_decode_row a32_misc[] = {
    {0x0ffffff0, 0x012fff10, B}, /* bx */
    {0x0ffffff0, 0x012fff20, B}, /* bxj */
    {0x0ffffff0, 0x012fff30, C}, /* blx */
};

static const struct tsp_decode_row a32_coprocessor[] = {
    {0x0f000000, 0x0f000000, TSP_SYSCALLS}, /* svc */
    MCR_ROWS,
};

/* Bits 27:25 are 0: halfwords, doublewords, exclusives; and the data-processing that the others share. */
static unsigned a32_extra(uint32_t word) {
    int load = tsp_bits(word, 20, 1) != 0;
    unsigned kind = tsp_bits(word, 5, 2);
    if (kind == 0) {
        if (tsp_bits(word, 24, 1) == 0) {
            return 0; /* multiplications */
        }
        if (tsp_bits(word, 23, 1) == 0) {
            return L | S | TSP_ATOMICS; /* swp */
        }
        return exclusive(load, tsp_bits(word, 8, 2));
    }
    if (load) {
        return L;
    }
    return kind == 2 ? L : S; /* ldrd is in the stores' column */
}

static unsigned a32_processing(uint32_t word) {
    if (tsp_bits(word, 25, 1) == 0) {
        unsigned classes = tsp_decode_row(a32_misc, sizeof a32_misc / sizeof a32_misc[0], word);
        if (classes != 0) {
            return classes;
        }
        if ((word & 0x90) == 0x90) {
            return a32_extra(word);
        }
    }
    unsigned opcode = tsp_bits(word, 21, 4);
    return tsp_bits(word, 12, 4) == 15 && (opcode < 8 || opcode > 11) ? B
                                                                      : 0; /* writes the program counter */
}

static unsigned a32_single(uint32_t word) {
    if (tsp_bits(word, 20, 1) == 0) {
        return S;
    }
    return L | (tsp_bits(word, 12, 4) == 15 ? B : 0);
}

unsigned tsp_decode_a32(const unsigned char *bytes, size_t size) {
    if (size < 4) {
        return 0;
    }
    uint32_t word = tsp_little32(bytes);
    if (word >> 28 == 15) {
        return tsp_decode_row(a32_unconditional, sizeof a32_unconditional / sizeof a32_unconditional[0],
                              word);
    }
    switch (tsp_bits(word, 25, 3)) {
    case 0:
    case 1:
        return a32_processing(word);
    case 2:
        return a32_single(word);
    case 3:
        return tsp_bits(word, 4, 1) == 0 ? a32_single(word) : 0; /* else media */
    case 4:
        return tsp_bits(word, 20, 1) == 0 ? S : L | (tsp_bits(word, 15, 1) ? B : 0);
    case 5:
        return tsp_bits(word, 24, 1) ? C : B;
    case 6:
        return float_memory(word);
    default:
        return tsp_decode_row(a32_coprocessor, sizeof a32_coprocessor / sizeof a32_coprocessor[0], word);
    }
}

/* --- T32 -------------------------------------------------------------------------------------------------------------------- */

static const struct tsp_decode_row t32_short[] = {
    {0xff80, 0x4700, B}, /* bx */
    {0xff80, 0x4780, C}, /* blx */
    {0xff87, 0x4687, B}, /* mov pc, … */
    {0xff87, 0x4487, B}, /* add pc, … */
    {0xf800, 0x4800, L}, /* ldr, literal */
    {0xfe00, 0x5000, S}, /* str strh, by register */
    {0xfe00, 0x5200, S},
    {0xfe00, 0x5400, S}, /* strb */
    {0xf000, 0x5000, L}, /* ldrsb ldr ldrh ldrb ldrsh, by register */
    {0xf800, 0x6000, S}, /* str ldr strb ldrb strh ldrh, str ldr by sp */
    {0xf800, 0x6800, L},
    {0xf800, 0x7000, S},
    {0xf800, 0x7800, L},
    {0xf800, 0x8000, S},
    {0xf800, 0x8800, L},
    {0xf800, 0x9000, S},
    {0xf800, 0x9800, L},
    {0xfe00, 0xb400, S},     /* push */
    {0xff00, 0xbc00, L},     /* pop */
    {0xff00, 0xbd00, L | B}, /* pop {…, pc} */
    {0xf500, 0xb100, B},     /* cbz cbnz */
    {0xf800, 0xc000, S},     /* stm */
    {0xf800, 0xc800, L},     /* ldm */
    {0xff00, 0xdf00, TSP_SYSCALLS},
    {0xff00, 0xde00, 0}, /* udf */
    {0xf000, 0xd000, B},
    {0xf800, 0xe000, B},
};

/* Words are the first half above the second. */
static const struct tsp_decode_row t32_control[] = {
    {0xfffffff0, 0xf3bf8f40, TSP_BARRIERS}, /* dsb */
    {0xfffffff0, 0xf3bf8f50, TSP_BARRIERS}, /* dmb */
    {0xfffffff0, 0xf3bf8f60, TSP_BARRIERS}, /* isb */
    {0xfffffff0, 0xf3bf8f70, TSP_BARRIERS}, /* sb */
    {0xf800d000, 0xf000d000, C},            /* bl */
    {0xf800d000, 0xf000c000, C},            /* blx */
    {0xf800d000, 0xf0009000, B},            /* b.w */
    {0xfb80d000, 0xf3808000, 0},            /* hints, special registers */
    {0xf800d000, 0xf0008000, B},            /* b<cond>.w */
};

static const struct tsp_decode_row t32_coprocessor[] = {
    {0xef000000, 0xef000000, TSP_VECTOR}, /* Advanced SIMD */
    MCR_ROWS,
};

/* Doublewords, exclusives, table branches: bits 24:23 and 21:20. */
static unsigned t32_dual(uint32_t word) {
    int load = tsp_bits(word, 20, 1) != 0;
    unsigned form = tsp_bits(word, 23, 2) << 2 | tsp_bits(word, 20, 2);
    if (form == 0 || form == 1) { /* strex, ldrex */
        return exclusive(load, 3);
    }
    if (form != 4 && form != 5) { /* strd, ldrd */
        return load ? L : S;
    }
    unsigned kind = tsp_bits(word, 4, 4);
    if (kind < 2) { /* tbb, tbh */
        return L | B;
    }
    return exclusive(load, kind < 8 ? 3 : kind < 12 ? 0 : 2);
}

static unsigned t32_single(uint32_t word) {
    unsigned target = tsp_bits(word, 12, 4);
    if ((word & 0xff100000) == 0xf9000000) { /* vld1 … vst4 */
        return (tsp_bits(word, 21, 1) ? L : S) | TSP_VECTOR;
    }
    if (tsp_bits(word, 20, 1) == 0) {
        return S;
    }
    if (target != 15) {
        return L;
    }
    return tsp_bits(word, 21, 2) == 2 ? L | B : 0; /* ldr pc; narrower ones are pld and pli */
}

static unsigned t32_long(uint32_t word) {
    if ((word & 0xfe400000) == 0xe8000000) { /* ldm, stm */
        return tsp_bits(word, 20, 1) == 0 ? S : L | (tsp_bits(word, 15, 1) ? B : 0);
    }
    if ((word & 0xfe400000) == 0xe8400000) {
        return t32_dual(word);
    }
    if ((word & 0xee000000) == 0xec000000) {
        return float_memory(word);
    }
    if ((word & 0xee000000) == 0xee000000) {
        return tsp_decode_row(t32_coprocessor, sizeof t32_coprocessor / sizeof t32_coprocessor[0], word);
    }
    if ((word & 0xfe000000) == 0xf8000000) {
        return t32_single(word);
    }
    return tsp_decode_row(t32_control, sizeof t32_control / sizeof t32_control[0], word);
}

unsigned tsp_decode_t32(const unsigned char *bytes, size_t size) {
    if (size < 2) {
        return 0;
    }
    uint32_t half = tsp_little16(bytes);
    if (half < 0xe800) {
        return tsp_decode_row(t32_short, sizeof t32_short / sizeof t32_short[0], half);
    }
    return size >= 4 ? t32_long(half << 16 | tsp_little16(bytes + 2)) : 0;
}
