/* SPDX-License-Identifier: MIT */
#ifndef LC_HANDLE_H
#define LC_HANDLE_H

#include "io.h"

enum { LC_VALUES_MAX = 16 };

struct ldmsctl {
    struct lc_engine_options options;
    struct lc_engine engine;
    struct lc_io io;
    char *xprt, *auth, *auth_opt; /* as given */
    char *host;
    uint16_t port;
    bool tried; /* to connect */
};

/* Call a method with the values of its arguments in the order of the table; what is NULL
 * is not given. The typed functions are this. */
int lc_call(struct ldmsctl *lc, const char *method, const char *const *values, size_t n,
            struct ldmsctl_reply *ret_reply);

/* A call of no arguments. */
int lc_call_plain(struct ldmsctl *lc, const char *method,
                  struct ldmsctl_reply *ret_reply);

/* What a boolean argument is as text: NULL for false, which is not sent. */
static inline const char *
lc_true(bool b)
{
    return b ? "True" : NULL;
}

/* A number argument as text in buf: NULL for 0, which is not sent. */
const char *lc_number(char buf[16], uint32_t n);

/* Whether a struct of arguments is one of ours: 0 or -EINVAL, -E2BIG. */
int lc_check_size(struct ldmsctl *lc, const char *method, const void *args, size_t size,
                  size_t first_size, size_t our_size);

#define LC_CALL(lc, method, ret_reply, ...)                                            \
    lc_call(lc, method, (const char *const[]){__VA_ARGS__},                            \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *),         \
            ret_reply)

#endif
