/* SPDX-License-Identifier: MIT */
/* Foreign text, made fit for a terminal: whatever could move the cursor, turn the
 * direction of writing, break the line or the encoding comes out as digits. */
#include "printable.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The length of the UTF-8 character at p, or 0 where there is none. */
static size_t
utf8_len(const uint8_t *p, size_t len, uint32_t *ret_c)
{
    size_t n = p[0] < 0x80             ? 1
               : (p[0] & 0xe0) == 0xc0 ? 2
               : (p[0] & 0xf0) == 0xe0 ? 3
               : (p[0] & 0xf8) == 0xf0 ? 4
                                       : 0;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t c = n == 1 ? p[0] : p[0] & (0x7fU >> n);

    if (n == 0 || n > len)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3f);
    }
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *ret_c = c;
    return n;
}

static bool
is_harmless(uint32_t c)
{
    return c >= 0x20 && !(c >= 0x7f && c <= 0x9f) && /* C0, DEL, C1 */
           !(c >= 0x200b && c <= 0x200f) &&          /* invisible, direction marks */
           !(c >= 0x2028 && c <= 0x202e) &&          /* line ends, overrides */
           !(c >= 0x2060 && c <= 0x206f) && c != 0xfeff;
}

void
pt_printable(const char *text, size_t len, size_t most, char *buf, size_t room)
{
    const uint8_t *p = (const uint8_t *)text;
    size_t n = 0;

    for (size_t i = 0, chars = 0; i < len; chars++) {
        char escaped[16];
        uint32_t c = 0;
        size_t in_len = utf8_len(p + i, len - i, &c);
        const char *out = text + i;
        size_t out_len = in_len;

        if (in_len == 0 || !is_harmless(c)) {
            out_len = (size_t)snprintf(escaped, sizeof(escaped),
                                       in_len > 1 ? "\\u%04x" : "\\x%02x",
                                       in_len > 1 ? (unsigned)c : (unsigned)p[i]);
            out = escaped;
            in_len = in_len ? in_len : 1;
        }
        if (chars == most || n + out_len + 4 > room) {
            memcpy(buf + n, "...", 3);
            n += 3;
            break;
        }
        memcpy(buf + n, out, out_len);
        n += out_len;
        i += in_len;
    }
    buf[n] = '\0';
}
