/* Which decoder for which guest. */
#include "emulator/decode.h"

#include <string.h>

#include "emulator/decode_table.h"

const char *const tsp_class_names[TSP_CLASSES] = {"loads",   "stores",  "branches", "calls",   "barriers",
                                                  "atomics", "ordered", "vector",   "syscalls"};

unsigned tsp_decode_row(const struct tsp_decode_row *rows, size_t count, uint32_t word) {
    for (size_t i = 0; i < count; ++i) {
        if ((word & rows[i].mask) == rows[i].value) {
            return rows[i].classes;
        }
    }
    return 0;
}

tsp_decoder *tsp_decode_find(const char *target) {
    static const struct {
        const char *target;
        tsp_decoder *decoder;
    } rows[] = {{"x86_64", tsp_decode_x86_64},   {"aarch64", tsp_decode_arm64},
                {"riscv64", tsp_decode_riscv64}, {"ppc64le", tsp_decode_ppc64el},
                {"s390x", tsp_decode_s390x},     {"arm", tsp_decode_a32}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        if (strcmp(rows[i].target, target) == 0) {
            return rows[i].decoder;
        }
    }
    return NULL;
}

/* Thumb's blx to near code, which stands alone where a call follows a call, and which Arm could read as an unconditional `b` far back, or
 * as a transfer of ip, sp, lr and pc, none of which compilers let begin a block. Their calls from Thumb to a procedure linkage table
 * are this blx. */
static int is_lone_blx(const struct tsp_code *code, size_t count) {
    return count == 1 && code->size == 4 && (tsp_little32(code->bytes) & 0xf801f800U) == 0xe800f000U;
}

/* QEMU 7.2 shows a Thumb instruction of two bytes with the two behind it, if it is the last of a block and what follows runs into the next
 * page: then its size tells nothing. */
static int may_be_short(const struct tsp_code *code, size_t i, size_t count) {
    return i > 0 && i + 1 == count && code[i].size == 4 && code[i].address % 4096 == 4096 - 4 &&
           code[i].bytes[1] < 0xe8;
}

int tsp_decode_is_thumb(const struct tsp_code *code, size_t count) {
    int all_always = !is_lone_blx(code, count);
    for (size_t i = 0; i < count; ++i) {
        if (code[i].size == 2 || code[i].address % 4 != 0) {
            return 1;
        }
        if (may_be_short(code, i, count)) {
            break;
        }
        if (code[i].size != 4 || code[i].bytes[1] < 0xe8) {
            return 0;
        }
        uint32_t word = tsp_little32(code[i].bytes);
        if ((word & 0x0fffff10U) == 0x012fff10U) {
            return 0; /* bx, blx: Thumb has no instruction of that form */
        }
        all_always &= word >> 28 == 0xe;
    }
    return !all_always;
}
