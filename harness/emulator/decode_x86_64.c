/* x86_64: prefixes, operation code, and the form of its operand; what an operation does is in decode_x86_64_maps.c. Source: Intel 64 and
 * IA-32 Architectures Software Developer's Manual, volume 2, 2.1 "Instruction Format" to 2.7, appendix A "Opcode Map". */
#include "emulator/decode_x86_64.h"
#include "emulator/decode.h"

#include <stdbool.h>

struct cursor {
    const unsigned char *at;
    const unsigned char *end;
    bool torn; /* bytes were missing */
};

static unsigned char next(struct cursor *cursor) {
    cursor->torn = cursor->torn || cursor->at == cursor->end;
    return cursor->torn ? 0 : *cursor->at++;
}

static unsigned char peek(const struct cursor *cursor) {
    return cursor->at < cursor->end ? *cursor->at : 0;
}

/* Legacy prefixes in any order, then REX. Returns the byte after them. */
static unsigned char take_prefixes(struct cursor *cursor, struct tsp_x86_operation *operation) {
    for (;;) {
        unsigned char byte = next(cursor);
        switch (byte) {
        case 0xf0:
            operation->lock = true;
            break;
        case 0xf2:
        case 0xf3:
            operation->prefix = byte;
            break;
        case 0x66:
            operation->prefix = operation->prefix != 0 ? operation->prefix : byte;
            break;
        case 0x26:
        case 0x2e:
        case 0x36:
        case 0x3e:
        case 0x64:
        case 0x65:
        case 0x67:
            break;
        default:
            if ((byte & 0xf0) != 0x40) {
                return byte;
            }
            break;
        }
        if (cursor->torn) {
            return 0;
        }
    }
}

/* VEX and EVEX name the mandatory prefix by two bits. */
static unsigned char implied_prefix(unsigned bits) {
    static const unsigned char prefixes[] = {0, 0x66, 0xf3, 0xf2};
    return prefixes[bits & 3];
}

static void take_vex(struct cursor *cursor, unsigned char byte, struct tsp_x86_operation *operation) {
    operation->vex = true;
    operation->map = TSP_X86_0F;
    if (byte == 0xc4) {
        operation->map = next(cursor) & 31;
    }
    operation->prefix = implied_prefix(next(cursor));
    operation->opcode = next(cursor);
}

static void take_evex(struct cursor *cursor, struct tsp_x86_operation *operation) {
    operation->vex = true;
    operation->evex = true;
    operation->map = next(cursor) & 7;
    operation->prefix = implied_prefix(next(cursor));
    (void)next(cursor);
    operation->opcode = next(cursor);
}

static void take_escape(struct cursor *cursor, struct tsp_x86_operation *operation) {
    operation->map = TSP_X86_0F;
    operation->opcode = next(cursor);
    if (operation->opcode == 0x38 || operation->opcode == 0x3a) {
        operation->map = operation->opcode == 0x38 ? TSP_X86_0F38 : TSP_X86_0F3A;
        operation->opcode = next(cursor);
    }
}

unsigned tsp_decode_x86_64(const unsigned char *bytes, size_t size) {
    struct cursor cursor = {.at = bytes, .end = bytes + size};
    struct tsp_x86_operation operation = {.map = TSP_X86_ONE_BYTE};
    unsigned char byte = take_prefixes(&cursor, &operation);
    if (byte == 0x0f) {
        take_escape(&cursor, &operation);
    } else if (byte == 0xc4 || byte == 0xc5) {
        take_vex(&cursor, byte, &operation);
    } else if (byte == 0x62) {
        take_evex(&cursor, &operation);
    } else {
        operation.opcode = byte;
    }
    if (cursor.torn) {
        return 0;
    }
    unsigned char form = peek(&cursor); /* of operations that have none, nobody looks at it */
    operation.memory = form >> 6 != 3;
    operation.extension = form >> 3 & 7;
    operation.form = form;
    unsigned classes = tsp_x86_classify(&operation);
    return operation.lock && (classes & TSP_STORES) != 0 ? classes | TSP_ATOMICS : classes;
}
