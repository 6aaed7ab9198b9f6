/* SPDX-License-Identifier: MIT */
/* Tcl list words: where one ends, what it stands for. Writing them is tclquote.c. */
#include "tclword.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool
is_octal(char c)
{
    return c >= '0' && c <= '7';
}

/* Unpaired surrogates come out as three bytes like anything else, as Tcl has it. */
static size_t
put_utf8(uint32_t c, char *out)
{
    uint8_t *p = (uint8_t *)out;

    if (c < 0x80) {
        p[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        p[0] = (uint8_t)(0xc0 | c >> 6);
        p[1] = (uint8_t)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        p[0] = (uint8_t)(0xe0 | c >> 12);
        p[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        p[2] = (uint8_t)(0x80 | (c & 0x3f));
        return 3;
    }
    p[0] = (uint8_t)(0xf0 | c >> 18);
    p[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
    p[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
    p[3] = (uint8_t)(0x80 | (c & 0x3f));
    return 4;
}

/* Up to `most` hex digits, stopping before the value would pass the last code point. */
static size_t
take_hex(const char *at, const char *end, size_t most, uint32_t *ret_value)
{
    uint32_t value = 0;
    size_t n = 0;

    while (n < most && at + n < end && hex_value(at[n]) >= 0) {
        uint32_t next = value << 4 | (uint32_t)hex_value(at[n]);
        if (next > 0x10ffff)
            break;
        value = next;
        n++;
    }
    *ret_value = value;
    return n;
}

/* The low half of a surrogate pair, as another \uXXXX right behind the high half. */
static bool
take_low_half(const char *at, const char *end, uint32_t *ret_value)
{
    return end - at >= 6 && at[0] == '\\' && at[1] == 'u' &&
           take_hex(at + 2, end, 4, ret_value) == 4 && *ret_value >= 0xdc00 &&
           *ret_value <= 0xdfff;
}

/* How many bytes the backslash at `at` and what belongs to it take. Writes what they
 * stand for, which is never longer. */
static size_t
take_backslash(const char *at, const char *end, char *out, size_t *ret_out_len)
{
    const char *p = at + 1;
    uint32_t value, low;
    size_t n;

    *ret_out_len = 1;
    if (p == end) {
        *out = '\\';
        return 1;
    }
    switch (*p++) {
    case 'a':
        *out = '\a';
        break;
    case 'b':
        *out = '\b';
        break;
    case 'f':
        *out = '\f';
        break;
    case 'n':
        *out = '\n';
        break;
    case 'r':
        *out = '\r';
        break;
    case 't':
        *out = '\t';
        break;
    case 'v':
        *out = '\v';
        break;
    case '\n': /* a line goes on: with its indentation, one space */
        while (p < end && (*p == ' ' || *p == '\t'))
            p++;
        *out = ' ';
        break;
    case 'x':
    case 'u':
    case 'U':
        n = take_hex(p, end, p[-1] == 'x' ? 2 : p[-1] == 'u' ? 4 : 8, &value);
        p += n;
        if (n == 0) {
            *out = p[-1];
        } else if (n == 4 && p[-5] == 'u' && value >= 0xd800 && value <= 0xdbff &&
                   take_low_half(p, end, &low)) {
            p += 6;
            *ret_out_len =
                put_utf8(0x10000 + ((value & 0x3ff) << 10) + (low & 0x3ff), out);
        } else {
            *ret_out_len = put_utf8(value, out);
        }
        break;
    default:
        if (!is_octal(p[-1])) {
            *out = p[-1];
            break;
        }
        value = (uint32_t)(p[-1] - '0');
        for (n = 1; n < 3 && p < end && is_octal(*p) && value < 0x20; n++)
            value = value << 3 | (uint32_t)(*p++ - '0');
        *ret_out_len = put_utf8(value, out);
    }
    return (size_t)(p - at);
}

/* From behind the opening brace to behind the closing one. */
static enum pt_taken
take_braced(const char **at, const char *end, char *buf, size_t *ret_len)
{
    const char *p = *at;

    for (size_t depth = 1; p < end; p++) {
        if (*p == '\\' && p + 1 < end) {
            p++;
        } else if (*p == '{') {
            depth++;
        } else if (*p == '}' && --depth == 0) {
            *ret_len = (size_t)(p - *at);
            memcpy(buf, *at, *ret_len);
            *at = p + 1;
            return PT_WORD;
        }
    }
    return PT_OPEN;
}

/* From behind the opening quote to behind the closing one. */
static enum pt_taken
take_quoted(const char **at, const char *end, char *buf, size_t *ret_len)
{
    char *out = buf;

    for (const char *p = *at; p < end;) {
        size_t out_len;
        if (*p == '"') {
            *ret_len = (size_t)(out - buf);
            *at = p + 1;
            return PT_WORD;
        }
        if (*p == '\\') {
            p += take_backslash(p, end, out, &out_len);
            out += out_len;
        } else {
            *out++ = *p++;
        }
    }
    return PT_OPEN;
}

/* Nearly all words are bare, and nearly all of those are plain to their end. */
static void
take_bare(const char **at, const char *end, char *buf, size_t *ret_len)
{
    const char *p = *at;
    char *out = buf;

    while (p < end && !pt_tclword_is_blank(*p)) {
        const char *from = p;
        while (p < end && !pt_tclword_is_blank(*p) && *p != '\\')
            p++;
        memcpy(out, from, (size_t)(p - from));
        out += p - from;
        if (p < end && *p == '\\') {
            size_t out_len;
            p += take_backslash(p, end, out, &out_len);
            out += out_len;
        }
    }
    *ret_len = (size_t)(out - buf);
    *at = p;
}

enum pt_taken
pt_tclword_take(const char **at, const char *end, char *buf, size_t *ret_len)
{
    const char *p = *at;
    enum pt_taken taken;
    size_t len;

    while (p < end && pt_tclword_is_blank(*p))
        p++;
    if (p == end)
        return PT_END;
    if (*p == '{' || *p == '"') {
        bool braced = *p++ == '{';
        taken =
            braced ? take_braced(&p, end, buf, &len) : take_quoted(&p, end, buf, &len);
        if (taken != PT_WORD)
            return taken;
        if (p < end && !pt_tclword_is_blank(*p))
            return PT_GARBAGE;
    } else {
        take_bare(&p, end, buf, &len);
    }
    *at = p;
    *ret_len = len;
    return PT_WORD;
}

int
portmgr_tcl_take(const char **list, size_t *list_len, char *buf, size_t *ret_len)
{
    const char *at = *list, *end = at + *list_len;

    switch (pt_tclword_take(&at, end, buf, ret_len)) {
    case PT_WORD:
        *list = at;
        *list_len = (size_t)(end - at);
        return 1;
    case PT_END:
        return 0;
    default:
        return -EINVAL;
    }
}

void
pt_tclscan_feed(struct pt_tclscan *scan, const char *text, size_t len)
{
    for (const char *p = text; p < text + len; p++) {
        if (scan->escaped) {
            scan->escaped = false;
            continue;
        }
        switch (scan->in) {
        case PT_IN_GAP:
            if (*p == '{') {
                scan->in = PT_IN_BRACES;
                scan->depth = 1;
            } else if (*p == '"') {
                scan->in = PT_IN_QUOTES;
            } else if (!pt_tclword_is_blank(*p)) {
                scan->in = PT_IN_BARE;
                scan->escaped = *p == '\\';
            }
            break;
        case PT_IN_BARE:
            if (pt_tclword_is_blank(*p))
                scan->in = PT_IN_GAP;
            scan->escaped = *p == '\\';
            break;
        case PT_IN_BRACES:
            scan->escaped = *p == '\\';
            if (*p == '{')
                scan->depth++;
            /* Behind it should be a blank. Where it is not, the text is no list, and
             * taking its words will say so. */
            else if (*p == '}' && --scan->depth == 0)
                scan->in = PT_IN_BARE;
            break;
        case PT_IN_QUOTES:
            scan->escaped = *p == '\\';
            if (*p == '"')
                scan->in = PT_IN_BARE;
            break;
        }
    }
}
