/* The checksum of a file's content. */
#include "record/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "record/decode.h"
#include "record/encode.h"

static int add_bytes(const char *bytes, size_t size, void *digest) {
    uint64_t hash = *(const uint64_t *)digest;
    for (size_t i = 0; i < size; ++i) {
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    }
    *(uint64_t *)digest = hash;
    return 0;
}

uint64_t tsp_digest_add(uint64_t digest, const json_t *value) {
    (void)json_dump_callback(value, add_bytes, &digest,
                             JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY |
                                 JSON_REAL_PRECISION(TSP_DIGITS));
    return digest;
}

uint64_t tsp_digest_add_text(uint64_t digest, const char *text, size_t size) {
    (void)add_bytes(text, size, &digest);
    return digest;
}

const char *tsp_digest_text(uint64_t digest, char text[TSP_DIGEST_SIZE]) {
    (void)snprintf(text, TSP_DIGEST_SIZE, "fnv1a64:%016" PRIx64, digest);
    return text;
}

void tsp_decode_digest(struct tsp_decoder *decoder, const json_t *object, uint64_t digest) {
    char found[TSP_DIGEST_SIZE];
    char expected[TSP_DIGEST_SIZE];
    tsp_decode_name(decoder, object, "digest", found, sizeof found);
    if (strcmp(found, tsp_digest_text(digest, expected)) != 0) {
        tsp_decode_complain(decoder, "digest", "is %s, the content's is %s: something was changed", found,
                            expected);
    }
}
