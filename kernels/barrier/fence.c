/* C11's fences, in every order, as this compiler makes them for this ISA; and the one that holds back the compiler alone. */
#include <stdatomic.h>

#include "fence.h"

FENCE_BODIES(compiler, atomic_signal_fence(memory_order_seq_cst))
FENCE_BODIES(relaxed, atomic_thread_fence(memory_order_relaxed))
FENCE_BODIES(consume, atomic_thread_fence(memory_order_consume))
FENCE_BODIES(acquire, atomic_thread_fence(memory_order_acquire))
FENCE_BODIES(release, atomic_thread_fence(memory_order_release))
FENCE_BODIES(acq_rel, atomic_thread_fence(memory_order_acq_rel))
FENCE_BODIES(seq_cst, atomic_thread_fence(memory_order_seq_cst))

#define C11 "C11 by this compiler"

FENCE_KERNEL("compiler", FENCE_ANYWHERE, compiler, 0, "no instruction", "holds back the compiler alone");
FENCE_KERNEL("relaxed", FENCE_ANYWHERE, relaxed, 0, C11, "a fence that orders nothing");
FENCE_KERNEL("consume", FENCE_ANYWHERE, consume, 0, C11, "C11 fence, consume (in practice acquire)");
FENCE_KERNEL("acquire", FENCE_ANYWHERE, acquire, 0, C11, "C11 fence, acquire");
FENCE_KERNEL("release", FENCE_ANYWHERE, release, 0, C11, "C11 fence, release");
FENCE_KERNEL("acq-rel", FENCE_ANYWHERE, acq_rel, 0, C11, "C11 fence, acquire and release");
FENCE_KERNEL("seq-cst", FENCE_ANYWHERE, seq_cst, 0, C11, "C11 fence, sequentially consistent");
