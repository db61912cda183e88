// The chains of kernels/harness under google-benchmark, as its user guide would have them: for scripts/proof. An iteration is PEER_OPS ops.
#include <benchmark/benchmark.h>

#include "peers/chains.h"

static void chain(benchmark::State &state, void (*body)(uint64_t *)) {
    uint64_t value = UINT64_C(0x9e3779b97f4a7c15);
    for (auto _ : state) {
        body(&value);
    }
    benchmark::DoNotOptimize(value);
}

BENCHMARK_CAPTURE(chain, add, peer_add);
BENCHMARK_CAPTURE(chain, mul, peer_mul);
BENCHMARK_MAIN();
