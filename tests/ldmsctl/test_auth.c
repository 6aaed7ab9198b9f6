/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/hex.h"

#include "auth.h"
#include "challenge.h"
#include "ldmsctl.h"

static const struct lc_auth_config none = {.kind = LC_AUTH_NONE, .name = "none"};
static const struct lc_auth_config naive = {
    .kind = LC_AUTH_NAIVE, .name = "naive", .uid = 0, .gid = 65534};
static const struct lc_auth_config ovis = {
    .kind = LC_AUTH_OVIS, .name = "ovis", .secret = "throwaway0secret"};
static const struct lc_auth_config other = {
    .kind = LC_AUTH_OVIS, .name = "ovis", .secret = "another0secret"};

/* Lets both sides talk until one has nothing to say; true if both are content. */
static bool
agree(struct lc_auth *client, struct lc_auth *daemon)
{
    struct lc_auth_out mail[2] = {0}; /* to the client, to the daemon */
    struct lc_auth *sides[2] = {client, daemon};
    int ends[2] = {lc_auth_begin(client, &mail[1]), lc_auth_begin(daemon, &mail[0])};

    for (int turn = 0; turn < 8 && ends[0] >= 0 && ends[1] >= 0; turn++) {
        int to = turn % 2;
        struct lc_auth_out letters = mail[to];
        const uint8_t *at = letters.bytes;
        mail[to].n = 0;
        for (size_t i = 0; i < letters.n && ends[to] >= 0; at += letters.len[i++])
            ends[to] = lc_auth_take(sides[to], at, letters.len[i], &mail[!to]);
    }
    lc_auth_end(client);
    lc_auth_end(daemon);
    return client->done && daemon->done;
}

static void
both_sides_agree(void **state)
{
    struct lc_auth client, daemon;

    (void)state;
    lc_auth_init(&client, &none, false, 1);
    lc_auth_init(&daemon, &none, true, 2);
    assert_true(agree(&client, &daemon));
    lc_auth_init(&client, &naive, false, 1);
    lc_auth_init(&daemon, &naive, true, 2);
    assert_true(agree(&client, &daemon));
    assert_int_equal(daemon.peer_gid, 65534);
    lc_auth_init(&client, &ovis, false, UINT64_C(7708035734188469338));
    lc_auth_init(&daemon, &ovis, true, UINT64_C(3597687877936745363));
    assert_true(agree(&client, &daemon));
    assert_false(lc_challenge_is_ours(UINT64_C(7708035734188469338)));
}

static void
neither_side_takes_another_secret(void **state)
{
    struct lc_auth client, daemon;

    (void)state;
    lc_auth_init(&client, &ovis, false, 1);
    lc_auth_init(&daemon, &other, true, 2);
    assert_false(agree(&client, &daemon));
    assert_false(client.done);
    assert_false(daemon.done);
    assert_string_equal(daemon.why, "the peer does not know our secret");
}

static void
proves_as_recorded(void **state)
{
    char proof[LC_OVIS_PROOF_BYTES];

    (void)state;
    assert_int_equal(lc_ovis_prove(UINT64_C(3597687877936745363), ovis.secret, proof),
                     0);
    assert_string_equal(proof,
                        "6e75a8f19375f9c1aad68d7fbcf01caeb42e22f031a74db5a4a73143");
    assert_int_equal(lc_ovis_prove(UINT64_C(7708035734188469338), ovis.secret, proof),
                     0);
    assert_string_equal(proof,
                        "b5ab132ee1164a1c9b9b8215d9b34377dcf0e8741795bb0a4d5aae9a");
}

/* A server without the secret lends ours: it sends our challenge back as its own, on the
 * same connection or on another one. */
static void
a_challenge_of_ours_is_never_answered(void **state)
{
    struct lc_auth first, second;
    struct lc_auth_out out = {0};
    struct hex challenge = unhex("01000000 00000000000000aa");

    (void)state;
    lc_auth_init(&first, &ovis, false, 0xbb);
    assert_int_equal(lc_auth_take(&first, challenge.bytes, challenge.len, &out), 0);
    assert_int_equal(out.n, 2); /* its challenge 0xbb, and its proof for 0xaa */

    struct hex ours = unhex("01000000 00000000000000bb");
    out.n = 0;
    assert_int_equal(lc_auth_take(&first, ours.bytes, ours.len, &out), -LDMSCTL_EAUTH);
    lc_auth_init(&second, &ovis, false, 0xcc);
    assert_int_equal(lc_auth_take(&second, ours.bytes, ours.len, &out), -LDMSCTL_EAUTH);
    assert_int_equal(out.n, 0);
    lc_auth_end(&first);
    lc_auth_end(&second);
    free(challenge.bytes);
    free(ours.bytes);
}

static struct row {
    const char *name;
    const struct lc_auth_config *config;
    const char *hex;
    int end;
    size_t answers;
} rows[] = {
    {"naive: who the peer is", &naive, "00000000 0000fffe", 1, 0},
    {"naive: 7 bytes", &naive, "00000000 0000ff", -LDMSCTL_EAUTH, 0},
    {"naive: 9 bytes", &naive, "00000000 0000fffe 00", -LDMSCTL_EAUTH, 0},
    {"none: nobody asked", &none, "00000000 0000fffe", -LDMSCTL_EAUTH, 0},
    {"ovis: a little-endian challenge", &ovis, "01000000 0000000000000001", 0, 2},
    {"ovis: a big-endian one", &ovis, "00000001 0000000000000001", 0, 2},
    {"ovis: challenge cut", &ovis, "01000000 00000000000000", -LDMSCTL_EAUTH, 0},
    {"ovis: challenge with more", &ovis, "01000000 0000000000000001 00", -LDMSCTL_EAUTH,
     0},
    {"ovis: of type 3", &ovis, "03000000 0000000000000001", -LDMSCTL_EAUTH, 0},
    {"ovis: proof before a challenge", &ovis,
     "02000000 6e75a8f19375f9c1aad68d7fbcf01caeb42e22f031a74db5a4a73143"
     "6e75a8f19375f9c1aad68d7fbcf01caeb42e22f031a74db5a4",
     -LDMSCTL_EAUTH, 0},
    {"ovis: nothing", &ovis, "", -LDMSCTL_EAUTH, 0},
};

static void
takes(void **state)
{
    const struct row *row = *state;
    struct hex h = unhex(row->hex);
    struct lc_auth a;
    struct lc_auth_out out = {0};

    lc_auth_init(&a, row->config, false, 0xabcdef);
    assert_int_equal(lc_auth_take(&a, h.bytes, h.len, &out), row->end);
    assert_int_equal(out.n, row->answers);
    if (row->answers == 2) { /* in the order of the peer's machine, challenge first */
        assert_memory_equal(out.bytes, h.bytes, 4);
        assert_int_equal(out.len[0], 12);
        assert_int_equal(out.len[1], 61);
    }
    lc_auth_end(&a);
    free(h.bytes);
}

static void
options_are_read(void **state)
{
    struct lc_auth_config c;
    char why[200];

    (void)state;
    assert_int_equal(lc_auth_configure(&c, "naive", "uid=1000 gid=100", why, 200), 0);
    assert_int_equal(c.uid, 1000);
    assert_int_equal(c.gid, 100);
    assert_int_equal(lc_auth_configure(&c, "naive", NULL, why, 200), 0);
    assert_int_equal(c.uid, 65534);
    assert_int_equal(lc_auth_configure(&c, "naive", "uid=bob", why, 200), -EINVAL);
    assert_int_equal(lc_auth_configure(&c, "naive", "uid=-1", why, 200), -EINVAL);
    assert_int_equal(lc_auth_configure(&c, "munge", "socket=/run/m", why, 200), 0);
    assert_string_equal(c.munge_socket, "/run/m");
    assert_int_equal(lc_auth_configure(&c, "ovis", "conf=/no/such", why, 200), -ENOENT);
    assert_int_equal(lc_auth_configure(&c, "ovis", "/no/such", why, 200), -ENOENT);
    assert_int_equal(lc_auth_configure(&c, "ovis", "conf=/no,such", why, 200), -ENOENT);
    assert_non_null(strstr(why, "/no,such: "));
    char socket[200] = "socket=/";
    memset(socket + 8, 'x', sizeof(socket) - 9);
    socket[sizeof(socket) - 1] = '\0';
    assert_int_equal(lc_auth_configure(&c, "munge", socket, why, 200), -EINVAL);
    assert_non_null(strstr(why, "too long"));
    assert_int_equal(lc_auth_configure(&c, "nosuch", NULL, why, 200), -EINVAL);
    assert_non_null(strstr(why, "'nosuch'"));
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS + 5];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(takes, &rows[i]);
        tests[i].name = rows[i].name;
    }
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(both_sides_agree);
    tests[ROWS + 1] =
        (struct CMUnitTest)cmocka_unit_test(neither_side_takes_another_secret);
    tests[ROWS + 2] = (struct CMUnitTest)cmocka_unit_test(proves_as_recorded);
    tests[ROWS + 3] =
        (struct CMUnitTest)cmocka_unit_test(a_challenge_of_ours_is_never_answered);
    tests[ROWS + 4] = (struct CMUnitTest)cmocka_unit_test(options_are_read);
    return cmocka_run_group_tests_name("ldmsctl/auth", tests, NULL, NULL);
}
