/* SPDX-License-Identifier: MIT */
#ifndef AGAIN_H
#define AGAIN_H

/* Decode a packet all the way down, and encode it again from what was decoded. */
#include "xrdmon.h"

#include <errno.h>

/* A userid and pairs are rebuilt from their parts where they have some. */
static inline size_t
again_pairs(const struct xrdmon_map *map, char *to, size_t room)
{
    struct xrdmon_pairs pairs = xrdmon_map_pairs(map);
    struct xrdmon_text key, value;
    size_t n = 0;

    while (xrdmon_pairs_next(&pairs, &key, &value))
        n += (size_t)snprintf(to + n, room - n, "&%.*s=%.*s", (int)key.len, key.at,
                              (int)value.len, value.at);
    return n;
}

static inline void
again_map(struct xrdmon_writer *w, const struct xrdmon_packet *packet)
{
    static char pairs[70000];
    struct xrdmon_map map;

    w->err = xrdmon_map_parse(packet, &map);
    if (w->err)
        return;
    if (map.userid.is_valid)
        map.userid.raw.at = NULL;
    if (map.path.at || map.info.at)
        map.payload.at = NULL;
    if (map.info.len && map.code != 'i') {
        map.info.len = again_pairs(&map, pairs, sizeof(pairs));
        map.info.at = pairs;
    }
    xrdmon_write_map(w, &map);
}

/* Encodes packet into bytes: its length, or a negative code where it is damaged.
 * Counts the records. */
static inline int
again(const struct xrdmon_packet *packet, uint8_t *bytes, size_t room, size_t *records)
{
    struct xrdmon_writer w;
    struct xrdmon_cursor c = xrdmon_cursor_over(packet);
    struct xrdmon_fstat_record f;
    struct xrdmon_trace_record t;
    struct xrdmon_redir_record r = {.type = XRDMON_REDIR_SID};
    struct xrdmon_gstream g;
    int more = 0;

    xrdmon_write_begin(&w, bytes, room, &packet->header);
    switch (packet->kind) {
    case XRDMON_MAP:
        again_map(&w, packet);
        ++*records;
        break;
    case XRDMON_FSTAT:
        while ((more = xrdmon_fstat_next(&c, &f)) > 0) {
            xrdmon_write_fstat(&w, &f);
            ++*records;
        }
        break;
    case XRDMON_TRACE:
        while ((more = xrdmon_trace_next(&c, &t)) > 0) {
            xrdmon_write_trace(&w, &t);
            ++*records;
        }
        break;
    case XRDMON_REDIR:
        more = xrdmon_redir_sid(packet, &r.u.server.sid, &r.code);
        xrdmon_write_redir(&w, &r);
        while (more == 0 && (more = xrdmon_redir_next(&c, &r)) > 0) {
            xrdmon_write_redir(&w, &r);
            ++*records;
            more = 0;
        }
        break;
    case XRDMON_GSTREAM:
        more = xrdmon_gstream_parse(packet, &g);
        if (more == 0 && packet->missing)
            more = -XRDMON_ETRUNCATED;
        if (more == 0)
            xrdmon_write_gstream(&w, &g);
        ++*records;
        break;
    default:
        return -EINVAL;
    }
    return more < 0 ? more : xrdmon_write_end(&w);
}

#endif
