/* SPDX-License-Identifier: MIT */
/* A configuration put together from what the status methods tell. */
#include "handle.h"
#include "json.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { DUMP_BYTES_MAX = 64 << 20, WORD_BYTES_MAX = 65536 };

/* Text that grows; bad for good once memory or the limit is out. */
struct text {
    struct queue q;
    bool bad;
    char *plugins; /* the answer to plugn_status, or NULL */
};

__attribute__((format(printf, 2, 3))) static void
put(struct text *t, const char *format, ...)
{
    char line[512];
    va_list list;

    va_start(list, format);
    int n = vsnprintf(line, sizeof(line), format, list);
    va_end(list);
    if (n > 0 &&
        queue_push(&t->q, line,
                   (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1) < 0)
        t->bad = true;
}

/* A member's text: in quotation marks if it has blanks, and as an expression that means
 * itself alone if it is to be one. What has a line end or a mark cannot be written. */
static void
put_value(struct text *t, struct lc_json value, bool literal)
{
    char *word = value.len < WORD_BYTES_MAX ? malloc(value.len + 1) : NULL;

    if (!word) {
        t->bad = true;
        return;
    }
    size_t len = lc_json_text(value, word);
    bool blanks = strpbrk(word, " \t") != NULL;
    if (blanks)
        put(t, "\"");
    if (literal)
        put(t, "^");
    for (size_t i = 0; i < len; i++) {
        if (literal && strchr(".[]*+?(){}^$|\\", word[i]))
            put(t, "\\");
        if (word[i] != '"' && (unsigned char)word[i] >= 0x20)
            put(t, "%c", word[i]);
    }
    if (literal)
        put(t, "$");
    if (blanks)
        put(t, "\"");
    free(word);
}

/* Of one daemon, which writes the same text the same way. */
static bool
is_same(struct lc_json a, struct lc_json b)
{
    return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

/* What a member is called in status and in the configuration, and how it looks when
 * there is nothing to say. */
struct field {
    const char *key, *word, *nothing;
};

static void
put_fields(struct text *t, struct lc_json object, const struct field *fields)
{
    for (const struct field *f = fields; f->key; f++) {
        struct lc_json value = lc_json_get(object, f->key);
        if (!value.at || lc_json_is(value, "") || lc_json_is(value, "-") ||
            (f->nothing && lc_json_is(value, f->nothing)))
            continue;
        put(t, " %s=", f->word);
        put_value(t, value, false);
    }
}

static void
put_named(struct text *t, const char *word, struct lc_json object)
{
    put(t, "%s name=", word);
    put_value(t, lc_json_get(object, "name"), false);
}

static void
put_start(struct text *t, const char *word, struct lc_json object)
{
    struct lc_json state = lc_json_get(object, "state");

    if (!state.at || lc_json_is(state, "STOPPED") || lc_json_is(state, "STOPPING") ||
        lc_json_is(state, "stopped"))
        return;
    put_named(t, word, object);
    put(t, "\n");
}

/* Advertisers are among the producers, and so are those that others advertised, which
 * come again by themselves. */
static void
put_producer(struct text *t, struct lc_json o)
{
    static const struct field fields[] = {
        {"port", "port", NULL}, /* first: passive ones have none */
        {"transport", "xprt", NULL},
        {"host", "host", NULL},
        {"reconnect_us", "reconnect", NULL},
        {"auth", "auth", "DEFAULT"},
        {"rail", "rail", "1"},
        {"quota", "quota", "-1"},
        {"rx_rate", "rx_rate", "-1"},
        {NULL, NULL, NULL},
    };

    static const struct field type[] = {{"type", "type", NULL}, {NULL, NULL, NULL}};
    static const char advertised[] = "\"advertised";
    struct lc_json kind = lc_json_get(o, "type");
    bool advertiser = lc_json_is(kind, "advertiser");

    if (kind.at && kind.len >= sizeof(advertised) &&
        memcmp(kind.at, advertised, sizeof(advertised) - 1) == 0)
        return;
    put_named(t, advertiser ? "advertiser_add" : "prdcr_add", o);
    if (!advertiser)
        put_fields(t, o, type);
    put_fields(t, o, fields + lc_json_is(kind, "passive"));
    put(t, "\n");
    put_start(t, advertiser ? "advertiser_start" : "prdcr_start", o);
}

static void
put_plugin(struct text *t, struct lc_json o)
{
    static const struct field fields[] = {{"plugin", "plugin", NULL},
                                          {NULL, NULL, NULL}};

    put_named(t, "load", o);
    put_fields(t, o, fields);
    put(t, "\n");
}

static void
put_updater(struct text *t, struct lc_json o)
{
    static const struct field fields[] = {{"interval", "interval", NULL},
                                          {"offset", "offset", "0"},
                                          {"auto", "auto_interval", "false"},
                                          {NULL, NULL, NULL}};
    struct lc_json mode = lc_json_get(o, "mode"), producer;
    struct lc_json_walk walk = lc_json_walk(lc_json_get(o, "producers"));

    put_named(t, "updtr_add", o);
    put_fields(t, o, fields);
    if (lc_json_is(mode, "Push on Request"))
        put(t, " push=true");
    if (lc_json_is(mode, "Push on Change"))
        put(t, " push=onchange");
    put(t, "\n");
    while (lc_json_next(&walk, NULL, &producer)) {
        put_named(t, "updtr_prdcr_add", o);
        put(t, " regex=");
        put_value(t, lc_json_get(producer, "name"), true);
        put(t, "\n");
    }
}

/* Daemons list them the newest first. */
static void
put_updater_matches(struct text *t, struct lc_json o)
{
    static const struct field fields[] = {
        {"regex", "regex", NULL}, {"selector", "match", NULL}, {NULL, NULL, NULL}};
    struct lc_json list = lc_json_get(o, "match"), match;
    struct lc_json_walk walk = lc_json_walk(list);
    struct lc_json *matches;
    size_t n = 0;

    while (lc_json_next(&walk, NULL, &match))
        n++;
    matches = calloc(n + 1, sizeof(*matches));
    if (!matches) {
        t->bad = true;
        return;
    }
    walk = lc_json_walk(list);
    for (size_t i = n; i > 0 && lc_json_next(&walk, NULL, &match); i--)
        matches[i - 1] = match;
    for (size_t i = 0; i < n; i++) {
        put_named(t, "updtr_match_add", o);
        put_fields(t, matches[i], fields);
        put(t, "\n");
    }
    free(matches);
}

static void
put_updater_start(struct text *t, struct lc_json o)
{
    put_start(t, "updtr_start", o);
}

/* The plugin that a storage policy is to name. Status tells the kind of its store alone,
 * strgp_add takes the name under which one was loaded: the kind's own, or the first. */
static struct lc_json
find_store(const struct text *t, struct lc_json kind)
{
    struct lc_json document, o, found = kind;
    size_t fault;

    if (!kind.at || !t->plugins ||
        lc_json_check(t->plugins, strlen(t->plugins), &document, &fault) < 0)
        return kind;
    struct lc_json_walk walk = lc_json_walk(document);
    while (lc_json_next(&walk, NULL, &o)) {
        struct lc_json name = lc_json_get(o, "name"), plugin = lc_json_get(o, "plugin");
        if (!name.at || !plugin.at || !is_same(plugin, kind))
            continue;
        if (is_same(name, kind))
            return kind;
        if (found.at == kind.at)
            found = name;
    }
    return found;
}

/* The metrics in status are all those of the schema, where none were named. */
static void
put_storage(struct text *t, struct lc_json o)
{
    static const struct field fields[] = {{"container", "container", NULL},
                                          {"schema", "schema", NULL},
                                          {"regex", "regex", NULL},
                                          {"decomp", "decomposition", NULL},
                                          {NULL, NULL, NULL}};
    struct lc_json store = find_store(t, lc_json_get(o, "plugin"));
    struct lc_json_walk walk = lc_json_walk(lc_json_get(o, "producers"));
    struct lc_json regex, flush = lc_json_get(o, "flush");

    put_named(t, "strgp_add", o);
    if (store.at && !lc_json_is(store, "")) {
        put(t, " plugin=");
        put_value(t, store, false);
    }
    put_fields(t, o, fields);
    if (flush.at && !lc_json_is(flush, "0.000000")) {
        put(t, " flush="); /* told in seconds, and taken in microseconds */
        put_value(t, flush, false);
        put(t, "s");
    }
    put(t, "\n");
    while (lc_json_next(&walk, NULL, &regex)) {
        put_named(t, "strgp_prdcr_add", o);
        put(t, " regex=");
        put_value(t, regex, false);
        put(t, "\n");
    }
    put_start(t, "strgp_start", o);
}

static void
put_listen(struct text *t, struct lc_json o)
{
    static const struct field fields[] = {
        {"type", "type", NULL},       {"regex", "regex", NULL},
        {"IP range", "ip", NULL},     {"quota", "quota", "-1"},
        {"rx_rate", "rx_rate", "-1"}, {NULL, NULL, NULL}};
    static const struct field of_active[] = {
        {"xprt", "advertiser_xprt", NULL},
        {"port", "advertiser_port", NULL},
        {"auth_dom", "advertiser_auth", "_DEFAULT_"},
        {"rail_sz", "rail", "1"},
        {"reconnect", "reconnect", NULL},
        {NULL, NULL, NULL}};

    put_named(t, "prdcr_listen_add", o);
    put_fields(t, o, fields);
    put_fields(t, o, of_active);
    put(t, "\n");
    put_start(t, "prdcr_listen_start", o);
}

static void
put_failover(struct text *t, struct lc_json o)
{
    static const struct field fields[] = {{"host", "host", NULL},
                                          {"port", "port", NULL},
                                          {"xprt", "xprt", NULL},
                                          {"peer_name", "peer_name", NULL},
                                          {"auto_switch", "auto_switch", NULL},
                                          {"task_interval", "interval", NULL},
                                          {"timeout_factor", "timeout_factor", NULL},
                                          {NULL, NULL, NULL}};

    if (!lc_json_get(o, "host").at || lc_json_is(lc_json_get(o, "host"), ""))
        return;
    put(t, "failover_config");
    put_fields(t, o, fields);
    put(t, "\n");
}

static void
put_qgroup(struct text *t, struct lc_json o)
{
    static const struct field fields[] = {{"quota", "quota", NULL},
                                          {"ask_mark", "ask_mark", NULL},
                                          {"ask_amount", "ask_amount", NULL},
                                          {"ask_usec", "ask_interval", NULL},
                                          {"reset_usec", "reset_interval", NULL},
                                          {NULL, NULL, NULL}};
    static const struct field member_fields[] = {{"host", "host", NULL},
                                                 {"xprt", "xprt", NULL},
                                                 {"port", "port", NULL},
                                                 {"auth", "auth", "none"},
                                                 {NULL, NULL, NULL}};
    struct lc_json_walk walk = lc_json_walk(lc_json_get(o, "members"));
    struct lc_json member;

    if (lc_json_is(lc_json_get(o, "state"), "STOPPED") &&
        !lc_json_next(&walk, NULL, &member))
        return; /* nobody uses it */
    put(t, "qgroup_config");
    put_fields(t, lc_json_get(o, "config"), fields);
    put(t, "\n");
    walk = lc_json_walk(lc_json_get(o, "members"));
    while (lc_json_next(&walk, NULL, &member)) {
        put(t, "qgroup_member_add");
        put_fields(t, member, member_fields);
        put(t, "\n");
    }
    if (!lc_json_is(lc_json_get(o, "state"), "STOPPED"))
        put(t, "qgroup_start\n");
}

/* "defaults: uid=0, gid=0, perm=440": the permissions are octal. */
static void
put_authz(struct text *t, const char *words)
{
    unsigned uid, gid, perm;

    if (sscanf(words, "defaults: uid=%9u, gid=%9u, perm=%9o", &uid, &gid, &perm) == 3)
        put(t, "metric_sets_default_authz uid=%u gid=%u perm=0%o\n", uid, gid, perm);
}

/* In the order in which a daemon can take them. */
static const struct section {
    const char *method, *title;
    void (*put)(struct text *, struct lc_json); /* NULL for text */
} sections[] = {
    {"metric_sets_default_authz", NULL, NULL},
    {"plugn_status", "# How plugins are configured, daemons do not tell.\n",
     put_plugin},
    {"prdcr_status", NULL, put_producer},
    {"prdcr_listen_status", NULL, put_listen},
    {"updtr_status", NULL, put_updater},
    {"updtr_match_list", NULL, put_updater_matches},
    {"updtr_status", NULL, put_updater_start},
    {"strgp_status", NULL, put_storage},
    {"qgroup_info", NULL, put_qgroup},
    {"failover_status", NULL, put_failover},
};

/* A list of objects, or one object. */
static int
put_section(struct text *t, const struct section *s, const struct ldmsctl_reply *reply)
{
    struct lc_json document, object;
    size_t fault;

    if (!reply->text)
        return 0;
    if (!s->put) {
        put_authz(t, reply->text);
        return 0;
    }
    if (lc_json_check(reply->text, reply->text_len, &document, &fault) < 0)
        return -LDMSCTL_EPROTO;
    struct lc_json_walk walk = lc_json_walk(document);
    if (s->title && *document.at == '[' && document.len > 2)
        put(t, "%s", s->title);
    if (*document.at == '{')
        s->put(t, document);
    while (*document.at == '[' && lc_json_next(&walk, NULL, &object))
        s->put(t, object);
    return 0;
}

int
ldmsctl_dump_cfg_text(struct ldmsctl *lc, char **ret_text)
{
    struct text t = {.q = queue_make(DUMP_BYTES_MAX)};
    struct ldmsctl_reply reply;
    int err = 0;

    put(&t, "# %s, as its status methods tell\n", lc->engine.peer);
    for (size_t i = 0; err == 0 && i < sizeof(sections) / sizeof(sections[0]); i++) {
        err = lc_call_plain(lc, sections[i].method, &reply);
        if (err == 0 && sections[i].put == put_plugin && reply.text) {
            free(t.plugins);
            t.plugins = strdup(reply.text);
            t.bad = t.bad || !t.plugins;
        }
        if (err == 0) {
            err = put_section(&t, &sections[i], &reply);
            if (err < 0)
                lc_engine_say(&lc->engine, "%s: the answer to %s is not JSON",
                              lc->engine.peer, sections[i].method);
        } else if (err == -LDMSCTL_EREFUSED) {
            put(&t, "# %s: status %d\n", sections[i].method, (int)reply.status);
            err = 0; /* not permitted, or not in this release */
        }
    }
    char *text = err == 0 && !t.bad ? malloc(t.q.len + 1) : NULL;
    if (text) {
        memcpy(text, queue_at(&t.q), t.q.len);
        text[t.q.len] = '\0';
        *ret_text = text;
    } else if (err == 0) {
        lc_engine_say(&lc->engine, "dump_cfg_text: out of memory");
        err = -ENOMEM;
    }
    queue_free(&t.q);
    free(t.plugins);
    return err;
}
