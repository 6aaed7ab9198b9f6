/* SPDX-License-Identifier: MIT */
/* Every PDU that was recorded decodes, and encodes again byte for byte; and however one is
 * cut or spoilt, its decoder stays inside it. */
#include "support/cmocka.h"

#include "recording.h"
#include "reencode.h"

static const char *const recordings[] = {
    "check_refusal_pmcd", "client_pmcd",   "proc_attributes_pmcd", "sample_dbpmda",
    "sample_pmcd",        "simple_dbpmda", "simple_pmcd",          "trivial_dbpmda",
    "trivial_pmcd",       "txmon_dbpmda",
};

static uint8_t room[1 << 16];

static void
encodes_again(const struct recorded *r)
{
    struct wr w = wr_over(room, sizeof(room));
    int err = reencode(r->bytes, r->len, &w);

    if (err == -ENOSYS)
        return; /* of the client's side alone: decoded is enough */
    if (err)
        fail_msg("%s of %zu bytes: %s", r->type, r->len, pmdaloop_strerror(err));
    assert_false(w.bad);
    if (r->len == 20 && strcmp(r->type, "ERROR") == 0)
        return; /* the longer form, which pmcd sends its clients: nobody writes it */
    assert_int_equal(wr_len(&w), r->len);
    assert_memory_equal(room, r->bytes, r->len);

    /* A room that is too small is told, and never left. */
    for (size_t less = 0; less < r->len; less += 1 + r->len / 50) {
        struct hex small = hex_cut(room, less);
        w = wr_over(small.bytes, less);
        assert_int_equal(reencode(r->bytes, r->len, &w), 0);
        assert_true(w.bad);
        free(small.bytes);
    }
}

static void
bears_a_cut(const struct recorded *r, size_t len)
{
    struct hex cut = hex_cut(r->bytes, len);
    struct wr w = wr_over(room, sizeof(room));

    assert_int_not_equal(reencode(cut.bytes, len, &w), 0);
    if (len >= 4) {
        /* Once more, with a header that agrees. ATTR is as long as it says, and an
         * ERROR has two lengths. */
        wr_be32(cut.bytes, (uint32_t)len);
        w = wr_over(room, sizeof(room));
        bool fits = (strcmp(r->type, "ATTR") == 0 && len >= 16) ||
                    (strcmp(r->type, "ERROR") == 0 && len == 16);
        if (!fits)
            assert_int_not_equal(reencode(cut.bytes, len, &w), 0);
    }
    free(cut.bytes);
}

static void
bears_a_word(const struct recorded *r, size_t at, uint32_t word)
{
    struct hex spoilt = hex_cut(r->bytes, r->len);
    struct wr w = wr_over(room, sizeof(room));

    wr_be32(spoilt.bytes + at, word);
    (void)reencode(spoilt.bytes, spoilt.len, &w);
    free(spoilt.bytes);
}

static void
replays(void **state)
{
    const uint32_t words[] = {0, 0xffffffff, 0x7fffffff, 0x80000000, 0x40000000};
    struct recording rec = recording_read(*state);

    assert_true(rec.n > 0);
    for (size_t i = 0; i < rec.n; i++) {
        const struct recorded *r = &rec.pdus[i];
        encodes_again(r);
        for (size_t len = 0; len < r->len; len++)
            bears_a_cut(r, len);
        for (size_t at = 0; at + 4 <= r->len; at += 4)
            for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++)
                bears_a_word(r, at, words[k]);
    }
    print_message("%zu PDUs\n", rec.n);
    recording_free(&rec);
}

int
main(void)
{
    enum { N = sizeof(recordings) / sizeof(recordings[0]) };
    struct CMUnitTest tests[N];

    for (size_t i = 0; i < N; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(
            replays, (void *)(uintptr_t)recordings[i]);
        tests[i].name = recordings[i];
    }
    return cmocka_run_group_tests_name("pmdaloop/recorded", tests, NULL, NULL);
}
