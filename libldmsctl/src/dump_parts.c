/* SPDX-License-Identifier: MIT */
/* What status methods tell of one thing, as the lines of configuration that make it. */
#include "dump_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The next element of a kept answer. */
static bool
look(struct lc_dump *d, struct lc_json_walk *walk, struct lc_json *ret_value)
{
    if (d->text.bad || !lc_json_next(walk, NULL, ret_value))
        return false;
    d->looked_bytes += ret_value->len;
    d->text.bad = d->looked_bytes > LC_DUMP_LOOK_BYTES;
    return !d->text.bad;
}

/* Of one daemon, which writes the same text the same way. */
static bool
is_same(struct lc_json a, struct lc_json b)
{
    return a.at && b.at && a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

static struct lc_json_walk
walk_kept(const struct lc_dump_kept *kept)
{
    struct lc_json document = kept->document;
    return document.at && *document.at == '[' ? lc_json_walk(document)
                                              : (struct lc_json_walk){NULL, NULL};
}

/* The elements from the last to the first: daemons list what was added last first. The
 * caller frees. */
static struct lc_json *
turned_round(struct lc_dump *d, struct lc_json list, size_t *ret_n)
{
    struct lc_json_walk walk = lc_json_walk(list);
    struct lc_json value, *values;
    size_t n = 0;

    while (lc_json_next(&walk, NULL, &value))
        n++;
    values = n <= LC_DUMP_LIST_MAX ? calloc(n ? n : 1, sizeof(*values)) : NULL;
    *ret_n = values ? n : 0;
    d->text.bad = d->text.bad || !values;
    walk = lc_json_walk(list);
    while (values && n > 0 && lc_json_next(&walk, NULL, &value))
        values[--n] = value;
    return values;
}

/* Of a peer that it may have to stand in for, a daemon shows the objects with this mark:
 * they are not its own. */
static bool
is_of_peer(struct lc_json object)
{
    struct lc_json name = lc_json_get(object, "name");
    return name.at && name.len > 1 && name.at[0] == '"' && name.at[1] == '#';
}

/* Of type "advertised, passive": a listener made it when somebody came, and will again. */
static bool
is_of_listener(struct lc_json producer)
{
    static const char mark[] = "\"advertised";
    struct lc_json type = lc_json_get(producer, "type");
    return type.at && type.len >= sizeof(mark) &&
           memcmp(type.at, mark, sizeof(mark) - 1) == 0;
}

/* Advertisers are among the producers. */
void
lc_dump_producer(struct lc_dump *d, struct lc_json o)
{
    static const struct lc_cfg_field kind[] = {{"type", "type", "advertiser"},
                                               {"transport", "xprt", NULL},
                                               {"host", "host", NULL},
                                               {NULL, NULL, NULL}};
    static const struct lc_cfg_field port[] = {{"port", "port", NULL},
                                               {NULL, NULL, NULL}};
    static const struct lc_cfg_field fields[] = {{"reconnect_us", "reconnect", NULL},
                                                 {"auth", "auth", "DEFAULT"},
                                                 {"rail", "rail", "1"},
                                                 {"quota", "quota", "-1"},
                                                 {"rx_rate", "rx_rate", "-1"},
                                                 {NULL, NULL, NULL}};
    struct lc_json auth = lc_json_get(o, "auth"), type = lc_json_get(o, "type");
    bool advertises = lc_json_is(type, "advertiser");

    if (is_of_peer(o) || is_of_listener(o))
        return;
    if (auth.at && !lc_json_is(auth, "DEFAULT")) {
        lc_cfg_put(&d->text, "# needs an auth_add name=");
        lc_cfg_put_value(&d->text, auth, false);
        lc_cfg_put(&d->text, " before: of domains, daemons tell the name alone\n");
    }
    lc_cfg_put_named(&d->text, advertises ? "advertiser_add" : "prdcr_add",
                     lc_json_get(o, "name"));
    lc_cfg_put_fields(&d->text, o, kind);
    if (!lc_json_is(type, "passive")) /* these have none */
        lc_cfg_put_fields(&d->text, o, port);
    lc_cfg_put_fields(&d->text, o, fields);
    lc_cfg_put(&d->text, "\n");
    lc_cfg_put_start(&d->text, advertises ? "advertiser_start" : "prdcr_start", o);
}

void
lc_dump_plugin(struct lc_dump *d, struct lc_json o)
{
    static const struct lc_cfg_field fields[] = {{"plugin", "plugin", NULL},
                                                 {NULL, NULL, NULL}};
    struct lc_json_walk walk = walk_kept(&d->sets), sets;
    struct lc_json name = lc_json_get(o, "name"), of_plugin, set;

    lc_cfg_put_named(&d->text, "load", name);
    lc_cfg_put_fields(&d->text, o, fields);
    lc_cfg_put(&d->text, "\n");
    while (look(d, &walk, &of_plugin)) {
        if (!is_same(lc_json_get(of_plugin, "plugin"), name))
            continue;
        sets = lc_json_walk(lc_json_get(of_plugin, "sets"));
        while (look(d, &sets, &set)) {
            lc_cfg_put_named(&d->text, "# config", name);
            lc_cfg_put(&d->text, " instance=");
            lc_cfg_put_value(&d->text, set, false);
            lc_cfg_put(&d->text, " and more\n");
        }
    }
}

/* How often a set is sampled stands among what is known of it: "1000000:0", the interval
 * and the offset. */
static bool
take_hint(struct lc_json set, long long *ret_interval_us, long long *ret_offset_us)
{
    struct lc_json_walk walk = lc_json_walk(lc_json_get(set, "info"));
    struct lc_json info;
    char hint[64];

    while (lc_json_next(&walk, NULL, &info)) {
        struct lc_json value = lc_json_get(info, "value");
        if (!lc_json_is(lc_json_get(info, "key"), "updt_hint_us") || !value.at ||
            value.len >= sizeof(hint))
            continue;
        lc_json_text(value, hint);
        *ret_offset_us = 0;
        return sscanf(hint, "%18lld:%18lld", ret_interval_us, ret_offset_us) >= 1;
    }
    return false;
}

/* "    grp_member: NAME" is the key of a member. */
static void
put_member(struct lc_dump *d, struct lc_json group_name, struct lc_json key)
{
    static const char mark[] = "grp_member: ";
    char *text = key.at ? malloc(key.len + 1) : NULL;
    d->text.bad = d->text.bad || (key.at && !text);
    size_t len = text ? lc_json_text(key, text) : 0;
    const char *at = text;

    while (len > 0 && *at == ' ') {
        at++;
        len--;
    }
    if (len >= sizeof(mark) && memcmp(at, mark, sizeof(mark) - 1) == 0) {
        lc_cfg_put_named(&d->text, "setgroup_ins", group_name);
        lc_cfg_put(&d->text, " instance=");
        lc_cfg_put_text(&d->text, at + sizeof(mark) - 1, len - (sizeof(mark) - 1),
                        false);
        lc_cfg_put(&d->text, "\n");
    }
    free(text);
}

/* The plugin whose first set this is runs this often. */
static void
put_sampler_start(struct lc_dump *d, struct lc_json set, long long interval_us,
                  long long offset_us)
{
    struct lc_json_walk walk = walk_kept(&d->sets);
    struct lc_json o, first;

    while (look(d, &walk, &o)) {
        struct lc_json_walk sets = lc_json_walk(lc_json_get(o, "sets"));
        if (!lc_json_next(&sets, NULL, &first) || !is_same(first, set))
            continue;
        lc_cfg_put(&d->text, "# start name=");
        lc_cfg_put_value(&d->text, lc_json_get(o, "plugin"), false);
        lc_cfg_put(&d->text, " interval=%lld offset=%lld\n", interval_us, offset_us);
    }
}

/* A group of the daemon's own; those of others come with their producers. */
void
lc_dump_set(struct lc_dump *d, struct lc_json o)
{
    struct lc_json flags = lc_json_get(o, "flags"), name = lc_json_get(o, "name");
    bool is_own = flags.at && memchr(flags.at, 'L', flags.len);
    bool is_group = lc_json_is(lc_json_get(o, "schema"), "ldmsd_grp_schema");
    long long interval_us = 0, offset_us = 0;
    bool has_hint = take_hint(o, &interval_us, &offset_us);
    size_t n;

    if (is_own && !is_group && has_hint)
        put_sampler_start(d, name, interval_us, offset_us);
    if (!is_own || !is_group)
        return;
    lc_cfg_put_named(&d->text, "setgroup_add", name);
    if (has_hint) {
        lc_cfg_put(&d->text, " interval=%lld", interval_us);
        if (offset_us)
            lc_cfg_put(&d->text, " offset=%lld", offset_us);
    }
    lc_cfg_put(&d->text, "\n");
    struct lc_json *infos = turned_round(d, lc_json_get(o, "info"), &n);
    for (size_t i = 0; i < n; i++)
        put_member(d, name, lc_json_get(infos[i], "key"));
    free(infos);
}

void
lc_dump_updater(struct lc_dump *d, struct lc_json o)
{
    static const struct lc_cfg_field fields[] = {{"interval", "interval", NULL},
                                                 {"offset", "offset", "0"},
                                                 {"auto", "auto_interval", "false"},
                                                 {NULL, NULL, NULL}};
    struct lc_json name = lc_json_get(o, "name"), mode = lc_json_get(o, "mode");
    struct lc_json producer;
    struct lc_json_walk walk = lc_json_walk(lc_json_get(o, "producers"));

    if (is_of_peer(o))
        return;
    lc_cfg_put_named(&d->text, "updtr_add", name);
    lc_cfg_put_fields(&d->text, o, fields);
    if (lc_json_is(mode, "Push on Request"))
        lc_cfg_put(&d->text, " push=true");
    if (lc_json_is(mode, "Push on Change"))
        lc_cfg_put(&d->text, " push=onchange");
    lc_cfg_put(&d->text, "\n");
    while (lc_json_next(&walk, NULL, &producer)) {
        if (is_of_peer(producer))
            continue;
        lc_cfg_put_named(&d->text, "updtr_prdcr_add", name);
        lc_cfg_put(&d->text, " regex=");
        lc_cfg_put_value(&d->text, lc_json_get(producer, "name"), true);
        lc_cfg_put(&d->text, "\n");
    }
}

void
lc_dump_updater_matches(struct lc_dump *d, struct lc_json o)
{
    static const struct lc_cfg_field fields[] = {
        {"regex", "regex", NULL}, {"selector", "match", NULL}, {NULL, NULL, NULL}};
    struct lc_json name = lc_json_get(o, "name");
    size_t n;

    if (is_of_peer(o))
        return;
    struct lc_json *matches = turned_round(d, lc_json_get(o, "match"), &n);
    for (size_t i = 0; i < n; i++) {
        lc_cfg_put_named(&d->text, "updtr_match_add", name);
        lc_cfg_put_fields(&d->text, matches[i], fields);
        lc_cfg_put(&d->text, "\n");
    }
    free(matches);
}

void
lc_dump_updater_start(struct lc_dump *d, struct lc_json o)
{
    if (!is_of_peer(o))
        lc_cfg_put_start(&d->text, "updtr_start", o);
}

/* The name under which the plugin of a storage policy was loaded, which strgp_add takes;
 * status tells the plugin alone. Where several are, it is the plugin's own name or the
 * first, and a remark names all. */
static struct lc_json
find_store(struct lc_dump *d, struct lc_json policy)
{
    struct lc_json plugin = lc_json_get(policy, "plugin"), o, found = plugin;
    struct lc_json_walk walk = walk_kept(&d->plugins);
    size_t n = 0;

    while (look(d, &walk, &o)) {
        struct lc_json name = lc_json_get(o, "name");
        if (!name.at || !is_same(lc_json_get(o, "plugin"), plugin))
            continue;
        if (n++ == 0 || is_same(name, plugin))
            found = name;
    }
    if (n < 2)
        return found;
    lc_cfg_put(&d->text, "# plugin= may be another name of ");
    lc_cfg_put_value(&d->text, plugin, false);
    walk = walk_kept(&d->plugins);
    for (const char *separator = ":"; look(d, &walk, &o);)
        if (is_same(lc_json_get(o, "plugin"), plugin)) {
            lc_cfg_put(&d->text, "%s ", separator);
            lc_cfg_put_value(&d->text, lc_json_get(o, "name"), false);
            separator = ",";
        }
    lc_cfg_put(&d->text, "\n");
    return found;
}

/* A word for each element, by a command of its own. */
static void
put_each(struct lc_dump *d, const char *verb, struct lc_json name, const char *word,
         struct lc_json value)
{
    lc_cfg_put_named(&d->text, verb, name);
    lc_cfg_put(&d->text, " %s=", word);
    lc_cfg_put_value(&d->text, value, false);
    lc_cfg_put(&d->text, "\n");
}

void
lc_dump_storage(struct lc_dump *d, struct lc_json o)
{
    static const struct lc_cfg_field fields[] = {{"container", "container", NULL},
                                                 {"schema", "schema", NULL},
                                                 {"regex", "regex", NULL},
                                                 {"decomp", "decomposition", NULL},
                                                 {NULL, NULL, NULL}};
    struct lc_json name = lc_json_get(o, "name"), store = find_store(d, o), metric;
    struct lc_json flush = lc_json_get(o, "flush");
    struct lc_json_walk walk = lc_json_walk(lc_json_get(o, "metrics"));
    size_t n;

    if (is_of_peer(o))
        return;
    lc_cfg_put_named(&d->text, "strgp_add", name);
    if (store.at && !lc_json_is(store, "")) {
        lc_cfg_put(&d->text, " plugin=");
        lc_cfg_put_value(&d->text, store, false);
    }
    lc_cfg_put_fields(&d->text, o, fields);
    if (flush.at && !lc_json_is(flush, "0.000000")) {
        lc_cfg_put(&d->text, " flush="); /* told in seconds, taken in microseconds */
        lc_cfg_put_value(&d->text, flush, false);
        lc_cfg_put(&d->text, "s");
    }
    lc_cfg_put(&d->text, "\n");
    struct lc_json *producers = turned_round(d, lc_json_get(o, "producers"), &n);
    for (size_t i = 0; i < n; i++)
        put_each(d, "strgp_prdcr_add", name, "regex", producers[i]);
    free(producers);
    /* Those of the schema, too, if none was named: a daemon keeps them as named. */
    while (lc_json_next(&walk, NULL, &metric))
        put_each(d, "strgp_metric_add", name, "metric", metric);
    lc_cfg_put_start(&d->text, "strgp_start", o);
}

void
lc_dump_listen(struct lc_dump *d, struct lc_json o)
{
    static const struct lc_cfg_field fields[] = {
        {"type", "type", NULL},
        {"regex", "regex", NULL},
        {"IP range", "ip", NULL},
        {"quota", "quota", "-1"},
        {"rx_rate", "rx_rate", "-1"},
        /* Of active ones alone: how they reach who advertises. */
        {"xprt", "advertiser_xprt", NULL},
        {"port", "advertiser_port", NULL},
        {"auth_dom", "advertiser_auth", "_DEFAULT_"},
        {"rail_sz", "rail", "1"},
        {"reconnect", "reconnect", NULL},
        {NULL, NULL, NULL}};

    lc_cfg_put_named(&d->text, "prdcr_listen_add", lc_json_get(o, "name"));
    lc_cfg_put_fields(&d->text, o, fields);
    lc_cfg_put(&d->text, "\n");
    lc_cfg_put_start(&d->text, "prdcr_listen_start", o);
}

/* "INFO,WARNING,ERROR,CRITICAL" is from INFO on; "default" is not its own. */
void
lc_dump_log(struct lc_dump *d, struct lc_json o)
{
    struct lc_json level = lc_json_get(o, "level"), name = lc_json_get(o, "name");
    char words[128];

    if (!name.at || !level.at || level.len >= sizeof(words) ||
        lc_json_is(level, "default"))
        return;
    lc_json_text(level, words);
    words[strcspn(words, ",")] = '\0';
    lc_cfg_put(&d->text, "log_level level=");
    lc_cfg_put_text(&d->text, words, strlen(words), false);
    if (!lc_json_is(name, "ldmsd (default)")) {
        lc_cfg_put(&d->text, " name=");
        lc_cfg_put_value(&d->text, name, false);
    }
    lc_cfg_put(&d->text, "\n");
}

void
lc_dump_failover(struct lc_dump *d, struct lc_json o)
{
    static const struct lc_cfg_field fields[] = {
        {"host", "host", NULL},
        {"port", "port", NULL},
        {"xprt", "xprt", NULL},
        {"peer_name", "peer_name", NULL},
        {"auto_switch", "auto_switch", NULL},
        {"ping_interval", "interval", NULL},
        {"timeout_factor", "timeout_factor", NULL},
        {NULL, NULL, NULL}};

    if (!lc_json_get(o, "host").at || lc_json_is(lc_json_get(o, "host"), ""))
        return;
    lc_cfg_put(&d->text, "failover_config");
    lc_cfg_put_fields(&d->text, o, fields);
    lc_cfg_put(&d->text, "\n");
    if (lc_json_is(lc_json_get(o, "failover_state"), "START"))
        lc_cfg_put(&d->text, "failover_start\n");
}

/* A member's authentication is told as its plugin and options, but taken as the name of
 * a domain: so it gets one of its own. */
static void
put_qgroup_member(struct lc_dump *d, struct lc_json o, size_t number)
{
    static const struct lc_cfg_field fields[] = {{"host", "host", NULL},
                                                 {"xprt", "xprt", NULL},
                                                 {"port", "port", NULL},
                                                 {NULL, NULL, NULL}};
    struct lc_json auth = lc_json_get(o, "auth"), name, value;
    struct lc_json_walk walk = lc_json_walk(lc_json_get(o, "auth_options"));
    bool has_domain = auth.at && !lc_json_is(auth, "none") && !lc_json_is(auth, "");

    if (has_domain) {
        lc_cfg_put(&d->text, "auth_add name=qgroup-%zu plugin=", number);
        lc_cfg_put_value(&d->text, auth, false);
        while (lc_json_next(&walk, &name, &value)) {
            lc_cfg_put(&d->text, " ");
            lc_cfg_put_value(&d->text, name, false);
            lc_cfg_put(&d->text, "=");
            lc_cfg_put_value(&d->text, value, false);
        }
        lc_cfg_put(&d->text, "\n");
    }
    lc_cfg_put(&d->text, "qgroup_member_add");
    lc_cfg_put_fields(&d->text, o, fields);
    lc_cfg_put(&d->text, has_domain ? " auth=qgroup-%zu\n" : "\n", number);
}

void
lc_dump_qgroup(struct lc_dump *d, struct lc_json o)
{
    static const struct lc_cfg_field fields[] = {{"quota", "quota", NULL},
                                                 {"ask_mark", "ask_mark", NULL},
                                                 {"ask_amount", "ask_amount", NULL},
                                                 {"ask_usec", "ask_interval", NULL},
                                                 {"reset_usec", "reset_interval", NULL},
                                                 {NULL, NULL, NULL}};
    struct lc_json config = lc_json_get(o, "config"), member;
    bool is_started = !lc_json_is(lc_json_get(o, "state"), "STOPPED");
    struct lc_json_walk walk = lc_json_walk(lc_json_get(o, "members"));
    size_t n = 0;

    if (is_started || lc_json_u64(lc_json_get(config, "quota")) > 0) {
        lc_cfg_put(&d->text, "qgroup_config");
        lc_cfg_put_fields(&d->text, config, fields);
        lc_cfg_put(&d->text, "\n");
    }
    while (lc_json_next(&walk, NULL, &member))
        put_qgroup_member(d, member, ++n);
    if (is_started)
        lc_cfg_put(&d->text, "qgroup_start\n");
}

void
lc_dump_authz(struct lc_dump *d, const char *words)
{
    unsigned uid, gid, perm;

    if (sscanf(words, "defaults: uid=%9u, gid=%9u, perm=%9o", &uid, &gid, &perm) == 3)
        lc_cfg_put(&d->text, "metric_sets_default_authz uid=%u gid=%u perm=0%o\n", uid,
                   gid, perm);
}
