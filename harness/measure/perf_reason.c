/* Why an event does not count. Source of the meanings: perf_event_open(2), "ERRORS", and Documentation/admin-guide/perf-security.rst. */
#include "measure/perf_reason.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "measure/perf_kernel.h"

static void explain_denial(const struct tsp_perf_refusal *refusal, char *reason, size_t size) {
    int enough = refusal->counts_kernel ? 1 : 2;
    const char *mode = refusal->counts_kernel ? "kernel" : "user";
    if (refusal->paranoid == TSP_PARANOID_UNKNOWN) {
        (void)snprintf(
            reason, size,
            "counting %s mode is not permitted and the paranoia level cannot be read; to allow it: "
            "sudo sysctl -w kernel.perf_event_paranoid=%d",
            mode, enough);
    } else if (refusal->paranoid > enough) {
        (void)snprintf(reason, size,
                       "counting %s mode is not permitted: kernel.perf_event_paranoid is %d; to allow it: "
                       "sudo sysctl -w kernel.perf_event_paranoid=%d",
                       mode, refusal->paranoid, enough);
    } else {
        (void)snprintf(
            reason, size,
            "refused although kernel.perf_event_paranoid is %d: a container's filter; to allow it, start the container "
            "with --cap-add=PERFMON --security-opt seccomp=unconfined",
            refusal->paranoid);
    }
}

enum tsp_counter_status tsp_perf_refusal_explain(const struct tsp_perf_refusal *refusal, char *reason,
                                                 size_t size) {
    const char *why = NULL;
    switch (refusal->error) {
    case EACCES:
    case EPERM:
        explain_denial(refusal, reason, size);
        return TSP_COUNTER_DENIED;
    case ENOSYS:
        why = "perf_event_open is not implemented under this emulator or kernel";
        break;
    case EMFILE:
    case ENFILE:
        why = "no descriptor is left for it; to allow more: ulimit -n 1024";
        break;
    case EBUSY:
        why = "another program holds the PMU for itself (oprofile? nmi_watchdog?)";
        break;
    case ENOENT:
    case ENODEV:
    case EOPNOTSUPP:
    case EINVAL:
        if (refusal->hardware && !refusal->has_pmu) {
            why = "this machine shows no PMU (a virtual machine?)";
        } else if (refusal->error == EINVAL || refusal->error == EOPNOTSUPP) {
            why = refusal->counts_kernel ? "the PMU cannot count this event in kernel mode"
                                         : "the PMU cannot count this event in user mode";
        } else {
            why = refusal->hardware ? "the PMU here has no such event" : "the kernel here has no such event";
        }
        break;
    default:
        (void)snprintf(reason, size, "perf_event_open: %s",
                       strerror(refusal->error)); /* NOLINT(concurrency-mt-unsafe) */
        return TSP_COUNTER_UNSUPPORTED;
    }
    (void)snprintf(reason, size, "%s", why);
    return TSP_COUNTER_UNSUPPORTED;
}
