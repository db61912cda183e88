/* One pass over a JSON text: of every value its place, and the canonical spelling of all. */
#include "record/tape.h"

#include <stdlib.h>
#include <string.h>

#include "record/lexis.h"

#define PIECE 32

/* Where a member stands in the spelling: from its name's quote to the next member's. */
struct member {
    size_t at;
    size_t key_size;
};

/* A container that is not closed yet. */
struct level {
    size_t token;
    bool object;
    unsigned count;
    struct member members[TSP_TAPE_MEMBERS];
};

struct reader {
    struct tsp_tape *tape;
    const char *at;
    const char *end;  /* the NUL */
    const char *from; /* what is read, but not in the spelling yet, begins here */
    uint32_t key;     /* of the value that comes next */
    uint32_t key_size;
    unsigned depth;
    struct level levels[TSP_TAPE_DEPTH];
};

/* --- the spelling -------------------------------------------------------------------------------------------------------------- */

/* Most of it is copied in pieces of some bytes between two blanks: a copy of a fixed size needs no call, and what it writes too much is overwritten. */
static void spell(struct reader *reader) {
    struct tsp_tape *tape = reader->tape;
    size_t size = (size_t)(reader->at - reader->from);
    char *to = tape->spelling + tape->spelled;
    if (size <= PIECE && reader->end - reader->from >= PIECE) {
        memcpy(to, reader->from, PIECE);
    } else {
        memcpy(to, reader->from, size);
    }
    tape->spelled += size;
    reader->from = reader->at;
}

static bool is_blank(char c) {
    return c <= ' ' && (c == ' ' || c == '\n' || c == '\t' || c == '\r');
}

static void skip_them(struct reader *reader) {
    spell(reader);
    while (is_blank(*reader->at)) {
        ++reader->at;
    }
    reader->from = reader->at;
}

static inline void skip_blanks(struct reader *reader) {
    if (is_blank(*reader->at)) {
        skip_them(reader);
    }
}

static int compare_keys(const struct tsp_tape *tape, const struct member *a, const struct member *b) {
    size_t common = a->key_size < b->key_size ? a->key_size : b->key_size;
    int order = memcmp(tape->spelling + a->at + 1, tape->spelling + b->at + 1, common);
    return order != 0 ? order : (a->key_size > b->key_size) - (a->key_size < b->key_size);
}

/* Each name before the next? Then none comes twice, and the order names each member once. */
static bool is_order(const struct tsp_tape *tape, const struct level *level, const uint8_t *order) {
    for (unsigned i = 1; i < level->count; ++i) {
        if (compare_keys(tape, &level->members[order[i - 1]], &level->members[order[i]]) >= 0) {
            return false;
        }
    }
    return true;
}

static void find_order(const struct tsp_tape *tape, const struct level *level, uint8_t *order) {
    for (unsigned i = 0; i < level->count; ++i) {
        unsigned k = i;
        while (k > 0 && compare_keys(tape, &level->members[order[k - 1]], &level->members[i]) > 0) {
            order[k] = order[k - 1];
            --k;
        }
        order[k] = (uint8_t)i;
    }
}

/* The members of the object that ends here, each with a comma behind it, in the order of their names. */
static void rearrange(struct tsp_tape *tape, const struct level *level, const uint8_t *order) {
    size_t begin = level->members[0].at;
    size_t used = 0;
    for (unsigned i = 0; i < level->count; ++i) {
        const struct member *member = &level->members[order[i]];
        size_t end = order[i] + 1U < level->count ? member[1].at : tape->spelled;
        memcpy(tape->scratch + used, tape->spelling + member->at, end - member->at);
        used += end - member->at;
    }
    memcpy(tape->spelling + begin, tape->scratch, used);
}

/* At the closing bracket of an object, which is still to come. False: a name comes twice. */
static bool put_in_order(struct reader *reader, const struct level *level) {
    struct tsp_tape *tape = reader->tape;
    uint8_t *order = tape->order[level->count];
    spell(reader);
    if (!is_order(tape, level, order)) {
        find_order(tape, level, order);
        if (!is_order(tape, level, order)) {
            return false;
        }
    }
    tape->spelling[tape->spelled++] = ',';
    rearrange(tape, level, order);
    --tape->spelled; /* of the last one's comma the bracket takes the place */
    return true;
}

/* --- the grammar --------------------------------------------------------------------------------------------------------------- */

static bool add_token(struct reader *reader, enum tsp_token_kind kind, const char *begin, const char *end) {
    struct tsp_tape *tape = reader->tape;
    if (tape->count == tape->room) {
        size_t room = tape->room == 0 ? 1024 : 2 * tape->room;
        struct tsp_token *tokens = realloc(tape->tokens, room * sizeof *tokens);
        if (tokens == NULL) {
            return false;
        }
        tape->tokens = tokens;
        tape->room = room;
    }
    tape->tokens[tape->count] = (struct tsp_token){.key = reader->key,
                                                   .key_size = reader->key_size,
                                                   .at = (uint32_t)(begin - tape->text),
                                                   .size = (uint32_t)(end - begin),
                                                   .next = (uint32_t)tape->count + 1,
                                                   .kind = kind};
    ++tape->count;
    return true;
}

/* A member's name and its colon. */
static bool read_key(struct reader *reader, struct level *level) {
    bool escaped = false;
    skip_blanks(reader);
    const char *begin = reader->at;
    const char *end = *begin == '"' ? tsp_lexis_text(begin + 1, &escaped) : NULL;
    if (end == NULL || level->count == TSP_TAPE_MEMBERS) {
        return false;
    }
    reader->key = (uint32_t)(begin + 1 - reader->tape->text);
    reader->key_size = (uint32_t)(end - begin - 1);
    reader->tape->canonical = reader->tape->canonical && !escaped; /* names are sorted by what they mean */
    level->members[level->count++] = (struct member){
        .at = reader->tape->spelled + (size_t)(begin - reader->from), .key_size = reader->key_size};
    reader->at = end + 1;
    skip_blanks(reader);
    return *reader->at++ == ':';
}

static bool close_level(struct reader *reader) {
    struct tsp_tape *tape = reader->tape;
    const struct level *level = &reader->levels[reader->depth - 1];
    if (*reader->at != (level->object ? '}' : ']') || (level->count > 1 && !put_in_order(reader, level))) {
        return false;
    }
    ++reader->at;
    --reader->depth;
    tape->tokens[level->token].next = (uint32_t)tape->count;
    return true;
}

/* `*value`: what comes next is one; else the container was empty and is closed again. */
static bool open_level(struct reader *reader, bool *value) {
    bool object = *reader->at == '{';
    if (reader->depth == TSP_TAPE_DEPTH ||
        !add_token(reader, object ? TSP_TOKEN_OBJECT : TSP_TOKEN_ARRAY, reader->at, reader->at + 1)) {
        return false;
    }
    struct level *level = &reader->levels[reader->depth++];
    level->token = reader->tape->count - 1;
    level->object = object;
    level->count = 0;
    ++reader->at;
    skip_blanks(reader);
    *value = *reader->at != (object ? '}' : ']');
    if (!*value) {
        return close_level(reader);
    }
    return !object || read_key(reader, level);
}

static bool read_scalar(struct reader *reader) {
    const char *begin = reader->at;
    bool escaped = false;
    if (*begin == '"') {
        const char *quote = tsp_lexis_text(begin + 1, &escaped);
        reader->at = quote != NULL ? quote + 1 : begin;
        return quote != NULL && add_token(reader, TSP_TOKEN_TEXT, begin + 1, quote);
    }
    bool word = *begin >= 'a';
    const char *end = word ? tsp_lexis_word(begin) : tsp_lexis_number(begin, &reader->tape->canonical);
    reader->at = end != NULL ? end : begin;
    return end != NULL && add_token(reader, word ? TSP_TOKEN_WORD : TSP_TOKEN_NUMBER, begin, end);
}

/* From behind a value to the next one. `*value`: there is one. */
static bool go_on(struct reader *reader, bool *value) {
    *value = false;
    while (reader->depth > 0) {
        struct level *level = &reader->levels[reader->depth - 1];
        skip_blanks(reader);
        if (*reader->at == ',') {
            ++reader->at;
            *value = true;
            return !level->object || read_key(reader, level);
        }
        if (!close_level(reader)) {
            return false;
        }
    }
    return true;
}

static bool read_value(struct reader *reader, bool *value) {
    skip_blanks(reader);
    bool container = *reader->at == '{' || *reader->at == '[';
    *value = false;
    if (!(container ? open_level(reader, value) : read_scalar(reader))) {
        return false;
    }
    return *value || go_on(reader, value);
}

/* --- the whole ----------------------------------------------------------------------------------------------------------------- */

/* The spelling is never longer than the text, but for a comma while members change places. */
static bool make_room(struct tsp_tape *tape, size_t size) {
    if (size < tape->spelling_room) {
        return true;
    }
    free(tape->spelling);
    free(tape->scratch);
    tape->spelling = malloc(size + 1 + PIECE);
    tape->scratch = malloc(size + 1);
    bool done = tape->spelling != NULL && tape->scratch != NULL;
    tape->spelling_room = done ? size + 1 : 0;
    return done;
}

size_t tsp_tape_read(struct tsp_tape *tape, const char *text, size_t size) {
    struct reader reader; /* its levels are filled as they come */
    bool value = true;
    tape->text = reader.at = reader.from = text;
    tape->count = tape->spelled = 0;
    tape->canonical = true;
    reader.tape = tape;
    reader.end = text + size;
    reader.key = reader.key_size = reader.depth = 0;
    if (size >= UINT32_MAX || !make_room(tape, size)) {
        return 0;
    }
    while (value) {
        if (!read_value(&reader, &value)) {
            return 0;
        }
    }
    spell(&reader);
    return (size_t)(reader.at - text);
}

void tsp_tape_free(struct tsp_tape *tape) {
    free(tape->tokens);
    free(tape->spelling);
    free(tape->scratch);
    *tape = (struct tsp_tape){.text = NULL};
}
