/* SPDX-License-Identifier: MIT */
/* The daemon itself, its configuration and its logs, as functions. Values stand in the
 * order of the table. */
#include "handle.h"

int
ldmsctl_greeting(struct ldmsctl *lc, const char *name, uint32_t offset, uint32_t level,
                 bool test, const char *path, struct ldmsctl_reply *ret_reply)
{
    char offset_text[16];
    char level_text[16];

    return LC_CALL(lc, "greeting", ret_reply, name, lc_number(offset_text, offset),
                   lc_true(test), lc_number(level_text, level), path);
}

int
ldmsctl_get_cfg_cntr(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "getCfgCntr", ret_reply);
}

int
ldmsctl_daemon_status(struct ldmsctl *lc, bool thread_stats,
                      struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "daemon_status", ret_reply, lc_true(thread_stats));
}

int
ldmsctl_daemon_exit(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "daemon_exit", ret_reply);
}

int
ldmsctl_version(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "version", ret_reply);
}

int
ldmsctl_dump_cfg(struct ldmsctl *lc, const char *path, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "dump_cfg", ret_reply, path);
}

int
ldmsctl_include_conf(struct ldmsctl *lc, const char *path,
                     struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "include_conf", ret_reply, path);
}

int
ldmsctl_set_env(struct ldmsctl *lc, const char *cfg_str,
                struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "set_env", ret_reply, cfg_str);
}

int
ldmsctl_logrotate(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "logrotate", ret_reply);
}

int
ldmsctl_log_level(struct ldmsctl *lc, const char *level, const char *name,
                  const char *regex, bool is_test, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "log_level", ret_reply, level, name, regex, lc_true(is_test));
}

int
ldmsctl_log_status(struct ldmsctl *lc, const char *name,
                   struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "log_status", ret_reply, name);
}

int
ldmsctl_listen(struct ldmsctl *lc, const struct ldmsctl_listener *args,
               struct ldmsctl_reply *ret_reply)
{
    char port[16];
    int err =
        lc_check_size(lc, "listen", args, args->size, sizeof(*args), sizeof(*args));

    if (err < 0)
        return err;
    return LC_CALL(lc, "listen", ret_reply, args->xprt, lc_number(port, args->port),
                   args->host, args->auth, args->quota, args->rx_limit);
}

int
ldmsctl_auth_add(struct ldmsctl *lc, const char *name, const char *plugin,
                 const char *auth_opt, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "auth_add", ret_reply, name, plugin, auth_opt);
}

int
ldmsctl_metric_sets_default_authz(struct ldmsctl *lc, const char *uid, const char *gid,
                                  const char *perm, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "metric_sets_default_authz", ret_reply, uid, gid, perm);
}

int
ldmsctl_set_sec_mod(struct ldmsctl *lc, const char *regex, const char *uid,
                    const char *gid, const char *perm, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "set_sec_mod", ret_reply, regex, uid, gid, perm);
}

int
ldmsctl_set_udata(struct ldmsctl *lc, const char *instance, const char *metric,
                  const char *udata, struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "set_udata", ret_reply, instance, metric, udata);
}

int
ldmsctl_set_udata_regex(struct ldmsctl *lc, const char *instance, const char *regex,
                        const char *base, const char *incr,
                        struct ldmsctl_reply *ret_reply)
{
    return LC_CALL(lc, "set_udata_regex", ret_reply, instance, regex, base, incr);
}

int
ldmsctl_dir_list(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    return lc_call_plain(lc, "dir_list", ret_reply);
}
