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
    return err == 0 ? "success" : strerror(err < 0 ? -err : err);
}
