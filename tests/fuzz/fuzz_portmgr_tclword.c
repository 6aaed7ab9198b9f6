/* SPDX-License-Identifier: MIT */
/* Any bytes as a list: its words, quoted and split again, are the same words. */
#include "tclword.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

typedef int quote_fn(const void *, size_t, char *, size_t, size_t *);

static void
comes_back(quote_fn *quote, const char *word, size_t len)
{
    size_t room = 6 * len + 2, n, got = 0;
    char *quoted = malloc(room), *again;
    const char *at;

    if (!quoted || quote(word, len, quoted, room, &n) != 0)
        abort();
    again = malloc(n);
    at = quoted;
    if (!again || portmgr_tcl_take(&at, &n, again, &got) != 1 || n != 0 || got != len ||
        memcmp(again, word, len) != 0)
        abort();
    free(quoted);
    free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *at = (const char *)bytes, *end = at + len;
    char *word = malloc(len ? len : 1);
    enum pt_taken taken;
    size_t n;

    if (!word)
        abort();
    while ((taken = pt_tclword_take(&at, end, word, &n)) == PT_WORD) {
        comes_back(portmgr_tcl_quote, word, n);
        comes_back(portmgr_tcl_quote_portable, word, n);
    }
    /* A backslash before a line feed makes the blanks behind it part of a bare word,
     * which never matters at the end of a line. */
    if (!memchr(bytes, '\n', len) && taken != PT_GARBAGE) {
        struct pt_tclscan scan = {0};
        pt_tclscan_feed(&scan, (const char *)bytes, len / 2);
        pt_tclscan_feed(&scan, (const char *)bytes + len / 2, len - len / 2);
        if (pt_tclscan_is_open(&scan) != (taken == PT_OPEN))
            abort();
    }
    free(word);
    return 0;
}
