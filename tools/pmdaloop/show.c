/* SPDX-License-Identifier: MIT */
/* What was read of a metric, as pminfo -dtTlf and -x show it. */
#include "show.h"

#include "events.h"

#include <inttypes.h>
#include <pcp/pmapi.h>
#include <string.h>
#include <time.h>

void
show_pmid(uint32_t pmid, char ret[16])
{
    snprintf(ret, 16, "%u.%u.%u", pmid >> 22, pmid >> 10 & 0xfff, pmid & 0x3ff);
}

void
show_indom(uint32_t indom, char ret[16])
{
    snprintf(ret, 16, "%u.%u", indom >> 22, indom & 0x3fffff);
}

const char *
show_code(int code)
{
    return code <= -PMDALOOP_EPROTO && code > -2000 ? pmdaloop_strerror(code)
                                                    : pmErrStr(code);
}

static const char *
type_words(int32_t type)
{
    static const char *const words[] = {"32-bit int",
                                        "32-bit unsigned int",
                                        "64-bit int",
                                        "64-bit unsigned int",
                                        "float",
                                        "double",
                                        "string",
                                        "aggregate",
                                        "static aggregate",
                                        "event record array",
                                        "highres event record array"};

    if (type == PMDALOOP_NOSUPPORT)
        return "Not Supported";
    return type >= 0 && (size_t)type < sizeof(words) / sizeof(words[0]) ? words[type]
                                                                        : "???";
}

static void
put_text(FILE *f, const char *text)
{
    cli_put_safe(f, text, strlen(text));
}

/* Text of several lines, which may be indented with tabs; all else is made safe. */
static void
put_lines(FILE *f, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\t\n");
        cli_put_safe(f, text, len);
        fputc(text[len] == '\t' ? '\t' : '\n', f);
        text += len + (text[len] != '\0');
    }
}

/* ---- values ---- */

static void
put_time(FILE *f, const struct event_record *r, bool highres)
{
    char text[32] = "?";
    time_t t = (time_t)r->unix_s;
    struct tm tm;

    if (localtime_r(&t, &tm))
        strftime(text, sizeof(text), "%H:%M:%S", &tm);
    if (highres)
        fprintf(f, "%s.%09" PRIu32, text, r->nsec);
    else
        fprintf(f, "%s.%03" PRIu32, text, r->nsec / 1000000);
}

static void
put_event_span(FILE *f, const struct pmdaloop_value *v)
{
    struct events e = events_over(v);
    uint32_t n = e.n, seen = 0;
    struct event_record first = {0}, last = {0};

    for (struct event_record r; events_next(&e, &r); last = r)
        if (seen++ == 0)
            first = r;
    fprintf(f, "[%" PRIu32 " event record%s", n, n == 1 ? "" : "s");
    if (seen > 0) {
        fputs(n == 1 ? " timestamp " : " timestamps ", f);
        put_time(f, &first, e.highres);
        if (seen > 1) {
            fputs("...", f);
            put_time(f, &last, e.highres);
        }
    }
    fputs(e.bad ? ", the rest malformed]" : "]", f);
}

static void
put_value(FILE *f, const struct pmdaloop_value *v)
{
    const uint8_t *bytes = v->type >= PMDALOOP_STRING ? v->as.bytes : NULL;

    switch (v->type) {
    case PMDALOOP_32:
        fprintf(f, "%" PRId32, v->as.i32);
        break;
    case PMDALOOP_U32:
        fprintf(f, "%" PRIu32, v->as.u32);
        break;
    case PMDALOOP_64:
        fprintf(f, "%" PRId64, v->as.i64);
        break;
    case PMDALOOP_U64:
        fprintf(f, "%" PRIu64, v->as.u64);
        break;
    case PMDALOOP_FLOAT:
        fprintf(f, "%.8g", (double)v->as.f);
        break;
    case PMDALOOP_DOUBLE:
        fprintf(f, "%.16g", v->as.d);
        break;
    case PMDALOOP_STRING:
        fputc('"', f);
        cli_put_safe(f, v->as.bytes, v->len);
        fputc('"', f);
        break;
    case PMDALOOP_EVENT:
    case PMDALOOP_HIGHRES_EVENT:
        put_event_span(f, v);
        break;
    default:
        fputc('[', f);
        for (size_t i = 0; bytes && i < v->len; i++)
            fprintf(f, "%02x", bytes[i]);
        fputc(']', f);
    }
}

static void
put_flags(FILE *f, uint32_t flags)
{
    static const struct {
        uint32_t flag;
        const char *name;
    } names[] = {
        {PMDALOOP_RECORD_POINT, "point"},   {PMDALOOP_RECORD_START, "start"},
        {PMDALOOP_RECORD_END, "end"},       {PMDALOOP_RECORD_ID, "id"},
        {PMDALOOP_RECORD_PARENT, "parent"}, {PMDALOOP_RECORD_MISSED, "missed"}};
    const char *before = " (";

    fprintf(f, " flags 0x%" PRIx32, flags);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (flags & names[i].flag) {
            fprintf(f, "%s%s", before, names[i].name);
            before = ",";
        }
    fputs(*before == ',' ? ")" : "", f);
}

static void
put_records(FILE *f, const struct pmdaloop_value *v)
{
    struct events e = events_over(v);
    struct event_record r;
    struct event_param p;
    char pmid[16];

    for (unsigned i = 0; events_next(&e, &r); i++) {
        fprintf(f, "    --- event record [%u] timestamp ", i);
        put_time(f, &r, e.highres);
        put_flags(f, r.flags);
        fputs(" ---\n", f);
        if (r.flags & PMDALOOP_RECORD_MISSED)
            fprintf(f, "        ==> %" PRIu32 " missed event records\n", r.missed);
        while (events_next_param(&r, &p)) {
            show_pmid(p.pmid, pmid);
            fprintf(f, "    %s\n        value ", pmid);
            put_value(f, &p.value);
            fputc('\n', f);
        }
    }
}

static void
put_instance(FILE *f, const struct reading *r, const struct reading_value *v)
{
    if (r->desc.indom == (uint32_t)PMDALOOP_NO_INDOM) {
        fputs("    ", f);
        return;
    }
    fprintf(f, "    inst [%" PRId32 " or ", v->inst);
    if (v->name) {
        fputc('"', f);
        put_text(f, v->name);
        fputs("\"] ", f);
    } else {
        fputs("???] ", f);
    }
}

static void
put_values(FILE *f, const struct reading *r)
{
    if (r->fetch_code)
        fprintf(f, "Error: %s\n", show_code(r->fetch_code));
    else if (r->n_values == 0)
        fputs("No value(s) available!\n", f);
    for (size_t i = 0; i < r->n_values; i++) {
        const struct reading_value *v = &r->values[i];
        put_instance(f, r, v);
        fputs("value ", f);
        put_value(f, &v->value);
        fputc('\n', f);
        if (v->value.type == PMDALOOP_EVENT || v->value.type == PMDALOOP_HIGHRES_EVENT)
            put_records(f, &v->value);
    }
    for (size_t i = 0; i < r->n_instances; i++)
        if (r->instances[i].labels) {
            put_instance(f, r, &r->instances[i]);
            fputs("labels ", f);
            put_text(f, r->instances[i].labels);
            fputc('\n', f);
        }
}

/* ---- the rest ---- */

static void
put_desc(FILE *f, const struct pmdaloop_desc *d)
{
    char indom[16], units_words[64];
    pmUnits units;

    if (d->indom == (uint32_t)PMDALOOP_NO_INDOM)
        snprintf(indom, sizeof(indom), "PM_INDOM_NULL");
    else
        show_indom(d->indom, indom);
    memcpy(&units, &d->units, sizeof(units));
    (void)pmUnitsStr_r(&units, units_words, sizeof(units_words));
    fprintf(f, "    Data Type: %s  InDom: %s 0x%" PRIx32 "\n", type_words(d->type),
            indom, d->indom);
    fprintf(f, "    Semantics: %s", pmSemStr(d->sem));
    if (strcmp(pmSemStr(d->sem), "???") == 0)
        fprintf(f, " (%" PRId32 ")", d->sem);
    fprintf(f, "  Units: %s\n", *units_words ? units_words : "none");
}

void
show_text(const struct reading *r, FILE *f)
{
    fputc('\n', f);
    put_text(f, r->name);
    if (r->desc_code) {
        fprintf(f, "\nError: %s\n", show_code(r->desc_code));
        return;
    }
    if (r->help) {
        fputs(" [", f);
        put_text(f, r->help);
        fputs("]\n", f);
    } else {
        fprintf(f, " One-line Help: Error: %s\n", show_code(r->help_code));
    }
    put_desc(f, &r->desc);
    if (r->labels) {
        fputs("    labels ", f);
        put_text(f, r->labels);
        fputc('\n', f);
    }
    if (r->text) {
        fputs("Help:\n", f);
        put_lines(f, !*r->text && r->help ? r->help : r->text);
    } else {
        fprintf(f, "Full Help: Error: %s\n", show_code(r->text_code));
    }
    put_values(f, r);
}
