/* SPDX-License-Identifier: MIT */
/* JSON text, checked while its white space is left out. */
#include "jsontext.h"

#include <stdint.h>
#include <string.h>

enum { MAX_DEPTH = 32 };

void
pl_jsontext_space(struct pl_jsontext *s)
{
    while (s->at < s->end &&
           (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
        s->at++;
}

char
pl_jsontext_peek(const struct pl_jsontext *s)
{
    return s->at < s->end ? *s->at : '\0';
}

static void
keep(struct pl_jsontext *s)
{
    s->out[s->n++] = *s->at++;
}

bool
pl_jsontext_take(struct pl_jsontext *s, char mark)
{
    pl_jsontext_space(s);
    if (pl_jsontext_peek(s) != mark)
        return false;
    keep(s);
    pl_jsontext_space(s);
    return true;
}

static bool
is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool
pl_jsontext_string(struct pl_jsontext *s)
{
    if (pl_jsontext_peek(s) != '"')
        return false;
    keep(s);
    while (s->at < s->end && *s->at != '"') {
        if ((unsigned char)*s->at < 0x20)
            return false;
        bool escape = *s->at == '\\';
        keep(s);
        if (!escape)
            continue;
        char c = pl_jsontext_peek(s);
        if (c == '\0' || !strchr("\"\\/bfnrtu", c))
            return false;
        keep(s);
        for (int i = 0; c == 'u' && i < 4; i++) {
            if (!is_hex(pl_jsontext_peek(s)))
                return false;
            keep(s);
        }
    }
    if (pl_jsontext_peek(s) != '"')
        return false;
    keep(s);
    return true;
}

static size_t
scan_digits(struct pl_jsontext *s)
{
    size_t n = 0;

    while (pl_jsontext_peek(s) >= '0' && pl_jsontext_peek(s) <= '9') {
        keep(s);
        n++;
    }
    return n;
}

static bool
scan_number(struct pl_jsontext *s)
{
    if (pl_jsontext_peek(s) == '-')
        keep(s);
    bool zero = pl_jsontext_peek(s) == '0';
    size_t n = scan_digits(s);
    if (n == 0 || (zero && n > 1))
        return false;
    if (pl_jsontext_peek(s) == '.') {
        keep(s);
        if (scan_digits(s) == 0)
            return false;
    }
    if (pl_jsontext_peek(s) == 'e' || pl_jsontext_peek(s) == 'E') {
        keep(s);
        if (pl_jsontext_peek(s) == '+' || pl_jsontext_peek(s) == '-')
            keep(s);
        if (scan_digits(s) == 0)
            return false;
    }
    return true;
}

static bool
scan_word(struct pl_jsontext *s, const char *word)
{
    size_t n = strlen(word);

    if ((size_t)(s->end - s->at) < n || memcmp(s->at, word, n) != 0)
        return false;
    while (n-- > 0)
        keep(s);
    return true;
}

/* Nested at most MAX_DEPTH deep: the open brackets are kept in a word. */
bool
pl_jsontext_value(struct pl_jsontext *s)
{
    uint64_t is_object = 0; /* bit d: the bracket at depth d is { */
    int depth = 0;

    for (;;) {
        char c = pl_jsontext_peek(s);
        if (c == '{' || c == '[') {
            if (depth == MAX_DEPTH)
                return false;
            depth++;
            is_object = c == '{' ? is_object | UINT64_C(1) << depth
                                 : is_object & ~(UINT64_C(1) << depth);
            (void)pl_jsontext_take(s, c);
            bool closed = pl_jsontext_take(s, c == '{' ? '}' : ']');
            if (!closed) {
                if (c == '{' && (!pl_jsontext_string(s) || !pl_jsontext_take(s, ':')))
                    return false;
                continue;
            }
            depth--;
        } else if (!(c == '"'   ? pl_jsontext_string(s)
                     : c == 't' ? scan_word(s, "true")
                     : c == 'f' ? scan_word(s, "false")
                     : c == 'n' ? scan_word(s, "null")
                                : scan_number(s))) {
            return false;
        }
        /* A value has ended; so may what holds it. */
        for (;;) {
            if (depth == 0)
                return true;
            bool object = is_object >> depth & 1;
            if (pl_jsontext_take(s, ',')) {
                if (object && (!pl_jsontext_string(s) || !pl_jsontext_take(s, ':')))
                    return false;
                break;
            }
            if (!pl_jsontext_take(s, object ? '}' : ']'))
                return false;
            depth--;
        }
    }
}
