/* SPDX-License-Identifier: MIT */
/* A daemon's configuration, as a script that makes another one like it. */
#include "answer.h"
#include "client.h"
#include "commands.h"

#include <stdlib.h>
#include <string.h>

int
dump(const struct options *o)
{
    struct ldmsctl_reply reply = {.kind = LDMSCTL_REPLY_TEXT};
    char *text = NULL;
    int code = CLI_DONE;

    if (o->n_words > 1)
        return cli_misused("dump takes no '%s'", o->words[1]);
    struct ldmsctl *lc = client_open(o, &code);
    if (!lc)
        return code;
    int err = ldmsctl_dump_cfg_text(lc, &text);
    reply.text = text;
    reply.text_len = text ? strlen(text) : 0;
    answer_put(o->format, &(struct answer){.host = o->host,
                                           .port = (uint16_t)o->port,
                                           .method = "dump",
                                           .err = err,
                                           .errmsg = ldmsctl_errmsg(lc),
                                           .reply = &reply});
    ldmsctl_free(lc);
    free(text);
    return client_code(err);
}
