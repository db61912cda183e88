/* Between the two halves of the x86_64 decoder. */
#ifndef TRANSEPT_EMULATOR_DECODE_X86_64_H
#define TRANSEPT_EMULATOR_DECODE_X86_64_H

#include <stdbool.h>

/** The maps of operation codes, numbered as VEX and EVEX do. */
enum {
    TSP_X86_ONE_BYTE = 0,
    TSP_X86_0F = 1,
    TSP_X86_0F38 = 2,
    TSP_X86_0F3A = 3,
    TSP_X86_FP16 = 5,
    TSP_X86_FP16_MORE = 6
};

struct tsp_x86_operation {
    unsigned map;
    unsigned char opcode;
    unsigned char prefix;    /* 0, 0x66, 0xf2 or 0xf3; the last two win */
    unsigned char form;      /* the ModRM byte, if the operation has one */
    unsigned char extension; /* its middle field */
    bool memory;             /* it names memory */
    bool lock;
    bool vex; /* VEX or EVEX */
    bool evex;
};

/** The classes of an operation, but for what a lock prefix adds. Pure. */
unsigned tsp_x86_classify(const struct tsp_x86_operation *operation);

#endif
