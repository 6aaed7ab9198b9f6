/* SPDX-License-Identifier: MIT */
/* Advertisers, and who listens for them, as functions. Values stand in the order of the
 * table. */
#include "handle.h"

int
ldmsctl_advertiser_add(struct ldmsctl *lc, const struct ldmsctl_producer *args,
                       struct ldmsctl_reply *ret_reply)
{
    char port[16];
    char rail[16];
    int err = lc_check_size(lc, "advertiser_add", args, args->size, sizeof(*args),
                            sizeof(*args));

    if (err < 0)
        return err;
    return LC_CALL(lc, "advertiser_add", ret_reply, args->name, args->xprt, args->host,
                   lc_number(port, args->port), args->reconnect, args->auth, args->perm,
                   lc_number(rail, args->rail), args->quota, args->rx_rate);
}

int
ldmsctl_advertiser_start(struct ldmsctl *lc, const struct ldmsctl_producer *args,
                         struct ldmsctl_reply *ret_reply)
{
    char port[16];
    char rail[16];
    int err = lc_check_size(lc, "advertiser_start", args, args->size, sizeof(*args),
                            sizeof(*args));

    if (err < 0)
        return err;
    return LC_CALL(lc, "advertiser_start", ret_reply, args->name, args->xprt,
                   args->host, lc_number(port, args->port), args->reconnect, args->auth,
                   args->perm, lc_number(rail, args->rail), args->quota, args->rx_rate);
}

int
ldmsctl_advertiser_stop(struct ldmsctl *lc, const char *name,
                        struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "advertiser_stop", ret_reply, name);
}

int
ldmsctl_advertiser_del(struct ldmsctl *lc, const char *name,
                       struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "advertiser_del", ret_reply, name);
}

int
ldmsctl_prdcr_listen_add(struct ldmsctl *lc, const struct ldmsctl_prdcr_listen *args,
                         struct ldmsctl_reply *ret_reply)
{
    char rail[16];
    char advertiser_port[16];
    int err = lc_check_size(lc, "prdcr_listen_add", args, args->size, sizeof(*args),
                            sizeof(*args));

    if (err < 0)
        return err;
    return LC_CALL(lc, "prdcr_listen_add", ret_reply, args->name, args->disable_start,
                   args->regex, args->ip, lc_number(rail, args->rail), args->quota,
                   args->rx_rate, args->type, args->advertiser_xprt,
                   lc_number(advertiser_port, args->advertiser_port),
                   args->advertiser_auth, args->reconnect, args->perm);
}

int
ldmsctl_prdcr_listen_del(struct ldmsctl *lc, const char *name,
                         struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "prdcr_listen_del", ret_reply, name);
}

int
ldmsctl_prdcr_listen_start(struct ldmsctl *lc, const char *name,
                           struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "prdcr_listen_start", ret_reply, name);
}

int
ldmsctl_prdcr_listen_stop(struct ldmsctl *lc, const char *name,
                          struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "prdcr_listen_stop", ret_reply, name);
}

int
ldmsctl_prdcr_listen_status(struct ldmsctl *lc, bool summary,
                            struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "prdcr_listen_status", ret_reply, lc_true(summary));
}
