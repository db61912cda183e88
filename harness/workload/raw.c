/* Kept samples as a file. */
#include <string.h>

#include "record/sink.h"
#include "transept/workload.h"

enum { AT_A_TIME = 4096 };

int tsp_workload_write_raw(const struct tsp_workload_result *result, FILE *stream, struct tsp_error *error) {
    struct tsp_sink sink = {.stream = stream};
    unsigned char bytes[AT_A_TIME * sizeof *result->raw];
    tsp_sink_puts(&sink, "TSPRAW1\n");
    for (size_t done = 0; done < result->raw_count;) {
        size_t used = 0;
        for (; used < sizeof bytes && done < result->raw_count; ++done) {
            for (unsigned shift = 0; shift < 64; shift += 8) { /* the same on every ISA */
                bytes[used++] = (unsigned char)(result->raw[done] >> shift);
            }
        }
        tsp_sink_put(&sink, (const char *)bytes, used);
    }
    return tsp_sink_finish(&sink, "the raw samples", error);
}
