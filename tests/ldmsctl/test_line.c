/* SPDX-License-Identifier: MIT */
#include "called.h"

static struct row {
    const char *name, *line;
    int err;
    const char *called; /* or what the sentence says */
} rows[] = {
    {"a word and its attributes",
     "prdcr_add name=a type=active xprt=sock host=h port=1 reconnect=20s", 0,
     "0x100 name=a type=active xprt=sock host=h port=1 interval=20s"},
    {"blanks and tabs", "  prdcr_start\tname=a  \r\n", 0, "0x102 name=a"},
    {"the word means a name", "prdcr_start name=.*", 0, "0x102 name=.*"},
    {"the other word means an expression", "prdcr_start_regex regex=.*", 0,
     "0x105 regex=.*"},
    {"what a plugin knows", "config name=m producer=p instance=p/m", 0,
     "0x507 name=m string=producer=p instance=p/m"},
    {"attributes of that name are the plugin's too", "config name=m schema=s job_set=j",
     0, "0x507 name=m string=schema=s job_set=j"},
    {"env takes everything", "env FOO=bar name=x", 0, "0x605 string=FOO=bar name=x"},
    {"quoted, with a blank", "config name=m path=\"a b\"", 0,
     "0x507 name=m string=path=a b"},
    {"a quoted nothing", "strgp_metric_add name=\"\" metric=x", 0,
     "0x207 name= metric=x"},
    {"a keyword", "greeting test", 0, "0x2 test"},
    {"a word alone", "version", 0, "0x604"},
    {"options of a plugin", "auth_add name=a plugin=ovis conf=/x", 0,
     "0xa00 name=a plugin=ovis string=conf=/x"},
    {"options that are attributes elsewhere",
     "auth_add name=a plugin=naive uid=1 gid=2", 0,
     "0xa00 name=a plugin=naive string=uid=1 gid=2"},
    {"options of the daemon's own", "default_auth plugin=naive uid=1", 0,
     "0x616 plugin=naive string=uid=1"},
    {"options by name", "auth_add name=a plugin=ovis auth_opt=conf=/x", 0,
     "0xa00 name=a plugin=ovis string=conf=/x"},
    {"options alone", "auth_add name=a plugin=ovis auth_opt=/x", 0,
     "0xa00 name=a plugin=ovis string=conf=/x"},
    {"no method has it", "bridge_add name=b xprt=sock host=h port=1 reconnect=1s", 0,
     "0x10c name=b xprt=sock host=h port=1 interval=1s type=bridge"},
    {"a kind of producer", "advertiser_add name=a xprt=sock host=h port=1 reconnect=1s",
     0, "0x10d name=a xprt=sock host=h port=1 interval=1s type=advertiser"},
    {"a kind of producer, to be started", "advertiser_start name=a", 0,
     "0x10e name=a type=advertiser"},
    {"a kind that is told", "advertiser_start name=a type=x", 0, "0x10e name=a type=x"},
    {"options of an endpoint", "listen xprt=sock port=1 conf=/x name=y", 0,
     "0x610 xprt=sock port=1 string=conf=/x name=y"},
    {"a method's name", "plugn_start name=m interval_us=1", 0,
     "0x502 name=m interval=1"},
    {"a method's name, the word's argument", "plugn_start name=m interval=1", 0,
     "0x502 name=m interval=1"},
    {"a value with =", "set_env cfg_str=A=b", 0, "0x605 string=A=b"},
    {"nothing", " \n", -EINVAL, "the line is empty"},
    {"no such word", "nosuch name=a", -LDMSCTL_EUNKNOWN, "no word 'nosuch'"},
    {"an attribute is missing", "prdcr_del", -EINVAL, "prdcr_del: needs name="},
    {"a daemon knows the default", "updtr_match_add name=u regex=r", 0,
     "0x307 name=u regex=r"},
    {"a passive producer has no port",
     "prdcr_add name=a type=passive xprt=sock host=h reconnect=1s", 0,
     "0x100 name=a type=passive xprt=sock host=h interval=1s"},
    {"of all of them", "updtr_task", 0, "0x309"},
    {"a daemon would die of it", "setgroup_ins name=g", -EINVAL,
     "setgroup_ins: needs instance="},
    {"quotes left open", "load name=\"a", -EINVAL, "quotation mark"},
    {"quotes closed too soon", "load name=\"a\"b", -EINVAL, "quotation mark"},
    {"a method needs it", "plugn_load", -EINVAL, "plugn_load: needs name="},
    {"a method doesn't know it", "plugn_load name=a x=y", -LDMSCTL_EUNKNOWN,
     "no argument 'x': it takes name plugin"},
};

static void
reads(void **state)
{
    const struct row *row = *state;
    struct lc_call call;
    char why[LC_CALL_WHY_BYTES] = "";
    int err = lc_call_line(&call, row->line, LDMSCTL_RELEASE_4_5, why);

    assert_int_equal(err, row->err);
    if (err == 0) {
        assert_string_equal(called(&call), row->called);
        lc_call_free(&call);
    } else if (!strstr(why, row->called)) {
        fail_msg("'%s' does not say '%s'", why, row->called);
    }
}

static void
lines_have_limits(void **state)
{
    struct lc_call call;
    char why[LC_CALL_WHY_BYTES], line[8192] = "config name=a";

    (void)state;
    for (int i = 0; i < 300; i++)
        strcat(line, " x=y");
    assert_int_equal(lc_call_line(&call, line, LDMSCTL_RELEASE_4_5, why), -EINVAL);
    assert_non_null(strstr(why, "256 words"));
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS + 1];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(reads, &rows[i]);
        tests[i].name = rows[i].name;
    }
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(lines_have_limits);
    return cmocka_run_group_tests_name("ldmsctl/line", tests, NULL, NULL);
}
