/* SPDX-License-Identifier: MIT */
/* The configuration language's words, their requests and their attributes. */
#include "verb.h"

#include "ldmsctl.h"

#include <stdlib.h>
#include <string.h>

/* Sorted. An attribute that is not listed is sent all the same: a plugin may know it. */
static const struct lc_verb verbs[] = {
    {"advertiser_add", 0x10d, "name xprt host port reconnect",
     "auth perm interval rail quota rx_rate"},
    {"advertiser_del", 0x110, "name", ""},
    {"advertiser_start", 0x10e, "name",
     "xprt host port auth perm reconnect rail quota rx_rate"},
    {"advertiser_stop", 0x10f, "name", ""},
    {"auth_add", 0xa00, "name", "plugin auth_opt"},
    {"auth_del", 0xa01, "name", ""},
    {"banner", 0x61e, "mode", ""},
    {"bridge_add", 0x10c, "name xprt host port reconnect",
     "auth perm rail quota rx_rate"},
    {"bridge_del", 0x101, "name", ""},
    {"bridge_start", 0x102, "name", "interval"},
    {"bridge_stop", 0x103, "name", ""},
    {"cfg_cntr", 0x003, "", ""},
    {"config", 0x507, "name", ""},
    {"daemon", 0x603, "", ""},
    {"daemon_exit", 0x609, "", ""},
    {"daemon_name", 0x61a, "name", ""},
    {"daemon_status", 0x603, "", "thread_stats"},
    {"default_auth", 0x616, "", "plugin auth_opt"},
    {"default_quota", 0x61c, "quota", ""},
    {"dump_cfg", 0x004, "path", ""},
    {"env", 0x605, "", ""},
    {"example", 0x001, "", ""},
    {"exit", 0x609, "", ""},
    {"failover_config", 0x700, "host port xprt",
     "interval peer_name auto_switch timeout_factor"},
    {"failover_peercfg_start", 0x701, "", ""},
    {"failover_peercfg_stop", 0x702, "", ""},
    {"failover_start", 0x770, "", ""},
    {"failover_status", 0x704, "", ""},
    {"failover_stop", 0x771, "", ""},
    {"greeting", 0x002, "", "name offset level test path"},
    {"include", 0x606, "path", ""},
    {"listen", 0x610, "xprt port", "host auth quota rx_rate"},
    {"load", 0x505, "name", "plugin"},
    {"log_file", 0x618, "", "path"},
    {"log_level", 0x602, "level", "name regex test"},
    {"log_status", 0x614, "", "name"},
    {"loglevel", 0x602, "level", "name regex test"},
    {"logrotate", 0x608, "", ""},
    {"memory", 0x617, "", "size"},
    {"metric_sets_default_authz", 0x611, "", "uid gid perm"},
    {"msg_client_stats", 0xc01, "", "reset"},
    {"msg_disable", 0xc02, "", ""},
    {"msg_enable", 0xc03, "", ""},
    {"msg_stats", 0xc00, "", "regex stream reset"},
    {"oneshot", 0x607, "name time", ""},
    {"option", 0x612, "", ""},
    {"pid_file", 0x61d, "path", ""},
    {"plugn_sets", 0x509, "", "name"},
    {"plugn_status", 0x504, "", "name"},
    {"prdcr_add", 0x100, "name type xprt host port reconnect",
     "auth perm interval rail quota rx_rate cache_ip"},
    {"prdcr_del", 0x101, "name", ""},
    {"prdcr_hint_tree", 0x108, "name", ""},
    {"prdcr_listen_add", 0x111, "name",
     "rail ip quota rx_rate regex disable_start reconnect advertiser_xprt "
     "advertiser_port type advertiser_auth perm"},
    {"prdcr_listen_del", 0x112, "name", ""},
    {"prdcr_listen_start", 0x113, "name", ""},
    {"prdcr_listen_status", 0x115, "", ""},
    {"prdcr_listen_stop", 0x114, "name", ""},
    {"prdcr_set_status", 0x107, "", "producer instance schema"},
    {"prdcr_start", 0x102, "name", "interval reconnect"},
    {"prdcr_start_regex", 0x105, "regex", "interval reconnect"},
    {"prdcr_stats", 0x60e, "", ""},
    {"prdcr_status", 0x104, "", "name summary state"},
    {"prdcr_stop", 0x103, "name", ""},
    {"prdcr_stop_regex", 0x106, "regex", ""},
    {"prdcr_stream_status", 0x10b, "regex", ""},
    {"prdcr_subscribe", 0x109, "regex", "rx_rate stream message_tag"},
    {"prdcr_unsubscribe", 0x10a, "regex stream", ""},
    {"profiling", 0x61f, "", "enable reset"},
    {"profiling_disable", 0x620, "", ""},
    {"profiling_enable", 0x621, "", ""},
    {"publish", 0x900, "name", "string"},
    {"publish_kernel", 0x619, "", "path"},
    {"qgroup_config", 0xb00, "",
     "quota ask_interval ask_amount ask_mark reset_interval"},
    {"qgroup_info", 0xb05, "", ""},
    {"qgroup_member_add", 0xb01, "host xprt", "port auth"},
    {"qgroup_member_del", 0xb02, "host", "port"},
    {"qgroup_start", 0xb03, "", ""},
    {"qgroup_stop", 0xb04, "", ""},
    {"set_memory", 0x617, "", "size"},
    {"set_sec_mod", 0x613, "regex", "uid gid perm"},
    {"set_stats", 0x60f, "", "summary"},
    {"setgroup_add", 0x800, "name", "producer interval offset perm"},
    {"setgroup_del", 0x802, "name", ""},
    {"setgroup_ins", 0x803, "name", "instance"},
    {"setgroup_mod", 0x801, "name", "interval offset"},
    {"setgroup_rm", 0x804, "name", "instance"},
    {"smplrp_add", 0xd00, "name path", ""},
    {"smplrp_del", 0xd01, "name", ""},
    {"smplrp_start", 0xd02, "name", ""},
    {"smplrp_stop", 0xd03, "name", ""},
    {"start", 0x502, "name interval", "offset exclusive_thread"},
    {"stats_reset", 0x615, "", "list"},
    {"stop", 0x503, "name", ""},
    {"storage_queue", 0x623, "depth", ""},
    {"storage_threads", 0x622, "num", ""},
    {"store_time_stats", 0x209, "", "name reset hist_recalibrate"},
    {"stream_client_dump", 0x903, "", ""},
    {"stream_disable", 0x906, "", ""},
    {"stream_enable", 0x907, "", ""},
    {"stream_status", 0x905, "", "reset"},
    {"strgp_add", 0x200, "name plugin container",
     "schema regex flush decomposition perm"},
    {"strgp_del", 0x201, "name", ""},
    {"strgp_metric_add", 0x207, "name metric", ""},
    {"strgp_metric_del", 0x208, "name metric", ""},
    {"strgp_pi_stats", 0x20a, "name", ""},
    {"strgp_prdcr_add", 0x205, "name regex", ""},
    {"strgp_prdcr_del", 0x206, "name regex", ""},
    {"strgp_start", 0x202, "name", ""},
    {"strgp_status", 0x204, "", "name"},
    {"strgp_stop", 0x203, "name", ""},
    {"subscribe", 0x901, "name", ""},
    {"term", 0x506, "name", ""},
    {"thread_stats", 0x60d, "", "reset"},
    {"udata", 0x600, "instance metric udata", ""},
    {"udata_regex", 0x601, "instance regex base", "incr"},
    {"unsubscribe", 0x902, "name", ""},
    {"update_time_stats", 0x30b, "", "name reset summary"},
    {"updtr_add", 0x300, "name", "offset push interval auto_interval perm"},
    {"updtr_del", 0x301, "name", ""},
    {"updtr_match_add", 0x307, "name regex match", ""},
    {"updtr_match_del", 0x308, "name regex match", ""},
    {"updtr_match_list", 0x30a, "", "name"},
    {"updtr_prdcr_add", 0x305, "name regex", ""},
    {"updtr_prdcr_del", 0x306, "name regex", ""},
    {"updtr_start", 0x302, "name", "interval offset auto_interval"},
    {"updtr_status", 0x304, "", "name summary reset"},
    {"updtr_stop", 0x303, "name", ""},
    {"updtr_task", 0x309, "name", ""},
    {"usage", 0x508, "", "name"},
    {"version", 0x604, "", ""},
    {"worker_threads", 0x61b, "num", ""},
    {"xprt_stats", 0x60c, "", "reset hist_recalibrate"},
};

enum { VERBS = sizeof(verbs) / sizeof(verbs[0]) };

struct word {
    const char *at;
    size_t len;
};

static int
compare(const void *key, const void *verb)
{
    const struct word *word = key;
    const char *name = ((const struct lc_verb *)verb)->word;
    int order = strncmp(word->at, name, word->len);
    return order != 0 ? order : (name[word->len] ? -1 : 0);
}

const struct lc_verb *
lc_verb_find(const char *word, size_t len)
{
    struct word key = {word, len};
    return bsearch(&key, verbs, VERBS, sizeof(verbs[0]), compare);
}

const char *
ldmsctl_verb_at(size_t index)
{
    return index < VERBS ? verbs[index].word : NULL;
}

int
ldmsctl_get_cmd_attr_list(const char *verb, const char **ret_required,
                          const char **ret_optional)
{
    const struct lc_verb *v = verb ? lc_verb_find(verb, strlen(verb)) : NULL;

    if (!v)
        return -LDMSCTL_EUNKNOWN;
    *ret_required = v->needs;
    *ret_optional = v->takes;
    return 0;
}
