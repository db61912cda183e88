/*
 * The program of `make peers`: scripts/peers starts it, pinned, and asks for one cell after the other; go/main.go understands the same lines.
 * JSON lines go out: first who is there, then for every cell one line a peer and one that ends it.
 *
 *   cell N KEYS STATE REPETITIONS SEED PEERS        PEERS: names with commas between them, or - for all
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"
#include "session.h"
#include "tally.h"

#define N_MOST           100000000
#define REPETITIONS_MOST 1000

/* Names, versions and reasons are ours and have nothing that JSON would want escaped but this. */
static void print_text(const char *name, const char *text) {
    printf("\"%s\": \"", name);
    for (; *text != '\0'; ++text) {
        printf(*text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    }
    printf("\"");
}

static void print_peers(const struct peer *peers, size_t count) {
    printf("{");
    print_text("compiler", "gcc " __VERSION__);
    printf(", ");
    print_text("flags", PEER_FLAGS);
    printf(", \"tallied\": %s, \"peers\": [", tally_works() ? "true" : "false");
    for (size_t i = 0; i < count; ++i) {
        const struct peer *peer = &peers[i];
        printf("%s{", i == 0 ? "" : ", ");
        print_text("name", peer->name);
        if (peer->absent != NULL) {
            printf(", ");
            print_text("absent", peer->absent);
        } else {
            printf(", ");
            print_text("version", peer->version);
            printf(", ");
            print_text("hash", peer->hash);
            printf(", ");
            print_text("reused", peer->reused);
            printf(", \"floor\": %s", peer->floor ? "true" : "false");
        }
        printf("}");
    }
    printf("]}\n");
}

static void print_samples(const char *name, const double *samples, unsigned count) {
    printf(", \"%s\": [", name);
    for (unsigned i = 0; i < count; ++i) {
        printf("%s%.4f", i == 0 ? "" : ", ", samples[i]);
    }
    printf("]");
}

static void print_seen(const struct peer *peer, const struct seen *seen, unsigned repetitions) {
    printf("{");
    print_text("peer", peer->name);
    print_samples("put", seen->put, repetitions);
    if (!peer->floor) {
        print_samples("lookup", seen->lookup, repetitions);
    }
    printf(", \"batches\": %" PRIu64 ", \"faults\": %" PRIu64 ", \"allocations\": %" PRIu64
           ", \"sum\": \"%016" PRIx64 "\", ",
           seen->batches, seen->faults, seen->allocations, seen->sum);
    print_text("wrong", seen->wrong);
    printf("}\n");
}

/* Whether the name is one of those with commas between them. */
static bool is_among(const char *name, const char *names) {
    const size_t length = strlen(name);
    for (const char *at = names; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == '\0')) {
            return true;
        }
    }
    return strcmp(names, "-") == 0;
}

static void run(const struct cell *cell, const char *names, const struct peer *peers, size_t count) {
    struct seen seen[PEERS_MOST];
    bool chosen[PEERS_MOST];
    for (size_t i = 0; i < count; ++i) {
        chosen[i] = is_among(peers[i].name, names);
        seen[i] = (struct seen){.put = calloc(cell->repetitions, sizeof(double)),
                                .lookup = calloc(cell->repetitions, sizeof(double))};
        if (seen[i].put == NULL || seen[i].lookup == NULL) {
            fprintf(stderr, "peers: no memory for %u repetitions\n", cell->repetitions);
            exit(1);
        }
    }
    const long huge = cell_run(cell, peers, chosen, count, seen);
    for (size_t i = 0; i < count; ++i) {
        if (seen[i].batches != 0) {
            print_seen(&peers[i], &seen[i], cell->repetitions);
        }
        free(seen[i].put);
        free(seen[i].lookup);
    }
    printf("{\"end\": true, \"huge_kib\": %ld}\n", huge);
    (void)fflush(stdout);
}

/* Returns -1 when the line is none of ours. */
static int read_cell(const char *line, struct cell *cell, char *names) {
    char keys[16];
    char state[16];
    if (sscanf(line, "cell %zu %15s %15s %u %" SCNu64 " %1023s", &cell->n, keys, state, &cell->repetitions,
               &cell->seed, names) != 6 ||
        keys_find(keys, &cell->keys) != 0 || state_find(state, &cell->state) != 0) {
        return -1;
    }
    return cell->n >= 1 && cell->n <= N_MOST && cell->repetitions >= 1 &&
                   cell->repetitions <= REPETITIONS_MOST
               ? 0
               : -1;
}

int main(void) {
    struct peer peers[PEERS_MOST];
    const size_t count = peers_all(peers);
    char line[1024];
    char names[1024];
    print_peers(peers, count);
    (void)fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        struct cell cell;
        if (read_cell(line, &cell, names) != 0) {
            fprintf(stderr, "peers: not a cell: %s", line);
            return 2;
        }
        run(&cell, names, peers, count);
    }
    return 0;
}
