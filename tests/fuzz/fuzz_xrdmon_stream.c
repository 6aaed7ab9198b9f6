/* SPDX-License-Identifier: MIT */
/* Packets of any bytes through the engine. An input is a byte of options, then packets:
 * a byte of source, a byte of seconds that pass, two bytes of length, and the bytes. */
#include "xrdmon.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static uint64_t
touch(struct xrdmon_text t)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < t.len; i++)
        sum += (uint8_t)t.at[i];
    return sum;
}

/* Read all that an event points to. */
static uint64_t
touch_event(const struct xrdmon_event *ev)
{
    uint64_t sum = ev->id + touch(ev->path) + touch(ev->line);

    if (ev->server)
        sum += touch(ev->server->site) + touch(ev->server->userid.raw) +
               touch(ev->server->ver);
    if (ev->client)
        sum += touch(ev->client->userid.raw) + touch(ev->client->userid.host) +
               touch(ev->client->auth.name) + touch(ev->client->auth_text) +
               touch(ev->client->appinfo) + touch(ev->client->token.subject) +
               touch(ev->client->experiment_text);
    if (ev->packet && ev->packet->len)
        sum += ev->packet->bytes[0];
    if (ev->type == XRDMON_EV_FSTAT)
        sum += ev->fstat->bytes[0];
    if (ev->type == XRDMON_EV_TRACE)
        sum += ev->trace->bytes[15];
    if (ev->type == XRDMON_EV_REDIR)
        sum += touch(ev->redir->u.redirect.text);
    if (ev->type == XRDMON_EV_ACCESS && ev->access->close)
        sum += (uint64_t)ev->access->close->totals.read_bytes;
    if (ev->type == XRDMON_EV_BAD)
        assert(ev->bad.err < 0 && ev->bad.why);
    return sum;
}

static uint64_t
drain(struct xrdmon *xm, unsigned most)
{
    const struct xrdmon_event *ev;
    uint64_t sum = 0;

    for (unsigned i = 0; i < most && (ev = xrdmon_next(xm)) != NULL; i++)
        sum += touch_event(ev);
    return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const uint8_t *end = bytes + len;
    uint64_t sum = 0, now_ns = UINT64_C(1700000000000000000);
    struct xrdmon *xm;
    struct xrdmon_stats stats;

    if (len == 0)
        return 0;
    struct xrdmon_options o = {
        .size = sizeof(o),
        .release_ms = 3000,
        .idle_s = 60,
        .max_memory_bytes = 20000,
        .max_servers = 3,
        .is_strict = (bytes[0] & 1) != 0,
        .no_order = (bytes[0] & 2) != 0,
        .no_deduplicate = (bytes[0] & 4) != 0,
        .no_release = (bytes[0] & 8) != 0,
        .ignore_address = (bytes[0] & 16) != 0,
        .want_windows = (bytes[0] & 32) != 0,
        .want_access = (bytes[0] & 64) != 0,
    };
    bool is_lazy = (bytes[0] & 128) != 0; /* takes an event now and then */
    if (xrdmon_new(&xm, &o) < 0)
        return 0;
    for (bytes++; end - bytes >= 4;) {
        struct xrdmon_source source = {.port = (uint16_t)(bytes[0] >> 4)};
        size_t n = (size_t)(bytes[2] << 8 | bytes[3]);
        source.address[15] = bytes[0] & 15;
        now_ns += (uint64_t)bytes[1] * 1000000000;
        bytes += 4;
        if (n > (size_t)(end - bytes))
            n = (size_t)(end - bytes);
        (void)xrdmon_feed(xm, &source, bytes, n, now_ns);
        bytes += n;
        sum += drain(xm, is_lazy ? 1 : UINT32_MAX);
    }
    xrdmon_tick(xm, now_ns + 1000000000);
    sum += drain(xm, 5);
    xrdmon_flush(xm);
    sum += drain(xm, UINT32_MAX);
    xrdmon_get_stats(xm, &stats);
    assert(stats.live_servers <= 3);
    assert(stats.memory_bytes <= 20000 + 70000); /* the limit, and the last path */
    xrdmon_free(xm);
    return sum == 1;
}
