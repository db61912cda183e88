/* ppc64el. Source: Power ISA 3.1, book I and II, and appendix "Opcode Maps". Bits are numbered from the least significant one here. */
#include "emulator/decode.h"
#include "emulator/decode_table.h"

#define LINKED      (TSP_LOADS | TSP_ATOMICS)
#define CONDITIONAL (TSP_STORES | TSP_ATOMICS)
#define UPDATE      (TSP_LOADS | TSP_STORES | TSP_ATOMICS)

/* The extended opcodes of primary opcode 31 (bits 10:1) by class. */
struct extended {
    uint16_t code;
    uint16_t classes;
};

static const struct extended extended[] = {
    /* lwarx ldarx lbarx lharx lqarx, stwcx. stdcx. stbcx. sthcx. stqcx. */
    {20, LINKED},
    {84, LINKED},
    {52, LINKED},
    {116, LINKED},
    {276, LINKED},
    {150, CONDITIONAL},
    {214, CONDITIONAL},
    {694, CONDITIONAL},
    {726, CONDITIONAL},
    {182, CONDITIONAL},
    /* lwat ldat stwat stdat */
    {582, UPDATE},
    {614, UPDATE},
    {710, UPDATE},
    {742, UPDATE},
    /* sync lwsync ptesync, eieio */
    {598, TSP_BARRIERS},
    {854, TSP_BARRIERS},
    /* integers: lwzx lwzux lbzx lbzux lhzx lhzux lhax lhaux lwax lwaux ldx ldux lhbrx lwbrx ldbrx lswi lswx */
    {23, TSP_LOADS},
    {55, TSP_LOADS},
    {87, TSP_LOADS},
    {119, TSP_LOADS},
    {279, TSP_LOADS},
    {311, TSP_LOADS},
    {343, TSP_LOADS},
    {375, TSP_LOADS},
    {341, TSP_LOADS},
    {373, TSP_LOADS},
    {21, TSP_LOADS},
    {53, TSP_LOADS},
    {790, TSP_LOADS},
    {534, TSP_LOADS},
    {532, TSP_LOADS},
    {597, TSP_LOADS},
    {533, TSP_LOADS},
    /* stwx stwux stbx stbux sthx sthux stdx stdux sthbrx stwbrx stdbrx stswi stswx, dcbz */
    {151, TSP_STORES},
    {183, TSP_STORES},
    {215, TSP_STORES},
    {247, TSP_STORES},
    {407, TSP_STORES},
    {439, TSP_STORES},
    {149, TSP_STORES},
    {181, TSP_STORES},
    {918, TSP_STORES},
    {662, TSP_STORES},
    {660, TSP_STORES},
    {725, TSP_STORES},
    {661, TSP_STORES},
    {1014, TSP_STORES},
    /* floating point: lfsx lfsux lfdx lfdux lfiwax lfiwzx lfdpx lxsdx lxsspx lxsiwax lxsiwzx lxsibzx lxsihzx */
    {535, TSP_LOADS},
    {567, TSP_LOADS},
    {599, TSP_LOADS},
    {631, TSP_LOADS},
    {855, TSP_LOADS},
    {887, TSP_LOADS},
    {791, TSP_LOADS},
    {588, TSP_LOADS},
    {524, TSP_LOADS},
    {76, TSP_LOADS},
    {12, TSP_LOADS},
    {781, TSP_LOADS},
    {813, TSP_LOADS},
    /* stfsx stfsux stfdx stfdux stfiwx stfdpx stxsdx stxsspx stxsiwx stxsibx stxsihx */
    {663, TSP_STORES},
    {695, TSP_STORES},
    {727, TSP_STORES},
    {759, TSP_STORES},
    {983, TSP_STORES},
    {919, TSP_STORES},
    {716, TSP_STORES},
    {652, TSP_STORES},
    {140, TSP_STORES},
    {909, TSP_STORES},
    {941, TSP_STORES},
    /* vectors: lvx lvxl lvebx lvehx lvewx lxvd2x lxvw4x lxvdsx lxvx lxvl lxvll lxvh8x lxvb16x lxvwsx lxvpx, lvsl lvsr */
    {103, TSP_LOADS | TSP_VECTOR},
    {359, TSP_LOADS | TSP_VECTOR},
    {7, TSP_LOADS | TSP_VECTOR},
    {39, TSP_LOADS | TSP_VECTOR},
    {71, TSP_LOADS | TSP_VECTOR},
    {844, TSP_LOADS | TSP_VECTOR},
    {780, TSP_LOADS | TSP_VECTOR},
    {332, TSP_LOADS | TSP_VECTOR},
    {268, TSP_LOADS | TSP_VECTOR},
    {269, TSP_LOADS | TSP_VECTOR},
    {301, TSP_LOADS | TSP_VECTOR},
    {812, TSP_LOADS | TSP_VECTOR},
    {876, TSP_LOADS | TSP_VECTOR},
    {364, TSP_LOADS | TSP_VECTOR},
    {333, TSP_LOADS | TSP_VECTOR},
    {6, TSP_VECTOR},
    {38, TSP_VECTOR},
    /* stvx stvxl stvebx stvehx stvewx stxvd2x stxvw4x stxvx stxvl stxvll stxvh8x stxvb16x stxvpx */
    {231, TSP_STORES | TSP_VECTOR},
    {487, TSP_STORES | TSP_VECTOR},
    {135, TSP_STORES | TSP_VECTOR},
    {167, TSP_STORES | TSP_VECTOR},
    {199, TSP_STORES | TSP_VECTOR},
    {972, TSP_STORES | TSP_VECTOR},
    {908, TSP_STORES | TSP_VECTOR},
    {396, TSP_STORES | TSP_VECTOR},
    {397, TSP_STORES | TSP_VECTOR},
    {429, TSP_STORES | TSP_VECTOR},
    {940, TSP_STORES | TSP_VECTOR},
    {1004, TSP_STORES | TSP_VECTOR},
    {461, TSP_STORES | TSP_VECTOR},
};

static unsigned indexed(uint32_t word) {
    unsigned code = tsp_bits(word, 1, 10);
    for (size_t i = 0; i < sizeof extended / sizeof extended[0]; ++i) {
        if (extended[i].code == code) {
            return extended[i].classes;
        }
    }
    return 0;
}

/* Primary opcode 60, VSX: scalar arithmetic (xs…) has bit 9 clear, and its columns are not the one of the permutes and logic. */
static unsigned vsx(uint32_t word) {
    int arithmetic = tsp_bits(word, 3, 3) != 2 && tsp_bits(word, 4, 2) != 3;
    int splat = tsp_bits(word, 1, 10) == 360;
    return arithmetic && !splat && tsp_bits(word, 9, 1) == 0 ? 0 : TSP_VECTOR;
}

/* Primary opcode 61: stfdp, stxsd, stxssp; lxv and stxv by three bits. */
static unsigned quad(uint32_t word) {
    switch (word & 7) {
    case 1:
        return TSP_LOADS | TSP_VECTOR;
    case 5:
        return TSP_STORES | TSP_VECTOR;
    default:
        return TSP_STORES;
    }
}

/* Primary opcode 19: branches through registers, isync. */
static unsigned to_register(uint32_t word) {
    switch (tsp_bits(word, 1, 10)) {
    case 16:  /* bclr */
    case 528: /* bcctr */
    case 560: /* bctar */
        return TSP_BRANCHES | (word & 1 ? TSP_CALLS : 0);
    case 150:
        return TSP_BARRIERS;
    default:
        return 0;
    }
}

static unsigned plain(uint32_t word) {
    unsigned opcode = word >> 26;
    switch (opcode) {
    case 4: { /* VMX, and multiply-add of integers */
        unsigned low = word & 0x3f;
        return low == 48 || low == 49 || low == 51 ? 0 : TSP_VECTOR;
    }
    case 6: /* lxvp, stxvp */
        return (word & 1 ? TSP_STORES : TSP_LOADS) | TSP_VECTOR;
    case 16:
    case 18:
        return TSP_BRANCHES | (word & 1 ? TSP_CALLS : 0);
    case 17: /* sc, scv */
        return word & 3 ? TSP_SYSCALLS : 0;
    case 19:
        return to_register(word);
    case 31:
        return indexed(word);
    case 60:
        return vsx(word);
    case 61:
        return quad(word);
    default:
        break;
    }
    if (opcode >= 32 && opcode < 56) { /* four of loads, four of stores, by rows of the opcode map */
        static const char stores[] = {36, 37, 38, 39, 44, 45, 47, 52, 53, 54, 55};
        for (size_t i = 0; i < sizeof stores; ++i) {
            if ((unsigned)stores[i] == opcode) {
                return TSP_STORES;
            }
        }
        return TSP_LOADS;
    }
    if (opcode >= 56 && opcode <= 58) { /* lq; lfdp, lxsd, lxssp; ld, ldu, lwa */
        return TSP_LOADS;
    }
    return opcode == 62 ? TSP_STORES : 0; /* std, stdu, stq */
}

/* A prefixed instruction (ISA 3.1): by the type in bits 25:24 of the prefix, the suffix is a plain one or one of its own. */
static unsigned prefixed(uint32_t prefix, uint32_t suffix) {
    unsigned opcode = suffix >> 26;
    unsigned type = tsp_bits(prefix, 24, 2);
    if (type == 2) {
        return opcode >= 32 && opcode < 56 ? plain(suffix) : 0;
    }
    if (type != 0) {
        return type == 1 && tsp_bits(prefix, 23, 1) == 0 ? TSP_VECTOR : 0;
    }
    switch (opcode) {
    case 41:
    case 42:
    case 43:
    case 56:
    case 57: /* plwa plxsd plxssp plq pld */
        return TSP_LOADS;
    case 50:
    case 51:
    case 58: /* plxv plxvp */
        return TSP_LOADS | TSP_VECTOR;
    case 46:
    case 47:
    case 60:
    case 61: /* pstxsd pstxssp pstq pstd */
        return TSP_STORES;
    case 54:
    case 55:
    case 62: /* pstxv pstxvp */
        return TSP_STORES | TSP_VECTOR;
    default:
        return 0;
    }
}

unsigned tsp_decode_ppc64el(const unsigned char *bytes, size_t size) {
    if (size < 4) {
        return 0;
    }
    uint32_t word = tsp_little32(bytes);
    if (word >> 26 == 1) {
        return size >= 8 ? prefixed(word, tsp_little32(bytes + 4)) : 0;
    }
    return plain(word);
}
