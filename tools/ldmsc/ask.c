/* SPDX-License-Identifier: MIT */
/* One request to one daemon. */
#include "answer.h"
#include "client.h"
#include "commands.h"

#include <stdlib.h>
#include <string.h>

/* Methods that are about the connection, and have no request of their own. */
static int
ask_locally(const struct options *o, const struct ldmsctl_method *m)
{
    char text[64] = "";
    int code = CLI_DONE;

    if (strcmp(m->name, "send_command") == 0 ||
        strcmp(m->name, "receive_response") == 0 ||
        strcmp(m->name, "get_cmd_attr_list") == 0)
        return cli_misused("%s is for programs: see libldmsctl(3)", m->name);
    struct ldmsctl *lc = client_open(o, &code);
    if (!lc)
        return code;
    if (strcmp(m->name, "getState") == 0)
        snprintf(text, sizeof(text), "%d", (int)ldmsctl_get_state(lc));
    else if (strcmp(m->name, "getMaxRecvLen") == 0)
        snprintf(text, sizeof(text), "%zu", ldmsctl_get_max_recv_len(lc));
    else if (strcmp(m->name, "getPort") == 0)
        snprintf(text, sizeof(text), "%u", ldmsctl_get_port(lc));

    struct ldmsctl_reply r = {.kind = LDMSCTL_REPLY_TEXT, .text = text};
    if (strcmp(m->name, "getHost") == 0)
        r.text = o->host;
    r.text_len = strlen(r.text);
    if (!r.text[0])
        r.text = NULL; /* connect, reconnect, close */
    answer_put(o->format, &(struct answer){.host = o->host,
                                           .port = (uint16_t)o->port,
                                           .method = m->name,
                                           .reply = &r});
    ldmsctl_free(lc);
    return CLI_DONE;
}

/* A failure that has no handle's sentence is put in words by the caller. */
static int
put_outcome(const struct options *o, struct ldmsctl *lc, const char *method, int err,
            const struct ldmsctl_reply *reply)
{
    answer_put(o->format, &(struct answer){.host = o->host,
                                           .port = (uint16_t)o->port,
                                           .method = method,
                                           .err = err,
                                           .errmsg = ldmsctl_errmsg(lc),
                                           .reply = reply});
    return client_code(err);
}

int
ask(const struct options *o)
{
    const struct ldmsctl_method *m = ldmsctl_method_find(o->words[0]);
    struct ldmsctl_arg *args = NULL;
    struct ldmsctl_reply reply = {0};
    char *line = NULL;
    int code = CLI_DONE;

    if (m && m->request_id == 0 && m->reply != LDMSCTL_REPLY_SETS)
        return ask_locally(o, m);
    if (m)
        args = client_args(o->words + 1, o->n_words - 1);
    else
        line = client_line(o->words, o->n_words);
    if (!args && !line)
        return CLI_MISUSED;
    struct ldmsctl *lc = client_new(o, &code);
    int err = lc ? ldmsctl_connect(lc, o->host, (uint16_t)o->port) : 0;
    if (lc && err == 0)
        err = m ? ldmsctl_call(lc, m->name, args, (size_t)o->n_words - 1, &reply)
                : ldmsctl_command(lc, line, &reply);
    if (lc)
        code = put_outcome(o, lc, o->words[0], err, &reply);
    ldmsctl_free(lc);
    free(args);
    free(line);
    return code;
}
