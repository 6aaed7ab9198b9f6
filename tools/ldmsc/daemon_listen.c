/* SPDX-License-Identifier: MIT */
/* Ways in: listeners for producers that advertise themselves, advertisers, listening
 * endpoints and authentication domains. */
#include "daemon_state.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The advertiser named, or NULL and the answer why not. */
static struct dm_object *
advertiser(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    struct dm_object *o = name ? dm_find(d, DM_PRDCRS, name) : NULL;
    if (name && !o)
        dm_say(r, ENOENT, "The advertiser specified does not exist.");
    return o;
}

/* Starting one that isn't there adds it. */
void
dm_advertiser_start(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o;
    if (!q->attr[LC_ATTR_NAME] || !dm_find(d, DM_PRDCRS, q->attr[LC_ATTR_NAME]))
        dm_prdcr_add(d, q, r);
    o = r->status == 0 ? advertiser(d, q, r) : NULL;
    if (o && o->running)
        dm_say(r, EBUSY, "The advertiser is already running.");
    else if (o)
        o->running = true;
}

void
dm_advertiser_stop(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = advertiser(d, q, r);
    if (o)
        o->running = false;
}

void
dm_advertiser_del(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = advertiser(d, q, r);
    if (o && o->running)
        dm_say(r, EBUSY, "The advertiser is in use.");
    else if (o)
        dm_remove(d, DM_PRDCRS, o->name);
}

/* An address and the bits of it that count. */
static bool
is_network(const char *text)
{
    char address[INET6_ADDRSTRLEN], *end;
    uint8_t bytes[16];
    size_t len = strcspn(text, "/");

    if (len >= sizeof(address))
        return false;
    memcpy(address, text, len);
    address[len] = '\0';
    bool is_v4 = inet_pton(AF_INET, address, bytes) == 1;
    if (!is_v4 && inet_pton(AF_INET6, address, bytes) != 1)
        return false;
    if (!text[len])
        return false;
    unsigned long bits = strtoul(text + len + 1, &end, 10);
    return end != text + len + 1 && !*end && bits <= (is_v4 ? 32 : 128);
}

/* How to reach those that advertise themselves, if they are not to come to us. */
static bool
reaches(const struct dm_request *q, struct dm_reply *r)
{
    static const struct {
        enum lc_attr id;
        const char *word;
    } needed[] = {{LC_ATTR_PORT, "advertiser_port"},
                  {LC_ATTR_INTERVAL, "reconnect"},
                  {LC_ATTR_XPRT, "advertiser_xprt"}};

    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        if (!q->attr[needed[i].id]) {
            dm_say(r, EINVAL, "The attribute '%s' is required for the 'active' mode.",
                   needed[i].word);
            return false;
        }
    return true;
}

void
dm_prdcr_listen_add(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    const char *regex = q->attr[LC_ATTR_REGEX], *network = q->attr[LC_ATTR_IP];
    const char *type = q->attr[LC_ATTR_TYPE] ? q->attr[LC_ATTR_TYPE] : "passive";
    bool active = strcmp(type, "active") == 0;
    int64_t reconnect_us = 0;

    if (!name)
        return;
    if (dm_find(d, DM_PRDCR_LISTENS, name))
        dm_say(r, EEXIST, "The prdcr listener %s already exists.", name);
    else if (regex && !dm_is_regex(regex))
        dm_say(r, EINVAL, "The regular expression string '%s' is invalid.", regex);
    else if (network && !is_network(network))
        dm_say(r, EINVAL, "The given CIDR string '%s' is invalid.", network);
    else if (!active && strcmp(type, "passive") != 0)
        dm_say(r, EINVAL, "The type value '%s' is invalid.", type);
    else if (active && !reaches(q, r))
        return;
    else if (active && !dm_take_us(q->attr[LC_ATTR_INTERVAL], &reconnect_us))
        dm_say(r, EINVAL, "The reconnect value '%s' is invalid.",
               q->attr[LC_ATTR_INTERVAL]);
    else {
        struct dm_object *o = dm_make(d, DM_PRDCR_LISTENS, name, q);
        if (o)
            o->interval_us = reconnect_us;
    }
}

static struct dm_object *
listener(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    struct dm_object *o = name ? dm_find(d, DM_PRDCR_LISTENS, name) : NULL;
    if (name && !o)
        dm_say(r, ENOENT, "The producer listen '%s' does not exist.\n", name);
    return o;
}

/* The same, to be started or stopped, which it may be already. */
static struct dm_object *
started(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    struct dm_object *o = name ? dm_find(d, DM_PRDCR_LISTENS, name) : NULL;
    if (name && !o)
        dm_say(r, ENOENT, "The listen_producer '%s' does not exist.", name);
    return o;
}

void
dm_prdcr_listen_del(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = listener(d, q, r);
    if (o && o->running)
        dm_say(r, EBUSY, "The producer listen '%s' is in use.\n", o->name);
    else if (o)
        dm_remove(d, DM_PRDCR_LISTENS, o->name);
}

void
dm_prdcr_listen_start(struct dm_daemon *d, const struct dm_request *q,
                      struct dm_reply *r)
{
    struct dm_object *o = started(d, q, r);
    if (o)
        o->running = true;
}

void
dm_prdcr_listen_stop(struct dm_daemon *d, const struct dm_request *q,
                     struct dm_reply *r)
{
    struct dm_object *o = started(d, q, r);
    if (o)
        o->running = false;
}

/* In the largest unit, whatever is over left out, as the daemon tells times. */
static void
put_time(FILE *out, int64_t us)
{
    static const struct {
        int64_t us;
        const char *name;
    } units[] = {{86400000000, "d"}, {3600000000, "h"}, {60000000, "m"},
                 {1000000, "s"},     {1000, "ms"},      {1, "us"}};
    size_t i = 0;

    while (units[i].us > 1 && us < units[i].us)
        i++;
    fprintf(out, "\"%lld%s\"", (long long)(us / units[i].us), units[i].name);
}

/* How active ones reach who advertises. */
static void
put_reach(FILE *out, const struct dm_object *o)
{
    dm_put(out, "\"xprt\":~,\"port\":~,\"auth_dom\":~,\"rail_sz\":~,\"reconnect\":",
           dm_attr_or(o, LC_ATTR_XPRT, ""), dm_attr_or(o, LC_ATTR_PORT, ""),
           dm_attr_or(o, LC_ATTR_AUTH, "_DEFAULT_"), dm_attr_or(o, LC_ATTR_RAIL, "1"));
    put_time(out, o->interval_us);
    fputc(',', out);
}

void
dm_prdcr_listen_status(struct dm_daemon *d, const struct dm_request *q,
                       struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCR_LISTENS];
    FILE *out = dm_write(r, LC_ATTR_JSON, true);

    (void)q;
    fputc('[', out);
    for (size_t i = 0; i < all->count; i++) {
        const struct dm_object *o = all->at[i];
        fputs(i ? "," : "", out);
        dm_put(out,
               "{\"name\":~,\"state\":~,\"regex\":~,\"IP range\":~,\"quota\":~,"
               "\"rx_rate\":~,\"type\":~,",
               o->name, o->running ? "running" : "stopped",
               dm_attr_or(o, LC_ATTR_REGEX, "-"), dm_attr_or(o, LC_ATTR_IP, "-"),
               dm_attr_or(o, LC_ATTR_QUOTA, "-1"), dm_attr_or(o, LC_ATTR_RX_RATE, "-1"),
               dm_attr_or(o, LC_ATTR_TYPE, "passive"));
        if (strcmp(dm_attr_or(o, LC_ATTR_TYPE, "passive"), "active") == 0)
            put_reach(out, o);
        fputs("\"producers\":[]}", out);
    }
    fputc(']', out);
}

void
dm_auth_add(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    /* Whether there is such a plugin shows when somebody listens with it. */
    if (name && !dm_make(d, DM_AUTHS, name, q))
        dm_say(r, EEXIST, "Authentication domain creation failed, errno: %d", EEXIST);
}

void
dm_auth_del(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    if (name && !dm_find(d, DM_AUTHS, name))
        dm_say(r, ENOENT, "'%s' authentication domain not found", name);
    else if (name) {
        dm_remove(d, DM_AUTHS, name);
        dm_say(r, 0, "Failed to delete authentication domain '%s', error: 0", name);
    }
}

void
dm_listen(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    enum { BUSY_OR_DENIED = 8 }; /* a code of zap's, not an errno */
    const char *xprt = dm_need(q, r, LC_ATTR_XPRT, "xprt");
    const char *port = q->attr[LC_ATTR_PORT] ? q->attr[LC_ATTR_PORT] : "411";
    const char *auth = q->attr[LC_ATTR_AUTH];
    char endpoint[64], *end;

    if (!xprt)
        return;
    long number = strtol(port, &end, 10);
    if (*end || end == port || number < 1 || number > UINT16_MAX) {
        dm_say(r, EINVAL, "'%s' transport with invalid port '%s'", xprt, port);
        return;
    }
    const struct dm_object *domain = auth ? dm_find(d, DM_AUTHS, auth) : NULL;
    if (auth && !domain) {
        dm_say(r, ENOENT,
               "Listen error: authentication domain '%s' not found. Please make sure "
               "that it is created with `auth_add` config command.",
               auth);
        return;
    }
    snprintf(endpoint, sizeof(endpoint), "%s:%ld", xprt, number);
    if (dm_find(d, DM_ENDPOINTS, endpoint)) {
        dm_say(r, EEXIST, "The listening endpoint %s is already exists", endpoint);
        return;
    }
    int err = 0;
    if (d->body.listen)
        err = d->body.listen(d->body.context, (uint16_t)number,
                             domain ? dm_attr_or(domain, LC_ATTR_PLUGIN, domain->name)
                                    : NULL,
                             domain ? domain->attr[LC_ATTR_STRING] : NULL);
    if (err)
        dm_say(r, BUSY_OR_DENIED, "Failed to listen on the endpoint %s.", endpoint);
    else
        (void)dm_make(d, DM_ENDPOINTS, endpoint, q);
}
