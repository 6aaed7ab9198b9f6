/* SPDX-License-Identifier: MIT */
/* A strict check of JSON, and slices of what passed it. */
#include "json.h"

#include "ldmsctl.h"

#include <string.h>

enum { DEPTH_MAX = 64 };

static const char *
skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
        at++;
    return at;
}

/* The bytes of one character of UTF-8, or 0. */
static size_t
utf8_bytes(const char *at, const char *end)
{
    const unsigned char *p = (const unsigned char *)at;
    size_t have = (size_t)(end - at), n;
    unsigned low = 0x80, high = 0xbf;

    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    n = p[0] < 0xe0 ? 2 : (p[0] < 0xf0 ? 3 : 4);
    if (p[0] == 0xe0)
        low = 0xa0;
    if (p[0] == 0xed)
        high = 0x9f; /* no halves of UTF-16 pairs */
    if (p[0] == 0xf0)
        low = 0x90;
    if (p[0] == 0xf4)
        high = 0x8f;
    if (n > have || p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if (p[i] < 0x80 || p[i] > 0xbf)
            return 0;
    return n;
}

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits, or -1. */
static long
hex4(const char *at, const char *end)
{
    long value = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_value(at[i]);
        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* Each check_* returns where the value ends, or NULL and *fault. */
static const char *
check_string(const char *at, const char *end, const char **fault)
{
    at++;
    while (at < end && *at != '"') {
        size_t n = utf8_bytes(at, end);
        *fault = at;
        if (n == 0 || (unsigned char)*at < 0x20)
            return NULL;
        if (*at == '\\') {
            if (end - at < 2 || !strchr("\"\\/bfnrtu", at[1]) || at[1] == '\0')
                return NULL;
            if (at[1] == 'u' && hex4(at + 2, end) < 0)
                return NULL;
            n = at[1] == 'u' ? 6 : 2;
        }
        at += n;
    }
    *fault = at;
    return at < end ? at + 1 : NULL;
}

static const char *
skip_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

static const char *
check_number(const char *at, const char *end, const char **fault)
{
    const char *start;

    *fault = at;
    if (at < end && *at == '-')
        at++;
    start = at;
    at = skip_digits(at, end);
    if (at == start || (*start == '0' && at - start > 1))
        return NULL;
    if (at < end && *at == '.') {
        start = ++at;
        at = skip_digits(at, end);
        if (at == start)
            return NULL;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-'))
            at++;
        start = at;
        at = skip_digits(at, end);
        if (at == start)
            return NULL;
    }
    return at;
}

static const char *
check_word(const char *at, const char *end, const char **fault)
{
    static const char *const words[] = {"true", "false", "null"};

    *fault = at;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t len = strlen(words[i]);
        if ((size_t)(end - at) >= len && memcmp(at, words[i], len) == 0)
            return at + len;
    }
    return NULL;
}

static const char *
check_scalar(const char *at, const char *end, const char **fault)
{
    *fault = at;
    if (at == end)
        return NULL;
    if (*at == '"')
        return check_string(at, end, fault);
    return *at == '-' || (*at >= '0' && *at <= '9') ? check_number(at, end, fault)
                                                    : check_word(at, end, fault);
}

/* The name of a member and its colon. */
static const char *
check_name(const char *at, const char *end, const char **fault)
{
    *fault = at;
    if (at == end || *at != '"')
        return NULL;
    at = check_string(at, end, fault);
    if (!at)
        return NULL;
    *fault = at = skip_blanks(at, end);
    return at < end && *at == ':' ? skip_blanks(at + 1, end) : NULL;
}

/* Without recursion: a stack of what is open. */
static const char *
check_value(const char *at, const char *end, const char **fault)
{
    char open[DEPTH_MAX];
    size_t depth = 0;

    for (;;) {
        bool empty = false;
        *fault = at;
        if (at < end && (*at == '{' || *at == '[')) {
            if (depth == DEPTH_MAX)
                return NULL;
            open[depth++] = *at == '{' ? '}' : ']';
            at = skip_blanks(at + 1, end);
            empty = at < end && *at == open[depth - 1];
            if (!empty && open[depth - 1] == '}')
                at = check_name(at, end, fault);
            if (!at)
                return NULL;
            if (!empty)
                continue;
        } else {
            at = check_scalar(at, end, fault);
            if (!at)
                return NULL;
        }
        /* A value has ended, or an empty container is about to. */
        for (;;) {
            if (depth == 0)
                return at;
            *fault = at = skip_blanks(at, end);
            if (at == end)
                return NULL;
            if (*at != open[depth - 1])
                break;
            at++;
            depth--;
        }
        if (*at != ',')
            return NULL;
        at = skip_blanks(at + 1, end);
        if (open[depth - 1] == '}')
            at = check_name(at, end, fault);
        if (!at)
            return NULL;
    }
}

int
lc_json_check(const char *text, size_t len, struct lc_json *ret_value,
              size_t *ret_fault)
{
    const char *end = text + len, *fault = text;
    const char *start = skip_blanks(text, end);
    const char *stop = check_value(start, end, &fault);

    if (stop && skip_blanks(stop, end) != end) {
        fault = stop;
        stop = NULL;
    }
    if (!stop) {
        *ret_fault = (size_t)(fault - text);
        return -LDMSCTL_EPROTO;
    }
    *ret_value = (struct lc_json){start, (size_t)(stop - start)};
    return 0;
}

/* Where a checked value ends. */
static const char *
end_of(const char *at, const char *end)
{
    const char *fault;
    const char *stop = check_value(at, end, &fault);
    return stop ? stop : end;
}

struct lc_json_walk
lc_json_walk(struct lc_json value)
{
    struct lc_json_walk walk = {NULL, NULL};

    if (value.at && value.len >= 2 && (*value.at == '{' || *value.at == '[')) {
        walk.at = value.at + 1;
        walk.end = value.at + value.len - 1;
    }
    return walk;
}

bool
lc_json_next(struct lc_json_walk *walk, struct lc_json *ret_key,
             struct lc_json *ret_value)
{
    struct lc_json key = {NULL, 0};
    const char *at = walk->at ? skip_blanks(walk->at, walk->end) : NULL;

    if (!at || at == walk->end)
        return false;
    if (*at == ',')
        at = skip_blanks(at + 1, walk->end);
    const char *stop = end_of(at, walk->end);
    const char *after = skip_blanks(stop, walk->end);
    if (after < walk->end && *after == ':') {
        key = (struct lc_json){at, (size_t)(stop - at)};
        at = skip_blanks(after + 1, walk->end);
        stop = end_of(at, walk->end);
    }
    if (ret_key)
        *ret_key = key;
    *ret_value = (struct lc_json){at, (size_t)(stop - at)};
    walk->at = stop;
    return true;
}

struct lc_json
lc_json_get(struct lc_json object, const char *name)
{
    struct lc_json_walk walk = lc_json_walk(object);
    struct lc_json key, value;

    while (lc_json_next(&walk, &key, &value))
        if (lc_json_is(key, name))
            return value;
    return (struct lc_json){NULL, 0};
}

bool
lc_json_is(struct lc_json value, const char *text)
{
    size_t len = strlen(text);
    return value.at && value.len == len + 2 && *value.at == '"' &&
           memcmp(value.at + 1, text, len) == 0;
}

static char *
put_utf8(char *out, unsigned long c)
{
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xc0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *out++ = (char)(0xe0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    } else {
        *out++ = (char)(0xf0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3f));
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    }
    return out;
}

/* A backslash and what follows it; returns where to go on. Half of a pair alone becomes
 * the replacement character, and so does NUL, which texts could not hold. */
static const char *
decode_escape(const char *at, const char *end, char **out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *found = strchr(from, at[1]);

    if (found) {
        *(*out)++ = to[found - from];
        return at + 2;
    }
    unsigned long c = (unsigned long)hex4(at + 2, end);
    at += 6;
    if (c >= 0xd800 && c < 0xdc00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u') {
        unsigned long low = (unsigned long)hex4(at + 2, end);
        if (low >= 0xdc00 && low < 0xe000) {
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            at += 6;
        }
    }
    *out = put_utf8(*out, (c >= 0xd800 && c < 0xe000) || c == 0 ? 0xfffd : c);
    return at;
}

size_t
lc_json_text(struct lc_json value, char *out)
{
    const char *at = value.at, *end = value.at ? value.at + value.len : NULL;
    char *start = out;

    if (at && *at == '"') {
        for (at++, end--; at < end;) {
            if (*at == '\\')
                at = decode_escape(at, end, &out);
            else
                *out++ = *at++;
        }
    } else if (at) {
        memcpy(out, at, value.len);
        out += value.len;
    }
    *out = '\0';
    return (size_t)(out - start);
}

uint64_t
lc_json_u64(struct lc_json value)
{
    const char *at = value.at, *end = value.at ? value.at + value.len : NULL;
    uint64_t n = 0;

    if (at && *at == '"') {
        at++;
        end--;
    }
    for (; at < end; at++) {
        if (*at < '0' || *at > '9' || n > (UINT64_MAX - 9) / 10)
            return 0;
        n = n * 10 + (uint64_t)(*at - '0');
    }
    return n;
}
