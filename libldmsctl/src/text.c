/* SPDX-License-Identifier: MIT */
/* What a peer wrote, made harmless. */
#include "text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static size_t
escape_byte(char *out, unsigned char c)
{
    static const char names[] = "abtnvfr"; /* 7 to 13 */

    if (c == '\\')
        return (size_t)snprintf(out, 5, "\\\\");
    if (c >= 7 && c <= 13)
        return (size_t)snprintf(out, 5, "\\%c", names[c - 7]);
    /* 0x80 to 0x9f are also controls, by themselves; within UTF-8 they are not, and
     * terminals read UTF-8. */
    if (c < 0x20 || c == 0x7f)
        return (size_t)snprintf(out, 5, "\\x%02x", c);
    out[0] = (char)c;
    return 1;
}

/* U+0080 to U+009F, the other controls: c2 80 to c2 9f. */
static bool
is_c1(const char *text)
{
    unsigned char second = (unsigned char)text[0] == 0xc2 ? (unsigned char)text[1] : 0;
    return second >= 0x80 && second < 0xa0;
}

void
lc_text_tame(char *text)
{
    for (; *text; text++) {
        bool c1 = is_c1(text);
        if (c1)
            *text++ = '?';
        if (c1 || (unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
    }
}

void
lc_text_escape(char *out, size_t size, const char *text, size_t len, size_t max)
{
    char piece[8];
    size_t used = 0, i;

    for (i = 0; i < len && i < max; i++) {
        size_t n = escape_byte(piece, (unsigned char)text[i]);
        if (n == 1 && i + 1 < len && is_c1(text + i))
            n = (size_t)snprintf(piece, sizeof(piece), "\\x%02x",
                                 (unsigned char)text[++i]);
        if (used + n + 4 > size)
            break;
        memcpy(out + used, piece, n);
        used += n;
    }
    if (i < len && used + 4 <= size) {
        memcpy(out + used, "...", 3);
        used += 3;
    }
    if (size)
        out[used < size ? used : size - 1] = '\0';
}
