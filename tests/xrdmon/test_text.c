/* SPDX-License-Identifier: MIT */
/* Pairs, lines of JSON, times and sources. */
#include "show.h"

static struct xrdmon_text
text(const char *s)
{
    return (struct xrdmon_text){.at = s, .len = strlen(s)};
}

static const struct {
    const char *text, *known, *want;
} pairs[] = {
    {"&foo=1", NULL, "foo=1;"},
    {"&key1=value1&key2=value2", NULL, "key1=value1;key2=value2;"},
    {"a=1", NULL, "a=1;"},
    {"", NULL, ""},
    {"&&&", NULL, ""},
    {"&a=&=b&c", NULL, "a=;=b;-c;"},
    {"&a=b=c", NULL, "a=b=c;"},
    {"&a=1&a=2", NULL, "a=1;a=2;"},
    {"&n=/O=a&b&m=&z=1", "n= m=", "n=/O=a&b;m=&z=1;"},
    {"&nn=1&n=2", "n= m=", "nn=1;n=2;"},
    {"&n", "n= m=", "-n;"},
};

static void
pairs_split(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct xrdmon_pairs p = xrdmon_pairs_over(text(pairs[i].text), pairs[i].known);
        struct xrdmon_text key, value;
        static struct show s;
        s.len = 0;
        s.text[0] = 0;
        while (xrdmon_pairs_next(&p, &key, &value)) {
            if (key.at)
                SHOW(&s, "%.*s=%.*s;", SHOW_TEXT(key), SHOW_TEXT(value));
            else
                SHOW(&s, "-%.*s;", SHOW_TEXT(value));
        }
        assert_string_equal(s.text, pairs[i].want);
    }
}

/* As much text as a packet holds: pairs without end, or one value. */
static void
pairs_of_64_kib(void **state)
{
    static char large[65536];
    struct xrdmon_pairs p;
    struct xrdmon_text key, value;
    size_t n = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(large); i++)
        large[i] = "&a="[i % 3];
    p = xrdmon_pairs_over((struct xrdmon_text){large, sizeof(large)}, NULL);
    while (xrdmon_pairs_next(&p, &key, &value))
        n++;
    assert_int_equal(n, 21845);
    p = xrdmon_pairs_over((struct xrdmon_text){large, sizeof(large)}, "b=");
    assert_true(xrdmon_pairs_next(&p, &key, &value));
    assert_int_equal(value.len, sizeof(large) - 3);
    assert_false(xrdmon_pairs_next(&p, &key, &value));
}

static const struct {
    const char *text;
    bool is_valid;
} jsons[] = {
    {"{}", true},
    {" [ ] ", true},
    {"{\"a\":[1,-2.5e+3,true,false,null,\"\\u00e9\\n\"],\"b\":{\"c\":\"\"}}", true},
    {"123456789012345678901234567890", true},
    {"1e999", true},
    {"\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"", true},
    {"{\"a\":1,\"a\":2}", true},
    {"\"\\ud800\"", true}, /* a lone surrogate, but the grammar has it */
    {"", false},
    {"{", false},
    {"}", false},
    {"{\"a\"}", false},
    {"{\"a\":}", false},
    {"{\"a\":1,}", false},
    {"[1,]", false},
    {"[1 2]", false},
    {"{1:2}", false},
    {"[}", false},
    {"01", false},
    {"1.", false},
    {"-", false},
    {"1e", false},
    {"nul", false},
    {"\"a", false},
    {"\"\\x\"", false},
    {"\"\\u12g4\"", false},
    {"\"\t\"", false},
    {"\"\xff\"", false},
    {"\"\xc0\x80\"", false},
    {"\"\xed\xa0\x80\"", false},
    {"\"\xf4\x90\x80\x80\"", false},
    {"{} {}", false},
};

static void
json_is_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(jsons) / sizeof(jsons[0]); i++)
        if (xrdmon_json_is_valid(text(jsons[i].text)) != jsons[i].is_valid)
            fail_msg("%s", jsons[i].text);
}

static void
json_may_nest_and_not_overflow(void **state)
{
    static char deep[40001];

    (void)state;
    memset(deep, '[', 20000);
    memset(deep + 20000, ']', 20000);
    assert_false(xrdmon_json_is_valid((struct xrdmon_text){deep, 40000}));
    assert_true(xrdmon_json_is_valid((struct xrdmon_text){deep + 20000 - 512, 1024}));
    assert_false(xrdmon_json_is_valid((struct xrdmon_text){deep + 20000 - 513, 1026}));
    assert_false(xrdmon_json_is_valid((struct xrdmon_text){deep + 20000 - 9, 17}));
}

static const struct {
    const char *text;
    int err;
    int64_t us;
} times[] = {
    {"1970-01-01T00:00:00.0Z", 0, 0},
    {"2026-11-21T23:46:06.42998Z", 0, 1795304766042998},
    {"2026-11-21T23:44:22.590922Z", 0, 1795304662590922},
    {"2024-02-29T12:00:00.000001Z", 0, 1709208000000001},
    {"2024-02-29T12:00:00Z", -XRDMON_EMALFORMED, 0},
    {"2024-13-29T12:00:00.1Z", -XRDMON_EMALFORMED, 0},
    {"2024-02-29 12:00:00.1Z", -XRDMON_EMALFORMED, 0},
    {"2024-02-29T12:00:00.1234567Z", -XRDMON_EMALFORMED, 0},
    {"2024-02-29T12:00:00.Z", -XRDMON_EMALFORMED, 0},
    {"", -XRDMON_EMALFORMED, 0},
};

static void
tpc_times(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        int64_t us = 0;
        assert_int_equal(xrdmon_tpc_time(text(times[i].text), &us), times[i].err);
        assert_int_equal(us, times[i].us);
    }
}

static const struct {
    const char *text;
    int err;
    uint8_t first, last;
    uint16_t port;
} sources[] = {
    {"192.0.2.10:42881", 0, 0, 10, 42881},
    {"[2001:db8::1]:42", 0, 0x20, 1, 42},
    {"2001:db8::1:4242", 0, 0x20, 1, 4242},
    {"192.0.2.10", -EINVAL, 0, 0, 0},
    {"192.0.2.10:", -EINVAL, 0, 0, 0},
    {"192.0.2.10:65536", -EINVAL, 0, 0, 0},
    {":1", -EINVAL, 0, 0, 0},
    {"", -EINVAL, 0, 0, 0},
};

static void
sources_from_text(void **state)
{
    struct xrdmon_source s, other;

    (void)state;
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        memset(&s, 0, sizeof(s));
        assert_int_equal(
            xrdmon_source_parse(sources[i].text, strlen(sources[i].text), &s),
            sources[i].err);
        assert_int_equal(s.address[0], sources[i].first);
        assert_int_equal(s.address[15], sources[i].last);
        assert_int_equal(s.port, sources[i].port);
    }
    assert_int_equal(xrdmon_source_parse("ds1.example.org:1", 17, &s), 0);
    assert_int_equal(xrdmon_source_parse("ds2.example.org:1", 17, &other), 0);
    assert_memory_not_equal(s.address, other.address, 16);
    assert_int_equal(s.address[0], 1);
}

static void
providers_have_names(void **state)
{
    static const char letters[] = "CMTPROH";

    (void)state;
    for (size_t i = 0; letters[i]; i++)
        assert_non_null(xrdmon_provider_name(letters[i]));
    assert_null(xrdmon_provider_name('Z'));
    assert_string_equal(xrdmon_provider_name('C'), "pfc");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_split),
        cmocka_unit_test(pairs_of_64_kib),
        cmocka_unit_test(json_is_judged),
        cmocka_unit_test(json_may_nest_and_not_overflow),
        cmocka_unit_test(tpc_times),
        cmocka_unit_test(sources_from_text),
        cmocka_unit_test(providers_have_names),
    };
    return cmocka_run_group_tests_name("xrdmon/text", tests, NULL, NULL);
}
