/* SPDX-License-Identifier: MIT */
/* The table of methods, and how to find one. */
#include "command.h"

#include <stdlib.h>

#define PARAM(name_, attr_, type_, when_, required_, fallback_, since_)                \
    {                                                                                  \
        .pub = {.name = (name_),                                                       \
                .attribute_id = (attr_),                                               \
                .type = LDMSCTL_PARAM_##type_,                                         \
                .required = (required_),                                               \
                .fallback = (fallback_),                                               \
                .since = LDMSCTL_RELEASE_##since_},                                    \
        .when = (when_)                                                                \
    }

#define NEED(name, attr, type)                                                         \
    PARAM(name, LC_ATTR_##attr, type, LC_NEEDED, true, NULL, 4_5)
#define FILLED(name, attr, type)                                                       \
    PARAM(name, LC_ATTR_##attr, type, LC_FILLED, false, NULL, 4_5)
#define GIVEN(name, attr, type)                                                        \
    PARAM(name, LC_ATTR_##attr, type, LC_GIVEN, false, NULL, 4_5)
#define ALWAYS(name, attr, type, fallback)                                             \
    PARAM(name, LC_ATTR_##attr, type, LC_ALWAYS, false, fallback, 4_5)
#define NEW_FILLED(name, attr, type)                                                   \
    PARAM(name, LC_ATTR_##attr, type, LC_FILLED, false, NULL, MAIN)
#define NEW_ALWAYS(name, attr, type, fallback)                                         \
    PARAM(name, LC_ATTR_##attr, type, LC_ALWAYS, false, fallback, MAIN)
#define UNTIL_4_5(name, attr, type)                                                    \
    PARAM(name, LC_ATTR_##attr, type, LC_UNTIL_4_5, false, NULL, 4_5)
#define IF_TRUE(name, attr)                                                            \
    PARAM(name, LC_ATTR_##attr, BOOLEAN, LC_IF_TRUE, false, NULL, 4_5)
#define FIXED(attr, value) PARAM("", LC_ATTR_##attr, TEXT, LC_FIXED, false, value, 4_5)
#define LOCAL(name, type)  PARAM(name, LC_ATTR_NONE, type, LC_LOCAL, false, NULL, 4_5)

#define ANY LDMSCTL_RELEASE_4_5, LDMSCTL_RELEASE_MAIN
#define OLD LDMSCTL_RELEASE_4_5, LDMSCTL_RELEASE_4_5
#define NEW LDMSCTL_RELEASE_MAIN, LDMSCTL_RELEASE_MAIN

#define PUBLIC(name_, function_, verb_, request_, reply_, since_, until_, group_,      \
               help_)                                                                  \
    .pub = {.name = (name_),                                                           \
            .function = (function_),                                                   \
            .verb = (verb_),                                                           \
            .request_id = (request_),                                                  \
            .reply = LDMSCTL_REPLY_##reply_,                                           \
            .since = (since_),                                                         \
            .until = (until_),                                                         \
            .group = (group_),                                                         \
            .help = (help_)}
#define LIST(...)   ((const struct lc_param[]){__VA_ARGS__})
#define EXPAND(...) PUBLIC(__VA_ARGS__)
#define METHOD(name, function, verb, request, reply, releases, group, help, ...)       \
    {                                                                                  \
        EXPAND(name, function, verb, request, reply, releases, group, help),           \
            .params = LIST(__VA_ARGS__),                                               \
            .n_params = sizeof(LIST(__VA_ARGS__)) / sizeof(struct lc_param)            \
    }
#define PLAIN(name, function, verb, request, reply, releases, group, help)             \
    {                                                                                  \
        EXPAND(name, function, verb, request, reply, releases, group, help)            \
    }

/* Where the name of an argument differs from its attribute's, it is the Communicator's.
 * Arguments stand in the order in which they are sent. */
const struct lc_method lc_methods[] = {
    METHOD("advertiser_add", "ldmsctl_advertiser_add", "advertiser_add", 0x10d, NONE,
           ANY, "advertiser", "Add a daemon to advertise this one to",
           NEED("name", NAME, TEXT), NEED("xprt", XPRT, TEXT), NEED("host", HOST, TEXT),
           NEED("port", PORT, INTEGER), NEED("reconnect", INTERVAL, INTERVAL),
           FILLED("auth", AUTH, TEXT), FILLED("perm", PERM, PERM),
           FILLED("rail", RAIL, INTEGER), FILLED("quota", QUOTA, SIZE),
           FILLED("rx_rate", RX_RATE, SIZE), FIXED(TYPE, "advertiser")),
    METHOD("advertiser_del", "ldmsctl_advertiser_del", "advertiser_del", 0x110, NONE,
           ANY, "advertiser", "Delete a stopped advertiser", NEED("name", NAME, TEXT)),
    METHOD("advertiser_start", "ldmsctl_advertiser_start", "advertiser_start", 0x10e,
           NONE, ANY, "advertiser",
           "Start advertising, adding the advertiser first if it has arguments",
           NEED("name", NAME, TEXT), FILLED("xprt", XPRT, TEXT),
           FILLED("host", HOST, TEXT), FILLED("port", PORT, INTEGER),
           FILLED("reconnect", INTERVAL, INTERVAL), FILLED("auth", AUTH, TEXT),
           FILLED("perm", PERM, PERM), FILLED("rail", RAIL, INTEGER),
           FILLED("quota", QUOTA, SIZE), FILLED("rx_rate", RX_RATE, SIZE),
           FIXED(TYPE, "advertiser")),
    METHOD("advertiser_stop", "ldmsctl_advertiser_stop", "advertiser_stop", 0x10f, NONE,
           ANY, "advertiser", "Stop advertising", NEED("name", NAME, TEXT)),
    METHOD("auth_add", "ldmsctl_auth_add", "auth_add", 0xa00, NONE, ANY, "daemon",
           "Add an authentication domain", NEED("name", NAME, TEXT),
           GIVEN("plugin", PLUGIN, TEXT), FILLED("auth_opt", STRING, WORDS)),
    PLAIN("close", "ldmsctl_close", NULL, 0x0, NONE, ANY, "connection",
          "Close the connection"),
    PLAIN("connect", "ldmsctl_connect", NULL, 0x0, NONE, ANY, "connection",
          "Connect and authenticate"),
    PLAIN("daemon_exit", "ldmsctl_daemon_exit", "daemon_exit", 0x609, TEXT, ANY,
          "daemon", "Tell the daemon to exit"),
    METHOD("daemon_status", "ldmsctl_daemon_status", "daemon_status", 0x603, JSON, ANY,
           "daemon", "The state of the daemon", IF_TRUE("thread_stats", STRING)),
    PLAIN("dir_list", "ldmsctl_dir_list", NULL, 0x0, SETS, ANY, "daemon",
          "The metric sets that the daemon has"),
    METHOD("dump_cfg", "ldmsctl_dump_cfg", "dump_cfg", 0x4, NONE, ANY, "daemon",
           "Write the configuration into a directory of the daemon's machine",
           NEED("path", PATH, PATH)),
    METHOD("failover_config", "ldmsctl_failover_config", "failover_config", 0x700, NONE,
           ANY, "failover", "Configure the failover partner", NEED("host", HOST, TEXT),
           NEED("xprt", XPRT, TEXT), NEED("port", PORT, INTEGER),
           FILLED("auto_switch", AUTO_SWITCH, BOOLEAN),
           FILLED("interval", INTERVAL, INTERVAL),
           FILLED("timeout_factor", TIMEOUT_FACTOR, TEXT),
           FILLED("peer_name", PEER_NAME, TEXT)),
    PLAIN("failover_peercfg_start", "ldmsctl_failover_peercfg_start",
          "failover_peercfg_start", 0x701, NONE, ANY, "failover",
          "Take over the configuration of the partner"),
    PLAIN("failover_peercfg_stop", "ldmsctl_failover_peercfg_stop",
          "failover_peercfg_stop", 0x702, NONE, ANY, "failover",
          "Give the partner its configuration back"),
    PLAIN("failover_start", "ldmsctl_failover_start", "failover_start", 0x770, NONE,
          ANY, "failover", "Start the failover service"),
    PLAIN("failover_status", "ldmsctl_failover_status", "failover_status", 0x704, JSON,
          ANY, "failover", "The state of the failover service"),
    PLAIN("failover_stop", "ldmsctl_failover_stop", "failover_stop", 0x771, TEXT, ANY,
          "failover", "Stop the failover service"),
    PLAIN("getCfgCntr", "ldmsctl_get_cfg_cntr", "cfg_cntr", 0x3, TEXT, ANY, "daemon",
          "How many times the configuration has changed"),
    PLAIN("getHost", "ldmsctl_get_host", NULL, 0x0, NONE, ANY, "connection",
          "The host of the last connect"),
    PLAIN("getMaxRecvLen", "ldmsctl_get_max_recv_len", NULL, 0x0, NONE, ANY,
          "connection", "The most that one record may hold"),
    PLAIN("getPort", "ldmsctl_get_port", NULL, 0x0, NONE, ANY, "connection",
          "The port of the last connect"),
    PLAIN("getState", "ldmsctl_get_state", NULL, 0x0, NONE, ANY, "connection",
          "Where the connection is"),
    METHOD("get_cmd_attr_list", "ldmsctl_get_cmd_attr_list", NULL, 0x0, NONE, ANY,
           "connection", "The arguments that a word of configuration files takes",
           LOCAL("cmd_verb", TEXT)),
    METHOD("greeting", "ldmsctl_greeting", "greeting", 0x2, ATTRS, ANY, "daemon",
           "Say hello, to see whether the daemon answers", FILLED("name", NAME, TEXT),
           FILLED("offset", OFFSET, INTEGER), FILLED("test", TEST, BOOLEAN),
           FILLED("level", LEVEL, INTEGER), FILLED("path", PATH, TEXT)),
    METHOD("include_conf", "ldmsctl_include_conf", "include", 0x606, NONE, ANY,
           "daemon", "Read a configuration file on the daemon's machine",
           NEED("path", PATH, PATH)),
    METHOD("listen", "ldmsctl_listen", "listen", 0x610, NONE, ANY, "daemon",
           "Open a listening endpoint", NEED("xprt", XPRT, TEXT),
           NEED("port", PORT, INTEGER), FILLED("host", HOST, TEXT),
           FILLED("auth", AUTH, TEXT), GIVEN("quota", QUOTA, SIZE),
           GIVEN("rx_limit", RX_RATE, SIZE)),
    METHOD("log_level", "ldmsctl_log_level", "log_level", 0x602, NONE, ANY, "daemon",
           "Set the level of what is logged", NEED("level", LEVEL, TEXT),
           GIVEN("name", NAME, TEXT), GIVEN("regex", REGEX, REGEX),
           ALWAYS("is_test", TEST, BOOLEAN, "false")),
    METHOD("log_status", "ldmsctl_log_status", "log_status", 0x614, JSON, ANY, "daemon",
           "The loggers and their levels", GIVEN("name", NAME, TEXT)),
    PLAIN("logrotate", "ldmsctl_logrotate", "logrotate", 0x608, NONE, ANY, "daemon",
          "Begin a new log file"),
    METHOD("metric_sets_default_authz", "ldmsctl_metric_sets_default_authz",
           "metric_sets_default_authz", 0x611, TEXT, ANY, "daemon",
           "Set or tell the owner and permissions of new metric sets",
           FILLED("uid", UID, TEXT), FILLED("gid", GID, TEXT),
           FILLED("perm", PERM, PERM)),
    METHOD("msg_client_stats", "ldmsctl_msg_client_stats", "msg_client_stats", 0xc01,
           JSON, ANY, "message", "The clients of the message service",
           GIVEN("reset", RESET, BOOLEAN)),
    PLAIN("msg_disable", "ldmsctl_msg_disable", "msg_disable", 0xc02, TEXT, ANY,
          "message", "Switch the message service off"),
    PLAIN("msg_enable", "ldmsctl_msg_enable", "msg_enable", 0xc03, TEXT, ANY, "message",
          "Switch the message service on"),
    METHOD("msg_stats", "ldmsctl_msg_stats", "msg_stats", 0xc00, JSON, ANY, "message",
           "What went through the message service", FILLED("regex", REGEX, REGEX),
           FILLED("stream", STREAM, TEXT), NEW_FILLED("msg_tag", MSG_TAG, TEXT),
           FILLED("reset", RESET, BOOLEAN)),
    METHOD("oneshot", "ldmsctl_oneshot", "oneshot", 0x607, NONE, ANY, "plugin",
           "Take one sample", NEED("name", NAME, TEXT), NEED("time", TIME, TEXT)),
    METHOD("plugn_config", "ldmsctl_plugn_config", "config", 0x507, NONE, ANY, "plugin",
           "Configure a plugin", NEED("name", NAME, TEXT),
           NEED("cfg_str", STRING, WORDS)),
    METHOD("plugn_load", "ldmsctl_plugn_load", "load", 0x505, NONE, ANY, "plugin",
           "Load a plugin", NEED("name", NAME, TEXT), FILLED("plugin", PLUGIN, TEXT)),
    METHOD("plugn_sets", "ldmsctl_plugn_sets", "plugn_sets", 0x509, JSON, ANY, "plugin",
           "The metric sets of plugins", FILLED("name", NAME, TEXT)),
    METHOD("plugn_start", "ldmsctl_plugn_start", "start", 0x502, NONE, ANY, "plugin",
           "Start sampling", NEED("name", NAME, TEXT),
           NEED("interval_us", INTERVAL, INTERVAL),
           GIVEN("offset_us", OFFSET, INTERVAL), GIVEN("xthread", XTHREAD, BOOLEAN)),
    METHOD("plugn_status", "ldmsctl_plugn_status", "plugn_status", 0x504, JSON, ANY,
           "plugin", "The plugins that are loaded", FILLED("name", NAME, TEXT)),
    METHOD("plugn_stop", "ldmsctl_plugn_stop", "stop", 0x503, NONE, ANY, "plugin",
           "Stop sampling", NEED("name", NAME, TEXT)),
    METHOD("plugn_term", "ldmsctl_plugn_term", "term", 0x506, NONE, ANY, "plugin",
           "Unload a plugin", NEED("name", NAME, TEXT)),
    METHOD("prdcr_add", "ldmsctl_prdcr_add", "prdcr_add", 0x100, NONE, ANY, "producer",
           "Add a daemon to gather from", NEED("name", NAME, TEXT),
           NEED("xprt", XPRT, TEXT), NEED("host", HOST, TEXT),
           NEED("port", PORT, INTEGER), NEED("reconnect", INTERVAL, INTERVAL),
           NEED("ptype", TYPE, TEXT), FILLED("auth", AUTH, TEXT),
           FILLED("perm", PERM, PERM), FILLED("rail", RAIL, INTEGER),
           FILLED("quota", QUOTA, SIZE), FILLED("rx_rate", RX_RATE, SIZE),
           FILLED("cache_ip", IP, BOOLEAN)),
    METHOD("prdcr_del", "ldmsctl_prdcr_del", "prdcr_del", 0x101, NONE, ANY, "producer",
           "Delete a stopped producer", NEED("name", NAME, TEXT)),
    METHOD("prdcr_hint_tree", "ldmsctl_prdcr_hint_tree", "prdcr_hint_tree", 0x108, JSON,
           ANY, "producer", "The update hints of a producer's sets",
           FILLED("name", NAME, TEXT)),
    METHOD(
        "prdcr_listen_add", "ldmsctl_prdcr_listen_add", "prdcr_listen_add", 0x111, NONE,
        ANY, "advertiser", "Make producers of the daemons that advertise themselves",
        NEED("name", NAME, TEXT), GIVEN("disable_start", AUTO_INTERVAL, BOOLEAN),
        GIVEN("regex", REGEX, REGEX), GIVEN("ip", IP, TEXT),
        GIVEN("rail", RAIL, INTEGER), GIVEN("quota", QUOTA, SIZE),
        GIVEN("rx_rate", RX_RATE, SIZE), ALWAYS("type", TYPE, TEXT, "passive"),
        GIVEN("advertiser_xprt", XPRT, TEXT), GIVEN("advertiser_port", PORT, INTEGER),
        GIVEN("advertiser_auth", AUTH, TEXT), GIVEN("reconnect", INTERVAL, INTERVAL),
        GIVEN("perm", PERM, PERM)),
    METHOD("prdcr_listen_del", "ldmsctl_prdcr_listen_del", "prdcr_listen_del", 0x112,
           NONE, ANY, "advertiser", "Delete a stopped prdcr_listen",
           NEED("name", NAME, TEXT)),
    METHOD("prdcr_listen_start", "ldmsctl_prdcr_listen_start", "prdcr_listen_start",
           0x113, NONE, ANY, "advertiser", "Begin to make producers of advertisers",
           NEED("name", NAME, TEXT)),
    METHOD("prdcr_listen_status", "ldmsctl_prdcr_listen_status", "prdcr_listen_status",
           0x115, JSON, ANY, "advertiser", "Which advertisers were heard",
           NEW_ALWAYS("summary", SUMMARY, BOOLEAN, "False")),
    METHOD("prdcr_listen_stop", "ldmsctl_prdcr_listen_stop", "prdcr_listen_stop", 0x114,
           NONE, ANY, "advertiser", "Stop making producers of advertisers",
           NEED("name", NAME, TEXT)),
    METHOD("prdcr_set_status", "ldmsctl_prdcr_set_status", "prdcr_set_status", 0x107,
           JSON, ANY, "producer", "The metric sets of producers",
           FILLED("name", NAME, TEXT), FILLED("instance", INSTANCE, TEXT),
           FILLED("schema", SCHEMA, TEXT)),
    METHOD("prdcr_start", "ldmsctl_prdcr_start", "prdcr_start", 0x105, NONE, ANY,
           "producer", "Start producers", NEED("name", REGEX, REGEX),
           LOCAL("regex", BOOLEAN), FILLED("reconnect", INTERVAL, INTERVAL)),
    PLAIN("prdcr_stats", "ldmsctl_prdcr_stats", "prdcr_stats", 0x60e, JSON, ANY,
          "producer", "How many producers there are in which state"),
    METHOD("prdcr_status", "ldmsctl_prdcr_status", "prdcr_status", 0x104, JSON, ANY,
           "producer", "The state of producers",
           NEW_ALWAYS("summary", SUMMARY, BOOLEAN, "False"), FILLED("name", NAME, TEXT),
           NEW_FILLED("state", STATE, TEXT)),
    METHOD("prdcr_stop", "ldmsctl_prdcr_stop", "prdcr_stop", 0x106, NONE, ANY,
           "producer", "Stop producers", NEED("name", REGEX, REGEX),
           LOCAL("regex", BOOLEAN)),
    METHOD("prdcr_stream_status", "ldmsctl_prdcr_stream_status", "prdcr_stream_status",
           0x10b, JSON, ANY, "producer", "The streams of producers",
           NEED("regex", REGEX, REGEX)),
    METHOD("prdcr_subscribe", "ldmsctl_prdcr_subscribe", "prdcr_subscribe", 0x109, NONE,
           ANY, "producer", "Have producers forward a stream, or tagged messages",
           NEED("regex", REGEX, REGEX), GIVEN("stream", STREAM, TEXT),
           GIVEN("msg_tag", MSG_TAG, TEXT), ALWAYS("rx_rate", RX_RATE, SIZE, "-1")),
    METHOD("prdcr_unsubscribe", "ldmsctl_prdcr_unsubscribe", "prdcr_unsubscribe", 0x10a,
           NONE, ANY, "producer", "Have producers forward it no longer",
           NEED("regex", REGEX, REGEX), FILLED("stream", STREAM, TEXT),
           NEW_FILLED("msg_tag", MSG_TAG, TEXT)),
    METHOD("profiling", "ldmsctl_profiling", "profiling", 0x61f, JSON, ANY,
           "statistics", "Where requests spent their time",
           UNTIL_4_5("enable", TYPE, BOOLEAN), GIVEN("reset", RESET, BOOLEAN)),
    PLAIN("profiling_disable", "ldmsctl_profiling_disable", "profiling_disable", 0x620,
          TEXT, NEW, "statistics", "Switch profiling off"),
    PLAIN("profiling_enable", "ldmsctl_profiling_enable", "profiling_enable", 0x621,
          TEXT, NEW, "statistics", "Switch profiling on"),
    METHOD("qgroup_config", "ldmsctl_qgroup_config", "qgroup_config", 0xb00, NONE, ANY,
           "qgroup", "Configure the quota group", GIVEN("quota", QUOTA, SIZE),
           GIVEN("ask_interval", ASK_INTERVAL, INTERVAL),
           GIVEN("ask_amount", ASK_AMOUNT, SIZE), GIVEN("ask_mark", ASK_MARK, SIZE),
           GIVEN("reset_interval", RESET_INTERVAL, INTERVAL)),
    PLAIN("qgroup_info", "ldmsctl_qgroup_info", "qgroup_info", 0xb05, JSON, ANY,
          "qgroup", "The quota group and its members"),
    METHOD("qgroup_member_add", "ldmsctl_qgroup_member_add", "qgroup_member_add", 0xb01,
           NONE, ANY, "qgroup", "Add a daemon to the quota group",
           NEED("host", HOST, TEXT), NEED("xprt", XPRT, TEXT),
           GIVEN("port", PORT, INTEGER), GIVEN("auth", AUTH, TEXT)),
    METHOD("qgroup_member_del", "ldmsctl_qgroup_member_del", "qgroup_member_del", 0xb02,
           NONE, ANY, "qgroup", "Take a daemon out of the quota group",
           NEED("host", HOST, TEXT), GIVEN("port", PORT, INTEGER)),
    PLAIN("qgroup_start", "ldmsctl_qgroup_start", "qgroup_start", 0xb03, NONE, ANY,
          "qgroup", "Start sharing quota"),
    PLAIN("qgroup_stop", "ldmsctl_qgroup_stop", "qgroup_stop", 0xb04, NONE, ANY,
          "qgroup", "Stop sharing quota"),
    PLAIN("receive_response", "ldmsctl_receive_response", NULL, 0x0, TEXT, ANY,
          "connection", "Wait for the answer to send_command"),
    PLAIN("reconnect", "ldmsctl_reconnect", NULL, 0x0, NONE, ANY, "connection",
          "Close, and connect to the same daemon again"),
    METHOD("send_command", "ldmsctl_send_command", NULL, 0x0, NONE, ANY, "connection",
           "Send a request record as it is", LOCAL("cmd", TEXT)),
    METHOD("set_env", "ldmsctl_set_env", "env", 0x605, NONE, ANY, "daemon",
           "Set environment variables of the daemon", NEED("cfg_str", STRING, WORDS)),
    METHOD("set_sec_mod", "ldmsctl_set_sec_mod", "set_sec_mod", 0x613, NONE, ANY,
           "daemon", "Change the owner and permissions of metric sets",
           NEED("regex", REGEX, REGEX), GIVEN("uid", UID, TEXT),
           GIVEN("gid", GID, TEXT), GIVEN("perm", PERM, PERM)),
    METHOD("set_stats", "ldmsctl_set_stats", "set_stats", 0x60f, JSON, ANY,
           "statistics", "How many metric sets there are, and their size",
           ALWAYS("summary", SUMMARY, BOOLEAN, "False")),
    METHOD("set_udata", "ldmsctl_set_udata", "udata", 0x600, NONE, ANY, "daemon",
           "Set the user data of a metric", NEED("instance", INSTANCE, TEXT),
           NEED("metric", METRIC, TEXT), NEED("udata", UDATA, INTEGER)),
    METHOD("set_udata_regex", "ldmsctl_set_udata_regex", "udata_regex", 0x601, NONE,
           ANY, "daemon", "Set the user data of metrics, counting up",
           NEED("instance", INSTANCE, TEXT), NEED("regex", REGEX, REGEX),
           NEED("base", BASE, INTEGER), ALWAYS("incr", INCREMENT, INTEGER, "0")),
    METHOD("setgroup_add", "ldmsctl_setgroup_add", "setgroup_add", 0x800, NONE, ANY,
           "setgroup", "Add a group of metric sets", NEED("name", NAME, TEXT),
           FILLED("producer", PRODUCER, TEXT), FILLED("interval", INTERVAL, INTERVAL),
           FILLED("offset", OFFSET, INTERVAL), FILLED("perm", PERM, PERM)),
    METHOD("setgroup_del", "ldmsctl_setgroup_del", "setgroup_del", 0x802, NONE, ANY,
           "setgroup", "Delete a group", NEED("name", NAME, TEXT)),
    METHOD("setgroup_ins", "ldmsctl_setgroup_ins", "setgroup_ins", 0x803, NONE, ANY,
           "setgroup", "Put metric sets into a group", NEED("name", NAME, TEXT),
           NEED("instance", INSTANCE, TEXT)),
    METHOD("setgroup_mod", "ldmsctl_setgroup_mod", "setgroup_mod", 0x801, NONE, ANY,
           "setgroup", "Change the update hints of a group", NEED("name", NAME, TEXT),
           FILLED("interval", INTERVAL, INTERVAL), FILLED("offset", OFFSET, INTERVAL)),
    METHOD("setgroup_rm", "ldmsctl_setgroup_rm", "setgroup_rm", 0x804, NONE, ANY,
           "setgroup", "Take metric sets out of a group", NEED("name", NAME, TEXT),
           NEED("instance", INSTANCE, TEXT)),
    METHOD("smplr_load", "ldmsctl_smplr_load", NULL, 0x505, NONE, OLD, "plugin",
           "Load a sampler, named as its plugin", NEED("name", NAME, TEXT)),
    METHOD("smplr_status", "ldmsctl_smplr_status", NULL, 0x504, JSON, ANY, "plugin",
           "The plugins that are loaded", FILLED("name", NAME, TEXT)),
    METHOD("smplrp_add", "ldmsctl_smplrp_add", "smplrp_add", 0xd00, NONE, NEW, "smplrp",
           "Add a sampler policy", NEED("name", NAME, TEXT), NEED("path", PATH, PATH)),
    METHOD("smplrp_del", "ldmsctl_smplrp_del", "smplrp_del", 0xd01, NONE, NEW, "smplrp",
           "Delete a sampler policy", NEED("name", NAME, TEXT)),
    METHOD("smplrp_start", "ldmsctl_smplrp_start", "smplrp_start", 0xd02, NONE, NEW,
           "smplrp", "Start a sampler policy", NEED("name", NAME, TEXT)),
    METHOD("smplrp_stop", "ldmsctl_smplrp_stop", "smplrp_stop", 0xd03, NONE, NEW,
           "smplrp", "Stop a sampler policy", NEED("name", NAME, TEXT)),
    METHOD("smplrset_status", "ldmsctl_smplrset_status", NULL, 0x509, JSON, ANY,
           "plugin", "The metric sets of plugins", FILLED("name", NAME, TEXT)),
    METHOD("stats_reset", "ldmsctl_stats_reset", NULL, 0x615, NONE, ANY, "statistics",
           "Set statistics back to zero", FILLED("s", STRING, TEXT)),
    METHOD("store_time_stats", "ldmsctl_store_time_stats", "store_time_stats", 0x209,
           JSON, ANY, "storage", "How long storing takes",
           ALWAYS("reset", RESET, BOOLEAN, "False"),
           NEW_ALWAYS("hist_recalibrate", HIST_RECAL, BOOLEAN, "False"),
           FILLED("name", NAME, TEXT)),
    PLAIN("stream_client_dump", "ldmsctl_stream_client_dump", "stream_client_dump",
          0x903, JSON, ANY, "stream", "Who reads which stream"),
    PLAIN("stream_disable", "ldmsctl_stream_disable", "stream_disable", 0x906, TEXT,
          ANY, "stream", "Switch the stream service off"),
    PLAIN("stream_enable", "ldmsctl_stream_enable", "stream_enable", 0x907, TEXT, ANY,
          "stream", "Switch the stream service on"),
    METHOD("stream_publish", "ldmsctl_stream_publish", "publish", 0x900, TEXT, ANY,
           "stream", "Publish to a stream", NEED("name", NAME, TEXT),
           NEED("data", STRING, TEXT)),
    METHOD("stream_status", "ldmsctl_stream_status", "stream_status", 0x905, JSON, ANY,
           "stream", "What went through the streams",
           ALWAYS("reset", RESET, BOOLEAN, "False")),
    METHOD("stream_subscribe", "ldmsctl_stream_subscribe", "subscribe", 0x901, TEXT,
           ANY, "stream", "Subscribe to a stream", NEED("name", NAME, TEXT)),
    METHOD("strgp_add", "ldmsctl_strgp_add", "strgp_add", 0x200, NONE, ANY, "storage",
           "Add a storage policy", NEED("name", NAME, TEXT),
           NEED("plugin", PLUGIN, TEXT), NEED("container", CONTAINER, TEXT),
           ALWAYS("perm", PERM, PERM, "384"), GIVEN("schema", SCHEMA, TEXT),
           GIVEN("regex", REGEX, REGEX), GIVEN("decomposition", DECOMP, TEXT),
           GIVEN("flush", INTERVAL, INTERVAL)),
    METHOD("strgp_del", "ldmsctl_strgp_del", "strgp_del", 0x201, NONE, ANY, "storage",
           "Delete a stopped storage policy", NEED("name", NAME, TEXT)),
    METHOD("strgp_metric_add", "ldmsctl_strgp_metric_add", "strgp_metric_add", 0x207,
           NONE, ANY, "storage", "Store this metric", NEED("name", NAME, TEXT),
           NEED("metric_name", METRIC, TEXT)),
    METHOD("strgp_metric_del", "ldmsctl_strgp_metric_del", "strgp_metric_del", 0x208,
           NONE, ANY, "storage", "Store this metric no longer",
           NEED("name", NAME, TEXT), NEED("metric_name", METRIC, TEXT)),
    METHOD("strgp_pi_stats", "ldmsctl_strgp_pi_stats", NULL, 0x20a, JSON, NEW,
           "storage", "The plugin instances of a storage policy",
           NEED("name", NAME, TEXT)),
    METHOD("strgp_prdcr_add", "ldmsctl_strgp_prdcr_add", "strgp_prdcr_add", 0x205, NONE,
           ANY, "storage", "Store what producers of these names bring",
           NEED("name", NAME, TEXT), NEED("regex", REGEX, REGEX)),
    METHOD("strgp_prdcr_del", "ldmsctl_strgp_prdcr_del", "strgp_prdcr_del", 0x206, NONE,
           ANY, "storage", "Store it no longer", NEED("name", NAME, TEXT),
           NEED("regex", REGEX, REGEX)),
    METHOD("strgp_start", "ldmsctl_strgp_start", "strgp_start", 0x202, NONE, ANY,
           "storage", "Start storing", NEED("name", NAME, TEXT)),
    METHOD("strgp_status", "ldmsctl_strgp_status", "strgp_status", 0x204, JSON, ANY,
           "storage", "The state of storage policies", FILLED("name", NAME, TEXT)),
    METHOD("strgp_stop", "ldmsctl_strgp_stop", "strgp_stop", 0x203, NONE, ANY,
           "storage", "Stop storing", NEED("name", NAME, TEXT)),
    METHOD("thread_stats", "ldmsctl_thread_stats", "thread_stats", 0x60d, JSON, ANY,
           "statistics", "How busy the threads are",
           ALWAYS("reset", RESET, BOOLEAN, "False")),
    METHOD("update_time_stats", "ldmsctl_update_time_stats", "update_time_stats", 0x30b,
           JSON, ANY, "updater", "How long updates take",
           ALWAYS("reset", RESET, BOOLEAN, "False"),
           NEW_ALWAYS("summary", SUMMARY, BOOLEAN, "False"),
           FILLED("name", NAME, TEXT)),
    METHOD("updtr_add", "ldmsctl_updtr_add", "updtr_add", 0x300, NONE, ANY, "updater",
           "Add an updater", NEED("name", NAME, TEXT),
           ALWAYS("interval", INTERVAL, INTERVAL, "1000000"),
           FILLED("offset", OFFSET, INTERVAL), FILLED("auto", AUTO_INTERVAL, BOOLEAN),
           FILLED("push", PUSH, TEXT), FILLED("perm", PERM, PERM)),
    METHOD("updtr_del", "ldmsctl_updtr_del", "updtr_del", 0x301, NONE, ANY, "updater",
           "Delete a stopped updater", NEED("name", NAME, TEXT)),
    METHOD("updtr_match_add", "ldmsctl_updtr_match_add", "updtr_match_add", 0x307, NONE,
           ANY, "updater", "Update sets that match alone", NEED("name", NAME, TEXT),
           NEED("regex", REGEX, REGEX), ALWAYS("match", MATCH, TEXT, "schema")),
    METHOD("updtr_match_del", "ldmsctl_updtr_match_del", "updtr_match_del", 0x308, NONE,
           ANY, "updater", "Drop such a condition", NEED("name", NAME, TEXT),
           NEED("regex", REGEX, REGEX), ALWAYS("match", MATCH, TEXT, "schema")),
    METHOD("updtr_match_list", "ldmsctl_updtr_match_list", "updtr_match_list", 0x30a,
           JSON, ANY, "updater", "The conditions of updaters",
           FILLED("name", NAME, TEXT)),
    METHOD("updtr_prdcr_add", "ldmsctl_updtr_prdcr_add", "updtr_prdcr_add", 0x305, NONE,
           ANY, "updater", "Update the sets of producers of these names",
           NEED("name", NAME, TEXT), NEED("regex", REGEX, REGEX)),
    METHOD("updtr_prdcr_del", "ldmsctl_updtr_prdcr_del", "updtr_prdcr_del", 0x306, NONE,
           ANY, "updater", "Update them no longer", NEED("name", NAME, TEXT),
           NEED("regex", REGEX, REGEX)),
    METHOD("updtr_start", "ldmsctl_updtr_start", "updtr_start", 0x302, NONE, ANY,
           "updater", "Start updating", NEED("name", NAME, TEXT),
           FILLED("interval", INTERVAL, INTERVAL), FILLED("offset", OFFSET, INTERVAL),
           FILLED("auto_interval", AUTO_INTERVAL, BOOLEAN)),
    METHOD("updtr_status", "ldmsctl_updtr_status", "updtr_status", 0x304, JSON, ANY,
           "updater", "The state of updaters", FILLED("name", NAME, TEXT),
           FILLED("summary", STRING, BOOLEAN), FILLED("reset", RESET, BOOLEAN)),
    METHOD("updtr_stop", "ldmsctl_updtr_stop", "updtr_stop", 0x303, NONE, ANY,
           "updater", "Stop updating", NEED("name", NAME, TEXT)),
    METHOD("updtr_task", "ldmsctl_updtr_task", "updtr_task", 0x309, JSON, ANY,
           "updater", "When updaters run", FILLED("name", NAME, TEXT)),
    METHOD("usage", "ldmsctl_usage", "usage", 0x508, TEXT, ANY, "plugin",
           "How plugins are configured", FILLED("name", NAME, TEXT)),
    PLAIN("version", "ldmsctl_version", "version", 0x604, JSON, ANY, "daemon",
          "The versions of the daemon"),
    METHOD("xprt_stats", "ldmsctl_xprt_stats", "xprt_stats", 0x60c, JSON, ANY,
           "statistics", "What went through the transports",
           ALWAYS("reset", RESET, BOOLEAN, "False"),
           ALWAYS("level", LEVEL, INTEGER, "0"),
           NEW_ALWAYS("hist_recal", HIST_RECAL, BOOLEAN, "False")),
};

const size_t lc_n_methods = sizeof(lc_methods) / sizeof(lc_methods[0]);

struct word {
    const char *at;
    size_t len;
};

static int
compare(const void *key, const void *method)
{
    const struct word *word = key;
    const char *name = ((const struct lc_method *)method)->pub.name;
    int order = strncmp(word->at, name, word->len);
    return order != 0 ? order : (name[word->len] ? -1 : 0);
}

const struct lc_method *
lc_method_find(const char *name, size_t len)
{
    struct word word = {name, len};
    return bsearch(&word, lc_methods, lc_n_methods, sizeof(lc_methods[0]), compare);
}

const struct lc_method *
lc_method_by_request(uint32_t request_id)
{
    for (size_t i = 0; request_id != 0 && i < lc_n_methods; i++)
        if (lc_methods[i].pub.request_id == request_id)
            return &lc_methods[i];
    return NULL;
}

const struct ldmsctl_method *
ldmsctl_method_at(size_t index)
{
    return index < lc_n_methods ? &lc_methods[index].pub : NULL;
}

const struct ldmsctl_method *
ldmsctl_method_find(const char *name)
{
    const struct lc_method *m = name ? lc_method_find(name, strlen(name)) : NULL;
    return m ? &m->pub : NULL;
}

/* The public method is the first member of ours. FIXED arguments are nobody's to give,
 * and stand last. */
const struct ldmsctl_param *
ldmsctl_param_at(const struct ldmsctl_method *m, size_t index)
{
    const struct lc_method *method = (const struct lc_method *)m;

    if (!m || index >= method->n_params || method->params[index].when == LC_FIXED)
        return NULL;
    return &method->params[index].pub;
}

const char *
ldmsctl_attr_name(uint32_t id)
{
    return lc_attr_name(id);
}
