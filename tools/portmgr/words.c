/* SPDX-License-Identifier: MIT */
/* Tcl lists as the server reads and writes them: the library's words, whole lines of
 * them, and the character set. */
#include "words.h"
#include "json.h"

#include <portmgr-tcl.h>

/* A lone surrogate, which Tcl lets pass though UTF-8 does not. */
static bool
is_surrogate(const char *at, size_t len)
{
    const unsigned char *p = (const unsigned char *)at;
    return len >= 3 && p[0] == 0xed && p[1] >= 0xa0 && p[1] <= 0xbf && p[2] >= 0x80 &&
           p[2] <= 0xbf;
}

int
words_decode(const char *bytes, size_t n, char **ret_text, size_t *ret_len)
{
    char *text = malloc(2 * n + 1); /* Latin-1 takes two bytes in UTF-8 */
    size_t len = 0;
    if (!text)
        return -ENOMEM;

    for (size_t i = 0; i < n;) {
        unsigned char c = (unsigned char)bytes[i];
        size_t take = json_utf8_len(bytes + i, n - i);
        if (take == 0 && is_surrogate(bytes + i, n - i))
            take = 3;
        if (take) {
            memcpy(text + len, bytes + i, take);
            len += take;
            i += take;
        } else if (c == 0xc0 && i + 1 < n && (unsigned char)bytes[i + 1] == 0x80) {
            text[len++] = '\0';
            i += 2;
        } else {
            text[len++] = (char)(0xc0 | c >> 6);
            text[len++] = (char)(0x80 | (c & 0x3f));
            i++;
        }
    }
    *ret_text = text;
    *ret_len = len;
    return 0;
}

int
words_split(const char *line, size_t len, struct word *ret_words, size_t count,
            char **ret_values)
{
    /* No value is longer than its text, and what lies past `count` is checked alone. */
    char *room = malloc(len + 1);
    size_t found = 0;
    int got;

    *ret_values = room;
    for (size_t i = 0; i < count; i++)
        ret_words[i] = (struct word){.text = "", .len = 0};
    if (!room)
        return -ENOMEM;
    for (size_t value_len; (got = portmgr_tcl_take(&line, &len, room, &value_len)) > 0;)
        if (found < count) {
            ret_words[found++] = (struct word){.text = room, .len = value_len};
            room += value_len;
        }
    return got < 0 ? -EINVAL : 0;
}

size_t
words_quoted_room(size_t len)
{
    return 2 * len + 3;
}

size_t
words_quote(const char *text, size_t len, bool first, char *ret_quoted)
{
    size_t n = 0;
    bool hash = first && len > 0 && text[0] == '#';

    (void)portmgr_tcl_quote(text, len, ret_quoted + hash, words_quoted_room(len) - hash,
                            &n);
    if (!hash)
        return n;
    if (n == len) { /* it would have stood bare */
        ret_quoted[0] = '{';
        ret_quoted[n + 1] = '}';
        return n + 2;
    }
    if (ret_quoted[1] == '#') {
        ret_quoted[0] = '\\';
        return n + 1;
    }
    memmove(ret_quoted, ret_quoted + 1, n);
    return n;
}

int
words_put(struct queue *out, const char *text, size_t len, bool first)
{
    uint8_t *room = queue_room(out, words_quoted_room(len));
    if (!room)
        return -errno;
    queue_added(out, words_quote(text, len, first, (char *)room));
    return 0;
}
