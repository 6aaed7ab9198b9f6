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
    return err == 0 ? "success" : strerror(err < 0 ? -err : err);
}
