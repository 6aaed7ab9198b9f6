/* SPDX-License-Identifier: MIT */
/* Every recorded conversation, played to the engine: what the peer sent then comes in
 * now, and what we send is compared with what was sent then, unless another program or a
 * deliberately broken client spoke. */
#include "replay.h"

#include "munge.h"

#include <errno.h>

enum { CALLS_MAX = 8 };

/* Where a conversation leads. */
struct end {
    const char *name;
    int connect;          /* what connecting came to; 1 where it never came to an end */
    int calls[CALLS_MAX]; /* what the calls after it came to */
    size_t n_calls;
    const char *says; /* in the sentence, if any */
};

static const struct end ends[] = {
    {"none.ok", 0, {0, 0, 0}, 3, NULL},
    {"none.dir", 0, {0, 0}, 2, NULL},
    {"naive.root", 0, {0, 0, 0}, 3, NULL},
    {"naive.user1000",
     0,
     {-LDMSCTL_EREFUSED, -LDMSCTL_EREFUSED, 0},
     3,
     "Operation not permitted."},
    {"naive.default", 0, {0, 0, 0}, 3, NULL},
    {"ovis.ok", 0, {0, 0, 0}, 3, NULL},
    {"ovis.comment_file", 0, {0, 0, 0}, 3, NULL},
    {"ovis.wrong_secret", -LDMSCTL_EAUTH, {0}, 0, "does not know our secret"},
    {"munge.ok", 0, {0, 0, 0}, 3, NULL},
    {"reject.auth_mismatch_client_none", -LDMSCTL_EREJECTED, {0}, 0, "Auth mismatch"},
    {"reject.auth_mismatch_client_ovis", -LDMSCTL_EREJECTED, {0}, 0, "Auth mismatch"},
    /* Nothing crossed the wire: the look-up, the file or the name was wrong. */
    {"refused", 1, {0}, 0, NULL},
    {"ovis.open_perm", 1, {0}, 0, NULL},
    {"ovis.missing_file", 1, {0}, 0, NULL},
    {"ovis.relative", 1, {0}, 0, NULL},
    {"munge.nosocket", 1, {0}, 0, NULL},
    {"auth.unknown", 1, {0}, 0, NULL},
    {"connect.zap_minor_mismatch", -ECONNRESET, {0}, 0, NULL},
    {"connect.bad_signature", -ECONNRESET, {0}, 0, NULL},
    {"connect.ldms_version_mismatch", -LDMSCTL_EREJECTED, {0}, 0, "Version mismatch"},
    {"connect.auth_mismatch", -LDMSCTL_EREJECTED, {0}, 0, "Auth mismatch"},
    {"connect.short_msg", -LDMSCTL_EREJECTED, {0}, 0, "Bad conn msg"},
    {"connect.len63", -LDMSCTL_EREJECTED, {0}, 0, "Bad msg"},
    {"connect.legacy20", 0, {0}, 0, NULL},
    {"connect.legacy9", 0, {0}, 0, NULL},
    {"connect.bad_idx", -LDMSCTL_EREJECTED, {0}, 0, "bad ep_idx"},
    {"connect.zero_eps", -LDMSCTL_EREJECTED, {0}, 0, "expecting rail of 1 eps"},
    {"connect.oversize", -ECONNRESET, {0}, 0, NULL},
    {"connect.duplicate_rail_id", -LDMSCTL_EREJECTED, {0}, 0, "already existed"},
    /* Its answer bears a number of nobody's. */
    {"record.bad_marker", 0, {-ECONNRESET}, 1, NULL},
    {"record.eom_without_som", 0, {-LDMSCTL_EREFUSED}, 1, "was not found"},
    {"record.duplicate_som", 0, {-ECONNRESET, -LDMSCTL_EREFUSED}, 2, NULL},
    {"record.too_long", 0, {-LDMSCTL_EREFUSED}, 1, "status 7"},
    /* A bad request is answered with status 0. */
    {"record.attr_without_nul",
     0,
     {-LDMSCTL_EREFUSED, -LDMSCTL_EREFUSED},
     2,
     "Duplicate message number"},
    {"record.unknown_request", 0, {-LDMSCTL_EREFUSED}, 1, "not implemented"},
    {"record.split_request", 0, {0}, 1, NULL},
    {"record.pipelined", 0, {0, 0, 0}, 3, NULL},
    {"ldms_ls", 0, {0}, 1, NULL},
    {"ldms_ls-v", 0, {0}, 1, NULL},
    {"ldms_ls-l", 0, {0}, 1, NULL},
    {"ldmsd_controller.daemon_status", 0, {0, 0}, 2, NULL},
    {"dir.notify", 0, {0}, 1, NULL},
    {"dir.cancel", 0, {0}, 0, NULL},
};

/* Stand in for libmunge: these credentials are years old, of keys that are gone. */
static const char *our_credential;

int
lc_munge_encode(const char *socket, const void *payload, size_t len,
                char **ret_credential, char *ret_why, size_t why_size)
{
    (void)socket, (void)payload, (void)ret_why, (void)why_size;
    assert_int_equal(len, 16);
    *ret_credential = strdup(our_credential);
    return 0;
}

int
lc_munge_decode(const char *socket, const char *credential, uint32_t *ret_uid,
                uint32_t *ret_gid, char *ret_why, size_t why_size)
{
    (void)socket, (void)ret_why, (void)why_size;
    assert_memory_equal(credential, "MUNGE:", 6);
    *ret_uid = *ret_gid = 0;
    return 0;
}

/* What the reference client was given; the files of its options are not ours. */
static void
configure(const cJSON *row, struct lc_engine_options *options)
{
    const char *auth = text_of(row, "auth"), *name = text_of(row, "name");
    const cJSON *opt = cJSON_GetObjectItem(row, "auth_opt");
    const char *uid = text_of(opt, "uid"), *gid = text_of(opt, "gid");
    char words[64] = "", why[200];

    if (uid && gid)
        snprintf(words, sizeof(words), "uid=%s gid=%s", uid, gid);
    if (auth && strcmp(auth, "ovis") == 0) {
        options->auth = (struct lc_auth_config){.kind = LC_AUTH_OVIS, .name = "ovis"};
        snprintf(options->auth.secret, sizeof(options->auth.secret), "%s",
                 strcmp(name, "ovis.wrong_secret") == 0 ? "wrong0secret"
                                                        : "throwaway0secret");
    } else {
        int err = lc_auth_configure(&options->auth, auth ? auth : "none", words, why,
                                    sizeof(why));
        assert_int_equal(err, strcmp(name, "auth.unknown") == 0 ? -EINVAL : 0);
    }
}

/* What we must know beforehand to say the same: our challenge, our credential. */
static void
take_seed(const cJSON *row, struct lc_engine_seed *seed)
{
    const cJSON *event;
    static char credential[512];

    cJSON_ArrayForEach(event, cJSON_GetObjectItem(row, "events"))
    {
        const char *x = text_of(event, "x");
        if (!x || strcmp(text_of(event, "d"), "c2s") != 0)
            continue;
        struct hex h = unhex(x);
        struct rd stream = rd_over(h.bytes, h.len);
        struct lc_frame frame;
        struct lc_envelope envelope;
        struct lc_ovis message;
        if (lc_frame_take(&stream, &frame) == 1 && frame.type == LC_ZAP_SENDRECV &&
            lc_envelope_take(frame.data, frame.len, &envelope) == 0 &&
            envelope.command == LC_AUTH_MSG) {
            if (lc_ovis_take(envelope.body, envelope.len, &message) == 0 &&
                message.type == LC_OVIS_CHALLENGE)
                seed->challenge = message.challenge;
            if (envelope.len > 100 && envelope.len < sizeof(credential)) {
                memcpy(credential, envelope.body, envelope.len);
                our_credential = credential;
            }
        }
        free(h.bytes);
    }
}

static void
append(struct hex *all, const void *bytes, size_t len)
{
    uint8_t *more = realloc(all->bytes, all->len + len + 1);
    assert_non_null(more);
    if (len)
        memcpy(more + all->len, bytes, len);
    all->bytes = more;
    all->len += len;
}

struct play {
    struct lc_engine e;
    struct hex ours, recorded;
    struct {
        uint32_t number, recorded_number;
        int *err;
    } calls[CALLS_MAX];
    int errs[CALLS_MAX];
    size_t n_calls;
    int connect;
    char said[LC_ENGINE_WHY_BYTES];
};

static void
take_events(struct play *p)
{
    const struct ldmsctl_event *event;

    while ((event = lc_engine_next(&p->e)) != NULL) {
        if (event->type == LDMSCTL_EVENT_CONNECTED)
            p->connect = event->err;
        if (event->err < 0)
            snprintf(p->said, sizeof(p->said), "%s", p->e.why);
        for (size_t i = 0; i < p->n_calls && event->type == LDMSCTL_EVENT_REPLY; i++)
            if (p->calls[i].number == event->request)
                p->errs[i] = event->err;
    }
}

static struct hex
say(struct play *p)
{
    struct hex said = take_out_bytes(&p->e);
    append(&p->ours, said.bytes, said.len);
    return said;
}

/* The client asked something: ask it too. Its pieces were cut by hand, and come out
 * whole here. */
static void
ask(struct play *p, const struct hex *h)
{
    struct lc_call call;
    char why[LC_CALL_WHY_BYTES];
    uint32_t number,
        msg_no = is_record(h->bytes, h->len) ? rd_be32(h->bytes + AT_MSG_NO) : 0;
    uint8_t record[4096] = {0};
    size_t len = h->len - 44;

    if (is_record(h->bytes, h->len)) {
        if (p->n_calls && p->calls[p->n_calls - 1].recorded_number == msg_no &&
            !(rd_be32(h->bytes + 52) & LC_RECORD_SOM))
            return; /* another piece */
        assert_true(len < sizeof(record) - LC_RECORD_HEAD_BYTES);
        memcpy(record, h->bytes + 44, len);
        if (len < LC_RECORD_HEAD_BYTES + 4)
            len = LC_RECORD_HEAD_BYTES + 4; /* a piece of nothing */
        wr_be32(record, LC_RECORD_MARKER);
        wr_be32(record + 4, LC_RECORD_REQUEST);
        wr_be32(record + 8, LC_RECORD_SOM | LC_RECORD_EOM);
        wr_be32(record + 20, (uint32_t)len);
        assert_int_equal(lc_engine_start_raw(&p->e, record, len, 1, &number), 0);
        for (struct lc_pending *sent = p->e.sent.first; sent; sent = sent->next)
            sent->raw = false;
    } else if (rd_be32(h->bytes + AT_COMMAND) == 0) {
        assert_int_equal(
            lc_call_method(&call, "dir_list", NULL, 0, LDMSCTL_RELEASE_4_5, why), 0);
        assert_int_equal(lc_engine_start(&p->e, &call, 1, &number), 0);
    } else {
        return; /* a command that control clients do not have */
    }
    assert_true(p->n_calls < CALLS_MAX);
    p->calls[p->n_calls].number = number;
    p->calls[p->n_calls].recorded_number = msg_no;
    p->n_calls++;
}

/* Number the answer as its request was now. */
static void
answer(struct play *p, struct hex *h)
{
    if (is_record(h->bytes, h->len)) {
        uint32_t msg_no = rd_be32(h->bytes + AT_MSG_NO);
        for (size_t i = p->n_calls; i-- > 0;)
            if (p->calls[i].recorded_number == msg_no) {
                patch_answer(h->bytes, h->len, p->calls[i].number);
                break;
            }
    } else if (p->n_calls) {
        patch_answer(h->bytes, h->len, p->calls[p->n_calls - 1].number);
    }
    lc_engine_feed(&p->e, h->bytes, h->len, 1);
}

static void
play_event(struct play *p, const cJSON *event)
{
    const char *d = text_of(event, "d"), *x = text_of(event, "x");

    if (strcmp(d, "s2c-close") == 0 && p->e.phase != LC_PHASE_IDLE) {
        lc_engine_say(&p->e, "closed");
        lc_engine_close(&p->e, -ECONNRESET, p->e.phase == LC_PHASE_READY);
    }
    if (x) {
        struct hex h = unhex(x);
        bool ready =
            p->e.phase == LC_PHASE_READY && rd_be16(h.bytes) == LC_ZAP_SENDRECV;
        if (strcmp(d, "c2s") == 0) {
            append(&p->recorded, h.bytes, h.len);
            if (ready && rd_be32(h.bytes + AT_COMMAND) != LC_AUTH_MSG)
                ask(p, &h);
        } else {
            answer(p, &h);
        }
        free(h.bytes);
    }
    free(say(p).bytes);
    take_events(p);
}

static void
play_row(const cJSON *row, const struct end *end)
{
    struct lc_engine_options options = {
        .reply_timeout_ms = 1000, .max_in_flight = 16, .max_response_bytes = 64 << 20};
    struct lc_engine_seed seed = {.address_len = 16};
    struct play p = {.connect = 1};
    const cJSON *event, *events = cJSON_GetObjectItem(row, "events");
    bool by_client = text_of(row, "auth") != NULL;

    configure(row, &options);
    take_seed(row, &seed);
    lc_engine_init(&p.e, &options);
    for (size_t i = 0; i < CALLS_MAX; i++)
        p.errs[i] = -ETIMEDOUT; /* until an answer comes */
    if (cJSON_GetArraySize(events)) {
        const cJSON *c = cJSON_GetObjectItem(cJSON_GetArrayItem(events, 0), "c");
        bool second = strcmp(end->name, "connect.duplicate_rail_id") == 0;
        options.legacy = strncmp(end->name, "connect.legacy", 14) == 0;
        assert_int_equal(lc_engine_open(&p.e, &seed), 0);
        cJSON_ArrayForEach(event, events)
        {
            /* Of two connections, the one that the row is about. */
            const cJSON *of = cJSON_GetObjectItem(event, "c");
            if (!c || !of || (of->valueint != c->valueint) == second)
                play_event(&p, event);
        }
    }
    if (p.connect != end->connect)
        fail_msg("%s: connecting came to %d, not %d: %s", end->name, p.connect,
                 end->connect, p.said);
    if (p.n_calls != end->n_calls)
        fail_msg("%s: %zu calls, not %zu", end->name, p.n_calls, end->n_calls);
    for (size_t i = 0; i < end->n_calls; i++)
        if (p.errs[i] != end->calls[i])
            fail_msg("%s: call %zu came to %d, not %d: %s", end->name, i, p.errs[i],
                     end->calls[i], p.said);
    if (end->says && !strstr(p.said, end->says))
        fail_msg("%s: '%s' does not say '%s'", end->name, p.said, end->says);
    if (by_client)
        assert_same_messages(end->name, p.ours, p.recorded);
    lc_engine_free(&p.e);
    free(p.ours.bytes);
    free(p.recorded.bytes);
}

static const char *const files[] = {"4.5.3/conversations.jsonl",
                                    "main/conversations.jsonl"};

static void
plays(void **state)
{
    const char *const *file = *state;
    char path[512];
    const cJSON *row;
    size_t rows = 0;

    snprintf(path, sizeof(path), "%s/%s", DATA, *file);
    cJSON *lines = read_lines(path);
    cJSON_ArrayForEach(row, lines)
    {
        const char *name = text_of(row, "name");
        assert_true(rows < sizeof(ends) / sizeof(ends[0]));
        assert_string_equal(ends[rows].name, name);
        play_row(row, &ends[rows++]);
    }
    print_message("%s: %zu conversations\n", *file, rows);
    assert_int_equal(rows, sizeof(ends) / sizeof(ends[0]));
    cJSON_Delete(lines);
}

/* Answers in two records: the bytes that came, and how they were joined. */
static void
joins_records(void **state)
{
    const struct {
        const char *release, *name;
        size_t attrs, len;
    } rows[] = {{"4.5.3", "greeting.offset1100000", 1, 1100001},
                {"4.5.3", "greeting.level2", 2, 1048456},
                {"main", "greeting.offset1100000", 1, 1100001},
                {"main", "greeting.level2", 2, 1048456}};
    char path[512];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct lc_engine_options options = {.reply_timeout_ms = 1000,
                                            .max_in_flight = 16,
                                            .max_response_bytes = 8 << 20};
        struct lc_engine_seed seed = {.rail_no = 1};
        struct play p = {.connect = 1};
        const cJSON *event;
        snprintf(path, sizeof(path), "%s/%s/multirecord.jsonl.gz", DATA,
                 rows[i].release);
        cJSON *lines = read_lines(path);
        const cJSON *row = cJSON_GetArrayItem(lines, (int)i % 2);
        assert_string_equal(text_of(row, "name"), rows[i].name);
        configure(row, &options);
        lc_engine_init(&p.e, &options);
        assert_int_equal(lc_engine_open(&p.e, &seed), 0);
        cJSON_ArrayForEach(event, cJSON_GetObjectItem(row, "events"))
        {
            if (!text_of(event, "x"))
                continue;
            struct hex h = unhex(text_of(event, "x"));
            if (text_of(event, "d")[0] == 'c' && is_record(h.bytes, h.len))
                ask(&p, &h);
            else if (text_of(event, "d")[0] == 's')
                answer(&p, &h);
            free(say(&p).bytes);
            free(h.bytes);
        }
        const struct ldmsctl_event *got = lc_engine_next(&p.e); /* connected */
        got = lc_engine_next(&p.e);
        assert_non_null(got);
        assert_int_equal(got->err, 0);
        assert_int_equal(got->reply.n_attrs, rows[i].attrs);
        for (size_t k = 0; k < rows[i].attrs; k++)
            assert_int_equal(got->reply.attrs[k].len, rows[i].len);
        lc_engine_free(&p.e);
        free(p.ours.bytes);
        cJSON_Delete(lines);
    }
}

int
main(void)
{
    struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(plays, (void *)(uintptr_t)&files[0]),
        cmocka_unit_test_prestate(plays, (void *)(uintptr_t)&files[1]),
        cmocka_unit_test(joins_records),
    };
    tests[0].name = files[0];
    tests[1].name = files[1];
    return cmocka_run_group_tests_name("ldmsctl/recorded conversations", tests, NULL,
                                       NULL);
}
