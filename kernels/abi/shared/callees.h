/* What the loops of the shared object call. In an object file of their own, like the executable's callees. */
#ifndef KERNELS_ABI_SHARED_CALLEES_H
#define KERNELS_ABI_SHARED_CALLEES_H

#define TSP_SHARED_HIDDEN __attribute__((visibility("hidden")))

/* On armhf the linkage table is Arm code: from Thumb each call by way of it would change the instruction set too, twice. */
#ifdef __arm__
#define TSP_SHARED_ARM __attribute__((target("arm")))
#else
#define TSP_SHARED_ARM
#endif

/** x + 1. Visible: another module may define it too and would be called then, so calls go by way of the procedure linkage table. */
TSP_SHARED_ARM long tsp_shared_step(long x);

/** The values (3) of variables of a thread's own, by model. Called directly: hidden. */
TSP_SHARED_HIDDEN long tsp_shared_read_initial_exec(void);
TSP_SHARED_HIDDEN long tsp_shared_read_general_dynamic(void);

#endif
