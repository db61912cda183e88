/*
 * Messages from thread to thread, one way as many as go (`stream`: throughput),
 * or to and fro (`ping-pong`: twice the one-way latency). The variants differ
 * in what stands between words and flag, and nowhere else.
 */
#include <sched.h>
#include <string.h>

#include "litmus.h"
#include "litmus_access.h"
#include "message.h"

#define RING   64   /* messages under way in a stream */
#define CREDIT 16   /* received ones between two words of the receiver that their boxes are free */
#define LOOKS  1024 /* at a flag before a thread gives way: the other may need its CPU */

struct messages {
    struct tsp_message_box boxes[RING];              /* ping-pong: one for each direction */
    _Alignas(TSP_MESSAGE_APART) unsigned long freed; /* messages whose boxes may be used again */
    struct tsp_bench *bench;
    struct tsp_message_log logs[2]; /* of each thread */
    struct {
        _Alignas(TSP_MESSAGE_APART) unsigned long number;
    } last[2]; /* that the thread sent or received; its own */
};

static inline void look_again(unsigned *looks) {
    if (++*looks % LOOKS == 0) {
        (void)sched_yield();
    }
}

/* The sender's wait for a free box. Ordered in every variant: what is tried is the way there, not the way back. */
static void wait_for_box(const struct messages *messages, unsigned long number) {
    unsigned looks = 0;
    while (number - __atomic_load_n(&messages->freed, __ATOMIC_ACQUIRE) > RING) {
        look_again(&looks);
    }
}

static void free_boxes(struct messages *messages, unsigned long number) {
    if (number % CREDIT == 0) {
        __atomic_store_n(&messages->freed, number, __ATOMIC_RELEASE);
    }
}

/* Defines id_send and id_receive: how the flag is written and read, and what stands between it and the words. */
#define ORDER(id, store, before, load, after)                                                                \
    static inline void id##_send(struct tsp_message_box *box, unsigned long number) {                        \
        for (unsigned i = 0; i < TSP_MESSAGE_WORDS; ++i) {                                                   \
            litmus_store_relaxed(&box->words[i], number);                                                    \
        }                                                                                                    \
        before;                                                                                              \
        litmus_store_##store(&box->flag, number);                                                            \
    }                                                                                                        \
    static inline void id##_receive(const struct tsp_message_box *box, unsigned long number,                 \
                                    struct tsp_message_log *log) {                                           \
        unsigned long words[TSP_MESSAGE_WORDS];                                                              \
        unsigned looks = 0;                                                                                  \
        while (litmus_load_##load(&box->flag) != number) {                                                   \
            look_again(&looks);                                                                              \
        }                                                                                                    \
        after;                                                                                               \
        for (unsigned i = 0; i < TSP_MESSAGE_WORDS; ++i) {                                                   \
            words[i] = litmus_load_relaxed(&box->words[i]);                                                  \
        }                                                                                                    \
        tsp_message_log(log, number, words);                                                                 \
    }
ORDER(none, relaxed, TSP_CLOBBER(), relaxed, TSP_CLOBBER())
ORDER(fence, relaxed, litmus_fence_release(), relaxed, litmus_fence_acquire())
ORDER(acquire_release, release, TSP_CLOBBER(), acquire, TSP_CLOBBER())
ORDER(seq_cst, seq_cst, TSP_CLOBBER(), seq_cst, TSP_CLOBBER())

static struct messages *begin(void *state, unsigned index) {
    struct messages *messages = state;
    if (messages->logs[index].cpu < 0) {
        messages->logs[index].cpu = sched_getcpu();
    }
    return messages;
}

/* Defines the members of both modes. Thread 0 sends and thread 1 receives; in ping-pong thread 1 then answers. */
#define MEMBERS(id)                                                                                          \
    static void id##_stream(void *state, unsigned index, uint64_t ops) {                                     \
        struct messages *messages = begin(state, index);                                                     \
        unsigned long number = messages->last[index].number;                                                 \
        for (uint64_t end = ops; index == 0 && end != 0; --end) {                                            \
            number += 1;                                                                                     \
            wait_for_box(messages, number);                                                                  \
            id##_send(&messages->boxes[number % RING], number);                                              \
        }                                                                                                    \
        for (uint64_t end = ops; index == 1 && end != 0; --end) {                                            \
            number += 1;                                                                                     \
            id##_receive(&messages->boxes[number % RING], number, &messages->logs[1]);                       \
            free_boxes(messages, number);                                                                    \
        }                                                                                                    \
        messages->last[index].number = number;                                                               \
    }                                                                                                        \
    static void id##_ping_pong(void *state, unsigned index, uint64_t ops) {                                  \
        struct messages *messages = begin(state, index);                                                     \
        unsigned long number = messages->last[index].number;                                                 \
        for (uint64_t end = ops; index == 0 && end != 0; --end) {                                            \
            number += 1;                                                                                     \
            id##_send(&messages->boxes[0], number);                                                          \
            id##_receive(&messages->boxes[1], number, &messages->logs[0]);                                   \
        }                                                                                                    \
        for (uint64_t end = ops; index == 1 && end != 0; --end) {                                            \
            number += 1;                                                                                     \
            id##_receive(&messages->boxes[0], number, &messages->logs[1]);                                   \
            id##_send(&messages->boxes[1], number);                                                          \
        }                                                                                                    \
        messages->last[index].number = number;                                                               \
    }
MEMBERS(none)
MEMBERS(fence)
MEMBERS(acquire_release)
MEMBERS(seq_cst)

static bool is_stream(const struct tsp_bench *bench) {
    return strcmp(tsp_param_text(bench, "mode"), "stream") == 0;
}

static int setup(struct tsp_bench *bench, tsp_member *stream, tsp_member *ping_pong) {
    struct messages *messages = tsp_alloc(bench, sizeof *messages, TSP_MESSAGE_APART);
    if (messages == NULL) {
        return -1;
    }
    messages->bench = bench;
    messages->logs[0].cpu = messages->logs[1].cpu = -1;
    bench->state = messages;
    if (!is_stream(bench)) {
        bench->items = 2;
        bench->item_unit = "message";
    }
    return tsp_crew_start(bench, 2, is_stream(bench) ? stream : ping_pong);
}

static void run(void *state, uint64_t ops) {
    tsp_crew_run(((struct messages *)state)->bench, ops);
}

#define MESSAGE_PASS(id, name, is_ordered, text)                                                             \
    static int id##_setup(struct tsp_bench *bench) {                                                         \
        return setup(bench, id##_stream, id##_ping_pong);                                                    \
    }                                                                                                        \
    static int id##_check(struct tsp_bench *bench, uint64_t ops) {                                           \
        const struct messages *messages = bench->state;                                                      \
        return tsp_message_judge(bench, messages->logs, ops * bench->items, (is_ordered) || TSP_LITMUS_TSO); \
    }                                                                                                        \
    TSP_KERNEL(.family = "barrier", .kernel = "message-pass", .variant = name, .summary = text,              \
               .params = {{"mode", "stream,ping-pong"},                                                      \
                          {"place", "same-core,same-l2,same-llc,same-node,cross-node"}},                     \
               .mode = TSP_MODE_BATCHED, .run = run, .setup = id##_setup, .check = id##_check,               \
               .shows = TSP_LITMUS_SHOWS, .implementation = "C11 by this compiler")

MESSAGE_PASS(none, "none", false, "words and a flag, in no order: wrong on purpose");
MESSAGE_PASS(fence, "fence", true, "words, a release fence, a flag; flag, acquire fence, words");
MESSAGE_PASS(acquire_release, "acquire-release", true,
             "words and a flag stored by release, loaded by acquire");
MESSAGE_PASS(seq_cst, "seq-cst", true, "words and a flag of sequentially consistent accesses");
