/* How single values are spelt in JSON (RFC 8259), and which of the spellings are those of our writers. */
#ifndef TRANSEPT_RECORD_LEXIS_H
#define TRANSEPT_RECORD_LEXIS_H

#include <stdbool.h>

/** Each is given where the value begins in a text that ends in a NUL, and returns where it ends, or NULL: it is none, or not one that our writers
 *  spell so. */

/** From behind the opening quote to the closing one. Escapes are those that cannot be done without; what is not ASCII is UTF-8 (RFC 3629). `*escaped` when
 *  there is an escape. */
const char *tsp_lexis_text(const char *at, bool *escaped);

/** Any number. `*canonical` is cleared unless the digest has it spelt so: 12 significant digits at most, and as printf's %g has them. */
const char *tsp_lexis_number(const char *at, bool *canonical);

/** true, false or null. */
const char *tsp_lexis_word(const char *at);

#endif
