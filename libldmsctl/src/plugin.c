/* SPDX-License-Identifier: MIT */
/* Plugins and sampler policies, as functions. Values stand in the order of the table. */
#include "handle.h"

int
ldmsctl_plugn_load(struct ldmsctl *lc, const char *name, const char *plugin,
                   struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "plugn_load", ret_reply, name, plugin);
}

int
ldmsctl_plugn_term(struct ldmsctl *lc, const char *name,
                   struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "plugn_term", ret_reply, name);
}

int
ldmsctl_plugn_config(struct ldmsctl *lc, const char *name, const char *cfg_str,
                     struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "plugn_config", ret_reply, name, cfg_str);
}

int
ldmsctl_plugn_start(struct ldmsctl *lc, const char *name, const char *interval_us,
                    const char *offset_us, const char *xthread,
                    struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "plugn_start", ret_reply, name, interval_us, offset_us, xthread);
}

int
ldmsctl_plugn_stop(struct ldmsctl *lc, const char *name,
                   struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "plugn_stop", ret_reply, name);
}

int
ldmsctl_plugn_status(struct ldmsctl *lc, const char *name,
                     struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "plugn_status", ret_reply, name);
}

int
ldmsctl_plugn_sets(struct ldmsctl *lc, const char *name,
                   struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "plugn_sets", ret_reply, name);
}

int
ldmsctl_smplr_load(struct ldmsctl *lc, const char *name,
                   struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "smplr_load", ret_reply, name);
}

int
ldmsctl_smplr_status(struct ldmsctl *lc, const char *name,
                     struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "smplr_status", ret_reply, name);
}

int
ldmsctl_smplrset_status(struct ldmsctl *lc, const char *name,
                        struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "smplrset_status", ret_reply, name);
}

int
ldmsctl_usage(struct ldmsctl *lc, const char *name, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "usage", ret_reply, name);
}

int
ldmsctl_oneshot(struct ldmsctl *lc, const char *name, const char *time,
                struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "oneshot", ret_reply, name, time);
}

int
ldmsctl_smplrp_add(struct ldmsctl *lc, const char *name, const char *path,
                   struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "smplrp_add", ret_reply, name, path);
}

int
ldmsctl_smplrp_del(struct ldmsctl *lc, const char *name,
                   struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "smplrp_del", ret_reply, name);
}

int
ldmsctl_smplrp_start(struct ldmsctl *lc, const char *name,
                     struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "smplrp_start", ret_reply, name);
}

int
ldmsctl_smplrp_stop(struct ldmsctl *lc, const char *name,
                    struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "smplrp_stop", ret_reply, name);
}
