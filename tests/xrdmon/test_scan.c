/* SPDX-License-Identifier: MIT */
/* Packets back to back, with garbage in between. */
#define _DEFAULT_SOURCE
#include "play.h"

#include <unistd.h>

/* Two maps and a trace packet, as hex. */
#define MAP_A "75 00 001a 00000001 00000001 'x/a.1:7@host-a'"
#define MAP_B "64 01 001e 00000001 00000002 'x/a.1:7@host' 0a '/path'"
#define TRACE "74 02 0018 00000001 e0 00 000000000007 00000064 00000064"

struct row {
    const char *name, *hex;
    const char *want; /* where each packet begins, and what was skipped */
};

static struct row rows[] = {
    {"nothing", "", "; 0"},
    {"one", MAP_A, "0; 0"},
    {"three", MAP_A MAP_B TRACE, "0 26 56; 0"},
    {"garbage first", "00 01 02 03" MAP_A MAP_B, "4 30; 4 at 0"},
    {"garbage between", MAP_A "'what is this'" MAP_B, "0 38; 12 at 26"},
    {"garbage last", MAP_A "ffff", "0; 2 at 26"},
    {"plen 0", MAP_A "75 00 0000 00000001" MAP_B, "0 34; 8 at 26"},
    {"plen 7", MAP_A "75 00 0007 00000001" MAP_B, "0 34; 8 at 26"},
    {"a plen that lies", MAP_A "75 00 0010 00000001 00000001 'x/a.1:7@h-b'" MAP_B,
     "0 49; 23 at 26"},
    {"a plen past the end", MAP_A "75 00 ffff 00000001 00000001 'x/a.1:7@h-b'" MAP_B,
     "0 49; 23 at 26"},
    {"cut short", MAP_A "75 00 001a 00000001 00000001 'x/a.1:7@'", "0 26; 0"},
    {"cut short, with what is nearly a map in it",
     MAP_A "74 02 0048 00000001 e0 00 000000000007 00000064 00000064"
           "64 01 0018 00000001 00000002 '/path/of/u@h' 75 00 0018 00000001 0000",
     "0 26; 0"},
    {"cut short, with what is nearly a g packet in it",
     MAP_A "74 02 0048 00000001 e0 00 000000000007 00000064 00000064"
           "67 00 001c 00000001 00000000 00000000 43 00 000000000000 01020300"
           "75 00 0018 00000001 0000",
     "0 26; 0"},
    {"cut in a header", MAP_A "75 00 00", "0; 3 at 26"},
    {"text that could be a packet cut short", "'dddddddddddddddddddddddd'", "0; 0"},
};

static void
check_scan(struct xrdmon_scan *scan, const char *want)
{
    static struct show s;
    const uint8_t *bytes;
    size_t len;

    s.len = 0;
    s.text[0] = 0;
    while (xrdmon_scan_next(scan, &bytes, &len))
        SHOW(&s, "%s%zu", s.len ? " " : "", (size_t)(bytes - scan->start));
    SHOW(&s, "; %zu", (size_t)scan->skipped_bytes);
    if (scan->skipped_bytes)
        SHOW(&s, " at %zu", scan->skipped_at);
    assert_string_equal(s.text, want);
}

static void
check_reader(struct xrdmon_reader *reader, const char *want)
{
    static struct show s;
    const uint8_t *bytes;
    size_t len;
    uint64_t at = 0, skipped;

    s.len = 0;
    s.text[0] = 0;
    while (xrdmon_reader_next(reader, &bytes, &len) > 0)
        SHOW(&s, "%s%zu", s.len ? " " : "", (size_t)xrdmon_reader_get_offset(reader));
    skipped = xrdmon_reader_get_skipped(reader, &at);
    SHOW(&s, "; %zu", (size_t)skipped);
    if (skipped)
        SHOW(&s, " at %zu", (size_t)at);
    assert_string_equal(s.text, want);
    xrdmon_reader_free(reader);
}

/* The same from memory, from a file and from a descriptor. */
static void
finds_packets(void **state)
{
    const struct row *row = *state;
    struct hex h = show_bytes(row->hex);
    struct xrdmon_scan scan = xrdmon_scan_over(h.bytes, h.len);
    struct xrdmon_reader *reader;
    FILE *f = tmpfile();

    check_scan(&scan, row->want);
    assert_non_null(f);
    assert_int_equal(fwrite(h.bytes, 1, h.len, f), h.len);
    rewind(f);
    assert_int_equal(xrdmon_reader_new_file(&reader, f), 0);
    check_reader(reader, row->want);
    fclose(f);

    int fds[2];
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], h.bytes, h.len), (ssize_t)h.len);
    close(fds[1]);
    assert_int_equal(xrdmon_reader_new_fd(&reader, fds[0]), 0);
    check_reader(reader, row->want);
    close(fds[0]);
    free(h.bytes);
}

/* A live pipe: a packet that is there comes out though nothing follows. */
static void
a_whole_packet_does_not_wait(void **state)
{
    struct hex h = show_bytes(MAP_A);
    struct xrdmon_reader *reader;
    const uint8_t *bytes;
    size_t len;
    int fds[2];

    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(xrdmon_reader_new_fd(&reader, fds[0]), 0);
    assert_int_equal(write(fds[1], h.bytes, h.len), (ssize_t)h.len);
    assert_int_equal(xrdmon_reader_next(reader, &bytes, &len), 1);
    assert_int_equal(len, h.len);
    assert_int_equal(write(fds[1], h.bytes, 10), 10);
    assert_int_equal(write(fds[1], h.bytes + 10, h.len - 10), (ssize_t)h.len - 10);
    assert_int_equal(xrdmon_reader_next(reader, &bytes, &len), 1);
    close(fds[1]);
    assert_int_equal(xrdmon_reader_next(reader, &bytes, &len), 0);
    xrdmon_reader_free(reader);
    close(fds[0]);
    assert_int_equal(xrdmon_reader_new_fd(&reader, -1), -EBADF);
    assert_int_equal(xrdmon_reader_new_file(&reader, NULL), -EINVAL);
    free(h.bytes);
}

/* Packets of 64 KiB, so many that the reader's memory is used again and again. */
static void
large_packets_pass_through(void **state)
{
    static uint8_t packet[65535];
    struct xrdmon_reader *reader;
    const uint8_t *bytes;
    size_t len, n = 0;
    FILE *f = tmpfile();

    (void)state;
    assert_non_null(f);
    memcpy(packet, "d\0\xff\xff\0\0\0\1\0\0\0\2x/a.1:7@h\n", 22);
    memset(packet + 22, 'a', sizeof(packet) - 22);
    for (int i = 0; i < 40; i++)
        assert_int_equal(fwrite(packet, 1, sizeof(packet), f), sizeof(packet));
    rewind(f);
    assert_int_equal(xrdmon_reader_new_file(&reader, f), 0);
    for (; xrdmon_reader_next(reader, &bytes, &len) > 0; n++) {
        assert_int_equal(len, sizeof(packet));
        assert_int_equal(xrdmon_reader_get_offset(reader), n * sizeof(packet));
    }
    assert_int_equal(n, 40);
    assert_int_equal(xrdmon_reader_get_skipped(reader, NULL), 0);
    xrdmon_reader_free(reader);
    fclose(f);
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS + 2];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] =
            (struct CMUnitTest)cmocka_unit_test_prestate(finds_packets, &rows[i]);
        tests[i].name = rows[i].name;
    }
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(a_whole_packet_does_not_wait);
    tests[ROWS + 1] = (struct CMUnitTest)cmocka_unit_test(large_packets_pass_through);
    return cmocka_run_group_tests_name("xrdmon/scan", tests, NULL, NULL);
}
