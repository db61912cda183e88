/* Inside of the claims module: a file of claims as it was read, before it is known to make sense. */
#ifndef TRANSEPT_CLAIMS_SPEC_H
#define TRANSEPT_CLAIMS_SPEC_H

#include <stdint.h>

#include "plan/yaml.h"
#include "transept/claims.h"

/** Bounds of a check, in the order of struct tsp_claim_bounds. */
#define TSP_CLAIM_BOUNDS 5

/** A check, and where the file says what. */
struct tsp_claim_check_text {
    struct tsp_claim_check check;
    uint64_t per;
    unsigned given;
    char *bounds[TSP_CLAIM_BOUNDS];
    struct tsp_yaml_place of_place;
    struct tsp_yaml_place to_place;
    struct tsp_yaml_place minus_place;
    struct tsp_yaml_place across_place;
    struct tsp_yaml_place metric_place;
    struct tsp_yaml_place per_place;
    struct tsp_yaml_place question_place;
    struct tsp_yaml_place bound_place[TSP_CLAIM_BOUNDS];
};

/** A claim, likewise. */
struct tsp_claim_text {
    struct tsp_claim claim;
    struct tsp_yaml_groups all; /* of struct tsp_claim_check_text */
    struct tsp_yaml_groups any;
    struct tsp_yaml_place id_place;
    struct tsp_yaml_place all_place;
    struct tsp_yaml_place any_place;
};

/** The whole file. */
struct tsp_claims_text {
    char *name;
    struct tsp_yaml_groups claims; /* of struct tsp_claim_text */
};

/** What single fields cannot say: fills bounds and the like, refuses what does not go together, with its place. */
int tsp_claims_settle(struct tsp_claims_text *text, const char *path, struct tsp_error *error);

#endif
