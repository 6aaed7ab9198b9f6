/* SPDX-License-Identifier: MIT */
/* A ready agent's configuration, up to a NUL, and behind it the lines that feed it. The
 * instances that the agent knows are those that the library knows, and each counts its
 * values rightly. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
check(int ok)
{
    if (!ok)
        abort();
}

static void
check_instances(const struct config *c, size_t which)
{
    const struct config_indom *x = &c->indoms[which];
    size_t n_here = 0;

    for (size_t i = 0; i < x->instances.n; i++) {
        const struct instance *one = &x->instances.list[i];
        uint32_t n_values = 0;
        for (size_t k = 0; k < x->n_cells; k++)
            n_values += i < x->cells[k]->n && x->cells[k]->values[i].is_there;
        check(n_values == one->n_values && (one->is_here || n_values == 0));
        n_here += one->is_here;
        if (one->is_here)
            check(pmdaloop_find_instance(c->pl, c->decls[which].serial, one->name) ==
                  (int)i);
    }
    check(n_here == x->instances.n_here);
}

struct told {
    char line[1 << 16];
    size_t len;
};

static void
tell(void *whom, const char *line, size_t len)
{
    struct told *t = whom;

    check(len > 0 && line[len - 1] == '\n');
    t->len = len - 1 < sizeof(t->line) ? len - 1 : 0;
    memcpy(t->line, line, t->len);
}

/* What is stored is told as a line that feeds the same. */
static void
store_one(struct config *c, const struct pmdaloop_metric *m, int32_t inst)
{
    const struct pmdaloop_value one = {.type = PMDALOOP_U64, .as.u64 = UINT64_MAX};
    struct pmdaloop_value v = {.type = m->type};
    static struct told told;

    told.len = 0;
    c->tell = tell;
    c->whom = &told;
    if (config_store(c->pl, m, inst, &one) != 0 || told.len == 0)
        return;
    check(config_take_line(c, told.line, told.len));
    check(config_fetch(c->pl, m, inst, &v) == PMDALOOP_VALUE);
    check(v.as.u64 == UINT64_MAX);
}

/* All values, as a fetch asks for them; what is writable is stored into. */
static void
fetch_all(struct config *c)
{
    char json[64];

    (void)config_refresh(c->pl);
    for (size_t i = 0; i < c->n_cells; i++) {
        const struct pmdaloop_metric *m = &c->metrics[i];
        const struct config_indom *x = c->cells[i].indom;
        struct pmdaloop_value v = {.type = m->type};
        if (!x)
            (void)config_fetch(c->pl, m, PMDALOOP_NO_INST, &v);
        for (size_t k = 0; x && k < x->instances.n; k++) {
            if (!x->instances.list[k].is_here)
                continue;
            if (config_fetch(c->pl, m, (int32_t)k, &v) == PMDALOOP_VALUE)
                check(m->type != PMDALOOP_STRING || strlen(v.as.bytes) < 1 << 20);
            (void)config_label(c->pl, m->indom, (int32_t)k, json, sizeof(json));
            if (m->type == PMDALOOP_U64)
                store_one(c, m, (int32_t)k);
        }
    }
}

static void
feed(struct config *c, const char *lines, size_t len)
{
    while (len > 0) {
        const char *end = memchr(lines, '\n', len);
        size_t n = end ? (size_t)(end - lines) : len;
        uint64_t taken = c->lines + c->bad_lines;
        *c->why = '\0';
        check(config_take_line(c, lines, n) || *c->why != '\0');
        check(c->lines + c->bad_lines == taken + 1);
        c->now_ms += 500;
        fetch_all(c);
        n += end != NULL;
        lines += n;
        len -= n;
    }
    for (size_t i = 0; i < c->n_indoms; i++)
        check_instances(c, i);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const uint8_t *end = len ? memchr(bytes, 0, len) : NULL;
    size_t n = end ? (size_t)(end - bytes) : len;
    struct config c;

    if (!config_parse(&c, (const char *)bytes, n)) {
        check(*c.why != '\0');
    } else {
        const struct pmdaloop_options o = {
            .size = sizeof(o), .name = c.name, .domain = c.domain};
        const struct pmdaloop_table table = config_table(&c);
        check(pmdaloop_new(&c.pl, &o) == 0);
        pmdaloop_set_user(c.pl, &c);
        c.now_ms = 1000000;
        if (pmdaloop_set_table(c.pl, &table) == 0 && end)
            feed(&c, (const char *)end + 1, len - n - 1);
        pmdaloop_free(c.pl);
    }
    config_free(&c);
    return 0;
}
