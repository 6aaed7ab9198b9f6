/* SPDX-License-Identifier: MIT */
/* Error codes in a few words. */
#include "ldmsctl.h"

#include <string.h>

const char *
ldmsctl_library_version(void)
{
    return LDMSCTL_VERSION;
}

static const char *
own_words(int code)
{
    switch (code) {
    case LDMSCTL_EREFUSED:
        return "the daemon refused";
    case LDMSCTL_ERESOLVE:
        return "the host's name has no address";
    case LDMSCTL_EREJECTED:
        return "the daemon rejected the connection";
    case LDMSCTL_EAUTH:
        return "authentication failed";
    case LDMSCTL_EPROTO:
        return "the peer does not keep to the protocol";
    case LDMSCTL_ETOOBIG:
        return "the answer is too long";
    case LDMSCTL_EUNKNOWN:
        return "no such method, word or argument";
    default:
        return "unknown error";
    }
}

const char *
ldmsctl_strerror(int err)
{
    int code = err < 0 ? (int)-(unsigned)err : err;

    if (code == 0)
        return "success";
    return code < LDMSCTL_EREFUSED ? strerror(code) : own_words(code);
}
