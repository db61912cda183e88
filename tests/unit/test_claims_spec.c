/* Files of claims: what they may say, and where each mistake is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "transept/claims.h"

#define HEAD "name: n\nclaims:\n  - id: X1\n    group: g\n    claim: c\n    tested: t\n"

static struct tsp_claims parse(const char *checks) {
    char yaml[4096];
    struct tsp_claims claims;
    struct tsp_error error = {""};
    (void)snprintf(yaml, sizeof yaml, HEAD "%s", checks);
    if (tsp_claims_parse(&claims, yaml, strlen(yaml), "f.yaml", &error) != 0) {
        fail_msg("%s", error.text);
    }
    return claims;
}

static void refused_text(const char *yaml, const char *where, const char *why) {
    struct tsp_claims claims;
    struct tsp_error error = {""};
    if (tsp_claims_parse(&claims, yaml, strlen(yaml), "f.yaml", &error) == 0) {
        fail_msg("no mistake was found in '%s'", yaml);
    }
    if (strncmp(error.text, where, strlen(where)) != 0 || strstr(error.text, why) == NULL) {
        fail_msg("'%s' lacks '%s' or '%s'", error.text, where, why);
    }
    assert_null(claims.of);
}

static void refused(const char *checks, const char *where, const char *why) {
    char yaml[4096];
    (void)snprintf(yaml, sizeof yaml, HEAD "%s", checks);
    refused_text(yaml, where, why);
}

static void mistakes_have_a_place(void **unused) {
    (void)unused;
    refused_text("", "f.yaml:1:1:", "empty");
    refused_text("name: n\n", "f.yaml:1:1:", "'claims' is missing");
    refused_text("name: n\nclaims: []\n", "f.yaml:2:9:", "0 entries");
    refused_text("name: n\nclaims:\n  - id: a b\n", "f.yaml:3:9:", "'a b' is no name");
    refused("", "f.yaml:3:9:", "neither 'all' nor 'any'");
    refused("    all: [{of: a}]\n    any: [{of: a}]\n", "f.yaml:8:10:", "'any' beside 'all'");
    refused("    all:\n      - {metric: m}\n", "f.yaml:8:9:", "'of' is missing");
    refused("    all:\n      - {of: a, metric: m, most: 1}\n", "f.yaml:8:28:", "unknown key 'most'");
    refused("    all:\n      - {of: a, metric: m, at-mots: 1}\n", "f.yaml:8:28:", "did you mean 'at-most'?");
    refused("    all:\n      - {of: a, at-least: 1}\n", "f.yaml:8:14:", "no 'metric'");
    refused("    all:\n      - {of: a, metric: m}\n", "f.yaml:8:7:", "nothing is tested");
    refused("    all:\n      - {of: a, metric: m, above: 1, given: yes}\n",
            "f.yaml:8:7:", "nothing is tested");
    refused("    all:\n      - {of: a, metric: m, above: -1}\n", "f.yaml:8:35:", "'-1' is no number");
    refused("    all:\n      - {of: a, metric: m, above: 1e3}\n", "f.yaml:8:35:", "'1e3' is no number");
    refused("    all:\n      - {of: a, metric: m, above: .inf}\n", "f.yaml:8:35:", "is no number");
    refused("    all:\n      - {of: a, metric: m, at-least: 30, at-most: 10}\n",
            "f.yaml:8:51:", "no value is within 'at-least: 30' and 'at-most: 10'");
    refused("    all:\n      - {of: a, metric: m, below: 2, above: 2}\n",
            "f.yaml:8:35:", "no value is within");
    refused("    all:\n      - {of: a, metric: m, below: 2, at-least: 2}\n",
            "f.yaml:8:35:", "no value is within");
    refused("    all:\n      - {of: a, metric: m, above: 1, equals: 1}\n",
            "f.yaml:8:46:", "no value is within");
    refused("    all:\n      - {of: a, metric: m, at-least: 1.5, equals: 1}\n",
            "f.yaml:8:51:", "no value is within");
    refused("    all:\n      - {of: a, metric: m, equals: 7, at-most: 6}\n",
            "f.yaml:8:48:", "no value is within");
    refused("    all:\n      - {of: a, metric: m, above: 1, given: maybe}\n",
            "f.yaml:8:45:", "'given' is none of no, yes");
    refused("    all:\n      - {of: a, metric: m, above: 1, choose: best}\n",
            "f.yaml:8:46:", "each, least, most");
    refused("    all:\n      - {of: a, metric: m, above: 1, arch: [vax]}\n",
            "f.yaml:8:45:", "'vax' is none of");
    refused("    all:\n      - {of: a, metric: m, above: 1, across: arm64}\n", "f.yaml:8:46:", "two ISAs");
    refused("    all:\n      - {of: a, metric: m, above: 1, across: arm64/arm64}\n",
            "f.yaml:8:46:", "two ISAs");
    refused("    all:\n      - {of: a, to: b, minus: c, metric: m, above: 1}\n", "f.yaml:8:31:", "keep one");
    refused("    all:\n      - {of: a, minus: c, across: arm64/x86_64, metric: m, above: 1}\n",
            "f.yaml:8:24:", "beside 'across'");
    refused("    all:\n      - {of: a, to: \"b,c\", metric: m, above: 1}\n", "f.yaml:8:21:", "alternatives");
    refused("    all:\n      - {of: \"a*,b\", to: c*, metric: m, above: 1}\n", "f.yaml:8:26:", "more stars");
    refused("    all:\n      - {of: a, to: b, metric: m, per: 10, above: 1}\n",
            "f.yaml:8:40:", "'per' beside a ratio");
    refused("    all:\n      - {of: a, metric: m, per: 0, above: 1}\n", "f.yaml:8:33:", "'per'");
    refused("    all:\n      - {of: a, metric: \"*\", above: 1}\n", "f.yaml:8:25:", "every exact count");
    refused("    all:\n      - {of: a, metric: \",m\", above: 1}\n", "f.yaml:8:25:", "empty or too long");
    refused("    all:\n      - {of: a, metric: m, is: seen, above: 1}\n", "f.yaml:8:45:", "beside 'is'");
    refused("    all:\n      - {of: a, is: seen}\n", "f.yaml:8:21:", "take a metric");
    refused("    all:\n      - {of: a, metric: m, is: faulted}\n", "f.yaml:8:32:", "takes none");
    refused("    all:\n      - {of: a, to: b, metric: m, is: never}\n", "f.yaml:8:39:", "single cases");
    refused(
        "    all:\n      - {of: a, metric: m, above: 1}\n  - id: x1\n    group: g\n    claim: c\n    tested: t\n"
        "    all:\n      - {of: a, metric: m, above: 1}\n",
        "f.yaml:9:9:", "an earlier claim has this id");
}

static void a_file_is_read(void **unused) {
    (void)unused;
    struct tsp_claims claims = parse(
        "    claimed: 6 x\n    any:\n      - {of: a/*, to: b/*, metric: \"time:p99\", at-most: 0.5, arch: [s390x]}\n"
        "      - {of: a, is: faulted}\n");
    const struct tsp_claim *claim = tsp_claim_find(&claims, "x1");
    assert_non_null(claim);
    assert_null(tsp_claim_find(&claims, "X2"));
    assert_true(claim->any);
    assert_int_equal(claim->check_count, 2);
    assert_string_equal(claim->claimed, "6 x");
    assert_string_equal(claim->checks[0].to, "b/*");
    assert_float_equal(claim->checks[0].bounds.at_most, 0.5, 0);
    assert_true(isnan(claim->checks[0].bounds.at_least));
    assert_string_equal(claim->checks[0].arch.items[0], "s390x");
    assert_int_equal(claim->checks[1].question, TSP_CLAIM_FAULTED);
    tsp_claims_free(&claims);
    assert_null(claims.of);
}

static void stars_are_remembered(void **unused) {
    (void)unused;
    char stars[TSP_CLAIM_STARS];
    char text[64];
    assert_true(tsp_claim_match("x,a/*/n=*", "a/b/n=10", stars, sizeof stars));
    assert_string_equal(tsp_claim_fill("c/*/m=*", stars, text, sizeof text), "c/b/m=10");
    assert_string_equal(tsp_claim_fill("c/*", stars, text, sizeof text), "c/b");
    assert_string_equal(tsp_claim_fill("c/*", stars, text, 3), "");
    assert_true(tsp_claim_match("a*", "a", stars, sizeof stars));
    assert_string_equal(tsp_claim_fill("b*", stars, text, sizeof text), "b");
    assert_false(tsp_claim_match("a", "ab", stars, sizeof stars));
    assert_false(tsp_claim_match("ab", "a", stars, sizeof stars));
    assert_false(tsp_claim_match("a/*/c", "a/b/d", stars, sizeof stars));
    assert_false(
        tsp_claim_match("*********x", "x", stars, sizeof stars)); /* more stars than are remembered */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_have_a_place),
        cmocka_unit_test(a_file_is_read),
        cmocka_unit_test(stars_are_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
