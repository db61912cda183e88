/*
 * What kind of instruction is this? Decided from its bytes, once, when the emulator translates it.
 *
 * An instruction counts at most once in each class, however many accesses it makes, as the PMU events of the same name do: `loads` are
 * the instructions that read data memory, `stores` those that write it. So the counts are the architecture's own and do not depend on how
 * a version of QEMU splits an access. In particular
 *   - a pair or a list (ldp, lmg, pop {r4-r6}) is one load; a string operation (mvc) is one load and one store;
 *   - a call that pushes its return address is a store, a return that pops it is a load (x86_64);
 *   - a read-modify-write is a load and a store, also where it is not atomic (add to memory);
 *   - an instruction whose condition fails (armhf), a conditional store that fails (stxr, stdcx.) and a masked-out one count all the same:
 *     they were executed;
 *   - prefetches, cache maintenance and hints are neither.
 * `branches` are all that can leave the straight line: taken or not, calls and returns among them, but not system calls. `calls` are
 * branches that keep a return address. `barriers` are instructions whose only purpose is order (dmb, fence, lwsync, bcr 14,0, mfence).
 * `atomics` are atomic read-modify-writes and both halves of load-linked/store-conditional. `ordered` are loads, stores and atomics that
 * acquire or release by themselves (ldar, amoadd.aq). `vector` are instructions on more than one element, with their loads and stores;
 * scalar floating point is none of them. `syscalls` are those that ask the kernel.
 */
#ifndef TRANSEPT_EMULATOR_DECODE_H
#define TRANSEPT_EMULATOR_DECODE_H

#include <stddef.h>

enum {
    TSP_LOADS = 1 << 0,
    TSP_STORES = 1 << 1,
    TSP_BRANCHES = 1 << 2,
    TSP_CALLS = 1 << 3,
    TSP_BARRIERS = 1 << 4,
    TSP_ATOMICS = 1 << 5,
    TSP_ORDERED = 1 << 6,
    TSP_VECTOR = 1 << 7,
    TSP_SYSCALLS = 1 << 8
};
#define TSP_CLASSES 9

/** Names of the classes, in the order of their bits. */
extern const char *const tsp_class_names[TSP_CLASSES];

/** The classes (TSP_LOADS | …) of the instruction in `bytes`, in the guest's memory order. Pure. Too few bytes, or an instruction that
 *  is not known: 0. */
typedef unsigned tsp_decoder(const unsigned char *bytes, size_t size);

tsp_decoder tsp_decode_x86_64;
tsp_decoder tsp_decode_arm64;
tsp_decoder tsp_decode_riscv64;
tsp_decoder tsp_decode_ppc64el;
tsp_decoder tsp_decode_s390x;
tsp_decoder tsp_decode_a32; /* armhf, the Arm instruction set */
tsp_decoder tsp_decode_t32; /* armhf, the Thumb instruction set */

/** A piece of straight code as the emulator translates it. */
struct tsp_code {
    const unsigned char *bytes;
    size_t size;
    unsigned long long address;
};

/** The decoder for QEMU's name of a guest ("aarch64"), or NULL. For "arm" it is A32; ask tsp_decode_is_thumb() for each block. */
tsp_decoder *tsp_decode_find(const char *target);

/**
 * Is this block Thumb code? Its instructions do not say, but two bytes long or off a word's start only Thumb is; of the rest, Thumb's
 * long encodings begin with 0b111 in bits 15:13 of their first half, and Arm's nearly always have the condition "always" (0xe) on
 * top, which in Thumb only a load into lr and a blx have there. A blx alone in its block counts as Thumb. Pure.
 */
int tsp_decode_is_thumb(const struct tsp_code *code, size_t count);

#endif
