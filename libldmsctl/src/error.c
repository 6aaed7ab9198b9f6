/* SPDX-License-Identifier: MIT */
/* Error codes in a few words. */
#include "ldmsctl.h"

#include <string.h>

const char *
ldmsctl_version(void)
{
    return LDMSCTL_VERSION;
}

const char *
ldmsctl_strerror(int err)
{
    return err == 0 ? "success" : strerror(err < 0 ? -err : err);
}
