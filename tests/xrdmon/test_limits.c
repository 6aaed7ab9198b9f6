/* SPDX-License-Identifier: MIT */
/* Floods: memory has its limits, whoever sends. */
#include "play.h"

#include <bytekit/wr.h>

static uint32_t
scramble(uint32_t i)
{
    i = (i ^ i >> 16) * 0x45d9f3bU;
    return (i ^ i >> 16) * 0x45d9f3bU;
}

static void
flood_with_ids(uint32_t (*id)(uint32_t), uint32_t n)
{
    struct play p = play_new((struct xrdmon_options){.max_memory_bytes = 4 << 20});
    uint8_t packet[] = "d\0\0\x1d\0\0\1\xf4\0\0\0\0xroot/al.1:7@h\n/f";

    p.is_flood = true;
    for (uint32_t i = 1; i <= n; i++) {
        packet[1] = (uint8_t)i;
        wr_be32(packet + 8, id(i));
        packet[18] = i % 2 ? 'a' : 'b'; /* two users */
        play_bytes(&p, packet, sizeof(packet) - 1);
    }
    struct xrdmon_stats s = play_stats(&p);
    assert_true(s.memory_bytes <= 4 << 20);
    assert_true(s.live_files > 4000);
    assert_true(s.evicted_files + s.live_files >= n - n / 1000);
    assert_int_equal(s.lost, 0);
    xrdmon_free(p.xm);
}

static uint32_t
plain(uint32_t i)
{
    return i;
}

static uint32_t
spread(uint32_t i)
{
    return i << 12; /* the low bits say nothing */
}

static void
ids_without_end(void **state)
{
    (void)state;
    flood_with_ids(plain, 50000);
}

static void
a_million_random_ids(void **state)
{
    (void)state;
    flood_with_ids(scramble, 1000000);
}

static void
ids_with_equal_ends(void **state)
{
    (void)state;
    flood_with_ids(spread, 50000);
}

static void
hundred_thousand_servers(void **state)
{
    struct play p = play_new((struct xrdmon_options){.max_servers = 1000});

    (void)state;
    p.is_flood = true;
    for (uint32_t i = 0; i < 100000; i++) {
        memcpy(p.source.address, &i, 4);
        p.stod = scramble(i);
        p.main = p.fstat = 0;
        play_map(&p, 'd', 1, "al", "/a");
        p.fstat = (uint8_t)i;
        play_open(&p, 2, 0, "/b");
    }
    struct xrdmon_stats s = play_stats(&p);
    assert_int_equal(s.live_servers, 1000);
    assert_int_equal(s.evicted_servers, 99000);
    assert_int_equal(s.live_files, 2000);
    assert_int_equal(s.packets, 200000);
    xrdmon_free(p.xm);
}

/* Its packet waits to be told while it is made to go. */
static void
a_server_that_is_gone_remembers_nothing(void **state)
{
    struct play p = play_new((struct xrdmon_options){.max_servers = 1});
    struct xrdmon_writer w;
    struct xrdmon_fstat_record r = {.type = XRDMON_FSTAT_OPEN, .flags = 1, .id = 2};

    (void)state;
    r.u.open.has_lfn = true;
    r.u.open.path = (struct xrdmon_text){"/a", 2};
    play_fstat_begin(&p, &w);
    xrdmon_write_fstat(&w, &r);
    assert_int_equal(xrdmon_feed(p.xm, NULL, w.bytes, (size_t)xrdmon_write_end(&w), 0),
                     0);
    p.sid = 8;
    play_fstat(&p, XRDMON_FSTAT_DISC, 1, 0);
    play_expect(&p, "open 2 0 user 0 '/a' /a ?; disc 1 ?;");
    assert_int_equal(play_stats(&p).live_files, 0);
    assert_int_equal(play_stats(&p).events, 2);
    xrdmon_free(p.xm);
}

static void
ports_and_providers_without_end(void **state)
{
    struct play p = play_new((struct xrdmon_options){0});

    (void)state;
    p.is_flood = true;
    play_announce(&p);
    for (unsigned i = 0; i < 20000; i++) {
        p.source.port = (uint16_t)i;
        p.main = (uint8_t)scramble(i);
        play_map(&p, 'i', 1, "al", "x");
    }
    assert_int_equal(play_stats(&p).live_servers, 1);
    xrdmon_free(p.xm);
}

/* Sessions that have one userid, incarnations of one server, servers of one start time:
 * none of them is walked through to find one. */
static void
what_is_equal_is_found(void **state)
{
    enum { FLOOD = 15000 };
    struct play p = play_new((struct xrdmon_options){.max_memory_bytes = 16 << 20});

    (void)state;
    p.is_flood = true;
    for (uint32_t i = 1; i <= 2 * FLOOD; i++)
        play_map(&p, 'u', i, "al", NULL);
    assert_int_equal(play_stats(&p).evicted_users + play_stats(&p).live_users,
                     2 * FLOOD);
    for (uint32_t i = 0; i < FLOOD; i++) {
        p.stod = scramble(i);
        play_map(&p, 'u', 1, "al", NULL);
    }
    assert_int_equal(play_stats(&p).restarts, FLOOD);
    for (uint32_t i = 0; i < FLOOD; i++) {
        p.sid = i + 8;
        play_map(&p, 'u', 1, "al", NULL);
    }
    assert_int_equal(play_stats(&p).restarts, FLOOD);
    xrdmon_free(p.xm);
}

/* A gap in each of many sequences. Maps keep no more than their place, and all sequences
 * together keep to a bound: of those that went, a gap is no longer known. */
static void
gaps_in_every_sequence(void **state)
{
    enum { SERVERS = 300, PORTS = 64 };
    struct play p = play_new((struct xrdmon_options){.reorder_packets = 127});

    (void)state;
    p.is_flood = true;
    for (uint32_t i = 0; i < 4 * SERVERS * PORTS; i++) {
        p.sid = i % SERVERS + 1;
        p.source.port = (uint16_t)(i / SERVERS % PORTS);
        p.main = (uint8_t)(i / SERVERS / PORTS * 2);
        play_map(&p, 'i', 1, "al", "x");
    }
    xrdmon_flush(p.xm);
    assert_int_equal(play_stats(&p).events, 4 * SERVERS * PORTS);
    assert_int_equal(play_stats(&p).lost, 0);
    xrdmon_free(p.xm);
}

static void
evicted_accesses_are_told(void **state)
{
    struct play p = play_new(
        (struct xrdmon_options){.max_memory_bytes = 1000, .want_access = true});

    (void)state;
    for (uint32_t i = 0; i < 8; i++)
        play_open(&p, i + 1, 0, i % 2 ? "/odd" : "/even");
    p.told.text[p.told.len] = 0;
    assert_non_null(strstr(p.told.text, "access /even ? evicted 0;"));
    p.told.len = 0;
    assert_true(play_stats(&p).evicted_files >= 1);
    xrdmon_free(p.xm);
}

/* One goes for each that comes, and not all at once since none is told yet. */
static void
accesses_are_evicted_one_by_one(void **state)
{
    enum { FILES = 3000 };
    struct play p = play_new(
        (struct xrdmon_options){.max_memory_bytes = 100000, .want_access = true});

    (void)state;
    p.is_flood = true;
    play_map(&p, 'u', 1, "al", NULL);
    for (uint32_t i = 2; i < FILES; i++) {
        play_open(&p, i, 1, "/a");
        assert_true(play_stats(&p).memory_bytes <= 101000);
        assert_true(i < 500 || play_stats(&p).live_files > 200);
    }
    assert_int_equal(play_stats(&p).unresolved_users, 0);
    assert_int_equal(play_stats(&p).evicted_users, 0);
    xrdmon_free(p.xm);
}

/* Sessions that open, read and close for ever: flat after the first of them. */
static void
a_long_life_is_flat(void **state)
{
    struct play p = play_new((struct xrdmon_options){.release_ms = 1000});
    uint64_t most_early = 0, most_late = 0;

    (void)state;
    p.is_flood = true;
    play_announce(&p);
    for (uint32_t i = 1; i < 40000; i += 2) {
        char who[16];
        snprintf(who, sizeof(who), "u%u", (unsigned)(i % 1000));
        play_map(&p, 'u', i, who, "&p=gsi&n=name");
        play_open(&p, i + 1, i, "/store/a");
        play_fstat(&p, XRDMON_FSTAT_CLOSE, i + 1, 1);
        play_fstat(&p, XRDMON_FSTAT_DISC, i, 0);
        p.now_ns += SECOND / 100;
        uint64_t now = play_stats(&p).memory_bytes;
        uint64_t *most = i < 4000 ? &most_early : &most_late;
        *most = now > *most ? now : *most;
    }
    assert_true(most_late <= most_early);
    assert_true(play_stats(&p).evicted_files == 0);
    xrdmon_free(p.xm);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_without_end),
        cmocka_unit_test(a_million_random_ids),
        cmocka_unit_test(ids_with_equal_ends),
        cmocka_unit_test(hundred_thousand_servers),
        cmocka_unit_test(a_server_that_is_gone_remembers_nothing),
        cmocka_unit_test(ports_and_providers_without_end),
        cmocka_unit_test(what_is_equal_is_found),
        cmocka_unit_test(gaps_in_every_sequence),
        cmocka_unit_test(evicted_accesses_are_told),
        cmocka_unit_test(accesses_are_evicted_one_by_one),
        cmocka_unit_test(a_long_life_is_flat),
    };
    return cmocka_run_group_tests_name("xrdmon/limits", tests, NULL, NULL);
}
