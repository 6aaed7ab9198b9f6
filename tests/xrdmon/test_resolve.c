/* SPDX-License-Identifier: MIT */
/* Who did what: identity and resolution, windows, and what is bad. */
#include "play.h"

static void
end(struct play *p)
{
    xrdmon_free(p->xm);
}

static void
open_names_path_and_user(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});

    (void)state;
    play_announce(&p);
    play_map(&p, 'u', 1, "al", "&p=gsi&n=/CN=al");
    play_open(&p, 2, 1, "/a");
    play_fstat(&p, XRDMON_FSTAT_XFR, 2, 5);
    play_fstat(&p, XRDMON_FSTAT_CLOSE, 2, 9);
    play_fstat(&p, XRDMON_FSTAT_DISC, 1, 0);
    play_expect(&p, "server; user al+/CN=al; open 2 10 user 1 '/a' /a al+/CN=al; "
                    "xfr 2 5 0 0 /a al+/CN=al; close 2 9 0 0 /a al+/CN=al; "
                    "disc 1 al+/CN=al;");
    end(&p);
}

static void
open_without_path_has_the_map(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});

    (void)state;
    play_map(&p, 'u', 1, "al", NULL);
    play_map(&p, 'd', 2, "al", "/a");
    play_open(&p, 2, 0, NULL);
    play_expect(&p, "user al; path /a al; open 2 10 /a al;");
    assert_int_equal(play_stats(&p).unknown_servers, 3);
    end(&p);
}

static void
user_may_come_after_its_path(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});

    (void)state;
    play_map(&p, 'd', 2, "al", "/a");
    play_open(&p, 2, 0, NULL);
    play_map(&p, 'u', 1, "al", "&n=x");
    play_fstat(&p, XRDMON_FSTAT_CLOSE, 2, 0);
    play_expect(&p, "path /a al; open 2 10 /a al; user al+x; close 2 0 0 0 /a al+x;");
    assert_int_equal(play_stats(&p).live_users, 1);
    end(&p);
}

static void
user_may_come_after_the_open(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});

    (void)state;
    play_open(&p, 2, 1, "/a");
    play_map(&p, 'u', 1, "al", NULL);
    play_fstat(&p, XRDMON_FSTAT_CLOSE, 2, 0);
    play_expect(&p, "open 2 10 user 1 '/a' /a ?; user al; close 2 0 0 0 /a al;");
    end(&p);
}

static void
equal_userids_are_two_sessions(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});

    (void)state;
    play_map(&p, 'u', 1, "al", "&n=first");
    play_map(&p, 'd', 2, "al", "/a");
    play_map(&p, 'u', 3, "al", "&n=second");
    play_map(&p, 'd', 4, "al", "/b");
    play_open(&p, 2, 0, NULL);
    play_open(&p, 4, 0, NULL);
    play_fstat(&p, XRDMON_FSTAT_DISC, 1, 0);
    play_expect(&p,
                "user al+first; path /a al+first; user al+second; path /b al+second; "
                "open 2 10 /a al+first; open 4 10 /b al+second; disc 1 al+first;");
    end(&p);
}

static void
what_is_unknown_is_told(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});
    struct xrdmon_trace_record r = {.type = XRDMON_TRACE_READ, .dictid = 8};

    (void)state;
    play_fstat(&p, XRDMON_FSTAT_CLOSE, 2, 1);
    play_trace(&p, r);
    play_expect(&p, "close 2 1 0 0  ?; read 8 0@0  ?;");
    assert_int_equal(play_stats(&p).unresolved_paths, 2);
    assert_int_equal(play_stats(&p).unresolved_users, 2);
    end(&p);
}

static void
strict_leaves_it_out(void **state)
{
    struct play p = play_new((struct xrdmon_options){.is_strict = true});

    (void)state;
    play_map(&p, 'u', 1, "al", NULL); /* its server has not come */
    play_open(&p, 2, 0, "/a");
    play_announce(&p);
    play_map(&p, 'i', 5, "al", "app"); /* xrootdlib dies of it */
    play_open(&p, 2, 1, "/a");
    play_open(&p, 3, 0, "/b");
    play_fstat(&p, XRDMON_FSTAT_CLOSE, 2, 1);
    play_fstat(&p, XRDMON_FSTAT_CLOSE, 3, 1);
    play_expect(&p, "server; open 3 10 user 0 '/b' /b ?; close 3 1 0 0 /b ?;");
    end(&p);
}

static void
tokens_and_codes_join_the_session(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});
    const struct xrdmon_event *ev;
    struct xrdmon_writer w;

    (void)state;
    play_map(&p, 'u', 1, "al", NULL);
    play_map(&p, 'T', 2, "al", "&Uc=1&s=sub&g=/g ");
    play_map(&p, 'U', 3, "al", "&Uc=1&Ec=2&Ac=16");
    play_map(&p, 'i', 4, "al", "app");
    play_expect(&p, "user al; event5; event6; event4;");
    play_begin(&p, &w, 'u');
    xrdmon_write_map(
        &w, &(struct xrdmon_map){.dictid = 1, .userid.raw = {"xroot/al.1:7@h", 14}});
    assert_int_equal(
        xrdmon_feed(p.xm, &p.source, w.bytes, (size_t)xrdmon_write_end(&w), p.now_ns),
        0);
    ev = xrdmon_next(p.xm);
    assert_non_null(ev);
    assert_memory_equal(ev->client->token.subject.at, "sub", 3);
    assert_int_equal(ev->client->experiment.activity, 16);
    assert_memory_equal(ev->client->appinfo.at, "app", 3);
    end(&p);
}

/* What overtook the 'u' waits for it by the userid; an older session that has the same is
 * another. */
static void
tokens_may_come_before_their_user(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});
    const struct xrdmon_event *ev;
    struct xrdmon_writer w;

    (void)state;
    play_map(&p, 'u', 1, "al", "&p=gsi&n=old");
    play_map(&p, 'T', 4, "al", "&Uc=2&s=sub");
    play_map(&p, 'U', 5, "al", "&Uc=2&Ec=2&Ac=16");
    play_map(&p, 'i', 6, "al", "app");
    play_map(&p, 'u', 2, "al", "&p=gsi&n=new");
    play_open(&p, 7, 1, "/a");
    play_expect(&p, "user al+old; event5; event6; event4; user al+new; "
                    "open 7 10 user 1 '/a' /a al+old;");
    play_fstat_begin(&p, &w);
    xrdmon_write_fstat(
        &w, &(struct xrdmon_fstat_record){.type = XRDMON_FSTAT_DISC, .id = 2});
    assert_int_equal(
        xrdmon_feed(p.xm, &p.source, w.bytes, (size_t)xrdmon_write_end(&w), p.now_ns),
        0);
    ev = xrdmon_next(p.xm);
    assert_non_null(ev);
    assert_int_equal(ev->client->dictid, 2);
    assert_memory_equal(ev->client->auth.name.at, "new", 3);
    assert_memory_equal(ev->client->token.subject.at, "sub", 3);
    assert_int_equal(ev->client->experiment.activity, 16);
    assert_memory_equal(ev->client->appinfo.at, "app", 3);
    assert_int_equal(play_stats(&p).live_users, 2);
    end(&p);
}

static void
one_second_two_servers(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});

    (void)state;
    play_map(&p, 'd', 2, "al", "/a");
    p.sid = 8;
    play_map(&p, 'd', 2, "bo", "/b");
    play_open(&p, 2, 0, NULL);
    p.sid = 7;
    p.fstat = 0;
    play_open(&p, 2, 0, NULL);
    p.source.address[15] = 9; /* the same id and time, from elsewhere */
    p.fstat = 0;
    play_open(&p, 2, 0, NULL);
    play_expect(&p, "path /a al; path /b bo; open 2 10 /b bo; open 2 10 /a al; "
                    "open 2 10  ?;");
    assert_int_equal(play_stats(&p).live_servers, 3);
    end(&p);
}

static void
addresses_can_be_ignored(void **state)
{
    struct play p = play_new((struct xrdmon_options){.ignore_address = true});

    (void)state;
    play_map(&p, 'd', 2, "al", "/a");
    p.source.address[15] = 9;
    play_open(&p, 2, 0, NULL);
    play_expect(&p, "path /a al; open 2 10 /a al;");
    end(&p);
}

static void
segments_go_on_in_the_next_packet(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});
    struct xrdmon_trace_record r = {.type = XRDMON_TRACE_READU, .dictid = 2};

    (void)state;
    play_map(&p, 'd', 2, "al", "/a");
    p.told.len = 0;
    r.u.readv.segments = 2;
    play_trace(&p, r);
    r = (struct xrdmon_trace_record){.type = XRDMON_TRACE_READ, .dictid = 2};
    play_trace(&p, r);
    play_trace(&p, r);
    play_trace(&p, r);
    play_expect(&p, "readu 2 #0 2x 0 /a al; segment: read 2 0@0 /a al; "
                    "segment: read 2 0@0 /a al; read 2 0@0 /a al;");
    end(&p);
}

static void
segments_that_never_come_end_with_the_file(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});
    struct xrdmon_trace_record r = {.type = XRDMON_TRACE_READU, .dictid = 2};

    (void)state;
    r.u.readv.segments = 65535; /* of a file that nobody named */
    play_trace(&p, r);
    r = (struct xrdmon_trace_record){.type = XRDMON_TRACE_READ, .dictid = 3};
    play_trace(&p, r);
    r = (struct xrdmon_trace_record){.type = XRDMON_TRACE_CLOSE, .dictid = 2};
    play_trace(&p, r);
    r = (struct xrdmon_trace_record){.type = XRDMON_TRACE_READ, .dictid = 2};
    play_trace(&p, r);
    play_expect(&p, "readu 2 #0 65535x 0  ?; read 3 0@0  ?; close 2 0 0  ?; "
                    "read 2 0@0  ?;");
    end(&p);
}

static void
opens_traced_twice_are_one(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});
    struct xrdmon_trace_record r = {.type = XRDMON_TRACE_OPEN, .dictid = 2};

    (void)state;
    play_map(&p, 'd', 2, "al", "/a");
    p.told.len = 0;
    play_trace(&p, r);
    play_trace(&p, r);
    r.type = XRDMON_TRACE_CLOSE;
    play_trace(&p, r);
    play_trace(&p, r);
    play_expect(&p, "open 2 0 /a al; close 2 0 0 /a al;");
    assert_int_equal(play_stats(&p).dropped_records, 2);
    end(&p);
}

static void
a_bound_path_is_no_session(void **state)
{
    struct play p = play_new((struct xrdmon_options){.release_ms = 1});
    struct xrdmon_trace_record r = {.type = XRDMON_TRACE_DISC, .dictid = 1};

    (void)state;
    play_map(&p, 'u', 1, "al", NULL);
    r.u.disc.flags = XRDMON_TRACE_BOUND;
    play_trace(&p, r);
    play_tick(&p, SECOND);
    assert_int_equal(play_stats(&p).live_users, 1);
    r.u.disc.flags = XRDMON_TRACE_FORCED;
    play_trace(&p, r);
    play_tick(&p, SECOND);
    assert_int_equal(play_stats(&p).live_users, 0);
    end(&p);
}

static void
marks_of_others_are_forged(void **state)
{
    struct play p = play_new((struct xrdmon_options){.want_windows = true});
    struct xrdmon_trace_record r = {.type = XRDMON_TRACE_WINDOW};

    (void)state;
    play_trace(&p, r); /* its server is 0 */
    play_expect(&p, "[100-105; unknown e0  ?; ];");
    assert_int_equal(play_stats(&p).forged_windows, 1);
    end(&p);
}

static void
windows_hold_what_has_events(void **state)
{
    struct play p =
        play_new((struct xrdmon_options){.want_windows = true, .want_access = true});
    struct xrdmon_writer w;

    (void)state;
    play_announce(&p);
    play_open(&p, 2, 0, "/a");
    play_fstat_begin(&p, &w); /* none */
    play_send(&p, &w);
    play_fstat(&p, XRDMON_FSTAT_CLOSE, 2, 5);
    play_expect(&p, "server; [100-110; open 2 10 user 0 '/a' /a ?; ]; [100-110; "
                    "close 2 5 0 0 /a ?; access /a ? closed 5 final; ];");
    end(&p);
}

static void
bad_packets_are_told_and_the_rest_goes_on(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});
    struct xrdmon_writer w;
    struct xrdmon_fstat_record r = {.type = XRDMON_FSTAT_DISC, .id = 5};
    static const uint8_t lie[] = {4, 0, 0, 0, 0, 0, 0, 1};

    (void)state;
    play_fstat_begin(&p, &w);
    xrdmon_write_fstat(&w, &r);
    xrdmon_write_bytes(&w, lie, sizeof(lie));
    play_send(&p, &w);
    play_bytes(&p, "?", 1);
    play_bytes(&p, "", 0);
    play_bytes(&p, "u\0\0\7aaaa", 8);
    play_begin(&p, &w, 'f');
    xrdmon_write_fstat(&w, &r);
    play_send(&p, &w);
    play_begin(&p, &w, 't');
    xrdmon_write_trace(&w, &(struct xrdmon_trace_record){.type = XRDMON_TRACE_READ});
    play_send(&p, &w);
    play_begin(&p, &w, 'g');
    play_send(&p, &w);
    play_expect(&p, "disc 5 ?; bad@40; bad@0; bad@0; bad@2; bad@8; disc 5 ?; bad@8; "
                    "read 0 0@0  ?; bad@8;");
    struct xrdmon_stats s = play_stats(&p);
    assert_int_equal(s.bad_malformed, 4);
    assert_int_equal(s.bad_unknown, 1);
    assert_int_equal(s.bad_truncated, 2);
    end(&p);
}

static void
bad_packets_speak_of_no_file(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});
    struct xrdmon_fstat_record r = {.type = XRDMON_FSTAT_OPEN, .flags = 1, .id = 2};
    struct xrdmon_writer w;
    const struct xrdmon_event *ev;

    (void)state;
    play_map(&p, 'd', 2, "al", "/a");
    r.u.open.has_lfn = true;
    r.u.open.path = (struct xrdmon_text){"/a", 2};
    play_fstat_begin(&p, &w);
    xrdmon_write_fstat(&w, &r);
    xrdmon_write_bytes(&w, "\0\0\0\0", 4);
    assert_int_equal(
        xrdmon_feed(p.xm, &p.source, w.bytes, (size_t)xrdmon_write_end(&w), p.now_ns),
        0);
    ev = xrdmon_next(p.xm);
    assert_int_equal(ev->type, XRDMON_EV_FSTAT);
    assert_non_null(ev->client);
    assert_non_null(ev->path.at);
    ev = xrdmon_next(p.xm);
    assert_int_equal(ev->type, XRDMON_EV_BAD);
    assert_null(ev->client);
    assert_null(ev->path.at);
    assert_int_equal(ev->id, 0);
    end(&p);
}

static void
counts_of_a_server(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});
    const struct xrdmon_server *server = NULL;
    struct xrdmon_stats s;

    (void)state;
    play_announce(&p);
    p.sid = 8;
    play_open(&p, 2, 0, "/a");
    assert_true(xrdmon_server_next(p.xm, &server));
    assert_int_equal(server->sid, 7);
    assert_true(server->is_known);
    assert_int_equal(server->port, 1094);
    xrdmon_server_get_stats(server, &s);
    assert_int_equal(s.packets_by_code['='], 1);
    assert_true(xrdmon_server_next(p.xm, &server));
    assert_false(server->is_known);
    xrdmon_server_get_stats(server, &s);
    assert_int_equal(s.packets_by_code['f'], 1);
    assert_int_equal(s.events_by_type[XRDMON_EV_FSTAT], 1);
    assert_int_equal(s.live_files, 1);
    assert_false(xrdmon_server_next(p.xm, &server));
    end(&p);
}

static void
options_know_their_size(void **state)
{
    struct {
        struct xrdmon_options o;
        uint64_t more;
    } newer = {.o.size = sizeof(newer)};
    struct xrdmon *xm;

    (void)state;
    assert_int_equal(xrdmon_new(&xm, &newer.o), 0);
    xrdmon_free(xm);
    newer.more = 1;
    assert_int_equal(xrdmon_new(&xm, &newer.o), -E2BIG);
    newer.o.size = 4;
    assert_int_equal(xrdmon_new(&xm, &newer.o), -EINVAL);
    newer.o.size = sizeof(newer.o);
    newer.o.reorder_packets = 128;
    assert_int_equal(xrdmon_new(&xm, &newer.o), -EINVAL);
    assert_int_equal(xrdmon_new(&xm, NULL), 0);
    xrdmon_free(xm);
    xrdmon_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_names_path_and_user),
        cmocka_unit_test(open_without_path_has_the_map),
        cmocka_unit_test(user_may_come_after_its_path),
        cmocka_unit_test(user_may_come_after_the_open),
        cmocka_unit_test(equal_userids_are_two_sessions),
        cmocka_unit_test(what_is_unknown_is_told),
        cmocka_unit_test(strict_leaves_it_out),
        cmocka_unit_test(tokens_and_codes_join_the_session),
        cmocka_unit_test(tokens_may_come_before_their_user),
        cmocka_unit_test(one_second_two_servers),
        cmocka_unit_test(addresses_can_be_ignored),
        cmocka_unit_test(segments_go_on_in_the_next_packet),
        cmocka_unit_test(segments_that_never_come_end_with_the_file),
        cmocka_unit_test(opens_traced_twice_are_one),
        cmocka_unit_test(a_bound_path_is_no_session),
        cmocka_unit_test(marks_of_others_are_forged),
        cmocka_unit_test(windows_hold_what_has_events),
        cmocka_unit_test(bad_packets_are_told_and_the_rest_goes_on),
        cmocka_unit_test(bad_packets_speak_of_no_file),
        cmocka_unit_test(counts_of_a_server),
        cmocka_unit_test(options_know_their_size),
    };
    return cmocka_run_group_tests_name("xrdmon/resolve", tests, NULL, NULL);
}
