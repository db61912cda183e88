/* Man pages in the language of man(7): "man 7 groff_man", mandoc(1). */
#include "man_page.h"

#include <argp.h>
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "document.h"
#include "options.h"
#include "transept_version.h"

enum { COLUMNS = 72 };

/* What every command heeds. */
static const struct tsp_command_note environment[] = {
    {"COLUMNS", "how wide tables are where the output is no terminal; 80 unless it is set"},
    {"NO_COLOR", "if set and not empty, nothing is coloured (no-color.org)"},
    {"TERM", "where it is not set, or dumb, progress is told in lines of their own"},
    {"TRANSEPT_COUNTERS", "where the emulator's plugin counts to; transept-emulate sets it"},
    {NULL, NULL},
};

/* --- letters -------------------------------------------------------------------------------------------------------------------------- */

/* The code point that begins at `text`, of which it takes `*length` bytes; what is no UTF-8 is taken byte by byte. */
static uint32_t decode(const char *text, size_t *length) {
    const unsigned char *byte = (const unsigned char *)text;
    *length = byte[0] < 0xc0 ? 1 : byte[0] < 0xe0 ? 2 : byte[0] < 0xf0 ? 3 : 4;
    uint32_t point = *length == 1 ? byte[0] : byte[0] & (0x7fU >> *length);
    for (size_t i = 1; i < *length; ++i) {
        if ((byte[i] & 0xc0U) != 0x80) {
            *length = 1;
            return byte[0];
        }
        point = point << 6 | (byte[i] & 0x3fU);
    }
    return point;
}

/* One letter, as roff takes it for what it is: a hyphen that can be pasted into a shell, quotes that stay as they are typed. */
static size_t write_letter(FILE *stream, const char *text) {
    static const struct {
        char letter;
        const char *roff;
    } special[] = {{'\\', "\\e"},  {'-', "\\-"},   {'\'', "\\(aq"},
                   {'`', "\\(ga"}, {'^', "\\(ha"}, {'~', "\\(ti"}};
    size_t length = 1;
    for (size_t i = 0; i < sizeof special / sizeof *special; ++i) {
        if (special[i].letter == *text) {
            (void)fputs(special[i].roff, stream);
            return length;
        }
    }
    uint32_t point = decode(text, &length);
    if (point < 0x80) {
        (void)putc((int)point, stream);
    } else {
        (void)fprintf(stream, "\\[u%04" PRIX32 "]", point);
    }
    return length;
}

static void write_letters(FILE *stream, const char *text, size_t length) {
    if (length > 0 && *text == '.') { /* a line that begins so is a request */
        (void)fputs("\\&", stream);
    }
    for (size_t i = 0; i < length;) {
        i += write_letter(stream, text + i);
    }
}

/* Words in lines of some 72 columns; a sentence begins a line, as is the custom in pages. */
static void write_text(FILE *stream, const char *text, size_t length) {
    size_t column = 0;
    size_t at = 0;
    while (at < length) {
        size_t word = strcspn(text + at, " \n");
        word = word < length - at ? word : length - at;
        if (column > 0) {
            bool ends = at >= 2 && strchr(".?!", text[at - 2]) != NULL && isupper((unsigned char)text[at]);
            bool breaks = ends || column + 1 + word > COLUMNS;
            (void)putc(breaks ? '\n' : ' ', stream);
            column = breaks ? 0 : column + 1;
        }
        write_letters(stream, text + at, word);
        column += word;
        at += word;
        at += at < length; /* the blank */
    }
    (void)putc('\n', stream);
}

static void write_heading(FILE *stream, const char *name) {
    (void)fprintf(stream, ".SH %s\n", name);
}

/* A term in bold, and what it is. */
static void write_entry(FILE *stream, const char *term, const char *about) {
    (void)fputs(".TP\n\\fB", stream);
    write_letters(stream, term, strlen(term));
    (void)fputs("\\fR\n", stream);
    write_text(stream, about, strlen(about));
}

static void write_notes(FILE *stream, const struct tsp_command_note *note) {
    for (; note != NULL && note->name != NULL; ++note) {
        write_entry(stream, note->name, note->about);
    }
}

/* --- parts ---------------------------------------------------------------------------------------------------------------------------- */

static void write_head(FILE *stream, const char *name, const char *about) {
    char title[64];
    size_t length = 0;
    for (; name[length] != '\0' && length + 1 < sizeof title; ++length) {
        title[length] = (char)toupper((unsigned char)name[length]);
    }
    title[length] = '\0';
    (void)fputs(".\\\" Made by `transept man` from the tables that the commands parse with.\n.TH ", stream);
    write_letters(stream, title, length);
    (void)fprintf(stream, " 1 \"%s\" \"transept ", TSP_DATE);
    write_letters(stream, TSP_VERSION, strlen(TSP_VERSION));
    (void)fputs("\" \"Transept\"\n", stream);
    write_heading(stream, "NAME");
    write_letters(stream, name, strlen(name));
    (void)fputs(" \\- ", stream);
    write_text(stream, about, strlen(about));
}

static void write_synopsis(FILE *stream, const struct tsp_subcommand *command) {
    const char *arguments = command->argp->args_doc != NULL ? command->argp->args_doc : "";
    write_heading(stream, "SYNOPSIS");
    for (bool first = true; first || *arguments != '\0'; first = false) {
        size_t length = strcspn(arguments, "\n");
        (void)fprintf(stream, "%s\\fBtransept %s\\fR [\\fIOPTION\\fR...]%s", first ? "" : ".br\n",
                      command->name, length > 0 ? " " : "");
        write_letters(stream, arguments, length);
        (void)putc('\n', stream);
        arguments += length + (arguments[length] == '\n');
    }
}

/* The words that an option takes, where its doc has no room for them in help. */
static void write_words(FILE *stream, const struct argp_option *option, const struct tsp_takes *takes) {
    char words[512];
    char text[sizeof words + 16];
    if (takes != NULL && takes->words != NULL && strstr(option->doc, "{words}") == NULL) {
        (void)snprintf(text, sizeof text, "Known: %s.",
                       tsp_words_text(takes->words, "and", words, sizeof words));
        (void)fputs(".br\n", stream);
        write_text(stream, text, strlen(text));
    }
}

static void write_option(FILE *stream, const struct tsp_subcommand *command,
                         const struct argp_option *option) {
    const struct tsp_takes *takes = tsp_takes_find(command->values, option->key);
    char text[TSP_OPTION_TEXT];
    (void)fputs(".TP\n", stream);
    if (option->key > 0 && option->key < 128 && isprint(option->key)) { /* others have no letter */
        (void)fputs("\\fB\\-", stream);
        (void)write_letter(stream, (const char[]){(char)option->key, '\0'});
        (void)fputs("\\fR, ", stream);
    }
    (void)fputs("\\fB\\-\\-", stream);
    write_letters(stream, option->name, strlen(option->name));
    (void)fputs("\\fR", stream);
    if (option->arg != NULL) {
        bool optional = (option->flags & OPTION_ARG_OPTIONAL) != 0;
        (void)fputs(optional ? "[=\\fI" : "=\\fI", stream);
        write_letters(stream, option->arg, strlen(option->arg));
        (void)fputs(optional ? "\\fR]" : "\\fR", stream);
    }
    (void)putc('\n', stream);
    tsp_option_text(option, takes, text);
    write_text(stream, text, strlen(text));
    write_words(stream, option, takes);
}

static void write_options(FILE *stream, const struct tsp_subcommand *command) {
    write_heading(stream, "OPTIONS");
    for (const struct argp_option *option = command->argp->options; option->name != NULL; ++option) {
        if ((option->flags & OPTION_HIDDEN) == 0) {
            write_option(stream, command, option);
        }
    }
    if (command->base != NULL) {
        (void)fprintf(stream, ".PP\nThose of\n.BR transept\\-%s (1)\nare taken as well.\n",
                      command->base->name);
    }
}

static void write_description(FILE *stream, const struct tsp_document *document) {
    write_heading(stream, "DESCRIPTION");
    write_text(stream, document->summary, strlen(document->summary));
    for (const char *line = document->prose; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        (void)fputs(".PP\n", stream);
        write_text(stream, line, length);
        line += length + (line[length] == '\n');
    }
}

static void write_example(FILE *stream, bool first, const char *command, const char *about) {
    (void)fputs(first ? "" : ".PP\n", stream);
    if (about[0] != '\0') {
        write_text(stream, about, strlen(about));
    }
    (void)fputs(".RS 4\n.EX\n", stream);
    write_letters(stream, command, strlen(command));
    (void)fputs("\n.EE\n.RE\n", stream);
}

static void write_see_also(FILE *stream, const char *others, bool whole) {
    write_heading(stream, "SEE ALSO");
    if (whole) {
        (void)fputs(".BR transept (1)", stream);
    }
    const char *separator = whole ? ",\n" : "";
    for (const char *name = others; name != NULL && *name != '\0';) {
        size_t length = strcspn(name, " ");
        (void)fprintf(stream, "%s.BR transept\\-%.*s (1)", separator, (int)length, name);
        separator = ",\n";
        name += length + (name[length] == ' ');
    }
    (void)putc('\n', stream);
}

/* --- pages ---------------------------------------------------------------------------------------------------------------------------- */

static void write_command(FILE *stream, const struct tsp_subcommand *command,
                          const struct tsp_document *document) {
    char name[64];
    (void)snprintf(name, sizeof name, "transept-%s", command->name);
    write_head(stream, name, command->about);
    write_synopsis(stream, command);
    write_description(stream, document);
    write_options(stream, command);
    write_heading(stream, "EXAMPLES");
    for (unsigned i = 0; i < document->example_count; ++i) {
        write_example(stream, i == 0, document->examples[i].command, document->examples[i].about);
    }
    write_heading(stream, "EXIT STATUS");
    for (unsigned i = 0; i < document->status_count; ++i) {
        char value[16];
        (void)snprintf(value, sizeof value, "%d", document->statuses[i].value);
        write_entry(stream, value, document->statuses[i].about);
    }
    if (command->files != NULL) {
        write_heading(stream, "FILES");
        write_notes(stream, command->files);
    }
    write_heading(stream, "ENVIRONMENT");
    write_notes(stream, command->environment);
    write_notes(stream, environment);
    write_see_also(stream, command->see_also, true);
}

static int write_first_examples(FILE *stream, struct tsp_error *error) {
    write_heading(stream, "EXAMPLES");
    for (size_t i = 0; tsp_subcommand_at(i) != NULL; ++i) {
        struct tsp_document document;
        if (tsp_subcommand_at(i)->hidden) {
            continue;
        }
        if (tsp_document_read(&document, tsp_subcommand_at(i), error) != 0) {
            return -1;
        }
        write_example(stream, i == 0, document.examples[0].command, document.examples[0].about);
    }
    return 0;
}

static int write_overview(FILE *stream, struct tsp_error *error) {
    static const char about[] =
        "Measures what primitives cost: system calls, barriers, calls, layouts, inserts and more, on this machine and others, and says how sure "
        "each figure is. A case is named family/kernel/variant, then its parameters; patterns of names choose cases.";
    char others[512] = "";
    write_head(stream, "transept", "what primitives cost, on this processor and others");
    write_heading(stream, "SYNOPSIS");
    (void)fputs("\\fBtransept\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...]\n", stream);
    write_heading(stream, "DESCRIPTION");
    write_text(stream, about, sizeof about - 1);
    write_heading(stream, "COMMANDS");
    for (size_t i = 0; tsp_subcommand_name(i) != NULL; ++i) {
        const struct tsp_subcommand *command = tsp_subcommand_find(tsp_subcommand_name(i));
        size_t used = strlen(others);
        write_entry(stream, command->name, command->about);
        (void)snprintf(others + used, sizeof others - used, "%s%s", i == 0 ? "" : " ", command->name);
    }
    write_heading(stream, "OPTIONS");
    write_entry(stream, "--help", "the commands; behind a command, its options, with examples");
    write_entry(stream, "--version", "version and commit");
    if (write_first_examples(stream, error) != 0) {
        return -1;
    }
    write_heading(stream, "EXIT STATUS");
    write_entry(stream, "0", "all went well");
    write_entry(stream, "1", "a case failed, faulted or timed out; of gate: something moved");
    write_entry(stream, "2", "the command line, a file or the machine does not allow what was asked for");
    write_entry(stream, "130", "interrupted; what was finished is written");
    write_heading(stream, "FILES");
    write_entry(stream, "results/ARCH/MACHINE/", "records of the runs on one machine");
    write_entry(stream, "results/ARCH/latest.json", "the newest record of that instruction set");
    write_heading(stream, "ENVIRONMENT");
    write_notes(stream, environment);
    write_see_also(stream, others, false);
    return 0;
}

int tsp_man_page_write(const struct tsp_subcommand *command, FILE *stream, struct tsp_error *error) {
    struct tsp_document document;
    if (command == NULL) {
        return write_overview(stream, error);
    }
    if (tsp_document_read(&document, command, error) != 0) {
        return -1;
    }
    write_command(stream, command, &document);
    return 0;
}
