/* The journal of a run that goes on: one JSON line for the header, then one for each round, on disk before the next round starts. */
#include "record/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "record/digest.h"
#include "record/encode.h"
#include "record/files.h"
#include "record/merge.h"

/* Takes the file for this process; a file system without locks lets everyone have it. */
static bool is_taken(int fd) {
    return flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

struct tsp_journal *tsp_journal_open(const char *path, bool create, struct tsp_error *error) {
    if (create && tsp_files_make_folders(path, error) != 0) {
        return NULL;
    }
    int fd = open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0666);
    if (fd < 0) {
        if (create) {
            tsp_files_complain(error, path, errno);
        } else {
            tsp_error_set(error, "cannot resume from %.300s: %s", path, strerror(errno));
        }
        return NULL;
    }
    if (is_taken(fd)) {
        close(fd);
        tsp_error_set(
            error,
            "%.300s: another run is writing it; wait for its end, or choose another folder with --output",
            path);
        return NULL;
    }
    struct tsp_journal *journal = calloc(1, sizeof *journal);
    char *copy = strdup(path);
    if (journal == NULL || copy == NULL) {
        close(fd);
        free(copy);
        free(journal);
        tsp_error_set(error, "no memory for the journal %.300s", path);
        return NULL;
    }
    *journal = (struct tsp_journal){.fd = fd, .path = copy};
    return journal;
}

/* One write, so that a kill leaves a whole line or a torn last one; what could not be written whole is taken off again. */
static int put_line(struct tsp_journal *journal, json_t *object) {
    char *text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(TSP_DIGITS));
    if (text == NULL) {
        return ENOMEM;
    }
    size_t length = strlen(text);
    text[length] = '\n'; /* in the NUL's place: the line is written by its length */
    errno = 0;
    ssize_t written = pwrite(journal->fd, text, length + 1, journal->end);
    int code = written == (ssize_t)length + 1 ? 0 : written < 0 ? errno : ENOSPC;
    free(text);
    if (code == 0 && fdatasync(journal->fd) != 0 && errno != EINVAL) {
        code = errno;
    }
    if (code == 0) {
        journal->end += written;
    } else if (ftruncate(journal->fd, journal->end) != 0) {
        return code; /* the next line is written over the torn one; resuming drops what is left */
    }
    return code;
}

json_t *tsp_journal_encode_header(const struct tsp_record *record) {
    json_t *cases = json_array();
    for (size_t i = 0; i < record->result_count; ++i) {
        tsp_encode_append(&cases, tsp_encode_plan(&record->results[i]));
    }
    json_t *content =
        json_pack("{s:o,s:o,s:o,s:o}", "run", tsp_encode_run(&record->run), "machine",
                  tsp_encode_machine(record), "build", tsp_encode_build(&record->build), "cases", cases);
    char digest[TSP_DIGEST_SIZE];
    tsp_digest_text(tsp_digest_add(TSP_DIGEST_START, content), digest);
    return json_pack("{s:s,s:o,s:s}", "schema", TSP_JOURNAL_SCHEMA, "header", content, "digest", digest);
}

int tsp_journal_create(struct tsp_journal **journal, const char *path, const struct tsp_record *record,
                       struct tsp_error *error) {
    *journal = NULL;
    struct tsp_journal *opened = tsp_journal_open(path, true, error);
    if (opened == NULL) {
        return -1;
    }
    json_t *header = tsp_journal_encode_header(record);
    int code = ftruncate(opened->fd, 0) != 0 ? errno : header == NULL ? ENOMEM : put_line(opened, header);
    json_decref(header);
    if (code == 0) {
        code = tsp_files_sync_folder(path);
    }
    if (code != 0) {
        tsp_journal_close(opened, true);
        return tsp_files_complain(error, path, code);
    }
    *journal = opened;
    return 0;
}

json_t *tsp_journal_encode_round(const char *case_id, const struct tsp_round *round) {
    struct tsp_round *copy = malloc(sizeof *copy);
    if (copy == NULL) {
        return NULL;
    }
    memcpy(copy, round, sizeof *copy);
    tsp_round_tame(copy);
    json_t *facts = tsp_encode_round_facts(copy);
    tsp_encode_member(&facts, "metrics", tsp_encode_round_metrics(copy));
    free(copy);
    json_t *content = json_pack("{s:s,s:o}", "case", case_id, "round", facts);
    char digest[TSP_DIGEST_SIZE];
    tsp_digest_text(tsp_digest_add(TSP_DIGEST_START, content), digest);
    tsp_encode_member(&content, "digest", json_string(digest));
    return content;
}

int tsp_journal_append(struct tsp_journal *journal, const char *case_id, const struct tsp_round *round,
                       struct tsp_error *error) {
    json_t *line = tsp_journal_encode_round(case_id, round);
    int code = line == NULL ? ENOMEM : put_line(journal, line);
    json_decref(line);
    if (code == 0 || journal->failed) {
        return 0;
    }
    journal->failed = true;
    tsp_files_complain(error, journal->path, code);
    return tsp_error_prefix(error,
                            "the run goes on, but what it measures from here on is lost if it is killed");
}

void tsp_journal_close(struct tsp_journal *journal, bool remove) {
    if (journal == NULL) {
        return;
    }
    if (remove) {
        (void)unlink(journal->path);
    }
    close(journal->fd);
    free(journal->path);
    free(journal);
}
