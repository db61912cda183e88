/*
 * tsp_syscall0 … tsp_syscall6 for the ISAs whose kernel entry leaves the argument registers alone: all but ppc64el.
 *
 * The ISA's header defines, before it includes this one:
 *   TSP_SYSCALL_ASM        the instruction; %[number] names the operand that holds the call's number
 *   TSP_SYSCALL_LOST       what else the call overwrites: a list of clobbers that ends in "memory"
 *   TSP_SYSCALL_NUMBER     the declaration of `number`, the variable that holds it
 *   TSP_SYSCALL_A … _F     the names of the argument registers
 *   TSP_SYSCALL_RESULT     `number` or `ra`: where the result comes back
 *   TSP_SYSCALL_IN         the constraints of `number` as an input ("0" where it is the result, else "r") …
 *   TSP_SYSCALL_IN_A       … and of `ra`, the first argument
 * An argument is set only where the call has one, so that a call with fewer arguments runs fewer instructions.
 */
#ifndef TRANSEPT_ISA_SYSCALL_PARTS_H
#define TRANSEPT_ISA_SYSCALL_PARTS_H

#define TSP_SYSCALL_SET_(variable, where, value) register long variable __asm__(where) = (value)
#define TSP_SYSCALL_RUN_(...)                                                                                \
    __asm__ volatile(TSP_SYSCALL_ASM                                                                         \
                     : "=r"(TSP_SYSCALL_RESULT)                                                              \
                     : [number] TSP_SYSCALL_IN(number), ##__VA_ARGS__                                        \
                     : TSP_SYSCALL_LOST);                                                                    \
    return TSP_SYSCALL_RESULT

static inline long tsp_syscall0(long nr) {
    TSP_SYSCALL_NUMBER = nr;
    register long ra __asm__(TSP_SYSCALL_A) __attribute__((unused));
    TSP_SYSCALL_RUN_();
}

static inline long tsp_syscall1(long nr, long a) {
    TSP_SYSCALL_NUMBER = nr;
    TSP_SYSCALL_SET_(ra, TSP_SYSCALL_A, a);
    TSP_SYSCALL_RUN_(TSP_SYSCALL_IN_A(ra));
}

static inline long tsp_syscall2(long nr, long a, long b) {
    TSP_SYSCALL_NUMBER = nr;
    TSP_SYSCALL_SET_(ra, TSP_SYSCALL_A, a);
    TSP_SYSCALL_SET_(rb, TSP_SYSCALL_B, b);
    TSP_SYSCALL_RUN_(TSP_SYSCALL_IN_A(ra), "r"(rb));
}

static inline long tsp_syscall3(long nr, long a, long b, long c) {
    TSP_SYSCALL_NUMBER = nr;
    TSP_SYSCALL_SET_(ra, TSP_SYSCALL_A, a);
    TSP_SYSCALL_SET_(rb, TSP_SYSCALL_B, b);
    TSP_SYSCALL_SET_(rc, TSP_SYSCALL_C, c);
    TSP_SYSCALL_RUN_(TSP_SYSCALL_IN_A(ra), "r"(rb), "r"(rc));
}

static inline long tsp_syscall4(long nr, long a, long b, long c, long d) {
    TSP_SYSCALL_NUMBER = nr;
    TSP_SYSCALL_SET_(ra, TSP_SYSCALL_A, a);
    TSP_SYSCALL_SET_(rb, TSP_SYSCALL_B, b);
    TSP_SYSCALL_SET_(rc, TSP_SYSCALL_C, c);
    TSP_SYSCALL_SET_(rd, TSP_SYSCALL_D, d);
    TSP_SYSCALL_RUN_(TSP_SYSCALL_IN_A(ra), "r"(rb), "r"(rc), "r"(rd));
}

static inline long tsp_syscall5(long nr, long a, long b, long c, long d, long e) {
    TSP_SYSCALL_NUMBER = nr;
    TSP_SYSCALL_SET_(ra, TSP_SYSCALL_A, a);
    TSP_SYSCALL_SET_(rb, TSP_SYSCALL_B, b);
    TSP_SYSCALL_SET_(rc, TSP_SYSCALL_C, c);
    TSP_SYSCALL_SET_(rd, TSP_SYSCALL_D, d);
    TSP_SYSCALL_SET_(re, TSP_SYSCALL_E, e);
    TSP_SYSCALL_RUN_(TSP_SYSCALL_IN_A(ra), "r"(rb), "r"(rc), "r"(rd), "r"(re));
}

static inline long tsp_syscall6(long nr, long a, long b, long c, long d, long e, long f) {
    TSP_SYSCALL_NUMBER = nr;
    TSP_SYSCALL_SET_(ra, TSP_SYSCALL_A, a);
    TSP_SYSCALL_SET_(rb, TSP_SYSCALL_B, b);
    TSP_SYSCALL_SET_(rc, TSP_SYSCALL_C, c);
    TSP_SYSCALL_SET_(rd, TSP_SYSCALL_D, d);
    TSP_SYSCALL_SET_(re, TSP_SYSCALL_E, e);
    TSP_SYSCALL_SET_(rf, TSP_SYSCALL_F, f);
    TSP_SYSCALL_RUN_(TSP_SYSCALL_IN_A(ra), "r"(rb), "r"(rc), "r"(rd), "r"(re), "r"(rf));
}

#endif
