/* SPDX-License-Identifier: MIT */
/* The index that goes with a JSON object of labels. */
#include "labeljson.h"

#include <stdlib.h>

enum { MAX_DEPTH = 32 };

/* Reads from in, which ends with the text, and writes without white space. */
struct scan {
    const char *at, *end;
    char *out;
    size_t n;
};

static void
skip_space(struct scan *s)
{
    while (s->at < s->end &&
           (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
        s->at++;
}

static char
peek(const struct scan *s)
{
    return s->at < s->end ? *s->at : '\0';
}

static void
keep(struct scan *s)
{
    s->out[s->n++] = *s->at++;
}

/* One punctuation mark, with the space around it. */
static bool
take(struct scan *s, char mark)
{
    skip_space(s);
    if (peek(s) != mark)
        return false;
    keep(s);
    skip_space(s);
    return true;
}

static bool
is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool
scan_string(struct scan *s)
{
    if (peek(s) != '"')
        return false;
    keep(s);
    while (s->at < s->end && *s->at != '"') {
        if ((unsigned char)*s->at < 0x20)
            return false;
        bool escape = *s->at == '\\';
        keep(s);
        if (!escape)
            continue;
        char c = peek(s);
        if (c == '\0' || !strchr("\"\\/bfnrtu", c))
            return false;
        keep(s);
        for (int i = 0; c == 'u' && i < 4; i++) {
            if (!is_hex(peek(s)))
                return false;
            keep(s);
        }
    }
    if (peek(s) != '"')
        return false;
    keep(s);
    return true;
}

static size_t
scan_digits(struct scan *s)
{
    size_t n = 0;

    while (peek(s) >= '0' && peek(s) <= '9') {
        keep(s);
        n++;
    }
    return n;
}

static bool
scan_number(struct scan *s)
{
    if (peek(s) == '-')
        keep(s);
    bool zero = peek(s) == '0';
    size_t n = scan_digits(s);
    if (n == 0 || (zero && n > 1))
        return false;
    if (peek(s) == '.') {
        keep(s);
        if (scan_digits(s) == 0)
            return false;
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        keep(s);
        if (peek(s) == '+' || peek(s) == '-')
            keep(s);
        if (scan_digits(s) == 0)
            return false;
    }
    return true;
}

static bool
scan_word(struct scan *s, const char *word)
{
    size_t n = strlen(word);

    if ((size_t)(s->end - s->at) < n || memcmp(s->at, word, n) != 0)
        return false;
    while (n-- > 0)
        keep(s);
    return true;
}

/* A whole value, nested at most MAX_DEPTH deep: the open brackets are kept in a word. */
static bool
scan_value(struct scan *s)
{
    uint64_t is_object = 0; /* bit d: the bracket at depth d is { */
    int depth = 0;

    for (;;) {
        char c = peek(s);
        if (c == '{' || c == '[') {
            if (depth == MAX_DEPTH)
                return false;
            depth++;
            is_object = c == '{' ? is_object | UINT64_C(1) << depth
                                 : is_object & ~(UINT64_C(1) << depth);
            (void)take(s, c);
            bool closed = take(s, c == '{' ? '}' : ']');
            if (!closed) {
                if (c == '{' && (!scan_string(s) || !take(s, ':')))
                    return false;
                continue;
            }
            depth--;
        } else if (!(c == '"'   ? scan_string(s)
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
            if (take(s, ',')) {
                if (object && (!scan_string(s) || !take(s, ':')))
                    return false;
                break;
            }
            if (!take(s, object ? '}' : ']'))
                return false;
            depth--;
        }
    }
}

static bool
is_label_name(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '_')))
            return false;
    }
    return len > 0;
}

static int
compare_names(const char *json, const struct pl_label *a, const struct pl_label *b)
{
    size_t n = a->name_len < b->name_len ? a->name_len : b->name_len;
    int order = memcmp(json + a->name, json + b->name, n);
    return order ? order : (int)a->name_len - (int)b->name_len;
}

/* Into the sorted ones. False when the name is there already. */
static bool
insert(const char *json, struct pl_label *labels, int n, struct pl_label label)
{
    int at = n;

    while (at > 0) {
        int order = compare_names(json, &label, &labels[at - 1]);
        if (order == 0)
            return false;
        if (order > 0)
            break;
        labels[at] = labels[at - 1];
        at--;
    }
    labels[at] = label;
    return true;
}

int
pl_labeljson_parse(const char *json, size_t len, uint8_t flags, char *ret_json,
                   size_t *ret_json_len, struct pl_label *ret, int max)
{
    struct scan s = {.at = json, .end = json + len, .out = ret_json};
    int n = 0;

    if (len > PL_MAX_LABEL_JSON)
        return -E2BIG;
    if (!take(&s, '{'))
        return -EINVAL;
    bool more = !take(&s, '}');
    while (more) {
        size_t name = s.n + 1;
        if (!scan_string(&s))
            return -EINVAL;
        size_t name_len = s.n - 1 - name;
        if (!is_label_name(ret_json + name, name_len) || !take(&s, ':'))
            return -EINVAL;
        size_t value = s.n;
        uint8_t compound = peek(&s) == '{' ? PMDALOOP_LABEL_COMPOUND : 0;
        if (!scan_value(&s))
            return -EINVAL;
        struct pl_label label = {.name = (uint16_t)name,
                                 .name_len = (uint8_t)name_len,
                                 .flags = flags | compound,
                                 .value = (uint16_t)value,
                                 .value_len = (uint16_t)(s.n - value)};
        if (n == max || name_len > UINT8_MAX)
            return -E2BIG;
        if (!insert(ret_json, ret, n, label))
            return -EINVAL;
        n++;
        more = take(&s, ',');
        if (!more && !take(&s, '}'))
            return -EINVAL;
    }
    if (s.at != s.end)
        return -EINVAL;
    *ret_json_len = s.n;
    return n;
}
