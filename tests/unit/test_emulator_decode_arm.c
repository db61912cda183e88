/* Decoding armhf: Arm, Thumb, and which of the two a block is. */
#include "decode_samples.h"

/* clang-format off */
static const struct sample a32[] = {
    {"00f020e3", "nop", 0},
    {"000091e5", "ldr r0, [r1]", L},
    {"0200d1e7", "ldrb r0, [r1, r2]", L},
    {"04009114", "ldrne r0, [r1], #4", L},
    {"04f0b1e5", "ldr pc, [r1, #4]!", L | B},
    {"b200d1e1", "ldrh r0, [r1, #2]", L},
    {"d000d1e1", "ldrsb r0, [r1]", L},
    {"d000c2e1", "ldrd r0, r1, [r2]", L},
    {"f000c2e1", "strd r0, r1, [r2]", S},
    {"040081e5", "str r0, [r1, #4]", S},
    {"b000c1e1", "strh r0, [r1]", S},
    {"0600b0e8", "ldm r0!, {r1, r2}", L},
    {"1080bde8", "pop {r4, pc}", L | B},
    {"10402de9", "push {r4, lr}", S},
    {"9f0f91e1", "ldrex r0, [r1]", L | A},
    {"9f0fb2e1", "ldrexd r0, r1, [r2]", L | A},
    {"902f81e1", "strex r2, r0, [r1]", S | A},
    {"9f0c91e1", "lda r0, [r1]", L | O},
    {"90fc81e1", "stl r0, [r1]", S | O},
    {"9f0e91e1", "ldaex r0, [r1]", L | A | O},
    {"902e81e1", "stlex r2, r0, [r1]", S | A | O},
    {"920001e1", ".word 0xe1010092", L | S | A},
    {"1ff07ff5", "clrex", 0},
    {"5bf07ff5", "dmb ish", F},
    {"4ff07ff5", "dsb sy", F},
    {"6ff07ff5", "isb", F},
    {"ba0f07ee", "mcr p15, 0, r0, c7, c10, 5", F},
    {"950f07ee", "mcr p15, 0, r0, c7, c5, 4", F},
    {"700f1dee", "mrc p15, 0, r0, c13, c0, 3", 0},
    {"00f0d0f5", "pld [r0]", 0},
    {"feffffea", "b .", B},
    {"feffff1a", "bne .", B},
    {"feffffeb", "bl .", B | C},
    {"33ff2fe1", "blx r3", B | C},
    {"1eff2fe1", "bx lr", B},
    {"0ef0a0e1", "mov pc, lr", B},
    {"03f08fe0", "add pc, pc, r3", B},
    {"000050e3", "cmp r0, #0", 0},
    {"910200e0", "mul r0, r1, r2", 0},
    {"920381e0", "umull r0, r1, r2, r3", 0},
    {"310fffe6", "rbit r0, r1", 0},
    {"000000ef", "svc #0", Y},
    {"000b90ed", "vldr d0, [r0]", L},
    {"000a80ed", "vstr s0, [r0]", S},
    {"048b2ded", "vpush {d8, d9}", S},
    {"080bb0ec", "vldmia r0!, {d0-d3}", L},
    {"100b51ec", "vmov r0, r1, d0", 0},
    {"100a00ee", "vmov s0, r0", 0},
    {"020b31ee", "vadd.f64 d0, d1, d2", 0},
    {"440822f2", "vadd.i32 q0, q1, q2", V},
    {"0f0a20f4", "vld1.8 {d0, d1}, [r0]", L | V},
    {"8f0880f4", "vst1.32 {d0[1]}, [r0]", S | V},
    {"0f0ca0f4", "vld1.8 {d0[]}, [r0]", L | V},
};
/* clang-format on */

/* clang-format off */
static const struct sample t32[] = {
    {"00bf", "nop", 0},
    {"4868", "ldr r0, [r1, #4]", L},
    {"0248", "ldr r0, [pc, #8]", L},
    {"0298", "ldr r0, [sp, #8]", L},
    {"885e", "ldrsh r0, [r1, r2]", L},
    {"885c", "ldrb r0, [r1, r2]", L},
    {"8850", "str r0, [r1, r2]", S},
    {"8852", "strh r0, [r1, r2]", S},
    {"4870", "strb r0, [r1, #1]", S},
    {"0290", "str r0, [sp, #8]", S},
    {"02a8", "add r0, sp, #8", 0},
    {"10b5", "push {r4, lr}", S},
    {"10bc", "pop {r4}", L},
    {"10bd", "pop {r4, pc}", L | B},
    {"06c8", "ldmia r0!, {r1, r2}", L},
    {"06c0", "stmia r0!, {r1, r2}", S},
    {"10b1", "cbz r0, .+8", B},
    {"00e0", "b .+4", B},
    {"00d0", "beq .+4", B},
    {"7047", "bx lr", B},
    {"9847", "blx r3", B | C},
    {"9f46", "mov pc, r3", B},
    {"4046", "mov r0, r8", 0},
    {"18bf", ".hword 0xbf18", 0},
    {"00df", "svc #0", Y},
    {"00de", "udf #0", 0},
    {"d1f8c800", "ldr.w r0, [r1, #200]", L},
    {"d1f8c8e0", "ldr.w lr, [r1, #200]", L},
    {"d1f8c8f0", "ldr.w pc, [r1, #200]", L | B},
    {"d2e90001", "ldrd r0, r1, [r2]", L},
    {"c2e90001", "strd r0, r1, [r2]", S},
    {"41f82280", "str.w r8, [r1, r2, lsl #2]", S},
    {"91f90100", "ldrsb.w r0, [r1, #1]", L},
    {"90f800f0", "pld [r0]", 0},
    {"90f900f0", "pli [r0]", 0},
    {"2de91041", "push.w {r4, r8, lr}", S},
    {"bde81081", "pop.w {r4, r8, pc}", L | B},
    {"10e90600", "ldmdb r0, {r1, r2}", L},
    {"51e8000f", "ldrex r0, [r1]", L | A},
    {"d1e84f0f", "ldrexb r0, [r1]", L | A},
    {"41e80002", "strex r2, r0, [r1]", S | A},
    {"c2e87401", "strexd r4, r0, r1, [r2]", S | A},
    {"d1e8af0f", "lda r0, [r1]", L | O},
    {"c1e8af0f", "stl r0, [r1]", S | O},
    {"d1e8df0f", "ldaexh r0, [r1]", L | A | O},
    {"c1e8e20f", "stlex r2, r0, [r1]", S | A | O},
    {"dfe800f0", "tbb [pc, r0]", L | B},
    {"dfe810f0", "tbh [pc, r0, lsl #1]", L | B},
    {"bff35b8f", "dmb ish", F},
    {"bff34f8f", "dsb sy", F},
    {"bff36f8f", "isb", F},
    {"07eeba0f", "mcr p15, 0, r0, c7, c10, 5", F},
    {"1dee700f", "mrc p15, 0, r0, c13, c0, 3", 0},
    {"bff32f8f", "clrex", 0},
    {"fff7feff", "bl .", B | C},
    {"00f002e8", "blx .+8", B | C},
    {"00f0e6bb", "b.w .+2000", B},
    {"00f0e683", "beq.w .+2000", B},
    {"eff30080", "mrs r0, apsr", 0},
    {"80f30088", "msr apsr_nzcvq, r0", 0},
    {"01eb0200", "add.w r0, r1, r2", 0},
    {"01fb02f0", "mul r0, r1, r2", 0},
    {"b1fbf2f0", "udiv r0, r1, r2", 0},
    {"90ed000b", "vldr d0, [r0]", L},
    {"2ded028b", "vpush {d8}", S},
    {"51ec100b", "vmov r0, r1, d0", 0},
    {"31ee020b", "vadd.f64 d0, d1, d2", 0},
    {"22ef4408", "vadd.i32 q0, q1, q2", V},
    {"20f90f0a", "vld1.8 {d0, d1}, [r0]", L | V},
    {"80f98f08", "vst1.32 {d0[1]}, [r0]", S | V},
};
/* clang-format on */

static void a32_is_decoded(void **state) {
    (void)state;
    CHECK(tsp_decode_a32, a32);
}

static void t32_is_decoded(void **state) {
    (void)state;
    CHECK(tsp_decode_t32, t32);
}

static int is_thumb(const char *const *texts, size_t count, unsigned long long address) {
    unsigned char bytes[8][4] = {{0}};
    struct tsp_code code[8];
    for (size_t i = 0; i < count; ++i) {
        code[i] = (struct tsp_code){
            .bytes = bytes[i], .size = read_bytes(texts[i], bytes[i], 4), .address = address};
        address += code[i].size;
    }
    return tsp_decode_is_thumb(code, count);
}
#define IS_THUMB(texts, address) is_thumb(texts, sizeof(texts) / sizeof(texts)[0], address)

static void thumb_is_told_from_arm(void **state) {
    (void)state;
    static const char *const short_ones[] = {"00bf"};                /* nop */
    static const char *const long_ones[] = {"d1f8c800", "bde8f081"}; /* ldr.w; pop.w {…, pc} */
    static const char *const plt[] = {"00c68fe2", "aecc8ce2",
                                      "e8f0bce5"};              /* add ip, pc; add ip; ldr pc, [ip]! */
    static const char *const leave[] = {"1eff2fe1"};            /* bx lr */
    static const char *const leave_if[] = {"1eff2f11"};         /* bxne lr */
    static const char *const loop[] = {"010050e2", "fdffff1a"}; /* subs; bne */
    static const char *const call[] = {"fff7fefb"};             /* bl, Thumb's */
    static const char *const plt_call[] = {"00f004e8"};         /* blx forward, Thumb's */
    static const char *const page_end[] = {
        "30ee030b", "013c7ff4"}; /* vadd.f64; subs r4, #1 with half of the bne.w behind it */
    static const char *const arm_page_end[] = {"a00080e2", "013050e2"}; /* add; subs */
    static const char *const plt_call_back[] = {"fff7aaee"};            /* blx back */
    static const char *const plt_call_further[] = {
        "01f0aeea"};                                /* blx, which Arm could take for a b far back */
    static const char *const jump[] = {"feffffea"}; /* b, Arm's */
    static const char *const jump_back[] = {"0000a0e1", "0ef0feea"}; /* nop; b far back: not alone */
    static const char *const restore[] = {"1080bde8"};               /* pop {r4, pc} */
    assert_true(IS_THUMB(page_end, 0x1cff8));
    assert_false(IS_THUMB(page_end, 0x1cff0)); /* no page ends there: QEMU means what it says */
    assert_false(IS_THUMB(arm_page_end, 0x1cff8));
    assert_true(IS_THUMB(short_ones, 0x1000));
    assert_true(IS_THUMB(long_ones, 0x1000));
    assert_true(IS_THUMB(long_ones, 0x1002));
    assert_true(IS_THUMB(call, 0x1000));
    assert_true(IS_THUMB(plt_call, 0x1000));
    assert_true(IS_THUMB(plt_call_back, 0x1000));
    assert_true(IS_THUMB(plt_call_further, 0x1000));
    assert_false(IS_THUMB(jump, 0x1000));
    assert_false(IS_THUMB(jump_back, 0x1000));
    assert_false(IS_THUMB(restore, 0x1000));
    assert_false(IS_THUMB(plt, 0x1000));
    assert_false(IS_THUMB(leave, 0x1000));
    assert_false(IS_THUMB(leave_if, 0x1000));
    assert_false(IS_THUMB(loop, 0x1000));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a32_is_decoded),
        cmocka_unit_test(t32_is_decoded),
        cmocka_unit_test(thumb_is_told_from_arm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
