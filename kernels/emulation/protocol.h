/*
 * What the measuring process and its little program say to each other, over the program's standard input and output. Numbers are eight bytes, the
 * lowest first, whatever the two ISAs make of it.
 *
 *   request   what is to be done, how often
 *   answer    the sum of what the calls returned
 */
#ifndef KERNELS_EMULATION_PROTOCOL_H
#define KERNELS_EMULATION_PROTOCOL_H

#include <stdint.h>

/** What can be asked for. */
#define TSP_PROGRAM_NOTHING 0 /* the same turns without the call: the answer is 0 */
#define TSP_PROGRAM_ADD     1 /* calls of a function that adds two ints: 3 each */

#define TSP_PROGRAM_REQUEST_BYTES 16
#define TSP_PROGRAM_ANSWER_BYTES  8

/** How the program ends when its input does, so that its end is told from any other. */
#define TSP_PROGRAM_STATUS 42

static inline void tsp_program_put(unsigned char *bytes, uint64_t number) {
    for (unsigned i = 0; i < 8; ++i) {
        bytes[i] = (unsigned char)(number >> (8 * i));
    }
}

static inline uint64_t tsp_program_get(const unsigned char *bytes) {
    uint64_t number = 0;
    for (unsigned i = 0; i < 8; ++i) {
        number |= (uint64_t)bytes[i] << (8 * i);
    }
    return number;
}

#endif
