/* SPDX-License-Identifier: MIT */
/* Failover, as functions. Values stand in the order of the table. */
#include "handle.h"

int
ldmsctl_failover_config(struct ldmsctl *lc, const struct ldmsctl_failover *args,
                        struct ldmsctl_reply *ret_reply)
{
    char port[16];
    int err = lc_check_size(lc, "failover_config", args, args->size, sizeof(*args),
                            sizeof(*args));

    if (err < 0)
        return err;
    return LC_CALL(lc, "failover_config", ret_reply, args->host, args->xprt,
                   lc_number(port, args->port), args->auto_switch, args->interval,
                   args->timeout_factor, args->peer_name);
}

int
ldmsctl_failover_start(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "failover_start", ret_reply);
}

int
ldmsctl_failover_stop(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "failover_stop", ret_reply);
}

int
ldmsctl_failover_status(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "failover_status", ret_reply);
}

int
ldmsctl_failover_peercfg_start(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "failover_peercfg_start", ret_reply);
}

int
ldmsctl_failover_peercfg_stop(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "failover_peercfg_stop", ret_reply);
}
