/* SPDX-License-Identifier: MIT */
/* Packets made from nothing: what a caller must say, and what follows from it. */
#include "show.h"

static uint8_t bytes[65536];

static struct xrdmon_text
text_of(const char *text)
{
    return (struct xrdmon_text){text, strlen(text)};
}

static struct xrdmon_writer
begin(char code)
{
    struct xrdmon_writer w;
    xrdmon_write_begin(&w, bytes, sizeof(bytes),
                       &(struct xrdmon_header){.code = code, .stod_unix_s = 1});
    return w;
}

/* What was written says so much. */
static void
expect(struct xrdmon_writer *w, const char *want)
{
    static struct show got;
    int len = xrdmon_write_end(w);

    assert_true(len > 0);
    show_packet(&got, bytes, (size_t)len);
    assert_string_equal(got.text, want);
}

static void
parts_set_their_flags(void **state)
{
    struct xrdmon_writer w = begin('f');
    struct xrdmon_fstat_record time = {.type = XRDMON_FSTAT_TIME};
    struct xrdmon_fstat_record open = {.type = XRDMON_FSTAT_OPEN, .id = 3};
    struct xrdmon_fstat_record close = {.type = XRDMON_FSTAT_CLOSE, .id = 3};

    (void)state;
    time.u.time = (struct xrdmon_fstat_time){.has_sid = true, .sid = 7};
    open.u.open = (struct xrdmon_fstat_open){
        .is_rw = true, .has_lfn = true, .user_dictid = 1, .path = text_of("/a")};
    close.u.close = (struct xrdmon_fstat_close){
        .is_forced = true, .has_ops = true, .has_ssq = true};
    xrdmon_write_fstat(&w, &time);
    xrdmon_write_fstat(&w, &open);
    xrdmon_write_fstat(&w, &close);
    expect(&w, "f 0 1: time 0/2 0-0 sid=7 open 3 0 rw user 1 '/a' close 3 0 0 0 forced "
               "ops 0,0,0 seg 0-0 0 0-0 0-0 0-0 ssq 0 0 0 0");
}

/* A size beyond what a record needs is kept, whatever its type. */
static void
larger_records_stay_large(void **state)
{
    struct xrdmon_writer w = begin('f');
    static const uint8_t strange[12] = {9, 1, 0, 12, 0, 0, 0, 5, 1, 2, 3, 4};

    (void)state;
    for (uint8_t type = XRDMON_FSTAT_CLOSE; type <= XRDMON_FSTAT_DISC; type++) {
        struct xrdmon_fstat_record r = {.type = type, .size_bytes = 120};
        size_t before = w.len;
        xrdmon_write_fstat(&w, &r);
        assert_int_equal(w.len - before, 120);
        assert_int_equal(bytes[before + 3], 120);
    }
    struct xrdmon_fstat_record r = {
        .type = 9, .flags = 1, .id = 5, .size_bytes = 12, .bytes = strange};
    xrdmon_write_fstat(&w, &r);
    assert_int_equal(w.err, 0);
    assert_memory_equal(bytes + w.len - 12, strange, 12);
}

static void
totals_are_packed(void **state)
{
    struct xrdmon_writer w = begin('t');
    struct xrdmon_trace_record r = {.type = XRDMON_TRACE_CLOSE, .dictid = 3};

    (void)state;
    r.u.close.read_bytes = 100;
    r.u.close.write_bytes = UINT64_C(5) << 32;
    xrdmon_write_trace(&w, &r);
    r = (struct xrdmon_trace_record){.type = XRDMON_TRACE_DISC, .dictid = 1};
    r.u.disc.is_forced = r.u.disc.is_bound = true;
    xrdmon_write_trace(&w, &r);
    r = (struct xrdmon_trace_record){.type = XRDMON_TRACE_APPID};
    xrdmon_write_trace(&w, &r);
    expect(&w, "t 0 1: close 3 100 21474836480 disc 1 0s forced bound appid ''");
}

static void
reads_keep_to_their_bits(void **state)
{
    static const struct {
        uint8_t type;
        int64_t offset;
        uint32_t len;
        int err;
    } rows[] = {
        {XRDMON_TRACE_READ, INT64_MAX, INT32_MAX, 0},
        {XRDMON_TRACE_WRITE, 0, 0x80000000, 0},
        {XRDMON_TRACE_READ, 0, 0x80000000, -EINVAL}, /* would be a write */
        {XRDMON_TRACE_WRITE, 0, 0x80000001, -EINVAL},
        {XRDMON_TRACE_READ, -1, 1, -EINVAL}, /* would be another type */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct xrdmon_writer w = begin('t');
        struct xrdmon_trace_record r = {.type = rows[i].type}, again;
        struct xrdmon_packet p;
        r.u.rw.offset = rows[i].offset;
        r.u.rw.len_bytes = rows[i].len;
        xrdmon_write_trace(&w, &r);
        int len = xrdmon_write_end(&w);
        if (rows[i].err) {
            assert_int_equal(len, rows[i].err);
            continue;
        }
        assert_int_equal(xrdmon_packet_parse(bytes, (size_t)len, &p), 0);
        struct xrdmon_cursor c = xrdmon_cursor_over(&p);
        assert_int_equal(xrdmon_trace_next(&c, &again), 1);
        assert_int_equal(again.type, r.type);
        assert_int_equal(again.u.rw.offset, r.u.rw.offset);
        assert_int_equal(again.u.rw.len_bytes, r.u.rw.len_bytes);
    }
}

/* Without the bytes of what is not known there is nothing to write. */
static void
unknown_needs_its_bytes(void **state)
{
    struct xrdmon_writer w = begin('f');

    (void)state;
    xrdmon_write_fstat(&w, &(struct xrdmon_fstat_record){.type = 9, .size_bytes = 8});
    assert_int_equal(xrdmon_write_end(&w), -EINVAL);
    w = begin('t');
    xrdmon_write_trace(&w, &(struct xrdmon_trace_record){.type = XRDMON_TRACE_UNKNOWN});
    assert_int_equal(xrdmon_write_end(&w), -EINVAL);
    w = begin('r');
    xrdmon_write_redir(&w, &(struct xrdmon_redir_record){.type = XRDMON_REDIR_UNKNOWN});
    assert_int_equal(xrdmon_write_end(&w), -EINVAL);
}

static void
full_is_full(void **state)
{
    struct xrdmon_writer w;

    (void)state;
    xrdmon_write_begin(&w, bytes, 12, &(struct xrdmon_header){.code = 't'});
    xrdmon_write_trace(&w, &(struct xrdmon_trace_record){.type = XRDMON_TRACE_OPEN});
    assert_int_equal(xrdmon_write_end(&w), -ENOBUFS);
    xrdmon_write_begin(&w, bytes, 7, &(struct xrdmon_header){.code = 't'});
    assert_int_equal(xrdmon_write_end(&w), -ENOBUFS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_set_their_flags),
        cmocka_unit_test(larger_records_stay_large),
        cmocka_unit_test(totals_are_packed),
        cmocka_unit_test(reads_keep_to_their_bits),
        cmocka_unit_test(unknown_needs_its_bytes),
        cmocka_unit_test(full_is_full),
    };
    return cmocka_run_group_tests_name("xrdmon/write", tests, NULL, NULL);
}
