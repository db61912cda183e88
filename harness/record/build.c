/* What compiled this library, and the libraries it runs with. */
#include <gsl/gsl_version.h>
#include <hwloc.h>
#include <perfmon/pfmlib.h>
#include <stdio.h>
#include <string.h>

#include "transept/record.h"
#include "transept_toolchain.h"

#ifdef __clang__
#define COMPILER         "clang"
#define COMPILER_VERSION __clang_version__
#else
#define COMPILER         "gcc"
#define COMPILER_VERSION __VERSION__
#endif

/* The last -O on the command line is the one that counts; "-O" alone is -O1. */
static void find_optimisation(char *word, size_t size, const char *flags) {
    (void)snprintf(word, size, "-O0");
    for (const char *found = strstr(flags, "-O"); found != NULL; found = strstr(found + 1, "-O")) {
        if (found == flags || found[-1] == ' ') {
            (void)snprintf(word, size, "%.*s", (int)strcspn(found, " "), found);
        }
    }
}

void tsp_build_describe(struct tsp_build *build) {
    memset(build, 0, sizeof *build);
    (void)snprintf(build->compiler, sizeof build->compiler, "%s", COMPILER);
    (void)snprintf(build->version, sizeof build->version, "%s", COMPILER_VERSION);
    (void)snprintf(build->release, sizeof build->release, "%s", TSP_COMPILER_RELEASE);
    (void)snprintf(build->target, sizeof build->target, "%s", TSP_COMPILER_TARGET);
    (void)snprintf(build->linker, sizeof build->linker, "%s", TSP_LINKER);
    (void)snprintf(build->flags, sizeof build->flags, "%s", TSP_BUILD_FLAGS + strspn(TSP_BUILD_FLAGS, " "));
    find_optimisation(build->optimisation, sizeof build->optimisation, build->flags);
    build->profile_guided = strstr(build->flags, "-fprofile-use") != NULL;

    unsigned hwloc = hwloc_get_api_version();
    (void)snprintf(build->hwloc, sizeof build->hwloc, "API %u.%u.%u", hwloc >> 16, (hwloc >> 8) & 255,
                   hwloc & 255);
    int pfm = pfm_get_version();
    (void)snprintf(build->libpfm4, sizeof build->libpfm4, "API %d.%d", PFM_MAJ_VERSION(pfm),
                   PFM_MIN_VERSION(pfm));
    (void)snprintf(build->gsl, sizeof build->gsl, "%s", gsl_version);
}
