/* SPDX-License-Identifier: MIT */
/* Codes, identifiers, units, values and intervals in PCP's words. What stands here was
 * printed by libpcp. */
#include "support/cmocka.h"

#include <pcp/deprecated.h>
#include <pcp/libpcp.h>
#include <pcp/pmda.h>

static void
errors(void **state)
{
    static const struct {
        int code;
        const char *words;
    } rows[] = {
        {0, "No error"},
        {-ENOENT, "No such file or directory"},
        {PM_ERR_TEXT, "One-line or help text is not available"},
        {PM_ERR_NAME, "Unknown metric name"},
        {PM_ERR_IPC, "IPC protocol failure"},
        {PM_ERR_AGAIN, "Try again. Information not currently available"},
        {PM_ERR_PMDANOTREADY, "PMDA is not yet ready to respond to requests"},
        {-5000, "Unknown error 5000"},
        {1, "No such PMAPI error code (1)"},
    };
    char buf[PM_MAXERRMSGLEN];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_string_equal(pmErrStr(rows[i].code), rows[i].words);
        assert_string_equal(pmErrStr_r(rows[i].code, buf, sizeof(buf)), rows[i].words);
    }
}

static void
identifiers(void **state)
{
    pmID pmid = pmID_build(253, 4095, 1023);

    (void)state;
    assert_string_equal(pmIDStr(pmid), "253.4095.1023");
    assert_string_equal(pmIDStr(PM_ID_NULL), "PM_ID_NULL");
    assert_string_equal(pmInDomStr(pmInDom_build(29, 7)), "29.7");
    assert_string_equal(pmInDomStr(PM_INDOM_NULL), "PM_INDOM_NULL");
    assert_int_equal(pmID_domain(pmid), 253);
    assert_int_equal(pmID_cluster(pmid), 4095);
    assert_int_equal(pmID_item(pmid), 1023);
    assert_int_equal(pmInDom_serial(pmInDom_build(511, 0x3fffff)), 0x3fffff);
    assert_string_equal(pmTypeStr(PM_TYPE_AGGREGATE_STATIC), "AGGREGATE_STATIC");
    assert_string_equal(pmTypeStr(PM_TYPE_NOSUPPORT), "NO_SUPPORT");
    assert_string_equal(pmTypeStr(11), "???");
    assert_string_equal(pmSemStr(PM_SEM_DISCRETE), "discrete");
    assert_string_equal(pmEventFlagsStr(3), "point,start");
}

static void
units(void **state)
{
    static const struct {
        pmUnits units;
        const char *words;
    } rows[] = {
        {PMDA_PMUNITS(0, 0, 0, 0, 0, 0), ""},
        {PMDA_PMUNITS(1, -1, 0, 2, 3, 0), "Mbyte / sec"},
        {PMDA_PMUNITS(0, 0, 1, 0, 0, 6), "count x 10^6"},
        {PMDA_PMUNITS(0, 0, 0, 0, 0, 3), "x 10^3"},
        {PMDA_PMUNITS(2, 0, 0, 3, 0, 0), "Gbyte^2"},
        {PMDA_PMUNITS(0, -1, 1, 0, 3, -2), "count x 10^-2 / sec"},
        {PMDA_PMUNITS(-1, -1, -1, 2, 3, 1), "/ Mbyte sec count x 10"},
        {PMDA_PMUNITS(0, 0, 2, 0, 0, 2), "count x 10^2^2"},
        {PMDA_PMUNITS(-2, 3, 0, 1, 2, 0), "millisec^3 / Kbyte^2"},
        {PMDA_PMUNITS(1, 0, 0, 15, 0, 0), "space-15"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(pmUnitsStr(&rows[i].units), rows[i].words);
    /* what agents of PCP 6 do where PCP 7 has an extra unit */
    pmUnits units = PMDA_EXTRAUNITS(1, 0, 0, 2, 0, 0, PM_UNIT_POWER, PM_POWER_mW);
    units.pad = 0;
    assert_int_equal(units.extraUnit, 0);
    assert_string_equal(pmUnitsStr(&units), "Mbyte");
}

static void
intervals(void **state)
{
    static const struct {
        const char *text;
        int status;
        long sec, usec;
        const char *message;
    } rows[] = {
        {"10", 0, 10, 0, NULL},
        {"2min 3.5sec", 0, 123, 500000, NULL},
        {"3 hours 2 seconds", 0, 10802, 0, NULL},
        {"100ms", 0, 6000, 0, NULL}, /* as PCP has it: minutes */
        {"1 msec", 0, 0, 1000, NULL},
        {"1.2.3", 0, 1, 500000, NULL},
        {"5min3s", 0, 303, 0, NULL},
        {"7 x", -1, 0, 0, "7 x\n  ^ -- unexpected value\n"},
        {"5,", -1, 0, 0, "5,\n ^ -- unexpected value\n"},
        {"1s s", -1, 0, 0, "1s s\n   ^ -- unexpected value\n"},
        {"1 1e300", -1, 0, 0, "1 1e300\n  ^ -- unexpected value\n"},
        {"-5", -1, 0, 0, "-5\n^ -- unexpected value\n"},
        {"", -1, 0, 0, "\n^ -- Null or empty specification\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct timeval t = {0, 0};
        struct timespec fine = {0, 0};
        char *message = NULL;
        assert_int_equal(pmParseInterval(rows[i].text, &t, &message), rows[i].status);
        if (rows[i].status == 0) {
            assert_int_equal(t.tv_sec, rows[i].sec);
            assert_int_equal(t.tv_usec, rows[i].usec);
            /* the same call, as source for PCP 7 has it */
            assert_int_equal(pmParseInterval(rows[i].text, &fine, &message), 0);
            assert_int_equal(fine.tv_nsec, rows[i].usec * 1000);
        } else {
            assert_string_equal(message, rows[i].message);
            free(message);
        }
    }
}

static void
atoms(void **state)
{
    char room[64];
    pmAtomValue a = {.ll = -7};
    pmValueBlock *block = (pmValueBlock *)(void *)room;

    (void)state;
    assert_string_equal(pmAtomStr(&a, PM_TYPE_64), "-7");
    a.d = 1e10 / 3;
    assert_string_equal(pmAtomStr(&a, PM_TYPE_DOUBLE), "3.333333e+09");
    a.cp = room;
    snprintf(room, sizeof(room), "a\"b");
    assert_string_equal(pmAtomStr(&a, PM_TYPE_STRING), "\"a\"b\"");
    a.cp = NULL;
    assert_string_equal(pmAtomStr(&a, PM_TYPE_STRING), "<null>");
    block->vtype = PM_TYPE_AGGREGATE;
    block->vlen = PM_VAL_HDR_SIZE + 6;
    memcpy(block->vbuf, "\1\2\3\4\5\6", 6);
    a.vbp = block;
    assert_string_equal(pmAtomStr(&a, PM_TYPE_AGGREGATE),
                        "[type=AGGREGATE len=6] 01020304 0506");
    assert_string_equal(pmAtomStr(&a, 77), "Error: unexpected type: Illegal type=77");
}

static int
convert(pmAtomValue from, int itype, int otype, pmAtomValue *to)
{
    pmValue value;
    int fmt = __pmStuffValue(&from, &value, itype);

    assert_true(fmt >= 0);
    int err = pmExtractValue(fmt, &value, itype, to, otype);
    if (fmt == PM_VAL_DPTR)
        free(value.value.pval);
    return err;
}

static void
conversions(void **state)
{
    pmAtomValue to;

    (void)state;
    assert_int_equal(convert((pmAtomValue){.l = -3}, PM_TYPE_32, PM_TYPE_64, &to), 0);
    assert_int_equal(to.ll, -3);
    assert_int_equal(convert((pmAtomValue){.l = -3}, PM_TYPE_32, PM_TYPE_U32, &to),
                     PM_ERR_SIGN);
    assert_int_equal(
        convert((pmAtomValue){.ull = UINT64_MAX}, PM_TYPE_U64, PM_TYPE_64, &to),
        PM_ERR_TRUNC);
    assert_int_equal(convert((pmAtomValue){.d = 3e9}, PM_TYPE_DOUBLE, PM_TYPE_32, &to),
                     PM_ERR_TRUNC);
    assert_int_equal(convert((pmAtomValue){.d = 3e9}, PM_TYPE_DOUBLE, PM_TYPE_U32, &to),
                     0);
    assert_int_equal(to.ul, 3000000000u);
    assert_int_equal(
        convert((pmAtomValue){.d = 1e40}, PM_TYPE_DOUBLE, PM_TYPE_FLOAT, &to), 0);
    assert_true(to.f > 3.4e38f); /* infinite: no reason to have no value */
    assert_int_equal(
        convert((pmAtomValue){.cp = (char[]){"ten"}}, PM_TYPE_STRING, PM_TYPE_32, &to),
        PM_ERR_CONV);
    assert_int_equal(convert((pmAtomValue){.cp = (char[]){"ten"}}, PM_TYPE_STRING,
                             PM_TYPE_STRING, &to),
                     0);
    assert_string_equal(to.cp, "ten");
    free(to.cp);
}

static void
debug_flags(void **state)
{
    (void)state;
    assert_int_equal(pmSetDebug("libpmda,appl0"), 0);
    assert_true(pmDebugOptions.libpmda && pmDebugOptions.appl0);
    assert_int_equal(pmDebug, DBG_TRACE_LIBPMDA | DBG_TRACE_APPL0);
    char *names = pmGetDebug();
    assert_string_equal(names, "appl0,libpmda");
    free(names);
    assert_int_equal(pmSetDebug("nonsense"), PM_ERR_CONV);
    assert_int_equal(pmClearDebug("all"), 0);
    assert_int_equal(pmDebug, 0);
    __pmSetDebugBits(DBG_TRACE_LIBPMDA);
    assert_true(pmDebugOptions.libpmda);
    assert_int_equal(pmClearDebug("libpmda"), 0);
}

static void
strings_that_fit(void **state)
{
    char buf[8];

    (void)state;
    assert_int_equal(pmsprintf(buf, 5, "abcdefgh"), 4);
    assert_string_equal(buf, "abcd");
    assert_int_equal(pmstrncpy(buf, 5, "abcdefgh"), -1);
    assert_int_equal(pmstrncat(buf, 7, "xyz"), -1);
    assert_string_equal(buf, "abcdxy");
    pmSetProgname("/usr/lib/agent");
    assert_string_equal(pmGetProgname(), "agent");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors),      cmocka_unit_test(identifiers),
        cmocka_unit_test(units),       cmocka_unit_test(intervals),
        cmocka_unit_test(atoms),       cmocka_unit_test(conversions),
        cmocka_unit_test(debug_flags), cmocka_unit_test(strings_that_fit),
    };
    return cmocka_run_group_tests_name("pmdaloop/pcp/words", tests, NULL, NULL);
}
