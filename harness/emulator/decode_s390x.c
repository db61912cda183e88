/* s390x. Source: z/Architecture Principles of Operation (SA22-7832), appendix B "Lists of Instructions", by operation code. */
#include "emulator/decode.h"

#include <string.h>

#define L  TSP_LOADS
#define S  TSP_STORES
#define B  TSP_BRANCHES
#define C  (TSP_BRANCHES | TSP_CALLS)
#define U  (TSP_LOADS | TSP_STORES)               /* reads and writes memory, not as one */
#define A  (TSP_LOADS | TSP_STORES | TSP_ATOMICS) /* reads and writes memory as one */
#define LV (TSP_LOADS | TSP_VECTOR)
#define SV (TSP_STORES | TSP_VECTOR)

/* Operation codes of one class: a string of bytes, so that a table reads like the manual's. */
struct codes {
    const char *codes;
    unsigned char count;
    unsigned short classes;
};
#define CODES(text, classes)                                                                                 \
    { text, sizeof(text) - 1, classes }

static unsigned look_up(const struct codes *rows, size_t count, unsigned char code) {
    for (size_t i = 0; i < count; ++i) {
        if (memchr(rows[i].codes, code, rows[i].count) != NULL) {
            return rows[i].classes;
        }
    }
    return 0;
}
#define LOOK_UP(rows, code) look_up(rows, sizeof(rows) / sizeof(rows)[0], code)

/* Operation codes of one byte. */
static const struct codes first[] = {
    /* IC LH CH AH SH MH CVB N CL O X L C A S M D AL SL */
    CODES("\x43\x48\x49\x4a\x4b\x4c\x4f\x54\x55\x56\x57\x58\x59\x5a\x5b\x5c\x5d\x5e\x5f", L),
    /* MXD LD CD AD SD MD DD AW SW, MS LE CE AE SE MDE DE AU SU */
    CODES("\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f\x71\x78\x79\x7a\x7b\x7c\x7d\x7e\x7f", L),
    /* TM CLI LM LAM CLM ICM, CLCL CLCLE CLC TRT TRTR LMD CP */
    CODES("\x91\x95\x98\x9a\xbd\xbf\x0f\xa9\xd5\xdd\xd0\xef\xf9", L),
    /* STH STC CVD ST STD STE STM MVI STAM STCM */
    CODES("\x40\x42\x4e\x50\x60\x70\x90\x92\x9b\xbe", S),
    /* NI OI XI, MVCL MVCLE MVN MVC MVZ NC OC XC MVCK TR ED EDMK PKU UNPKU MVCIN PKA UNPKA SRP MVO PACK UNPK ZAP AP SP MP DP */
    CODES(
        "\x94\x96\x97\x0e\xa8\xd1\xd2\xd3\xd4\xd6\xd7\xd9\xdc\xde\xdf\xe1\xe2\xe8\xe9\xea\xf0\xf1\xf2\xf3\xf8\xfa\xfb\xfc\xfd",
        U),
    /* TS CS CDS PLO */
    CODES("\x93\xba\xbb\xee", A),
    /* BCT BC BXH BXLE BRXH BRXLE, BPRP is a hint */
    CODES("\x46\x47\x86\x87\x84\x85", B),
    /* BAL BAS */
    CODES("\x45\x4d", C), CODES("\x0a", TSP_SYSCALLS), /* SVC */
};

/* E3: the last byte. What is not here loads. */
static const struct codes e3[] = {
    /* CVDY NTSTG CVDG STRVG STRV STRVH STG STY STHY STCY STPQ STCH STHH STFH STGSC */
    CODES("\x26\x25\x2e\x2f\x3e\x3f\x24\x50\x70\x72\x8e\xc3\xc7\xcb\x49", S),
    /* BCTG */
    CODES("\x46", B),
    /* BIC */
    CODES("\x47", B | L),
    /* LRAG LRAY LAY LAEY PFD */
    CODES("\x03\x13\x71\x75\x36", 0),
};

static const struct codes eb[] = {
    /* LMG LMH CLMH CLMY ICMH ICMY TMY CLIY LAMY LMY LOC LOCG LOCFH CLCLU LCTLG */
    CODES("\x04\x96\x20\x21\x80\x81\x51\x55\x9a\x98\xf2\xe2\xe0\x8f\x2f", L),
    /* STMG STMH STCMH STCMY MVIY STAMY STMY STOC STOCG STOCFH STCTG */
    CODES("\x24\x26\x2c\x2d\x52\x9b\x90\xf3\xe3\xe1\x25", S),
    /* NIY OIY XIY ASI ALSI AGSI ALGSI MVCLU */
    CODES("\x54\x56\x57\x6a\x6e\x7a\x7e\x8e", U),
    /* CSY CSG CDSY CDSG LANG LAOG LAXG LAAG LAALG LAN LAO LAX LAA LAAL */
    CODES("\x14\x30\x31\x3e\xe4\xe6\xe7\xe8\xea\xf4\xf6\xf7\xf8\xfa", A),
    /* BXHG BXLEG */
    CODES("\x44\x45", B),
};

/* EC: compare and branch, branch on index. */
static const struct codes ec[] = {
    CODES("\x44\x45\x64\x65\x76\x77\x7c\x7d\x7e\x7f\xe4\xe5\xf6\xf7\xfc\xfd\xfe\xff", B),
};

/* ED: LDEB … MSDB, LDE LXD LXE SQE SQD MEE, MAE … MSD, LEY LDY; STEY STDY */
static const struct codes ed[] = {
    CODES("\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x14\x15\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f"
          "\x24\x25\x26\x34\x35\x37\x2e\x2f\x38\x39\x3a\x3b\x3c\x3d\x3e\x3f\x64\x65\xaa\xab\xae\xaf",
          L),
    CODES("\x66\x67\xa8\xa9\xac\xad", S),
};

/* E7, vectors: loads and stores; all the others compute. */
static const struct codes e7[] = {
    /* VLEB VLEH VLEG VLEF VLLEZ VLREP VL VLBB VGEG VGEF VLM VLL */
    CODES("\0\x01\x02\x03\x04\x05\x06\x07\x12\x13\x36\x37", LV),
    /* VSTEB VSTEH VSTEG VSTEF VST VSCEG VSCEF VSTM VSTL */
    CODES("\x08\x09\x0a\x0b\x0e\x1a\x1b\x3e\x3f", SV),
};

static const struct codes e6[] = {
    CODES("\x01\x02\x03\x04\x05\x06\x07\x34\x35\x37", LV), /* VLEBRH … VLER, VPKZ VLRL VLRLR */
    CODES("\x09\x0a\x0b\x0e\x0f\x3c\x3d\x3f", SV),         /* VSTEBRH … VSTER, VUPKZ VSTRL VSTRLR */
};

/* C4 and C6 by the low half of the second byte: relative long. */
static const struct codes c4[] = {
    CODES("\x02\x04\x05\x06\x08\x0c\x0d\x0e", L), /* LLHRL LGHRL LHRL LLGHRL LGRL LGFRL LRL LLGFRL */
    CODES("\x07\x0b\x0f", S),                     /* STHRL STGRL STRL */
};
static const struct codes c6[] = {
    CODES("\x04\x05\x06\x07\x08\x0a\x0c\x0d\x0e\x0f", L), /* CGHRL … CLRL; EXRL and PFDRL are none */
};
static const struct codes c8[] = {
    CODES("\0\x01", U),                 /* MVCOS ECTG */
    CODES("\x02", A),                   /* CSST */
    CODES("\x04\x05", L | TSP_ATOMICS), /* LPD LPDG */
};
static const struct codes e5[] = {
    CODES("\x44\x48\x4c", S),             /* MVHHI MVGHI MVHI */
    CODES("\x54\x55\x58\x59\x5c\x5d", L), /* CHHSI CLHHSI CGHSI CLGHSI CHSI CLFHSI */
    CODES("\x0a\x0e\x0f", U),             /* MVCRL MVCSK MVCDK */
};
static const struct codes b2[] = {
    CODES("\x55\x54", U),             /* MVST MVPG */
    CODES("\x5d\x5e\x57\x41\x9d", L), /* CLST SRST CUSE CKSM LFPC */
    CODES("\x05\x78\x7c\xb0\x9c", S), /* STCK STCKE STCKF STFLE STFPC */
    CODES("\xa5\xa6\xa7", U),         /* TRE CU21 CU12 */
};
/* B9: TRTT TRTO TROT TROO, CU14 CU24 CU41 CU42; SRSTU; KM… */
static const struct codes b9[] = {
    CODES("\x90\x91\x92\x93\xb0\xb1\xb2\xb3\x2a\x2b\x2c\x2d\x2e\x2f\x1e\x3e\x3f\x29", U),
    CODES("\xbe\xbd\xbf", L),
};

/* BCR: a full barrier when it cannot branch and its mask is 14 or 15 ("Branch on Condition", programming notes); else a hint. */
static unsigned branch_on_condition(unsigned char operands) {
    unsigned mask = operands >> 4;
    if ((operands & 15) == 0) {
        return mask >= 14 ? TSP_BARRIERS : 0;
    }
    return mask != 0 ? B : 0;
}

/* A7 and C0 by the low half of the second byte. */
static unsigned relative(unsigned char code, unsigned char minor) {
    if (minor == 5) { /* BRAS, BRASL */
        return C;
    }
    if (code == 0xa7) { /* BRC BRCT BRCTG; BRC that never branches is a nop, and yet a branch */
        return minor == 4 || minor == 6 || minor == 7 ? B : 0;
    }
    return minor == 4 ? B : 0; /* BRCL */
}

static unsigned two_bytes(const unsigned char *bytes) {
    unsigned char operands = bytes[1];
    switch (bytes[0]) {
    case 0x05: /* BALR */
    case 0x0d: /* BASR */
    case 0x0c: /* BASSM */
        return (operands & 15) != 0 ? C : 0;
    case 0x06: /* BCTR */
    case 0x0b: /* BSM */
        return (operands & 15) != 0 ? B : 0;
    case 0x07:
        return branch_on_condition(operands);
    default:
        return LOOK_UP(first, bytes[0]);
    }
}

static unsigned four_bytes(const unsigned char *bytes) {
    switch (bytes[0]) {
    case 0xa7:
        return relative(bytes[0], bytes[1] & 15);
    case 0xb2:
        return LOOK_UP(b2, bytes[1]);
    case 0xb9:
        return LOOK_UP(b9, bytes[1]);
    case 0x47: /* BC that never branches */
        return bytes[1] >> 4 != 0 ? B : 0;
    default:
        return LOOK_UP(first, bytes[0]);
    }
}

static unsigned six_bytes(const unsigned char *bytes) {
    unsigned char minor = bytes[1] & 15;
    unsigned char last = bytes[5];
    switch (bytes[0]) {
    case 0xc0:
        return relative(bytes[0], minor);
    case 0xc4:
        return LOOK_UP(c4, minor);
    case 0xc6:
        return LOOK_UP(c6, minor);
    case 0xc8:
        return LOOK_UP(c8, minor);
    case 0xcc:
        return minor == 6 ? B : 0; /* BRCTH */
    case 0xe3:
        for (size_t i = 0; i < sizeof e3 / sizeof e3[0]; ++i) {
            if (memchr(e3[i].codes, last, e3[i].count) != NULL) {
                return e3[i].classes;
            }
        }
        return L;
    case 0xe5:
        return LOOK_UP(e5, bytes[1]);
    case 0xe6:
        return LOOK_UP(e6, last) | TSP_VECTOR;
    case 0xe7:
        return LOOK_UP(e7, last) | TSP_VECTOR;
    case 0xeb:
        return LOOK_UP(eb, last);
    case 0xec:
        return LOOK_UP(ec, last);
    case 0xed:
        return LOOK_UP(ed, last);
    default:
        return LOOK_UP(first, bytes[0]);
    }
}

unsigned tsp_decode_s390x(const unsigned char *bytes, size_t size) {
    /* The first two bits tell the length ("Instruction Formats"). */
    static const unsigned char lengths[] = {2, 4, 4, 6};
    if (size < 2 || size < lengths[bytes[0] >> 6]) {
        return 0;
    }
    switch (lengths[bytes[0] >> 6]) {
    case 2:
        return two_bytes(bytes);
    case 4:
        return four_bytes(bytes);
    default:
        return six_bytes(bytes);
    }
}
