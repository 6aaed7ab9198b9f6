/* SPDX-License-Identifier: MIT */
/* The recordings through the engine. Its arguments are their folder and the big one. */
#include "capture.h"

struct row {
    const char *name;
    uint64_t maps, fstat, trace, redir, lines, texts; /* events, by their stream */
    uint64_t servers, twice; /* opens and closes that were traced twice */
};

/* The counts are those of NAME.events.jsonl. */
static struct row rows[] = {
    {"s01-all-v553", 218, 244, 1393, 0, 3, 0, 2, 200},
    {"s02-cluster-v553", 119, 137, 420, 51, 1, 0, 3, 88},
    {"s03-pfc-v553", 18, 108, 0, 0, 32, 0, 2, 0},
    {"s04-twodest-restart-v553", 281, 268, 1212, 0, 0, 0, 3, 516},
    {"s05-gstream-text-v553", 12, 64, 0, 0, 0, 11, 5, 0},
    {"s06-redirlocal-v553", 32, 19, 0, 17, 0, 0, 2, 0},
    {"s07-frm-v553", 21, 6, 0, 0, 0, 0, 3, 0},
    {"s08-http-tcpmon-v553", 51, 89, 386, 0, 7, 0, 1, 78},
    {"s09-mix-v610", 10, 37, 0, 0, 17, 1, 1, 0},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static const char *folder, *big;

static struct xrdmon *
new_handle(struct xrdmon_options o)
{
    struct xrdmon *xm;
    o.size = sizeof(o);
    assert_int_equal(xrdmon_new(&xm, &o), 0);
    return xm;
}

/* Counts the events of a recording by stream. */
static struct row
count_events(const char *name, struct xrdmon_options o, struct xrdmon_stats *ret_stats)
{
    static struct capture c;
    struct xrdmon *xm = new_handle(o);
    struct row got = {.name = name};
    const struct xrdmon_event *ev;

    capture_open(&c, folder, name);
    while (capture_next(&c)) {
        assert_int_equal(xrdmon_feed(xm, &c.source, c.bytes, c.len, c.time_ns), 0);
        while ((ev = xrdmon_next(xm)) != NULL) {
            got.maps += ev->type <= XRDMON_EV_PURGE;
            got.fstat += ev->type == XRDMON_EV_FSTAT;
            got.trace += ev->type == XRDMON_EV_TRACE;
            got.redir += ev->type == XRDMON_EV_REDIR;
            got.lines += ev->type == XRDMON_EV_GSTREAM && !ev->gtext;
            got.texts += ev->type == XRDMON_EV_GTEXT;
            assert_int_not_equal(ev->type, XRDMON_EV_BAD);
        }
    }
    xrdmon_get_stats(xm, ret_stats);
    got.servers = ret_stats->live_servers;
    got.twice = ret_stats->dropped_records;
    xrdmon_free(xm);
    return got;
}

static void
events_as_recorded(void **state)
{
    const struct row *row = *state;
    struct xrdmon_stats stats;
    struct row got = count_events(
        row->name, (struct xrdmon_options){.no_deduplicate = true, .no_release = true},
        &stats);

    assert_int_equal(got.maps, row->maps);
    assert_int_equal(got.fstat, row->fstat);
    assert_int_equal(got.trace, row->trace);
    assert_int_equal(got.redir, row->redir);
    assert_int_equal(got.lines, row->lines);
    assert_int_equal(got.texts, row->texts);
    assert_int_equal(got.servers, row->servers);
    /* nothing was lost when these were recorded, and the sequences show it */
    assert_int_equal(stats.lost, 0);
    assert_int_equal(stats.late, 0);
    assert_int_equal(stats.reordered, 0);
    assert_int_equal(stats.duplicates, 0);

    got = count_events(row->name, (struct xrdmon_options){.no_release = true}, &stats);
    assert_int_equal(got.trace + got.twice, row->trace);
    assert_int_equal(got.twice, row->twice);
    assert_int_equal(got.fstat, row->fstat);
    assert_int_equal(stats.lost + stats.late + stats.duplicates, 0);
}

/* Two servers of one address, started in one second: nothing lost, all resolved. */
static void
big_one_resolves(void **state)
{
    struct xrdmon *xm = new_handle((struct xrdmon_options){.no_deduplicate = true});
    struct xrdmon_reader *reader;
    struct xrdmon_stats stats;
    const uint8_t *bytes;
    size_t len;
    uint64_t events = 0;
    FILE *f = fopen(big, "rb");

    (void)state;
    assert_non_null(f);
    assert_int_equal(xrdmon_reader_new_file(&reader, f), 0);
    while (xrdmon_reader_next(reader, &bytes, &len) > 0) {
        assert_int_equal(xrdmon_feed(xm, NULL, bytes, len, 0), 0);
        while (xrdmon_next(xm) != NULL)
            events++;
    }
    xrdmon_get_stats(xm, &stats);
    assert_int_equal(stats.packets, 23491);
    assert_int_equal(stats.events, events);
    assert_int_equal(stats.lost, 0);
    assert_int_equal(stats.late, 0);
    assert_int_equal(stats.live_servers, 2);
    assert_int_equal(stats.live_users, 2000);
    assert_int_equal(stats.live_files, 17655);
    assert_int_equal(stats.unresolved_paths, 0);
    assert_int_equal(stats.unresolved_users, 0);
    assert_int_equal(xrdmon_reader_get_skipped(reader, NULL), 0);
    printf("%llu events, %llu bytes remembered\n", (unsigned long long)events,
           (unsigned long long)stats.memory_bytes);
    xrdmon_reader_free(reader);
    fclose(f);
    xrdmon_free(xm);
}

int
main(int argc, char **argv)
{
    struct CMUnitTest tests[ROWS + 1];

    if (argc != 3) {
        fprintf(stderr, "usage: test-xrdmon-engine FOLDER BIG\n");
        return 2;
    }
    folder = argv[1];
    big = argv[2];
    for (size_t i = 0; i < ROWS; i++) {
        tests[i] =
            (struct CMUnitTest)cmocka_unit_test_prestate(events_as_recorded, &rows[i]);
        tests[i].name = rows[i].name;
    }
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(big_one_resolves);
    return cmocka_run_group_tests_name("xrdmon/engine", tests, NULL, NULL);
}
