/* The window that people look at. */
#include "terminal.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define NARROWEST 40
#define USUAL     80

unsigned tsp_terminal_width(FILE *stream) {
    struct winsize window = {0};
    unsigned width = 0;
    if (isatty(fileno(stream)) && ioctl(fileno(stream), TIOCGWINSZ, &window) == 0) {
        width = window.ws_col;
    }
    const char *columns = getenv("COLUMNS");
    if (width == 0 && columns != NULL) {
        unsigned long value = strtoul(columns, NULL, 10);
        width = value < 1000 ? (unsigned)value : USUAL;
    }
    if (width == 0) {
        width = USUAL;
    }
    return width < NARROWEST ? NARROWEST : width;
}

bool tsp_terminal_redraws(FILE *stream) {
    const char *kind = getenv("TERM");
    return kind != NULL && strcmp(kind, "dumb") != 0 && isatty(fileno(stream));
}

bool tsp_terminal_has_colour(FILE *stream) {
    const char *no = getenv("NO_COLOR");
    return (no == NULL || *no == '\0') && tsp_terminal_redraws(stream);
}

const struct tsp_signs *tsp_signs(void) {
    static const struct tsp_signs utf8 = {true, "±", "µ", "—", "·", "≤"};
    static const struct tsp_signs ascii = {false, "+-", "u", "-", "|", "<="};
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? &utf8 : &ascii;
}

unsigned tsp_text_columns(const char *text) {
    wchar_t wide[1024];
    size_t length = mbstowcs(wide, text, sizeof wide / sizeof *wide);
    int columns = length < sizeof wide / sizeof *wide ? wcswidth(wide, length) : -1;
    return columns >= 0 ? (unsigned)columns : (unsigned)strlen(text);
}

/* Replaces in place, the ASCII form being never longer; what is not known becomes a question mark. */
static void make_ascii(char *text) {
    static const struct {
        const char *from;
        const char *to;
    } known[] = {{"±", "+-"}, {"µ", "u"},   {"—", "-"}, {"–", "-"}, {"·", "|"},
                 {"≤", "<="}, {"…", "..."}, {"×", "x"}, {"÷", "/"}, {"’", "'"}};
    char *out = text;
    for (const char *in = text; *in != '\0';) {
        size_t i = 0;
        while (i < sizeof known / sizeof *known && strncmp(in, known[i].from, strlen(known[i].from)) != 0) {
            ++i;
        }
        if (i < sizeof known / sizeof *known) {
            size_t length = strlen(known[i].to);
            in += strlen(known[i].from);
            memcpy(out, known[i].to, length); /* and no NUL behind it: the next letter may be there */
            out += length;
        } else if ((*in & 0x80) == 0) {
            *out++ = *in++;
        } else {
            *out++ = '?';
            for (++in; (*in & 0xc0) == 0x80; ++in) {
            }
        }
    }
    *out = '\0';
}

/* What a file says, another program's at that, shall neither move the cursor nor break a table: C0, DEL, and C1 in UTF-8. */
static void make_printable(char *text) {
    for (char *in = text; *in != '\0'; ++in) {
        unsigned char next = (unsigned char)in[1];
        if ((unsigned char)*in < ' ' || *in == '\x7f') {
            *in = '?';
        } else if ((unsigned char)*in == 0xc2 && next >= 0x80 && next < 0xa0) {
            *in = in[1] = '?';
        }
    }
}

void tsp_print_wrapped(FILE *stream, const char *text, unsigned at, unsigned indent, unsigned width) {
    char copy[2048];
    (void)snprintf(copy, sizeof copy, "%s", text);
    make_printable(copy);
    if (!tsp_signs()->utf8) {
        make_ascii(copy);
    }
    char *rest = NULL;
    bool fresh = true; /* nothing on this line yet that a blank must part from */
    for (const char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        unsigned columns = tsp_text_columns(word);
        if (!fresh && at + 1 + columns > width) {
            (void)fprintf(stream, "\n%*s", (int)indent, "");
            at = indent;
            fresh = true;
        }
        (void)fprintf(stream, "%s%s", fresh ? "" : " ", word);
        at += columns + !fresh;
        fresh = false;
    }
    (void)fputc('\n', stream);
}

const char *tsp_duration_text(double ms, char *text, size_t size) {
    double s = ms / 1e3;
    unsigned long whole = (unsigned long)(s + 0.5);
    if (whole >= 3600) {
        (void)snprintf(text, size, "%lu h %02lu min", whole / 3600, whole % 3600 / 60);
    } else if (whole >= 60) {
        (void)snprintf(text, size, "%lu min %02lu s", whole / 60, whole % 60);
    } else {
        (void)snprintf(text, size, s < 9.95 ? "%.1f s" : "%.0f s", s);
    }
    return text;
}
