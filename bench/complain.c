/* How commands end: complaints, and output that could not be written. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

int tsp_complain(const char *command, const struct tsp_error *error) {
    (void)fprintf(stderr, "%s: %s\n", command, error->text);
    return TSP_EXIT_USAGE;
}

int tsp_finish_output(const char *command, int status) {
    struct stat output;
    struct tsp_error error;
    errno = 0;
    if (fflush(stdout) == 0 && ferror(stdout) == 0) {
        return status;
    }
    int why = errno; /* none where an earlier write failed and nothing was left to be flushed */
    if (fstat(STDOUT_FILENO, &output) == 0 && (S_ISFIFO(output.st_mode) || S_ISSOCK(output.st_mode))) {
        return status;
    }
    (void)tsp_error_set(&error, "the output could not be written: %s",
                        why != 0 ? strerror(why) : "is the disk full?");
    return tsp_complain(command, &error);
}
