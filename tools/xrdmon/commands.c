/* SPDX-License-Identifier: MIT */
/* What the commands do alike. */
#include "commands.h"
#include "../cli.h"

#include <errno.h>
#include <string.h>

int
commands_end(struct out *out, int code)
{
    out_close(out);
    if (out->err == 0)
        return code;
    if (out->err != EPIPE)
        cli_say("cannot write to standard output: %s", strerror(out->err));
    return code == CLI_DONE ? CLI_FAILED : code;
}
