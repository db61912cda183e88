/* Decoding arm64, riscv64 and ppc64el, and what all decoders have in common. */
#include "decode_samples.h"

/* clang-format off */
static const struct sample arm64[] = {
    {"1f2003d5", "nop", 0},
    {"2000028b", "add x0, x1, x2", 0},
    {"200040f9", "ldr x0, [x1]", L},
    {"207862f8", "ldr x0, [x1, x2, lsl #3]", L},
    {"208440f8", "ldr x0, [x1], #8", L},
    {"200480b9", "ldrsw x0, [x1, #4]", L},
    {"200040fd", "ldr d0, [x1]", L},
    {"2000c03d", "ldr q0, [x1]", L | V},
    {"40000058", "ldr x0, .+8", L},
    {"e007c1a8", "ldp x0, x1, [sp], #16", L},
    {"400440ad", "ldp q0, q1, [x2]", L | V},
    {"40044069", "ldpsw x0, x1, [x2]", L},
    {"fd7bbfa9", "stp x29, x30, [sp, #-16]!", S},
    {"200400b9", "str w0, [x1, #4]", S},
    {"20682238", "strb w0, [x1, x2]", S},
    {"200c813c", "str q0, [x1, #16]!", S | V},
    {"20d01ff8", "stur x0, [x1, #-3]", S},
    {"000080f9", "prfm pldl1keep, [x0]", 0},
    {"0068a1f8", "prfm pldl1keep, [x0, x1]", 0},
    {"20fcdfc8", "ldar x0, [x1]", L | O},
    {"20fc9fc8", "stlr x0, [x1]", S | O},
    {"20c0bff8", "ldapr x0, [x1]", L | O},
    {"208040d9", "ldapur x0, [x1, #8]", L | O},
    {"208000d9", "stlur x0, [x1, #8]", S | O},
    {"207c5fc8", "ldxr x0, [x1]", L | A},
    {"20fc5fc8", "ldaxr x0, [x1]", L | A | O},
    {"207c02c8", "stxr w2, x0, [x1]", S | A},
    {"20fc02c8", "stlxr w2, x0, [x1]", S | A | O},
    {"40847fc8", "ldaxp x0, x1, [x2]", L | A | O},
    {"400423c8", "stxp w3, x0, x1, [x2]", S | A},
    {"417ca0c8", "cas x0, x1, [x2]", L | S | A},
    {"41fce0c8", "casal x0, x1, [x2]", L | S | A | O},
    {"827c2048", "casp x0, x1, x2, x3, [x4]", L | S | A},
    {"827c6048", "caspa x0, x1, x2, x3, [x4]", L | S | A | O},
    {"418020f8", "swp x0, x1, [x2]", L | S | A},
    {"4180e0f8", "swpal x0, x1, [x2]", L | S | A | O},
    {"410020f8", "ldadd x0, x1, [x2]", L | S | A},
    {"410060b8", "ldaddl w0, w1, [x2]", L | S | A | O},
    {"3f0020f8", "stadd x0, [x1]", L | S | A},
    {"bf3b03d5", "dmb ish", F},
    {"bf3903d5", "dmb ishld", F},
    {"9f3f03d5", "dsb sy", F},
    {"df3f03d5", "isb", F},
    {"ff3003d5", "sb", F},
    {"3f2003d5", "yield", 0},
    {"5f2003d5", "wfe", 0},
    {"5f3f03d5", "clrex", 0},
    {"00000014", "b .", B},
    {"01000054", "b.ne .", B},
    {"000000b4", "cbz x0, .", B},
    {"00002837", "tbnz x0, #5, .", B},
    {"00000094", "bl .", B | C},
    {"60003fd6", "blr x3", B | C},
    {"60001fd6", "br x3", B},
    {"c0035fd6", "ret", B},
    {"ff0b5fd6", "retaa", B},
    {"010000d4", "svc #0", Y},
    {"200020d4", "brk #1", 0},
    {"40e03bd5", "mrs x0, cntvct_el0", 0},
    {"20740bd5", "dc zva, x0", S},
    {"207a0bd5", "dc cvac, x0", 0},
    {"0070404c", "ld1 {v0.16b}, [x0]", L | V},
    {"0008df4c", "ld4 {v0.4s-v3.4s}, [x0], #64", L | V},
    {"0090000d", "st1 {v0.s}[1], [x0]", S | V},
    {"2084a24e", "add v0.4s, v1.4s, v2.4s", V},
    {"2028621e", "fadd d0, d1, d2", 0},
    {"0000679e", "fmov d0, x0", 0},
    {"2048284e", "aese v0.16b, v1.16b", V},
    {"00a0e0a5", "ld1d {z0.d}, p0/z, [x0]", L | V},
    {"00e040e5", "st1w {z0.s}, p0, [x0]", S | V},
    {"2000e204", "add z0.d, z1.d, z2.d", V},
    {"40040119", "cpyfp [x0]!, [x1]!, x2!", L | S},
    {"2044c219", "setm [x0]!, x1!, x2", S},
    {"200820d9", "stg x0, [x1]", S},
    {"200060d9", "ldg x0, [x1]", L},
};
/* clang-format on */

/* clang-format off */
static const struct sample riscv64[] = {
    {"0100", "nop", 0},
    {"8865", "ld a0, 8(a1)", L},
    {"03c50500", "lbu a0, 0(a1)", L},
    {"88e5", "sd a0, 8(a1)", S},
    {"a380a500", "sb a0, 1(a1)", S},
    {"8825", "fld fa0, 8(a1)", L},
    {"88a5", "fsd fa0, 8(a1)", S},
    {"07a53500", "flw fa0, 3(a1)", L},
    {"2fb50510", "lr.d a0, (a1)", L | A},
    {"2fa50516", "lr.w.aqrl a0, (a1)", L | A | O},
    {"2fb5c518", "sc.d a0, a2, (a1)", S | A},
    {"2fa5c51a", "sc.w.rl a0, a2, (a1)", S | A | O},
    {"2fb5c500", "amoadd.d a0, a2, (a1)", L | S | A},
    {"2fa5c50c", "amoswap.w.aq a0, a2, (a1)", L | S | A | O},
    {"2fb5c5e6", "amomaxu.d.aqrl a0, a2, (a1)", L | S | A | O},
    {"0f003003", "fence rw, rw", F},
    {"0f003002", "fence r, rw", F},
    {"0f003083", "fence.tso", F},
    {"0f100000", "fence.i", F},
    {"0f000001", ".word 0x0100000f", 0},
    {"6300b500", "beq a0, a1, .", B},
    {"ef000000", "jal ra, .", B | C},
    {"6f000000", "jal zero, .", B},
    {"e7000500", "jalr ra, 0(a0)", B | C},
    {"e7024500", "jalr t0, 4(a0)", B | C},
    {"67004500", "jalr zero, 4(a0)", B},
    {"73000000", "ecall", Y},
    {"0290", "ebreak", 0},
    {"732510c0", "rdtime a0", 0},
    {"53f5c502", "fadd.d fa0, fa1, fa2", 0},
    {"0f204500", "cbo.zero (a0)", S},
    {"0f201500", "cbo.clean (a0)", 0},
    {"87700502", "vle64.v v1, (a0)", L | V},
    {"a7000502", "vse8.v v1, (a0)", S | V},
    {"d7802102", "vadd.vv v1, v2, v3", V},
    {"0808", "c.addi4spn a0, sp, 16", 0},
    {"8825", "c.fld fa0, 8(a1)", L},
    {"c841", "c.lw a0, 4(a1)", L},
    {"8865", "c.ld a0, 8(a1)", L},
    {"88a5", "c.fsd fa0, 8(a1)", S},
    {"c8c1", "c.sw a0, 4(a1)", S},
    {"88e5", "c.sd a0, 8(a1)", S},
    {"0505", "c.addi a0, 1", 0},
    {"0525", "c.addiw a0, 1", 0},
    {"0545", "c.li a0, 1", 0},
    {"0565", "c.lui a0, 1", 0},
    {"0d8d", "c.sub a0, a1", 0},
    {"01a0", "c.j .", B},
    {"01c1", "c.beqz a0, .", B},
    {"01e1", "c.bnez a0, .", B},
    {"0605", "c.slli a0, 1", 0},
    {"2225", "c.fldsp fa0, 8(sp)", L},
    {"1245", "c.lwsp a0, 4(sp)", L},
    {"2265", "c.ldsp a0, 8(sp)", L},
    {"0285", "c.jr a0", B},
    {"2e85", "c.mv a0, a1", 0},
    {"0290", "c.ebreak", 0},
    {"0295", "c.jalr a0", B | C},
    {"2e95", "c.add a0, a1", 0},
    {"2aa4", "c.fsdsp fa0, 8(sp)", S},
    {"2ac2", "c.swsp a0, 4(sp)", S},
    {"2ae4", "c.sdsp a0, 8(sp)", S},
    {"0080", ".half 0x8000", L},
    {"0088", ".half 0x8800", S},
};
/* clang-format on */

/* clang-format off */
static const struct sample ppc64el[] = {
    {"00000060", "nop", 0},
    {"080064e8", "ld 3, 8(4)", L},
    {"090064e8", "ldu 3, 8(4)", L},
    {"0a0064e8", "lwa 3, 8(4)", L},
    {"08006480", "lwz 3, 8(4)", L},
    {"ae28647c", "lbzx 3, 4, 5", L},
    {"2c2e647c", "lhbrx 3, 4, 5", L},
    {"0000c4bb", ".long 0xbbc40000", L},
    {"080024c8", "lfd 1, 8(4)", L},
    {"ae2e247c", "lfiwax 1, 4, 5", L},
    {"0a0024e4", "lxsd 1, 8(4)", L},
    {"080064f8", "std 3, 8(4)", S},
    {"e1ff21f8", "stdu 1, -32(1)", S},
    {"6a21217c", "stdux 1, 1, 4", S},
    {"01006498", "stb 3, 1(4)", S},
    {"2e2b647c", "sthx 3, 4, 5", S},
    {"080024d8", "stfd 1, 8(4)", S},
    {"0a0024f4", "stxsd 1, 8(4)", S},
    {"0b0024f4", "stxssp 1, 8(4)", S},
    {"ce28247c", "lvx 1, 4, 5", L | V},
    {"982e247c", "lxvd2x 1, 4, 5", L | V},
    {"192a247c", "lxvx 33, 4, 5", L | V},
    {"110024f4", "lxv 1, 16(4)", L | V},
    {"ce29247c", "stvx 1, 4, 5", S | V},
    {"992f447c", "stxvd2x 34, 4, 5", S | V},
    {"150024f4", "stxv 1, 16(4)", S | V},
    {"0c28247c", "lvsl 1, 4, 5", V},
    {"2820607c", "lwarx 3, 0, 4", L | A},
    {"a820607c", "ldarx 3, 0, 4", L | A},
    {"2832807c", "lqarx 4, 0, 6", L | A},
    {"2d21607c", "stwcx. 3, 0, 4", S | A},
    {"ad21607c", "stdcx. 3, 0, 4", S | A},
    {"6d31807c", "stqcx. 4, 0, 6", S | A},
    {"cc04647c", "ldat 3, 4, 0", L | S | A},
    {"cc05647c", "stdat 3, 4, 0", L | S | A},
    {"ac04007c", "sync", F},
    {"ac04207c", "lwsync", F},
    {"ac04407c", "ptesync", F},
    {"2c01004c", "isync", F},
    {"ac06007c", "eieio", F},
    {"00000048", "b .", B},
    {"01000048", "bl .", B | C},
    {"00008241", "beq .", B},
    {"00000042", "bdnz .", B},
    {"05009f42", "bcl 20, 31, .+4", B | C},
    {"2000804e", "blr", B},
    {"2004804e", "bctr", B},
    {"2104804e", "bctrl", B | C},
    {"2100804e", "bclrl 20, 0", B | C},
    {"8231c64c", "crxor 6, 6, 6", 0},
    {"02000044", "sc", Y},
    {"01000044", "scv 0", Y},
    {"2c22007c", "dcbt 0, 4", 0},
    {"ec27007c", "dcbz 0, 4", S},
    {"ac27007c", "icbi 0, 4", 0},
    {"a6426c7c", "mftb 3", 0},
    {"6601237c", "mtvsrd 1, 3", 0},
    {"780b217c", "or 1, 1, 1", 0},
    {"b3296410", "maddld 3, 4, 5, 6", 0},
    {"00182210", "vaddubm 1, 2, 3", V},
    {"001b22f0", "xvadddp 1, 2, 3", V},
    {"001922f0", "xsadddp 1, 2, 3", 0},
    {"601520f0", "xscvdpsxds 1, 2", 0},
    {"501822f0", "xxpermdi 1, 2, 3, 0", V},
    {"901c22f0", "xxlor 1, 2, 3", V},
    {"d00220f0", "xxspltib 1, 0", V},
    {"301922f0", "xxsel 1, 2, 3, 4", V},
    {"2a1822fc", "fadd 1, 2, 3", 0},
    {"00000004080064e4", "pld 3, 8(4)", L},
    {"0000000608006480", "plwz 3, 8(4)", L},
    {"00000004080064f4", "pstd 3, 8(4)", S},
    {"00000004080024c8", "plxv 1, 8(4)", L | V},
    {"00000004080024d8", "pstxv 1, 8(4)", S | V},
    {"0000000605006438", "paddi 3, 4, 5", 0},
    {"00004418", "lxvp 2, 0(4)", L | V},
    {"01004418", "stxvp 2, 0(4)", S | V},
};
/* clang-format on */

static void arm64_is_decoded(void **state) {
    (void)state;
    CHECK(tsp_decode_arm64, arm64);
}

static void riscv64_is_decoded(void **state) {
    (void)state;
    CHECK(tsp_decode_riscv64, riscv64);
}

static void ppc64el_is_decoded(void **state) {
    (void)state;
    CHECK(tsp_decode_ppc64el, ppc64el);
}

/* Half an instruction at the end of a page must not be read beyond. */
static void too_few_bytes_are_nothing(void **state) {
    (void)state;
    static tsp_decoder *const decoders[] = {tsp_decode_x86_64,  tsp_decode_arm64, tsp_decode_riscv64,
                                            tsp_decode_ppc64el, tsp_decode_s390x, tsp_decode_a32,
                                            tsp_decode_t32};
    for (size_t i = 0; i < sizeof decoders / sizeof decoders[0]; ++i) {
        for (unsigned first = 0; first < 256; ++first) {
            unsigned char *byte = malloc(1); /* on its own, so that a sanitizer sees what is read beyond */
            assert_non_null(byte);
            *byte = (unsigned char)first;
            assert_int_equal(decoders[i](byte, 0), 0);
            unsigned classes = decoders[i](byte, 1);
            assert_true(decoders[i] == tsp_decode_x86_64 || classes == 0);
            free(byte);
        }
    }
}

static void decoders_are_found_by_qemus_names(void **state) {
    (void)state;
    assert_ptr_equal(tsp_decode_find("x86_64"), tsp_decode_x86_64);
    assert_ptr_equal(tsp_decode_find("aarch64"), tsp_decode_arm64);
    assert_ptr_equal(tsp_decode_find("riscv64"), tsp_decode_riscv64);
    assert_ptr_equal(tsp_decode_find("ppc64le"), tsp_decode_ppc64el);
    assert_ptr_equal(tsp_decode_find("s390x"), tsp_decode_s390x);
    assert_ptr_equal(tsp_decode_find("arm"), tsp_decode_a32);
    assert_null(tsp_decode_find("mips"));
    assert_null(tsp_decode_find("aarch64_be"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arm64_is_decoded),
        cmocka_unit_test(riscv64_is_decoded),
        cmocka_unit_test(ppc64el_is_decoded),
        cmocka_unit_test(too_few_bytes_are_nothing),
        cmocka_unit_test(decoders_are_found_by_qemus_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
