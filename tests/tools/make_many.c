/* Makes a record of many cases out of a record: make_many RECORD.json CASES OUTPUT.json */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "../unit/record_many.h"

int main(int argc, char **argv) {
    json_error_t where;
    json_t *record = argc == 4 ? json_load_file(argv[1], JSON_REJECT_DUPLICATES, &where) : NULL;
    size_t cases = argc == 4 ? (size_t)strtoul(argv[2], NULL, 10) : 0;
    FILE *stream = record != NULL && cases > 0 ? fopen(argv[3], "we") : NULL;
    if (stream == NULL) {
        (void)fputs("usage: make_many RECORD.json CASES OUTPUT.json\n", stderr);
        json_decref(record);
        return 2;
    }
    many_write(stream, record, cases);
    json_decref(record);
    return fclose(stream) == 0 ? 0 : 1;
}
