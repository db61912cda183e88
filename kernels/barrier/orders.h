/* The orders of C11, for kernels that come in each of them. */
#ifndef KERNELS_BARRIER_ORDERS_H
#define KERNELS_BARRIER_ORDERS_H

#define ORDERS_C11 "C11 by this compiler"

/* x(the order, its name in ids): those that a load, a store, and an operation that does both may have. */
#define ORDERS_LOAD(x)  x(relaxed, "relaxed") x(consume, "consume") x(acquire, "acquire") x(seq_cst, "seq-cst")
#define ORDERS_STORE(x) x(relaxed, "relaxed") x(release, "release") x(seq_cst, "seq-cst")
#define ORDERS_BOTH(x)                                                                                       \
    x(relaxed, "relaxed") x(consume, "consume") x(acquire, "acquire") x(release, "release")                  \
        x(acq_rel, "acq-rel") x(seq_cst, "seq-cst")

#endif
