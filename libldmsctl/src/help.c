/* SPDX-License-Identifier: MIT */
/* What the arguments of methods mean, in a few words. */
#include "ldmsctl.h"

#include <string.h>

static const struct {
    const char *name, *help;
} words[] = {
    {"advertiser_auth", "authentication domain for reaching active advertisers"},
    {"advertiser_port", "port of active advertisers"},
    {"advertiser_xprt", "transport for reaching active advertisers"},
    {"ask_amount", "how much quota to ask for at a time"},
    {"ask_interval", "time between asking"},
    {"ask_mark", "the quota below which to ask"},
    {"auth", "authentication domain"},
    {"auth_opt", "options of the plugin; a word alone means conf=WORD"},
    {"auto", "whether to follow the hints of the sets"},
    {"auto_interval", "whether to follow the hints of the sets"},
    {"auto_switch", "whether to take over without being told"},
    {"base", "user data of the first metric"},
    {"cache_ip", "whether to look the host up once only"},
    {"cfg_str", "NAME=VALUE words"},
    {"cmd", "the record's bytes"},
    {"cmd_verb", "a word of configuration files"},
    {"container", "where the store puts it"},
    {"data", "what to publish"},
    {"decomposition", "file that says how to turn sets into rows"},
    {"disable_start", "whether to leave the new producers stopped"},
    {"enable", "switch it on or off"},
    {"flush", "time between flushes"},
    {"gid", "group, a number or a name"},
    {"hist_recal", "whether to make the histograms' bins anew"},
    {"hist_recalibrate", "whether to make the histograms' bins anew"},
    {"host", "host name or address"},
    {"incr", "what each further metric has more"},
    {"instance", "name of a metric set; of setgroups, a list with commas"},
    {"interval", "time between turns"},
    {"interval_us", "time between samples"},
    {"ip", "network of the advertisers, such as 10.0.0.0/8"},
    {"is_test", "whether to log a message of each level"},
    {"level", "how much or how deep"},
    {"match", "what the expression is over: schema or inst"},
    {"metric", "name of a metric"},
    {"metric_name", "name of a metric"},
    {"msg_tag", "tag of messages"},
    {"name", "the object's name"},
    {"offset", "time after the full interval; of greeting, a length"},
    {"offset_us", "time after the full interval"},
    {"path", "a path on the daemon's machine"},
    {"peer_name", "the partner's name"},
    {"perm", "permissions; a leading 0 makes them octal"},
    {"plugin", "the plugin, where the instance has another name"},
    {"port", "port number"},
    {"producer", "producer name of the new set"},
    {"ptype", "active, or passive"},
    {"push", "true, or onchange: let the producers push"},
    {"quota", "receive quota"},
    {"rail", "number of endpoints"},
    {"reconnect", "time between attempts to connect"},
    {"regex", "a regular expression; of prdcr_start and prdcr_stop, whether the "
              "name is one (default true)"},
    {"reset", "whether to start from zero afterwards"},
    {"reset_interval", "time between resets"},
    {"rx_limit", "receive rate limit, per second"},
    {"rx_rate", "receive rate limit, per second; -1 is none"},
    {"s", "which of update, store, thread, xprt and stream, with commas"},
    {"schema", "name of a schema"},
    {"state", "only those in this state"},
    {"stream", "name of a stream"},
    {"summary", "whether to sum up"},
    {"test", "whether to answer Hi"},
    {"thread_stats", "whether to tell of threads too"},
    {"time", "seconds since 1970, or now"},
    {"timeout_factor", "how many heartbeats may be missed"},
    {"type", "passive, or active"},
    {"udata", "user data"},
    {"uid", "user, a number or a name"},
    {"xprt", "transport, such as sock"},
    {"xthread", "whether to sample in a thread of its own"},
};

const char *
ldmsctl_param_help(const struct ldmsctl_param *p)
{
    for (size_t i = 0; p && i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].name, p->name) == 0)
            return words[i].help;
    return "";
}
