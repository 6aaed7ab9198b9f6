/* SPDX-License-Identifier: MIT */
/* Requests. The Tcl server never answers again on a connection, nor gives its ports
 * back, once a request was no Tcl list; the Rust server knows no quoting. So names are
 * written in the one form that both understand. */
#include "request.h"

#include "portmgr-tcl.h"

#include <string.h>

const char *
pt_request_name_fault(const char *name)
{
    size_t len = name ? strlen(name) : 0;

    if (len == 0)
        return "it is empty";
    if (len > PT_NAME_MAX_BYTES)
        return "it is longer than 255 bytes";
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
            return "it has control characters";
    return NULL;
}

static size_t
put_name(const char *name, char *buf, size_t room)
{
    size_t n = 0;

    (void)portmgr_tcl_quote_portable(name, strlen(name), buf, room, &n);
    return n;
}

size_t
pt_request_gimme(const char *service, const char *user, char *buf)
{
    size_t n = 6;

    memcpy(buf, "GIMME ", n);
    n += put_name(service, buf + n, PT_REQUEST_MAX_BYTES - n);
    buf[n++] = ' ';
    n += put_name(user, buf + n, PT_REQUEST_MAX_BYTES - n);
    buf[n++] = '\n';
    return n;
}

size_t
pt_request_list(char *buf)
{
    memcpy(buf, "LIST\n", 5);
    return 5;
}
