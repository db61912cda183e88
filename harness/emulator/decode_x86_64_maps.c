/* x86_64: what the operation codes do. Source: Intel SDM volume 2, appendix A, tables and the pages of the instructions. */
#include <stddef.h>
#include <stdint.h>

#include "emulator/decode.h"
#include "emulator/decode_x86_64.h"

#define L TSP_LOADS
#define S TSP_STORES
#define U (TSP_LOADS | TSP_STORES)
#define B TSP_BRANCHES
#define V TSP_VECTOR

/* Operation codes from `first` to `last`, with prefix `prefix` (ANY: whatever it is): what they do, and what they do besides when
 * their operand is in memory. The first row that fits counts. */
#define ANY 0xff
struct row {
    unsigned char first;
    unsigned char last;
    unsigned char prefix;
    uint16_t always;
    uint16_t in_memory;
};

static unsigned look_up(const struct row *rows, size_t count, const struct tsp_x86_operation *o) {
    for (size_t i = 0; i < count; ++i) {
        const struct row *row = &rows[i];
        if (o->opcode >= row->first && o->opcode <= row->last &&
            (row->prefix == ANY || row->prefix == o->prefix)) {
            return row->always | (o->memory ? row->in_memory : 0U);
        }
    }
    return 0;
}
#define LOOK_UP(rows, o) look_up(rows, sizeof(rows) / sizeof(rows)[0], o)

/* --- groups: the operation is in the middle field of the form ----------------------------------------------------------------- */

/* What each of the eight does with its operand in memory. */
static unsigned group(const struct tsp_x86_operation *o, const unsigned char *in_memory) {
    return o->memory ? in_memory[o->extension] : 0U;
}

static const unsigned char immediate[] = {U, U, U, U, U, U, U, L}; /* add or adc sbb and sub xor, cmp */
static const unsigned char shift[] = {U, U, U, U, U, U, U, U};
static const unsigned char unary[] = {L, L, U, U, L, L, L, L}; /* test test not neg mul imul div idiv */
static const unsigned char step[] = {U, U, 0, 0, 0, 0, 0, 0};  /* inc dec */
static const unsigned char bit[] = {0, 0, 0, 0, L, U, U, U};   /* bt bts btr btc */

/* d8 … df, the x87: loads, stores (fst, fstp, fist, …), environment and state. */
static const unsigned char x87[8][8] = {
    {L, L, L, L, L, L, L, L}, {L, 0, S, S, L, L, S, S}, {L, L, L, L, L, L, L, L}, {L, S, S, S, 0, L, 0, S},
    {L, L, L, L, L, L, L, L}, {L, S, S, S, L, 0, S, S}, {L, L, L, L, L, L, L, L}, {L, S, S, S, L, L, S, S}};

/* ff: inc dec call callf jmp jmpf push. */
static unsigned group_ff(const struct tsp_x86_operation *o) {
    unsigned load = o->memory ? L : 0;
    switch (o->extension) {
    case 0:
    case 1:
        return o->memory ? U : 0;
    case 2:
    case 3:
        return B | TSP_CALLS | S | load;
    case 4:
    case 5:
        return B | load;
    case 6:
        return S | load;
    default:
        return 0;
    }
}

/* 0f ae: the state of the floating-point unit; in registers the fences. */
static unsigned group_ae(const struct tsp_x86_operation *o) {
    static const unsigned char state[] = {
        S, L, L, S, S, L, S, 0}; /* fxsave fxrstor ldmxcsr stmxcsr xsave xrstor xsaveopt clflush */
    if (o->memory) {
        return o->prefix == 0 ? state[o->extension] : 0; /* clwb, clflushopt */
    }
    return o->prefix == 0 && o->extension >= 5 ? TSP_BARRIERS : 0; /* lfence mfence sfence */
}

/* 0f c7: cmpxchg8b, cmpxchg16b, xsave's relatives; rdrand in registers. */
static unsigned group_c7(const struct tsp_x86_operation *o) {
    static const unsigned char in_memory[] = {0, U, 0, L, S, S, 0, 0};
    return group(o, in_memory);
}

/* --- one byte ------------------------------------------------------------------------------------------------------------------ */

/* 00 … 3f: eight operations in six forms each, of which two have memory as their target. */
static unsigned arithmetic(const struct tsp_x86_operation *o) {
    unsigned form = o->opcode & 7;
    if (!o->memory || form > 3) {
        return 0;
    }
    return form > 1 || o->opcode >= 0x38 ? L : U; /* cmp only reads */
}

static const struct row one_byte[] = {
    {0x50, 0x57, ANY, S, 0},                 /* push */
    {0x58, 0x5f, ANY, L, 0},                 /* pop */
    {0x63, 0x63, ANY, 0, L},                 /* movsxd */
    {0x68, 0x68, ANY, S, 0},                 /* push */
    {0x69, 0x69, ANY, 0, L},                 /* imul */
    {0x6a, 0x6a, ANY, S, 0},                 /* push */
    {0x6b, 0x6b, ANY, 0, L},                 /* imul */
    {0x6c, 0x6d, ANY, S, 0},                 /* ins */
    {0x6e, 0x6f, ANY, L, 0},                 /* outs */
    {0x70, 0x7f, ANY, B, 0},                 /* jcc */
    {0x84, 0x85, ANY, 0, L},                 /* test */
    {0x86, 0x87, ANY, 0, U | TSP_ATOMICS},   /* xchg: locked without being asked */
    {0x88, 0x89, ANY, 0, S},                 /* mov */
    {0x8a, 0x8b, ANY, 0, L},                 /* mov */
    {0x8c, 0x8c, ANY, 0, S},                 /* mov */
    {0x8e, 0x8e, ANY, 0, L},                 /* mov */
    {0x8f, 0x8f, ANY, L, S},                 /* pop */
    {0x9c, 0x9c, ANY, S, 0},                 /* pushf */
    {0x9d, 0x9d, ANY, L, 0},                 /* popf */
    {0xa0, 0xa1, ANY, L, 0},                 /* mov */
    {0xa2, 0xa3, ANY, S, 0},                 /* mov */
    {0xa4, 0xa5, ANY, U, 0},                 /* movs */
    {0xa6, 0xa7, ANY, L, 0},                 /* cmps */
    {0xaa, 0xab, ANY, S, 0},                 /* stos */
    {0xac, 0xaf, ANY, L, 0},                 /* lods scas */
    {0xc2, 0xc3, ANY, B | L, 0},             /* ret */
    {0xc6, 0xc7, ANY, 0, S},                 /* mov */
    {0xc8, 0xc8, ANY, S, 0},                 /* enter */
    {0xc9, 0xc9, ANY, L, 0},                 /* leave */
    {0xca, 0xcb, ANY, B | L, 0},             /* retf */
    {0xcd, 0xcd, ANY, TSP_SYSCALLS, 0},      /* int */
    {0xcf, 0xcf, ANY, B | L, 0},             /* iret */
    {0xd7, 0xd7, ANY, L, 0},                 /* xlat */
    {0xe0, 0xe3, ANY, B, 0},                 /* loop jrcxz */
    {0xe8, 0xe8, ANY, B | TSP_CALLS | S, 0}, /* call */
    {0xe9, 0xe9, ANY, B, 0},                 /* jmp */
    {0xeb, 0xeb, ANY, B, 0},                 /* jmp */
};

static unsigned classify_one_byte(const struct tsp_x86_operation *o) {
    if (o->opcode < 0x40) {
        return arithmetic(o);
    }
    switch (o->opcode) {
    case 0x80:
    case 0x81:
    case 0x83:
        return group(o, immediate);
    case 0xc0:
    case 0xc1:
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
        return group(o, shift);
    case 0xf6:
    case 0xf7:
        return group(o, unary);
    case 0xfe:
        return group(o, step);
    case 0xff:
        return group_ff(o);
    default:
        break;
    }
    if (o->opcode >= 0xd8 && o->opcode <= 0xdf) {
        return group(o, x87[o->opcode - 0xd8]);
    }
    return LOOK_UP(one_byte, o);
}

/* --- 0f ------------------------------------------------------------------------------------------------------------------------ */

static const struct row map_0f[] = {
    {0x05, 0x05, ANY, TSP_SYSCALLS, 0}, /* syscall */
    {0x34, 0x34, ANY, TSP_SYSCALLS, 0}, /* sysenter */
    {0x10, 0x10, 0xf3, 0, L},           /* movss movsd */
    {0x10, 0x10, 0xf2, 0, L},
    {0x11, 0x11, 0xf3, 0, S},
    {0x11, 0x11, 0xf2, 0, S},
    {0x10, 0x10, ANY, V, L}, /* movups */
    {0x11, 0x11, ANY, V, S},
    {0x12, 0x12, ANY, V, L}, /* movlps */
    {0x13, 0x13, ANY, V, S},
    {0x14, 0x16, ANY, V, L}, /* unpck, movhps */
    {0x17, 0x17, ANY, V, S},
    {0x28, 0x28, ANY, V, L}, /* movaps */
    {0x29, 0x29, ANY, V, S},
    {0x2a, 0x2a, 0xf3, 0, L}, /* cvtsi2ss */
    {0x2a, 0x2a, 0xf2, 0, L},
    {0x2a, 0x2a, ANY, V, L},
    {0x2b, 0x2b, ANY, V, S},  /* movntps */
    {0x2c, 0x2d, 0xf3, 0, L}, /* cvttss2si */
    {0x2c, 0x2d, 0xf2, 0, L},
    {0x2c, 0x2d, ANY, V, L},
    {0x2e, 0x2f, ANY, 0, L},  /* ucomiss comiss */
    {0x40, 0x4f, ANY, 0, L},  /* cmovcc */
    {0x50, 0x50, ANY, V, 0},  /* movmskps */
    {0x51, 0x53, 0xf3, 0, L}, /* sqrtss …: the scalar ones of this range */
    {0x51, 0x53, 0xf2, 0, L},
    {0x58, 0x5a, 0xf3, 0, L},
    {0x58, 0x5a, 0xf2, 0, L},
    {0x5c, 0x5f, 0xf3, 0, L},
    {0x5c, 0x5f, 0xf2, 0, L},
    {0x51, 0x6d, ANY, V, L},
    {0x6e, 0x6e, ANY, 0, L},  /* movd movq */
    {0x6f, 0x70, ANY, V, L},  /* movdqa pshufd */
    {0x71, 0x76, ANY, V, L},  /* shifts, pcmpeq */
    {0x78, 0x7d, ANY, V, L},  /* haddps; AVX-512's conversions */
    {0x7e, 0x7e, 0xf3, 0, L}, /* movq */
    {0x7e, 0x7e, ANY, 0, S},  /* movd movq */
    {0x7f, 0x7f, ANY, V, S},  /* movdqa */
    {0x80, 0x8f, ANY, B, 0},  /* jcc */
    {0x90, 0x9f, ANY, 0, S},  /* setcc */
    {0xa0, 0xa0, ANY, S, 0},  /* push pop fs */
    {0xa1, 0xa1, ANY, L, 0},
    {0xa3, 0xa3, ANY, 0, L}, /* bt */
    {0xa4, 0xa5, ANY, 0, U}, /* shld */
    {0xa8, 0xa8, ANY, S, 0}, /* push pop gs */
    {0xa9, 0xa9, ANY, L, 0},
    {0xab, 0xab, ANY, 0, U}, /* bts */
    {0xac, 0xad, ANY, 0, U}, /* shrd */
    {0xaf, 0xaf, ANY, 0, L}, /* imul */
    {0xb0, 0xb1, ANY, 0, U}, /* cmpxchg */
    {0xb2, 0xb2, ANY, 0, L},
    {0xb3, 0xb3, ANY, 0, U},  /* btr */
    {0xb4, 0xb8, ANY, 0, L},  /* movzx popcnt */
    {0xbb, 0xbb, ANY, 0, U},  /* btc */
    {0xbc, 0xbf, ANY, 0, L},  /* bsf bsr movsx */
    {0xc0, 0xc1, ANY, 0, U},  /* xadd */
    {0xc2, 0xc2, 0xf3, 0, L}, /* cmpss cmpsd */
    {0xc2, 0xc2, 0xf2, 0, L},
    {0xc2, 0xc2, ANY, V, L},
    {0xc3, 0xc3, ANY, 0, S},     /* movnti */
    {0xc4, 0xc6, ANY, V, L},     /* pinsrw pextrw shufps */
    {0xd6, 0xd6, 0x66, 0, S},    /* movq */
    {0xe7, 0xe7, ANY, V, S},     /* movntdq */
    {0xf7, 0xf7, ANY, V | S, 0}, /* maskmovdqu */
    {0xd0, 0xfe, ANY, V, L},
};

/* With VEX, the places of cmovcc and setcc hold moves of mask registers. */
static const struct row map_0f_masks[] = {
    {0x41, 0x4f, ANY, 0, 0}, {0x90, 0x90, ANY, 0, L}, {0x91, 0x91, ANY, 0, S}, {0x92, 0x99, ANY, 0, 0}};

static unsigned classify_0f(const struct tsp_x86_operation *o) {
    if (o->vex && ((o->opcode >= 0x41 && o->opcode <= 0x4f) || (o->opcode >= 0x90 && o->opcode <= 0x99))) {
        return LOOK_UP(map_0f_masks, o);
    }
    switch (o->opcode) {
    case 0xae:
        return group_ae(o);
    case 0xba:
        return group(o, bit);
    case 0xc7:
        return group_c7(o);
    default:
        return LOOK_UP(map_0f, o);
    }
}

/* --- 0f 38, 0f 3a -------------------------------------------------------------------------------------------------------------- */

static const struct row
    map_0f38[] =
        {
            {0x2e, 0x2f, ANY, V, S}, /* vmaskmovps */
            {0x8e, 0x8e, ANY, V, S}, /* vpmaskmovd */
            {0xf0, 0xf0, ANY, 0, L}, /* movbe crc32 */
            {0xf1, 0xf1, 0xf2, 0, L}, {0xf1, 0xf1, ANY, 0, S},
            {0xf2, 0xf7, ANY, 0, L},  /* andn bextr adcx mulx shlx */
            {0xf8, 0xf8, 0x66, U, 0}, /* movdir64b */
            {0xf9, 0xf9, ANY, S, 0},  /* movdiri */
            {0x80, 0x83, ANY, 0, 0},  /* invept …; the kernel's */
            {0x99, 0x99, ANY, 0, L},  /* fused multiply-add: every other one is scalar */
            {0x9b, 0x9b, ANY, 0, L},  {0x9d, 0x9d, ANY, 0, L},
            {0x9f, 0x9f, ANY, 0, L},  {0xa9, 0xa9, ANY, 0, L},
            {0xab, 0xab, ANY, 0, L},  {0xad, 0xad, ANY, 0, L},
            {0xaf, 0xaf, ANY, 0, L},  {0xb9, 0xb9, ANY, 0, L},
            {0xbb, 0xbb, ANY, 0, L},  {0xbd, 0xbd, ANY, 0, L},
            {0xbf, 0xbf, ANY, 0, L},  {0x00, 0xef, ANY, V, L},
};

/* EVEX only: compressing, scattering and narrowing stores. */
static const struct row map_0f38_evex[] = {{0x63, 0x63, ANY, V, S},  {0x8a, 0x8b, ANY, V, S},
                                           {0xa0, 0xa3, ANY, V, S},  {0x10, 0x15, 0xf3, V, S},
                                           {0x20, 0x25, 0xf3, V, S}, {0x30, 0x35, 0xf3, V, S}};

static const struct row map_0f3a[] = {
    {0x0a, 0x0b, ANY, 0, L},                          /* roundss roundsd */
    {0x14, 0x17, ANY, V, S},                          /* pextrb extractps */
    {0x19, 0x19, ANY, V, S},                          /* vextractf128 */
    {0x1b, 0x1b, ANY, V, S}, {0x1d, 0x1d, ANY, V, S}, /* vcvtps2ph */
    {0x30, 0x33, ANY, 0, 0},                          /* shifts of mask registers */
    {0x39, 0x39, ANY, V, S},                          /* vextracti128 */
    {0x6a, 0x6b, ANY, 0, L},                          /* AMD's fused multiply-add, scalar */
    {0x6e, 0x6f, ANY, 0, L}, {0x7a, 0x7b, ANY, 0, L}, {0x7e, 0x7f, ANY, 0, L},
    {0x3b, 0x3b, ANY, V, S}, {0xf0, 0xf0, ANY, 0, L}, /* rorx */
    {0x00, 0xef, ANY, V, L},
};

static const struct row map_fp16[] = {
    {0x11, 0x11, ANY, 0, S}, {0x7e, 0x7e, 0x66, 0, S}, {0x10, 0x10, ANY, 0, L}, {0x00, 0xff, ANY, V, L}};

unsigned tsp_x86_classify(const struct tsp_x86_operation *o) {
    switch (o->map) {
    case TSP_X86_ONE_BYTE:
        return classify_one_byte(o);
    case TSP_X86_0F:
        return classify_0f(o);
    case TSP_X86_0F38: {
        unsigned classes = o->evex ? LOOK_UP(map_0f38_evex, o) : 0;
        return classes != 0 ? classes : LOOK_UP(map_0f38, o);
    }
    case TSP_X86_0F3A:
        return LOOK_UP(map_0f3a, o);
    case TSP_X86_FP16:
    case TSP_X86_FP16_MORE:
        return LOOK_UP(map_fp16, o);
    default:
        return 0;
    }
}
