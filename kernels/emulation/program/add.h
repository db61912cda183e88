#ifndef KERNELS_EMULATION_PROGRAM_ADD_H
#define KERNELS_EMULATION_PROGRAM_ADD_H

/** a + b, by a call. */
int tsp_program_add(int a, int b);

#endif
