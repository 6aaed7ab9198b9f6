/* SPDX-License-Identifier: MIT */
/* Producers. The stand-in connects to nobody: it imagines that each producer which was
 * started is connected and offers one set, NAME/meminfo. */
#include "daemon_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *
dm_prdcr_state(const struct dm_object *prdcr)
{
    if (!prdcr->running)
        return "STOPPED";
    /* A passive producer waits to be connected to, an advertiser for who wants it. */
    const char *type = dm_attr_or(prdcr, LC_ATTR_TYPE, "active");
    return strcmp(type, "passive") == 0 || strcmp(type, "advertiser") == 0
               ? "DISCONNECTED"
               : "CONNECTED";
}

/* The daemon ignores the port of a passive one. */
long
dm_prdcr_port(const struct dm_object *prdcr)
{
    if (strcmp(dm_attr_or(prdcr, LC_ATTR_TYPE, "active"), "passive") == 0)
        return UINT16_MAX;
    return strtol(dm_attr_or(prdcr, LC_ATTR_PORT, "0"), NULL, 10);
}

static bool
is_connected(const struct dm_object *prdcr)
{
    return strcmp(dm_prdcr_state(prdcr), "CONNECTED") == 0;
}

char *
dm_set_of_producer(const struct dm_object *prdcr)
{
    if (!is_connected(prdcr))
        return NULL;
    size_t size = strlen(prdcr->name) + sizeof("/" DM_SCHEMA_OF_PRODUCERS);
    char *set = malloc(size);
    if (set)
        snprintf(set, size, "%s/%s", prdcr->name, DM_SCHEMA_OF_PRODUCERS);
    return set;
}

/* The attributes that every producer needs, in the order the daemon asks for them. */
static bool
has_what_it_needs(const struct dm_request *q, struct dm_reply *r)
{
    static const struct {
        enum lc_attr id;
        const char *word;
    } needed[] = {{LC_ATTR_NAME, "name"}, {LC_ATTR_TYPE, "type"},
                  {LC_ATTR_XPRT, "xprt"}, {LC_ATTR_HOST, "host"},
                  {LC_ATTR_PORT, "port"}, {LC_ATTR_INTERVAL, "reconnect"}};

    const char *type = q->attr[LC_ATTR_TYPE], *port = q->attr[LC_ATTR_PORT];
    bool passive = type && strcmp(type, "passive") == 0;

    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        bool there = q->attr[needed[i].id] != NULL;
        if (needed[i].id == LC_ATTR_PORT && there) {
            long number = strtol(port, NULL, 0);
            there = number >= 1 && number <= UINT16_MAX;
        }
        if (!there && !(needed[i].id == LC_ATTR_PORT && passive)) {
            dm_say(r, EINVAL, "The attribute '%s' is required.", needed[i].word);
            return false;
        }
    }
    return true;
}

static bool
is_type(const char *type)
{
    static const char *const types[] = {"active", "passive", "bridge", "advertiser",
                                        "advertised"};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (strcmp(type, types[i]) == 0)
            return true;
    return false;
}

/* -2 and below, or text, is no limit. */
static bool
limit_is_good(const struct dm_request *q, struct dm_reply *r, enum lc_attr id,
              const char *word, long least, const char *rule)
{
    char *end;
    if (!q->attr[id])
        return true;
    long v = strtol(q->attr[id], &end, 0);
    /* 3K and the like are sizes too. */
    if (end != q->attr[id] && v >= least)
        return true;
    dm_say(r, EINVAL, "'%s' attribute must be %s, got '%s'", word, rule, q->attr[id]);
    return false;
}

/* Bridges and advertisers are producers, too. */
void
dm_prdcr_add(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    int64_t reconnect_us;

    if (!has_what_it_needs(q, r))
        return;
    if (!is_type(q->attr[LC_ATTR_TYPE])) {
        dm_say(r, EINVAL, "The attribute type '%s' is invalid.", q->attr[LC_ATTR_TYPE]);
        return;
    }
    if (!dm_take_us(q->attr[LC_ATTR_INTERVAL], &reconnect_us)) {
        dm_say(r, EINVAL, "The given 'reconnect' is invalid.");
        return;
    }
    if (reconnect_us <= 0) {
        dm_say(r, EINVAL, "The reconnect interval must be a positive number.");
        return;
    }
    if (!limit_is_good(q, r, LC_ATTR_RAIL, "rail", 1, "a positive integer") ||
        !limit_is_good(q, r, LC_ATTR_QUOTA, "quota", -1, "greater than -2") ||
        !limit_is_good(q, r, LC_ATTR_RX_RATE, "rx_rate", -1, "greater than -2"))
        return;
    if (q->attr[LC_ATTR_AUTH] && !dm_find(d, DM_AUTHS, q->attr[LC_ATTR_AUTH])) {
        dm_say(r, ENOENT,
               "Authentication name not found, check the auth_add configuration.");
        return;
    }
    struct dm_object *o = dm_make(d, DM_PRDCRS, q->attr[LC_ATTR_NAME], q);
    if (!o) {
        dm_say(r, EEXIST, "The prdcr %s already exists.", q->attr[LC_ATTR_NAME]);
        return;
    }
    o->interval_us = reconnect_us;
    if (q->attr[LC_ATTR_PORT] && strcmp(q->attr[LC_ATTR_TYPE], "passive") == 0)
        dm_say(r, 0,
               "Ignore the given port %s because the type of producer %s is passive.",
               q->attr[LC_ATTR_PORT], o->name);
}

/* The producer named, or NULL and the answer why not. */
static struct dm_object *
named(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    struct dm_object *o = name ? dm_find(d, DM_PRDCRS, name) : NULL;
    if (name && !o)
        dm_say(r, ENOENT, "The producer specified does not exist.");
    return o;
}

/* Updaters hold on to their producers. */
static bool
is_updated(const struct dm_daemon *d, const struct dm_object *prdcr)
{
    const struct dm_shelf *all = &d->shelves[DM_UPDTRS];
    for (size_t i = 0; i < all->count; i++)
        if (dm_words_has(&all->at[i]->members, prdcr->name))
            return true;
    return false;
}

void
dm_prdcr_del(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = named(d, q, r);
    if (o && (o->running || is_updated(d, o)))
        dm_say(r, EBUSY, "The producer is in use.");
    else if (o)
        dm_remove(d, DM_PRDCRS, o->name);
}

static bool
start(struct dm_object *o, const struct dm_request *q, struct dm_reply *r)
{
    const char *text = q->attr[LC_ATTR_INTERVAL];
    int64_t us = o->interval_us;

    if (text && !dm_take_us(text, &us)) {
        dm_say(r, EINVAL, "The 'reconnect' value (%s) is invalid.", text);
        return false;
    }
    if (us <= 0) {
        dm_say(r, EINVAL, "The 'reconnect' interval must be a positive interval.");
        return false;
    }
    o->interval_us = us;
    o->running = true;
    return true;
}

void
dm_prdcr_start(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = named(d, q, r);
    if (o && o->running)
        dm_say(r, EBUSY, "The producer is already running.");
    else if (o)
        (void)start(o, q, r);
}

void
dm_prdcr_stop(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = named(d, q, r);
    if (o)
        o->running = false;
}

/* The regular expression of a request, checked. */
static const char *
regex_of(const struct dm_request *q, struct dm_reply *r)
{
    const char *regex = dm_need(q, r, LC_ATTR_REGEX, "regex");
    return regex && dm_check_regex(r, regex) ? regex : NULL;
}

void
dm_prdcr_start_regex(struct dm_daemon *d, const struct dm_request *q,
                     struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCRS];
    const char *regex = regex_of(q, r);
    for (size_t i = 0; regex && i < all->count; i++)
        if (dm_matches(regex, all->at[i]->name) && !start(all->at[i], q, r))
            return;
}

void
dm_prdcr_stop_regex(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCRS];
    const char *regex = regex_of(q, r);
    for (size_t i = 0; regex && i < all->count; i++)
        if (dm_matches(regex, all->at[i]->name))
            all->at[i]->running = false;
}

static void
put_producer(FILE *out, const struct dm_object *o)
{
    char *set = dm_set_of_producer(o);

    dm_put(out, "{ \"name\":~,\"type\":~,\"host\":~,", o->name,
           dm_attr_or(o, LC_ATTR_TYPE, "active"), dm_attr_or(o, LC_ATTR_HOST, ""));
    fprintf(out, "\"port\":%ld,", dm_prdcr_port(o));
    dm_put(out, "\"transport\":~,\"auth\":~,\"rail\":~,\"quota\":~,\"rx_rate\":~,",
           dm_attr_or(o, LC_ATTR_XPRT, ""), dm_attr_or(o, LC_ATTR_AUTH, "DEFAULT"),
           dm_attr_or(o, LC_ATTR_RAIL, "1"), dm_attr_or(o, LC_ATTR_QUOTA, "-1"),
           dm_attr_or(o, LC_ATTR_RX_RATE, "-1"));
    fprintf(out, "\"reconnect_us\":\"%lld\",\"state\":\"%s\",\"sets\": [",
            (long long)o->interval_us, dm_prdcr_state(o));
    if (set)
        dm_put(out, "{ \"inst_name\":~,\"schema_name\":~,\"state\":\"START\"}", set,
               DM_SCHEMA_OF_PRODUCERS);
    fputs("]}", out);
    free(set);
}

void
dm_prdcr_status(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCRS];
    const char *name = q->attr[LC_ATTR_NAME], *separator = "";

    if (name && !dm_find(d, DM_PRDCRS, name)) {
        dm_say(r, ENOENT, "prdcr '%s' doesn't exist.", name);
        return;
    }
    FILE *out = dm_write(r, LC_ATTR_JSON, true);
    fputc('[', out);
    for (size_t i = 0; i < all->count; i++) {
        const struct dm_object *o = all->at[i];
        if ((name && strcmp(name, o->name) != 0) ||
            (q->attr[LC_ATTR_STATE] &&
             strcmp(q->attr[LC_ATTR_STATE], dm_prdcr_state(o)) != 0))
            continue;
        fputs(separator, out);
        put_producer(out, o);
        separator = ",\n";
    }
    fputc(']', out);
}

void
dm_prdcr_set(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCRS];
    const char *separator = "", *wanted = q->attr[LC_ATTR_NAME];
    const struct dm_object *one = wanted ? dm_find(d, DM_PRDCRS, wanted) : NULL;
    FILE *out = dm_write(r, LC_ATTR_JSON, true);

    /* A name of nobody means everybody. */
    fputc('[', out);
    for (size_t i = 0; i < all->count; i++) {
        const char *name = all->at[i]->name;
        char *set = dm_set_of_producer(all->at[i]);
        if (set && (!one || one == all->at[i]) &&
            (!q->attr[LC_ATTR_INSTANCE] ||
             strcmp(q->attr[LC_ATTR_INSTANCE], set) == 0) &&
            (!q->attr[LC_ATTR_SCHEMA] ||
             strcmp(q->attr[LC_ATTR_SCHEMA], DM_SCHEMA_OF_PRODUCERS) == 0)) {
            fputs(separator, out);
            dm_put(out,
                   "{ \"inst_name\":~,\"schema_name\":~,\"state\":\"START\","
                   "\"origin\":\"\",\"producer\":~,\"timestamp.sec\":\"0\","
                   "\"timestamp.usec\":\"0\",\"duration.sec\":\"0\","
                   "\"duration.usec\":\"0\"}",
                   set, DM_SCHEMA_OF_PRODUCERS, name);
            separator = ",\n";
        }
        free(set);
    }
    fputc(']', out);
}

void
dm_prdcr_hint_tree(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCRS];
    const char *separator = "";

    if (q->attr[LC_ATTR_NAME] && !dm_find(d, DM_PRDCRS, q->attr[LC_ATTR_NAME])) {
        dm_say(r, ENOENT, "prdcr '%s' not found", q->attr[LC_ATTR_NAME]);
        return;
    }
    FILE *out = dm_write(r, LC_ATTR_JSON, true);
    fputc('[', out);
    for (size_t i = 0; i < all->count; i++) {
        if (q->attr[LC_ATTR_NAME] &&
            strcmp(q->attr[LC_ATTR_NAME], all->at[i]->name) != 0)
            continue;
        char *set = dm_set_of_producer(all->at[i]);
        fputs(separator, out);
        dm_put(out, "{\"name\":~,\"hints\":[", all->at[i]->name);
        if (set)
            dm_put(out,
                   "{\"interval_us\":\"1000000\",\"offset_us\":\"0\",\"sets\":[~]}",
                   set);
        fputs("]}", out);
        free(set);
        separator = ",\n";
    }
    fputc(']', out);
}

void
dm_prdcr_stats(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCRS];
    size_t stopped = 0, connected = 0, disconnected = 0;
    FILE *out = dm_write(r, LC_ATTR_JSON, false);

    (void)q;
    for (size_t i = 0; i < all->count; i++) {
        stopped += !all->at[i]->running;
        connected += is_connected(all->at[i]);
    }
    disconnected = all->count - stopped - connected;
    fprintf(out,
            "{ \"prdcr_count\": %zu,\n \"stopped_count\": %zu,\n"
            " \"disconnected_count\": %zu,\n \"connecting_count\": 0,\n"
            " \"connected_count\": %zu,\n \"stopping_count\": 0,\n"
            " \"standby_count\": 0,\n \"set_count\": %zu,\n \"compute_time\": 0\n}",
            all->count, stopped, disconnected, connected, connected);
}

/* What to subscribe to: a stream or a message tag. */
static const char *
channel_of(const struct dm_request *q, struct dm_reply *r)
{
    if (q->attr[LC_ATTR_STREAM])
        return q->attr[LC_ATTR_STREAM];
    if (!q->attr[LC_ATTR_MSG_TAG])
        dm_say(r, EINVAL, "One of the 'stream' or `msg` attributes is required.");
    return q->attr[LC_ATTR_MSG_TAG];
}

void
dm_prdcr_subscribe(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCRS];
    const char *regex = regex_of(q, r);
    const char *channel = regex ? channel_of(q, r) : NULL;
    for (size_t i = 0; channel && i < all->count; i++)
        if (dm_matches(regex, all->at[i]->name) &&
            !dm_words_has(&all->at[i]->items, channel))
            (void)dm_words_add(&all->at[i]->items, channel);
}

void
dm_prdcr_unsubscribe(struct dm_daemon *d, const struct dm_request *q,
                     struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCRS];
    const char *regex = regex_of(q, r);
    const char *channel = regex ? channel_of(q, r) : NULL;
    for (size_t i = 0; channel && i < all->count; i++)
        if (dm_matches(regex, all->at[i]->name))
            (void)dm_words_remove(&all->at[i]->items, channel);
}

void
dm_prdcr_stream_status(struct dm_daemon *d, const struct dm_request *q,
                       struct dm_reply *r)
{
    const struct dm_shelf *prdcrs = &d->shelves[DM_PRDCRS];
    const struct dm_shelf *streams = &d->shelves[DM_STREAMS];
    const char *regex = regex_of(q, r);
    bool matched = false;

    for (size_t i = 0; regex && i < prdcrs->count; i++)
        matched = matched || (is_connected(prdcrs->at[i]) &&
                              dm_matches(regex, prdcrs->at[i]->name));
    if (regex && !matched)
        dm_say(r, ENOENT, "No matched producers");
    if (!matched)
        return;
    FILE *out = dm_write(r, LC_ATTR_JSON, false);
    fputc('{', out);
    for (size_t s = 0; s <= streams->count; s++) {
        bool overall = s == streams->count;
        const char *separator = "";
        dm_put(out, "~:{", overall ? "_OVERALL_" : streams->at[s]->name);
        for (size_t i = 0; i < prdcrs->count; i++)
            if (is_connected(prdcrs->at[i]) && dm_matches(regex, prdcrs->at[i]->name)) {
                fputs(separator, out);
                dm_put(out, "~:{", prdcrs->at[i]->name);
                if (!overall)
                    fputs("\"mode\":\"not subscribed\",", out);
                fputs("\"pub\":{},\"recv\":{}}", out);
                separator = ",";
            }
        fputs(overall ? "}" : "},", out);
    }
    fputc('}', out);
}
