/* riscv64. Source: The RISC-V Instruction Set Manual, volume I, "RV32/64G Instruction Set Listings", "C", "V" and "Zcb". */
#include "emulator/decode.h"
#include "emulator/decode_table.h"

enum { PAUSE = 0x0100000f };

/* x1 and x5 are the registers that hold return addresses ("Unconditional Jumps", table of hints). */
static unsigned jump(unsigned link) {
    return TSP_BRANCHES | (link == 1 || link == 5 ? TSP_CALLS : 0);
}

static unsigned atomic(uint32_t word) {
    unsigned ordered = tsp_bits(word, 25, 2) ? TSP_ORDERED : 0;
    switch (word >> 27) {
    case 2: /* lr */
        return TSP_LOADS | TSP_ATOMICS | ordered;
    case 3: /* sc */
        return TSP_STORES | TSP_ATOMICS | ordered;
    default:
        return TSP_LOADS | TSP_STORES | TSP_ATOMICS | ordered;
    }
}

static unsigned fence(uint32_t word, unsigned funct3) {
    if (funct3 == 2) { /* cache blocks; cbo.zero writes */
        return word >> 20 == 4 ? TSP_STORES : 0;
    }
    return word != PAUSE && funct3 < 2 ? TSP_BARRIERS : 0;
}

static unsigned whole(uint32_t word) {
    unsigned funct3 = tsp_bits(word, 12, 3);
    unsigned vector = funct3 == 0 || funct3 > 4
                          ? TSP_VECTOR
                          : 0; /* of the floating-point loads and stores: by their width */
    switch (word & 0x7f) {
    case 0x03:
        return TSP_LOADS;
    case 0x07:
        return TSP_LOADS | vector;
    case 0x0f:
        return fence(word, funct3);
    case 0x23:
        return TSP_STORES;
    case 0x27:
        return TSP_STORES | vector;
    case 0x2f:
        return atomic(word);
    case 0x57:
        return TSP_VECTOR;
    case 0x63:
        return TSP_BRANCHES;
    case 0x67:
    case 0x6f:
        return jump(tsp_bits(word, 7, 5));
    case 0x73:
        return word == 0x00000073 ? TSP_SYSCALLS : 0;
    default:
        return 0;
    }
}

/* c.jr, c.jalr, c.mv, c.add, c.ebreak. */
static unsigned register_jump(uint32_t half) {
    if (tsp_bits(half, 2, 5) != 0 || tsp_bits(half, 7, 5) == 0) {
        return 0;
    }
    return jump(tsp_bits(half, 12, 1)); /* c.jalr links x1 */
}

static unsigned compressed(uint32_t half) {
    unsigned funct3 = half >> 13;
    switch (half & 3) {
    case 0:
        if (funct3 == 4) { /* Zcb */
            return tsp_bits(half, 10, 3) < 2 ? TSP_LOADS : TSP_STORES;
        }
        return funct3 == 0 ? 0 : funct3 < 4 ? TSP_LOADS : TSP_STORES;
    case 1:
        return funct3 > 4 ? TSP_BRANCHES : 0;
    default:
        if (funct3 == 4) {
            return register_jump(half);
        }
        return funct3 == 0 ? 0 : funct3 < 4 ? TSP_LOADS : TSP_STORES;
    }
}

unsigned tsp_decode_riscv64(const unsigned char *bytes, size_t size) {
    if (size >= 4 && (bytes[0] & 3) == 3) {
        return whole(tsp_little32(bytes));
    }
    return size >= 2 && (bytes[0] & 3) != 3 ? compressed(tsp_little16(bytes)) : 0;
}
