/* SPDX-License-Identifier: MIT */
/* The g-stream as text: a head in JSON or CGI, then the lines of plug-ins. */
#include "xm.h"

/* Blanks or pluses in front of a number, and whatever follows its digits, are not its
 * own: one server prints "pseq":  1 and pseq=++1, and garbage after gs.tend. */
static uint64_t
padded_number(struct xrdmon_text text, size_t max_digits, uint64_t max)
{
    size_t n = 0;
    uint64_t value = 0;

    while (text.len && (text.at[0] == '+' || text.at[0] == ' '))
        text = xm_text(text.at + 1, text.len - 1);
    while (n < text.len && n < max_digits && text.at[n] >= '0' && text.at[n] <= '9')
        n++;
    return xm_text_u64(xm_text(text.at, n), max, &value) ? value : 0;
}

static bool
is_key(struct xrdmon_text key, const char *name)
{
    return key.len == strlen(name) && memcmp(key.at, name, key.len) == 0;
}

/* A field of the head. In CGI what stands in "gs" is called gs.type and so on, and what
 * stands in "src" just so. */
static void
take_field(struct xrdmon_gtext *g, struct xrdmon_text group, struct xrdmon_text key,
           struct xrdmon_text value)
{
    if (key.len > 3 && memcmp(key.at, "gs.", 3) == 0) {
        group = xm_text(key.at, 2);
        key = xm_text(key.at + 3, key.len - 3);
    }
    if (is_key(group, "gs")) {
        if (is_key(key, "type") && value.len)
            g->provider = value.at[0];
        else if (is_key(key, "tbeg"))
            g->begin_unix_s = (uint32_t)padded_number(value, 10, UINT32_MAX);
        else if (is_key(key, "tend"))
            g->end_unix_s = (uint32_t)padded_number(value, 10, UINT32_MAX);
    } else if (is_key(key, "code")) {
        if (!g->code)
            g->code = value.len ? value.at[0] : 0;
    } else if (is_key(key, "pseq")) {
        g->pseq = (uint16_t)padded_number(value, 5, UINT16_MAX);
    } else if (is_key(key, "stod")) {
        g->stod_unix_s = (uint32_t)padded_number(value, 10, UINT32_MAX);
    } else if (is_key(key, "sid")) {
        g->sid = padded_number(value, 20, UINT64_MAX) & XM_SID_MASK;
    } else if (is_key(key, "site")) {
        g->site = value;
    } else if (is_key(key, "host")) {
        g->host = value;
    } else if (is_key(key, "port")) {
        g->port = value;
    } else if (is_key(key, "inst")) {
        g->inst = value;
    } else if (is_key(key, "pgm")) {
        g->pgm = value;
    } else if (is_key(key, "ver")) {
        g->ver = value;
    }
}

/* The string at the start of text, quotes left out; text goes behind it. */
static bool
take_string(struct xrdmon_text *text, struct xrdmon_text *ret_string)
{
    size_t i = 1;

    while (i < text->len && text->at[i] != '"')
        i += text->at[i] == '\\' ? 2 : 1;
    if (i >= text->len)
        return false;
    *ret_string = xm_text(text->at + 1, i - 1);
    *text = xm_text(text->at + i + 1, text->len - i - 1);
    return true;
}

static void
skip_blanks(struct xrdmon_text *text)
{
    while (text->len && (text->at[0] == ' ' || text->at[0] == '\t'))
        *text = xm_text(text->at + 1, text->len - 1);
}

/* Two levels of objects with strings and numbers: all that a head ever is. */
static bool
take_json_head(struct xrdmon_gtext *g)
{
    struct xrdmon_text left = g->head, group = {NULL, 0}, key, value;
    int depth = 0;

    while (left.len) {
        char c = left.at[0];
        if (c == '{' && depth == 0) {
            depth = 1;
        } else if (c == '}') {
            group = xm_text(NULL, 0);
            depth--;
            if (depth < 0)
                return false;
        } else if (c == '"' && depth > 0) {
            if (!take_string(&left, &key))
                return false;
            skip_blanks(&left);
            if (left.len == 0 || left.at[0] != ':')
                return false;
            left = xm_text(left.at + 1, left.len - 1);
            skip_blanks(&left);
            if (left.len && left.at[0] == '"') {
                if (!take_string(&left, &value))
                    return false;
                take_field(g, group, key, value);
                continue;
            }
            if (left.len && left.at[0] == '{') {
                if (++depth > 2)
                    return false;
                group = key;
            } else {
                size_t n = 0;
                while (n < left.len && left.at[n] != ',' && left.at[n] != '}')
                    n++;
                take_field(g, group, key, xm_text(left.at, n));
                left = xm_text(left.at + n, left.len - n);
                continue;
            }
        } else if (c != ',' && c != ' ' && c != '\t' && c != '\r') {
            return false;
        }
        left = xm_text(left.at + 1, left.len - 1);
    }
    return depth == 0;
}

static void
take_cgi_head(struct xrdmon_gtext *g)
{
    struct xrdmon_pairs pairs = xrdmon_pairs_over(g->head, NULL);
    struct xrdmon_text key, value;

    while (xrdmon_pairs_next(&pairs, &key, &value)) {
        while (key.len && key.at[0] == '\n') /* the default head has one after sid */
            key = xm_text(key.at + 1, key.len - 1);
        while (value.len && value.at[value.len - 1] == '\n')
            value.len--;
        take_field(g, xm_text(NULL, 0), key, value);
    }
}

/* The first line; in CGI its continuation too. */
static struct xrdmon_text
head_of(struct xrdmon_text text, bool is_cgi)
{
    size_t n = 0;

    for (;;) {
        const char *newline =
            text.len > n ? memchr(text.at + n, '\n', text.len - n) : NULL;
        if (!newline)
            return text;
        n = (size_t)(newline - text.at);
        if (!is_cgi || text.len < n + 5 || memcmp(newline + 1, "&gs.", 4) != 0)
            return xm_text(text.at, n);
        n++;
    }
}

int
xrdmon_gtext_parse(const struct xrdmon_packet *packet, struct xrdmon_gtext *ret_gtext)
{
    if (packet->kind != XRDMON_JSON && packet->kind != XRDMON_CGI)
        return -EINVAL;

    struct xrdmon_gtext g = {.text = xm_text(packet->bytes, packet->len)};
    while (g.text.len && g.text.at[g.text.len - 1] == 0)
        g.text.len--;
    g.head = head_of(g.text, packet->kind == XRDMON_CGI);
    if (packet->kind == XRDMON_CGI) {
        take_cgi_head(&g);
        if (!g.code)
            return -XRDMON_EMALFORMED;
    } else if (!take_json_head(&g) || !g.code) {
        /* a record without a head may be any JSON: but what says "code" is a head */
        if (g.code)
            return -XRDMON_EMALFORMED;
        g = (struct xrdmon_gtext){.text = g.text};
    }
    g.lines.left = xm_text(g.text.at + g.head.len, g.text.len - g.head.len);
    *ret_gtext = g;
    return 0;
}
