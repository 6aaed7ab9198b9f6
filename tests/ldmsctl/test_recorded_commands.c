/* SPDX-License-Identifier: MIT */
/* Every recorded request and answer: the bytes that we send for it are the recorded
 * ones, and the recorded answer decodes to the recorded result. */
#include "replay.h"

enum { ARGS_MAX = 16, ENOTCONN_OF_REFERENCE = 107 };

static struct lc_engine_options options = {
    .auth = {.kind = LC_AUTH_NONE, .name = "none"},
    .reply_timeout_ms = 5000,
    .max_in_flight = 16,
    .max_response_bytes = 64 << 20,
};

/* Python's arguments as text, as its str() has them. */
static size_t
read_args(const cJSON *row, struct ldmsctl_arg *args)
{
    const cJSON *arg;
    size_t n = 0;

    cJSON_ArrayForEach(arg, cJSON_GetObjectItem(row, "args"))
    {
        const char *value = cJSON_IsTrue(arg)    ? "True"
                            : cJSON_IsFalse(arg) ? "False"
                                                 : cJSON_GetStringValue(arg);
        assert_true(n < ARGS_MAX);
        if (value)
            args[n++] = (struct ldmsctl_arg){arg->string, value};
        else
            assert_true(cJSON_IsNull(arg));
    }
    return n;
}

/* The messages of one direction, one after the other. */
static struct hex
recorded(const cJSON *row, const char *direction)
{
    const cJSON *event;
    struct hex all = {NULL, 0};

    cJSON_ArrayForEach(event, cJSON_GetObjectItem(row, "events"))
    {
        const char *x = text_of(event, "x");
        if (!x || strcmp(text_of(event, "d"), direction) != 0)
            continue;
        struct hex one = unhex(x);
        uint8_t *more = realloc(all.bytes, all.len + one.len);
        assert_non_null(more);
        memcpy(more + all.len, one.bytes, one.len);
        all.bytes = more;
        all.len += one.len;
        free(one.bytes);
    }
    return all;
}

/* greeting hands out its attributes one by one. */
static void
check_items(const cJSON *row, const struct ldmsctl_reply *reply)
{
    const cJSON *item;
    size_t i = 0;

    cJSON_ArrayForEach(item, cJSON_GetObjectItem(row, "items"))
    {
        if (strcmp(text_of(row, "method"), "dir_list") == 0) {
            assert_true(i < reply->n_sets);
            assert_string_equal(reply->sets[i].name, text_of(item, "name"));
            assert_string_equal(reply->sets[i].schema, text_of(item, "schema"));
            assert_string_equal(reply->sets[i].perm, text_of(item, "perm"));
            assert_int_equal(reply->sets[i].card,
                             cJSON_GetObjectItem(item, "card")->valueint);
        } else {
            const char *value = text_of(item, "value");
            assert_true(i < reply->n_attrs);
            assert_int_equal(reply->attrs[i].id,
                             cJSON_GetObjectItem(item, "attr_id")->valueint);
            assert_memory_equal(reply->attrs[i].value, value, strlen(value));
        }
        i++;
    }
    assert_int_equal(i, strcmp(text_of(row, "method"), "dir_list") == 0
                            ? reply->n_sets
                            : reply->n_attrs);
}

static void
check_reply(const cJSON *row, const struct ldmsctl_event *event)
{
    const char *text = text_of(row, "text"), *name = text_of(row, "name");
    const struct ldmsctl_reply *reply = &event->reply;
    int status = cJSON_GetObjectItem(row, "status")->valueint;

    if (reply->status != status)
        fail_msg("%s: status %d, not %d", name, reply->status, status);
    if (status != 0)
        assert_int_equal(event->err, -LDMSCTL_EREFUSED);
    const cJSON *items = cJSON_GetObjectItem(row, "items");
    if (cJSON_IsNumber(items)) { /* of getCfgCntr, 0 where it was refused */
        assert_int_equal(status == 0 ? atoi(reply->text) : 0, items->valueint);
        return;
    }
    if (items) {
        check_items(row, reply);
        return;
    }
    if (!text) {
        assert_null(reply->text);
        return;
    }
    assert_non_null(reply->text);
    assert_int_equal(strlen(reply->text), reply->text_len);
    /* The reference keeps the NUL that some texts end in. */
    size_t len = strlen(text);
    if (reply->text_len != len || memcmp(reply->text, text, len) != 0)
        fail_msg("%s: '%s', not '%s'", name, reply->text, text);
}

/* Rows without bytes: the reference refused, or had no connection. */
static void
check_unsent(const cJSON *row, struct lc_engine *e, struct lc_call *call, int err)
{
    const cJSON *status = cJSON_GetObjectItem(row, "status");
    uint32_t number;

    if (!status) { /* the reference stumbles over itself; we send what it meant */
        assert_non_null(text_of(row, "client_side"));
        assert_int_equal(err, 0);
        assert_int_equal(call->steps[0].request_id, 0x601);
        lc_call_free(call);
    } else if (status->valueint == ENOTCONN_OF_REFERENCE) {
        assert_int_equal(err, 0);
        assert_int_equal(lc_engine_start(e, call, 1, &number), 0);
        lc_engine_close(e, -ECONNRESET, true);
        assert_int_equal(lc_engine_next(e)->err, -ECONNRESET);
    } else {
        assert_int_equal(err, -status->valueint);
    }
}

static void
check_row(const cJSON *row)
{
    const char *name = text_of(row, "name");
    struct ldmsctl_arg args[ARGS_MAX];
    struct lc_engine e;
    struct lc_call call;
    char why[LC_CALL_WHY_BYTES] = "";
    size_t n = read_args(row, args);
    int err =
        lc_call_method(&call, text_of(row, "method"), args, n, options.release, why);
    struct hex wanted = recorded(row, "c2s"), answer = recorded(row, "s2c");
    uint32_t number = 0;

    make_ready(&e, &options);
    if (wanted.len == 0) {
        check_unsent(row, &e, &call, err);
    } else {
        if (err < 0)
            fail_msg("%s: %s", name, why);
        assert_int_equal(lc_engine_start(&e, &call, 1, &number), 0);
        struct hex ours = take_out_bytes(&e);
        assert_same_messages(name, ours, wanted);
        free(ours.bytes);
        struct rd stream = rd_over(answer.bytes, answer.len);
        while (rd_left(&stream)) {
            size_t size = lc_frame_size(stream.at, rd_left(&stream));
            struct hex one = hex_cut(rd_bytes(&stream, size), size);
            patch_answer(one.bytes, size, number);
            lc_engine_feed(&e, one.bytes, size, 1);
            free(one.bytes);
        }
        const struct ldmsctl_event *event = lc_engine_next(&e);
        if (!event)
            fail_msg("%s: no answer", name);
        check_reply(row, event);
        assert_null(lc_engine_next(&e));
    }
    free(wanted.bytes);
    free(answer.bytes);
    lc_engine_free(&e);
}

static struct file {
    const char *name;
    enum ldmsctl_release release;
    int rows;
} files[] = {
    {"4.5.3/commands.jsonl", LDMSCTL_RELEASE_4_5, 249},
    {"4.5.3/commands-unprivileged.jsonl", LDMSCTL_RELEASE_4_5, 43},
    {"main/commands.jsonl", LDMSCTL_RELEASE_MAIN, 247},
    {"main/commands-unprivileged.jsonl", LDMSCTL_RELEASE_MAIN, 43},
};

static void
replays(void **state)
{
    const struct file *file = *state;
    char path[512];
    const cJSON *row;
    int rows = 0;

    snprintf(path, sizeof(path), "%s/%s", DATA, file->name);
    cJSON *lines = read_lines(path);
    options.release = file->release;
    cJSON_ArrayForEach(row, lines)
    {
        check_row(row);
        rows++;
    }
    print_message("%s: %d requests and answers\n", file->name, rows);
    assert_int_equal(rows, file->rows);
    cJSON_Delete(lines);
}

int
main(void)
{
    enum { ROWS = sizeof(files) / sizeof(files[0]) };
    struct CMUnitTest tests[ROWS];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(replays, &files[i]);
        tests[i].name = files[i].name;
    }
    return cmocka_run_group_tests_name("ldmsctl/recorded commands", tests, NULL, NULL);
}
