/* The length of a string, by libc and byte by byte: the shortest complete example of a kernel. */
#include <string.h>

#include <transept/kernel.h>

struct text {
    const char *characters;
    size_t length; /* of the last call, for check */
};

static int setup(struct tsp_bench *bench) {
    size_t length = (size_t)tsp_param_int(bench, "length");
    struct text *text = tsp_alloc(bench, sizeof *text, 8);
    char *characters = tsp_alloc(bench, length + 1, 64);
    if (text == NULL || characters == NULL) {
        return -1;
    }
    memset(characters, 'x', length);
    text->characters = characters;
    bench->state = text;
    return 0;
}

static void libc(void *state, uint64_t ops) {
    struct text *text = state;
    TSP_REPEAT(ops, TSP_HIDE(text->characters); text->length = strlen(text->characters));
}

static void bytewise(void *state, uint64_t ops) {
    struct text *text = state;
    TSP_REPEAT(
        ops, const char *end = text->characters; while (*end != '\0') {
            TSP_HIDE(end);
            ++end;
        } text->length = (size_t)(end - text->characters));
}

static int check(struct tsp_bench *bench, uint64_t ops) {
    const struct text *text = bench->state;
    size_t expected = (size_t)tsp_param_int(bench, "length");
    return ops > 0 && text->length == expected ? 0
                                               : tsp_fail(bench, "the length came out as %zu", text->length);
}

TSP_KERNEL(.family = "example", .kernel = "strlen", .variant = "libc",
           .summary = "length of a string by libc", .params = {{"length", "16,1024"}}, .setup = setup,
           .run = libc, .check = check);
TSP_KERNEL(.family = "example", .kernel = "strlen", .variant = "bytewise",
           .summary = "length of a string byte by byte", .params = {{"length", "16,1024"}}, .setup = setup,
           .run = bytewise, .check = check);
