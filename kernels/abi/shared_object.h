/*
 * A shared object that travels inside the command and is loaded from memory when a case wants it. Calls by way of a procedure linkage table
 * and thread-local variables of a module that comes at run time exist in shared objects only: in an executable the linker turns them into
 * direct calls and into the model local-exec. So their hot loops are in there too: shared/.
 */
#ifndef KERNELS_ABI_SHARED_OBJECT_H
#define KERNELS_ABI_SHARED_OBJECT_H

#include <transept/kernel.h>

/** State of a case whose hot function is in the shared object. */
struct tsp_abi_shared {
    tsp_body *body;
    unsigned long sum; /* the state that it gets: of what its calls returned */
};

/** For .setup: loads the shared object, with all addresses bound now, and looks up `symbol`, a tsp_body. Returns what a setup returns:
 *  where the system loads no library from memory the case is skipped, in the loader's words. Loaded once a process, and never unloaded. */
int tsp_abi_shared_setup(struct tsp_bench *bench, const char *symbol);

/** For .run: the body of struct tsp_abi_shared. One more call a batch, not an op. */
tsp_body tsp_abi_shared_run;

#endif
