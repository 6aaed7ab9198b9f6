/* SPDX-License-Identifier: MIT */
/* The stand-in daemon: its requests, who may make them, and the daemon as such. */
#include "daemon_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    ALL = 1,    /* open to everybody who got in; others to the daemon's owner */
    MOD = 2,    /* counts as a change of configuration */
    FO = 4,     /* allowed while the failover service runs */
    MAIN = 8,   /* of the development branch alone */
    SPEAK = 16, /* a setting: taken, and nothing comes of it */
};

/* In the order of their numbers. */
static const struct row {
    uint32_t id;
    const char *name;
    int flags;
    dm_method *run;
} rows[] = {
    {0x002, "greeting", 0, dm_greeting},
    {0x003, "cfg_cntr", 0, dm_cfg_cntr},
    {0x004, "dump_cfg", 0, dm_dump_cfg},
    {0x100, "prdcr_add", MOD, dm_prdcr_add},
    {0x101, "prdcr_del", MOD, dm_prdcr_del},
    {0x102, "prdcr_start", MOD, dm_prdcr_start},
    {0x103, "prdcr_stop", MOD, dm_prdcr_stop},
    {0x104, "prdcr_status", ALL | FO, dm_prdcr_status},
    {0x105, "prdcr_start_regex", MOD, dm_prdcr_start_regex},
    {0x106, "prdcr_stop_regex", MOD, dm_prdcr_stop_regex},
    {0x107, "prdcr_set_status", FO, dm_prdcr_set},
    {0x108, "prdcr_hint_tree", ALL | FO, dm_prdcr_hint_tree},
    {0x109, "prdcr_subscribe", MOD | FO, dm_prdcr_subscribe},
    {0x10a, "prdcr_unsubscribe", MOD | FO, dm_prdcr_unsubscribe},
    {0x10b, "prdcr_stream_status", FO, dm_prdcr_stream_status},
    {0x10c, "bridge_add", MOD, dm_prdcr_add},
    {0x10d, "advertiser_add", 0, dm_prdcr_add},
    {0x10e, "advertiser_start", 0, dm_advertiser_start},
    {0x10f, "advertiser_stop", 0, dm_advertiser_stop},
    {0x110, "advertiser_del", 0, dm_advertiser_del},
    {0x111, "prdcr_listen_add", 0, dm_prdcr_listen_add},
    {0x112, "prdcr_listen_del", 0, dm_prdcr_listen_del},
    {0x113, "prdcr_listen_start", MOD, dm_prdcr_listen_start},
    {0x114, "prdcr_listen_stop", MOD, dm_prdcr_listen_stop},
    {0x115, "prdcr_listen_status", ALL, dm_prdcr_listen_status},
    {0x200, "strgp_add", MOD, dm_strgp_add},
    {0x201, "strgp_del", MOD, dm_strgp_del},
    {0x202, "strgp_start", MOD, dm_strgp_start},
    {0x203, "strgp_stop", MOD, dm_strgp_stop},
    {0x204, "strgp_status", ALL | FO, dm_strgp_status},
    {0x205, "strgp_prdcr_add", MOD, dm_strgp_prdcr_add},
    {0x206, "strgp_prdcr_del", MOD, dm_strgp_prdcr_del},
    {0x207, "strgp_metric_add", MOD, dm_strgp_metric_add},
    {0x208, "strgp_metric_del", MOD, dm_strgp_metric_del},
    {0x209, "store_time_stats", ALL, dm_store_time_stats},
    {0x20a, "strgp_pi_stats", ALL | MAIN, dm_strgp_pi_stats},
    {0x300, "updtr_add", MOD, dm_updtr_add},
    {0x301, "updtr_del", MOD, dm_updtr_del},
    {0x302, "updtr_start", MOD, dm_updtr_start},
    {0x303, "updtr_stop", MOD, dm_updtr_stop},
    {0x304, "updtr_status", ALL | FO, dm_updtr_status},
    {0x305, "updtr_prdcr_add", MOD, dm_updtr_prdcr_add},
    {0x306, "updtr_prdcr_del", MOD, dm_updtr_prdcr_del},
    {0x307, "updtr_match_add", MOD, dm_updtr_match_add},
    {0x308, "updtr_match_del", MOD, dm_updtr_match_del},
    {0x309, "updtr_task", ALL | FO, dm_updtr_task},
    {0x30a, "updtr_match_list", 0, dm_updtr_match_list},
    {0x30b, "update_time_stats", ALL, dm_update_time_stats},
    {0x502, "start", MOD, dm_plugn_start},
    {0x503, "stop", MOD, dm_plugn_stop},
    {0x504, "plugn_status", ALL | FO, dm_plugn_status},
    {0x505, "load", MOD, dm_plugn_load},
    {0x506, "term", MOD, dm_plugn_term},
    {0x507, "config", MOD, dm_plugn_config},
    {0x508, "usage", ALL, dm_plugn_usage},
    {0x509, "plugn_sets", ALL, dm_plugn_sets},
    {0x600, "set_udata", MOD, dm_set_udata},
    {0x601, "set_udata_regex", MOD, dm_set_udata_regex},
    {0x602, "log_level", 0, dm_log_level},
    {0x603, "daemon_status", ALL | FO, dm_daemon_status},
    {0x604, "version", ALL, dm_version},
    {0x605, "env", MOD | SPEAK, NULL},
    {0x606, "include", MOD, dm_include},
    {0x607, "oneshot", MOD, dm_oneshot},
    {0x608, "logrotate", MOD | SPEAK, NULL},
    {0x609, "exit_daemon", MOD, dm_exit_daemon},
    {0x60c, "xprt_stats", ALL, dm_xprt_stats},
    {0x60d, "thread_stats", ALL, dm_thread_stats},
    {0x60e, "prdcr_stats", ALL, dm_prdcr_stats},
    {0x60f, "set_stats", ALL, dm_set_stats},
    {0x610, "listen", MOD, dm_listen},
    {0x611, "metric_sets_default_authz", MOD, dm_set_default_authz},
    {0x612, "options", SPEAK, NULL},
    {0x613, "set_sec_mod", MOD, dm_set_sec_mod},
    {0x614, "log_status", 0, dm_log_status},
    {0x615, "stats_reset", ALL, dm_stats_reset},
    {0x616, "default_auth", SPEAK, NULL},
    {0x617, "memory", SPEAK, NULL},
    {0x618, "log_file", SPEAK, NULL},
    {0x619, "publish_kernel", SPEAK, NULL},
    {0x61a, "daemon_name", SPEAK, NULL},
    {0x61b, "worker_threads", SPEAK, NULL},
    {0x61c, "default_quota", SPEAK, NULL},
    {0x61d, "pid_file", SPEAK, NULL},
    {0x61e, "banner", SPEAK, NULL},
    {0x61f, "profiling", ALL, dm_profiling},
    {0x620, "profiling_disable", MOD | MAIN, dm_profiling_switch},
    {0x621, "profiling_enable", MOD | MAIN, dm_profiling_switch},
    {0x622, "storage_threads", MAIN | SPEAK, NULL},
    {0x623, "storage_max_q_depth", MAIN | SPEAK, NULL},
    {0x700, "failover_config", MOD, dm_failover_config},
    {0x701, "failover_peercfg_start", MOD | FO, dm_failover_peercfg},
    {0x702, "failover_peercfg_stop", MOD | FO, dm_failover_peercfg},
    {0x704, "failover_status", FO, dm_failover_status},
    {0x770, "failover_start", MOD, dm_failover_start},
    {0x771, "failover_stop", MOD | FO, dm_failover_stop},
    {0x800, "setgroup_add", MOD, dm_setgroup_add},
    {0x801, "setgroup_mod", MOD, dm_setgroup_mod},
    {0x802, "setgroup_del", MOD, dm_setgroup_del},
    {0x803, "setgroup_ins", MOD, dm_setgroup_ins},
    {0x804, "setgroup_rm", MOD, dm_setgroup_rm},
    {0x900, "stream_publish", ALL, dm_stream_publish},
    {0x901, "stream_subscribe", MOD, dm_stream_subscribe},
    {0x902, "stream_unsubscribe", MOD, dm_stream_unsubscribe},
    {0x903, "stream_client_dump", ALL, dm_stream_client_dump},
    {0x905, "stream_status", ALL, dm_stream_status},
    {0x906, "stream_disable", MOD, dm_stream_disable},
    {0x907, "stream_enable", MOD, dm_stream_enable},
    {0xa00, "auth_add", MOD, dm_auth_add},
    {0xa01, "auth_del", 0, dm_auth_del},
    {0xb00, "qgroup_config", 0, dm_qgroup_config},
    {0xb01, "qgroup_member_add", 0, dm_qgroup_member_add},
    {0xb02, "qgroup_member_del", 0, dm_qgroup_member_del},
    {0xb03, "qgroup_start", 0, dm_qgroup_start},
    {0xb04, "qgroup_stop", 0, dm_qgroup_stop},
    {0xb05, "qgroup_info", 0, dm_qgroup_info},
    {0xc00, "msg_stats", ALL, dm_msg_stats},
    {0xc01, "msg_client_stats", ALL, dm_msg_client_stats},
    {0xc02, "msg_disable", MOD, dm_msg_disable},
    {0xc03, "msg_enable", MOD, dm_msg_enable},
    {0xd00, "smplrp_add", MAIN, dm_smplrp_add},
    {0xd01, "smplrp_del", MAIN, dm_smplrp_del},
    {0xd02, "smplrp_start", MAIN, dm_smplrp_start},
    {0xd03, "smplrp_stop", MAIN, dm_smplrp_stop},
};

struct dm_daemon *
dm_new(const char *name, bool is_main, struct dm_body body)
{
    struct dm_daemon *d = calloc(1, sizeof(*d));
    if (!d)
        return NULL;
    d->name = strdup(name);
    d->uid = strdup("0");
    d->gid = strdup("0");
    d->qgroup = dm_object_new("qgroup", NULL);
    d->is_main = is_main;
    d->body = body;
    d->perm = 0440;
    d->log_level = dm_first_log_level;
    if (!d->name || !d->uid || !d->gid || !d->qgroup) {
        dm_free(d);
        return NULL;
    }
    return d;
}

void
dm_free(struct dm_daemon *d)
{
    if (!d)
        return;
    for (size_t k = 0; k < DM_KINDS; k++) {
        for (size_t i = 0; i < d->shelves[k].count; i++)
            dm_object_free(d->shelves[k].at[i]);
        free(d->shelves[k].at);
    }
    dm_object_free(d->failover.config);
    dm_object_free(d->qgroup);
    free(d->name);
    free(d->uid);
    free(d->gid);
    free(d);
}

static int
compare_id(const void *key, const void *row)
{
    uint32_t id = *(const uint32_t *)key, other = ((const struct row *)row)->id;
    return (id > other) - (id < other);
}

bool
dm_take_attrs(struct rd *list, bool has_end, struct dm_request *q)
{
    struct ldmsctl_attr a;
    int more = 0;

    while ((has_end || rd_left(list) > 0) && (more = lc_attr_take(list, &a)) > 0) {
        const char *text = a.value;
        if (a.len > 0 && text[a.len - 1] != '\0')
            return false;
        if (a.id < LC_ATTR_COUNT && !q->attr[a.id])
            q->attr[a.id] = a.len > 0 ? text : "";
    }
    return more >= 0;
}

void
dm_answer(struct dm_daemon *d, struct dm_request *request, struct dm_reply *ret_reply)
{
    const struct row *row = bsearch(&request->id, rows, sizeof(rows) / sizeof(rows[0]),
                                    sizeof(rows[0]), compare_id);
    struct dm_reply *r = ret_reply;

    *r = (struct dm_reply){0};
    if (!row || ((row->flags & MAIN) && !d->is_main)) {
        dm_say(r, ENOSYS, "The request is not implemented");
    } else if (d->failover.running && !(row->flags & FO)) {
        dm_say(r, EBUSY, "Daemon busy.");
    } else if (!request->owner && !(row->flags & ALL)) {
        dm_say(r, EPERM, "Operation not permitted.");
    } else {
        request->method = row->name;
        if (row->run)
            row->run(d, request, r);
        if ((row->flags & MOD) && r->status == 0)
            d->changes++;
    }
    dm_reply_end(r);
}

void
dm_reply_free(struct dm_reply *reply)
{
    free(reply->text);
    *reply = (struct dm_reply){0};
}

void
dm_greeting(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    enum { LONGEST_NAME = 1000 }; /* the daemon's buffer is not much longer */

    if (q->attr[LC_ATTR_NAME])
        dm_say(r, 0, "Hello '%.*s'", LONGEST_NAME, q->attr[LC_ATTR_NAME]);
    else if (q->attr[LC_ATTR_OFFSET]) {
        long width = strtol(q->attr[LC_ATTR_OFFSET], NULL, 10);
        width = width < 0 ? 0 : width > 1 << 20 ? 1 << 20 : width;
        dm_say(r, 0, "%0*ld", (int)width, width);
    } else if (q->attr[LC_ATTR_LEVEL]) {
        long level = strtol(q->attr[LC_ATTR_LEVEL], NULL, 10);
        if (level < 1) {
            dm_say(r, EINVAL, "Invalid. level >= 1");
            return;
        }
        dm_say(r, 0, "single record 0");
        r->repeat = level > 64 ? 64 : (unsigned)level;
    } else if (q->attr[LC_ATTR_TEST])
        dm_say(r, 0, "Hi");
    else if (q->attr[LC_ATTR_PATH])
        dm_say(r, 0, "%s", d->name);
}

void
dm_cfg_cntr(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    (void)q;
    dm_say(r, 0, "%llu", (unsigned long long)d->changes);
}

void
dm_daemon_status(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    FILE *out = dm_write(r, LC_ATTR_JSON, true);

    if (!q->attr[LC_ATTR_STRING]) {
        fputs("{\"state\":\"ready\"}", out);
        return;
    }
    fputs("{\"state\":\"ready\",\n\"thread_stats\":", out);
    dm_put_threads(out, d->is_main);
    fputs("}\n", out);
}

void
dm_version(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    (void)q;
    dm_say(r, 0,
           "{ \"LDMSD Version\":\"%s\",  \"LDMS Protocol Version\": \"4.2.0.0\",  "
           "\"LDMSD Plugin Interface Version\": \"3.2.2.0\",  \"git-SHA\": "
           "\"STAND-IN\"}",
           d->is_main ? "4.5.4-head" : "4.5.3");
}

void
dm_exit_daemon(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    (void)d;
    (void)q;
    dm_say(r, 0, "exit daemon request received");
    r->exits = true;
}
