/* Ctrl-C, and the seed of what is drawn at random. */
#include "interrupt.h"

#include <signal.h>
#include <sys/random.h>
#include <time.h>

/* Set by the signal handler: the one thing that has to be reachable from there. */
static volatile int interrupted;

static void interrupt(int signal_number) {
    (void)signal_number;
    interrupted = 1;
}

const volatile int *tsp_interrupts_catch(void) {
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    struct sigaction old;
    if (sigaction(SIGHUP, NULL, &old) == 0 && old.sa_handler != SIG_IGN) { /* nohup means it */
        (void)sigaction(SIGHUP, &action, NULL);
    }
    return &interrupted;
}

uint64_t tsp_seed_draw(void) {
    uint32_t seed = 0;
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed) {
        seed = (uint32_t)time(NULL);
    }
    return seed;
}
