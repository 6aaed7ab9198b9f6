/* SPDX-License-Identifier: MIT */
/* Map messages: a number, who it is about, and what it stands for. */
#include "xm.h"

#include <inttypes.h>

/*    8  u32  dictid, 0 for = p x
 *   12  ...  userid, newline, payload; no NUL, unless the text was overlong
 *
 * A server cuts an overlong text with a NUL, but sends as many bytes as the whole would
 * have had: what follows the NUL is from its stack. */
int
xrdmon_map_parse(const struct xrdmon_packet *packet, struct xrdmon_map *ret_map)
{
    if (packet->kind != XRDMON_MAP)
        return -EINVAL;

    struct rd c = rd_over(packet->bytes, packet->len);
    (void)rd_bytes(&c, XM_HEADER_BYTES);
    struct xrdmon_map m = {.code = packet->header.code, .dictid = rd_u32(&c)};
    if (c.bad)
        return packet->missing ? -XRDMON_ETRUNCATED : -XRDMON_EMALFORMED;
    if (packet->missing)
        return -XRDMON_ETRUNCATED;

    struct xrdmon_text text = xm_text_to_nul(c.at, rd_left(&c));
    if (text.len < rd_left(&c))
        m.tail = xm_text(text.at + text.len, rd_left(&c) - text.len);
    const char *newline = text.len ? memchr(text.at, '\n', text.len) : NULL;
    size_t userid_len = newline ? (size_t)(newline - text.at) : text.len;
    xrdmon_userid_parse(xm_text(text.at, userid_len), &m.userid);
    if (newline)
        m.payload = xm_text(newline + 1, text.len - userid_len - 1);

    if (m.code == 'd') {
        m.path = m.payload;
    } else if (m.code == 'p' || m.code == 'x') {
        newline = m.payload.len ? memchr(m.payload.at, '\n', m.payload.len) : NULL;
        m.path = m.payload;
        if (newline) {
            m.path.len = (size_t)(newline - m.payload.at);
            m.info = xm_text(newline + 1, m.payload.len - m.path.len - 1);
        }
    } else {
        m.info = m.payload;
    }
    *ret_map = m;
    return 0;
}

static void
write_userid(struct wr *out, const struct xrdmon_userid *u)
{
    char digits[48];

    if (u->raw.at) {
        wr_bytes(out, u->raw.at, u->raw.len);
        return;
    }
    if (u->prot.at) {
        wr_bytes(out, u->prot.at, u->prot.len);
        wr_u8(out, '/');
    }
    wr_bytes(out, u->user.at, u->user.len);
    int n = 0;
    if (u->has_pid)
        n = snprintf(digits, sizeof(digits), ".%" PRIu32, u->pid);
    n += snprintf(digits + n, sizeof(digits) - (size_t)n, ":%" PRIu64 "@", u->sid);
    wr_bytes(out, digits, (size_t)n);
    wr_bytes(out, u->host.at, u->host.len);
}

void
xrdmon_write_map(struct xrdmon_writer *w, const struct xrdmon_map *map)
{
    struct wr out = xm_writer_open(w);

    wr_u32(&out, map->dictid);
    write_userid(&out, &map->userid);
    if (map->payload.at) {
        wr_u8(&out, '\n');
        wr_bytes(&out, map->payload.at, map->payload.len);
    } else {
        if (map->path.at) {
            wr_u8(&out, '\n');
            wr_bytes(&out, map->path.at, map->path.len);
        }
        if (map->info.at) {
            wr_u8(&out, '\n');
            wr_bytes(&out, map->info.at, map->info.len);
        }
    }
    wr_bytes(&out, map->tail.at, map->tail.len);
    xm_writer_close(w, &out);
}
