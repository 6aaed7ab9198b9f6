/* SPDX-License-Identifier: MIT */
/* Set groups, as functions. Values stand in the order of the table. */
#include "handle.h"

int
ldmsctl_setgroup_add(struct ldmsctl *lc, const char *name, const char *producer,
                     const char *interval, const char *offset, const char *perm,
                     struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "setgroup_add", ret_reply, name, producer, interval, offset,
                   perm);
}

int
ldmsctl_setgroup_mod(struct ldmsctl *lc, const char *name, const char *interval,
                     const char *offset, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "setgroup_mod", ret_reply, name, interval, offset);
}

int
ldmsctl_setgroup_del(struct ldmsctl *lc, const char *name,
                     struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "setgroup_del", ret_reply, name);
}

int
ldmsctl_setgroup_ins(struct ldmsctl *lc, const char *name, const char *instance,
                     struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "setgroup_ins", ret_reply, name, instance);
}

int
ldmsctl_setgroup_rm(struct ldmsctl *lc, const char *name, const char *instance,
                    struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "setgroup_rm", ret_reply, name, instance);
}
