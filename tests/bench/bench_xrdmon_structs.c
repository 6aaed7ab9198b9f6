/* SPDX-License-Identifier: MIT */
/* Reads every field of every record, against a bare walk over types and sizes. Its
 * argument is a file of packets. */
#define _DEFAULT_SOURCE
#include "bench.h"
#include "xrdmon_walk.h"

#include "xrdmon.h"

#include <malloc.h>

enum { RUNS = 25 };

static uint64_t
touch_text(struct xrdmon_text t)
{
    return t.len + (t.len ? (uint8_t)t.at[0] : 0);
}

static uint64_t
touch_fstat(const struct xrdmon_fstat_record *r)
{
    uint64_t sum = r->type + r->flags + r->id;

    switch (r->type) {
    case XRDMON_FSTAT_CLOSE: {
        const struct xrdmon_fstat_close *c = &r->u.close;
        sum += (uint64_t)(c->totals.read_bytes + c->totals.readv_bytes +
                          c->totals.write_bytes);
        if (c->has_ops)
            sum +=
                (uint64_t)(c->ops.read_calls + c->ops.readv_calls + c->ops.write_calls +
                           c->ops.segments_min + c->ops.segments_max + c->ops.segments +
                           c->ops.read_min_bytes + c->ops.read_max_bytes +
                           c->ops.readv_min_bytes + c->ops.readv_max_bytes +
                           c->ops.write_min_bytes + c->ops.write_max_bytes);
        if (c->has_ssq)
            sum += c->ssq.read_bytes + c->ssq.readv_bytes + c->ssq.segments +
                       c->ssq.write_bytes >
                   1;
        return sum + c->is_forced;
    }
    case XRDMON_FSTAT_OPEN:
        return sum + (uint64_t)r->u.open.file_bytes + r->u.open.is_rw +
               r->u.open.user_dictid + touch_text(r->u.open.path);
    case XRDMON_FSTAT_TIME:
        return sum + r->u.time.xfr_records + r->u.time.all_records +
               r->u.time.begin_unix_s + r->u.time.end_unix_s + r->u.time.sid;
    case XRDMON_FSTAT_XFR:
        return sum + (uint64_t)(r->u.xfr.read_bytes + r->u.xfr.readv_bytes +
                                r->u.xfr.write_bytes);
    default:
        return sum;
    }
}

static uint64_t
touch_trace(const struct xrdmon_trace_record *r)
{
    uint64_t sum = (uint64_t)r->type + r->dictid;

    switch (r->type) {
    case XRDMON_TRACE_READ:
    case XRDMON_TRACE_WRITE:
        return sum + (uint64_t)r->u.rw.offset + r->u.rw.len_bytes;
    case XRDMON_TRACE_OPEN:
        return sum + r->u.open.file_bytes;
    case XRDMON_TRACE_READV:
    case XRDMON_TRACE_READU:
        return sum + r->u.readv.request + r->u.readv.segments +
               (uint64_t)r->u.readv.len_bytes;
    case XRDMON_TRACE_CLOSE:
        return sum + r->u.close.read_bytes + r->u.close.write_bytes;
    case XRDMON_TRACE_DISC:
        return sum + r->u.disc.is_forced + (uint64_t)r->u.disc.connected_s;
    case XRDMON_TRACE_WINDOW:
        return sum + r->u.window.sid + r->u.window.prev_end_unix_s +
               r->u.window.start_unix_s;
    default:
        return sum;
    }
}

static uint64_t
touch_redir(const struct xrdmon_redir_record *r)
{
    switch (r->type) {
    case XRDMON_REDIR_WINDOW:
        return (uint64_t)r->u.window.size_s + r->u.window.start_unix_s;
    case XRDMON_REDIR_REDIRECT:
    case XRDMON_REDIR_REDLOCAL:
        return (uint64_t)r->u.redirect.op + r->u.redirect.port + r->u.redirect.dictid +
               touch_text(r->u.redirect.host) + touch_text(r->u.redirect.path);
    default:
        return r->type;
    }
}

static uint64_t
touch_map(const struct xrdmon_packet *p)
{
    struct xrdmon_map m;
    struct xrdmon_pairs pairs;
    struct xrdmon_text key, value;

    if (xrdmon_map_parse(p, &m) < 0)
        exit(2);
    uint64_t sum = m.dictid + touch_text(m.userid.prot) + touch_text(m.userid.user) +
                   m.userid.pid + m.userid.sid + touch_text(m.userid.host) +
                   touch_text(m.path);
    pairs = xrdmon_map_pairs(&m);
    while (xrdmon_pairs_next(&pairs, &key, &value))
        sum += touch_text(key) + touch_text(value);
    return sum;
}

static uint64_t
decode(struct capture capture, size_t *ret_records)
{
    const uint8_t *p = capture.bytes, *end = capture.end;
    size_t records = 0;
    struct xrdmon_packet packet;
    struct xrdmon_fstat_record f;
    struct xrdmon_trace_record t;
    struct xrdmon_redir_record r;
    uint64_t sum = 0;

    for (; p < end; p += packet.len) {
        if (xrdmon_packet_parse(p, (size_t)(end - p), &packet) < 0)
            exit(2);
        struct xrdmon_cursor c = xrdmon_cursor_over(&packet);
        switch (packet.kind) {
        case XRDMON_TRACE:
            for (; xrdmon_trace_next(&c, &t) > 0; records++)
                sum += touch_trace(&t);
            break;
        case XRDMON_FSTAT:
            for (; xrdmon_fstat_next(&c, &f) > 0; records++)
                sum += touch_fstat(&f);
            break;
        case XRDMON_REDIR:
            for (; xrdmon_redir_next(&c, &r) > 0; records++)
                sum += touch_redir(&r);
            break;
        default:
            sum += touch_map(&packet);
            records++;
            break;
        }
    }
    *ret_records = records;
    return sum;
}

int
main(int argc, char **argv)
{
    static double walks[RUNS], decodes[RUNS];
    struct capture capture = capture_open(argc == 2 ? argv[1] : NULL);
    size_t used = mallinfo2().uordblks;
    volatile uint64_t sink = 0;

    for (int i = 0; i < RUNS; i++) {
        size_t records, again;
        double start = bench_now_s();
        sink += walk(capture, &records);
        double middle = bench_now_s();
        sink += decode(capture, &again);
        double end = bench_now_s();
        if (records != again)
            return 2;
        walks[i] = (double)records / (middle - start);
        decodes[i] = (double)records / (end - middle);
    }
    size_t allocated = mallinfo2().uordblks - used;
    bench_print("xrdmon structs, every field", "records/s", bench_best(decodes, RUNS),
                "bare walk over types and sizes", bench_best(walks, RUNS), 0.2, 0);
    bench_print("xrdmon structs, memory allocated", "bytes", (double)allocated,
                "one byte", 1, 0, 1);
    (void)sink;
    return 0;
}
