/* In what two records differ before a single case is looked at. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "transept/comparison.h"

static const struct {
    unsigned bit;
    const char *name;
} across_names[] = {
    {TSP_ACROSS_MACHINE, "machine"},
    {TSP_ACROSS_COMPILER, "compiler"},
    {TSP_ACROSS_PAGE, "page"},
};
#define ACROSS_NAMES (sizeof across_names / sizeof *across_names)

const char *tsp_across_text(unsigned across, char *text, size_t size) {
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < ACROSS_NAMES; ++i) {
        if ((across & across_names[i].bit) != 0 && used < size) {
            used +=
                (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? "," : "", across_names[i].name);
        }
    }
    return text;
}

const char *tsp_across_name(size_t index) {
    return index < ACROSS_NAMES ? across_names[index].name : NULL;
}

int tsp_question_across(struct tsp_question *question, const char *text, struct tsp_error *error) {
    for (const char *word = text; word != NULL;) {
        size_t length = strcspn(word, ",");
        size_t i = 0;
        while (i < ACROSS_NAMES &&
               (strlen(across_names[i].name) != length || strncmp(word, across_names[i].name, length) != 0)) {
            ++i;
        }
        if (i == ACROSS_NAMES) {
            char all[64];
            return tsp_error_set(error, "'%.*s' is nothing to compare across; there are %s", (int)length,
                                 word, tsp_across_text(~0U, all, sizeof all));
        }
        question->across |= across_names[i].bit;
        word = word[length] == ',' ? word + length + 1 : NULL;
    }
    return 0;
}

/* Notes a fact in which the two differ. */
static void add(struct tsp_head_differences *differences, const char *what, unsigned across,
                const char *first, const char *other) {
    if (strcmp(first, other) == 0 || differences->count == TSP_DIFFERENCES_MAX) {
        return;
    }
    struct tsp_head_difference *difference = &differences->of[differences->count++];
    difference->what = what;
    difference->across = across;
    differences->across |= across;
    (void)snprintf(difference->first, sizeof difference->first, "%s", first[0] != '\0' ? first : "not known");
    (void)snprintf(difference->other, sizeof difference->other, "%s", other[0] != '\0' ? other : "not known");
}

/* Two facts of a kind, as text. */
struct pair {
    char of[2][TSP_TEXT_MAX];
};

static void executors(struct pair *pair, const struct tsp_machine *const machine[2]) {
    for (int i = 0; i < 2; ++i) {
        if (machine[i]->emulated) {
            (void)snprintf(pair->of[i], sizeof pair->of[i], "%.40s %.40s on %s", machine[i]->emulator,
                           machine[i]->emulator_version, machine[i]->host_arch);
        } else {
            (void)snprintf(pair->of[i], sizeof pair->of[i], "hardware");
        }
    }
}

static void compare_machines(struct tsp_head_differences *differences,
                             const struct tsp_machine *const machine[2]) {
    struct pair pair;
    const unsigned bit = TSP_ACROSS_MACHINE;
    add(differences, "ISA", 0, machine[0]->arch, machine[1]->arch);
    differences->isa = differences->count > 0;
    executors(&pair, machine);
    add(differences, "executed by", bit, pair.of[0], pair.of[1]);
    add(differences, "CPU", bit, machine[0]->cpu_model, machine[1]->cpu_model);
    add(differences, "hypervisor", bit, machine[0]->hypervisor, machine[1]->hypervisor);
    add(differences, "kernel", 0, machine[0]->kernel, machine[1]->kernel);
    add(differences, "libc", 0, machine[0]->libc, machine[1]->libc);
    for (int i = 0; i < 2; ++i) {
        pair.of[i][0] = '\0';
        if (machine[i]->page_bytes > 0) {
            (void)snprintf(pair.of[i], sizeof pair.of[i], "%" PRIu64 " bytes", machine[i]->page_bytes);
        }
    }
    add(differences, "page", TSP_ACROSS_PAGE, pair.of[0], pair.of[1]);
    add(differences, "machine", bit, machine[0]->id, machine[1]->id);
}

static void compare_builds(struct tsp_head_differences *differences, const struct tsp_build *const build[2]) {
    struct pair pair;
    for (int i = 0; i < 2; ++i) {
        (void)snprintf(pair.of[i], sizeof pair.of[i], "%.60s %s", build[i]->compiler, build[i]->version);
    }
    add(differences, "compiler", TSP_ACROSS_COMPILER, pair.of[0], pair.of[1]);
    add(differences, "flags", TSP_ACROSS_COMPILER, build[0]->flags, build[1]->flags);
    add(differences, "profile-guided", TSP_ACROSS_COMPILER, build[0]->profile_guided ? "yes" : "no",
        build[1]->profile_guided ? "yes" : "no");
}

static void compare_runs(struct tsp_head_differences *differences, const struct tsp_run *const run[2]) {
    struct pair pair;
    add(differences, "version", 0, run[0]->version, run[1]->version);
    add(differences, "suite", 0, run[0]->suite, run[1]->suite);
    for (int i = 0; i < 2; ++i) {
        pair.of[i][0] = '\0'; /* imported */
        if (isfinite(run[i]->profile.time_ms) && isfinite(run[i]->profile.warmup_ms)) {
            (void)snprintf(pair.of[i], sizeof pair.of[i], "%g ms after %g ms", run[i]->profile.time_ms,
                           run[i]->profile.warmup_ms);
        }
    }
    add(differences, "rounds of", 0, pair.of[0], pair.of[1]);
}

void tsp_heads_compare(struct tsp_head_differences *differences, const struct tsp_record *first,
                       const struct tsp_record *other) {
    memset(differences, 0, sizeof *differences);
    compare_machines(differences, (const struct tsp_machine *const[]){&first->machine, &other->machine});
    compare_builds(differences, (const struct tsp_build *const[]){&first->build, &other->build});
    compare_runs(differences, (const struct tsp_run *const[]){&first->run, &other->run});
}
