/* SPDX-License-Identifier: MIT */
/* Arguments by name into attributes, as the Communicator's methods do it. */
#include "call.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* The arguments of one call. One whose value is NULL is not given. */
struct args {
    const struct lc_method *method;
    const struct ldmsctl_arg *at;
    size_t n;
    enum ldmsctl_release release;
    char *why;
};

__attribute__((format(printf, 2, 3))) static int
refuse(const struct args *a, const char *format, ...)
{
    va_list list;
    int n = snprintf(a->why, LC_CALL_WHY_BYTES, "%s: ", a->method->pub.name);

    va_start(list, format);
    vsnprintf(a->why + n, LC_CALL_WHY_BYTES - (size_t)n, format, list);
    va_end(list);
    return -EINVAL;
}

/* Names that the documentation gives to arguments, and those of the wire. Where there
 * is no form on the wire, why. */
static const struct {
    const char *method, *name, *param, *why;
} aliases[] = {
    {"failover_config", "primary", "host", NULL},
    {"failover_config", "secondary", NULL, "a daemon knows one partner, its primary"},
    {"failover_config", "timeout", NULL, "use interval and timeout_factor"},
    {"setgroup_add", "expire", NULL, "set groups do not expire"},
    {"setgroup_add", "setgroup", "name", NULL},
    {"setgroup_add", "setlist", "", NULL},
    {"setgroup_del", "setgroup", "name", NULL},
    {"setgroup_ins", "setgroup", "name", NULL},
    {"setgroup_ins", "setname", "instance", NULL},
    {"setgroup_mod", "add", "", NULL},
    {"setgroup_mod", "expire", NULL, "set groups do not expire"},
    {"setgroup_mod", "rm", "", NULL},
    {"setgroup_mod", "setgroup", "name", NULL},
    {"setgroup_rm", "setgroup", "name", NULL},
    {"setgroup_rm", "setname", "instance", NULL},
    {"stream_disable", "name", NULL, "streams are switched all at once"},
    {"stream_enable", "name", NULL, "streams are switched all at once"},
};

static const char *
find_arg(const struct args *a, const char *name)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->at[i].value && strcmp(a->at[i].name, name) == 0)
            return a->at[i].value;
    return NULL;
}

/* An argument goes by its own name, by another one of the documentation, or by the
 * configuration language's word for its attribute. */
static bool
is_for(const struct args *a, const char *name, const struct lc_param *p)
{
    if (strcmp(name, p->pub.name) == 0)
        return true;
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
        if (strcmp(aliases[i].name, name) == 0 &&
            strcmp(aliases[i].method, a->method->pub.name) == 0)
            return aliases[i].param && strcmp(aliases[i].param, p->pub.name) == 0;
    for (size_t i = 0; i < a->method->n_params; i++)
        if (strcmp(name, a->method->params[i].pub.name) == 0)
            return false;
    return p->pub.attribute_id != LC_ATTR_NONE && p->when != LC_FIXED &&
           lc_attr_find(name, strlen(name)) == p->pub.attribute_id;
}

static const char *
value_of(const struct args *a, const struct lc_param *p)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->at[i].value && is_for(a, a->at[i].name, p))
            return a->at[i].value;
    return NULL;
}

/* prdcr_start takes any further attribute by its name. */
static bool
is_further(const struct args *a, const char *name)
{
    return strcmp(a->method->pub.name, "prdcr_start") == 0 &&
           lc_attr_find(name, strlen(name)) != LC_ATTR_NONE;
}

/* What an argument of that name is for; NULL for nothing. */
static const struct lc_param *
find_param(const struct args *a, const char *name)
{
    for (size_t i = 0; i < a->method->n_params; i++)
        if (is_for(a, name, &a->method->params[i]))
            return &a->method->params[i];
    return NULL;
}

/* 0 for the name of another argument, or of one that nobody gives. */
static int
unknown_arg(const struct args *a, const char *name, const char *value)
{
    char list[160] = "";
    size_t len = 0;

    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
        if (strcmp(aliases[i].name, name) == 0 &&
            strcmp(aliases[i].method, a->method->pub.name) == 0) {
            if (aliases[i].param || !value)
                return 0;
            return refuse(a, "%s has no form on the wire: %s", name, aliases[i].why);
        }
    for (size_t i = 0; i < a->method->n_params && len < sizeof(list); i++)
        if (a->method->params[i].when != LC_FIXED)
            len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
                                    len ? " " : "", a->method->params[i].pub.name);
    (void)refuse(a, "no argument '%.40s': it takes %s", name, len ? list : "none");
    return -LDMSCTL_EUNKNOWN;
}

/* Whether one before it has the same name, or another name of the same. */
static int
check_twice(const struct args *a, size_t i, const struct lc_param *p)
{
    const char *name = a->at[i].name;

    for (size_t k = 0; k < i && a->at[i].value; k++) {
        const char *other = a->at[k].name;
        if (!a->at[k].value)
            continue;
        if (strcmp(other, name) == 0) {
            if (strcmp(name, "auth_opt") != 0)
                return refuse(a, "%.40s is given twice", name);
        } else if (p && p == find_param(a, other)) {
            return refuse(a, "%.40s and %.40s are the same", other, name);
        }
    }
    return 0;
}

static int
check_args(const struct args *a)
{
    for (size_t i = 0; i < a->n; i++) {
        const char *name = a->at[i].name;
        if (!name)
            return refuse(a, "an argument has no name");
        const struct lc_param *p = find_param(a, name);
        if (check_twice(a, i, p) < 0)
            return -EINVAL;
        if (p || is_further(a, name))
            continue;
        int err = unknown_arg(a, name, a->at[i].value);
        if (err < 0)
            return err;
    }
    return 0;
}

/* -1 if it is no boolean. The forms that daemons know stay as they are. */
static int
truth_of(const char *text, const char **ret_sent)
{
    static const struct {
        const char *text, *sent;
        int truth;
    } forms[] = {
        {"true", NULL, 1},  {"1", NULL, 1},      {"yes", "true", 1},
        {"on", "true", 1},  {"false", NULL, 0},  {"0", NULL, 0},
        {"no", "false", 0}, {"off", "false", 0}, {"", NULL, 0},
    };

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
        if (strcasecmp(forms[i].text, text) == 0) {
            *ret_sent = forms[i].sent ? forms[i].sent : text;
            return forms[i].truth;
        }
    return -1;
}

/* auth_opt may come in pieces, as a dictionary has it. A word alone means conf=. */
static void
put_auth_opt(struct wr *c, const struct args *a, const struct lc_param *p)
{
    size_t len = 0;

    for (size_t i = 0; i < a->n; i++)
        if (is_for(a, a->at[i].name, p) && a->at[i].value)
            len += strlen(a->at[i].value) + (strchr(a->at[i].value, '=') ? 1 : 6);
    wr_u32(c, 1);
    wr_u32(c, p->pub.attribute_id);
    wr_u32(c, (uint32_t)len);
    for (size_t i = 0; i < a->n; i++)
        if (is_for(a, a->at[i].name, p) && a->at[i].value) {
            if (!strchr(a->at[i].value, '='))
                wr_bytes(c, "conf=", 5);
            wr_bytes(c, a->at[i].value, strlen(a->at[i].value));
            wr_u8(c, ' ');
        }
    if (!c->bad)
        c->at[-1] = '\0';
}

static int
put_param(struct wr *c, const struct args *a, const struct lc_param *p)
{
    const char *value = p->when == LC_FIXED ? NULL : value_of(a, p);
    int truth = 1;

    if (p->pub.required && !value)
        return refuse(a, "needs %s=", p->pub.name);
    if (value && p->pub.type == LDMSCTL_PARAM_BOOLEAN) {
        truth = truth_of(value, &value);
        if (truth < 0)
            return refuse(a, "%s must be true or false, not '%.40s'", p->pub.name,
                          value);
    }
    if (value && p->when == LC_UNTIL_4_5 && a->release > LDMSCTL_RELEASE_4_5)
        value = NULL;
    if (value && !*value && p->when == LC_FILLED)
        value = NULL;
    if (p->when == LC_IF_TRUE)
        value = value && truth ? "true" : NULL;
    if (!value && p->pub.fallback && a->release >= p->pub.since)
        value = p->pub.fallback;
    if (p->when == LC_LOCAL || !value)
        return 0;
    if (p->pub.attribute_id == LC_ATTR_STRING && strcmp(p->pub.name, "auth_opt") == 0)
        put_auth_opt(c, a, p);
    else
        lc_attr_put_text(c, p->pub.attribute_id, value);
    return 0;
}

static int
put_params(struct lc_call *call, const struct args *a)
{
    struct wr c = lc_call_begin(call);

    for (size_t i = 0; i < a->method->n_params; i++) {
        int err = put_param(&c, a, &a->method->params[i]);
        if (err < 0)
            return err;
    }
    for (size_t i = 0; i < a->n; i++)
        if (!find_param(a, a->at[i].name) && is_further(a, a->at[i].name) &&
            a->at[i].value)
            lc_attr_put_text(&c, lc_attr_find(a->at[i].name, strlen(a->at[i].name)),
                             a->at[i].value);
    lc_call_end(call, a->method->pub.request_id, &c);
    return 0;
}

/* prdcr_start and prdcr_stop take a regular expression, unless regex=false: then a name,
 * by the request 3 before theirs. */
static int
call_by_regex(struct lc_call *call, const struct args *a)
{
    const char *regex = find_arg(a, "regex");
    int truth = regex ? truth_of(regex, &regex) : 1;

    if (truth < 0)
        return refuse(a, "regex must be true or false, not '%.40s'", regex);
    int err = put_params(call, a);
    if (err == 0 && !truth) {
        call->steps[0].request_id -= 3;
        wr_be32(call->bytes + call->steps[0].at + 4, LC_ATTR_NAME);
    }
    return err;
}

static bool
is_given(const struct args *a, const char *name)
{
    const char *value = find_arg(a, name);
    return value && *value;
}

static int
call_updtr_add(struct lc_call *call, const struct args *a)
{
    const char *push = find_arg(a, "push"), *interval = find_arg(a, "interval");
    const char *sent;
    struct ldmsctl_arg args[8];
    struct args fixed = *a;
    bool automatic = is_given(a, "auto") || is_given(a, "auto_interval");

    if (push && *push && strcmp(push, "onchange") != 0 && truth_of(push, &sent) != 1)
        return refuse(a, "push must be true or onchange, not '%.40s'", push);
    /* Each of the six is there once at most, and what is empty is not given; but an empty
     * interval means that of the hints, unless something else is meant. Of hints and push,
     * only the hints are sent. */
    fixed.n = 0;
    fixed.at = args;
    for (size_t i = 0; i < a->n; i++) {
        const struct ldmsctl_arg *arg = &a->at[i];
        if (arg->value && (*arg->value || strcmp(arg->name, "name") == 0) &&
            (!automatic || strcmp(arg->name, "push") != 0))
            args[fixed.n++] = *arg;
    }
    if (interval && !*interval && !automatic && !is_given(a, "push"))
        args[fixed.n++] = (struct ldmsctl_arg){"auto", "True"};
    return put_params(call, &fixed);
}

static int
call_updtr_start(struct lc_call *call, const struct args *a)
{
    if (is_given(a, "interval") && is_given(a, "auto_interval"))
        return refuse(a, "interval and auto_interval exclude each other");
    if (is_given(a, "offset") && !is_given(a, "interval"))
        return refuse(a, "offset needs interval=");
    return put_params(call, a);
}

/* primary=HOST:PORT, or [ADDRESS]:PORT */
static int
call_failover_config(struct lc_call *call, const struct args *a)
{
    const char *primary = find_arg(a, "primary");
    const char *colon = primary ? strrchr(primary, ':') : NULL;
    struct ldmsctl_arg args[16];
    char host[256];
    struct args fixed = *a;

    if (!primary)
        return put_params(call, a);
    if (!colon || colon == primary || !colon[1] ||
        (size_t)(colon - primary) >= sizeof(host))
        return refuse(a, "primary must be HOST:PORT, not '%.40s'", primary);
    if (find_arg(a, "host") || find_arg(a, "port"))
        return refuse(a, "primary stands for host and port");
    size_t brackets = *primary == '[' && colon - primary > 2 && colon[-1] == ']';
    snprintf(host, sizeof(host), "%.*s",
             (int)((size_t)(colon - primary) - 2 * brackets), primary + brackets);
    fixed.at = args;
    fixed.n = 0;
    for (size_t i = 0; i < a->n; i++)
        if (a->at[i].value && strcmp(a->at[i].name, "primary") != 0)
            args[fixed.n++] = a->at[i];
    args[fixed.n++] = (struct ldmsctl_arg){"host", host};
    args[fixed.n++] = (struct ldmsctl_arg){"port", colon + 1};
    if (!find_arg(a, "xprt"))
        args[fixed.n++] = (struct ldmsctl_arg){"xprt", "sock"};
    return put_params(call, &fixed);
}

/* Sets that go into a group, or out of it, after the group was made or changed. */
static void
put_members(struct lc_call *call, const struct args *a, const char *arg,
            const char *method)
{
    const char *sets = find_arg(a, arg), *name = find_arg(a, "name");
    struct wr c = lc_call_begin(call);

    if (!sets || !*sets)
        return;
    lc_attr_put_text(&c, LC_ATTR_NAME, name ? name : find_arg(a, "setgroup"));
    lc_attr_put_text(&c, LC_ATTR_INSTANCE, sets);
    lc_call_end(call, lc_method_find(method, strlen(method))->pub.request_id, &c);
}

static int
call_setgroup(struct lc_call *call, const struct args *a)
{
    int err = put_params(call, a);

    if (err < 0)
        return err;
    put_members(call, a, "setlist", "setgroup_ins");
    put_members(call, a, "add", "setgroup_ins");
    put_members(call, a, "rm", "setgroup_rm");
    return 0;
}

static const struct {
    const char *method;
    int (*make)(struct lc_call *, const struct args *);
} special[] = {
    {"failover_config", call_failover_config},
    {"prdcr_start", call_by_regex},
    {"prdcr_stop", call_by_regex},
    {"setgroup_add", call_setgroup},
    {"setgroup_mod", call_setgroup},
    {"updtr_add", call_updtr_add},
    {"updtr_start", call_updtr_start},
};

/* Room for every argument in every step, and for what is sent of its own. */
static int
make_room(struct lc_call *call, const struct args *a)
{
    size_t n = 64;

    for (size_t i = 0; i < a->n; i++)
        if (a->at[i].value)
            n += strlen(a->at[i].value) + LC_ATTR_HEAD_BYTES + 8;
    for (size_t i = 0; i < a->method->n_params; i++)
        if (a->method->params[i].pub.fallback)
            n += strlen(a->method->params[i].pub.fallback) + LC_ATTR_HEAD_BYTES + 1;
    return lc_call_room(call, n * LC_CALL_STEPS);
}

int
lc_call_method(struct lc_call *ret_call, const char *method,
               const struct ldmsctl_arg *args, size_t n_args,
               enum ldmsctl_release release, char ret_why[LC_CALL_WHY_BYTES])
{
    struct args a = {.method = lc_method_find(method, strlen(method)),
                     .at = args,
                     .n = n_args,
                     .release = release,
                     .why = ret_why};
    struct lc_call call = {0};
    int (*make)(struct lc_call *, const struct args *) = put_params;

    if (!a.method) {
        snprintf(ret_why, LC_CALL_WHY_BYTES, "no method '%.60s'", method);
        return -LDMSCTL_EUNKNOWN;
    }
    if (a.method->pub.request_id == 0 && a.method->pub.reply != LDMSCTL_REPLY_SETS)
        return refuse(&a, "is no request, but a call of its own");
    call.name = a.method->pub.name;
    call.reply = a.method->pub.reply;
    for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
        if (strcmp(special[i].method, call.name) == 0)
            make = special[i].make;
    int err = check_args(&a);
    if (err == 0)
        err = make_room(&call, &a);
    if (err == -ENOMEM)
        snprintf(ret_why, LC_CALL_WHY_BYTES, "%s: out of memory", call.name);
    if (err == 0)
        err = make(&call, &a);
    if (err < 0)
        lc_call_free(&call);
    else
        *ret_call = call;
    return err;
}

int
lc_call_room(struct lc_call *call, size_t n)
{
    call->bytes = malloc(n);
    call->room = call->bytes ? n : 0;
    return call->bytes ? 0 : -ENOMEM;
}

struct wr
lc_call_begin(const struct lc_call *call)
{
    return wr_over(call->bytes + call->len, call->room - call->len);
}

void
lc_call_end(struct lc_call *call, uint32_t request_id, const struct wr *c)
{
    call->steps[call->n_steps++] =
        (struct lc_step){.request_id = request_id, .at = call->len, .len = wr_len(c)};
    call->len += wr_len(c);
}

void
lc_call_free(struct lc_call *call)
{
    free(call->bytes);
    *call = (struct lc_call){0};
}
