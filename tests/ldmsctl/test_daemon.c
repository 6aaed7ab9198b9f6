/* SPDX-License-Identifier: MIT */
/* The stand-in daemon's mind: what commands change, and what it says to wrong ones. One
 * daemon takes all rows in order; test_serve_recorded.py has what was recorded of real
 * ones, and is not repeated here. */
#include "daemon.h"
#include "support/cmocka.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct row {
    const char *command;
    int status;
    const char *says; /* somewhere in the answer; NULL: nothing at all */
} rows[] = {
    /* Producers */
    {"prdcr_add name=a type=active xprt=sock host=h port=1 reconnect=2s", 0, NULL},
    {"prdcr_status name=a", 0, "\"reconnect_us\":\"2000000\",\"state\":\"STOPPED\""},
    {"prdcr_add name=b type=active xprt=sock host=h port=1 reconnect=soon", EINVAL,
     "'reconnect' is invalid"},
    {"prdcr_add name=b type=active xprt=sock host=h port=1 reconnect=-1", EINVAL,
     "must be a positive number"},
    {"prdcr_add name=b type=active xprt=sock host=h port=1 reconnect=1s rail=0", EINVAL,
     "'rail' attribute must be a positive integer, got '0'"},
    {"prdcr_add name=b type=active xprt=sock host=h port=1 reconnect=1s quota=-2",
     EINVAL, "greater than -2"},
    {"prdcr_add name=b type=active xprt=sock host=h port=1 reconnect=1s auth=none0",
     ENOENT, "Authentication name not found"},
    {"prdcr_add name=p type=passive xprt=sock host=h reconnect=1s", 0, NULL},
    {"prdcr_add name=b type=active xprt=sock host=h port=65536 reconnect=1s", EINVAL,
     "The attribute 'port' is required."},
    {"prdcr_start name=p", 0, NULL},
    {"prdcr_status name=p", 0, "\"port\":65535,"},
    {"prdcr_status name=p", 0, "\"state\":\"DISCONNECTED\",\"sets\": []"},
    {"prdcr_start name=a reconnect=x", EINVAL, "The 'reconnect' value (x) is invalid."},
    {"prdcr_start name=a reconnect=3s", 0, NULL},
    {"prdcr_status name=a", 0, "\"reconnect_us\":\"3000000\",\"state\":\"CONNECTED\""},
    {"prdcr_set_status instance=a/meminfo", 0, "\"producer\":\"a\""},
    {"prdcr_set_status schema=other", 0, "[]"},
    {"prdcr_stop name=a", 0, NULL},
    {"prdcr_stop name=a", 0, NULL},
    {"prdcr_hint_tree name=none", ENOENT, "prdcr 'none' not found"},
    {"prdcr_subscribe regex=.*", EINVAL, "One of the 'stream' or `msg`"},
    {"prdcr_start_regex regex=a.*", 0, NULL},
    {"bridge_add name=br xprt=sock host=h port=1 reconnect=1s", 0, NULL},
    {"prdcr_status name=br", 0, "\"type\":\"bridge\""},
    {"advertiser_start name=ad", EINVAL, "'xprt' is required"},
    {"advertiser_start name=ad xprt=sock host=h port=1 reconnect=1s", 0, NULL},
    {"prdcr_status name=ad", 0, "\"type\":\"advertiser\""},
    {"prdcr_status name=ad", 0, "\"state\":\"DISCONNECTED\""},
    {"advertiser_add name=ad xprt=sock host=h port=1 reconnect=1s", EEXIST,
     "The prdcr ad already exists."},
    /* Names are any bytes, the JSON stays JSON */
    {"prdcr_stream_status regex=a", 0, "{\"_OVERALL_\":{\"a\":"},
    {"prdcr_stream_status regex=nobody", ENOENT, "No matched producers"},
    {"prdcr_add name=q\"\\ type=active xprt=sock host=h port=1 reconnect=1s", 0, NULL},
    {"prdcr_status", 0, "\"name\":\"q\\\"\\\\\""},
    {"prdcr_del name=q\"\\", 0, NULL},
    /* Updaters */
    {"updtr_add name=u interval=0", EINVAL, "larger than 0"},
    {"updtr_add name=u interval=1s offset=600ms", EINVAL,
     "half of the update interval"},
    {"updtr_add name=u interval=1s offset=x", EINVAL, "offset value (x) is invalid"},
    {"updtr_add name=u interval=1s auto_interval=perhaps", EINVAL,
     "'true', or 'false'"},
    {"updtr_add name=u interval=1s auto_interval=true push=true", EINVAL,
     "incompatible options"},
    {"updtr_add name=u interval=1s push=never", EINVAL, "push options"},
    {"updtr_add name=u interval=1s push=yes", 0, NULL},
    {"updtr_status name=u", 0, "\"mode\":\"Push on Request\""},
    {"updtr_prdcr_add name=u regex=a", 0, NULL},
    {"updtr_match_add name=u regex=nothing match=inst", 0, NULL},
    {"updtr_match_add name=u regex=one match=schema", 0, NULL},
    {"updtr_match_list name=u", 0,
     "[{\"regex\":\"one\",\"selector\":\"schema\"},{\"regex\":\"nothing\""},
    {"updtr_match_del name=u regex=one match=schema", 0, NULL},
    {"updtr_match_del name=u regex=other match=inst", ENOENT, "does not match"},
    {"updtr_match_del name=none regex=x match=odd", EINVAL, "type 'odd'"},
    {"updtr_prdcr_del name=none regex=(", EINVAL, "Error 22 EINVAL"},
    {"updtr_start name=none interval=0", EINVAL, "positive interval. (0)"},
    {"updtr_start name=none interval=1s offset=2s", EINVAL, "(i=1000000,o=2000000)"},
    {"updtr_start name=u offset=2s", EINVAL, "Error 22 EINVAL"},
    {"updtr_start name=u", 0, NULL},
    {"updtr_status name=u", 0, "\"offset\":\"0\",\"sync\":\"true\""},
    {"updtr_stop name=u", 0, NULL},
    {"updtr_start name=u interval=4s", 0, NULL},
    {"updtr_status name=u", 0,
     "\"interval\":\"4000000\",\"offset\":\"0\",\"sync\":\"false\""},
    {"updtr_task name=u", 0, "\"offset_us\":\"None\""},
    /* Producers are of an updater from when they are added to it */
    {"prdcr_add name=a2 type=active xprt=sock host=h port=1 reconnect=2s", 0, NULL},
    {"updtr_status name=u", 0, "\"producers\":[{\"name\":\"a\""},
    {"prdcr_del name=a2", 0, NULL},
    {"updtr_add name=u2 interval=1s", 0, NULL},
    {"prdcr_add name=a3 type=active xprt=sock host=h port=1 reconnect=2s", 0, NULL},
    {"updtr_prdcr_add name=u2 regex=a[0-9]", 0, NULL},
    {"prdcr_del name=a3", EBUSY, "The producer is in use."},
    {"updtr_prdcr_del name=u2 regex=.*3", 0, NULL},
    {"updtr_status name=u2", 0, "\"producers\":[]"},
    {"prdcr_del name=a3", 0, NULL},
    {"updtr_prdcr_del name=u regex=a", EBUSY, "while the updater is running"},
    {"update_time_stats name=u", 0, "{\"u\":{\"histogram\":"},
    {"update_time_stats name=none", ENOENT, "doesn't exist"},
    {"updtr_status name=none", ENOENT, "updtr 'none' doesn't exist."},
    {"updtr_match_list name=none", ENOENT, "updtr 'none' does not exist."},
    /* Plugins, stores and storage policies */
    {"load name=s plugin=store_csv", 0, NULL},
    {"load name=s plugin=store_csv", EEXIST, "adding store named 's'"},
    {"load name=s plugin=meminfo", 0, NULL}, /* samplers have names of their own */
    {"plugn_status", 0, "\"plugin\":\"meminfo\""},
    {"strgp_add name=g plugin=none container=c schema=a", ENOENT, "Forgot load?"},
    {"term name=s", 0, NULL},
    {"load name=v plugin=vmstat", 0, NULL},
    {"load name=w plugin=vmstat", 0, NULL}, /* once is enough: nothing comes of it */
    {"config name=w producer=n", ENOENT, "'w' does not exist"},
    {"strgp_add name=g plugin=v container=c schema=a", ENOENT, "Forgot load?"},
    {"config name=v schema=x", EINVAL, "Error 22 configuring"},
    {"config name=v producer=n", 0, NULL},
    {"plugn_sets", 0, "\"sets\":[\"n/vmstat\"]"},
    {"config name=v producer=m", EINVAL, "does not support multiple"},
    {"start name=s interval=1s", ENOENT, "Sampler instance 's' not found."},
    {"start name=v interval=x", EINVAL, "interval 'x' invalid"},
    {"start name=v interval=1s", 0, NULL},
    {"term name=v", EBUSY, "needs to be stopped before"},
    {"stop name=v", 0, NULL},
    {"stop name=s", ENOENT, "Sampler instance 's' not found."},
    {"term name=v", 0, NULL},
    {"plugn_sets", 0, "[]"},
    {"strgp_add name=g plugin=s container=c schema=a regex=b", EINVAL,
     "mutually exclusive"},
    {"strgp_add name=g plugin=s container=c regex=b", EINVAL, "'decomposition'"},
    {"strgp_add name=g plugin=s container=c schema=meminfo flush=x", ENOENT, "\"x\""},
    {"strgp_add name=g plugin=s container=c schema=meminfo flush=2m", ENOENT, "\"2m\""},
    {"strgp_add name=g plugin=s container=c schema=meminfo flush=2s", 0, NULL},
    {"config name=s path=/tmp", 0, NULL},
    {"config name=s path=/tmp", EINVAL, "Error 22 configuring"},
    {"term name=s", EBUSY, "needs to be stopped"},
    {"strgp_prdcr_add name=g regex=.*", 0, NULL},
    {"strgp_prdcr_add name=g regex=last", 0, NULL},
    {"strgp_status name=g", 0, "\"producers\":[\"last\",\".*\"]"},
    {"strgp_start name=g", 0, NULL},
    {"strgp_start name=g", EBUSY, "already running"},
    {"strgp_status name=g", 0, "\"metrics\":[\"component_id\""},
    {"strgp_metric_add name=g metric=x", EBUSY, "while the storage policy is running"},
    {"strgp_del name=g", EBUSY, "in use"},
    {"strgp_stop name=g", 0, NULL},
    {"strgp_status name=g", 0, "\"metrics\":[\"component_id\""},
    {"strgp_metric_add name=g metric=job_id", EEXIST, "already present"},
    {"strgp_prdcr_del name=g regex=none", ENOENT, "does not match"},
    {"strgp_prdcr_add name=g regex=(", EACCES, "Permission denied."},
    {"strgp_pi_stats name=g", EOPNOTSUPP,
     "strgp's plugin 'store_csv' doesn't provide statistics."},
    {"strgp_pi_stats name=none", ENOENT, "strgp 'none' doesn't exist."},
    {"store_time_stats", 0, "\"hist_store_time\""},
    /* Sets and groups */
    {"setgroup_add name=grp interval=1s", 0, NULL},
    {"udata instance=grp metric=m udata=bad", EINVAL, "invalid"},
    {"setgroup_ins name=grp instance=a,b,,a", 0, NULL},
    {"setgroup_rm name=grp instance=a", 0, NULL},
    {"setgroup_ins name=nogrp instance=a", 0, "Group get error: 0"},
    {"set_stats", 0, "\"active_count\": 1"},
    /* Sampler policies, profiling and others of the development branch */
    {"smplrp_add name=sp path=/nonexistent", ENOENT,
     "smplrp_add error 2 when open file /nonexistent\n"},
    {"smplrp_start name=sp", ENOENT, "smplrp_start error: 2\n"},
    {"profiling_enable", 0, "OK"},
    {"profiling", 0, "\"xprt\""},
    {"profiling_disable", 0, "OK"},
    {"failover_status", EOPNOTSUPP, "deplicated"},
    {"updtr_prdcr_add name=u regex=(", EBUSY, "running"},
    /* Streams, messages, logs */
    {"publish name=s string=x", ENOSYS, "DISABLED"},
    {"stream_enable", 0, "OK"},
    {"unsubscribe name=s", ENOENT, "not subscribed"},
    {"subscribe name=s", 0, "OK"},
    {"unsubscribe name=s", 0, "OK"},
    {"log_level level=DEBUG name=nosuch", ENOENT, "does not exist"},
    {"log_level level=DEBUG regex=nosuch", ENOENT, "doesn't match any logs"},
    {"log_level level=DEBUG regex=(", EINVAL, "expression '(' is invalid."},
    {"log_status name=nosuch", ENOENT, "Failed to get the list"},
    {"log_level level=ERROR regex=xprt.*", 0, NULL},
    {"log_status name=xprt.zap", 0, "\"level\":\"ERROR,CRITICAL\""},
    {"log_level level=DEBUG regex=xprt.z.* name=store", 0, NULL},
    {"log_status name=xprt.zap.sock", 0, "\"level\":\"DEBUG,"},
    {"log_status name=store", 0, "\"level\":\"default\""},
    {"log_status", 0, "\"name\":\"ldmsd_smplrp\""},
    {"log_status name=store.store_csv.s", 0, "\"desc\":\"Store plugin log file.\""},
    {"log_status name=auth.ovis", ENOENT, "Failed to get the list"},
    {"auth_add name=o plugin=ovis", 0, NULL},
    {"log_status name=auth.ovis", 0, "Messages for ldms_auth_ovis"},
    {"log_level level=ERROR", 0, NULL},
    {"log_status name=config", 0, "subsystem\",\"level\":\"ERROR,CRITICAL\"}"},
    {"log_level level=default", 0, NULL},
    {"log_status name=config", 0, "subsystem\",\"level\":\"INFO,WARNING,"},
    /* Doors */
    {"auth_add name=d plugin=naive uid=1", 0, NULL},
    {"listen xprt=sock port=4711 auth=d", 0, NULL},
    {"listen xprt=sock port=0", EINVAL, "invalid port '0'"},
    {"listen xprt=sock port=6666", 8, "Failed to listen on the endpoint sock:6666."},
    {"auth_del name=d", 0, "Failed to delete authentication domain 'd', error: 0"},
    {"auth_del name=d", ENOENT, "not found"},
    {"prdcr_listen_add name=l regex=(", EINVAL, "string '(' is invalid"},
    {"prdcr_listen_add name=l ip=10.0.0.0/33", EINVAL, "CIDR string '10.0.0.0/33'"},
    {"prdcr_listen_add name=l ip=10.0.0.1", EINVAL, "CIDR string '10.0.0.1'"},
    {"prdcr_listen_add name=l ip=nowhere", EINVAL, "CIDR string 'nowhere'"},
    {"prdcr_listen_add name=l type=both", EINVAL, "type value 'both' is invalid"},
    {"prdcr_listen_add name=l type=active", EINVAL, "'advertiser_port' is required"},
    {"prdcr_listen_add name=l ip=fe80::/10", 0, NULL},
    {"prdcr_listen_add name=l", EEXIST, "already exists"},
    {"prdcr_listen_add name=m type=active advertiser_xprt=sock advertiser_port=411 "
     "reconnect=2500ms",
     0, NULL},
    {"prdcr_listen_status", 0,
     "\"port\":\"411\",\"auth_dom\":\"_DEFAULT_\",\"rail_sz\":\"1\",\"reconnect\":"
     "\"2s\""},
    {"prdcr_listen_start name=l", 0, NULL},
    {"prdcr_listen_start name=l", 0, NULL},
    {"prdcr_listen_start name=none", ENOENT, "listen_producer 'none' does not exist."},
    {"advertiser_del name=ad", EBUSY, "The advertiser is in use."},
    {"advertiser_stop name=ad", 0, NULL},
    {"advertiser_del name=ad", 0, NULL},
    {"advertiser_stop name=ad", ENOENT, "The advertiser specified does not exist."},
    {"prdcr_listen_del name=l", EBUSY, "in use"},
    {"qgroup_start", EINVAL, "EINVAL"},
    {"qgroup_config quota=1M ask_amount=1K ask_mark=1K ask_interval=1s", 0, NULL},
    {"qgroup_start", EINVAL, "EINVAL"},
    {"qgroup_config reset_interval=1s", 0, NULL},
    {"qgroup_start", 0, NULL},
    {"qgroup_start", EBUSY, "EBUSY(16)"},
    {"qgroup_config ask_mark=2K quota=2M", EBUSY, "qgroup quota set failed, set value"},
    {"qgroup_member_add host=h xprt=sock", EBUSY, "qgroup member add error: 16"},
    {"qgroup_info", 0, "\"state\":\"STARTED\",\"quota\":1048576"},
    {"qgroup_stop", 0, NULL},
    {"qgroup_info", 0, "\"state\":\"STOPPED\",\"quota\":1048576"},
    {"qgroup_member_add host=h xprt=sock auth=none", ENOENT, "domain 'none' not found"},
    {"qgroup_member_add host=h xprt=sock", 0, NULL},
    {"qgroup_member_add host=h xprt=sock", EEXIST, "'h:411' already existed"},
    {"qgroup_start", 0, NULL},
    /* The daemon itself */
    {"greeting level=2", 0, "single record 0"},
    {"dump_cfg path=/nonexistent", EINVAL, "Unable to write"},
    {"include path=/nonexistent", ENOENT, "at line 0: No such file"},
    {"nosuch", ENOSYS, "no word 'nosuch'"},
    {"set_sec_mod regex=.* perm=9", EINVAL, "bits conversion failed."},
    {"set_sec_mod regex=.* uid=no-such-user", EINVAL, "Unknown user 'no-such-user'"},
    {"set_sec_mod regex=.* gid=no-such-group", EINVAL, "Unknown group"},
    {"usage name=none", ENOENT, "Plugin 'none' not loaded."},
    {"load name=once plugin=meminfo", 0, NULL},
    {"oneshot name=once time=1", EINVAL, "'1' is ahead of the current time"},
    {"oneshot name=once time=now", EPERM, "Sampler 'once' not started yet."},
    {"start name=once interval=1s", 0, NULL},
    {"oneshot name=once time=now", 0, NULL},
    {"config name=once instance=once/m", 0, NULL},
    {"udata_regex instance=once/m regex=( base=1", 8, "22"},
    {"oneshot name=none time=1", ENOENT, "Sampler not found."},
};

/* Ports that a test needn't have: one is taken. */
static int
listens(void *context, uint16_t port, const char *auth, const char *options)
{
    int *opened = context;
    if (port == 6666)
        return -EADDRINUSE;
    assert_string_equal(auth, "naive");
    assert_string_equal(options, "uid=1");
    ++*opened;
    return 0;
}

static void
answers(void **state)
{
    int opened = 0;
    struct dm_daemon *d =
        dm_new("unit", true, (struct dm_body){.context = &opened, .listen = listens});

    (void)state;
    assert_non_null(d);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dm_reply r;
        bool done = dm_command(d, rows[i].command, &r);

        if (r.status != rows[i].status || (r.len > 0) != (rows[i].says != NULL) ||
            (rows[i].says && !strstr(r.text, rows[i].says)))
            fail_msg("%s: %d: %s", rows[i].command, r.status, r.len ? r.text : "");
        assert_int_equal(done, r.status == 0);
        dm_reply_free(&r);
    }
    assert_int_equal(opened, 1);
    dm_free(d);
}

/* Who may not gets told so, and nothing changes. */
static void
guards(void **state)
{
    static const struct {
        uint32_t id;
        int status;
    } asked[] = {
        {0x100, EPERM}, {0x104, 0}, {0x609, EPERM}, {0x003, EPERM}, {0x604, 0}};
    struct dm_daemon *d = dm_new("unit", false, (struct dm_body){0});
    struct dm_reply r;

    (void)state;
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        struct dm_request q = {.id = asked[i].id};
        dm_answer(d, &q, &r);
        assert_int_equal(r.status, asked[i].status);
        assert_false(r.exits);
        dm_reply_free(&r);
    }
    struct dm_request counter = {.id = 0x003, .owner = true};
    dm_answer(d, &counter, &r);
    assert_string_equal(r.text, "0");
    dm_reply_free(&r);
    dm_free(d);
}

/* Each text is a policy's file, and then the policy is commanded. */
static void
sampler_policies_come_from_files(void **state)
{
    static const char good[] =
        "{\"component_id\": \"1\", \"job_event_actions\": [{\"type\": \"load_term\"}]}";
    static const struct {
        const char *text, *command;
        int status;
        const char *says;
    } steps[] = {
        {"{ bad", "smplrp_add name=sp path=", EINVAL, "ldmsd_smplrp_new() error: 22\n"},
        {"[]", "smplrp_add name=sp path=", EINVAL, "error: 22"},
        {"{}", "smplrp_add name=sp path=", ENOENT, "error: 2"},
        {"{\"component_id\": 1}", "smplrp_add name=sp path=", EINVAL, "error: 22"},
        {good, "smplrp_add name=sp path=", 0, NULL},
        {good, "smplrp_add name=sp path=", EEXIST, "error: 17"},
        {NULL, "smplrp_stop name=sp", EBUSY, "smplrp_stop error: 16\n"},
        {NULL, "smplrp_start name=sp", 0, NULL},
        {NULL, "smplrp_start name=sp", EBUSY, "smplrp_start error: 16\n"},
        {NULL, "smplrp_del name=sp", EBUSY, "smplrp_del error: 16\n"},
        {NULL, "smplrp_stop name=sp", 0, NULL},
        {NULL, "smplrp_del name=sp", 0, NULL},
        {NULL, "smplrp_del name=sp", ENOENT, "smplrp_del error: 2\n"},
    };
    char path[] = "/tmp/ldmsc-policy-XXXXXX", command[80];
    struct dm_daemon *d = dm_new("unit", true, (struct dm_body){0});
    struct dm_reply r;

    (void)state;
    close(mkstemp(path));
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        FILE *file = steps[i].text ? fopen(path, "w") : NULL;
        if (file) {
            fputs(steps[i].text, file);
            fclose(file);
        }
        snprintf(command, sizeof(command), "%s%s", steps[i].command, file ? path : "");
        assert_int_equal(dm_command(d, command, &r), steps[i].status == 0);
        assert_int_equal(r.status, steps[i].status);
        if (steps[i].says)
            assert_non_null(strstr(r.text, steps[i].says));
        dm_reply_free(&r);
    }
    dm_free(d);
    remove(path);
}

/* Files that include each other end. */
static void
includes_end(void **state)
{
    char path[] = "/tmp/ldmsc-include-XXXXXX";
    int fd = mkstemp(path);
    struct dm_daemon *d = dm_new("unit", false, (struct dm_body){0});
    char command[80];
    struct dm_reply r;

    (void)state;
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    fprintf(file, "stream_enable\ninclude path=%s\n", path);
    fclose(file);
    snprintf(command, sizeof(command), "include path=%s", path);
    assert_false(dm_command(d, command, &r));
    assert_int_equal(r.status, ELOOP);
    assert_non_null(strstr(r.text, "at line 2"));
    dm_reply_free(&r);
    dm_free(d);
    remove(path);
}

/* What has no end, or nobody who writes it, is not waited for. */
static void
reads_plain_files_alone(void **state)
{
    char folder[] = "/tmp/ldmsc-files-XXXXXX", path[80], command[120];
    struct dm_daemon *d = dm_new("unit", true, (struct dm_body){0});
    struct dm_reply r;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/unit.conf", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    const struct {
        const char *command, *path;
    } asked[] = {{"include path=", path},
                 {"include path=", "/dev/zero"},
                 {"smplrp_add name=a path=", path},
                 {"dump_cfg path=", folder}};
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        snprintf(command, sizeof(command), "%s%s", asked[i].command, asked[i].path);
        assert_false(dm_command(d, command, &r));
        assert_int_equal(r.status, EINVAL);
        dm_reply_free(&r);
    }
    dm_free(d);
    remove(path);
    remove(folder);
}

/* A directory in pieces is the whole one. */
static void
lists_in_pieces(void **state)
{
    struct dm_daemon *d = dm_new("unit", false, (struct dm_body){0});
    char command[64];
    size_t at = 0, len, pieces = 0, found = 0;

    (void)state;
    for (int i = 0; i < 10; i++) {
        struct dm_reply r;
        snprintf(command, sizeof(command), "setgroup_add name=g%d", i);
        assert_true(dm_command(d, command, &r));
        dm_reply_free(&r);
    }
    do {
        char *text = dm_directory(d, true, &at, 3, &len);
        for (const char *p = text; (p = strstr(p, "\"name\":")); p++)
            found++;
        free(text);
        pieces++;
    } while (at != 0);
    assert_int_equal(pieces, 4);
    assert_int_equal(found, 10);
    char *none = dm_directory(d, false, &at, 3, &len);
    assert_string_equal(none, "{ \"directory\" : [ ]}");
    free(none);
    dm_free(d);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers),
        cmocka_unit_test(guards),
        cmocka_unit_test(sampler_policies_come_from_files),
        cmocka_unit_test(includes_end),
        cmocka_unit_test(reads_plain_files_alone),
        cmocka_unit_test(lists_in_pieces),
    };
    return cmocka_run_group_tests_name("ldmsc/daemon", tests, NULL, NULL);
}
