/* SPDX-License-Identifier: MIT */
#ifndef TESTS_LDMSCTL_CALLED_H
#define TESTS_LDMSCTL_CALLED_H

/* A call as text: "0x100 name=a xprt=sock", its steps with " | " between them. */
#include "support/cmocka.h"

#include "call.h"

static inline const char *
called(const struct lc_call *call)
{
    static char text[4096];
    size_t n = 0;

    text[0] = '\0';
    for (size_t i = 0; i < call->n_steps; i++) {
        struct rd list = rd_over(call->bytes + call->steps[i].at, call->steps[i].len);
        struct ldmsctl_attr a;
        n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%#x", i ? " | " : "",
                              call->steps[i].request_id);
        while (rd_left(&list)) {
            assert_int_equal(lc_attr_take(&list, &a), 1);
            n += (size_t)snprintf(text + n, sizeof(text) - n, " %s%s%.*s",
                                  lc_attr_name(a.id), a.len ? "=" : "", (int)a.len,
                                  (const char *)a.value);
        }
    }
    return text;
}

#endif
