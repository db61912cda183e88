/*
 * The threads of a case. The main thread steps the crew on; each helper answers by catching up with the step.
 *
 * A call of the crew is two steps: at the odd one the members assemble, at the even one all begin at once, and a helper that has
 * caught up with the even one is done. Nobody sleeps in the kernel in between: waking up would cost more than most ops do.
 */
#include "measure/crew.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "transept/machine.h"

/* Words that several threads poll lie so far apart: the largest line of the ISAs here is s390x's, 256 bytes. */
#define APART 256

/* Members live on little stack, and address space is limited (limits.c). What a sanitizer adds to a frame fits as well. */
#define STACK_BYTES ((size_t)256 << 10)

/* Looks at a word before a thread gives way to whoever else wants its CPU: some tens of microseconds. */
#define LOOKS 1024

struct helper {
    _Alignas(APART) unsigned reached; /* the step it has caught up with */
    struct tsp_crew *crew;
    unsigned index;
    pthread_t thread;
};

struct tsp_crew {
    _Alignas(APART) unsigned step;    /* written by the main thread alone, after all that is below */
    _Alignas(APART) tsp_member *task; /* NULL: go home */
    void *state;
    uint64_t ops;
    tsp_member *member; /* of tsp_crew_start() */
    bool crowded;       /* fewer CPUs than threads: who waits gives way at once */
    unsigned helper_count;
    struct helper helpers[];
};

static void wait_for(const struct tsp_crew *crew, const unsigned *word, unsigned step) {
    for (unsigned looks = 1; __atomic_load_n(word, __ATOMIC_ACQUIRE) != step; ++looks) {
        if (crew->crowded || looks % LOOKS == 0) {
            (void)sched_yield();
        } else {
            tsp_spin_hint();
        }
    }
}

static void *serve(void *self) {
    struct helper *helper = self;
    struct tsp_crew *crew = helper->crew;
    for (unsigned step = 1;; step += 2) { /* wraps after 2^32 steps, as the crew's does */
        wait_for(crew, &crew->step, step);
        if (crew->task == NULL) {
            return NULL;
        }
        __atomic_store_n(&helper->reached, step, __ATOMIC_RELEASE);
        wait_for(crew, &crew->step, step + 1);
        crew->task(crew->state, helper->index, crew->ops);
        __atomic_store_n(&helper->reached, step + 1, __ATOMIC_RELEASE);
    }
}

static void step_on(struct tsp_crew *crew) {
    __atomic_store_n(&crew->step, crew->step + 1, __ATOMIC_RELEASE);
}

static void wait_for_helpers(const struct tsp_crew *crew) {
    for (unsigned i = 0; i < crew->helper_count; ++i) {
        wait_for(crew, &crew->helpers[i].reached, crew->step);
    }
}

void tsp_crew_run_as(struct tsp_bench *bench, tsp_member *member, uint64_t ops) {
    struct tsp_crew *crew = bench->crew;
    if (crew->helper_count == 0) {
        member(bench->state, 0, ops);
        return;
    }
    crew->task = member;
    crew->state = bench->state;
    crew->ops = ops;
    step_on(crew);
    wait_for_helpers(crew);
    step_on(crew);
    member(bench->state, 0, ops);
    wait_for_helpers(crew);
}

void tsp_crew_run(struct tsp_bench *bench, uint64_t ops) {
    tsp_crew_run_as(bench, bench->crew->member, ops);
}

static void idle(void *state, unsigned index, uint64_t ops) {
    (void)state;
    (void)index;
    (void)ops;
}

void tsp_crew_assemble(struct tsp_bench *bench) {
    tsp_crew_run_as(bench, idle, 0);
}

unsigned tsp_crew_size(const struct tsp_bench *bench) {
    return bench->crew == NULL ? 1 : bench->crew->helper_count + 1;
}

/* CPUs that the crew may use: those of its placement, or where there is none, those of this thread. */
static unsigned cpus_for(const struct tsp_bench *bench) {
    cpu_set_t allowed;
    if (bench->placement != NULL) {
        return bench->placement->cpu_count;
    }
    return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? (unsigned)CPU_COUNT(&allowed) : 1;
}

/* The set of one CPU, that of the case's thread `index`; NULL: no memory. To be freed with CPU_FREE(). */
static cpu_set_t *cpu_of(const struct tsp_placement *placement, unsigned index, size_t *bytes) {
    unsigned cpu = placement->cpus[index % placement->cpu_count];
    cpu_set_t *set = CPU_ALLOC(cpu + 1);
    *bytes = CPU_ALLOC_SIZE(cpu + 1);
    if (set != NULL) {
        CPU_ZERO_S(*bytes, set);
        CPU_SET_S(cpu, *bytes, set);
    }
    return set;
}

/* A thread that begins on its CPU, and never runs on another. Returns 0 or an errno. */
static int pin_new(pthread_attr_t *attributes, const struct tsp_placement *placement, unsigned index) {
    size_t bytes = 0;
    cpu_set_t *set = cpu_of(placement, index, &bytes);
    if (set == NULL) {
        return ENOMEM;
    }
    int status = pthread_attr_setaffinity_np(attributes, bytes, set);
    CPU_FREE(set);
    return status;
}

int tsp_crew_pin(const struct tsp_bench *bench, unsigned index) {
    size_t bytes = 0;
    if (bench->placement == NULL) {
        return 0;
    }
    cpu_set_t *set = cpu_of(bench->placement, index, &bytes);
    if (set == NULL) {
        return ENOMEM;
    }
    int status = sched_setaffinity(0, bytes, set) == 0 ? 0 : errno;
    CPU_FREE(set);
    return status;
}

/* Returns 0 or an errno. */
static int start_helper(const struct tsp_bench *bench, struct helper *helper) {
    pthread_attr_t attributes;
    int status = pthread_attr_init(&attributes);
    if (status != 0) {
        return status;
    }
    (void)pthread_attr_setstacksize(&attributes,
                                    STACK_BYTES); /* where it is refused, the default does as well */
    if (bench->placement != NULL) {
        status = pin_new(&attributes, bench->placement, helper->index);
    }
    if (status == 0) {
        status = pthread_create(&helper->thread, &attributes, serve, helper);
    }
    (void)pthread_attr_destroy(&attributes);
    return status;
}

static struct tsp_crew *crew_new(unsigned helpers) {
    void *room = NULL;
    size_t bytes = sizeof(struct tsp_crew) + helpers * sizeof(struct helper);
    if (posix_memalign(&room, APART, bytes) != 0) {
        return NULL;
    }
    memset(room, 0, bytes);
    return room;
}

int tsp_crew_start(struct tsp_bench *bench, unsigned threads, tsp_member *member) {
    if (bench->crew != NULL) {
        return tsp_fail(bench, "the kernel starts a second crew");
    }
    if (threads == 0 || threads > TSP_CREW_MAX) {
        return tsp_fail(bench, "a crew has 1 to %d threads, not %u", TSP_CREW_MAX, threads);
    }
    struct tsp_crew *crew = crew_new(threads - 1);
    if (crew == NULL) {
        return tsp_fail(bench, "no memory for a crew of %u threads", threads);
    }
    bench->crew = crew;
    crew->member = member;
    crew->crowded = threads > cpus_for(bench);
    for (unsigned i = 0; i + 1 < threads; ++i) {
        struct helper *helper = &crew->helpers[i];
        helper->crew = crew;
        helper->index = i + 1;
        int status = start_helper(bench, helper);
        if (status != 0) {
            return tsp_fail(
                bench, "cannot start thread %u of %u: %s; see ulimit -u and the container's limit on tasks",
                i + 2, threads, strerrordesc_np(status));
        }
        ++crew->helper_count;
    }
    return 0;
}

void tsp_crew_end(struct tsp_bench *bench) {
    struct tsp_crew *crew = bench->crew;
    if (crew == NULL) {
        return;
    }
    crew->task = NULL;
    step_on(crew); /* between two calls the step is even, so this is one to assemble at */
    for (unsigned i = 0; i < crew->helper_count; ++i) {
        (void)pthread_join(crew->helpers[i].thread, NULL);
    }
    free(crew);
    bench->crew = NULL;
}
