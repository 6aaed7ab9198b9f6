/* SPDX-License-Identifier: MIT */
/* One request to one daemon. */
#include "answer.h"
#include "client.h"
#include "commands.h"

#include <errno.h>
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

/* Connect and ask, both within the time-out; what came of it is printed. */
static int
ask_within(const struct options *o, struct ldmsctl *lc, const struct client_request *q)
{
    const struct ldmsctl_event *e = NULL;
    struct answer a = {
        .host = o->host, .port = (uint16_t)o->port, .method = o->words[0]};
    char late[400];

    a.err = client_start(lc, o->host, a.port, q);
    a.errmsg = ldmsctl_errmsg(lc);
    uint64_t deadline_ms = client_now_ms() + o->timeout_ms;
    while (a.err == 0 && !a.reply) {
        uint64_t now_ms = client_now_ms();
        if (now_ms >= deadline_ms) /* the handle may know better what it waited for */
            (void)ldmsctl_process(lc);
        while ((e = ldmsctl_next(lc)) && e->type != LDMSCTL_EVENT_REPLY && e->err == 0)
            continue;
        if (e) {
            a.err = e->err;
            a.reply = &e->reply;
            a.errmsg = ldmsctl_errmsg(lc);
        } else if (now_ms >= deadline_ms) {
            a.err = -ETIMEDOUT;
            snprintf(late, sizeof(late), "%.255s:%u did not answer %s within %llu ms",
                     o->host, a.port, a.method, (unsigned long long)o->timeout_ms);
            a.errmsg = late;
        } else {
            (void)ldmsctl_wait(
                lc,
                (int)(deadline_ms - now_ms < 3600000 ? deadline_ms - now_ms : 3600000));
        }
    }
    answer_put(o->format, &a);
    return client_code(a.err);
}

int
ask(const struct options *o)
{
    const struct ldmsctl_method *m = ldmsctl_method_find(o->words[0]);
    struct client_request q;

    if (m && m->request_id == 0 && m->reply != LDMSCTL_REPLY_SETS)
        return ask_locally(o, m);
    int code = client_request_make(&q, o->words, o->n_words);
    struct ldmsctl *lc = code == CLI_DONE ? client_new(o, &code) : NULL;
    if (lc)
        code = ask_within(o, lc, &q);
    ldmsctl_free(lc);
    client_request_free(&q);
    return code;
}
