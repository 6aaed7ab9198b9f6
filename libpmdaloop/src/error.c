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
    return err == 0 ? "success" : strerror(err < 0 ? -err : err);
}
