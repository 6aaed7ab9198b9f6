/* SPDX-License-Identifier: MIT */
/* Statistics of the daemon, as functions. Values stand in the order of the table. */
#include "handle.h"

int
ldmsctl_xprt_stats(struct ldmsctl *lc, bool reset, uint32_t level, bool hist_recal,
                   struct ldmsctl_reply *ret_reply)
{
    char level_text[16];

    return LC_CALL(lc, "xprt_stats", ret_reply, lc_true(reset),
                   lc_number(level_text, level), lc_true(hist_recal));
}

int
ldmsctl_thread_stats(struct ldmsctl *lc, bool reset, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "thread_stats", ret_reply, lc_true(reset));
}

int
ldmsctl_set_stats(struct ldmsctl *lc, bool summary, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "set_stats", ret_reply, lc_true(summary));
}

int
ldmsctl_stats_reset(struct ldmsctl *lc, const char *s, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "stats_reset", ret_reply, s);
}

int
ldmsctl_profiling(struct ldmsctl *lc, const char *enable, const char *reset,
                  struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "profiling", ret_reply, enable, reset);
}

int
ldmsctl_profiling_enable(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "profiling_enable", ret_reply);
}

int
ldmsctl_profiling_disable(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "profiling_disable", ret_reply);
}
