/*
 * The threads of a case. The main thread steps the crew on; each helper answers by catching up with the step.
 *
 * A call of the crew is two steps: at the odd one the members assemble, at the even one all begin at once, and a helper that has
 * caught up with the even one is done. Whoever waits spins, for waking up costs more than most ops do. In the end, where a CPU is
 * wanted by another of the crew, and where an emulator would count every turn of the spinning, he sleeps.
 */
#include "measure/crew.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "transept/machine.h"

/* Words that several threads poll lie so far apart: the largest line of the ISAs here is s390x's, 256 bytes. */
#define APART 256

/* Members live on little stack, and address space is limited (limits.c). What a sanitizer adds to a frame fits as well. */
#define STACK_BYTES ((size_t)256 << 10)

/* How long a thread spins before it sleeps: longer than anything between two calls of a round, and shorter than a time slice, so that work
 * of others on these CPUs costs a call no more than that. Looked up once in so many looks. */
#define PATIENCE_NS INT64_C(2000000)
#define LOOKS       256

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
    bool sleeps;        /* at once */
    unsigned helper_count;
    _Alignas(APART) unsigned sleepers; /* how many may have to be woken */
    struct helper helpers[];
};

static int64_t now_ns(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/*
 * Either the sleeper sees what was published, or who publishes it sees the sleeper: both write first and read then, in one order for all, so the
 * two reads cannot both come too early. C11 promises that of the orders alone. The full fences say it once more, because what executes them may
 * not: QEMU 7.2 has nothing between arm64's `stlr` and a later `ldar`, which its host, an x86_64, then exchanges; and the crew would sleep for ever.
 */
static void sleep_until(struct tsp_crew *crew, const unsigned *word, unsigned step) {
    unsigned now;
    (void)__atomic_fetch_add(&crew->sleepers, 1, __ATOMIC_SEQ_CST);
    tsp_fence_full();
    while ((now = __atomic_load_n(word, __ATOMIC_SEQ_CST)) != step) {
        (void)syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, now, NULL, NULL, 0);
    }
    (void)__atomic_fetch_sub(&crew->sleepers, 1, __ATOMIC_RELAXED);
}

static void publish(const struct tsp_crew *crew, unsigned *word, unsigned step) {
    __atomic_store_n(word, step, __ATOMIC_SEQ_CST);
    tsp_fence_full();
    if (__atomic_load_n(&crew->sleepers, __ATOMIC_SEQ_CST) != 0) {
        (void)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, TSP_CREW_MAX, NULL, NULL, 0);
    }
}

static void wait_for(struct tsp_crew *crew, const unsigned *word, unsigned step) {
    int64_t until = 0;
    for (unsigned looks = 0; !crew->sleeps; ++looks) {
        if (__atomic_load_n(word, __ATOMIC_ACQUIRE) == step) {
            return;
        }
        tsp_spin_hint();
        if (looks % LOOKS == LOOKS - 1) {
            int64_t now = now_ns();
            until = until == 0 ? now + PATIENCE_NS : until;
            if (now >= until) {
                break;
            }
        }
    }
    sleep_until(crew, word, step);
}

static void *serve(void *self) {
    struct helper *helper = self;
    struct tsp_crew *crew = helper->crew;
    for (unsigned step = 1;; step += 2) { /* wraps after 2^32 steps, as the crew's does */
        wait_for(crew, &crew->step, step);
        if (crew->task == NULL) {
            return NULL;
        }
        publish(crew, &helper->reached, step);
        wait_for(crew, &crew->step, step + 1);
        crew->task(crew->state, helper->index, crew->ops);
        publish(crew, &helper->reached, step + 1);
    }
}

static void step_on(struct tsp_crew *crew) {
    publish(crew, &crew->step, crew->step + 1);
}

static void wait_for_helpers(struct tsp_crew *crew) {
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

/* Without a placement, as in unit tests, the scheduler may well put two of the crew on one CPU. */
static bool has_cpu_each(const struct tsp_bench *bench, unsigned threads) {
    return bench->placement != NULL && bench->placement->cpu_count >= threads;
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
    crew->sleeps = !has_cpu_each(bench, threads) || bench->env->emulated;
    for (unsigned i = 0; i + 1 < threads; ++i) {
        struct helper *helper = &crew->helpers[i];
        helper->crew = crew;
        helper->index = i + 1;
        int status = start_helper(bench, helper);
        if (status != 0) {
            return tsp_fail(bench, "cannot start thread %u of %u: %s; %s", i + 2, threads,
                            strerrordesc_np(status),
                            status == EAGAIN ? "raise ulimit -u, or the container's limit on tasks"
                                             : "its CPU may have gone offline");
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
