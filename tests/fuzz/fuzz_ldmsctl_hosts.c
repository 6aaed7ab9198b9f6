/* SPDX-License-Identifier: MIT */
/* Lists of hosts with ranges: a list, or a file of them, by the first byte. */
#include "hosts.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct hosts h = {.limit = 2000};
    char why[200], *text = len > 0 ? malloc(len) : NULL;

    if (!text)
        return 0;
    memcpy(text, bytes + 1, len - 1);
    text[len - 1] = '\0';
    if (bytes[0] & 1) {
        (void)hosts_add(&h, text, 411, why, sizeof(why));
    } else if (len > 1) {
        FILE *file = fmemopen(text, len - 1, "r");
        if (file) {
            (void)hosts_read(&h, file, 411, why, sizeof(why));
            fclose(file);
        }
    }
    for (size_t i = 0; i < h.count; i++)
        if (!h.at[i].name[0] || h.at[i].port == 0)
            abort();
    if (h.count > h.limit)
        abort();
    hosts_free(&h);
    free(text);
    return 0;
}
