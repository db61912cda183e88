/*
 * The litmus tests. `none`: relaxed accesses and nothing between them. `full`:
 * the same with a sequentially consistent fence between a thread's two
 * accesses. Between those the weakest order that forbids the weak outcome in
 * C11; docs/kernels/barrier.md says why.
 */
#include "litmus.h"
#include "litmus_access.h"

#define LOAD(order, location)         litmus_load_##order(&slot->location)
#define STORE(order, location, value) litmus_store_##order(&slot->location, value)
#define FENCE                         litmus_fence_seq_cst()

/* In the order of the program for the compiler, in whatever order for the CPU. */
#define NOTHING TSP_CLOBBER()

/* One thread's function: its statements, with the values of its loads in a and b. */
#define THREAD(id, ...)                                                                                      \
    static void id(struct tsp_litmus_slot *slots, struct tsp_litmus_saw *saw, size_t count) {                \
        for (size_t i = 0; i < count; ++i) {                                                                 \
            struct tsp_litmus_slot *slot = &slots[i];                                                        \
            unsigned long a = 0;                                                                             \
            unsigned long b = 0;                                                                             \
            __VA_ARGS__;                                                                                     \
            saw[i].a = a;                                                                                    \
            saw[i].b = b;                                                                                    \
        }                                                                                                    \
    }

/* Store buffering: neither store may wait behind the load after it, which only sequential consistency says. */
#define SB(id, write, read, between)                                                                         \
    THREAD(id##_0, STORE(write, x, 1); between; a = LOAD(read, y))                                           \
    THREAD(id##_1, STORE(write, y, 1); between; a = LOAD(read, x))
SB(sb_none, relaxed, relaxed, NOTHING)
SB(sb_seq_cst, seq_cst, seq_cst, NOTHING)
SB(sb_full, relaxed, relaxed, FENCE)

/* Message passing: data, then flag. */
#define MP(id, write, read, between)                                                                         \
    THREAD(id##_0, STORE(relaxed, x, 1); between; STORE(write, y, 1))                                        \
    THREAD(id##_1, a = LOAD(read, y); between; b = LOAD(relaxed, x))
MP(mp_none, relaxed, relaxed, NOTHING)
MP(mp_acquire_release, release, acquire, NOTHING)
MP(mp_full, relaxed, relaxed, FENCE)

/* Load buffering. One of the two pairs is enough: when x is synchronised, P1's load of y happens before P0's store to y. */
#define LB(id, write, read, between)                                                                         \
    THREAD(id##_0, a = LOAD(read, x); between; STORE(relaxed, y, 1))                                         \
    THREAD(id##_1, a = LOAD(relaxed, y); between; STORE(write, x, 1))
LB(lb_none, relaxed, relaxed, NOTHING)
LB(lb_acquire_release, release, acquire, NOTHING)
LB(lb_full, relaxed, relaxed, FENCE)

/* S: a store before the flag, and one to the same place behind it. */
#define S(id, write, read, between)                                                                          \
    THREAD(id##_0, STORE(relaxed, x, 2); between; STORE(write, y, 1))                                        \
    THREAD(id##_1, a = LOAD(read, y); between; STORE(relaxed, x, 1))
S(s_none, relaxed, relaxed, NOTHING)
S(s_acquire_release, release, acquire, NOTHING)
S(s_full, relaxed, relaxed, FENCE)

/* R: two threads race for y; the one wrote x before, the other reads x after. */
#define R(id, write, read, between)                                                                          \
    THREAD(id##_0, STORE(write, x, 1); between; STORE(write, y, 1))                                          \
    THREAD(id##_1, STORE(write, y, 2); between; a = LOAD(read, x))
R(r_none, relaxed, relaxed, NOTHING)
R(r_seq_cst, seq_cst, seq_cst, NOTHING)
R(r_full, relaxed, relaxed, FENCE)

/* 2+2W: both write both, in opposite orders. Release orders nothing here, as nobody reads. */
#define TWO_TWO_W(id, write, between)                                                                        \
    THREAD(id##_0, STORE(write, x, 1); between; STORE(write, y, 2))                                          \
    THREAD(id##_1, STORE(write, y, 1); between; STORE(write, x, 2))
TWO_TWO_W(two_two_w_none, relaxed, NOTHING)
TWO_TWO_W(two_two_w_seq_cst, seq_cst, NOTHING)
TWO_TWO_W(two_two_w_full, relaxed, FENCE)

/* IRIW: independent reads of independent writes. Two readers must agree on which of two stores came first. */
#define IRIW(id, write, read, between)                                                                       \
    THREAD(id##_0, STORE(write, x, 1))                                                                       \
    THREAD(id##_1, STORE(write, y, 1))                                                                       \
    THREAD(id##_2, a = LOAD(read, x); between; b = LOAD(read, y))                                            \
    THREAD(id##_3, a = LOAD(read, y); between; b = LOAD(read, x))
IRIW(iriw_none, relaxed, relaxed, NOTHING)
IRIW(iriw_seq_cst, seq_cst, seq_cst, NOTHING)
IRIW(iriw_full, relaxed, relaxed, FENCE)

#define PLACES "same-core,same-l2,same-llc,same-node,cross-node"

#define VARIANT(id, name, pattern, is_ordered, text, what, axis, values, axis_2, values_2, ...)              \
    static const struct tsp_litmus_variant id = {&tsp_litmus_##pattern, is_ordered, {__VA_ARGS__}};          \
    static int id##_setup(struct tsp_bench *bench) {                                                         \
        return tsp_litmus_setup(bench, &id);                                                                 \
    }                                                                                                        \
    TSP_KERNEL(.family = "barrier", .kernel = "litmus", .variant = name, .summary = text,                    \
               .params = {{axis, values}, {axis_2, values_2}}, .mode = TSP_MODE_PER_OP,                      \
               .run = tsp_litmus_run, .before = tsp_litmus_before, .setup = id##_setup,                      \
               .check = tsp_litmus_check, .shows = what, .implementation = "C11 by this compiler")

#define VARIANT_2(id, name, pattern, ordered, text, what)                                                    \
    VARIANT(id, name, pattern, ordered, text, what, "place", PLACES, NULL, NULL, id##_0, id##_1)
#define VARIANT_4(id, name, pattern, ordered, text, what)                                                    \
    VARIANT(id, name, pattern, ordered, text, what, "threads", "4", "place", PLACES, id##_0, id##_1, id##_2, \
            id##_3)

/* The three variants of a test. */
#define TEST(variant, id, name, pattern, order, order_name, text, what)                                      \
    variant(id##_none, name "-none", pattern, false, text ", relaxed", what);                                \
    variant(id##_##order, name "-" order_name, pattern, true, text ", the weakest order in C11", what);      \
    variant(id##_full, name "-full", pattern, true, text ", full fences", what)

TEST(VARIANT_2, sb, "sb", sb, seq_cst, "seq-cst", "store buffering", TSP_LITMUS_SHOWS_STORE_LOAD);
TEST(VARIANT_2, mp, "mp", mp, acquire_release, "acquire-release", "message passing", TSP_LITMUS_SHOWS);
TEST(VARIANT_2, lb, "lb", lb, acquire_release, "acquire-release", "load buffering", TSP_LITMUS_SHOWS);
TEST(VARIANT_2, s, "s", s, acquire_release, "acquire-release", "S: a store behind a flag", TSP_LITMUS_SHOWS);
TEST(VARIANT_2, r, "r", r, seq_cst, "seq-cst", "R: a race of stores, and a load",
     TSP_LITMUS_SHOWS_STORE_LOAD);
TEST(VARIANT_2, two_two_w, "2+2w", two_two_w, seq_cst, "seq-cst", "2+2W: stores in opposite orders",
     TSP_LITMUS_SHOWS);
TEST(VARIANT_4, iriw, "iriw", iriw, seq_cst, "seq-cst", "IRIW: do two readers agree on two stores",
     TSP_LITMUS_SHOWS);
