/* SPDX-License-Identifier: MIT */
/* How long things are remembered, and the accesses that are told when they end. */
#include "play.h"

static void
end(struct play *p)
{
    xrdmon_free(p->xm);
}

static void
restart_ends_accesses(void **state)
{
    struct play p = play_new((struct xrdmon_options){.want_access = true});

    (void)state;
    play_open(&p, 2, 0, "/a");
    p.stod = 400; /* a clock may have been set back */
    play_announce(&p);
    play_expect(&p, "open 2 10 user 0 '/a' /a ?; server;");
    play_tick(&p, 29 * SECOND);
    play_expect(&p, "");
    play_tick(&p, 2 * SECOND);
    play_expect(&p, "access /a ? restart 0;");
    assert_int_equal(play_stats(&p).restarts, 1);
    assert_int_equal(play_stats(&p).live_servers, 1);
    assert_int_equal(play_stats(&p).live_files, 0);
    end(&p);
}

static void
closed_is_forgotten_in_time(void **state)
{
    struct play p = play_new((struct xrdmon_options){.release_ms = 5000});

    (void)state;
    play_map(&p, 'u', 1, "al", NULL);
    play_open(&p, 2, 1, "/a");
    play_fstat(&p, XRDMON_FSTAT_XFR, 2, 5); /* frees nothing */
    play_tick(&p, 60 * SECOND);
    play_fstat(&p, XRDMON_FSTAT_CLOSE, 2, 9);
    play_fstat(&p, XRDMON_FSTAT_DISC, 1, 0);
    play_tick(&p, 4 * SECOND);
    p.told.len = 0;
    play_trace(&p,
               (struct xrdmon_trace_record){.type = XRDMON_TRACE_CLOSE, .dictid = 2});
    play_expect(&p, "close 2 0 0 /a al;");
    assert_int_equal(play_stats(&p).live_files, 1);
    play_tick(&p, 2 * SECOND);
    assert_int_equal(play_stats(&p).live_files, 0);
    assert_int_equal(play_stats(&p).live_users, 0);
    assert_int_equal(play_stats(&p).memory_bytes, 0);
    assert_int_equal(play_stats(&p).released_files, 1);
    end(&p);
}

static void
nothing_is_forgotten_if_asked(void **state)
{
    struct play p = play_new((struct xrdmon_options){.no_release = true});

    (void)state;
    play_open(&p, 2, 0, "/a");
    play_fstat(&p, XRDMON_FSTAT_CLOSE, 2, 9);
    play_tick(&p, 1000000 * SECOND);
    assert_int_equal(play_stats(&p).live_files, 1);
    end(&p);
}

static void
silence_ends_sessions(void **state)
{
    struct play p =
        play_new((struct xrdmon_options){.idle_s = 100, .want_access = true});

    (void)state;
    play_map(&p, 'u', 1, "al", NULL);
    play_open(&p, 2, 1, "/a");
    play_open(&p, 3, 1, "/b");
    play_tick(&p, 60 * SECOND);
    play_fstat(&p, XRDMON_FSTAT_XFR, 3, 5);
    p.told.len = 0;
    play_tick(&p, 60 * SECOND);
    play_expect(&p, "access /a al timeout 0;");
    play_tick(&p, 60 * SECOND);
    play_expect(&p, "access /b al timeout 5;");
    play_tick(&p, 200 * SECOND);
    assert_int_equal(play_stats(&p).live_users, 0);
    assert_int_equal(play_stats(&p).live_servers, 0);
    assert_int_equal(play_stats(&p).memory_bytes, 0);
    end(&p);
}

/* Its files are its signs of life. */
static void
a_session_lives_as_long_as_its_files(void **state)
{
    struct play p = play_new((struct xrdmon_options){.idle_s = 100});

    (void)state;
    play_map(&p, 'u', 1, "al", NULL);
    play_open(&p, 2, 1, "/a");
    for (int i = 0; i < 5; i++) {
        play_tick(&p, 60 * SECOND);
        play_fstat(&p, XRDMON_FSTAT_XFR, 2, 5);
    }
    p.told.len = 0;
    play_open(&p, 3, 1, "/b");
    play_expect(&p, "open 3 10 user 1 '/b' /b al;");
    play_tick(&p, 250 * SECOND);
    assert_int_equal(play_stats(&p).memory_bytes, 0);
    end(&p);
}

/* Two servers that speak of one file each do not hide a third whose file is done with. */
static void
silence_is_seen_behind_others(void **state)
{
    struct play p = play_new((struct xrdmon_options){.idle_s = 100});

    (void)state;
    for (p.sid = 7; p.sid < 10; p.sid++)
        play_open(&p, 2, 0, "/a");
    for (int i = 0; i < 3; i++) {
        play_tick(&p, 60 * SECOND);
        for (p.sid = 7; p.sid < 9; p.sid++)
            play_fstat(&p, XRDMON_FSTAT_XFR, 2, 5);
        play_map(&p, 'i', 1, "al", "x"); /* of the third */
    }
    assert_int_equal(play_stats(&p).live_servers, 3);
    assert_int_equal(play_stats(&p).live_files, 2);
    end(&p);
}

/* A packet with another start time, late or forged, is no end of a server that goes on. */
static void
a_server_that_speaks_has_not_ended(void **state)
{
    struct play p = play_new((struct xrdmon_options){.want_access = true});

    (void)state;
    play_open(&p, 2, 0, "/a");
    p.stod = 400;
    play_announce(&p);
    p.stod = 500;
    for (int i = 0; i < 10; i++) {
        play_tick(&p, 20 * SECOND);
        p.told.len = 0;
        play_fstat(&p, XRDMON_FSTAT_XFR, 2, 5);
        play_expect(&p, "xfr 2 5 0 0 /a ?;");
    }
    play_tick(&p, 31 * SECOND);
    play_expect(&p, "access /a ? restart 5;");
    assert_int_equal(play_stats(&p).restarts, 1);
    end(&p);
}

static void
access_is_told_once(void **state)
{
    struct play p = play_new((struct xrdmon_options){.want_access = true});

    (void)state;
    play_map(&p, 'u', 1, "al", NULL);
    play_open(&p, 2, 1, "/a");
    play_open(&p, 3, 1, "/b");
    play_open(&p, 4, 1, "/c");
    play_fstat(&p, XRDMON_FSTAT_XFR, 3, 6);
    p.told.len = 0;
    play_fstat(&p, XRDMON_FSTAT_CLOSE, 2, 5);
    play_expect(&p, "close 2 5 0 0 /a al; access /a al closed 5 final;");
    play_fstat(&p, XRDMON_FSTAT_DISC, 1, 0);
    play_expect(&p, "disc 1 al; access /b al disconnected 6; "
                    "access /c al disconnected 0;");
    play_open(&p, 5, 0, "/d");
    xrdmon_flush(p.xm);
    play_expect(&p, "open 5 10 user 0 '/d' /d ?; access /d ? flush 0;");
    play_tick(&p, 100000 * SECOND);
    play_expect(&p, "");
    end(&p);
}

/* The packet with the opens was lost: what was moved counts all the same. */
static void
access_needs_no_open(void **state)
{
    struct play p = play_new((struct xrdmon_options){.want_access = true});

    (void)state;
    play_announce(&p);
    p.told.len = 0;
    play_fstat(&p, XRDMON_FSTAT_CLOSE, 2, 5);
    play_expect(&p, "close 2 5 0 0  ?; access  ? closed 5 final;");
    play_fstat(&p, XRDMON_FSTAT_XFR, 3, 6);
    xrdmon_flush(p.xm);
    play_expect(&p, "xfr 3 6 0 0  ?; access  ? flush 6;");
    play_tick(&p, 100000 * SECOND);
    play_expect(&p, "");
    assert_int_equal(play_stats(&p).memory_bytes, 0);
    end(&p);
}

/* Senders that say no id are not one server that starts again and again. */
static void
no_id_is_no_restart(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});

    (void)state;
    p.sid = 0;
    for (uint32_t i = 0; i < 6; i++) {
        p.stod = 500 + i % 2;
        p.fstat = (uint8_t)(i / 2);
        play_open(&p, 2 + i, 0, "/a");
        play_tick(&p, 20 * SECOND);
    }
    assert_int_equal(play_stats(&p).restarts, 0);
    assert_int_equal(play_stats(&p).live_files, 6);
    end(&p);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restart_ends_accesses),
        cmocka_unit_test(closed_is_forgotten_in_time),
        cmocka_unit_test(nothing_is_forgotten_if_asked),
        cmocka_unit_test(silence_ends_sessions),
        cmocka_unit_test(a_session_lives_as_long_as_its_files),
        cmocka_unit_test(silence_is_seen_behind_others),
        cmocka_unit_test(a_server_that_speaks_has_not_ended),
        cmocka_unit_test(access_is_told_once),
        cmocka_unit_test(access_needs_no_open),
        cmocka_unit_test(no_id_is_no_restart),
    };
    return cmocka_run_group_tests_name("xrdmon/release", tests, NULL, NULL);
}
