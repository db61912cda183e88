/* What the tests of the decoders share. The bytes of a sample are what the GNU assembler made of its text, in memory order. */
#ifndef TESTS_DECODE_SAMPLES_H
#define TESTS_DECODE_SAMPLES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/decode.h"

#define L TSP_LOADS
#define S TSP_STORES
#define B TSP_BRANCHES
#define C TSP_CALLS
#define F TSP_BARRIERS
#define A TSP_ATOMICS
#define O TSP_ORDERED
#define V TSP_VECTOR
#define Y TSP_SYSCALLS

/* Bytes in hexadecimal; the instruction; its classes. */
struct sample {
    const char *bytes;
    const char *text;
    unsigned classes;
};

static size_t read_bytes(const char *text, unsigned char *bytes, size_t size) {
    size_t count = 0;
    for (; text[0] != '\0' && count < size; text += 2) {
        char pair[3] = {text[0], text[1], '\0'};
        bytes[count++] = (unsigned char)strtoul(pair, NULL, 16);
    }
    return count;
}

static void check(tsp_decoder *decode, const struct sample *samples, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        unsigned char bytes[16];
        size_t size = read_bytes(samples[i].bytes, bytes, sizeof bytes);
        unsigned classes = decode(bytes, size);
        if (classes != samples[i].classes) {
            fail_msg("%s: %#x, not %#x", samples[i].text, classes, samples[i].classes);
        }
    }
}
#define CHECK(decode, samples) check(decode, samples, sizeof(samples) / sizeof(samples)[0])

#endif
