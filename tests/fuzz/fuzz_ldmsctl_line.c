/* SPDX-License-Identifier: MIT */
/* Lines of configuration: what comes of them is a list of attributes that can be read
 * back. */
#include "call.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char why[LC_CALL_WHY_BYTES] = "";
    char *line = malloc(len + 1);
    struct lc_call call;

    if (!line)
        return 0;
    memcpy(line, bytes, len);
    line[len] = '\0';
    for (int release = 0; release < 2; release++) {
        int err = lc_call_line(&call, line, (enum ldmsctl_release)release, why);
        if (err < 0 && !*why)
            abort();
        if (err < 0)
            continue;
        for (size_t i = 0; i < call.n_steps; i++) {
            struct rd list = rd_over(call.bytes + call.steps[i].at, call.steps[i].len);
            struct ldmsctl_attr attr;
            while (rd_left(&list))
                if (lc_attr_take(&list, &attr) != 1)
                    abort();
        }
        lc_call_free(&call);
    }
    free(line);
    return 0;
}
