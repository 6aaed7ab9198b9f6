/* SPDX-License-Identifier: MIT */
/* Updaters, as functions. Values stand in the order of the table. */
#include "handle.h"

int
ldmsctl_updtr_add(struct ldmsctl *lc, const struct ldmsctl_updater *args,
                  struct ldmsctl_reply *ret_reply)
{
    int err =
        lc_check_size(lc, "updtr_add", args, args->size, sizeof(*args), sizeof(*args));

    if (err < 0)
        return err;
    return LC_CALL(lc, "updtr_add", ret_reply, args->name, args->interval, args->offset,
                   args->auto_interval, args->push, args->perm);
}

int
ldmsctl_updtr_del(struct ldmsctl *lc, const char *name, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "updtr_del", ret_reply, name);
}

int
ldmsctl_updtr_start(struct ldmsctl *lc, const char *name, const char *interval,
                    const char *offset, const char *auto_interval,
                    struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "updtr_start", ret_reply, name, interval, offset, auto_interval);
}

int
ldmsctl_updtr_stop(struct ldmsctl *lc, const char *name,
                   struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "updtr_stop", ret_reply, name);
}

int
ldmsctl_updtr_status(struct ldmsctl *lc, const char *name, bool summary, bool reset,
                     struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "updtr_status", ret_reply, name, lc_true(summary),
                   lc_true(reset));
}

int
ldmsctl_updtr_prdcr_add(struct ldmsctl *lc, const char *name, const char *regex,
                        struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "updtr_prdcr_add", ret_reply, name, regex);
}

int
ldmsctl_updtr_prdcr_del(struct ldmsctl *lc, const char *name, const char *regex,
                        struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "updtr_prdcr_del", ret_reply, name, regex);
}

int
ldmsctl_updtr_match_add(struct ldmsctl *lc, const char *name, const char *regex,
                        const char *match, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "updtr_match_add", ret_reply, name, regex, match);
}

int
ldmsctl_updtr_match_del(struct ldmsctl *lc, const char *name, const char *regex,
                        const char *match, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "updtr_match_del", ret_reply, name, regex, match);
}

int
ldmsctl_updtr_match_list(struct ldmsctl *lc, const char *name,
                         struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "updtr_match_list", ret_reply, name);
}

int
ldmsctl_updtr_task(struct ldmsctl *lc, const char *name,
                   struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "updtr_task", ret_reply, name);
}

int
ldmsctl_update_time_stats(struct ldmsctl *lc, const char *name, bool reset,
                          bool summary, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "update_time_stats", ret_reply, lc_true(reset), lc_true(summary),
                   name);
}
