#include "peers/chains.h"

#include "harness/chain.h"

void peer_add(uint64_t *value) {
    unsigned long chained = (unsigned long)*value;
    const unsigned long step = (unsigned long)CHAIN_STEP;
    CHAIN_REPEAT((uint64_t)PEER_OPS, chained = (unsigned long)tsp_chain_add(chained, step));
    *value = chained;
}

void peer_mul(uint64_t *value) {
    unsigned long chained = (unsigned long)*value;
    const unsigned long step = (unsigned long)CHAIN_STEP;
    CHAIN_REPEAT((uint64_t)PEER_OPS, chained = (unsigned long)tsp_chain_mul(chained, step));
    *value = chained;
}
