#include "cases.h"

#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* Between blocks, as libc has its own words there: without it, blocks of a power of two would all begin in the same set of a cache. */
#define APART 64

void tsp_alloc_run(void *state, uint64_t ops) {
    const struct tsp_alloc_case *alloc = state;
    tsp_crew_run_as(alloc->bench, alloc->member, ops);
}

/* --- the reference: the same loop over blocks that stay -------------------------------------------------------------------------- */

static inline unsigned char *stay_take(struct tsp_alloc_worker *worker, unsigned slot) {
    return worker->blocks[slot];
}

static inline void stay_give(struct tsp_alloc_worker *worker, unsigned char *block) {
    (void)worker;
    (void)block;
}

static void stay(void *state, unsigned index, uint64_t ops) {
    const struct tsp_alloc_case *alloc = state;
    struct tsp_alloc_worker *worker = &alloc->workers[alloc->threads + index];
    TSP_REPEAT(ops, TSP_ALLOC_TURN(worker, stay_take, stay_give));
}

void tsp_alloc_steady_reference(void *state, uint64_t ops) {
    tsp_crew_run_as(((const struct tsp_alloc_case *)state)->bench, stay, ops);
}

/* A series into blocks that were written to before: no page fault in it. */
static void stay_series(void *state, unsigned index, uint64_t ops) {
    const struct tsp_alloc_case *alloc = state;
    struct tsp_alloc_worker *worker = &alloc->workers[alloc->threads + index];
    for (uint64_t left = ops * TSP_ALLOC_SERIES; left != 0; --left) {
        const unsigned slot = (unsigned)(worker->taken % TSP_ALLOC_LIVE);
        unsigned char *block = worker->blocks[slot];
        TSP_HIDE(block);
        tsp_alloc_mark(worker, block, worker->taken);
        worker->blocks[slot] = block;
        worker->taken += 1;
    }
}

void tsp_alloc_first_reference(void *state, uint64_t ops) {
    tsp_crew_run_as(((const struct tsp_alloc_case *)state)->bench, stay_series, ops);
}

/* --- memory ---------------------------------------------------------------------------------------------------------------------- */

/* New memory for a pool or an arena, with nothing behind it. */
static bool renew_store(struct tsp_alloc_store *store) {
    const int fixed = store->memory != NULL ? MAP_FIXED : 0;
    unsigned char *memory =
        mmap(store->memory, store->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | fixed, -1, 0);
    if (memory == MAP_FAILED) {
        return false;
    }
    store->memory = memory;
    store->next = memory;
    store->end = memory + store->bytes;
    store->free = NULL;
    return true;
}

/* The number of the block at place i: in steady use one of the last that were taken, at the place that it divides to. */
static unsigned long number_at(const struct tsp_alloc_case *alloc, const struct tsp_alloc_worker *worker,
                               unsigned i) {
    const unsigned long oldest = worker->taken - worker->held;
    return alloc->most != 0 ? oldest + i : oldest + (i - worker->taken) % TSP_ALLOC_LIVE;
}

static void look_at_all(const struct tsp_alloc_case *alloc, struct tsp_alloc_worker *worker) {
    for (unsigned i = 0; i < worker->held; ++i) {
        tsp_alloc_look(worker, worker->blocks[i], number_at(alloc, worker, i));
    }
}

static void give_back(struct tsp_alloc_case *alloc) {
    for (unsigned t = 0; t < alloc->threads; ++t) {
        struct tsp_alloc_worker *worker = &alloc->workers[t];
        look_at_all(alloc, worker);
        for (; worker->held != 0; --worker->held) {
            if (worker->blocks[worker->held - 1] != NULL) {
                alloc->kind->give(worker, worker->blocks[worker->held - 1]);
            }
        }
    }
}

/* The kernel takes back what nobody holds: the next blocks come of memory without pages again. A heap keeps the few that libc has in its
 * threads' caches. Returns whether it could. */
static bool make_unused(struct tsp_alloc_case *alloc) {
    bool done = true;
    for (unsigned t = 0; t < alloc->threads; ++t) {
        struct tsp_alloc_store *store = &alloc->workers[t].store;
        done = done && (store->bytes == 0 || renew_store(store));
    }
#ifdef __GLIBC__
    if (alloc->kind->capacity == 0) {
        (void)malloc_trim(0);
    }
#endif
    return done;
}

static long faults_so_far(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_minflt : 0;
}

static void see_faults(struct tsp_alloc_case *alloc) {
    const uint64_t series = alloc->workers[0].taken / TSP_ALLOC_SERIES;
    if (series != alloc->series) {
        alloc->faults_seen += (uint64_t)(faults_so_far() - alloc->faults);
        alloc->series = series;
    }
}

void tsp_alloc_before(struct tsp_bench *bench) {
    struct tsp_alloc_case *alloc = bench->state;
    see_faults(alloc);
    if (alloc->workers[0].held + TSP_ALLOC_SERIES > alloc->most) {
        give_back(alloc);
        alloc->workers[0].refused += !make_unused(alloc);
    }
    alloc->faults = faults_so_far();
}

/* --- setup ----------------------------------------------------------------------------------------------------------------------- */

static struct tsp_alloc_case *make_case(struct tsp_bench *bench, const struct tsp_alloc_kind *kind) {
    const unsigned threads = (unsigned)tsp_param_int(bench, "threads");
    const size_t bytes = (size_t)2 * threads * sizeof(struct tsp_alloc_worker);
    struct tsp_alloc_case *alloc = tsp_alloc(bench, sizeof *alloc, 64);
    struct tsp_alloc_worker *workers =
        alloc == NULL ? NULL : tsp_alloc(bench, bytes, _Alignof(struct tsp_alloc_worker));
    if (workers == NULL) {
        return NULL;
    }
    *alloc = (struct tsp_alloc_case){.bench = bench, .kind = kind, .workers = workers, .threads = threads};
    bench->state = alloc;
    for (unsigned t = 0; t < 2 * threads; ++t) {
        workers[t].size = (size_t)tsp_param_int(bench, "size");
        workers[t].stride = workers[t].size + APART;
        workers[t].below = t < threads ? kind->align - 1 : 0;
    }
    return alloc;
}

/* The reference's blocks, numbered as if they had just been taken. */
static int make_staying(struct tsp_bench *bench, const struct tsp_alloc_case *alloc) {
    for (unsigned t = alloc->threads; t < 2 * alloc->threads; ++t) {
        struct tsp_alloc_worker *worker = &alloc->workers[t];
        unsigned char *memory = tsp_alloc(bench, TSP_ALLOC_LIVE * worker->stride, 64);
        if (memory == NULL) {
            return -1;
        }
        for (; worker->held < TSP_ALLOC_LIVE; ++worker->held) {
            worker->blocks[worker->held] = memory + worker->held * worker->stride;
            tsp_alloc_mark(worker, worker->blocks[worker->held], worker->taken);
            worker->taken += 1;
        }
    }
    return 0;
}

static int make_stores(struct tsp_bench *bench, const struct tsp_alloc_case *alloc, unsigned capacity) {
    for (unsigned t = 0; t < alloc->threads; ++t) {
        struct tsp_alloc_worker *worker = &alloc->workers[t];
        worker->store.bytes = capacity * worker->stride;
        if (capacity != 0 && !renew_store(&worker->store)) {
            return tsp_fail(bench, "no memory for %zu bytes of blocks: %s", worker->store.bytes,
                            strerror(errno));
        }
    }
    return 0;
}

/* What all cases begin with. `most` as in struct tsp_alloc_case. */
static int prepare(struct tsp_bench *bench, const struct tsp_alloc_kind *kind, bool first_use) {
    struct tsp_alloc_case *alloc = make_case(bench, kind);
    if (alloc == NULL || make_staying(bench, alloc) != 0) {
        return -1;
    }
    const size_t most = TSP_ALLOC_HELD_BYTES / alloc->workers[0].size;
    alloc->most = !first_use ? 0 : most < TSP_ALLOC_HELD ? (unsigned)most : TSP_ALLOC_HELD;
    alloc->member = first_use ? kind->first_use : kind->steady;
    if (kind->capacity == 0) {
        tsp_counts_vary(bench); /* what lies free in libc's heap is not the case's to say */
    }
    if (make_stores(bench, alloc, kind->capacity == 0 ? 0 : first_use ? alloc->most : kind->capacity) != 0) {
        return -1;
    }
    return tsp_crew_start(bench, alloc->threads, alloc->member);
}

int tsp_alloc_steady_setup(struct tsp_bench *bench, const struct tsp_alloc_kind *kind) {
    if (prepare(bench, kind, false) != 0) {
        return -1;
    }
    tsp_crew_run(bench, 0); /* each thread takes its first blocks itself, from the heap that libc gives it */
    if (tsp_crew_size(bench) > 1) {
        bench->items = tsp_crew_size(bench);
        bench->item_unit = "block";
    }
    return 0;
}

int tsp_alloc_first_setup(struct tsp_bench *bench, const struct tsp_alloc_kind *kind) {
    if (prepare(bench, kind, true) != 0) {
        return -1;
    }
    /* One page a fault: a huge one would make a fault of hundreds of them, now and then. Where it cannot be asked for, there are none. */
    (void)prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
    (void)make_unused(bench->state);
    bench->items = (uint64_t)TSP_ALLOC_SERIES * tsp_crew_size(bench);
    bench->item_unit = "block";
    return 0;
}

void tsp_alloc_teardown(struct tsp_bench *bench) {
    struct tsp_alloc_case *alloc = bench->state;
    give_back(alloc);
    for (unsigned t = 0; t < alloc->threads; ++t) {
        if (alloc->workers[t].store.memory != NULL) {
            (void)munmap(alloc->workers[t].store.memory, alloc->workers[t].store.bytes);
        }
    }
    if (alloc->most != 0) {
        (void)prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
    }
}

/* --- check ----------------------------------------------------------------------------------------------------------------------- */

static int check_worker(struct tsp_bench *bench, unsigned index, uint64_t blocks) {
    const struct tsp_alloc_case *alloc = bench->state;
    struct tsp_alloc_worker *worker = &alloc->workers[index];
    look_at_all(alloc, worker);
    if (worker->refused != 0) {
        return tsp_fail(bench, "%lu blocks of %zu bytes were not given to thread %u: memory is out",
                        worker->refused, worker->size, index);
    }
    if (worker->wrong != 0) {
        return tsp_fail(bench, "blocks of thread %u were not aligned to %zu bytes, or lay over one another",
                        index, (size_t)worker->below + 1);
    }
    if (worker->taken != (unsigned long)blocks) {
        return tsp_fail(bench, "thread %u took %lu blocks, not %" PRIu64, index, worker->taken, blocks);
    }
    return 0;
}

/* Words at their ends tell of most blocks that overlap; addresses of all. */
static int check_apart(struct tsp_bench *bench) {
    const struct tsp_alloc_case *alloc = bench->state;
    const unsigned each = alloc->workers[0].held < TSP_ALLOC_LIVE ? alloc->workers[0].held : TSP_ALLOC_LIVE;
    const size_t size = alloc->workers[0].size;
    for (unsigned i = 0; i < alloc->threads * each; ++i) {
        const uintptr_t one = (uintptr_t)alloc->workers[i / each].blocks[i % each];
        for (unsigned j = 0; j < i; ++j) {
            const uintptr_t other = (uintptr_t)alloc->workers[j / each].blocks[j % each];
            if ((one > other ? one - other : other - one) < size) {
                return tsp_fail(bench, "two living blocks of %zu bytes lie %zu apart", size,
                                (size_t)(one > other ? one - other : other - one));
            }
        }
    }
    return 0;
}

static int check_blocks(struct tsp_bench *bench, uint64_t blocks) {
    const struct tsp_alloc_case *alloc = bench->state;
    for (unsigned t = 0; t < alloc->threads; ++t) {
        if (check_worker(bench, t, blocks) != 0) {
            return -1;
        }
    }
    return check_apart(bench);
}

int tsp_alloc_steady_check(struct tsp_bench *bench, uint64_t ops) {
    return check_blocks(bench, ops + TSP_ALLOC_LIVE);
}

int tsp_alloc_first_check(struct tsp_bench *bench, uint64_t ops) {
    struct tsp_alloc_case *alloc = bench->state;
    see_faults(alloc);
    if (alloc->series != 0) {
        const double blocks = (double)alloc->series * (double)bench->items;
        tsp_report_seen(bench, "faults", "per block", (double)alloc->faults_seen / blocks);
    }
    return check_blocks(bench, ops * TSP_ALLOC_SERIES);
}
