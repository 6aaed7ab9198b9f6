/* SPDX-License-Identifier: MIT */
/* Texts of others: numbers, lines, and pairs of key and value. */
#include "xm.h"

/* 19 digits always fit 64 bits; what servers write is never longer. */
bool
xm_text_u64(struct xrdmon_text text, uint64_t max, uint64_t *ret_value)
{
    uint64_t value = 0;

    if (text.len == 0 || text.len > 19)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        uint64_t digit = (uint64_t)((uint8_t)text.at[i] - (uint8_t)'0');
        if (digit > 9)
            return false;
        value = value * 10 + digit;
    }
    if (value > max)
        return false;
    *ret_value = value;
    return true;
}

int64_t
xm_text_i64(struct xrdmon_text text)
{
    bool minus = text.len && text.at[0] == '-';
    uint64_t value;

    if (minus)
        text = xm_text(text.at + 1, text.len - 1);
    if (!xm_text_u64(text, INT64_MAX, &value))
        return 0;
    return minus ? -(int64_t)value : (int64_t)value;
}

struct xrdmon_pairs
xrdmon_pairs_over(struct xrdmon_text text, const char *known)
{
    return (struct xrdmon_pairs){.left = text, .known = known};
}

/* Whether text starts with one of the known keys and its '='. */
static bool
starts_with_key(struct xrdmon_text text, const char *known)
{
    while (*known) {
        size_t i = 0;
        while (i < text.len && text.at[i] == known[i] && known[i] != '=')
            i++;
        if (i < text.len && text.at[i] == '=' && known[i] == '=')
            return true;
        while (*known && *known++ != ' ')
            continue;
    }
    return false;
}

/* Where the pair at the start of text ends: at an '&' that begins another one. */
static size_t
pair_len(struct xrdmon_text text, const char *known)
{
    for (size_t i = 0; i < text.len; i++) {
        const char *amp = memchr(text.at + i, '&', text.len - i);
        if (!amp)
            break;
        i = (size_t)(amp - text.at);
        if (!known || starts_with_key(xm_text(amp + 1, text.len - i - 1), known))
            return i;
    }
    return text.len;
}

bool
xrdmon_pairs_next(struct xrdmon_pairs *pairs, struct xrdmon_text *ret_key,
                  struct xrdmon_text *ret_value)
{
    struct xrdmon_text *left = &pairs->left;

    while (left->len && left->at[0] == '&')
        *left = xm_text(left->at + 1, left->len - 1);
    if (left->len == 0)
        return false;

    struct xrdmon_text pair = xm_text(left->at, pair_len(*left, pairs->known));
    *left = xm_text(left->at + pair.len, left->len - pair.len);

    const char *equals = memchr(pair.at, '=', pair.len);
    if (equals) {
        *ret_key = xm_text(pair.at, (size_t)(equals - pair.at));
        *ret_value = xm_text(equals + 1, pair.len - ret_key->len - 1);
    } else {
        *ret_key = xm_text(NULL, 0);
        *ret_value = pair;
    }
    return true;
}

bool
xrdmon_lines_next(struct xrdmon_lines *lines, struct xrdmon_text *ret_line)
{
    struct xrdmon_text *left = &lines->left;

    while (left->len && left->at[0] == '\n')
        *left = xm_text(left->at + 1, left->len - 1);
    if (left->len == 0)
        return false;

    const char *end = memchr(left->at, '\n', left->len);
    size_t n = end ? (size_t)(end - left->at) : left->len;
    *ret_line = xm_text(left->at, n);
    *left = xm_text(left->at + n, left->len - n);
    return true;
}
