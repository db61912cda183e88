/*
 * An atomic addition at an address that is not a multiple of its width: within a line, across two, across a page. No ISA but x86_64
 * promises it (there it locks the bus, and kernels and hypervisors slow the offender down); elsewhere it raises an alignment fault,
 * which the kernel may turn into a signal. Setup tries some in a process of its own and leaves the case out, saying why, where that dies
 * or does not come far.
 */
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <transept/kernel.h>

#define LINE     64
#define TRIES    256 /* additions that are tried before the case runs … */
#define TRIES_MS 400 /* … and the time they have: a core needs some microseconds each at worst */

struct atomic {
    char *word;
    size_t width;
    unsigned long done;
};

#define ATOMIC(id, add)                                                                                      \
    static void id(void *state, uint64_t ops) {                                                              \
        struct atomic *atomic = state;                                                                       \
        char *word = atomic->word;                                                                           \
        TSP_REPEAT(ops, add);                                                                                \
        atomic->done += (unsigned long)ops;                                                                  \
    }

/* Each adds 1 to the 4 or 8 bytes at `word` by instructions, for C11 has no misaligned atomics: by one, or by a loop of load-linked and
 * store-conditional, where %0 is the sum and %1 says whether the store failed. */
#define SINGLE(text)                                                                                         \
    unsigned long old = 1;                                                                                   \
    __asm__ volatile(text : "+r"(old) : IN_ADDRESS(word) : "memory", "cc")
#define LINKED(text, ...)                                                                                    \
    unsigned long sum;                                                                                       \
    unsigned long lost;                                                                                      \
    __asm__ volatile(text : "=&r"(sum), "=&r"(lost) : IN_ADDRESS(word) : "memory", "cc", ##__VA_ARGS__)
#if defined(TSP_ISA_S390X)
#define IN_ADDRESS "a"
#else
#define IN_ADDRESS "r"
#endif

#if defined(TSP_ISA_X86_64)
ATOMIC(single_4, SINGLE("lock xaddl %k0, (%1)"))
ATOMIC(single_8, SINGLE("lock xaddq %0, (%1)"))
#elif defined(TSP_ISA_ARM64)
ATOMIC(single_4, SINGLE(".arch_extension lse\n\tldadd %w0, %w0, [%1]"))
ATOMIC(single_8, SINGLE(".arch_extension lse\n\tldadd %0, %0, [%1]"))
ATOMIC(linked_4, LINKED("1:\n\tldxr %w0, [%2]\n\tadd %w0, %w0, #1\n\tstxr %w1, %w0, [%2]\n\tcbnz %w1, 1b"))
ATOMIC(linked_8, LINKED("1:\n\tldxr %0, [%2]\n\tadd %0, %0, #1\n\tstxr %w1, %0, [%2]\n\tcbnz %w1, 1b"))
#elif defined(TSP_ISA_RISCV64)
ATOMIC(single_4, SINGLE("amoadd.w %0, %0, (%1)"))
ATOMIC(single_8, SINGLE("amoadd.d %0, %0, (%1)"))
ATOMIC(linked_4, LINKED("1:\n\tlr.w %0, (%2)\n\taddiw %0, %0, 1\n\tsc.w %1, %0, (%2)\n\tbnez %1, 1b"))
ATOMIC(linked_8, LINKED("1:\n\tlr.d %0, (%2)\n\taddi %0, %0, 1\n\tsc.d %1, %0, (%2)\n\tbnez %1, 1b"))
#elif defined(TSP_ISA_PPC64EL)
ATOMIC(linked_4, LINKED("1:\n\tlwarx %0, 0, %2\n\taddic %0, %0, 1\n\tstwcx. %0, 0, %2\n\tbne- 1b", "xer"))
ATOMIC(linked_8, LINKED("1:\n\tldarx %0, 0, %2\n\taddic %0, %0, 1\n\tstdcx. %0, 0, %2\n\tbne- 1b", "xer"))
#elif defined(TSP_ISA_S390X)
ATOMIC(single_4, SINGLE(".machine push\n\t.machine z196\n\tlaa %0, %0, 0(%1)\n\t.machine pop"))
ATOMIC(single_8, SINGLE(".machine push\n\t.machine z196\n\tlaag %0, %0, 0(%1)\n\t.machine pop"))
#elif defined(TSP_ISA_ARMHF)
ATOMIC(linked_4,
       LINKED("1:\n\tldrex %0, [%2]\n\tadd %0, %0, #1\n\tstrex %1, %0, [%2]\n\tcmp %1, #0\n\tbne 1b"))
ATOMIC(linked_8, LINKED("1:\n\tldrexd r4, r5, [%2]\n\tadds r4, r4, #1\n\tadc r5, r5, #0\n\tmov %0, r4\n\t"
                        "strexd %1, r4, r5, [%2]\n\tcmp %1, #0\n\tbne 1b",
                        "r4", "r5"))
#endif

/* What the word holds: 4 or 8 bytes, wherever they lie. */
static uint64_t word_read(const struct atomic *atomic) {
    uint32_t narrow;
    uint64_t wide;
    if (atomic->width == sizeof narrow) {
        memcpy(&narrow, atomic->word, sizeof narrow);
        return narrow;
    }
    memcpy(&wide, atomic->word, sizeof wide);
    return wide;
}

/* In a child: a few additions to a copy of the word that counts for the parent. */
static _Noreturn void be_tried(tsp_body *body, struct atomic *shared) {
    const struct itimerval limit = {.it_value = {.tv_usec = TRIES_MS * 1000L}};
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    (void)signal(SIGBUS, SIG_DFL);
    (void)signal(SIGILL, SIG_DFL);
    (void)signal(SIGSEGV, SIG_DFL);
    (void)signal(SIGALRM, SIG_DFL);
    (void)setitimer(ITIMER_REAL, &limit, NULL);
    for (unsigned i = 0; i < TRIES; ++i) {
        body(shared, 1);
    }
    _exit(0);
}

/* What came of the tries: 0 where all were done, else what tsp_skip() or tsp_fail() returned. */
static int judge(struct tsp_bench *bench, int status, unsigned long done) {
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (signal == SIGALRM) {
        return tsp_skip(bench,
                        "only %lu additions at this address in %d ms: kernel or hypervisor throttle them",
                        done, TRIES_MS);
    }
    if (signal != 0) {
        return tsp_skip(bench, "an atomic addition at this address dies by SIG%s", sigabbrev_np(signal));
    }
    return done == TRIES ? 0 : tsp_fail(bench, "%lu additions were tried, not %d", done, TRIES);
}

static int try_some(struct tsp_bench *bench, const struct atomic *atomic) {
    int status = 0;
    struct atomic *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        return tsp_fail(bench, "cannot share memory with a process to try the additions in");
    }
    *shared = *atomic;
    pid_t child = fork();
    if (child == 0) {
        be_tried(bench->kernel->runs[atomic->width == 8], shared);
    }
    const bool ended = child > 0 && waitpid(child, &status, 0) == child;
    const unsigned long done = shared->done;
    (void)munmap(shared, sizeof *shared);
    return ended ? judge(bench, status, done)
                 : tsp_fail(bench, "cannot fork a process to try the additions in");
}

static int setup(struct tsp_bench *bench) {
    const size_t width = (size_t)tsp_param_int(bench, "width");
    const int across_page = strcmp(tsp_param_text(bench, "offset"), "page") == 0;
    const size_t page = tsp_page_bytes(bench);
    struct atomic *atomic = tsp_alloc(bench, sizeof *atomic, LINE);
    char *memory = atomic == NULL ? NULL : tsp_alloc(bench, 2 * page, page);
    if (memory == NULL) {
        return -1;
    }
    atomic->width = width;
    atomic->word =
        memory + page - (across_page ? 1 : (ptrdiff_t)2 * LINE - (ptrdiff_t)tsp_param_int(bench, "offset"));
    bench->state = atomic;
    if ((uintptr_t)atomic->word % width == 0) {
        return 0;
    }
    /* An emulator does a misaligned atomic with all other threads stopped, and begins its block of instructions anew for it: what the
     * plugin counts then is the emulator's way and not the processor's. */
    tsp_counts_vary(bench);
    return try_some(bench, atomic);
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct atomic *atomic = bench->state;
    const uint64_t expected = atomic->width == 4 ? (uint32_t)ops : ops;
    if (atomic->done != (unsigned long)ops || word_read(atomic) != expected) {
        return tsp_fail(bench, "the word holds %llu after %lu additions, not %llu",
                        (unsigned long long)word_read(atomic), atomic->done, (unsigned long long)expected);
    }
    return 0;
}

#if defined(TSP_ISA_X86_64) || defined(TSP_ISA_ARM64) || defined(TSP_ISA_RISCV64) || defined(TSP_ISA_S390X)
static tsp_body *const single[] = {single_4, single_8};
#endif
#if defined(TSP_ISA_ARM64) || defined(TSP_ISA_RISCV64) || defined(TSP_ISA_PPC64EL) || defined(TSP_ISA_ARMHF)
static tsp_body *const linked[] = {linked_4, linked_8};
#endif

#define ATOMIC_KERNEL(name, bodies, what, instruction)                                                       \
    TSP_KERNEL(.family = "align", .kernel = "atomic", .variant = name,                                       \
               .summary = "an atomic addition at any address, by " instruction,                              \
               .params = {{"width", "4,8"}, {"offset", "0,1,4,8,13,57..63,page"}}, .needs = what,            \
               .runs = bodies, .setup = setup, .check = check, .implementation = instruction)
ATOMIC_KERNEL("lock-xadd", TSP_ON_X86_64(single), TSP_NEEDS_X86_64, "lock xadd");
ATOMIC_KERNEL("ldadd", TSP_ON_ARM64(single), TSP_NEEDS_ARM64 | TSP_NEEDS_LSE, "ldadd");
ATOMIC_KERNEL("ldxr-stxr", TSP_ON_ARM64(linked), TSP_NEEDS_ARM64, "ldxr, stxr");
ATOMIC_KERNEL("amoadd", TSP_ON_RISCV64(single), TSP_NEEDS_RISCV64, "amoadd.w, amoadd.d");
ATOMIC_KERNEL("lr-sc", TSP_ON_RISCV64(linked), TSP_NEEDS_RISCV64, "lr, sc");
ATOMIC_KERNEL("ldarx-stdcx", TSP_ON_PPC64EL(linked), TSP_NEEDS_PPC64EL, "lwarx, stwcx. or ldarx, stdcx.");
ATOMIC_KERNEL("laag", TSP_ON_S390X(single), TSP_NEEDS_S390X, "laa, laag");
ATOMIC_KERNEL("ldrex-strex", TSP_ON_ARMHF(linked), TSP_NEEDS_ARMHF, "ldrex, strex or ldrexd, strexd");
