/* What the loops of the shared object call. In an object file of their own, like the executable's callees. */
#ifndef KERNELS_ABI_SHARED_CALLEES_H
#define KERNELS_ABI_SHARED_CALLEES_H

#define TSP_SHARED_HIDDEN __attribute__((visibility("hidden")))

/** x + 1. Visible: another module may define it too and would be called then, so calls go by way of the procedure linkage table. */
long tsp_shared_step(long x);

/** The values (3) of variables of a thread's own, by model. Called directly: hidden. */
TSP_SHARED_HIDDEN long tsp_shared_read_initial_exec(void);
TSP_SHARED_HIDDEN long tsp_shared_read_general_dynamic(void);

#endif
