/* SPDX-License-Identifier: MIT */
/* Pieces of JSON that packets and events have in common. */
#include "show.h"

/* Not more keys than this have a meaning in any map message. */
enum { KEYS_SEEN = 16 };

void
show_text(struct out *o, struct xrdmon_text text)
{
    if (text.at)
        out_string(o, text.at, text.len);
    else
        out_put(o, "null", 4);
}

void
show_hex(struct out *o, const uint8_t *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    char *at = out_room(o, 2 * len + 2);

    *at++ = '"';
    for (size_t i = 0; i < len; i++) {
        *at++ = digits[bytes[i] >> 4];
        *at++ = digits[bytes[i] & 15];
    }
    *at = '"';
    o->len += 2 * len + 2;
}

void
show_origin(struct out *o, const struct origin *origin)
{
    char text[ORIGIN_TEXT];

    if (origin->text) {
        out_key(o, "src");
        out_string(o, origin->text, origin->text_len);
    } else if (origin->has_address) {
        out_key(o, "src");
        out_string(o, text, origin_put_text(origin, text, sizeof(text)));
    }
}

void
show_pairs(struct out *o, const struct xrdmon_map *map)
{
    struct xrdmon_pairs pairs = xrdmon_map_pairs(map);
    struct xrdmon_text key, value, seen[KEYS_SEEN];
    size_t known = 0;

    out_begin(o, '{');
    while (known < KEYS_SEEN && xrdmon_pairs_next(&pairs, &key, &value)) {
        bool is_new = key.at != NULL;
        for (size_t i = 0; is_new && i < known; i++)
            is_new = seen[i].len != key.len || memcmp(seen[i].at, key.at, key.len) != 0;
        if (!is_new)
            continue;
        seen[known++] = key;
        out_key_text(o, key.at, key.len);
        show_text(o, value);
    }
    out_end(o, '}');
}

static void
show_present(struct out *o, const char *key, struct xrdmon_text text)
{
    if (!text.at)
        return;
    out_key_len(o, key, strlen(key));
    out_string(o, text.at, text.len);
}

void
show_auth(struct out *o, const struct xrdmon_auth_info *auth)
{
    out_begin(o, '{');
    show_present(o, "p", auth->protocol);
    show_present(o, "n", auth->name);
    show_present(o, "h", auth->host);
    show_present(o, "o", auth->organisation);
    show_present(o, "r", auth->role);
    show_present(o, "g", auth->groups);
    show_present(o, "m", auth->moninfo);
    show_present(o, "R", auth->release);
    show_present(o, "x", auth->executable);
    show_present(o, "y", auth->client_info);
    show_present(o, "I", auth->ip_version);
    out_end(o, '}');
}

void
show_totals(struct out *o, const struct xrdmon_fstat_totals *totals)
{
    out_key(o, "read");
    out_i64(o, totals->read_bytes);
    out_key(o, "readv");
    out_i64(o, totals->readv_bytes);
    out_key(o, "write");
    out_i64(o, totals->write_bytes);
}

void
show_fstat_ops(struct out *o, const struct xrdmon_fstat_close *close)
{
    if (close->has_ops) {
        const struct xrdmon_fstat_ops *ops = &close->ops;
        const struct {
            const char *key;
            int64_t value;
        } fields[] = {
            {"read", ops->read_calls},       {"readv", ops->readv_calls},
            {"write", ops->write_calls},     {"rsmin", ops->segments_min},
            {"rsmax", ops->segments_max},    {"rsegs", ops->segments},
            {"rdmin", ops->read_min_bytes},  {"rdmax", ops->read_max_bytes},
            {"rvmin", ops->readv_min_bytes}, {"rvmax", ops->readv_max_bytes},
            {"wrmin", ops->write_min_bytes}, {"wrmax", ops->write_max_bytes},
        };
        out_key(o, "ops");
        out_begin(o, '{');
        for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
            out_key_len(o, fields[i].key, strlen(fields[i].key));
            out_i64(o, fields[i].value);
        }
        out_end(o, '}');
    }
    if (close->has_ssq) {
        out_key(o, "ssq");
        out_begin(o, '{');
        out_key(o, "read");
        out_f64(o, close->ssq.read_bytes);
        out_key(o, "readv");
        out_f64(o, close->ssq.readv_bytes);
        out_key(o, "rsegs");
        out_f64(o, close->ssq.segments);
        out_key(o, "write");
        out_f64(o, close->ssq.write_bytes);
        out_end(o, '}');
    }
}

void
show_redir_op(struct out *o, uint8_t op)
{
    const char *name = xrdmon_redir_op_name(op);
    if (name)
        out_text(o, name);
    else
        out_u64(o, op);
}
