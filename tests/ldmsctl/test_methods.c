/* SPDX-License-Identifier: MIT */
/* The table, the header, the version script, the manual and the typed functions are one
 * list of methods; and a typed function sends what the call by name sends. */
#include "peer.h"

#include "command.h"

#include <dirent.h>

enum { ARGS_MAX = 16 };

#define TYPED(function, method, call, ...)                                             \
    static int typed_##function(struct ldmsctl *lc)                                    \
    {                                                                                  \
        return ldmsctl_##function call;                                                \
    }
#include "typed_calls.inc"
#undef TYPED

static const struct row {
    const char *method, *function;
    int (*call)(struct ldmsctl *lc);
    struct ldmsctl_arg args[ARGS_MAX];
} rows[] = {
#define TYPED(function, method, call, ...)                                             \
    {method, "ldmsctl_" #function, typed_##function, {__VA_ARGS__}},
#include "typed_calls.inc"
#undef TYPED
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static void
typed_functions_send_what_names_send(void **state)
{
    struct ldmsctl_options options = {.size = sizeof(options),
                                      .release = LDMSCTL_RELEASE_MAIN};
    struct ldmsctl *lc;
    struct peer p;

    (void)state;
    peer_start(&p, PEER_ANSWERS, NULL, 1);
    assert_int_equal(ldmsctl_new(&lc, &options), 0);
    assert_int_equal(ldmsctl_connect(lc, "127.0.0.1", p.port), 0);
    for (size_t i = 0; i < ROWS; i++) {
        size_t n = 0;
        while (n < ARGS_MAX && rows[i].args[n].name)
            n++;
        if (rows[i].call(lc) != 0 ||
            ldmsctl_call(lc, rows[i].method, rows[i].args, n, NULL) != 0)
            fail_msg("%s: %s", rows[i].method, ldmsctl_errmsg(lc));
        assert_int_equal(p.n_requests, 2 * i + 2);
        if (p.requests[2 * i].id != p.requests[2 * i + 1].id ||
            p.requests[2 * i].len != p.requests[2 * i + 1].len ||
            memcmp(p.requests[2 * i].bytes, p.requests[2 * i + 1].bytes,
                   p.requests[2 * i].len) != 0)
            fail_msg("%s differs by name", rows[i].function);
        if (n && strcmp(rows[i].method, "profiling") != 0)
            assert_true(p.requests[2 * i].len > 4);
    }
    print_message("%d typed functions\n", ROWS);
    ldmsctl_free(lc);
    peer_stop(&p);
}

typedef void (*any_function)(void);

/* Those that are no requests have shapes of their own. */
static const struct {
    const char *method;
    any_function function;
} others[] = {
    {"close", (any_function)ldmsctl_close},
    {"connect", (any_function)ldmsctl_connect},
    {"dir_list", (any_function)ldmsctl_dir_list},
    {"getHost", (any_function)ldmsctl_get_host},
    {"getMaxRecvLen", (any_function)ldmsctl_get_max_recv_len},
    {"getPort", (any_function)ldmsctl_get_port},
    {"getState", (any_function)ldmsctl_get_state},
    {"get_cmd_attr_list", (any_function)ldmsctl_get_cmd_attr_list},
    {"receive_response", (any_function)ldmsctl_receive_response},
    {"reconnect", (any_function)ldmsctl_reconnect},
    {"send_command", (any_function)ldmsctl_send_command},
};

static void
every_method_is_a_function(void **state)
{
    enum { OTHERS = sizeof(others) / sizeof(others[0]) };
    size_t found = 0;

    (void)state;
    assert_int_equal(ROWS + OTHERS, lc_n_methods);
    for (size_t m = 0; m < lc_n_methods; m++) {
        for (size_t i = 0; i < ROWS; i++)
            if (strcmp(rows[i].method, lc_methods[m].pub.name) == 0) {
                assert_string_equal(rows[i].function, lc_methods[m].pub.function);
                found++;
            }
        for (size_t i = 0; i < OTHERS; i++)
            found += others[i].function &&
                     strcmp(others[i].method, lc_methods[m].pub.name) == 0;
        assert_int_equal(found, m + 1);
    }
}

static char *
read_file(const char *path)
{
    char full[600];
    char *text = calloc(1, 1 << 20);

    snprintf(full, sizeof(full), "%s/%s", SOURCE, path);
    FILE *f = fopen(full, "re");
    if (!f)
        fail_msg("%s is not there", full);
    assert_true(fread(text, 1, (1 << 20) - 1, f) > 0);
    fclose(f);
    return text;
}

static void
header_map_and_manual_have_them_all(void **state)
{
    char *header = read_file("include/ldmsctl.h");
    char *map = read_file("libldmsctl.map");
    char *manual = read_file("man/ldmsctl-methods.7");
    char line[128];

    (void)state;
    for (size_t i = 0; i < lc_n_methods; i++) {
        const struct ldmsctl_method *m = &lc_methods[i].pub;
        snprintf(line, sizeof(line), "%s(", m->function);
        if (!strstr(header, line))
            fail_msg("the header lacks %s", line);
        snprintf(line, sizeof(line), "    %s;\n", m->function);
        if (!strstr(map, line))
            fail_msg("the version script lacks %s", m->function);
        snprintf(line, sizeof(line), "\n.It Ic %s", m->name);
        if (!strstr(manual, line))
            fail_msg("the manual lacks %s", m->name);
        snprintf(line, sizeof(line), "\n.Fn %s", m->function);
        if (!strstr(manual, line))
            fail_msg("the manual lacks the function of %s", m->name);
        if (!strstr(manual, m->help))
            fail_msg("the manual says of %s something else than the table", m->name);
    }
    free(header);
    free(map);
    free(manual);
}

/* The text of every page, one after the other. */
static char *
read_manual(void)
{
    char path[300];
    char *all = calloc(1, 1 << 20);
    DIR *dir;

    snprintf(path, sizeof(path), "%s/man", SOURCE);
    dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "man/%.200s", entry->d_name);
        char *page = read_file(path);
        assert_true(strlen(all) + strlen(page) < 1 << 20);
        strcat(all, page);
        free(page);
    }
    closedir(dir);
    return all;
}

/* Every function of the header has its synopsis in a page. */
static void
the_manual_has_every_function(void **state)
{
    char *header = read_file("include/ldmsctl.h"), *manual = read_manual();
    char wanted[128];
    int n = 0;

    (void)state;
    for (char *at = header; (at = strstr(at, "\nLDMSCTL_API ")) != NULL; n++) {
        char *name = strstr(++at, "ldmsctl_"), *end = strchr(at, '(');
        for (char *next; (next = strstr(name + 1, "ldmsctl_")) && next < end;)
            name = next; /* the last before the parenthesis is the function */
        snprintf(wanted, sizeof(wanted), "\n.Fn %.*s \"", (int)(end - name), name);
        if (!strstr(manual, wanted))
            fail_msg("no page has %.*s", (int)(end - name), name);
    }
    assert_true(n > 140);
    free(header);
    free(manual);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typed_functions_send_what_names_send),
        cmocka_unit_test(every_method_is_a_function),
        cmocka_unit_test(header_map_and_manual_have_them_all),
        cmocka_unit_test(the_manual_has_every_function),
    };
    return cmocka_run_group_tests_name("ldmsctl/methods", tests, NULL, NULL);
}
