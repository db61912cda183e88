/* Any other ISA: nothing of its own. generic_parts.h gives every primitive in C11 and POSIX; docs/adding-an-isa.md says how to do better. */
#ifndef TRANSEPT_ISA_GENERIC_H
#define TRANSEPT_ISA_GENERIC_H

#if defined(TSP_ISA_FORCE_GENERIC)
#define TSP_ISA_NAME "generic"
#elif defined(__loongarch64)
#define TSP_ISA_NAME "loongarch64"
#elif defined(__i386__)
#define TSP_ISA_NAME "i386"
#elif defined(__arm__)
#define TSP_ISA_NAME "armel" /* below ARMv7: no dmb, no ldrexd */
#elif defined(__mips__) && defined(__mips64)
#define TSP_ISA_NAME "mips64"
#elif defined(__powerpc64__)
#define TSP_ISA_NAME "ppc64"
#elif defined(__sparc__) && defined(__arch64__)
#define TSP_ISA_NAME "sparc64"
#else
#define TSP_ISA_NAME "generic"
#endif

/* Not known: what the fewest of the known ISAs have. */
#define TSP_ISA_INT_ARGS        4
#define TSP_ISA_STRUCT_BY_VALUE 8

#endif
