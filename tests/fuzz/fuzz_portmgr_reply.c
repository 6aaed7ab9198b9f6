/* SPDX-License-Identifier: MIT */
/* Any line as a status, and as a record of either dialect. */
#include "reply.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *line = (const char *)bytes;
    char *buf = malloc(len ? len : 1);
    struct pt_status status;
    struct pt_row row;

    if (!buf)
        abort();
    if (pt_reply_status(line, len, buf, &status) == 0) {
        if (status.ok ? status.number > 65535 : status.text_len > len)
            abort();
        if (!status.ok)
            (void)pt_reply_reason(buf, status.text_len);
    }
    for (int form = PT_ROW_TCL; form <= PT_ROW_RUST; form++) {
        if (pt_reply_row(line, len, (enum pt_row_form)form, buf, &row) != 0)
            continue;
        if (row.port == 0 || row.service_len + row.user_len + 2 > len ||
            buf[row.service_len] != '\0' ||
            buf[row.service_len + 1 + row.user_len] != '\0')
            abort();
    }
    free(buf);
    return 0;
}
