/* An empty assembler statement that claims to change a register is all it takes for the compiler to save it. The build has this file
 * compiled without a frame pointer whatever the flags: on x86_64 and armhf that is one of the registers. */
#include "saved.h"

/* The registers in an order of their own; the psABIs have no other. */
#if defined(__x86_64__)
#define REGISTERS(x) x("rbx", "r12", "r13", "r14", "r15", "rbp", , , , )
#elif defined(__aarch64__)
#define REGISTERS(x) x("x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28")
#elif defined(__riscv)
#define REGISTERS(x) x("s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10")
#elif defined(__powerpc64__)
#define REGISTERS(x) x("r14", "r15", "r16", "r17", "r18", "r19", "r20", "r21", "r22", "r23")
#elif defined(__s390x__)
#define REGISTERS(x) x("r6", "r7", "r8", "r9", "r10", "r11", "r12", "r13", , )
#elif defined(__arm__)
#define REGISTERS(x) x("r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", , )
#endif

#define FIRST_1(a, b, c, d, e, f, g, h, i, j)  a
#define FIRST_2(a, b, c, d, e, f, g, h, i, j)  a, b
#define FIRST_3(a, b, c, d, e, f, g, h, i, j)  a, b, c
#define FIRST_4(a, b, c, d, e, f, g, h, i, j)  a, b, c, d
#define FIRST_5(a, b, c, d, e, f, g, h, i, j)  a, b, c, d, e
#define FIRST_6(a, b, c, d, e, f, g, h, i, j)  a, b, c, d, e, f
#define FIRST_7(a, b, c, d, e, f, g, h, i, j)  a, b, c, d, e, f, g
#define FIRST_8(a, b, c, d, e, f, g, h, i, j)  a, b, c, d, e, f, g, h
#define FIRST_9(a, b, c, d, e, f, g, h, i, j)  a, b, c, d, e, f, g, h, i
#define FIRST_10(a, b, c, d, e, f, g, h, i, j) a, b, c, d, e, f, g, h, i, j

#define DEFINE(k)                                                                                            \
    long tsp_abi_saved_##k(long x) {                                                                         \
        __asm__ volatile("" : : : REGISTERS(FIRST_##k));                                                     \
        return x + 1;                                                                                        \
    }

long tsp_abi_saved_0(long x) {
    return x + 1;
}
TSP_ABI_EACH_SAVED(DEFINE)
