/*
 * A JSON value read in one pass and without a tree: the place of every value in the text, and the text's canonical spelling, of which the
 * digest is made (docs/formats.md). It takes only what our own writers spell, and nothing that the JSON library would refuse; the rest is
 * left to that library, which also says what is wrong with it.
 */
#ifndef TRANSEPT_RECORD_TAPE_H
#define TRANSEPT_RECORD_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Of brackets; a case of a record has six. */
#define TSP_TAPE_DEPTH 16

/** Members of an object; a case may have TSP_METRICS_MAX metrics. */
#define TSP_TAPE_MEMBERS 64

enum tsp_token_kind { TSP_TOKEN_OBJECT, TSP_TOKEN_ARRAY, TSP_TOKEN_TEXT, TSP_TOKEN_NUMBER, TSP_TOKEN_WORD };

/** A value: `size` bytes of the text from `at`. A text's are those between its quotes, a container's is its bracket. */
struct tsp_token {
    uint32_t key; /* where its name begins, behind the quote; of members of objects */
    uint32_t key_size;
    uint32_t at;
    uint32_t size;
    uint32_t next; /* the token behind this one and all that is in it */
    enum tsp_token_kind kind;
};

/** Zeroed before its first use; freed with tsp_tape_free(). What it allocated is used again for the next text. */
struct tsp_tape {
    const char *text; /* the caller's */
    struct tsp_token *tokens;
    size_t count;
    size_t room;
    bool canonical; /* no number and no key is spelt in another way than the digest has it */
    char *spelling; /* if so: without blanks, members in the order of their names */
    size_t spelled; /* its length */
    size_t spelling_room;
    char *scratch; /* as large */
    uint8_t order
        [TSP_TAPE_MEMBERS + 1]
        [TSP_TAPE_MEMBERS]; /* of that many members, as found last: the next object mostly has the same */
};

/**
 * Reads the value that begins at `text`; text[size] must be a NUL. Returns its length in bytes, or 0: it is spelt in a way that is not ours, is
 * cut, is no JSON, or memory is out.
 */
size_t tsp_tape_read(struct tsp_tape *tape, const char *text, size_t size);
void tsp_tape_free(struct tsp_tape *tape);

/** The first value in a container, and the one after `token`; NULL: there is none. */
const struct tsp_token *tsp_tape_first(const struct tsp_tape *tape, const struct tsp_token *container);
const struct tsp_token *tsp_tape_next(const struct tsp_tape *tape, const struct tsp_token *container,
                                      const struct tsp_token *token);

/** The member of that name; NULL: there is none, or `object` is no object. */
const struct tsp_token *tsp_tape_member(const struct tsp_tape *tape, const struct tsp_token *object,
                                        const char *name);

/** Is it that word: null, true, false? Not where `token` is NULL. */
bool tsp_tape_is(const struct tsp_tape *tape, const struct tsp_token *token, const char *word);

/** The name of a member, or a text, as a string; one too long for `out` is cut at a character. Returns its whole length. */
size_t tsp_tape_key(const struct tsp_tape *tape, const struct tsp_token *token, char *out, size_t room);
size_t tsp_tape_text(const struct tsp_tape *tape, const struct tsp_token *token, char *out, size_t room);

/** The number as the JSON library reads it. NaN where it is none. */
double tsp_tape_number(const struct tsp_tape *tape, const struct tsp_token *token);

#endif
