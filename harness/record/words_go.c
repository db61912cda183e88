/* The words of Go's benchmark format. */
#include "record/words_go.h"

#include <stdio.h>
#include <string.h>

#include "record/export.h"

/* golang.org/doc/install/source, GOARCH. */
static const struct {
    const char *arch;
    const char *goarch;
} arches[] = {{"x86_64", "amd64"}, {"ppc64el", "ppc64le"}, {"armhf", "arm"}, {"i386", "386"}};

const char *tsp_go_arch(const char *arch) {
    for (size_t i = 0; i < sizeof arches / sizeof *arches; ++i) {
        if (strcmp(arches[i].arch, arch) == 0) {
            return arches[i].goarch;
        }
    }
    return arch;
}

const char *tsp_go_arch_parse(const char *goarch) {
    for (size_t i = 0; i < sizeof arches / sizeof *arches; ++i) {
        if (strcmp(arches[i].goarch, goarch) == 0) {
            return arches[i].arch;
        }
    }
    return goarch;
}

const char *tsp_go_unit(const struct tsp_metric *metric, const char *percentile,
                        char unit[TSP_GO_UNIT_SIZE]) {
    const char *mark = tsp_export_mark(metric->evidence);
    const char *before = percentile != NULL ? percentile : "";
    const char *dash = percentile != NULL ? "-" : "";
    if (strcmp(metric->name, "time") == 0 && strcmp(metric->unit, "ns/op") == 0) {
        (void)snprintf(unit, TSP_GO_UNIT_SIZE, "%s%s%sns/op", mark, before, dash);
    } else if (strcmp(metric->unit, "count/op") == 0) {
        (void)snprintf(unit, TSP_GO_UNIT_SIZE, "%s%s%s%s/op", mark, before, dash, metric->name);
    } else {
        (void)snprintf(unit, TSP_GO_UNIT_SIZE, "%s%s%s%s-%s", mark, before, dash, metric->name, metric->unit);
    }
    return unit;
}
