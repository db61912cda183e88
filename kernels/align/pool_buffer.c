/*
 * Buffers of a pool that aligns them to 8, 16 or 64 bytes and to no more: an op takes the next one and fills it, or reads it. They are
 * as far apart as a buffer of the least alignment needs, so that pools differ in nothing but where in its line a buffer begins.
 */
#include <string.h>

#include <transept/kernel.h>

#define LINE 64
#define ALIASED                                                                                              \
    4096 /* libc's memcpy goes the other way where the distance, modulo this, is a small one: it shall be the same each time */
#define BUFFERS 16
#define PACKET  1536 /* the longest */
#define MARK    0xa5

struct pool {
    char *first;
    size_t stride;
    size_t bytes;
    unsigned next; /* the buffer that is taken next */
    unsigned long done;
    unsigned long sum; /* of the words read */
    char source[PACKET];
};

static inline char *pool_take(struct pool *pool) {
    char *buffer = pool->first + pool->next * pool->stride;
    pool->next = (pool->next + 1) % BUFFERS;
    return buffer;
}

/* As a message that is copied in. */
static void fill(void *state, uint64_t ops) {
    struct pool *pool = state;
    size_t bytes = pool->bytes;
    TSP_REPEAT(ops, TSP_HIDE(bytes); memcpy(pool_take(pool), pool->source, bytes); TSP_CLOBBER());
    pool->done += (unsigned long)ops;
}

/* As one that is looked through, in words: the compiler may make vectors of it. */
static inline unsigned long words_sum(const char *buffer, size_t bytes) {
    unsigned long sum = 0;
    for (size_t i = 0; i < bytes; i += sizeof sum) {
        unsigned long word;
        memcpy(&word, buffer + i, sizeof word);
        sum += word;
    }
    return sum;
}
static void sum(void *state, uint64_t ops) {
    struct pool *pool = state;
    size_t bytes = pool->bytes;
    unsigned long all = pool->sum;
    TSP_REPEAT(ops, TSP_HIDE(bytes); TSP_CLOBBER(); all += words_sum(pool_take(pool), bytes));
    pool->sum = all;
    pool->done += (unsigned long)ops;
}

/* What an op does beside: taking. */
static void reference(void *state, uint64_t ops) {
    struct pool *pool = state;
    const unsigned next = pool->next; /* which check looks at */
    TSP_REPEAT(ops, TSP_KEEP(pool_take(pool)); TSP_CLOBBER());
    pool->next = next;
}

static int setup(struct tsp_bench *bench) {
    const size_t align = (size_t)tsp_param_int(bench, "align");
    struct pool *pool = tsp_alloc(bench, sizeof *pool, ALIASED);
    if (pool == NULL) {
        return -1;
    }
    pool->bytes = (size_t)tsp_param_int(bench, "bytes");
    pool->stride = (pool->bytes + (size_t)2 * LINE - 1) / LINE * LINE;
    char *memory = tsp_alloc(bench, BUFFERS * pool->stride + LINE, ALIASED);
    if (memory == NULL) {
        return -1;
    }
    const size_t begin = align % LINE;
    pool->first = memory + begin;
    memset(pool->source, MARK, sizeof pool->source);
    for (size_t i = 0; i < BUFFERS; ++i) {
        memset(pool->first + i * pool->stride, (int)i + 1, pool->bytes);
    }
    const size_t lines = (begin + pool->bytes + LINE - 1) / LINE;
    tsp_report(bench, "lines", "lines/op", (double)lines);
    bench->state = pool;
    return 0;
}

static int check_taken(struct tsp_bench *bench, uint64_t ops) {
    const struct pool *pool = bench->state;
    if (pool->done != (unsigned long)ops || pool->next != (unsigned)(ops % BUFFERS)) {
        return tsp_fail(bench, "%lu buffers were taken, not %lu", pool->done, (unsigned long)ops);
    }
    return 0;
}

/* Every buffer that was taken holds the message, and the others what they had. */
static int check_fill(struct tsp_bench *bench, uint64_t ops) {
    const struct pool *pool = bench->state;
    for (size_t i = 0; i < BUFFERS; ++i) {
        const char *buffer = pool->first + i * pool->stride;
        const unsigned char expected = i < ops ? MARK : (unsigned char)(i + 1);
        for (size_t at = 0; at < pool->bytes; ++at) {
            if ((unsigned char)buffer[at] != expected) {
                return tsp_fail(bench, "byte %zu of buffer %zu is %d, not %d", at, i,
                                (unsigned char)buffer[at], expected);
            }
        }
    }
    return check_taken(bench, ops);
}

static int check_sum(struct tsp_bench *bench, uint64_t ops) {
    const struct pool *pool = bench->state;
    unsigned long expected = 0;
    for (unsigned long i = 0; i < BUFFERS; ++i) {
        const unsigned long times = (unsigned long)(ops / BUFFERS + (i < ops % BUFFERS));
        const unsigned long word = (i + 1) * (~0UL / 0xff); /* the number in each byte */
        expected += times * word * (unsigned long)(pool->bytes / sizeof word);
    }
    if (pool->sum != expected) {
        return tsp_fail(bench, "the words' sum is %lx, not %lx", pool->sum, expected);
    }
    return check_taken(bench, ops);
}

#define POOL_KERNEL(name, body, verify, text)                                                                \
    TSP_KERNEL(.family = "align", .kernel = "pool-buffer", .variant = name, .summary = text,                 \
               .params = {{"align", "8,16,64"}, {"bytes", "64,256,1536"}}, .run = body,                      \
               .reference = reference, .setup = setup, .check = verify)
POOL_KERNEL("fill", fill, check_fill, "a message copied into the next buffer of a pool");
POOL_KERNEL("sum", sum, check_sum, "the next buffer of a pool read through");
