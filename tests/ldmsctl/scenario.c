/* SPDX-License-Identifier: MIT */
/* A daemon's configuration of 300 commands, in two forms: without arguments, as a script
 * on stdout; with a port, by the typed calls of the library. test_ldmsc_scenario.py holds
 * what comes of one against what comes of the other. */
#include "ldmsctl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct ldmsctl *daemon_; /* NULL: print the script */
static unsigned commands;

/* A name with a number, valid until the fourth next one. */
static const char *
name(const char *prefix, unsigned i)
{
    static char names[4][64];
    static unsigned turn;
    char *n = names[turn++ % 4];
    snprintf(n, sizeof(names[0]), "%s%u", prefix, i);
    return n;
}

/* Every command comes here: true when it is to be called, not printed. */
static bool __attribute__((format(printf, 1, 2))) calls(const char *line, ...)
{
    va_list args;

    commands++;
    if (daemon_)
        return true;
    va_start(args, line);
    vprintf(line, args);
    va_end(args);
    putchar('\n');
    return false;
}

static void
check(int err)
{
    if (err == 0)
        return;
    fprintf(stderr, "command %u: %s\n", commands, ldmsctl_errmsg(daemon_));
    exit(1);
}

static void
samplers(void)
{
    for (unsigned i = 0; i < 10; i++) {
        const char *n = name("mem", i);
        char config[80];

        snprintf(config, sizeof(config), "producer=node01 instance=node01/mem%u", i);
        if (calls("load name=%s plugin=meminfo", n))
            check(ldmsctl_plugn_load(daemon_, n, "meminfo", NULL));
        if (calls("config name=%s %s", n, config))
            check(ldmsctl_plugn_config(daemon_, n, config, NULL));
        if (calls("start name=%s interval=1000000 offset=%u", n, i))
            check(ldmsctl_plugn_start(daemon_, n, "1000000", name("", i), NULL, NULL));
    }
}

static void
producers(void)
{
    for (unsigned i = 0; i < 60; i++) {
        const char *n = name("node", i), *quota = i % 3 ? "-1" : "100000";
        struct ldmsctl_producer p = {.size = sizeof(p),
                                     .name = n,
                                     .ptype = i % 7 ? "active" : "passive",
                                     .xprt = "sock",
                                     .host = "127.0.0.1",
                                     .port = (uint16_t)(10000 + i),
                                     .reconnect = "20s",
                                     .rail = 2,
                                     .quota = quota,
                                     .perm = "0660"};
        if (calls("prdcr_add name=%s type=%s xprt=sock host=127.0.0.1 port=%u "
                  "reconnect=20s rail=2 quota=%s perm=0660",
                  n, p.ptype, 10000 + i, quota))
            check(ldmsctl_prdcr_add(daemon_, &p, NULL));
    }
    for (unsigned i = 0; i < 60; i++) {
        const char *n = name("node", i);
        if (calls("prdcr_start name=%s", n))
            check(ldmsctl_prdcr_start(daemon_, n, false, NULL, NULL));
    }
    for (unsigned i = 0; i < 5; i++) {
        const char *n = name("node1", i);
        if (calls("prdcr_stop name=%s", n))
            check(ldmsctl_prdcr_stop(daemon_, n, false, NULL));
    }
}

static void
updaters(void)
{
    for (unsigned i = 0; i < 20; i++) {
        const char *n = name("u", i), *regex = name("node", i);
        struct ldmsctl_updater u = {
            .size = sizeof(u), .name = n, .interval = "2s", .offset = "100ms"};

        if (calls("updtr_add name=%s interval=2s offset=100ms", n))
            check(ldmsctl_updtr_add(daemon_, &u, NULL));
        if (calls("updtr_prdcr_add name=%s regex=%s", n, regex))
            check(ldmsctl_updtr_prdcr_add(daemon_, n, regex, NULL));
        if (calls("updtr_match_add name=%s regex=meminfo match=schema", n))
            check(ldmsctl_updtr_match_add(daemon_, n, "meminfo", "schema", NULL));
        if (i < 15 && calls("updtr_start name=%s", n))
            check(ldmsctl_updtr_start(daemon_, n, NULL, NULL, NULL, NULL));
    }
}

static void
stores(void)
{
    if (calls("load name=store_csv"))
        check(ldmsctl_plugn_load(daemon_, "store_csv", NULL, NULL));
    for (unsigned i = 0; i < 10; i++) {
        const char *n = name("st", i), *regex = name("node", i);
        struct ldmsctl_storage s = {.size = sizeof(s),
                                    .name = n,
                                    .plugin = "store_csv",
                                    .container = "c1",
                                    .schema = "meminfo",
                                    .flush = "5s"};

        if (calls("strgp_add name=%s plugin=store_csv container=c1 schema=meminfo "
                  "flush=5s "
                  "perm=384",
                  n))
            check(ldmsctl_strgp_add(daemon_, &s, NULL));
        if (calls("strgp_prdcr_add name=%s regex=%s", n, regex))
            check(ldmsctl_strgp_prdcr_add(daemon_, n, regex, NULL));
        if (i % 2 && calls("strgp_metric_add name=%s metric=MemFree", n))
            check(ldmsctl_strgp_metric_add(daemon_, n, "MemFree", NULL));
        if (calls("strgp_start name=%s", n))
            check(ldmsctl_strgp_start(daemon_, n, NULL));
    }
}

static void
groups(void)
{
    for (unsigned i = 0; i < 10; i++) {
        const char *n = name("grp", i);
        if (calls("setgroup_add name=%s producer=node01 interval=1000000 offset=%u", n,
                  i))
            check(ldmsctl_setgroup_add(daemon_, n, "node01", "1000000", name("", i),
                                       NULL, NULL));
        if (calls("setgroup_ins name=%s instance=a,b,node01/mem%u", n, i)) {
            char sets[40];
            snprintf(sets, sizeof(sets), "a,b,node01/mem%u", i);
            check(ldmsctl_setgroup_ins(daemon_, n, sets, NULL));
        }
    }
}

static void
the_rest(void)
{
    struct ldmsctl_prdcr_listen l = {
        .size = sizeof(l), .name = "pl", .regex = "node.*", .ip = "127.0.0.0/8"};
    struct ldmsctl_failover f = {.size = sizeof(f),
                                 .host = "127.0.0.1",
                                 .xprt = "sock",
                                 .port = 10421,
                                 .interval = "1s",
                                 .peer_name = "node02"};

    if (calls("stream_enable"))
        check(ldmsctl_stream_enable(daemon_, NULL));
    if (calls("subscribe name=s1"))
        check(ldmsctl_stream_subscribe(daemon_, "s1", NULL));
    if (calls("msg_enable"))
        check(ldmsctl_msg_enable(daemon_, NULL));
    if (calls("auth_add name=dom plugin=naive uid=1"))
        check(ldmsctl_auth_add(daemon_, "dom", "naive", "uid=1", NULL));
    if (calls("prdcr_listen_add name=pl regex=node.* ip=127.0.0.0/8 type=passive"))
        check(ldmsctl_prdcr_listen_add(daemon_, &l, NULL));
    if (calls("prdcr_listen_start name=pl"))
        check(ldmsctl_prdcr_listen_start(daemon_, "pl", NULL));
    if (calls("qgroup_config quota=3K ask_interval=1s ask_amount=1K ask_mark=1K "
              "reset_interval=2s"))
        check(ldmsctl_qgroup_config(daemon_, "3K", "1s", "1K", "1K", "2s", NULL));
    if (calls("qgroup_member_add host=127.0.0.1 xprt=sock port=10421"))
        check(
            ldmsctl_qgroup_member_add(daemon_, "127.0.0.1", "sock", 10421, NULL, NULL));
    if (calls("failover_config host=127.0.0.1 xprt=sock port=10421 interval=1s "
              "peer_name=node02"))
        check(ldmsctl_failover_config(daemon_, &f, NULL));
    for (unsigned i = 0; commands < 300; i++) {
        const char *data = name("data", i);
        if (calls("publish name=s1 string=%s", data))
            check(ldmsctl_stream_publish(daemon_, "s1", data, NULL));
    }
}

int
main(int argc, char **argv)
{
    if (argc > 1) {
        int err = ldmsctl_new(&daemon_, NULL);
        if (err == 0)
            err = ldmsctl_connect(daemon_, "127.0.0.1",
                                  (uint16_t)strtoul(argv[1], NULL, 10));
        check(err);
    }
    samplers();
    producers();
    updaters();
    stores();
    groups();
    the_rest();
    ldmsctl_free(daemon_);
    return commands == 300 ? 0 : 1;
}
