/* SPDX-License-Identifier: MIT */
/* Error codes in a few words. */
#include "pmdaloop.h"

#include <string.h>

const char *
pmdaloop_version(void)
{
    return PMDALOOP_VERSION;
}

const char *
pmdaloop_strerror(int err)
{
    switch (err < 0 ? -err : err) {
    case 0:
        return "success";
    case PMDALOOP_EPROTO:
        return "the peer does not speak the protocol";
    case PMDALOOP_EMALFORMED:
        return "malformed PDU";
    default:
        return strerror(err < 0 ? -err : err);
    }
}
