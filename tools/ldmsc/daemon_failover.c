/* SPDX-License-Identifier: MIT */
/* Failover, which pairs two daemons, and quota groups, which share among several. The
 * stand-in has no peers, so it never gets past trying. */
#include "daemon_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The development branch has given pairs up. */
static bool
is_given_up(const struct dm_daemon *d, struct dm_reply *r)
{
    if (d->is_main)
        dm_say(r, EOPNOTSUPP, "Pairwise failover is deplicated.");
    return d->is_main;
}

void
dm_failover_config(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_failover *f = &d->failover;

    if (is_given_up(d, r))
        return;
    if (!q->attr[LC_ATTR_PEER_NAME] &&
        !(f->config && f->config->attr[LC_ATTR_PEER_NAME])) {
        dm_say(r, EINVAL, "failover_config: peer_name attribute is required");
        return;
    }
    if (f->config)
        dm_remember(f->config, q);
    else
        f->config = dm_object_new("failover", q);
}

void
dm_failover_start(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_failover *f = &d->failover;

    (void)q;
    if (is_given_up(d, r))
        return;
    f->running = true;
    f->stopping = false;
    f->retried = f->config != NULL;
    f->forever = !f->config;
}

void
dm_failover_stop(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_failover *f = &d->failover;

    (void)q;
    if (is_given_up(d, r))
        return;
    if (!f->running || f->stopping) {
        dm_say(r, EBUSY, "failover service busy");
        return;
    }
    f->stopping = f->forever = true;
    f->retried = false;
    dm_say(r, 0, "failover_stop_ok");
}

void
dm_failover_peercfg(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    (void)q;
    (void)is_given_up(d, r); /* without a peer there is nothing to take over */
}

/* A member of the status, or what the daemon starts with. */
static const char *
setting(const struct dm_failover *f, enum lc_attr id, const char *other)
{
    return f->config ? dm_attr_or(f->config, id, other) : other;
}

void
dm_failover_status(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const struct dm_failover *f = &d->failover;
    char ping_interval[32], factor[32];

    (void)q;
    if (is_given_up(d, r))
        return;
    /* Microseconds without a unit: the daemon reads no further than the digits. */
    snprintf(ping_interval, sizeof(ping_interval), "%lld",
             strtoll(setting(f, LC_ATTR_INTERVAL, "1000000"), NULL, 10));
    snprintf(factor, sizeof(factor), "%f",
             strtod(setting(f, LC_ATTR_TIMEOUT_FACTOR, "2"), NULL));

    FILE *out = dm_write(r, LC_ATTR_JSON, false);
    dm_put(out,
           "{\"host\": ~, \"port\": ~, \"xprt\": ~, \"peer_name\": ~, "
           "\"task_interval\": \"1000000\", \"ping_interval\": ~, \"ping_skipped\": "
           "\"0\", "
           "\"ping_max\": \"0\", \"ping_avg\": \"0\", \"ping_sd\": \"0.000000\", "
           "\"timeout_factor\": ~, \"auto_switch\": ~, \"ping_ts\": \"0.0\", "
           "\"echo_ts\": \"0.0\", \"timeout_ts\": ~, \"failover_state\": ~, "
           "\"conn_state\": ~, \"peercfg_activated\": \"0\", "
           "\"peercfg_updtr_activated\": \"0\", \"peercfg_prdcr_activated\": \"0\", "
           "\"flags\": {\"CONFIGURED\": ~, \"PEERCFG_RECEIVED\": \"0\", "
           "\"OUTSTANDING_PING\": \"0\", \"OURCFG_ACTIVATED\": ~}}",
           setting(f, LC_ATTR_HOST, ""), setting(f, LC_ATTR_PORT, ""),
           setting(f, LC_ATTR_XPRT, ""), setting(f, LC_ATTR_PEER_NAME, ""),
           ping_interval, factor, setting(f, LC_ATTR_AUTO_SWITCH, "1"),
           f->forever ? "9223372036854775807.0" : "0.0",
           f->stopping  ? "STOPPING"
           : f->running ? "START"
                        : "STOP",
           f->retried ? "PAIRING_RETRY" : "DISCONNECTED", f->config ? "1" : "0",
           f->stopping ? "1" : "0");
}

void
dm_qgroup_config(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    static const struct {
        enum lc_attr id;
        const char *word;
    } settings[] = {{LC_ATTR_QUOTA, "quota"},
                    {LC_ATTR_ASK_MARK, "ask_mark"},
                    {LC_ATTR_ASK_AMOUNT, "ask_amount"},
                    {LC_ATTR_ASK_INTERVAL, "ask_interval"},
                    {LC_ATTR_RESET_INTERVAL, "reset_interval"}};

    for (size_t i = 0; d->qgroup->running && i < sizeof(settings) / sizeof(settings[0]);
         i++)
        if (q->attr[settings[i].id]) {
            dm_say(r, EBUSY, "qgroup %s set failed, set value: \"%s\", rc: %d",
                   settings[i].word, q->attr[settings[i].id], EBUSY);
            return;
        }
    dm_remember(d->qgroup, q); /* whatever it is given */
}

/* "host:port", which members go by. */
static bool
member_name(const struct dm_request *q, struct dm_reply *r, char *name, size_t size)
{
    const char *host = dm_need(q, r, LC_ATTR_HOST, "host");
    if (host)
        snprintf(name, size, "%s:%s", host,
                 q->attr[LC_ATTR_PORT] ? q->attr[LC_ATTR_PORT] : "411");
    return host != NULL;
}

void
dm_qgroup_member_add(struct dm_daemon *d, const struct dm_request *q,
                     struct dm_reply *r)
{
    const char *auth = q->attr[LC_ATTR_AUTH];
    char name[300];

    if (!member_name(q, r, name, sizeof(name)) || !dm_need(q, r, LC_ATTR_XPRT, "xprt"))
        return;
    if (auth && !dm_find(d, DM_AUTHS, auth))
        dm_say(
            r, ENOENT,
            "Authentication domain '%s' not found, check the auth_add configuration.",
            auth);
    else if (d->qgroup->running)
        dm_say(r, EBUSY, "qgroup member add error: %d", EBUSY);
    else if (!dm_make(d, DM_QMEMBERS, name, q))
        dm_say(r, EEXIST, "qgroup member '%s' already existed", name);
}

void
dm_qgroup_member_del(struct dm_daemon *d, const struct dm_request *q,
                     struct dm_reply *r)
{
    char name[300];
    if (!member_name(q, r, name, sizeof(name)))
        return;
    if (dm_find(d, DM_QMEMBERS, name))
        dm_remove(d, DM_QMEMBERS, name);
    else
        dm_say(r, ENOENT, "qgroup member '%s' not found", name);
}

/* Bytes from "3K"; 0 of what is no size, as the daemon reads it. */
static long long
bytes_of(const char *text)
{
    char *end;
    long long value = strtoll(text ? text : "0", &end, 0);
    const char *units = "kmgt", *unit = *end ? strchr(units, *end | 0x20) : NULL;

    for (const char *u = units; unit && u <= unit; u++)
        value = llabs(value) < 1LL << 50 ? value * 1024 : value;
    return value;
}

static bool
can_run(const struct dm_daemon *d)
{
    static const enum lc_attr needed[] = {LC_ATTR_QUOTA, LC_ATTR_ASK_AMOUNT,
                                          LC_ATTR_ASK_MARK};
    int64_t ask_us = 0, reset_us = 0;

    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        if (bytes_of(d->qgroup->attr[needed[i]]) == 0)
            return false;
    (void)dm_take_us(dm_attr_or(d->qgroup, LC_ATTR_ASK_INTERVAL, ""), &ask_us);
    (void)dm_take_us(dm_attr_or(d->qgroup, LC_ATTR_RESET_INTERVAL, ""), &reset_us);
    return ask_us != 0 && reset_us != 0;
}

void
dm_qgroup_start(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    (void)q;
    if (d->qgroup->running)
        dm_say(r, EBUSY, "qgroup start error: EBUSY(%d)", EBUSY);
    else if (!can_run(d))
        dm_say(r, EINVAL, "qgroup start error: EINVAL(%d)", EINVAL);
    else {
        d->qgroup->running = true;
        d->qgroup->bytes = (uint64_t)bytes_of(d->qgroup->attr[LC_ATTR_QUOTA]);
    }
}

void
dm_qgroup_stop(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    (void)q;
    if (!d->qgroup->running)
        dm_say(r, EINVAL, "qgroup stop error: EINVAL(%d)", EINVAL);
    d->qgroup->running = false;
}

void
dm_qgroup_info(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const struct dm_object *g = d->qgroup;
    const struct dm_shelf *all = &d->shelves[DM_QMEMBERS];
    int64_t ask_us = 0, reset_us = 0;
    long long quota = bytes_of(g->attr[LC_ATTR_QUOTA]);

    (void)q;
    (void)dm_take_us(dm_attr_or(g, LC_ATTR_ASK_INTERVAL, "0"), &ask_us);
    (void)dm_take_us(dm_attr_or(g, LC_ATTR_RESET_INTERVAL, "0"), &reset_us);
    FILE *out = dm_write(r, LC_ATTR_STRING, false); /* JSON all the same */
    fprintf(out,
            "{\"state\":\"%s\",\"quota\":%llu,\"config\":{\"quota\":%lld,"
            "\"ask_mark\":%lld,\"ask_amount\":%lld,\"ask_usec\":%lld,"
            "\"reset_usec\":%lld},\"members\":[",
            g->running ? "STARTED" : "STOPPED", (unsigned long long)g->bytes, quota,
            bytes_of(g->attr[LC_ATTR_ASK_MARK]), bytes_of(g->attr[LC_ATTR_ASK_AMOUNT]),
            (long long)ask_us, (long long)reset_us);
    for (size_t i = 0; i < all->count; i++) {
        const struct dm_object *m = all->at[i];
        fputs(i ? "," : "", out);
        dm_put(out,
               "{\"state\":\"DISCONNECTED\",\"host\":~,\"port\":~,\"xprt\":~,"
               "\"auth\":~,\"auth_options\":{}}",
               dm_attr_or(m, LC_ATTR_HOST, ""), dm_attr_or(m, LC_ATTR_PORT, "411"),
               dm_attr_or(m, LC_ATTR_XPRT, ""), dm_attr_or(m, LC_ATTR_AUTH, "none"));
    }
    fputs("]}", out);
}
