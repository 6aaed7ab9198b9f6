/* SPDX-License-Identifier: MIT */
/* Prints the records of packets that lie back to back on standard input. */
#include <xrdmon.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void
print_map(const struct xrdmon_packet *packet)
{
    struct xrdmon_map map;

    if (xrdmon_map_parse(packet, &map) < 0)
        return;
    printf("  %" PRIu32 " is", map.dictid);
    if (map.path.at)
        printf(" %.*s", (int)map.path.len, map.path.at);
    printf(" of %.*s\n", (int)map.userid.raw.len, map.userid.raw.at);
}

static void
print_fstat(const struct xrdmon_packet *packet)
{
    struct xrdmon_cursor cursor = xrdmon_cursor_over(packet);
    struct xrdmon_fstat_record r;
    int more;

    while ((more = xrdmon_fstat_next(&cursor, &r)) > 0) {
        if (r.type == XRDMON_FSTAT_OPEN)
            printf("  file %" PRIu32 " opened, %" PRId64 " bytes: %.*s\n", r.id,
                   r.u.open.file_bytes, (int)r.u.open.path.len,
                   r.u.open.has_lfn ? r.u.open.path.at : "");
        else if (r.type == XRDMON_FSTAT_CLOSE)
            printf("  file %" PRIu32 " closed, %" PRId64 " bytes read\n", r.id,
                   r.u.close.totals.read_bytes + r.u.close.totals.readv_bytes);
    }
    if (more < 0)
        printf("  at %zu: %s\n", cursor.offset, cursor.why);
}

static void
print_trace(const struct xrdmon_packet *packet)
{
    struct xrdmon_cursor cursor = xrdmon_cursor_over(packet);
    struct xrdmon_trace_record r;

    while (xrdmon_trace_next(&cursor, &r) > 0)
        if (r.type == XRDMON_TRACE_READ || r.type == XRDMON_TRACE_WRITE)
            printf("  file %" PRIu32 ": %" PRIu32 " bytes at %" PRId64 " %s\n",
                   r.dictid, r.u.rw.len_bytes, r.u.rw.offset,
                   r.type == XRDMON_TRACE_READ ? "read" : "written");
}

int
main(void)
{
    struct xrdmon_reader *reader;
    struct xrdmon_packet packet;
    const uint8_t *bytes;
    size_t len;

    int err = xrdmon_reader_new_file(&reader, stdin);
    if (err < 0) {
        fprintf(stderr, "decode: %s\n", xrdmon_strerror(err));
        return 1;
    }
    while ((err = xrdmon_reader_next(reader, &bytes, &len)) > 0) {
        if (xrdmon_packet_parse(bytes, len, &packet) < 0)
            continue;
        printf("packet %c at %" PRIu64 "\n", packet.header.code,
               xrdmon_reader_get_offset(reader));
        if (packet.kind == XRDMON_MAP)
            print_map(&packet);
        else if (packet.kind == XRDMON_FSTAT)
            print_fstat(&packet);
        else if (packet.kind == XRDMON_TRACE)
            print_trace(&packet);
    }
    if (err < 0)
        fprintf(stderr, "decode: cannot read: %s\n", xrdmon_strerror(err));
    xrdmon_reader_free(reader);
    return err < 0;
}
