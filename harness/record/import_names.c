/* Names, units and words of other programs as ours. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "record/digest.h"
#include "record/import.h"

/* What a case's id consists of: family, kernel, variant, and behind them parameters only. */
static bool is_id(const char *name) {
    unsigned parts = 0;
    for (const char *part = name;; ++parts) {
        size_t length = strcspn(part, "/");
        const char *equals = memchr(part, '=', length);
        bool parameter = equals != NULL && equals > part && equals + 1 < part + length;
        if (length == 0 || (parts < 3 ? length >= TSP_NAME_MAX : !parameter)) {
            return false;
        }
        if (part[length] == '\0') {
            break;
        }
        part += length + 1;
    }
    return parts >= 2;
}

static void take_part(char *out, const char **rest) {
    size_t length = strcspn(*rest, "/");
    memcpy(out, *rest, length); /* is_id() saw that it fits; the rest of `out` is zero */
    *rest += length + ((*rest)[length] == '/' ? 1 : 0);
}

static bool is_control(char letter) {
    return (unsigned char)letter < ' ' || letter == 0x7f;
}

void tsp_import_clean(char *text) {
    for (; *text != '\0'; ++text) {
        if (is_control(*text)) {
            *text = '?';
        }
    }
}

/* One part of an id out of any text. */
static void tame(char out[TSP_NAME_MAX], const char *text, size_t length) {
    uint64_t hash = TSP_DIGEST_START;
    size_t room = TSP_NAME_MAX - 1;
    size_t used = length;
    for (size_t i = 0; i < length; ++i) {
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    }
    if (length > room) {
        used = room - 9; /* "~" and eight digits; not within a character */
        while (used > 0 && ((unsigned char)text[used] & 0xc0) == 0x80) {
            --used;
        }
    }
    for (size_t i = 0; i < used; ++i) {
        out[i] = text[i];
        if (text[i] == '/') {
            out[i] = '+';
        } else if (is_control(text[i])) {
            out[i] = '?';
        }
    }
    out[used] = '\0';
    if (length > room) {
        (void)snprintf(out + used, TSP_NAME_MAX - used, "~%08" PRIx32, (uint32_t)(hash ^ (hash >> 32)));
    }
}

void tsp_import_name(struct tsp_result *result, const char *family, const char *name, bool ours) {
    size_t params = 0;
    if (ours && strlen(name) < sizeof result->id && is_id(name)) {
        const char *rest = name;
        memcpy(result->id, name, strlen(name) + 1);
        take_part(result->family, &rest);
        take_part(result->kernel, &rest);
        take_part(result->variant, &rest);
        params = strlen(rest);
        if (params < sizeof result->params) {
            memcpy(result->params, rest, params + 1);
            return;
        }
    }
    size_t first = strcspn(name, "/");
    const char *rest = name[first] == '/' ? name + first + 1 : "";
    tame(result->family, family[0] != '\0' ? family : "imported",
         strlen(family[0] != '\0' ? family : "imported"));
    tame(result->kernel, first > 0 ? name : "-", first > 0 ? first : 1);
    tame(result->variant, rest[0] != '\0' ? rest : "plain", strlen(rest[0] != '\0' ? rest : "plain"));
    (void)snprintf(result->id, sizeof result->id, "%s/%s/%s", result->family, result->kernel,
                   result->variant);
}

enum tsp_evidence tsp_import_evidence(const char **text) {
    static const struct {
        const char *mark;
        enum tsp_evidence evidence;
    } marks[] = {{"emulated-", TSP_EMULATED}, {"modelled-", TSP_MODELLED}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; ++i) {
        size_t length = strlen(marks[i].mark);
        if (strncmp(*text, marks[i].mark, length) == 0) {
            *text += length;
            return marks[i].evidence;
        }
    }
    return TSP_MEASURED;
}

static void copy(char *out, size_t size, const char *text, size_t length) {
    (void)snprintf(out, size, "%.*s", (int)(length < size ? length : size - 1), text);
}

void tsp_import_executor(struct tsp_machine *machine, const char *text) {
    const char *on = strstr(text, " on ");
    size_t name = strcspn(text, " ");
    if (text[0] == '\0' || strcmp(text, "hardware") == 0) {
        return;
    }
    machine->emulated = true;
    copy(machine->emulator, sizeof machine->emulator, text, name);
    if (on != NULL && on > text + name) {
        copy(machine->emulator_version, sizeof machine->emulator_version, text + name + 1,
             (size_t)(on - text) - name - 1);
    }
    if (on != NULL) {
        copy(machine->host_arch, sizeof machine->host_arch, on + 4, strlen(on + 4));
    }
}

void tsp_import_compiler(struct tsp_build *build, const char *text) {
    size_t name = strcspn(text, " ");
    copy(build->compiler, sizeof build->compiler, text, name);
    copy(build->version, sizeof build->version, text + name + (text[name] == ' ' ? 1 : 0), strlen(text));
}

double tsp_import_nanoseconds(const char *unit, size_t length) {
    static const struct {
        const char *name;
        double factor;
    } units[] = {{"ns", 1}, {"us", 1e3}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"sec", 1e9}};
    for (size_t i = 0; i < sizeof units / sizeof *units; ++i) {
        if (strlen(units[i].name) == length && memcmp(units[i].name, unit, length) == 0) {
            return units[i].factor;
        }
    }
    return 0;
}

void tsp_import_unit(const char *unit, struct tsp_import_value *value) {
    const char *slash = strchr(unit, '/');
    const char *dash = strrchr(unit, '-');
    double factor =
        slash != NULL && strcmp(slash, "/op") == 0 ? tsp_import_nanoseconds(unit, (size_t)(slash - unit)) : 0;
    if (factor > 0) {
        (void)snprintf(value->name, sizeof value->name, "time");
        (void)snprintf(value->unit, sizeof value->unit, "ns/op");
        value->value *= factor;
    } else if (slash != NULL && slash > unit && strcmp(slash, "/op") == 0 && strcmp(unit, "B/op") != 0) {
        copy(value->name, sizeof value->name, unit, (size_t)(slash - unit));
        (void)snprintf(value->unit, sizeof value->unit, "count/op");
    } else if (dash != NULL && dash > unit && dash[1] != '\0' && strlen(dash + 1) < sizeof value->unit) {
        copy(value->name, sizeof value->name, unit, (size_t)(dash - unit));
        copy(value->unit, sizeof value->unit, dash + 1, strlen(dash + 1));
    } else {
        copy(value->name, sizeof value->name, unit, strlen(unit));
        copy(value->unit, sizeof value->unit, strlen(unit) < sizeof value->unit ? unit : "value",
             sizeof value->unit);
    }
}
