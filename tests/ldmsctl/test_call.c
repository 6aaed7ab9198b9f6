/* SPDX-License-Identifier: MIT */
#include "called.h"

enum { ARGS_MAX = 8 };

static struct row {
    const char *name, *method;
    struct ldmsctl_arg args[ARGS_MAX];
    int err;
    const char *called; /* or what the sentence says */
} rows[] = {
    {"what is empty is not sent",
     "plugn_load",
     {{"name", "a"}, {"plugin", ""}},
     0,
     "0x505 name=a"},
    {"unless the reference sends it",
     "auth_add",
     {{"name", "a"}, {"plugin", ""}},
     0,
     "0xa00 name=a plugin="},
    {"what is NULL is not given",
     "updtr_add",
     {{"name", "u"}, {"interval", NULL}},
     0,
     "0x300 name=u interval=1000000"},
    {"an empty interval is that of the hints",
     "updtr_add",
     {{"name", "u"}, {"interval", ""}},
     0,
     "0x300 name=u interval=1000000 auto_interval=True"},
    {"unless it is pushed",
     "updtr_add",
     {{"name", "u"}, {"interval", ""}, {"push", "onchange"}},
     0,
     "0x300 name=u interval=1000000 push=onchange"},
    {"hints go before push",
     "updtr_add",
     {{"name", "u"}, {"push", "onchange"}, {"auto", "true"}},
     0,
     "0x300 name=u interval=1000000 auto_interval=true"},
    {"hints go before push, in the same words", /* of one place in memory */
     "updtr_add",
     {{"name", "u"}, {"push", "true"}, {"auto", "true"}},
     0,
     "0x300 name=u interval=1000000 auto_interval=true"},
    {"an empty interval beside an empty offset",
     "updtr_add",
     {{"name", "u"}, {"interval", ""}, {"offset", ""}, {"push", "True"}},
     0,
     "0x300 name=u interval=1000000 push=True"},
    {"push is no word",
     "updtr_add",
     {{"name", "u"}, {"push", "maybe"}},
     -EINVAL,
     "push must be true or onchange"},
    {"two ways to start",
     "updtr_start",
     {{"name", "u"}, {"interval", "1"}, {"auto_interval", "true"}},
     -EINVAL,
     "exclude each other"},
    {"offset of nothing",
     "updtr_start",
     {{"name", "u"}, {"offset", "1"}},
     -EINVAL,
     "offset needs interval="},
    {"by expression", "prdcr_start", {{"name", ".*"}}, 0, "0x105 regex=.*"},
    {"by name",
     "prdcr_start",
     {{"name", "a"}, {"regex", "False"}, {"reconnect", "20s"}},
     0,
     "0x102 name=a interval=20s"},
    {"further attributes",
     "prdcr_start",
     {{"name", "a"}, {"auth", "b"}},
     0,
     "0x105 regex=a auth=b"},
    {"not for others",
     "prdcr_stop",
     {{"name", "a"}, {"auth", "b"}},
     -LDMSCTL_EUNKNOWN,
     "no argument 'auth'"},
    {"a file alone",
     "auth_add",
     {{"name", "a"}, {"auth_opt", "/x"}},
     0,
     "0xa00 name=a string=conf=/x"},
    {"options in pieces",
     "auth_add",
     {{"name", "a"}, {"auth_opt", "uid=1"}, {"auth_opt", "gid=2"}},
     0,
     "0xa00 name=a string=uid=1 gid=2"},
    {"a group and its sets",
     "setgroup_add",
     {{"setgroup", "g"}, {"setlist", "a,b"}},
     0,
     "0x800 name=g | 0x803 name=g instance=a,b"},
    {"in and out",
     "setgroup_mod",
     {{"setgroup", "g"}, {"add", "a"}, {"rm", "b"}, {"interval", "1"}},
     0,
     "0x801 name=g interval=1 | 0x803 name=g instance=a | 0x804 name=g instance=b"},
    {"a set by another name",
     "setgroup_ins",
     {{"setgroup", "g"}, {"setname", "a"}},
     0,
     "0x803 name=g instance=a"},
    {"groups do not expire",
     "setgroup_add",
     {{"name", "g"}, {"expire", "1"}},
     -EINVAL,
     "no form on the wire"},
    {"a partner in one word",
     "failover_config",
     {{"primary", "h:411"}},
     0,
     "0x700 host=h xprt=sock port=411"},
    {"a partner's address",
     "failover_config",
     {{"primary", "[::1]:411"}},
     0,
     "0x700 host=::1 xprt=sock port=411"},
    {"a partner without a port",
     "failover_config",
     {{"primary", "h"}},
     -EINVAL,
     "HOST:PORT"},
    {"no second partner",
     "failover_config",
     {{"primary", "h:1"}, {"secondary", "i:2"}},
     -EINVAL,
     "no form on the wire"},
    {"streams have no names here",
     "stream_enable",
     {{"name", "s"}},
     -EINVAL,
     "no form on the wire"},
    {"listen on one address",
     "listen",
     {{"xprt", "sock"}, {"port", "1"}, {"host", "h"}},
     0,
     "0x610 xprt=sock port=1 host=h"},
    {"yes is true", "msg_client_stats", {{"reset", "yes"}}, 0, "0xc01 reset=true"},
    {"perhaps is nothing",
     "msg_client_stats",
     {{"reset", "perhaps"}},
     -EINVAL,
     "must be true or false"},
    {"threads if true",
     "daemon_status",
     {{"thread_stats", "1"}},
     0,
     "0x603 string=true"},
    {"no threads if false", "daemon_status", {{"thread_stats", "false"}}, 0, "0x603"},
    {"once is enough",
     "plugn_load",
     {{"name", "a"}, {"name", "b"}},
     -EINVAL,
     "given twice"},
    {"NULL is not given, whatever its name",
     "setgroup_add",
     {{"name", NULL}, {"setgroup", "g"}, {"setlist", NULL}, {"expire", NULL}},
     0,
     "0x800 name=g"},
    {"NULL for one that has no form", "stream_disable", {{"name", NULL}}, 0, "0x906"},
    {"primary, and NULL for all that it stands for",
     "failover_config",
     {{"host", NULL}, {"xprt", NULL}, {"port", NULL}, {"primary", "h:1"}},
     0,
     "0x700 host=h xprt=sock port=1"},
    {"an empty hint is none",
     "updtr_add",
     {{"name", "u"}, {"interval", ""}, {"auto", ""}, {"push", ""}},
     0,
     "0x300 name=u interval=1000000 auto_interval=True"},
    {"NULL for what nobody knows",
     "version",
     {{"what", NULL}},
     -LDMSCTL_EUNKNOWN,
     "no argument 'what'"},
    {"twice by two names",
     "setgroup_add",
     {{"setgroup", "a"}, {"name", "b"}, {"setlist", "x"}},
     -EINVAL,
     "setgroup and name are the same"},
    {"twice by the name and the attribute",
     "prdcr_add",
     {{"name", "a"}, {"reconnect", "1s"}, {"interval", "2s"}},
     -EINVAL,
     "reconnect and interval are the same"},
    {"no path", "dump_cfg", {{NULL, NULL}}, -EINVAL, "dump_cfg: needs path="},
    {"no such method",
     "nosuch",
     {{NULL, NULL}},
     -LDMSCTL_EUNKNOWN,
     "no method 'nosuch'"},
    {"no request", "getHost", {{NULL, NULL}}, -EINVAL, "a call of its own"},
    {"by its word",
     "set_udata_regex",
     {{"instance", "i"}, {"regex", "r"}, {"base", "1"}, {"increment", "2"}},
     0,
     "0x601 instance=i regex=r base=1 increment=2"},
    {"the time can be now",
     "oneshot",
     {{"name", "m"}, {"time", "now"}},
     0,
     "0x607 name=m time=now"},
};

static void
makes(void **state)
{
    const struct row *row = *state;
    struct lc_call call;
    char why[LC_CALL_WHY_BYTES] = "";
    size_t n = 0;

    while (n < ARGS_MAX && row->args[n].name)
        n++;
    int err =
        lc_call_method(&call, row->method, row->args, n, LDMSCTL_RELEASE_4_5, why);
    if (err != row->err)
        fail_msg("%d, not %d: %s", err, row->err, why);
    if (err == 0) {
        assert_string_equal(called(&call), row->called);
        lc_call_free(&call);
    } else if (!strstr(why, row->called)) {
        fail_msg("'%s' does not say '%s'", why, row->called);
    }
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(makes, &rows[i]);
        tests[i].name = rows[i].name;
    }
    return cmocka_run_group_tests_name("ldmsctl/call", tests, NULL, NULL);
}
