/*
 * The locks of barrier/locks let one thread in at a time, and let the next one in when it leaves. Threads stay inside until they are sent
 * on, and the others are given the time to get in as well: a lock that lets two in is found however busy the machine is, and however many
 * CPUs it has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>

#include "barrier/locks.h"

#define THREADS 3

/* CPU time in which a thread that is let in certainly gets in. A thread that waits uses it up, or sleeps. */
#define CHANCE_NS 2000000

/* For what takes microseconds on an idle machine: after that, nobody will come any more. */
#define PATIENCE_S 60

struct kind {
    const char *name;
    void (*lock)(struct tsp_lock *lock, struct tsp_lock_node *mine);
    void (*unlock)(struct tsp_lock *lock, struct tsp_lock_node *mine);
    bool sleeps; /* who waits */
};

static const struct kind kinds[] = {
    {"ttas", tsp_ttas_lock, tsp_ttas_unlock, false},
    {"ticket", tsp_ticket_lock, tsp_ticket_unlock, false},
    {"mcs", tsp_mcs_lock, tsp_mcs_unlock, false},
    {"futex", tsp_futex_lock, tsp_futex_unlock, true},
};

enum place { NOT_YET, OUTSIDE, INSIDE, GONE };

struct scene {
    const struct kind *kind;
    struct tsp_lock lock;
    struct person {
        struct tsp_lock_node node;
        struct scene *scene;
        pthread_t thread;
        _Atomic pid_t tid;
        _Atomic enum place place;
        atomic_bool sent; /* it may leave */
    } persons[THREADS];
};

static void nap(void) {
    const struct timespec ms = {.tv_nsec = 1000000};
    (void)nanosleep(&ms, NULL);
}

static void *visit(void *data) {
    struct person *me = data;
    struct scene *scene = me->scene;
    me->tid = (pid_t)syscall(SYS_gettid);
    me->place = OUTSIDE;
    scene->kind->lock(&scene->lock, &me->node);
    me->place = INSIDE;
    while (!me->sent) {
        nap();
    }
    me->place = GONE;
    scene->kind->unlock(&scene->lock, &me->node);
    return NULL;
}

static unsigned count(struct scene *scene, enum place place) {
    unsigned sum = 0;
    for (unsigned i = 0; i < THREADS; ++i) {
        sum += scene->persons[i].place == place;
    }
    return sum;
}

static int64_t now_ns(clockid_t clock) {
    struct timespec now;
    assert_int_equal(clock_gettime(clock, &now), 0);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool sleeps(const struct person *person) {
    char path[64];
    char state = 0;
    (void)snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)person->tid);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    int items = fscanf(file, "%*d (%*[^)]) %c", &state);
    (void)fclose(file);
    assert_int_equal(items, 1);
    return state == 'S';
}

/* Returns when the thread, which is outside, has had its chance to get in, or is in. */
static void give_chance(const struct scene *scene, const struct person *person) {
    clockid_t clock;
    assert_int_equal(pthread_getcpuclockid(person->thread, &clock), 0);
    const int64_t begin = now_ns(clock);
    const int64_t give_up = now_ns(CLOCK_MONOTONIC) + PATIENCE_S * INT64_C(1000000000);
    while (person->place == OUTSIDE && now_ns(clock) - begin < CHANCE_NS &&
           !(scene->kind->sleeps && sleeps(person))) {
        if (now_ns(CLOCK_MONOTONIC) > give_up) {
            fail_msg("%s: who waits neither spins nor sleeps", scene->kind->name);
        }
        nap();
    }
}

/* Waits until there is one inside; returns it. */
static struct person *one_inside(struct scene *scene) {
    const int64_t give_up = now_ns(CLOCK_MONOTONIC) + PATIENCE_S * INT64_C(1000000000);
    for (;;) {
        for (unsigned i = 0; i < THREADS; ++i) {
            if (scene->persons[i].place == INSIDE) {
                return &scene->persons[i];
            }
        }
        if (now_ns(CLOCK_MONOTONIC) > give_up) {
            fail_msg("%s: nobody gets in though the lock is free", scene->kind->name);
        }
        nap();
    }
}

static void try_lock(struct scene *scene, const struct kind *kind) {
    memset(scene, 0, sizeof *scene);
    scene->kind = kind;
    for (unsigned i = 0; i < THREADS; ++i) {
        scene->persons[i].scene = scene;
        assert_int_equal(pthread_create(&scene->persons[i].thread, NULL, visit, &scene->persons[i]), 0);
    }
    while (count(scene, NOT_YET) > 0) {
        nap();
    }
    for (unsigned left = THREADS; left > 0; --left) {
        struct person *inside = one_inside(scene);
        for (unsigned i = 0; i < THREADS; ++i) {
            if (scene->persons[i].place == OUTSIDE) {
                give_chance(scene, &scene->persons[i]);
            }
        }
        if (count(scene, INSIDE) != 1 || count(scene, OUTSIDE) != left - 1) {
            fail_msg("%s: %u are inside and %u outside, not 1 and %u", kind->name, count(scene, INSIDE),
                     count(scene, OUTSIDE), left - 1);
        }
        inside->sent = true;
        assert_int_equal(pthread_join(inside->thread, NULL), 0);
    }
}

static void only_one_is_inside(void **state) {
    static struct scene
        scene; /* NOLINT: outlives a test that fails, and with it the threads that are still inside */
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        try_lock(&scene, &kinds[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_one_is_inside),
    };
    return cmocka_run_group_tests_name("locks", tests, NULL, NULL);
}
