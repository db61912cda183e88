/* Reading the plugin's arguments. */
#include "emulator/settings.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static int unknown_model(const char *name, char *reason, unsigned size) {
    unsigned count = 0;
    const struct tsp_core *cores = tsp_core_list(&count);
    int used = snprintf(reason, size, "there is no model of '%s'; there are", name);
    for (unsigned i = 0; i < count && used > 0 && (unsigned)used < size; ++i) {
        used += snprintf(reason + used, size - (unsigned)used, "%s %s", i == 0 ? "" : ",", cores[i].name);
    }
    return -1;
}

/* One of two words; -1: neither. */
static int choose(bool *second, const char *value, const char *no, const char *yes) {
    *second = strcmp(value, yes) == 0;
    return *second || strcmp(value, no) == 0 ? 0 : -1;
}

static int read_one(struct tsp_settings *settings, const char *argument, char *reason, unsigned size) {
    const char *equals = strchr(argument, '=');
    size_t length = equals != NULL ? (size_t)(equals - argument) : 0;
    const char *value = equals != NULL ? equals + 1 : "";
    if (length == 4 && strncmp(argument, "page", 4) == 0 && *value != '\0') {
        settings->page = value;
        return 0;
    }
    if (length == 5 && strncmp(argument, "model", 5) == 0) {
        settings->model = tsp_core_find(value);
        settings->accesses = true;
        return settings->model != NULL ? 0 : unknown_model(value, reason, size);
    }
    if (length == 2 && strncmp(argument, "by", 2) == 0 &&
        choose(&settings->by_instruction, value, "block", "instruction") == 0) {
        return 0;
    }
    if (length == 8 && strncmp(argument, "accesses", 8) == 0 &&
        choose(&settings->accesses, value, "off", "on") == 0) {
        return 0;
    }
    (void)snprintf(
        reason, size,
        "'%s' is no argument; there are page=FILE, by=block|instruction, accesses=off|on, model=CORE",
        argument);
    return -1;
}

int tsp_settings_read(struct tsp_settings *settings, int argc, char *const *argv, char *reason,
                      unsigned size) {
    *settings = (struct tsp_settings){.page = NULL};
    for (int i = 0; i < argc; ++i) {
        if (read_one(settings, argv[i], reason, size) != 0) {
            return -1;
        }
    }
    if (settings->model != NULL) {
        settings->accesses = true; /* a model sees every access, whatever was said of them */
    }
    if (settings->page == NULL) {
        (void)snprintf(reason, size, "page=FILE is missing: where the counts go");
        return -1;
    }
    return 0;
}
