/* Names of perf events. Hardware events are libpfm4's; the software events are few, and libpfm4 4.13 lacks two of them. */
#include "measure/perf_names.h"

#include <perfmon/pfmlib_perf_event.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "transept/round.h"

/* Which modes a software event counts when its name does not say. */
enum default_mode { IN_USER, IN_BOTH, IN_BOTH_ALWAYS };

static const struct software_event {
    const char *name;
    unsigned config;
    enum default_mode mode;
} software_events[] = {
    {"page-faults", PERF_COUNT_SW_PAGE_FAULTS, IN_USER},
    {"minor-faults", PERF_COUNT_SW_PAGE_FAULTS_MIN, IN_USER},
    {"major-faults", PERF_COUNT_SW_PAGE_FAULTS_MAJ, IN_USER},
    {"alignment-faults", PERF_COUNT_SW_ALIGNMENT_FAULTS, IN_USER},
    {"emulation-faults", PERF_COUNT_SW_EMULATION_FAULTS, IN_USER},
    {"context-switches", PERF_COUNT_SW_CONTEXT_SWITCHES, IN_BOTH_ALWAYS},
    {"cpu-migrations", PERF_COUNT_SW_CPU_MIGRATIONS, IN_BOTH_ALWAYS},
    {"task-clock", PERF_COUNT_SW_TASK_CLOCK, IN_BOTH},
};

/* The generic hardware events. libpfm4 encodes them; the list is for suggestions, and for systems where it sees no perf at all. */
static const char *const generic_events[] = {
    "instructions",
    "cycles",
    "branches",
    "branch-misses",
    "cache-references",
    "cache-misses",
    "bus-cycles",
    "ref-cycles",
    "stalled-cycles-frontend",
    "stalled-cycles-backend",
    "L1-dcache-loads",
    "L1-dcache-load-misses",
    "dTLB-load-misses",
    "LLC-load-misses",
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Length of a name before its first modifier or unit mask. */
static size_t base_length(const char *name) {
    return strcspn(name, ":");
}

/* The trailing modifiers of a simple name: "", ":u", ":k", ":uk", ":u:k". Returns false when there is anything else. */
static bool parse_modes(const char *modifiers, bool *user, bool *kernel) {
    *user = *kernel = false;
    for (; *modifiers != '\0'; ++modifiers) {
        if (*modifiers == 'u') {
            *user = true;
        } else if (*modifiers == 'k') {
            *kernel = true;
        } else if (*modifiers != ':') {
            return false;
        }
    }
    return true;
}

static const struct software_event *find_software(const char *name) {
    size_t length = base_length(name);
    for (size_t i = 0; i < COUNT(software_events); ++i) {
        if (strlen(software_events[i].name) == length &&
            strncasecmp(software_events[i].name, name, length) == 0) {
            return &software_events[i];
        }
    }
    return NULL;
}

static bool is_generic(const char *name) {
    size_t length = base_length(name);
    for (size_t i = 0; i < COUNT(generic_events); ++i) {
        if (strlen(generic_events[i]) == length && strncasecmp(generic_events[i], name, length) == 0) {
            bool user;
            bool kernel;
            return parse_modes(name + length, &user, &kernel);
        }
    }
    return false;
}

static void finish_attribute(struct perf_event_attr *attr) {
    attr->size = sizeof *attr;
    attr->disabled = 1;
    attr->inherit = 0;
    attr->exclude_hv = 1; /* the hypervisor's work is neither the program's nor the kernel's */
    attr->read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
}

static enum tsp_perf_name encode_software(const struct software_event *event, const char *name,
                                          struct perf_event_attr *attr, char *reason, size_t size) {
    bool user;
    bool kernel;
    if (!parse_modes(name + base_length(name), &user, &kernel)) {
        (void)snprintf(reason, size, "a software event takes :u and :k only");
        return TSP_NAME_UNKNOWN;
    }
    if (event->mode == IN_BOTH_ALWAYS || (!user && !kernel && event->mode == IN_BOTH)) {
        user = kernel = true;
    } else if (!user && !kernel) {
        user = true;
    }
    memset(attr, 0, sizeof *attr);
    attr->type = PERF_TYPE_SOFTWARE;
    attr->config = event->config;
    attr->exclude_user = !user;
    attr->exclude_kernel = !kernel;
    finish_attribute(attr);
    return TSP_NAME_KNOWN;
}

/* The PMU of libpfm4's tables that has an event of that base name though this machine has not that PMU. False: there is none. */
static bool find_elsewhere(const char *name, char *pmu, size_t size) {
    const char *separator = strstr(name, "::");
    const char *event = separator != NULL ? separator + 2 : name;
    size_t length = base_length(event);
    for (int p = PFM_PMU_NONE + 1; p < PFM_PMU_MAX; ++p) {
        pfm_pmu_info_t info = {.size = sizeof info};
        if (pfm_get_pmu_info((pfm_pmu_t)p, &info) != PFM_SUCCESS || info.is_present) {
            continue;
        }
        for (int e = info.first_event; e != -1; e = pfm_get_event_next(e)) {
            pfm_event_info_t found = {.size = sizeof found};
            if (pfm_get_event_info(e, PFM_OS_PERF_EVENT_EXT, &found) == PFM_SUCCESS &&
                strlen(found.name) == length && strncasecmp(found.name, event, length) == 0) {
                (void)snprintf(pmu, size, "%s", info.desc);
                return true;
            }
        }
    }
    return false;
}

enum tsp_perf_name tsp_perf_encode(const char *name, struct perf_event_attr *attr, char *reason,
                                   size_t size) {
    const struct software_event *software = find_software(name);
    if (software != NULL) {
        return encode_software(software, name, attr, reason, size);
    }
    memset(attr, 0, sizeof *attr);
    attr->size = sizeof *attr;
    int status = pfm_initialize();
    if (status == PFM_SUCCESS) {
        pfm_perf_encode_arg_t encode = {.attr = attr, .size = sizeof encode};
        status = pfm_get_os_event_encoding(name, PFM_PLM0 | PFM_PLM3, PFM_OS_PERF_EVENT_EXT, &encode);
    }
    if (status == PFM_SUCCESS) {
        finish_attribute(attr);
        return TSP_NAME_KNOWN;
    }
    char pmu[TSP_NAME_MAX];
    if (is_generic(name)) {
        (void)snprintf(reason, size, "libpfm4 sees no perf events on this system (%s)", pfm_strerror(status));
        return TSP_NAME_ABSENT;
    }
    if (status == PFM_ERR_NOTFOUND && find_elsewhere(name, pmu, sizeof pmu)) {
        (void)snprintf(reason, size, "an event of %s, which this machine's PMU is not", pmu);
        return TSP_NAME_ABSENT;
    }
    (void)snprintf(reason, size, "%s", pfm_strerror(status));
    return TSP_NAME_UNKNOWN;
}

enum tsp_counter_kind tsp_perf_kind(const char *name, const struct perf_event_attr *attr) {
    if (!tsp_perf_is_hardware(attr)) {
        return TSP_COUNTS_SOFTWARE;
    }
    /* Intel, Arm and POWER call it INST_RETIRED, PM_INST_CMPL and the like; only the names that mean exactly that are tested by the loop. */
    bool retired = strncasecmp(name, "INST_RETIRED:ANY", 16) == 0 || strcasecmp(name, "INST_RETIRED:u") == 0;
    bool generic = attr->type == PERF_TYPE_HARDWARE && attr->config == PERF_COUNT_HW_INSTRUCTIONS;
    if ((!generic && !retired) || attr->exclude_user) {
        return TSP_COUNTS_SOMETHING;
    }
    return attr->exclude_kernel ? TSP_COUNTS_USER_INSTRUCTIONS : TSP_COUNTS_INSTRUCTIONS;
}

bool tsp_perf_is_hardware(const struct perf_event_attr *attr) {
    return attr->type != PERF_TYPE_SOFTWARE && attr->type != PERF_TYPE_TRACEPOINT;
}

void tsp_perf_each_name(void (*visit)(void *context, const char *name), void *context) {
    for (size_t i = 0; i < COUNT(generic_events); ++i) {
        visit(context, generic_events[i]);
    }
    for (size_t i = 0; i < COUNT(software_events); ++i) {
        visit(context, software_events[i].name);
    }
    if (pfm_initialize() != PFM_SUCCESS) {
        return;
    }
    for (int p = PFM_PMU_NONE + 1; p < PFM_PMU_MAX; ++p) {
        pfm_pmu_info_t info = {.size = sizeof info};
        if (pfm_get_pmu_info((pfm_pmu_t)p, &info) != PFM_SUCCESS || !info.is_present ||
            info.type != PFM_PMU_TYPE_CORE) {
            continue;
        }
        for (int e = info.first_event; e != -1; e = pfm_get_event_next(e)) {
            pfm_event_info_t event = {.size = sizeof event};
            if (pfm_get_event_info(e, PFM_OS_PERF_EVENT_EXT, &event) == PFM_SUCCESS) {
                visit(context, event.name);
            }
        }
    }
}

void tsp_perf_pmu_name(char *name, size_t size) {
    (void)snprintf(name, size, "none");
    if (pfm_initialize() != PFM_SUCCESS) {
        return;
    }
    for (int p = PFM_PMU_NONE + 1; p < PFM_PMU_MAX; ++p) {
        pfm_pmu_info_t info = {.size = sizeof info};
        if (pfm_get_pmu_info((pfm_pmu_t)p, &info) == PFM_SUCCESS && info.is_present &&
            info.type == PFM_PMU_TYPE_CORE) {
            (void)snprintf(name, size, "%s (%s)", info.name, info.desc);
            return;
        }
    }
}
