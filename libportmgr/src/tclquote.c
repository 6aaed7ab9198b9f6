/* SPDX-License-Identifier: MIT */
/* Tcl list words written: as Tcl does it, and so that servers without quoting bear it. */
#include "tclword.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

/* How Tcl writes a word. */
enum form {
    FORM_BARE,
    FORM_BRACES,
    FORM_ESCAPES,           /* a backslash before everything special */
    FORM_ESCAPES_NO_BRACES, /* ... but braces, which balance */
};

static enum form
choose_form(const char *word, size_t len)
{
    bool braces = false, escapes = false, must_escape = false;
    size_t depth = 0;

    if (len == 0 || word[0] == '{' || word[0] == '"')
        braces = true;
    for (size_t i = 0; i < len; i++) {
        switch (word[i]) {
        case '{':
            depth++;
            break;
        case '}':
            if (depth == 0)
                must_escape = true;
            else
                depth--;
            break;
        case ']':
        case '"':
            escapes = true;
            break;
        case '[':
        case '$':
        case ';':
        case ' ':
        case '\t':
        case '\n':
        case '\v':
        case '\f':
        case '\r':
            braces = true;
            break;
        case '\\':
            if (i + 1 == len || word[i + 1] == '\n') {
                must_escape = true;
                break;
            }
            braces = true;
            if (word[i + 1] == '{' || word[i + 1] == '}' || word[i + 1] == '\\')
                i++; /* a brace behind a backslash does not count */
            break;
        default:
            break;
        }
    }
    if (must_escape || depth != 0)
        return FORM_ESCAPES;
    if (braces)
        return FORM_BRACES;
    return escapes ? FORM_ESCAPES_NO_BRACES : FORM_BARE;
}

/* What follows the backslash where c needs one, else 0. */
static char
escape_of(char c, enum form form)
{
    switch (c) {
    case '\t':
        return 't';
    case '\n':
        return 'n';
    case '\v':
        return 'v';
    case '\f':
        return 'f';
    case '\r':
        return 'r';
    case '{':
    case '}':
        return form == FORM_ESCAPES ? c : 0;
    case ']':
    case '[':
    case '$':
    case ';':
    case ' ':
    case '\\':
    case '"':
        return c;
    default:
        return 0;
    }
}

int
portmgr_tcl_quote(const void *word, size_t len, char *buf, size_t room, size_t *ret_len)
{
    const char *w = word;
    enum form form = choose_form(w, len);
    size_t n = 0;

    if (form == FORM_BARE || form == FORM_BRACES) {
        size_t brace = form == FORM_BRACES;
        if (len > room || room - len < 2 * brace)
            return -ENOBUFS;
        if (len)
            memcpy(buf + brace, w, len);
        if (brace) {
            buf[0] = '{';
            buf[len + 1] = '}';
        }
        *ret_len = len + 2 * brace;
        return 0;
    }
    for (size_t i = 0; i < len; i++) {
        char escape = escape_of(w[i], form);
        if (room - n < (escape ? 2 : 1))
            return -ENOBUFS;
        if (escape)
            buf[n++] = '\\';
        buf[n++] = escape ? escape : w[i];
    }
    *ret_len = n;
    return 0;
}

/* Anything that a list, or a server which splits at blanks, could take for its own. */
static bool
is_special(const char *word, size_t i)
{
    char c = word[i];
    return ((unsigned char)c <= ' ' || c == 0x7f || strchr("{}[]$;\"\\", c) != NULL ||
            (i == 0 && c == '#'));
}

int
portmgr_tcl_quote_portable(const void *word, size_t len, char *buf, size_t room,
                           size_t *ret_len)
{
    static const char digits[] = "0123456789abcdef";
    const char *w = word;
    size_t n = 0;

    if (len == 0) { /* no server minds an empty pair of braces */
        if (room < 2)
            return -ENOBUFS;
        memcpy(buf, "{}", 2);
        *ret_len = 2;
        return 0;
    }
    for (size_t i = 0; i < len; i++) {
        bool special = is_special(w, i);
        if (room - n < (special ? 6U : 1U))
            return -ENOBUFS;
        if (special) {
            uint8_t c = (uint8_t)w[i];
            memcpy(buf + n, "\\u00", 4);
            buf[n + 4] = digits[c >> 4];
            buf[n + 5] = digits[c & 15];
            n += 6;
        } else {
            buf[n++] = w[i];
        }
    }
    *ret_len = n;
    return 0;
}
