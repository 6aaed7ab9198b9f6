/* SPDX-License-Identifier: MIT */
/* Storage policies, as functions. Values stand in the order of the table. */
#include "handle.h"

int
ldmsctl_strgp_add(struct ldmsctl *lc, const struct ldmsctl_storage *args,
                  struct ldmsctl_reply *ret_reply)
{
    int err =
        lc_check_size(lc, "strgp_add", args, args->size, sizeof(*args), sizeof(*args));

    if (err < 0)
        return err;
    return LC_CALL(lc, "strgp_add", ret_reply, args->name, args->plugin,
                   args->container, args->perm, args->schema, args->regex,
                   args->decomposition, args->flush);
}

int
ldmsctl_strgp_del(struct ldmsctl *lc, const char *name, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "strgp_del", ret_reply, name);
}

int
ldmsctl_strgp_start(struct ldmsctl *lc, const char *name,
                    struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "strgp_start", ret_reply, name);
}

int
ldmsctl_strgp_stop(struct ldmsctl *lc, const char *name,
                   struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "strgp_stop", ret_reply, name);
}

int
ldmsctl_strgp_status(struct ldmsctl *lc, const char *name,
                     struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "strgp_status", ret_reply, name);
}

int
ldmsctl_strgp_prdcr_add(struct ldmsctl *lc, const char *name, const char *regex,
                        struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "strgp_prdcr_add", ret_reply, name, regex);
}

int
ldmsctl_strgp_prdcr_del(struct ldmsctl *lc, const char *name, const char *regex,
                        struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "strgp_prdcr_del", ret_reply, name, regex);
}

int
ldmsctl_strgp_metric_add(struct ldmsctl *lc, const char *name, const char *metric_name,
                         struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "strgp_metric_add", ret_reply, name, metric_name);
}

int
ldmsctl_strgp_metric_del(struct ldmsctl *lc, const char *name, const char *metric_name,
                         struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "strgp_metric_del", ret_reply, name, metric_name);
}

int
ldmsctl_strgp_pi_stats(struct ldmsctl *lc, const char *name,
                       struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "strgp_pi_stats", ret_reply, name);
}

int
ldmsctl_store_time_stats(struct ldmsctl *lc, const char *name, bool reset,
                         bool hist_recalibrate, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "store_time_stats", ret_reply, lc_true(reset),
                   lc_true(hist_recalibrate), name);
}
