/* SPDX-License-Identifier: MIT */
/* Producers, as functions. Values stand in the order of the table. */
#include "handle.h"

int
ldmsctl_prdcr_add(struct ldmsctl *lc, const struct ldmsctl_producer *args,
                  struct ldmsctl_reply *ret_reply)
{
    char port[16];
    char rail[16];
    int err =
        lc_check_size(lc, "prdcr_add", args, args->size, sizeof(*args), sizeof(*args));

    if (err < 0)
        return err;
    return LC_CALL(lc, "prdcr_add", ret_reply, args->name, args->xprt, args->host,
                   lc_number(port, args->port), args->reconnect, args->ptype,
                   args->auth, args->perm, lc_number(rail, args->rail), args->quota,
                   args->rx_rate, args->cache_ip);
}

int
ldmsctl_prdcr_del(struct ldmsctl *lc, const char *name, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "prdcr_del", ret_reply, name);
}

int
ldmsctl_prdcr_start(struct ldmsctl *lc, const char *name, bool regex,
                    const char *reconnect, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "prdcr_start", ret_reply, name, regex ? "true" : "false",
                   reconnect);
}

int
ldmsctl_prdcr_stop(struct ldmsctl *lc, const char *name, bool regex,
                   struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "prdcr_stop", ret_reply, name, regex ? "true" : "false");
}

int
ldmsctl_prdcr_status(struct ldmsctl *lc, const char *name, bool summary,
                     const char *state, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "prdcr_status", ret_reply, lc_true(summary), name, state);
}

int
ldmsctl_prdcr_set_status(struct ldmsctl *lc, const char *name, const char *instance,
                         const char *schema, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "prdcr_set_status", ret_reply, name, instance, schema);
}

int
ldmsctl_prdcr_hint_tree(struct ldmsctl *lc, const char *name,
                        struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "prdcr_hint_tree", ret_reply, name);
}

int
ldmsctl_prdcr_stats(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "prdcr_stats", ret_reply);
}

int
ldmsctl_prdcr_stream_status(struct ldmsctl *lc, const char *regex,
                            struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "prdcr_stream_status", ret_reply, regex);
}

int
ldmsctl_prdcr_subscribe(struct ldmsctl *lc, const char *regex, const char *stream,
                        const char *msg_tag, const char *rx_rate,
                        struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "prdcr_subscribe", ret_reply, regex, stream, msg_tag, rx_rate);
}

int
ldmsctl_prdcr_unsubscribe(struct ldmsctl *lc, const char *regex, const char *stream,
                          const char *msg_tag, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "prdcr_unsubscribe", ret_reply, regex, stream, msg_tag);
}
