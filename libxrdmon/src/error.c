/* SPDX-License-Identifier: MIT */
/* Error codes in a few words. */
#include "xrdmon.h"

#include <string.h>

const char *
xrdmon_version(void)
{
    return XRDMON_VERSION;
}

const char *
xrdmon_strerror(int err)
{
    int code = err < 0 ? (int)-(unsigned)err : err;

    switch (code) {
    case 0:
        return "success";
    case XRDMON_ETRUNCATED:
        return "truncated packet";
    case XRDMON_EMALFORMED:
        return "malformed packet";
    case XRDMON_EUNKNOWN:
        return "not a packet of XRootD";
    default:
        return strerror(code);
    }
}
