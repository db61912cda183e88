/* How fast stores fill memory, by their width and by the level of the caches that the memory fits: block after block, round and round. */
#include <string.h>

#include "../layout/arrays.h"
#include "../vectors.h"

#define BLOCK 4096 /* bytes an op writes */
#define LINE  64

struct stores {
    char *memory;
    size_t bytes;         /* whole blocks */
    size_t at;            /* where the next op writes */
    unsigned long number; /* of the last op, from 1 */
};

/* The byte that op number `number` writes everywhere: another one in each pass over the same block, or nearly so. */
static inline uint8_t byte_of(unsigned long number) {
    return (uint8_t)((uint32_t)number * UINT32_C(2654435769) >> 24);
}

static inline uint64_t eight_of(unsigned long number) {
    return byte_of(number) * UINT64_C(0x0101010101010101);
}

/*
 * A block written by `put(type, at, full)`, four times a turn, so that stores and not the loop are what takes time. Each store is one that is
 * made, of this width: no compiler widens volatile ones, and none calls memset for them.
 */
#define PUT(type, at, full)    *(volatile type *)(void *)(at) = (full)
#define PUT_16(type, at, full) VECTOR_16_STORE(at, full)
#define FILL_BLOCK(type, each, put)                                                                          \
    for (char *to = block; to != block + BLOCK; to += (size_t)4 * (each)) {                                  \
        put(type, to, full);                                                                                 \
        put(type, to + (each), full);                                                                        \
        put(type, to + (size_t)2 * (each), full);                                                            \
        put(type, to + (size_t)3 * (each), full);                                                            \
    }

#define WORD_OF(type, number)   ((type)eight_of(number))
#define VECTOR_OF(type, number) ((type){0} + eight_of(number))

#define STORES_BODY(id, target, type, of, write, end)                                                        \
    static target void id(void *state, uint64_t ops) {                                                       \
        struct stores *stores = state;                                                                       \
        char *memory = stores->memory;                                                                       \
        const size_t bytes = stores->bytes;                                                                  \
        size_t at = stores->at;                                                                              \
        unsigned long number = stores->number;                                                               \
        TSP_REPEAT(ops, number += 1; TSP_HIDE(number); char *block = memory + at;                            \
                   const type full = of(type, number); write; TSP_CLOBBER();                                 \
                   at = tsp_layout_wrap(at + BLOCK, bytes));                                                 \
        end;                                                                                                 \
        stores->at = at;                                                                                     \
        stores->number = number;                                                                             \
    }

STORES_BODY(by_word, , unsigned long, WORD_OF, FILL_BLOCK(unsigned long, sizeof(unsigned long), PUT), (void)0)
#ifdef VECTOR_16
STORES_BODY(by_16, VECTOR_16_TARGET, vector_16, VECTOR_OF, FILL_BLOCK(vector_16, 16, PUT_16), (void)0)
#endif
#ifdef VECTOR_32
STORES_BODY(by_32, VECTOR_32_TARGET, vector_32, VECTOR_OF, FILL_BLOCK(vector_32, 32, PUT), (void)0)
#endif
#ifdef VECTOR_64
STORES_BODY(by_64, VECTOR_64_TARGET, vector_64, VECTOR_OF, FILL_BLOCK(vector_64, 64, PUT), (void)0)
#endif

/* What passes the caches by has left its buffers when a batch ends, not each op. */
#ifdef TSP_ISA_X86_64
#include <immintrin.h>
#define STREAM_8(type, at, full)  _mm_stream_si64((long long *)(void *)(at), (long long)(full))
#define STREAM_32(type, at, full) _mm256_stream_si256((__m256i *)(void *)(at), (__m256i)(full))
STORES_BODY(by_movnti, , uint64_t, WORD_OF, FILL_BLOCK(uint64_t, 8, STREAM_8), tsp_fence_store())
STORES_BODY(by_vmovntdq, VECTOR_32_TARGET, vector_32, VECTOR_OF, FILL_BLOCK(vector_32, 32, STREAM_32),
            tsp_fence_store())
#endif
#ifdef TSP_ISA_ARM64
#define STREAM_PAIR(type, at, full)                                                                          \
    __asm__ volatile("stnp %q[full], %q[full], [%[to]]" : : [to] "r"(at), [full] "w"(full) : "memory")
STORES_BODY(by_stnp, , vector_16, VECTOR_OF, FILL_BLOCK(vector_16, 32, STREAM_PAIR), (void)0)
#endif

#ifdef TSP_ISA_RISCV64
#define WRITE_RVV                                                                                            \
    size_t left = BLOCK / sizeof full;                                                                       \
    size_t taken;                                                                                            \
    __asm__ volatile(VECTOR_RVV("vsetvli %[taken], zero, e64, m4, ta, ma\n\t"                                \
                                "vmv.v.x v0, %[full]\n"                                                      \
                                "0:\n\t"                                                                     \
                                "vsetvli %[taken], %[left], e64, m4, ta, ma\n\t"                             \
                                "vse64.v v0, (%[to])\n\t"                                                    \
                                "sub %[left], %[left], %[taken]\n\t"                                         \
                                "slli %[taken], %[taken], 3\n\t"                                             \
                                "add %[to], %[to], %[taken]\n\t"                                             \
                                "bnez %[left], 0b")                                                          \
                     : [to] "+r"(block), [left] "+r"(left), [taken] "=&r"(taken)                             \
                     : [full] "r"(full)                                                                      \
                     : "memory")
STORES_BODY(by_rvv, , uint64_t, WORD_OF, WRITE_RVV, (void)0)
#endif

static void by_memset(void *state, uint64_t ops) {
    struct stores *stores = state;
    void *(*set)(void *, int, size_t) = memset; /* or some compilers write a loop of their own */
    TSP_HIDE(set);
    for (uint64_t i = 0; i < ops; ++i) {
        stores->number += 1;
        set(stores->memory + stores->at, byte_of(stores->number), BLOCK);
        stores->at = tsp_layout_wrap(stores->at + BLOCK, stores->bytes);
    }
}

static int setup(struct tsp_bench *bench) {
    const size_t bytes = tsp_ws_bytes(bench) / BLOCK * BLOCK;
    if (bytes == 0) {
        return tsp_skip(bench, "the working set has no room for a block of %d bytes", BLOCK);
    }
    struct stores *stores = tsp_alloc(bench, sizeof *stores, LINE);
    char *memory = stores == NULL ? NULL : tsp_alloc(bench, bytes, BLOCK);
    if (memory == NULL) {
        return -1;
    }
    *stores = (struct stores){.memory = memory, .bytes = bytes};
    bench->state = stores;
    bench->items = BLOCK / LINE;
    bench->item_unit = "line"; /* of 64 bytes, whatever the machine's are */
    return 0;
}

/* Each block holds what the last op that came to it wrote. */
static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct stores *stores = bench->state;
    const size_t blocks = stores->bytes / BLOCK;
    if (stores->number != (unsigned long)ops || stores->at != ops % blocks * BLOCK) {
        return tsp_fail(bench, "%lu ops were done, the last before byte %zu, instead of %lu", stores->number,
                        stores->at, (unsigned long)ops);
    }
    for (size_t i = 0; i < blocks && i < ops; ++i) {
        const unsigned long last = (unsigned long)(ops - (ops - 1 - i) % blocks);
        const uint64_t expected = eight_of(last);
        const uint64_t *words = (const uint64_t *)(const void *)(stores->memory + i * BLOCK);
        for (size_t k = 0; k < BLOCK / sizeof *words; ++k) {
            if (words[k] != expected) {
                return tsp_fail(bench, "byte %zu and on of block %zu are not what op %lu writes",
                                k * sizeof *words, i, last);
            }
        }
    }
    return 0;
}

#define STORES_KERNEL(name, what, body, text)                                                                \
    TSP_KERNEL(.family = "fill", .kernel = "store-bandwidth", .variant = name,                               \
               .summary = "filling memory, 4 KiB an op, by " text, .params = {{"ws", "l1,l2,llc,dram"}},     \
               .needs = what, .run = body, .setup = setup, .check = check,                                   \
               .memory_bytes = TSP_LAYOUT_MEMORY, .implementation = text)

STORES_KERNEL("word", 0, by_word, "stores of a general register");
STORES_KERNEL("memset", 0, by_memset, "libc's memset");
STORES_KERNEL("sse2", TSP_NEEDS_X86_64 | TSP_NEEDS_SSE2, TSP_ON_X86_64(by_16), "movaps");
STORES_KERNEL("avx2", TSP_NEEDS_X86_64 | TSP_NEEDS_AVX2, TSP_ON_X86_64(by_32), "vmovdqa ymm");
STORES_KERNEL("avx512", TSP_NEEDS_X86_64 | TSP_NEEDS_AVX512, TSP_ON_X86_64(by_64), "vmovdqa64 zmm");
STORES_KERNEL("neon", TSP_NEEDS_NEON, VECTOR_ON_NEON(by_16), "stores of a q register");
STORES_KERNEL("vsx", TSP_NEEDS_PPC64EL | TSP_NEEDS_VSX, TSP_ON_PPC64EL(by_16), "stxvd2x");
STORES_KERNEL("vx", TSP_NEEDS_S390X | TSP_NEEDS_VX, TSP_ON_S390X(by_16), "vst");
STORES_KERNEL("rvv", TSP_NEEDS_RISCV64 | TSP_NEEDS_RVV, TSP_ON_RISCV64(by_rvv), "vse64.v of four registers");
STORES_KERNEL("streaming-movnti", TSP_NEEDS_X86_64, TSP_ON_X86_64(by_movnti), "movnti");
STORES_KERNEL("streaming-vmovntdq", TSP_NEEDS_X86_64 | TSP_NEEDS_AVX2, TSP_ON_X86_64(by_vmovntdq),
              "vmovntdq ymm");
STORES_KERNEL("streaming-stnp", TSP_NEEDS_ARM64, TSP_ON_ARM64(by_stnp), "stnp q, q");
