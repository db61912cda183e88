/*
 * One thread hands messages of several words to another: the words, then a flag
 * that says which message they are. In what order the other sees them is what
 * is tried.
 */
#ifndef KERNELS_BARRIER_MESSAGE_H
#define KERNELS_BARRIER_MESSAGE_H

#include <stdbool.h>

#include <transept/kernel.h>

#define TSP_MESSAGE_WORDS 7
#define TSP_MESSAGE_APART 256 /* no two things that threads share lie on one line: s390x's are the longest */

/** A place for a message. Words and flag lie on lines of their own, so that they travel apart. */
struct tsp_message_box {
    _Alignas(TSP_MESSAGE_APART) unsigned long flag; /* number of the message, from 1 */
    _Alignas(TSP_MESSAGE_APART) unsigned long words[TSP_MESSAGE_WORDS];
};

/** What a receiver found. */
struct tsp_message_log {
    _Alignas(TSP_MESSAGE_APART) uint64_t received;
    uint64_t violations; /* messages with a word that is older than the flag */
    unsigned long at;    /* the first one's number, which word, and what it held */
    unsigned word;
    unsigned long held;
    int cpu; /* -1: unknown */
};

/** Logs a message that was received: its words are to be its number. */
static inline void tsp_message_log(struct tsp_message_log *log, unsigned long number,
                                   const unsigned long words[TSP_MESSAGE_WORDS]) {
    ++log->received;
    for (unsigned i = 0; i < TSP_MESSAGE_WORDS; ++i) {
        if (words[i] != number) {
            if (log->violations++ == 0) {
                log->at = number;
                log->word = i;
                log->held = words[i];
            }
            return;
        }
    }
}

/** The verdict over both threads' logs after `messages` messages: fails where a violation is forbidden (tsp_report_forbidden()), with the first one's
 *  trace, and where messages are missing; else reports what was seen. `forbidden`: the variant is ordered, or the ISA keeps
 *  order by itself. */
int tsp_message_judge(struct tsp_bench *bench, const struct tsp_message_log logs[2], uint64_t messages,
                      bool forbidden);

#endif
