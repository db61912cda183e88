/* All claims on all records; of claims that take two, which two. */
#include <stdlib.h>
#include <string.h>

#include "transept/claims.h"

/* What pairs the claim's records: the `across` of its checks, which all say the same or the first counts. */
static const char *across_of(const struct tsp_claim *claim) {
    for (size_t i = 0; i < claim->check_count; ++i) {
        if (claim->checks[i].across != NULL) {
            return claim->checks[i].across;
        }
    }
    return "";
}

/* Can the record be the first (0) or the second (1) of the pair? */
static bool fits(const struct tsp_claim_record *record, const char *across, int side) {
    const char *slash = strchr(across, '/');
    if (slash == NULL) {
        return record->profile_guided == (side == 0);
    }
    size_t first = (size_t)(slash - across);
    return side == 1 ? strcmp(record->arch, slash + 1) == 0
                     : strlen(record->arch) == first && strncmp(record->arch, across, first) == 0;
}

/* Builds are compared on one machine. */
static bool go_together(const struct tsp_claim_record *a, const struct tsp_claim_record *b,
                        const char *across) {
    return strchr(across, '/') != NULL ||
           (strcmp(a->arch, b->arch) == 0 && strcmp(a->machine, b->machine) == 0);
}

/* What is better known of a claim replaces what was found before. Returns -1 when memory is out, 1 when something is shown. */
static int try_pair(struct tsp_claim_finding *best, const struct tsp_claim *claim,
                    const struct tsp_claim_record *first, const struct tsp_claim_record *second,
                    struct tsp_error *error) {
    struct tsp_claim_finding finding;
    if (tsp_claim_test(&finding, claim, first, second, error) != 0) {
        return -1;
    }
    if (best->claim == NULL || finding.verdict != TSP_CLAIM_NOT_SHOWN) {
        tsp_claim_finding_free(best);
        *best = finding;
    } else {
        tsp_claim_finding_free(&finding);
    }
    return best->verdict != TSP_CLAIM_NOT_SHOWN;
}

/* The first pair, in the order given, that shows something; where none does, the first; where there is none, what there is of it. */
static int test_pairs(struct tsp_claim_finding *best, const struct tsp_claim *claim,
                      const struct tsp_claim_record *records, size_t count, struct tsp_error *error) {
    const char *across = across_of(claim);
    const struct tsp_claim_record *alone[2] = {NULL, NULL};
    bool paired = false;
    *best = (struct tsp_claim_finding){.claim = NULL};
    for (size_t i = 0; i < count; ++i) {
        for (int side = 0; side < 2; ++side) {
            if (alone[side] == NULL && fits(&records[i], across, side)) {
                alone[side] = &records[i];
            }
        }
        for (size_t k = 0; k < count && fits(&records[i], across, 0); ++k) {
            if (!fits(&records[k], across, 1) || !go_together(&records[i], &records[k], across)) {
                continue;
            }
            paired = true;
            int status = try_pair(best, claim, &records[i], &records[k], error);
            if (status != 0) {
                return status < 0 ? -1 : 0;
            }
        }
    }
    if (paired) {
        return 0;
    }
    /* Two builds of different machines are no pair: then the second counts as missing. */
    const struct tsp_claim_record *second = alone[0] != NULL && alone[1] != NULL ? NULL : alone[1];
    return tsp_claim_test(best, claim, alone[0], second, error);
}

bool tsp_claims_report_has(const struct tsp_claims_report *report, const struct tsp_claim *claim) {
    return report->only == NULL || report->only[claim - report->claims->of];
}

int tsp_claims_report_make(struct tsp_claims_report *report, const struct tsp_claims *claims,
                           const bool *only, const struct tsp_claim_record *records, size_t record_count,
                           struct tsp_error *error) {
    *report = (struct tsp_claims_report){
        .claims = claims, .record_count = record_count, .records = records, .only = only};
    report->findings = calloc(claims->count * (record_count + 1) + 1, sizeof *report->findings);
    if (report->findings == NULL) {
        return tsp_error_set(error, "no memory for %zu claims on %zu records", claims->count, record_count);
    }
    int status = 0;
    for (size_t i = 0; status == 0 && i < claims->count; ++i) {
        const struct tsp_claim *claim = &claims->of[i];
        if (record_count == 0 || !tsp_claims_report_has(report, claim)) {
            continue;
        }
        if (tsp_claim_is_paired(claim)) {
            status = test_pairs(&report->findings[report->count], claim, records, record_count, error);
            report->count += status == 0;
            continue;
        }
        for (size_t r = 0; status == 0 && r < record_count; ++r) {
            status = tsp_claim_test(&report->findings[report->count], claim, &records[r], NULL, error);
            report->count += status == 0;
        }
    }
    if (status != 0) {
        tsp_claims_report_free(report);
    }
    return status;
}

void tsp_claims_report_free(struct tsp_claims_report *report) {
    for (size_t i = 0; i < report->count; ++i) {
        tsp_claim_finding_free(&report->findings[i]);
    }
    free(report->findings);
    report->findings = NULL;
    report->count = 0;
}
