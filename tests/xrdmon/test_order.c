/* SPDX-License-Identifier: MIT */
/* Packets that come late, twice or never. */
#include "play.h"

static struct play
play_disconnects(struct xrdmon_options o)
{
    struct play p = play_new(o);

    play_announce(&p);
    play_expect(&p, "server;");
    return p;
}

/* An f packet that says no more than its number. */
static void
send_number(struct play *p, uint8_t pseq)
{
    p->fstat = pseq;
    play_fstat(p, XRDMON_FSTAT_DISC, pseq, 0);
}

static void
expect_counts(struct play *p, uint64_t lost, uint64_t late, uint64_t duplicates)
{
    struct xrdmon_stats s = play_stats(p);

    assert_int_equal(s.lost, lost);
    assert_int_equal(s.late, late);
    assert_int_equal(s.duplicates, duplicates);
    xrdmon_free(p->xm);
}

static void
overtaken_is_put_right(void **state)
{
    struct play p = play_disconnects((struct xrdmon_options){0});

    (void)state;
    send_number(&p, 0);
    send_number(&p, 2);
    send_number(&p, 3);
    play_expect(&p, "disc 0 ?;");
    send_number(&p, 1);
    play_expect(&p, "disc 1 ?; disc 2 ?; disc 3 ?;");
    assert_int_equal(play_stats(&p).reordered, 2);
    expect_counts(&p, 0, 0, 0);
}

static void
order_holds_over_the_wrap(void **state)
{
    struct play p = play_disconnects((struct xrdmon_options){0});

    (void)state;
    send_number(&p, 254);
    send_number(&p, 0);
    send_number(&p, 1);
    send_number(&p, 255);
    play_expect(&p, "disc 254 ?; disc 255 ?; disc 0 ?; disc 1 ?;");
    expect_counts(&p, 0, 0, 0);
}

static void
missing_is_given_up(void **state)
{
    struct play p = play_disconnects((struct xrdmon_options){.reorder_packets = 2});

    (void)state;
    send_number(&p, 0);
    send_number(&p, 3);
    send_number(&p, 4);
    play_expect(&p, "disc 0 ?;");
    send_number(&p, 5);
    play_expect(&p, "disc 3 ?; disc 4 ?; disc 5 ?;");
    expect_counts(&p, 2, 0, 0);
}

static void
missing_is_given_up_in_time(void **state)
{
    struct play p = play_disconnects((struct xrdmon_options){.reorder_ms = 200});

    (void)state;
    send_number(&p, 0);
    send_number(&p, 2);
    play_tick(&p, SECOND / 10);
    play_expect(&p, "disc 0 ?;");
    play_tick(&p, SECOND / 10);
    play_expect(&p, "disc 2 ?;");
    assert_int_equal(play_stats(&p).lost, 1);
    send_number(&p, 1); /* neither lost nor in order */
    play_expect(&p, "disc 1 ?;");
    expect_counts(&p, 0, 1, 0);
}

/* The second of two gaps came first: its packet waits no longer than any other. */
static void
none_waits_longer(void **state)
{
    struct play p = play_disconnects((struct xrdmon_options){.reorder_ms = 200});

    (void)state;
    send_number(&p, 0);
    send_number(&p, 4);
    play_tick(&p, SECOND / 10);
    send_number(&p, 2);
    play_expect(&p, "disc 0 ?;");
    play_tick(&p, SECOND / 10);
    play_expect(&p, "disc 2 ?; disc 4 ?;");
    expect_counts(&p, 2, 0, 0);
}

static void
twice_is_once(void **state)
{
    struct play p = play_disconnects((struct xrdmon_options){0});

    (void)state;
    send_number(&p, 0);
    send_number(&p, 2);
    send_number(&p, 0);
    send_number(&p, 2);
    send_number(&p, 1);
    play_expect(&p, "disc 0 ?; disc 1 ?; disc 2 ?;");
    expect_counts(&p, 0, 0, 3 - 1);
}

static void
twice_if_asked_for(void **state)
{
    struct play p = play_disconnects((struct xrdmon_options){.no_deduplicate = true});

    (void)state;
    send_number(&p, 0);
    send_number(&p, 2);
    send_number(&p, 2);
    send_number(&p, 1);
    play_expect(&p, "disc 0 ?; disc 1 ?; disc 2 ?; disc 2 ?;");
    expect_counts(&p, 0, 0, 0);
}

static void
order_can_be_off(void **state)
{
    struct play p = play_disconnects((struct xrdmon_options){.no_order = true});

    (void)state;
    send_number(&p, 0);
    send_number(&p, 2);
    play_expect(&p, "disc 0 ?; disc 2 ?;");
    assert_int_equal(play_stats(&p).lost, 1);
    send_number(&p, 1);
    play_expect(&p, "disc 1 ?;");
    expect_counts(&p, 0, 1, 0);
}

static void
long_silence_is_no_straggler(void **state)
{
    struct play p = play_disconnects((struct xrdmon_options){0});

    (void)state;
    send_number(&p, 0);
    for (unsigned i = 0; i < 20; i++) /* 199 are missing: 200 seems to be before 1 */
        send_number(&p, (uint8_t)(200 + i));
    expect_counts(&p, 199, 0, 0);
}

static void
each_port_has_a_sequence_for_maps(void **state)
{
    struct play p = play_disconnects((struct xrdmon_options){0});

    (void)state;
    for (unsigned i = 0; i < 6; i++) {
        p.source.port = (uint16_t)(i % 2);
        p.main = (uint8_t)(1 + i / 2 + 100 * (i % 2));
        play_map(&p, 'u', 10 + i, "al", NULL);
    }
    expect_counts(&p, 0, 0, 0);
}

static void
a_map_acts_before_its_turn(void **state)
{
    struct play p = play_disconnects((struct xrdmon_options){0});

    (void)state;
    p.main = 5; /* 1 to 4 are on their way */
    play_map(&p, 'u', 9, "al", NULL);
    play_expect(&p, "user al;");
    play_fstat(&p, XRDMON_FSTAT_DISC, 9, 0);
    play_expect(&p, "disc 9 al;");
    for (p.main = 1; p.main < 5;)
        play_map(&p, 'u', p.main, "bo", NULL);
    play_expect(&p, "user bo; user bo; user bo; user bo;");
    p.main = 6;
    play_map(&p, 'u', 10, "cy", NULL);
    expect_counts(&p, 0, 0, 0);
}

static void
daemons_repeat_their_first_ident(void **state)
{
    struct play p = play_disconnects((struct xrdmon_options){0});

    (void)state;
    play_map(&p, 'x', 0, "al", "/a\n&tod=1");
    p.main = 0;
    play_announce(&p);
    p.main = 2;
    play_map(&p, 'x', 0, "al", "/b\n&tod=1");
    play_expect(&p, "event7; server; event7;");
    expect_counts(&p, 0, 0, 0);
}

static void
send_text(struct play *p, const char *code, unsigned pseq, char provider)
{
    char text[300];
    int len = snprintf(text, sizeof(text),
                       "{\"code\":\"%s\",\"pseq\":%3u,\"stod\":500,\"sid\":7,\"src\":"
                       "{\"site\":\"S\",\"host\":\"h\",\"port\":1094},\"gs\":{\"type\":"
                       "\"%c\",\"tbeg\":1,\"tend\":2}}\n{\"n\":%u}",
                       code, pseq, provider, pseq);

    play_bytes(p, text, (size_t)len + 1);
}

/* Of text forms each plug-in counts from 1 to 999 and on from 0, and apart from that are
 * counted the messages that say who the server is. */
static void
texts_have_sequences(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});
    const struct xrdmon_server *server = NULL;

    (void)state;
    send_text(&p, "=", 1, 0);
    assert_true(xrdmon_server_next(p.xm, &server));
    assert_true(server->is_known && server->port == 1094 && server->site.len == 1);
    send_text(&p, "g", 998, 'P');
    send_text(&p, "g", 5, 'C');
    play_expect(&p, "event13; event12; event13; event12; event13; event12;");
    send_text(&p, "g", 0, 'P');
    play_expect(&p, "");
    send_text(&p, "g", 999, 'P');
    play_expect(&p, "event13; event12; event13; event12;");
    send_text(&p, "g", 999, 'P');
    send_text(&p, "=", 3, 0);
    send_text(&p, "g", 8, 'C');
    xrdmon_flush(p.xm);
    play_drain(&p);
    assert_int_equal(play_stats(&p).reordered, 3);
    assert_int_equal(play_stats(&p).live_servers, 1);
    expect_counts(&p, 3, 0, 1);
}

/* A head may lack what names its server, or break off. */
static void
texts_of_nobody_have_none(void **state)
{
    static const char *const rows[] = {"{\"code\":\"g\",\"pseq\":1}", "{\"TPC\":1}",
                                       "{", "code=g&pseq=+17", "<statistics>"};
    struct play p = play_new((struct xrdmon_options){0});

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        play_bytes(&p, rows[i], strlen(rows[i]));
    assert_int_equal(play_stats(&p).live_servers, 0);
    expect_counts(&p, 0, 0, 0);
}

static void
many_events_may_not_wait(void **state)
{
    struct play p = play_disconnects((struct xrdmon_options){0});
    static uint8_t packet[60000] = {'<'};
    int err = 0;
    size_t fed = 0;

    (void)state;
    while (err == 0 && fed < 1000) {
        err = xrdmon_feed(p.xm, NULL, packet, sizeof(packet), 0);
        fed += err == 0;
    }
    assert_int_equal(err, -EAGAIN);
    assert_non_null(strstr(xrdmon_errmsg(p.xm), "60000 bytes"));
    assert_true(fed > 100 && fed < 200);
    while (fed--)
        assert_non_null(xrdmon_next(p.xm));
    assert_null(xrdmon_next(p.xm));
    assert_int_equal(xrdmon_feed(p.xm, NULL, packet, sizeof(packet), 0), 0);
    xrdmon_free(p.xm);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overtaken_is_put_right),
        cmocka_unit_test(order_holds_over_the_wrap),
        cmocka_unit_test(missing_is_given_up),
        cmocka_unit_test(missing_is_given_up_in_time),
        cmocka_unit_test(none_waits_longer),
        cmocka_unit_test(twice_is_once),
        cmocka_unit_test(twice_if_asked_for),
        cmocka_unit_test(order_can_be_off),
        cmocka_unit_test(long_silence_is_no_straggler),
        cmocka_unit_test(each_port_has_a_sequence_for_maps),
        cmocka_unit_test(a_map_acts_before_its_turn),
        cmocka_unit_test(daemons_repeat_their_first_ident),
        cmocka_unit_test(texts_have_sequences),
        cmocka_unit_test(texts_of_nobody_have_none),
        cmocka_unit_test(many_events_may_not_wait),
    };
    return cmocka_run_group_tests_name("xrdmon/order", tests, NULL, NULL);
}
