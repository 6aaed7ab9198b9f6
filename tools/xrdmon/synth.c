/* SPDX-License-Identifier: MIT */
/* Sessions on servers that do not exist: who comes, and what is done with which file. */
#include "synth_server.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SESSION_S = 10, IDENT_S = 3600, RESTART_S = 40000 };

static const uint32_t FIRST_START = 1767225600; /* 2026-01-01 */
static const uint64_t SID_MASK = UINT64_C(0xffffffffffff);

struct synth {
    uint64_t random;
    uint32_t server_count, users, turn;
    struct synth_outlet outlet;
    struct synth_server servers[];
};

/* A session, in the words of the maps. */
struct session {
    uint32_t user, dictid;
    char userid[96];
};

/* splitmix64 */
static uint64_t
draw(struct synth *s)
{
    uint64_t z = s->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint32_t
below(struct synth *s, uint32_t n)
{
    return (uint32_t)((draw(s) >> 32) * n >> 32);
}

static void
log_in(struct synth *s, struct synth_server *sv, struct session *ses)
{
    static const char *const vos[] = {"atlas", "cms", "lhcb", "alice", "ligo"};
    char payload[512];
    uint32_t user = ses->user = below(s, s->users);

    ses->dictid = sv->next_dictid++;
    snprintf(ses->userid, sizeof(ses->userid),
             "xroot/u%" PRIu32 ".%" PRIu32 ":%" PRIu64 "@[::ffff:192.0.2.%" PRIu32 "]",
             user, sv->sessions, sv->sid, user % 250 + 1);
    snprintf(payload, sizeof(payload),
             "&p=gsi&n=/DC=org/DC=example/CN=user %" PRIu32 "&h=wn%" PRIu32
             ".example.org&o=%s&r=&g=%s&m=&R=v5.6.9&x=xrdcp&y=&I=%d",
             user, user % 250 + 1, vos[user % 5], vos[user % 5], user % 3 ? 6 : 4);
    synth_map(sv, 'u', sv->main_pseq++, ses->dictid, ses->userid, payload);
    if (sv->sessions % 8 == 0) {
        snprintf(payload, sizeof(payload), "%" PRIu32 "_job:%" PRIu64, user,
                 draw(s) % 1000000);
        synth_map(sv, 'i', sv->main_pseq++, sv->next_dictid++, ses->userid, payload);
    }
    if (sv->sessions % 8 == 1) {
        snprintf(payload, sizeof(payload),
                 "&Uc=%" PRIu32 "&s=sub-%" PRIu32 "&n=u%" PRIu32
                 "&o=https://issuer.example.org&r=&g=/%s",
                 ses->dictid, user, user, vos[user % 5]);
        synth_map(sv, 'T', sv->main_pseq++, sv->next_dictid++, ses->userid, payload);
    }
    if (sv->sessions % 8 == 2) {
        snprintf(payload, sizeof(payload), "&Uc=%" PRIu32 "&Ec=%" PRIu32 "&Ac=%" PRIu32,
                 ses->dictid, user % 5 + 2, user % 64);
        synth_map(sv, 'U', sv->main_pseq++, sv->next_dictid++, ses->userid, payload);
    }
}

static void
log_out(struct synth_server *sv, const struct session *ses, bool is_forced)
{
    struct xrdmon_trace_record t = {.type = XRDMON_TRACE_DISC, .dictid = ses->dictid};
    struct xrdmon_fstat_record f = {.type = XRDMON_FSTAT_DISC, .id = ses->dictid};

    t.u.disc.is_forced = is_forced;
    t.u.disc.flags = is_forced ? XRDMON_TRACE_FORCED : 0;
    t.u.disc.connected_s = 1;
    synth_trace(sv, &t);
    synth_fstat(sv, &f);
}

/* Some requests on an open file; what they add up to. */
static void
do_io(struct synth *s, struct synth_server *sv, uint32_t id, bool is_rw,
      struct xrdmon_fstat_close *c)
{
    uint32_t requests = 8 + below(s, 48);
    int64_t offset = 0;

    for (uint32_t i = 0; i < requests; i++) {
        struct xrdmon_trace_record t = {.dictid = id};
        uint32_t len = 1 + below(s, 1 << 20);
        if (!is_rw && i % 16 == 15) {
            t.type = XRDMON_TRACE_READV;
            t.u.readv.request = (uint8_t)i;
            t.u.readv.segments = 8;
            t.u.readv.len_bytes = (int32_t)len;
            c->totals.readv_bytes += len;
            c->ops.readv_calls++;
            c->ops.segments += 8;
            c->ssq.readv_bytes += (double)len * len;
        } else {
            t.type = is_rw ? XRDMON_TRACE_WRITE : XRDMON_TRACE_READ;
            t.u.rw.offset = offset;
            t.u.rw.len_bytes = len;
            offset += len;
            *(is_rw ? &c->totals.write_bytes : &c->totals.read_bytes) += len;
            ++*(is_rw ? &c->ops.write_calls : &c->ops.read_calls);
            *(is_rw ? &c->ssq.write_bytes : &c->ssq.read_bytes) += (double)len * len;
        }
        synth_trace(sv, &t);
    }
}

static void
close_file(struct synth_server *sv, uint32_t id, const struct xrdmon_fstat_close *c)
{
    struct xrdmon_fstat_record f = {
        .type = XRDMON_FSTAT_CLOSE, .id = id, .u.close = *c};
    struct xrdmon_trace_record t = {.type = XRDMON_TRACE_CLOSE, .dictid = id};
    uint64_t read = (uint64_t)(c->totals.read_bytes + c->totals.readv_bytes);

    f.flags = (uint8_t)(XRDMON_FSTAT_HAS_OPS | XRDMON_FSTAT_HAS_SSQ |
                        (c->is_forced ? XRDMON_FSTAT_FORCED : 0));
    t.u.close.read_bytes = read;
    t.u.close.read_value = (uint32_t)read; /* some 60 requests stay below 4 GiB */
    t.u.close.write_bytes = (uint64_t)c->totals.write_bytes;
    t.u.close.write_value = (uint32_t)c->totals.write_bytes;
    synth_trace(sv, &t);
    synth_fstat(sv, &f);
}

static void
use_file(struct synth *s, struct synth_server *sv, const struct session *ses,
         bool is_forced)
{
    static const char *const tops[] = {"data", "mc", "user", "test"};
    uint32_t file = below(s, 100000), id = sv->next_dictid++;
    bool is_rw = file % 10 == 0;
    char path[128];
    struct xrdmon_fstat_record f = {.type = XRDMON_FSTAT_OPEN, .id = id};
    struct xrdmon_trace_record t = {.type = XRDMON_TRACE_OPEN, .dictid = id};
    struct xrdmon_fstat_close c = {
        .is_forced = is_forced, .has_ops = true, .has_ssq = true};

    snprintf(path, sizeof(path), "/store/%s/run%03" PRIu32 "/file%05" PRIu32 ".root",
             tops[file % 4], file / 1000, file);
    synth_map(sv, 'd', sv->main_pseq++, id, ses->userid, path);

    f.flags = (uint8_t)(XRDMON_FSTAT_HAS_LFN | (is_rw ? XRDMON_FSTAT_HAS_RW : 0));
    f.u.open.file_bytes = is_rw ? 0 : (int64_t)file * 100000;
    f.u.open.is_rw = is_rw;
    f.u.open.has_lfn = true;
    f.u.open.user_dictid = ses->dictid;
    f.u.open.path = (struct xrdmon_text){path, strlen(path)};
    synth_fstat(sv, &f);
    t.u.open.file_bytes = (uint64_t)f.u.open.file_bytes;
    synth_trace(sv, &t);

    do_io(s, sv, id, is_rw, &c);
    if (file % 7 == 0) {
        struct xrdmon_fstat_record xfr = {.type = XRDMON_FSTAT_XFR, .id = id};
        xfr.u.xfr = c.totals;
        synth_fstat(sv, &xfr);
    }
    close_file(sv, id, &c);
}

/* What is rare: redirections, the cache, third-party copies, staging and purging. */
static void
do_rare(struct synth *s, struct synth_server *sv, const struct session *ses)
{
    char line[512], userid[96];

    switch (sv->sessions % 64) {
    case 10:
    case 40:
        synth_redirect(sv, ses->dictid);
        break;
    case 20:
        snprintf(
            line, sizeof(line),
            "{\"event\":\"file_close\",\"lfn\":\"/store/cache/f%" PRIu32
            "\",\"size\":1000000,\"blk_size\":131072,\"n_blks\":8,\"n_blks_done\":8,"
            "\"access_cnt\":1,\"attach_t\":%" PRIu32 ",\"detach_t\":%" PRIu32
            ",\"remotes\":[],\"b_hit\":1000000,\"b_miss\":0,\"b_bypass\":0,"
            "\"n_cks_errs\":0}",
            below(s, 1000), sv->now, sv->now);
        synth_gstream(sv, 'C', sv->cache_pseq++, line);
        break;
    case 30:
        snprintf(line, sizeof(line),
                 "{\"TPC\":\"xroot\",\"Client\":\"u%" PRIu32 "\",\"Xeq\":{\"RC\":0,"
                 "\"Strm\":1,\"Type\":\"pull\",\"IPv\":6},\"Src\":\"root://a//f\","
                 "\"Dst\":\"root://b//f\",\"Size\":%" PRIu32 "}",
                 ses->user, below(s, 1000000));
        synth_gstream(sv, 'P', sv->tpc_pseq++, line);
        break;
    case 50:
    case 51:
        snprintf(userid, sizeof(userid), "u%" PRIu32 ".1:%" PRIu64 "@wn1.example.org",
                 ses->user, sv->sid | 1);
        snprintf(line, sizeof(line),
                 sv->sessions % 2 ? "/store/cold/f%" PRIu32 "\n&tod=%" PRIu32
                                    "&sz=1000&at=1&ct=1&mt=1&fn=l"
                                  : "/store/cold/f%" PRIu32 "\n&tod=%" PRIu32
                                    "&sz=1000&qt=0&tm=1&op=6&rc=0",
                 below(s, 1000), sv->now);
        synth_map(sv, sv->sessions % 2 ? 'p' : 'x', sv->daemon_pseq++, 0, userid, line);
        break;
    default:
        break;
    }
}

struct synth *
synth_new(uint64_t seed, uint32_t servers, uint32_t users, synth_sink *sink, void *arg)
{
    struct synth *s =
        calloc(1, sizeof(*s) + (size_t)servers * sizeof(struct synth_server));
    if (!s)
        return NULL;
    s->random = seed;
    s->server_count = servers;
    s->users = users;
    s->outlet = (struct synth_outlet){.sink = sink, .arg = arg};
    for (uint32_t i = 0; i < servers; i++) {
        struct synth_server *sv = &s->servers[i];
        sv->outlet = &s->outlet;
        sv->number = i + 1;
        sv->sid = draw(s) & SID_MASK & ~UINT64_C(1); /* its daemon's is odd */
        sv->now = FIRST_START + i / 2;               /* some begin in the same second */
        synth_start(sv);
    }
    return s;
}

void
synth_free(struct synth *synth)
{
    free(synth);
}

bool
synth_session(struct synth *s)
{
    struct synth_server *sv = &s->servers[s->turn++ % s->server_count];
    struct session ses;

    sv->now += SESSION_S;
    sv->sessions++;
    if (sv->now - sv->stod >= RESTART_S) {
        synth_send_rest(sv);
        synth_start(sv);
    } else if (sv->now - sv->identified >= IDENT_S) {
        synth_identify(sv);
    }
    bool is_forced = sv->sessions % 50 == 49;
    uint32_t files = 1 + below(s, 3);
    log_in(s, sv, &ses);
    for (uint32_t i = 0; i < files; i++)
        use_file(s, sv, &ses, is_forced && i + 1 == files);
    do_rare(s, sv, &ses);
    log_out(sv, &ses, is_forced);
    return !s->outlet.is_done;
}

void
synth_flush(struct synth *s)
{
    for (uint32_t i = 0; i < s->server_count; i++)
        synth_send_rest(&s->servers[i]);
}
