/* SPDX-License-Identifier: MIT */
/* Framing, and rows for each family of PDUs: what stands in the bytes, and what does not
 * pass. The recorded dialogues hold the good ones; here are their edges. */
#include "support/cmocka.h"

#include "reencode.h"
#include "support/hex.h"

static struct frame {
    const char *name, *hex;
    size_t max_bytes;
    int got;
    uint32_t len;
} frames[] = {
    {"nothing yet", "", 100, 0, 0},
    {"half a length", "0000", 100, 0, 0},
    {"a header alone is a PDU", "0000000c 00007004 00000000", 100, 1, 12},
    {"the body is to come", "00000010 00007004 00000000 3f40", 100, 0, 16},
    {"whole", "00000010 00007004 00000000 3f400000", 100, 1, 16},
    {"the next one behind it", "0000000c 00007004 00000000 0000000c", 100, 1, 12},
    {"a length need not be a multiple of 4", "0000000d 00007011 00000000 61", 100, 1,
     13},
    {"shorter than its header", "0000000b", 100, -PMDALOOP_EPROTO, 0},
    {"length 0", "00000000", 100, -PMDALOOP_EPROTO, 0},
    {"2 GiB are refused at once", "7fffffff", 100, -PMDALOOP_EPROTO, 0},
    {"a negative length", "ffffffff", SIZE_MAX >> 40, -PMDALOOP_EPROTO, 0},
    {"longer than allowed", "00000065", 100, -PMDALOOP_EPROTO, 0},
    {"as long as allowed", "00000064", 100, 0, 0},
    {"type 0", "0000000c 00000000 00000000", 100, -PMDALOOP_EPROTO, 0},
    {"a negative type", "0000000c ffffffff 00000000", 100, -PMDALOOP_EPROTO, 0},
};

static void
frames_are_told(void **state)
{
    const struct frame *row = *state;
    struct hex h = unhex(row->hex), own = hex_cut(h.bytes, h.len);
    struct pl_head head = {0};

    assert_int_equal(pl_pdu_peek(own.bytes, own.len, row->max_bytes, &head), row->got);
    if (row->len)
        assert_int_equal(head.len, row->len);
    free(own.bytes);
    free(h.bytes);
}

/* The 12 bytes of the header are put before the body. */
static struct body {
    const char *name;
    int32_t type;
    const char *hex;
    int err;
} bodies[] = {
    {"ERROR", PL_ERROR, "ffffcfa7", 0},
    {"ERROR, the longer form", PL_ERROR, "ffffcfa7 00000001", 0},
    {"ERROR, longer still", PL_ERROR, "ffffcfa7 00000001 00", -PMDALOOP_EMALFORMED},
    {"ERROR without a code", PL_ERROR, "", -PMDALOOP_EMALFORMED},
    {"CREDS", PL_CREDS, "00000001 01020044", 0},
    {"CREDS, fewer than they say", PL_CREDS, "00000002 01020000", -PMDALOOP_EMALFORMED},
    {"CREDS, 2^30 of them", PL_CREDS, "40000000 01020000", -PMDALOOP_EMALFORMED},
    {"FETCH of nothing", PL_FETCH, "00000000 0000000000000000 00000000",
     -PMDALOOP_EMALFORMED},
    {"FETCH, 2^30 pmIDs and none", PL_FETCH, "00000000 0000000000000000 40000000",
     -PMDALOOP_EMALFORMED},
    {"FETCH, -1 pmIDs", PL_FETCH, "00000000 0000000000000000 ffffffff",
     -PMDALOOP_EMALFORMED},
    {"FETCH, more than it says", PL_FETCH,
     "00000000 0000000000000000 00000000 3f400000", -PMDALOOP_EMALFORMED},
    {"PROFILE, all", PL_PROFILE, "00000000 00000000 00000000 00000000", 0},
    {"PROFILE, two lists", PL_PROFILE,
     "00000000 00000001 00000002 00000000 00000001 00000000 00000001 00000000"
     "00000002 00000001 00000002 00000000 00000007 00000008 00000009",
     0},
    {"PROFILE, a list past its end", PL_PROFILE,
     "00000000 00000001 00000001 00000000 00000001 00000000 40000000 00000000 00000007",
     -PMDALOOP_EMALFORMED},
    {"PROFILE, a list too many", PL_PROFILE,
     "00000000 00000001 00000000 00000000 00000007", -PMDALOOP_EMALFORMED},
    {"INSTANCE_REQ by name", PL_INSTANCE_REQ,
     "00000001 0000000000000000 ffffffff 00000003 6162637e", 0},
    {"INSTANCE_REQ, a NUL in the name", PL_INSTANCE_REQ,
     "00000001 0000000000000000 ffffffff 00000003 6100637e", -PMDALOOP_EMALFORMED},
    {"INSTANCE_REQ, a negative length", PL_INSTANCE_REQ,
     "00000001 0000000000000000 ffffffff ffffffff 6162637e", -PMDALOOP_EMALFORMED},
    {"INSTANCE_REQ, no padding", PL_INSTANCE_REQ,
     "00000001 0000000000000000 ffffffff 00000003 616263", -PMDALOOP_EMALFORMED},
    {"INSTANCE, none", PL_INSTANCE, "00000001 00000000", 0},
    {"INSTANCE, a name past the end", PL_INSTANCE,
     "00000001 00000001 00000000 00000008 61626364", -PMDALOOP_EMALFORMED},
    {"TEXT, empty", PL_TEXT, "00000001 00000000", 0},
    {"TEXT, 2^31-1 bytes of it", PL_TEXT, "00000001 7fffffff 61626364",
     -PMDALOOP_EMALFORMED},
    {"NAMES, none", PL_PMNS_NAMES, "00000000 00000000 00000000", 0},
    {"NAMES, with their states", PL_PMNS_NAMES,
     "00000004 00000002 00000002 00000000 00000001 617e7e7e 00000001 00000001 627e7e7e",
     0},
    {"NAMES, more states than names", PL_PMNS_NAMES,
     "00000002 00000002 00000001 00000000 00000001 617e7e7e", -PMDALOOP_EMALFORMED},
    {"NAMES, their bytes miscounted", PL_PMNS_NAMES,
     "00000003 00000000 00000001 00000001 617e7e7e", -PMDALOOP_EMALFORMED},
    {"IDS, 2^30 of them", PL_PMNS_IDS, "00000000 40000000 00000001",
     -PMDALOOP_EMALFORMED},
    {"ATTR without a value", PL_ATTR, "0000000b", 0},
    {"ATTR, unpadded", PL_ATTR, "0000000b 3000", 0},
    {"LABEL, none", PL_LABEL, "00000001 00000010 00000000 00000000", 0},
    {"LABEL, an error", PL_LABEL,
     "00000001 00000010 00000000 00000001 ffffffff ffffcfb2 0000002c 00000000", 0},
    {"LABEL, one", PL_LABEL,
     "00000001 00000010 00000000 00000001 ffffffff 00000001 00000034 00000007"
     "0002 01 10 0005 0001 7b2261223a317d",
     0},
    {"LABEL, its value past the JSON", PL_LABEL,
     "00000001 00000010 00000000 00000001 ffffffff 00000001 00000034 00000007"
     "0002 01 10 0005 0003 7b2261223a317d",
     -PMDALOOP_EMALFORMED},
    {"LABEL, its JSON in the sets", PL_LABEL,
     "00000001 00000010 00000000 00000001 ffffffff 00000001 00000010 00000007"
     "0002 01 10 0005 0001 7b2261223a317d",
     -PMDALOOP_EMALFORMED},
    {"LABEL, 255 of them", PL_LABEL,
     "00000001 00000020 00000000 00000001 00000000 000000ff 00000034 00000000",
     -PMDALOOP_EMALFORMED},
    {"RESULT, in situ", PL_RESULT,
     "00000000 00000000 00000001 3f400000 00000001 00000000 ffffffff 00000007", 0},
    {"RESULT, an error and no value", PL_RESULT,
     "00000000 00000000 00000002 3f400000 ffffcfa7 3f400001 00000000", 0},
    {"RESULT, a double", PL_RESULT,
     "00000000 00000000 00000001 3f400402 00000001 00000001 ffffffff 0000000b"
     "0500000c 3ff0000000000000",
     0},
    {"RESULT, a double in 4 bytes", PL_RESULT,
     "00000000 00000000 00000001 3f400402 00000001 00000001 ffffffff 0000000b"
     "05000008 3ff00000",
     -PMDALOOP_EMALFORMED},
    {"RESULT, a block of 3 bytes", PL_RESULT,
     "00000000 00000000 00000001 3f400402 00000001 00000001 ffffffff 0000000b 06000003",
     -PMDALOOP_EMALFORMED},
    {"RESULT, a block among the sets", PL_RESULT,
     "00000000 00000000 00000001 3f400402 00000001 00000001 ffffffff 00000007 06000005"
     "617e7e7e",
     -PMDALOOP_EMALFORMED},
    {"RESULT, a block past the end", PL_RESULT,
     "00000000 00000000 00000001 3f400402 00000001 00000001 ffffffff 3fffffff",
     -PMDALOOP_EMALFORMED},
    {"RESULT, valfmt 3", PL_RESULT,
     "00000000 00000000 00000001 3f400000 00000001 00000003 ffffffff 00000007",
     -PMDALOOP_EMALFORMED},
    {"RESULT, 2^30 values", PL_RESULT,
     "00000000 00000000 00000001 3f400000 40000000 00000000 ffffffff 00000007",
     -PMDALOOP_EMALFORMED},
    {"RESULT, records", PL_RESULT,
     "00000000 00000000 00000001 3f400000 00000001 00000002 ffffffff 0000000b"
     "09000024 00000001 00000064 00000005 00000001 00000001 3f400001 00000008 00000007",
     0},
    {"RESULT, a record of 2^30 values", PL_RESULT,
     "00000000 00000000 00000001 3f400000 00000001 00000002 ffffffff 0000000b"
     "09000024 00000001 00000064 00000005 00000001 40000000 3f400001 00000008 00000007",
     -PMDALOOP_EMALFORMED},
    {"RESULT, a value of 3 bytes in a record", PL_RESULT,
     "00000000 00000000 00000001 3f400000 00000001 00000002 ffffffff 0000000b"
     "09000024 00000001 00000064 00000005 00000001 00000001 3f400001 00000003 00000007",
     -PMDALOOP_EMALFORMED},
    {"RESULT, missed records hold no values", PL_RESULT,
     "00000000 00000000 00000001 3f400000 00000001 00000002 ffffffff 0000000b"
     "09000018 00000001 00000064 00000005 80000000 00000007",
     0},
};

static void
bodies_are_checked(void **state)
{
    const struct body *row = *state;
    struct hex body = unhex(row->hex);
    size_t len = PL_HEAD_BYTES + body.len;
    uint8_t *pdu = calloc(1, len), room[256];
    struct wr w = wr_over(room, sizeof(room));

    assert_non_null(pdu);
    wr_be32(pdu, (uint32_t)len);
    wr_be32(pdu + 4, (uint32_t)row->type);
    if (body.len)
        memcpy(pdu + PL_HEAD_BYTES, body.bytes, body.len);
    assert_int_equal(reencode(pdu, len, &w), row->err);
    if (row->err == 0 && !(row->type == PL_ERROR && len == 20)) {
        assert_false(w.bad);
        assert_int_equal(wr_len(&w), len);
        assert_memory_equal(room, pdu, len);
    }
    free(pdu);
    free(body.bytes);
}

/* Sets that took less than was reserved, and sets that outgrew it, read alike. */
static void
results_close_their_gaps(void **state)
{
    (void)state;
    struct hex h =
        unhex("00000060 00007001 00000000 00000000 00000000 00000003"
              "3f400001 00000001 00000001 ffffffff 00000012 3f400002 00000000"
              "3f400003 00000001 00000001 ffffffff 00000015"
              "0600000b 6162636465 6600 7e 0500000c 3ff0000000000000");
    struct pl_result r;
    uint8_t room[512];

    wr_be32(h.bytes, (uint32_t)h.len);
    assert_int_equal(pl_result_decode(h.bytes, h.len, &r), 0);
    for (size_t slack = 0; slack <= 64; slack += 4) {
        struct wr w = wr_over(room, sizeof(room));
        reencode_result(&w, 0, r, slack);
        assert_false(w.bad);
        assert_int_equal(wr_len(&w), h.len);
        assert_memory_equal(room, h.bytes, h.len);
    }

    /* Too little room for the sets: widened in between, twice. */
    struct pl_result_wr out;
    struct pl_result walk = r;
    struct pl_set set;
    pl_result_begin(&out, room, sizeof(room), 44, 0, 0, 0, 3);
    assert_true(pl_result_next(&walk, &set));
    reencode_set(&out, &set);
    pl_result_widen(&out, 12);
    assert_true(pl_result_next(&walk, &set));
    reencode_set(&out, &set);
    pl_result_widen(&out, 40);
    assert_true(pl_result_next(&walk, &set));
    reencode_set(&out, &set);
    assert_int_equal(pl_result_end(&out), h.len);
    assert_memory_equal(room, h.bytes, h.len);
    free(h.bytes);
}

/* A string of no bytes is one that ends with its NUL, as struct pmdaloop_value has it. */
static void
an_empty_string_ends(void **state)
{
    struct pmdaloop_value v;
    char *nothing = malloc(1);

    (void)state;
    *nothing = 'x';
    assert_int_equal(pl_value_decode(PMDALOOP_STRING, nothing, 0, &v), 0);
    assert_int_equal(v.len, 0);
    assert_string_equal(v.as.bytes, "");
    assert_int_equal(pl_value_decode(PMDALOOP_STRING, "\0x", 2, &v), 0);
    assert_int_equal(v.len, 0);
    assert_string_equal(v.as.bytes, "");
    free(nothing);
}

int
main(void)
{
    enum {
        FRAMES = sizeof(frames) / sizeof(frames[0]),
        BODIES = sizeof(bodies) / sizeof(bodies[0])
    };
    struct CMUnitTest tests[FRAMES + BODIES + 2];
    size_t n = 0;

    for (size_t i = 0; i < FRAMES; i++)
        tests[n++] = (struct CMUnitTest){frames[i].name, frames_are_told, NULL, NULL,
                                         &frames[i]};
    for (size_t i = 0; i < BODIES; i++)
        tests[n++] = (struct CMUnitTest){bodies[i].name, bodies_are_checked, NULL, NULL,
                                         &bodies[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(results_close_their_gaps);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(an_empty_string_ends);
    return cmocka_run_group_tests_name("pmdaloop/pdu", tests, NULL, NULL);
}
