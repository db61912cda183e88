/* Findings about the kernel's settings: memory and time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/quiet.h"

static char *word_of(const struct tsp_file *file, char *word, size_t size) {
    return tsp_text_clean(word, size, file->text, strlen(file->text));
}

/* Each round is a fresh process: with a fresh layout the intervals across rounds hold what the layout costs. */
struct tsp_finding tsp_quiet_aslr(const struct tsp_file *randomize_va_space) {
    static const char *const remedy = "sudo sysctl -w kernel.randomize_va_space=2";
    if (randomize_va_space->error != 0) {
        return tsp_finding_unknown("aslr", randomize_va_space,
                                   "whether rounds differ in their address layout cannot be seen");
    }
    char value[TSP_TEXT_MAX];
    (void)word_of(randomize_va_space, value, sizeof value);
    if (strcmp(value, "2") == 0) {
        return tsp_finding_make(
            "aslr", TSP_FINDING_OK, "full (2)",
            "rounds differ in their address layout, as they should: its cost is in the intervals", "");
    }
    if (strcmp(value, "1") == 0) {
        return tsp_finding_make(
            "aslr", TSP_FINDING_NOTE, "without the heap (1)",
            "all rounds share the heap's place: an accident of it may look like a fact in alloc and insert cases",
            remedy);
    }
    if (strcmp(value, "0") == 0) {
        return tsp_finding_make(
            "aslr", TSP_FINDING_WARNING, "off (0)",
            "all rounds share one address layout: intervals are too narrow, an accident of placement (some %) looks like a "
            "fact",
            remedy);
    }
    return tsp_finding_make("aslr", TSP_FINDING_UNKNOWN, value, "this setting is not 0, 1 or 2", "");
}

struct tsp_finding tsp_quiet_thp(const struct tsp_file *enabled) {
    if (enabled->error != 0) {
        return tsp_finding_unknown("thp", enabled, "whether memory may come in huge pages cannot be seen");
    }
    if (strstr(enabled->text, "[always]") != NULL) {
        return tsp_finding_make(
            "thp", TSP_FINDING_NOTE, "always",
            "memory may get huge pages in one round and not in the next: llc and dram cases, page-fault and alloc "
            "may jump by 10 to 30 %",
            "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled");
    }
    if (strstr(enabled->text, "[madvise]") != NULL) {
        return tsp_finding_make("thp", TSP_FINDING_OK, "madvise",
                                "huge pages come only where they are asked for", "");
    }
    if (strstr(enabled->text, "[never]") != NULL) {
        return tsp_finding_make("thp", TSP_FINDING_OK, "never", "all memory is in base pages", "");
    }
    char value[TSP_TEXT_MAX];
    return tsp_finding_make("thp", TSP_FINDING_UNKNOWN, word_of(enabled, value, sizeof value),
                            "this setting is not known", "");
}

struct tsp_finding tsp_quiet_swap(const struct tsp_file *swaps, const struct tsp_file *swappiness) {
    if (swaps->error != 0) {
        return tsp_finding_unknown("swap", swaps, "whether memory may go to a disk cannot be seen");
    }
    /* A line of titles, then one a swap area. */
    const char *areas = strchr(swaps->text, '\n');
    if (areas == NULL || areas[1] == '\0') {
        return tsp_finding_make("swap", TSP_FINDING_OK, "none", "memory stays in memory", "");
    }
    char value[TSP_TEXT_MAX];
    char eagerness[16];
    (void)snprintf(value, sizeof value, "on, swappiness %s",
                   swappiness->error == 0 ? word_of(swappiness, eagerness, sizeof eagerness) : "unknown");
    return tsp_finding_make(
        "swap", TSP_FINDING_NOTE, value,
        "when memory runs short, pages of large working sets (dram, insert) come from a disk: ms each, in P99 and maximum",
        "sudo swapoff -a");
}

struct tsp_finding tsp_quiet_clocksource(const struct tsp_file *current, const struct tsp_file *available) {
    /* Those that a program cannot read without the kernel; on x86 they stand for a time-stamp counter found unstable. */
    static const char *const slow[] = {"hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit", "xen"};
    if (current->error != 0) {
        return tsp_finding_unknown("clocksource", current,
                                   "how the kernel keeps time cannot be seen; the clock's own checks stand");
    }
    char value[TSP_TEXT_MAX];
    (void)word_of(current, value, sizeof value);
    for (size_t i = 0; i < sizeof slow / sizeof slow[0]; ++i) {
        if (strcmp(value, slow[i]) == 0) {
            return tsp_finding_make(
                "clocksource", TSP_FINDING_WARNING, value,
                "clock_gettime enters the kernel (0.2 to 2 us): clock_gettime/vdso shows that, and short ops lose "
                "precision where the ISA's own counter is not used",
                tsp_text_has_word(available->text, "tsc")
                    ? "echo tsc | sudo tee /sys/devices/system/clocksource/clocksource0/current_clocksource"
                    : "");
        }
    }
    return tsp_finding_make("clocksource", TSP_FINDING_OK, value,
                            "the kernel keeps time by a counter that programs can read", "");
}
