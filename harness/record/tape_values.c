/* What stands on a tape. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "record/tape.h"

static const struct tsp_token *token_before(const struct tsp_tape *tape, uint32_t index, uint32_t end) {
    return index < end ? &tape->tokens[index] : NULL;
}

const struct tsp_token *tsp_tape_first(const struct tsp_tape *tape, const struct tsp_token *container) {
    return token_before(tape, (uint32_t)(container - tape->tokens) + 1, container->next);
}

const struct tsp_token *tsp_tape_next(const struct tsp_tape *tape, const struct tsp_token *container,
                                      const struct tsp_token *token) {
    return token_before(tape, token->next, container->next);
}

const struct tsp_token *tsp_tape_member(const struct tsp_tape *tape, const struct tsp_token *object,
                                        const char *name) {
    size_t size = strlen(name);
    if (object == NULL || object->kind != TSP_TOKEN_OBJECT) {
        return NULL;
    }
    const struct tsp_token *token = tsp_tape_first(tape, object);
    while (token != NULL && (token->key_size != size || memcmp(tape->text + token->key, name, size) != 0)) {
        token = tsp_tape_next(tape, object, token);
    }
    return token;
}

bool tsp_tape_is(const struct tsp_tape *tape, const struct tsp_token *token, const char *word) {
    return token != NULL && token->kind == TSP_TOKEN_WORD && token->size == strlen(word) &&
           memcmp(tape->text + token->at, word, token->size) == 0;
}

/* The character that an escape stands for, of those that tsp_lexis_text() lets pass; moves on to its last byte. */
static char unescape(const char **at) {
    static const char letters[] = "bfnrt";
    const char *letter = strchr(letters, *++*at);
    if (letter != NULL) {
        return "\b\f\n\r\t"[letter - letters];
    }
    if (**at != 'u') {
        return **at;
    }
    *at += 4;
    return (char)(((*at)[-1] - '0') * 16 + (**at <= '9' ? **at - '0' : **at - 'A' + 10));
}

static size_t copy_text(const char *at, size_t size, char *out, size_t room) {
    size_t length = 0;
    size_t fits = 0; /* up to the last whole character */
    for (const char *end = at + size; at < end; ++at) {
        char c = *at;
        if (c == '\\') {
            c = unescape(&at);
        }
        if (((unsigned char)c & 0xc0) != 0x80 && length < room) {
            fits = length;
        }
        if (length < room - 1) {
            out[length] = c;
        }
        ++length;
    }
    out[length < room ? length : fits] = '\0';
    return length;
}

size_t tsp_tape_key(const struct tsp_tape *tape, const struct tsp_token *token, char *out, size_t room) {
    return copy_text(tape->text + token->key, token->key_size, out, room);
}

size_t tsp_tape_text(const struct tsp_tape *tape, const struct tsp_token *token, char *out, size_t room) {
    return copy_text(tape->text + token->at, token->size, out, room);
}

double tsp_tape_number(const struct tsp_tape *tape, const struct tsp_token *token) {
    if (token == NULL || token->kind != TSP_TOKEN_NUMBER) {
        return NAN;
    }
    json_t *number = json_loadb(tape->text + token->at, token->size, JSON_DECODE_ANY, NULL);
    double value = json_is_number(number) ? json_number_value(number) : (double)NAN;
    json_decref(number);
    return value;
}
