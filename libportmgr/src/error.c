/* SPDX-License-Identifier: MIT */
/* Error codes in a few words. */
#include "portmgr.h"

#include <string.h>

const char *
portmgr_version(void)
{
    return PORTMGR_VERSION;
}

const char *
portmgr_strerror(int err)
{
    if (err == 0)
        return "success";
    switch (err < 0 ? -(unsigned)err : (unsigned)err) {
    case PORTMGR_EREFUSED:
        return "the server refused";
    case PORTMGR_EPROTO:
        return "the server's answer is not in the protocol";
    case PORTMGR_ETOOLONG:
        return "the server's answer is too long";
    case PORTMGR_ECLOSED:
        return "the server closed the connection";
    case PORTMGR_ERESOLVE:
        return "the host is unknown";
    default:
        return strerror(err < 0 ? (int)-(unsigned)err : err);
    }
}
