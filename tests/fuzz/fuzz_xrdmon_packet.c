/* SPDX-License-Identifier: MIT */
/* Any bytes as a packet: decoded all the way down, and what decodes whole is encoded
 * again, decodes again, and encodes to the same from then on. */
#include "xrdmon/again.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static size_t
walk_texts(const struct xrdmon_packet *p)
{
    struct xrdmon_gtext g;
    struct xrdmon_gstream b;
    struct xrdmon_lines lines = {{NULL, 0}};
    struct xrdmon_text line;
    size_t n = 0;
    int64_t us;

    if (p->kind == XRDMON_GSTREAM && xrdmon_gstream_parse(p, &b) == 0)
        lines = b.lines;
    else if (xrdmon_gtext_parse(p, &g) == 0)
        lines = g.lines;
    while (xrdmon_lines_next(&lines, &line)) {
        n += xrdmon_json_is_valid(line);
        n += xrdmon_tpc_time(line, &us) == 0;
    }
    return n;
}

static size_t
walk_infos(const struct xrdmon_packet *p)
{
    struct xrdmon_map m;
    struct xrdmon_server_info server;
    struct xrdmon_auth_info auth;
    struct xrdmon_token_info token;
    struct xrdmon_experiment_info experiment;
    struct xrdmon_transfer_info transfer;
    struct xrdmon_purge_info purge;

    if (xrdmon_map_parse(p, &m) < 0)
        return 0;
    xrdmon_server_info(&m, &server);
    xrdmon_auth_info(&m, &auth);
    xrdmon_token_info(&m, &token);
    xrdmon_experiment_info(&m, &experiment);
    xrdmon_transfer_info(&m, &transfer);
    xrdmon_purge_info(&m, &purge);
    return server.port + auth.name.len + token.user_dictid +
           (size_t)experiment.activity + (size_t)transfer.status + purge.name_kind.len;
}

static size_t
scan(const uint8_t *bytes, size_t len)
{
    struct xrdmon_scan s = xrdmon_scan_over(bytes, len);
    const uint8_t *at;
    size_t n, sum = 0;

    while (xrdmon_scan_next(&s, &at, &n)) {
        assert(n > 0 && at >= bytes && at + n <= bytes + len);
        sum += n;
    }
    assert(sum + s.skipped_bytes == len); /* each byte is one or the other */
    return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static uint8_t first[70000], second[70000];
    struct xrdmon_packet p, q;
    size_t records = 0, records_again = 0, sum = scan(bytes, len);

    if (xrdmon_packet_parse(bytes, len, &p) < 0)
        return 0;
    sum += walk_texts(&p) + walk_infos(&p);
    int n = again(&p, first, sizeof(first), &records);
    if (n < 0)
        return 0;
    /* padding may have been added: what is there decodes to as many records */
    assert(xrdmon_packet_parse(first, (size_t)n, &q) == 0);
    assert(q.missing == 0 && q.trailing == 0);
    int m = again(&q, second, sizeof(second), &records_again);
    assert(m == n && records == records_again);
    assert(memcmp(first, second, (size_t)n) == 0);
    return sum > SIZE_MAX / 2;
}
