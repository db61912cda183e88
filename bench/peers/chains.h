/* The chains of kernels/harness for a benchmark library that is not ours: the same macros, and so the same instructions. */
#ifndef BENCH_PEERS_CHAINS_H
#define BENCH_PEERS_CHAINS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** So many ops a call: one turn of the loop of harness/chain. The call is lost beside them. */
#define PEER_OPS 1024

/** PEER_OPS dependent additions, or multiplications, on what the last call left. */
void peer_add(uint64_t *value);
void peer_mul(uint64_t *value);

#ifdef __cplusplus
}
#endif

#endif
