/* YAML files read by a table of fields (libyaml). */
#include "plan/yaml.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "transept/nearest.h"
#include "transept/plan.h"

#define KEYS_MAX  16
#define DEPTH_MAX 16

/* What every step of the reading needs. */
struct reader {
    yaml_document_t document;
    const char *path;
    char *target;
    struct tsp_error *error;
};

/* Puts "file:line:column" before the error. libyaml counts lines and columns from 0. */
static int fail_at(const struct reader *reader, yaml_mark_t mark) {
    return tsp_error_prefix(reader->error, "%s:%zu:%zu", reader->path, mark.line + 1, mark.column + 1);
}

int tsp_yaml_fail(const char *path, const struct tsp_yaml_place *place, struct tsp_error *error) {
    return tsp_error_prefix(error, "%s:%zu:%zu", path, place->line, place->column);
}

static struct tsp_yaml_place place_of(const yaml_node_t *node) {
    return (struct tsp_yaml_place){.line = node->start_mark.line + 1, .column = node->start_mark.column + 1};
}

static const char *kind_name(const yaml_node_t *node) {
    switch (node->type) {
    case YAML_SCALAR_NODE:
        return "a single value";
    case YAML_SEQUENCE_NODE:
        return "a list";
    case YAML_MAPPING_NODE:
        return "a group of keys";
    case YAML_NO_NODE:
        break;
    }
    return "nothing";
}

static int expect(const struct reader *reader, const yaml_node_t *node, yaml_node_type_t type,
                  const char *name, const char *hint) {
    if (node->type == type) {
        return 0;
    }
    (void)tsp_error_set(reader->error, "'%s' is %s; write %s", name, kind_name(node), hint);
    return fail_at(reader, node->start_mark);
}

/* The node's text, or NULL when it is empty or has a NUL inside. */
static const char *scalar_text(const yaml_node_t *node) {
    const char *text = (const char *)node->data.scalar.value;
    return strlen(text) == node->data.scalar.length && *text != '\0' ? text : NULL;
}

static int copy_text(const struct reader *reader, const yaml_node_t *node, const struct tsp_yaml_field *field,
                     char **copy) {
    if (expect(reader, node, YAML_SCALAR_NODE, field->key, "a text there") != 0) {
        return -1;
    }
    const char *text = scalar_text(node);
    if (text == NULL) {
        (void)tsp_error_set(reader->error, "'%s' is empty; write a text", field->key);
        return fail_at(reader, node->start_mark);
    }
    if (field->check != NULL && field->check(text, reader->error) != 0) {
        (void)tsp_error_prefix(reader->error, "'%s'", field->key);
        return fail_at(reader, node->start_mark);
    }
    *copy = strdup(text);
    return *copy != NULL ? 0 : tsp_error_set(reader->error, "%s: out of memory", reader->path);
}

static int read_list(const struct reader *reader, const yaml_node_t *node,
                     const struct tsp_yaml_field *field) {
    if (expect(reader, node, YAML_SEQUENCE_NODE, field->key, "a list: one '- …' a line, or [a, b]") != 0) {
        return -1;
    }
    struct tsp_texts *texts = (struct tsp_texts *)(void *)(reader->target + field->offset);
    const yaml_node_item_t *item = node->data.sequence.items.start;
    size_t count = (size_t)(node->data.sequence.items.top - item);
    if (count == 0 && field->required) {
        (void)tsp_error_set(reader->error, "'%s' is empty; write at least one entry", field->key);
        return fail_at(reader, node->start_mark);
    }
    /* In one piece, so that who frees the texts need not know of their places. */
    struct tsp_yaml_place *places = NULL;
    texts->items = calloc(1, (count + 1) * sizeof *texts->items + count * sizeof *places);
    if (texts->items == NULL) {
        return tsp_error_set(reader->error, "%s: out of memory", reader->path);
    }
    texts->places = places = (struct tsp_yaml_place *)(void *)(texts->items + count + 1);
    for (; texts->count < count; ++texts->count, ++item) {
        yaml_document_t *document = (yaml_document_t *)&reader->document;
        const yaml_node_t *entry = yaml_document_get_node(document, *item);
        places[texts->count] = place_of(entry);
        if (copy_text(reader, entry, field, &texts->items[texts->count]) != 0) {
            return -1;
        }
    }
    return 0;
}

static int read_number(const struct reader *reader, const yaml_node_t *node,
                       const struct tsp_yaml_field *field) {
    const char *hint = field->kind == TSP_YAML_TIME     ? "a time, as in 50ms"
                       : field->kind == TSP_YAML_BYTES  ? "a size, as in 1GiB"
                       : field->kind == TSP_YAML_SHARE  ? "a share, as in 2%"
                       : field->kind == TSP_YAML_NUMBER ? "a number, as in 0.99"
                                                        : "a whole number";
    if (expect(reader, node, YAML_SCALAR_NODE, field->key, hint) != 0) {
        return -1;
    }
    const char *text = (const char *)node->data.scalar.value;
    void *value = reader->target + field->offset;
    int status = field->kind == TSP_YAML_TIME    ? tsp_time_parse(text, value, reader->error)
                 : field->kind == TSP_YAML_BYTES ? tsp_bytes_parse(text, value, reader->error)
                 : field->kind == TSP_YAML_SHARE ? tsp_share_parse(text, value, reader->error)
                 : field->kind == TSP_YAML_NUMBER
                     ? tsp_number_parse(text, field->max, value, reader->error)
                     : tsp_count_parse(text, 1, field->max, value, reader->error);
    if (status != 0) {
        (void)tsp_error_prefix(reader->error, "'%s'", field->key);
        return fail_at(reader, node->start_mark);
    }
    return 0;
}

static int read_word(const struct reader *reader, const yaml_node_t *node,
                     const struct tsp_yaml_field *field) {
    char list[128] = "";
    if (expect(reader, node, YAML_SCALAR_NODE, field->key, "one word") != 0) {
        return -1;
    }
    for (unsigned i = 0; field->words[i] != NULL; ++i) {
        if (strcmp(field->words[i], (const char *)node->data.scalar.value) == 0) {
            *(unsigned *)(void *)(reader->target + field->offset) = i;
            return 0;
        }
        size_t used = strlen(list);
        (void)snprintf(list + used, sizeof list - used, "%s%s", i == 0 ? "" : ", ", field->words[i]);
    }
    (void)tsp_error_set(reader->error, "'%s' is none of %s", field->key, list);
    return fail_at(reader, node->start_mark);
}

static int read_mapping(const struct reader *reader, const yaml_node_t *node,
                        const struct tsp_yaml_field *fields);

/* Each mapping into a struct of its own. `count` is of those that were begun, so that all can be freed. */
static int read_groups(const struct reader *reader, const yaml_node_t *node,
                       const struct tsp_yaml_field *field) {
    if (expect(reader, node, YAML_SEQUENCE_NODE, field->key, "a list: one '- …' for each, with its keys") !=
        0) {
        return -1;
    }
    struct tsp_yaml_groups *groups = (struct tsp_yaml_groups *)(void *)(reader->target + field->offset);
    const yaml_node_item_t *item = node->data.sequence.items.start;
    size_t count = (size_t)(node->data.sequence.items.top - item);
    if (count == 0 || count > field->max) {
        (void)tsp_error_set(reader->error, "'%s' has %zu entries; write 1 to %u", field->key, count,
                            field->max);
        return fail_at(reader, node->start_mark);
    }
    groups->items = calloc(count, field->size);
    if (groups->items == NULL) {
        return tsp_error_set(reader->error, "%s: out of memory", reader->path);
    }
    for (; groups->count < count; ++item) {
        yaml_document_t *document = (yaml_document_t *)&reader->document;
        const yaml_node_t *entry = yaml_document_get_node(document, *item);
        struct reader inner = *reader;
        inner.target = (char *)groups->items + groups->count++ * field->size;
        memcpy(inner.target, field->initial, field->size);
        if (expect(reader, entry, YAML_MAPPING_NODE, field->key, "its keys below each '-', indented") != 0 ||
            read_mapping(&inner, entry, field->fields) != 0) {
            return -1;
        }
    }
    return 0;
}

static int read_field(const struct reader *reader, const yaml_node_t *node,
                      const struct tsp_yaml_field *field) {
    switch (field->kind) {
    case TSP_YAML_TEXT:
        return copy_text(reader, node, field, (char **)(void *)(reader->target + field->offset));
    case TSP_YAML_LIST:
        return read_list(reader, node, field);
    case TSP_YAML_GROUP:
        return expect(reader, node, YAML_MAPPING_NODE, field->key, "its keys below it, indented") != 0
                   ? -1
                   : read_mapping(reader, node, field->fields);
    case TSP_YAML_GROUPS:
        return read_groups(reader, node, field);
    case TSP_YAML_WORD:
        return read_word(reader, node, field);
    case TSP_YAML_COUNT:
    case TSP_YAML_TIME:
    case TSP_YAML_BYTES:
    case TSP_YAML_SHARE:
    case TSP_YAML_NUMBER:
        break;
    }
    return read_number(reader, node, field);
}

/* The field of that key; NULL with an error that lists or guesses the keys there are. */
static const struct tsp_yaml_field *find_field(const struct reader *reader, const yaml_node_t *key,
                                               const struct tsp_yaml_field *fields, size_t *index) {
    const char *name = key->type == YAML_SCALAR_NODE ? (const char *)key->data.scalar.value : "";
    const char *known[KEYS_MAX];
    char list[256] = "";
    size_t count = 0;
    for (; fields[count].key != NULL; ++count) {
        if (strcmp(fields[count].key, name) == 0) {
            *index = count;
            return &fields[count];
        }
        known[count] = fields[count].key;
        size_t used = strlen(list);
        (void)snprintf(list + used, sizeof list - used, "%s%s", count == 0 ? "" : ", ", fields[count].key);
    }
    const char *nearest = tsp_name_nearest(name, known, count);
    if (nearest != NULL) {
        (void)tsp_error_set(reader->error, "unknown key '%s'; did you mean '%s'?", name, nearest);
    } else {
        (void)tsp_error_set(reader->error, "unknown key '%s'; the keys here are %s", name, list);
    }
    (void)fail_at(reader, key->start_mark);
    return NULL;
}

static int read_mapping(const struct reader *reader, const yaml_node_t *node,
                        const struct tsp_yaml_field *fields) {
    bool seen[KEYS_MAX] = {false};
    yaml_document_t *document = (yaml_document_t *)&reader->document;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
         ++pair) {
        const yaml_node_t *key = yaml_document_get_node(document, pair->key);
        size_t index = 0;
        const struct tsp_yaml_field *field = find_field(reader, key, fields, &index);
        if (field == NULL) {
            return -1;
        }
        if (seen[index]) {
            (void)tsp_error_set(reader->error, "'%s' is there twice; keep one of them", field->key);
            return fail_at(reader, key->start_mark);
        }
        seen[index] = true;
        const yaml_node_t *value = yaml_document_get_node(document, pair->value);
        if (field->place != 0) {
            *(struct tsp_yaml_place *)(void *)(reader->target + field->place) = place_of(value);
        }
        if (read_field(reader, value, field) != 0) {
            return -1;
        }
    }
    for (size_t i = 0; fields[i].key != NULL; ++i) {
        if (fields[i].required && !seen[i]) {
            (void)tsp_error_set(reader->error, "'%s' is missing; add it", fields[i].key);
            return fail_at(reader, node->start_mark);
        }
    }
    return 0;
}

/* What libyaml found wrong with the text itself. A reader's error (bad UTF-8) knows only its byte. */
static int fail_syntax(const struct reader *reader, const yaml_parser_t *parser, const char *yaml,
                       size_t size) {
    yaml_mark_t mark = parser->problem_mark;
    if (parser->error == YAML_READER_ERROR) {
        mark.line = mark.column = 0;
        for (size_t i = 0; i < parser->problem_offset && i < size; ++i) {
            mark.column = yaml[i] == '\n' ? 0 : mark.column + 1;
            mark.line += yaml[i] == '\n';
        }
    }
    (void)tsp_error_set(reader->error, "not valid YAML: %s%s%s; mend that line or the one before it",
                        parser->problem != NULL ? parser->problem : "out of memory",
                        parser->context != NULL ? " " : "", parser->context != NULL ? parser->context : "");
    return fail_at(reader, mark);
}

/* What stands behind the document would be left out silently. */
static int expect_end(const struct reader *reader, yaml_parser_t *parser) {
    yaml_document_t second;
    if (!yaml_parser_load(parser, &second)) {
        (void)tsp_error_set(reader->error, "not valid YAML behind the first document; take it out");
        return fail_at(reader, parser->problem_mark);
    }
    yaml_mark_t mark = second.start_mark;
    bool found = yaml_document_get_root_node(&second) != NULL;
    yaml_document_delete(&second);
    if (found) {
        (void)tsp_error_set(reader->error, "a second document begins; keep one in a file");
        return fail_at(reader, mark);
    }
    return 0;
}

/* libyaml takes time by the square of the depth. What is wrong with the text itself is told by who reads it. */
static int check_depth(const struct reader *reader, const char *yaml, size_t size) {
    yaml_parser_t parser;
    yaml_event_t event;
    unsigned depth = 0;
    int status = 0;
    bool done = false;
    if (!yaml_parser_initialize(&parser)) {
        return tsp_error_set(reader->error, "%s: out of memory", reader->path);
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)yaml, size);
    while (!done && yaml_parser_parse(&parser, &event)) {
        depth += event.type == YAML_SEQUENCE_START_EVENT || event.type == YAML_MAPPING_START_EVENT;
        depth -= event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
        if (depth > DEPTH_MAX) {
            (void)tsp_error_set(reader->error, "more than %d levels deep; nothing here is", DEPTH_MAX);
            status = fail_at(reader, event.start_mark);
        }
        done = status != 0 || event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return status;
}

int tsp_yaml_read(const char *yaml, size_t size, const char *path, const struct tsp_yaml_field *fields,
                  void *target, struct tsp_error *error) {
    struct reader reader = {.path = path, .target = target, .error = error};
    if (check_depth(&reader, yaml, size) != 0) {
        return -1;
    }
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        return tsp_error_set(error, "%s: out of memory", path);
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)yaml, size);
    if (!yaml_parser_load(&parser, &reader.document)) {
        int status = fail_syntax(&reader, &parser, yaml, size);
        yaml_parser_delete(&parser);
        return status;
    }
    const yaml_node_t *root = yaml_document_get_root_node(&reader.document);
    int status;
    if (root == NULL) {
        status =
            tsp_error_set(error, "%s:1:1: the file is empty; write at least '%s: …'", path, fields[0].key);
    } else if (root->type != YAML_MAPPING_NODE) {
        (void)tsp_error_set(error, "the file holds %s; write 'key: value' lines", kind_name(root));
        status = fail_at(&reader, root->start_mark);
    } else {
        status = read_mapping(&reader, root, fields);
    }
    if (status == 0) {
        status = expect_end(&reader, &parser);
    }
    yaml_document_delete(&reader.document);
    yaml_parser_delete(&parser);
    return status;
}
