/* SPDX-License-Identifier: MIT */
/* Every recorded packet: encoded again as it was, cut everywhere, and with its lengths
 * forged. Its argument is the folder of the recordings. */
#include "support/cmocka.h"
#include "support/hex.h"
#include "again.h"
#include "capture.h"

static const char *const names[] = {
    "s01-all-v553",          "s02-cluster-v553",
    "s03-pfc-v553",          "s04-twodest-restart-v553",
    "s05-gstream-text-v553", "s06-redirlocal-v553",
    "s07-frm-v553",          "s08-http-tcpmon-v553",
    "s09-mix-v610",
};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

static const char *folder, *big;

static struct hex
read_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct hex h = {.bytes = NULL, .len = 0};
    size_t room = 0, got;

    assert_non_null(f);
    do {
        if (room - h.len < 65536)
            h.bytes = realloc(h.bytes, room = room * 2 + 65536);
        assert_non_null(h.bytes);
        got = fread(h.bytes + h.len, 1, room - h.len, f);
        h.len += got;
    } while (got);
    fclose(f);
    return h;
}

static struct hex
capture(const char *name)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s.xrdmon", folder, name);
    return read_file(path);
}

/* What is encoded again from the decoded is the same, byte for byte. */
static void
round_trip(const char *name, struct hex h)
{
    struct xrdmon_scan scan = xrdmon_scan_over(h.bytes, h.len);
    const uint8_t *bytes;
    size_t len, packets = 0, records = 0;
    static uint8_t out[65536];

    while (xrdmon_scan_next(&scan, &bytes, &len)) {
        struct xrdmon_packet p;
        assert_int_equal(xrdmon_packet_parse(bytes, len, &p), 0);
        assert_int_equal(again(&p, out, sizeof(out), &records), (int)len);
        assert_memory_equal(out, bytes, len);
        packets++;
    }
    assert_int_equal(scan.skipped_bytes, 0);
    assert_true(packets > 0);
    printf("%s: %zu packets, %zu records, all encoded again as they were\n", name,
           packets, records);
    free(h.bytes);
}

static void
encodes_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAMES; i++)
        round_trip(names[i], capture(names[i]));
    round_trip("big-v553", read_file(big));
}

/* Decode the first len bytes in an allocation of their own. */
static int
decode_cut(const uint8_t *bytes, size_t len)
{
    static uint8_t out[65536];
    struct hex cut = hex_cut(bytes, len);
    struct xrdmon_packet p;
    size_t records = 0;

    int err = xrdmon_packet_parse(cut.bytes, cut.len, &p);
    if (err == 0)
        err = again(&p, out, sizeof(out), &records);
    free(cut.bytes);
    return err;
}

static void
cut_anywhere_is_truncated(void **state)
{
    size_t cuts = 0;

    (void)state;
    for (size_t i = 0; i < NAMES; i++) {
        struct hex h = capture(names[i]);
        struct xrdmon_scan scan = xrdmon_scan_over(h.bytes, h.len);
        const uint8_t *bytes;
        size_t len;
        while (xrdmon_scan_next(&scan, &bytes, &len)) {
            size_t step = len < 2048 ? 1 : len / 1024; /* the long ones: many places */
            for (size_t cut = 0; cut < len; cut += step, cuts++)
                assert_int_equal(decode_cut(bytes, cut), -XRDMON_ETRUNCATED);
        }
        free(h.bytes);
    }
    printf("%zu cuts\n", cuts);
}

/* Where the lengths stand in a packet: its own, and those of its records. */
static size_t
length_fields(const struct xrdmon_packet *p, size_t *fields, size_t room)
{
    struct xrdmon_cursor c = xrdmon_cursor_over(p);
    struct xrdmon_fstat_record f;
    struct xrdmon_redir_record r;
    size_t n = 0;

    fields[n++] = 2;
    if (p->kind == XRDMON_FSTAT)
        while (n < room && xrdmon_fstat_next(&c, &f) > 0)
            fields[n++] = c.offset + 2;
    if (p->kind == XRDMON_REDIR)
        while (n < room && xrdmon_redir_next(&c, &r) > 0)
            if (r.type == XRDMON_REDIR_REDIRECT || r.type == XRDMON_REDIR_REDLOCAL)
                fields[n++] = c.offset; /* Dent is its second byte */
    return n;
}

static void
forged_lengths_are_survived(void **state)
{
    static const uint16_t lengths[] = {0, 1, 0xffff};
    size_t forged = 0, refused = 0;

    (void)state;
    for (size_t i = 0; i < NAMES; i++) {
        struct hex h = capture(names[i]);
        struct xrdmon_scan scan = xrdmon_scan_over(h.bytes, h.len);
        const uint8_t *bytes;
        size_t len;
        while (xrdmon_scan_next(&scan, &bytes, &len)) {
            struct xrdmon_packet p;
            size_t fields[512];
            assert_int_equal(xrdmon_packet_parse(bytes, len, &p), 0);
            size_t n = length_fields(&p, fields, 512);
            for (size_t k = 0; k < n * 3; k++) {
                struct hex copy = hex_cut(bytes, len);
                size_t at = fields[k / 3];
                uint16_t value = lengths[k % 3];
                if (p.kind != XRDMON_REDIR || at == 2)
                    copy.bytes[at] = (uint8_t)(value >> 8);
                copy.bytes[at + 1] = (uint8_t)value;
                int err = decode_cut(copy.bytes, copy.len);
                /* only a Dent may be forged and make sense: its text ends elsewhere */
                if (err < 0)
                    assert_true(err == -XRDMON_ETRUNCATED || err == -XRDMON_EMALFORMED);
                else
                    assert_true(p.kind == XRDMON_REDIR && at != 2);
                refused += err < 0;
                forged++;
                free(copy.bytes);
            }
        }
        free(h.bytes);
    }
    printf("%zu lengths forged, %zu refused\n", forged, refused);
}

/* Text forms have no length: any part of one may be a datagram. */
static void
texts_are_cut_anywhere(void **state)
{
    static struct capture c;
    size_t texts = 0, cuts = 0, lines = 0;

    (void)state;
    capture_open(&c, folder, "s05-gstream-text-v553");
    while (capture_next(&c)) {
        if (c.bytes[0] != '{' && c.bytes[0] != 'c')
            continue;
        texts++;
        for (size_t len = 0; len <= c.len; len++, cuts++) {
            struct hex cut = hex_cut(c.bytes, len);
            struct xrdmon_packet p;
            struct xrdmon_gtext g;
            struct xrdmon_text line;
            int err = xrdmon_packet_parse(cut.bytes, cut.len, &p);
            if (err == 0)
                err = xrdmon_gtext_parse(&p, &g);
            assert_true(len < c.len || err == 0);
            while (err == 0 && xrdmon_lines_next(&g.lines, &line)) {
                assert_true(line.at + line.len <= (const char *)cut.bytes + cut.len);
                lines++;
            }
            free(cut.bytes);
        }
    }
    assert_int_equal(texts, 11);
    printf("%zu texts, %zu cuts, %zu lines\n", texts, cuts, lines);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_again),
        cmocka_unit_test(cut_anywhere_is_truncated),
        cmocka_unit_test(forged_lengths_are_survived),
        cmocka_unit_test(texts_are_cut_anywhere),
    };

    if (argc != 3) {
        fprintf(stderr, "usage: test-xrdmon-captures FOLDER BIG\n");
        return 2;
    }
    folder = argv[1];
    big = argv[2];
    return cmocka_run_group_tests_name("xrdmon/captures", tests, NULL, NULL);
}
