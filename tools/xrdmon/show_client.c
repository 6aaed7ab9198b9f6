/* SPDX-License-Identifier: MIT */
/* What most events have, as JSON: the server, the client, the window. */
#include "show_event.h"

void
show_server(struct out *o, const struct xrdmon_server *server)
{
    out_key(o, "server");
    if (!server) {
        out_text(o, NULL);
        return;
    }
    out_begin(o, '{');
    out_key(o, "sid");
    out_u64(o, server->sid);
    out_key(o, "stod");
    out_u64(o, server->stod_unix_s);
    out_key(o, "host");
    show_text(o, server->userid.host);
    out_key(o, "port");
    if (server->is_known)
        out_u64(o, server->port);
    else
        out_text(o, NULL);
    out_key(o, "inst");
    show_text(o, server->inst);
    out_key(o, "pgm");
    show_text(o, server->pgm);
    out_key(o, "ver");
    show_text(o, server->ver);
    out_key(o, "site");
    show_text(o, server->site);
    out_end(o, '}');
}

static void
show_token(struct out *o, const struct xrdmon_client *client)
{
    const struct xrdmon_token_info *t = &client->token;
    const struct {
        const char *key;
        struct xrdmon_text text;
    } fields[] = {
        {"Uc", t->user_text},   {"s", t->subject}, {"n", t->username},
        {"o", t->organisation}, {"r", t->role},    {"g", t->groups},
    };

    out_key(o, "token");
    if (!client->token_text.at) {
        out_text(o, NULL);
        return;
    }
    out_begin(o, '{');
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (!fields[i].text.at)
            continue;
        out_key_len(o, fields[i].key, strlen(fields[i].key));
        show_text(o, fields[i].text);
    }
    out_end(o, '}');
}

static void
show_experiment(struct out *o, const struct xrdmon_client *client)
{
    out_key(o, "ea");
    if (!client->experiment_text.at) {
        out_text(o, NULL);
        return;
    }
    const struct xrdmon_experiment_info *e = &client->experiment;
    out_begin(o, '{');
    if (e->user_text.at) {
        out_key(o, "Uc");
        show_text(o, e->user_text);
    }
    if (e->experiment_text.at) {
        out_key(o, "Ec");
        show_text(o, e->experiment_text);
    }
    if (e->activity_text.at) {
        out_key(o, "Ac");
        show_text(o, e->activity_text);
    }
    out_end(o, '}');
}

void
show_client(struct out *o, const struct xrdmon_client *client)
{
    out_key(o, "client");
    if (!client) {
        out_text(o, NULL);
        return;
    }
    out_begin(o, '{');
    out_key(o, "dictid");
    if (client->dictid)
        out_u64(o, client->dictid);
    else
        out_text(o, NULL);
    out_key(o, "prot");
    show_text(o, client->userid.prot);
    out_key(o, "user");
    show_text(o, client->userid.user);
    out_key(o, "pid");
    if (client->userid.has_pid)
        out_u64(o, client->userid.pid);
    else
        out_text(o, NULL);
    out_key(o, "host");
    show_text(o, client->userid.host);
    out_key(o, "auth");
    if (client->has_auth)
        show_auth(o, &client->auth);
    else
        out_text(o, NULL);
    out_key(o, "appinfo");
    show_text(o, client->appinfo);
    show_token(o, client);
    show_experiment(o, client);
    out_end(o, '}');
}

void
show_window(struct out *o, const struct xrdmon_window *window)
{
    out_key(o, "window");
    out_begin(o, '{');
    out_key(o, "beg");
    out_u64(o, window->begin_unix_s);
    out_key(o, "end");
    out_u64(o, window->end_unix_s);
    out_end(o, '}');
}

/* Of a redirection the end is not told: only a size, and where the next one starts. */
void
show_redir_window(struct out *o, const struct xrdmon_window *window)
{
    out_key(o, "window");
    out_begin(o, '{');
    out_key(o, "beg");
    out_u64(o, window->begin_unix_s);
    out_key(o, "size");
    out_u64(o, window->size_s);
    out_key(o, "next");
    if (window->next_unix_s)
        out_u64(o, window->next_unix_s);
    else
        out_text(o, NULL);
    out_end(o, '}');
}
