/* How commands end: complaints, and output that could not be written. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

/* What was typed or read from a file shall neither move a terminal's cursor nor make a second line. */
static void make_printable(char *text) {
    for (; *text != '\0'; ++text) {
        if ((unsigned char)*text < ' ' || *text == '\x7f') {
            *text = '?';
        }
    }
}

int tsp_complain(const char *command, const struct tsp_error *error) {
    struct tsp_error said = *error;
    make_printable(said.text);
    (void)fprintf(stderr, "%s: %s\n", command, said.text);
    return TSP_EXIT_USAGE;
}

bool tsp_output_reader_left(void) {
    struct stat output;
    return ferror(stdout) != 0 && fstat(STDOUT_FILENO, &output) == 0 &&
           (S_ISFIFO(output.st_mode) || S_ISSOCK(output.st_mode));
}

int tsp_finish_output(const char *command, int status) {
    struct tsp_error error;
    errno = 0;
    if (fflush(stdout) == 0 && ferror(stdout) == 0) {
        return status;
    }
    int why = errno; /* none where an earlier write failed and nothing was left to be flushed */
    if (tsp_output_reader_left()) {
        return status;
    }
    (void)tsp_error_set(&error, "the output could not be written: %s",
                        why != 0 ? strerror(why) : "is the disk full?");
    return tsp_complain(command, &error);
}
