/* SPDX-License-Identifier: MIT */
/* Files of metrics' names. Those that include others are left out: the input would say
 * which files of the machine are read. */
#include "pmns.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct pmns p;
    char *text = malloc(len + 1);

    if (!text)
        abort();
    if (len)
        memcpy(text, bytes, len);
    text[len] = '\0';
    if (!strstr(text, "include")) {
        bool done = pmns_parse(&p, text, "the input", len % 2 ? 250 : 0);
        if (!done && !*p.why) /* a refusal says why */
            abort();
        for (size_t i = 0; i < p.n; i++)
            if (!*p.names[i].name || p.names[i].pmid >> 31)
                abort();
        pmns_free(&p);
    }
    free(text);
    return 0;
}
