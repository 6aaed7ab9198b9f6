/* SPDX-License-Identifier: MIT */
/* What the daemon tells of its own work. The stand-in measures nothing: the members are
 * all there, and the numbers are those of a daemon at rest. */
#include "daemon_state.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

static const char *const operations[] = {
    "LOOKUP", "UPDATE", "PUBLISH",     "SET_DELETE",    "DIR_REQ",        "DIR_REP",
    "SEND",   "RECV",   "MSG_PUBLISH", "MSG_SUBSCRIBE", "MSG_UNSUBSCRIBE"};
enum { OPERATIONS = sizeof(operations) / sizeof(operations[0]) };

static void
put_operation(FILE *out, const char *name, bool is_main)
{
    fprintf(out,
            " \"%s\" : {\n    \"count\": 0,\n    \"total_us\": 0,\n    \"min_us\": 0,\n"
            "    \"min_peer\": \"0.0.0.0:0:0\",\n    \"min_peer_type\": \"????\",\n"
            "    \"max_us\": 0,\n    \"max_peer\": \"0.0.0.0:0:0\",\n"
            "    \"max_peer_type\": \"????\",\n    \"mean_us\": 0%s\n }",
            name,
            is_main ? ",\n    \"hist\": {\"n_warmup\":10,\"warmup_count\":0,"
                      "\"warmup_in_progress\":true}"
                    : "");
}

void
dm_xprt_stats(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    size_t listening = 1 + d->shelves[DM_ENDPOINTS].count;
    FILE *out = dm_write(r, LC_ATTR_JSON, false);

    fprintf(out, "{ \"level\" : %s, \"rails\":[",
            q->attr[LC_ATTR_LEVEL] && strcmp(q->attr[LC_ATTR_LEVEL], "1") == 0 ? "1"
                                                                               : "0");
    for (size_t i = 0; i < listening; i++)
        fputs("  {   \"state\":\"listen\",   \"n_eps\":1,   \"endpoints\":{  } }  ,",
              out);
    fprintf(out,
            "{   \"state\":\"connect\",  \"remote_host\":\"localhost:0\",   "
            "\"n_eps\":1,   \"endpoints\":{    \"ep0\":{     \"sq_sz\":0  }  } }],\n"
            " \"compute_time_us\": 0,\n \"connect_rate_s\": 0.000000,\n"
            " \"connect_request_rate_s\": 0.000000,\n"
            " \"disconnect_rate_s\": 0.000000,\n \"reject_rate_s\": 0.000000,\n"
            " \"auth_fail_rate_s\": 0.000000,\n \"xprt_count\": %zu,\n"
            " \"connect_count\": 1,\n \"connecting_count\": 0,\n"
            " \"listen_count\": %zu,\n \"close_count\": 0,\n \"duration\": 0,\n"
            " \"op_stats\": {\n",
            listening + 1, listening);
    for (size_t i = 0; i < OPERATIONS; i++) {
        put_operation(out, operations[i], d->is_main);
        fputs(i + 1 < OPERATIONS ? ",\n" : "\n", out);
    }
    fputs(" }\n}", out);
}

static void
put_io_thread(FILE *out, bool is_main)
{
    static const char *const works[] = {"Idle",
                                        "Zap",
                                        "Other",
                                        "Connecting",
                                        "Dir Requests",
                                        "Dir Replies",
                                        "Lookup Requests",
                                        "Lookup Replies",
                                        "Update Requests",
                                        "Update Completes",
                                        "Storing Data",
                                        "Message Service Data",
                                        "Message Service Client",
                                        "Push Requests",
                                        "Push Replies",
                                        "Set Delete Requests",
                                        "Set Delete Replies",
                                        "Send Messages",
                                        "Receive Messages",
                                        "Authentication",
                                        "Disconnecting"};
    enum { WORKS = sizeof(works) / sizeof(works[0]), STORING = 10 };

    fputs("  {\n   \"name\": \"zap_sock_io\",\n   \"tid\": 1,\n"
          "   \"thread_id\": \"0x1\",\n   \"idle_tot\" : 0,\n   \"active_tot\" : 0,\n"
          "   \"total_us\" : 0,\n   \"idle_us\": 0,\n   \"active_us\": 0,\n"
          "   \"refresh_us\": 0,\n   \"utilization\": -1,\n   \"sq_sz\": 0,\n"
          "   \"n_eps\": 1,\n   \"ldms_xprt\": {\n",
          out);
    for (size_t i = 0; i < WORKS; i++)
        if (i != STORING || !is_main) /* there other threads store */
            fprintf(out, "     \"%s\": 0%s", works[i], i + 1 < WORKS ? ",\n" : " ");
    fputs("     }     }\n", out);
}

static void
put_worker(FILE *out, const char *name)
{
    fprintf(out,
            "  {\n   \"name\": \"%s\",\n   \"tid\": 1,\n   \"thread_id\": \"0x1\",\n"
            "   \"idle_tot\" : 0,\n   \"active_tot\" : 0,\n   \"total_us\" : 0,\n"
            "   \"utilization\" : -1.000000,\n   \"idle_us\": 0,\n"
            "   \"active_us\": 0,\n   \"refresh_us\": 0,\n   \"ev_cnt\" : 0\n   }\n",
            name);
}

void
dm_put_threads(FILE *out, bool is_main)
{
    fputs("{ \"count\": 1,\n \"io_threads\": [\n", out);
    put_io_thread(out, is_main);
    fputs(" ],\n \"worker_threads\": [\n", out);
    put_worker(out, "ldmsd_wkr_0");
    fputs(" ],\n \"xthreads\": [\n ],\n", out);
    if (is_main) {
        fputs(" \"storage threads\": [\n", out);
        put_worker(out, "storage_0");
        fputs(" ],\n", out);
    }
    fputs(" \"compute_time\": 0\n}\n", out);
}

void
dm_thread_stats(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    (void)q;
    dm_put_threads(dm_write(r, LC_ATTR_JSON, false), d->is_main);
}

/* When its own messages were sent, which the stand-in never measures. */
void
dm_profiling(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    FILE *out = dm_write(r, LC_ATTR_JSON, false);

    (void)d;
    (void)q;
    fputs("{\"xprt\": {\"localhost:0\": {", out);
    for (size_t i = 0; i < OPERATIONS; i++)
        fprintf(out, "\"%s\": []%s", operations[i], i + 1 < OPERATIONS ? ", " : "");
    fputs("}}, \"stream\": {}}", out);
}

void
dm_profiling_switch(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    (void)d;
    (void)q;
    dm_say(r, 0, "OK");
}

void
dm_stats_reset(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    (void)d; /* everything stands at 0 */
    (void)q;
    (void)r;
}
