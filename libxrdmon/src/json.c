/* SPDX-License-Identifier: MIT */
/* Whether a line is JSON: one pass, no memory but a bit for each level of nesting. */
#include "xm.h"

enum { DEEPEST = 512 };

struct json {
    const char *at, *end;
};

static bool
take(struct json *j, char c)
{
    if (j->at == j->end || *j->at != c)
        return false;
    j->at++;
    return true;
}

static void
skip_blanks(struct json *j)
{
    while (j->at < j->end &&
           (*j->at == ' ' || *j->at == '\t' || *j->at == '\n' || *j->at == '\r'))
        j->at++;
}

static bool
skip_digits(struct json *j)
{
    const char *start = j->at;
    while (j->at < j->end && *j->at >= '0' && *j->at <= '9')
        j->at++;
    return j->at > start;
}

static bool
number(struct json *j)
{
    (void)take(j, '-');
    if (!take(j, '0') && !skip_digits(j))
        return false;
    if (take(j, '.') && !skip_digits(j))
        return false;
    if (take(j, 'e') || take(j, 'E')) {
        if (!take(j, '+'))
            (void)take(j, '-');
        return skip_digits(j);
    }
    return true;
}

/* The bytes of the UTF-8 character at the start, which is no ASCII; 0 if it is none. */
static size_t
utf8_len(const struct json *j)
{
    const unsigned char *p = (const unsigned char *)j->at;
    size_t left = (size_t)(j->end - j->at);
    size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;

    if (p[0] < 0xc2 || p[0] > 0xf4 || left < n)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0; /* longer than need be, a surrogate, or past the last character */
    return n;
}

static bool
escape(struct json *j)
{
    if (j->at == j->end)
        return false;
    char c = *j->at++;
    if (c != 'u')
        return c && strchr("\"\\/bfnrt", c) != NULL;
    for (int i = 0; i < 4; i++, j->at++)
        if (j->at == j->end || !*j->at || !strchr("0123456789abcdefABCDEF", *j->at))
            return false;
    return true;
}

static bool
string(struct json *j)
{
    if (!take(j, '"'))
        return false;
    while (j->at < j->end && *j->at != '"') {
        unsigned char c = (unsigned char)*j->at;
        if (c < 0x20)
            return false;
        size_t n = c < 0x80 ? 1 : utf8_len(j);
        if (n == 0)
            return false;
        j->at += n;
        if (c == '\\' && !escape(j))
            return false;
    }
    return take(j, '"');
}

static bool
word(struct json *j, const char *w)
{
    while (*w)
        if (!take(j, *w++))
            return false;
    return true;
}

static bool
scalar(struct json *j)
{
    switch (j->at < j->end ? *j->at : 0) {
    case '"':
        return string(j);
    case 't':
        return word(j, "true");
    case 'f':
        return word(j, "false");
    case 'n':
        return word(j, "null");
    default:
        return number(j);
    }
}

/* A key, its colon, and the blanks around. */
static bool
key(struct json *j)
{
    if (!string(j))
        return false;
    skip_blanks(j);
    if (!take(j, ':'))
        return false;
    skip_blanks(j);
    return true;
}

bool
xrdmon_json_is_valid(struct xrdmon_text text)
{
    struct json j = {.at = text.at, .end = text.len ? text.at + text.len : text.at};
    uint8_t is_object[DEEPEST / 8];
    unsigned depth = 0;

    skip_blanks(&j);
    for (;;) {
        /* a value begins here */
        bool object = take(&j, '{');
        if (object || take(&j, '[')) {
            if (depth == DEEPEST)
                return false;
            uint8_t bit = (uint8_t)(1U << depth % 8);
            if (depth % 8 == 0)
                is_object[depth / 8] = 0;
            is_object[depth / 8] = (uint8_t)(object ? is_object[depth / 8] | bit
                                                    : is_object[depth / 8] & ~bit);
            depth++;
            skip_blanks(&j);
            if (!take(&j, object ? '}' : ']')) {
                if (object && !key(&j))
                    return false;
                continue;
            }
            depth--;
        } else if (!scalar(&j)) {
            return false;
        }
        /* a value has ended: so may what holds it */
        for (;;) {
            skip_blanks(&j);
            if (depth == 0)
                return j.at == j.end;
            object = is_object[(depth - 1) / 8] >> (depth - 1) % 8 & 1;
            if (take(&j, ','))
                break;
            if (!take(&j, object ? '}' : ']'))
                return false;
            depth--;
        }
        skip_blanks(&j);
        if (object && !key(&j))
            return false;
    }
}
