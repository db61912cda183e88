/* A case's hot function alone, so many times: what a debugger, a profiler or a witness of counts wants to look at. */
#include "transept/ops.h"

#include <stdio.h>
#include <string.h>

#include "measure/bench.h"

/* The one caller of a case's hot function here: other tools are told to look at what happens below it, by its name. */
__attribute__((noinline)) void tsp_ops_call(tsp_body *body, void *state, uint64_t ops) {
    body(state, ops);
    TSP_CLOBBER(); /* keeps the call above from becoming a jump, after which this function would be over too early */
}

/* As counting does: what is called again does the same again. */
static void rewind_case(struct tsp_bench *bench) {
    if (bench->kernel->rewind != NULL) {
        bench->kernel->rewind(bench);
    }
}

static void call(const struct tsp_ops *ops, tsp_body *body, void *state, const char *what, uint64_t count) {
    if (ops->notice != NULL) {
        ops->notice(ops->context, what, count);
    }
    tsp_ops_call(body, state, count);
}

/* What a tool sees of it is the call alone, to be taken off where no difference of n and 2n ops does that. */
static void do_nothing(void *state, uint64_t ops) {
    (void)state;
    (void)ops;
}

/* So many ops; where each wants to be prepared, so many calls of one. Returns how many there were. */
static uint64_t call_body(const struct tsp_ops *ops, struct tsp_bench *bench, uint64_t count) {
    tsp_body *body = tsp_bench_body(bench);
    if (bench->kernel->before == NULL) {
        rewind_case(bench);
        call(ops, body, bench->state, "op", count);
        return count;
    }
    for (uint64_t i = 0; i < count; ++i) {
        rewind_case(bench);
        bench->kernel->before(bench);
        call(ops, body, bench->state, "op", 1);
    }
    return count;
}

static void call_all(const struct tsp_ops *ops, struct tsp_bench *bench, struct tsp_round *round) {
    const struct tsp_kernel *kernel = bench->kernel;
    tsp_body *reference = kernel->reference != NULL ? kernel->reference : tsp_reference;
    for (unsigned i = 0; i < ops->count; ++i) {
        round->ops += call_body(ops, bench, ops->ops[i]);
    }
    for (unsigned i = 0; ops->reference && i < ops->count; ++i) {
        call(ops, reference, bench->state, "reference", kernel->before == NULL ? ops->ops[i] : 1);
    }
    if (ops->reference && kernel->before != NULL) {
        call(ops, do_nothing, bench->state, "nothing", 1);
    }
}

void tsp_ops_run(const struct tsp_ops *ops, const struct tsp_case *tcase, const struct tsp_env *env,
                 uint64_t seed, struct tsp_round *round) {
    const struct tsp_kernel *kernel = tcase->kernel;
    struct tsp_bench bench;
    memset(round, 0, sizeof *round);
    tsp_bench_open(&bench, tcase, env, tsp_round_seed(seed, tcase->id, 0), round);
    if (kernel->setup != NULL && kernel->setup(&bench) != 0) {
        if (round->status == TSP_OK) {
            (void)tsp_fail(&bench, "its setup failed without a reason");
        }
    } else {
        if (tsp_bench_body(&bench) != NULL) {
            call_all(ops, &bench, round);
        }
        if (round->status == TSP_OK && kernel->check(&bench, round->ops) != 0) {
            (void)tsp_fail(&bench, "its check failed without a reason");
        }
        if (kernel->teardown != NULL) {
            kernel->teardown(&bench);
        }
    }
    tsp_bench_close(&bench);
}
