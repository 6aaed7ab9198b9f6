/* SPDX-License-Identifier: MIT */
/* Quota groups, as functions. Values stand in the order of the table. */
#include "handle.h"

int
ldmsctl_qgroup_config(struct ldmsctl *lc, const char *quota, const char *ask_interval,
                      const char *ask_amount, const char *ask_mark,
                      const char *reset_interval, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "qgroup_config", ret_reply, quota, ask_interval, ask_amount,
                   ask_mark, reset_interval);
}

int
ldmsctl_qgroup_info(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "qgroup_info", ret_reply);
}

int
ldmsctl_qgroup_member_add(struct ldmsctl *lc, const char *host, const char *xprt,
                          uint16_t port, const char *auth,
                          struct ldmsctl_reply *ret_reply)
{
    char port_text[16];

    return LC_CALL(lc, "qgroup_member_add", ret_reply, host, xprt,
                   lc_number(port_text, port), auth);
}

int
ldmsctl_qgroup_member_del(struct ldmsctl *lc, const char *host, uint16_t port,
                          struct ldmsctl_reply *ret_reply)
{
    char port_text[16];

    return LC_CALL(lc, "qgroup_member_del", ret_reply, host,
                   lc_number(port_text, port));
}

int
ldmsctl_qgroup_start(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "qgroup_start", ret_reply);
}

int
ldmsctl_qgroup_stop(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "qgroup_stop", ret_reply);
}
