/* SPDX-License-Identifier: MIT */
/*
 * A PDU, and who sees to it. Exactly one reply follows a request that wants one; nothing
 * is ever sent for a PDU that has none, or pmcd would be one answer behind for good.
 */
#include "pcp/serve.h"
#include "pcp/inprofile.h"

#include <pcp/deprecated.h>

static _Thread_local int context_served = -1;

int
pmdaGetContext(void)
{
    return context_served;
}

void
__pmdaSetContext(int context)
{
    context_served = context;
}

int
pl_reply(struct pl_server *s, size_t len)
{
    return pl_stream_send(s->stream, len) < 0 ? PL_STREAM_BROKEN : 0;
}

static void
trace(const struct pl_server *s, const struct pl_head *head)
{
    const char *type = pl_pdu_name(head->type);
    struct timeval now;
    char date[32];
    struct tm tm;

    if (!pmDebugOptions.libpmda && !(pmDebug & DBG_TRACE_LIBPMDA))
        return;
    pmtimevalNow(&now);
    localtime_r(&now.tv_sec, &tm);
    strftime(date, sizeof(date), "%a %b %e %H:%M:%S", &tm);
    fprintf(stderr, "[%s.%06ld] %s: Received PDU_%s from=%d len=%u\n", date,
            (long)now.tv_usec, s->name, type ? type : "???", (int)head->from,
            (unsigned)head->len);
}

static void
take_profile(struct pl_server *s, const uint8_t *pdu, size_t len)
{
    pmProfile *profile = pl_profile_take(pdu, len);
    int err;

    if (!profile)
        return; /* the one before stays */
    if (s->ext)
        err = s->dispatch->version.any.profile(profile, s->ext);
    else
        err = s->dispatch->version.one.profile(profile);
    if (err < 0) {
        __pmFreeProfile(profile);
        return;
    }
    __pmFreeProfile(*s->profile);
    *s->profile = profile;
}

static void
take_attribute(struct pl_server *s, const uint8_t *pdu, size_t len, int from)
{
    struct pl_attr attr;

    if (s->version < PMDA_INTERFACE_6 || pl_attr_decode(pdu, len, &attr) < 0 ||
        !s->dispatch->version.six.attribute)
        return;
    /* All of its len bytes, whatever is among them, and a NUL that len does not count. */
    char *value = attr.value ? malloc(attr.len + 1) : NULL;
    if (attr.value && !value)
        return;
    if (value) {
        memcpy(value, attr.value, attr.len);
        value[attr.len] = '\0';
    }
    int err = s->dispatch->version.six.attribute(from, attr.key, value, (int)attr.len,
                                                 s->ext);
    if (err < 0)
        pmNotifyErr(LOG_ERR, "%s: Failed to set attribute: %s", s->name, pmErrStr(err));
    free(value);
}

static void
take_error(const struct pl_server *s, const uint8_t *pdu, size_t len, int from)
{
    int32_t code;

    if (pl_error_decode(pdu, len, &code) < 0)
        return;
    if (code != PM_ERR_NOTCONN)
        pmNotifyErr(LOG_ERR, "%s: unexpected error pdu from pmcd: %s?", s->name,
                    pmErrStr(code));
    else if (s->version >= PMDA_INTERFACE_5 && s->ext->e_endCallBack)
        s->ext->e_endCallBack(from);
}

static void
log_unknown(const struct pl_server *s, int32_t type)
{
    const char *name = pl_pdu_name(type);

    /* PCP's library spells it in one way, its manual in the other; somebody greps each */
    if (name)
        pmNotifyErr(LOG_ERR, "%s: Unrecognised pdu type: %s? (Unrecognized pdu type)",
                    s->name, name);
    else
        pmNotifyErr(LOG_ERR,
                    "%s: Unrecognised pdu type: TYPE-%d?? (Unrecognized pdu type)",
                    s->name, (int)type);
}

static pl_answer
answer_to(int32_t type)
{
    switch (type) {
    case PL_FETCH:
        return pl_answer_fetch;
    case PL_RESULT:
        return pl_answer_store;
    case PL_DESC_REQ:
        return pl_answer_desc;
    case PL_INSTANCE_REQ:
        return pl_answer_instance;
    case PL_TEXT_REQ:
        return pl_answer_text;
    case PL_PMNS_NAMES:
        return pl_answer_pmid;
    case PL_PMNS_IDS:
        return pl_answer_names;
    case PL_PMNS_CHILD:
    case PL_PMNS_TRAVERSE:
        return pl_answer_children;
    case PL_LABEL_REQ:
        return pl_answer_label;
    default:
        return NULL;
    }
}

/* What has no reply. */
static void
take_silently(struct pl_server *s, const uint8_t *pdu, const struct pl_head *head)
{
    switch (head->type) {
    case PL_PROFILE:
        take_profile(s, pdu, head->len);
        break;
    case PL_ATTR:
        take_attribute(s, pdu, head->len, head->from);
        break;
    case PL_ERROR:
        take_error(s, pdu, head->len, head->from);
        break;
    case PL_CONTROL_REQ:
        break;
    default:
        log_unknown(s, head->type);
        break;
    }
}

int
pl_serve(struct pl_server *s, bool ahead)
{
    const uint8_t *pdu;
    struct pl_head head;
    int err = pl_stream_read(s->stream, ahead, &pdu, &head);

    if (err == PM_ERR_EOF)
        return err;
    if (err < 0) {
        pmNotifyErr(LOG_ERR, "IPC Error: %s", pmErrStr(err));
        return err;
    }
    trace(s, &head);
    if (s->version >= PMDA_INTERFACE_5) {
        s->ext->e_context = head.from;
        context_served = head.from;
    }
    pl_answer answer = answer_to(head.type);
    int refused = s->check ? s->check() : 0;
    if (refused < 0) {
        if (answer && pl_stream_send_error(s->stream, refused) < 0)
            return PM_ERR_EOF;
        return 0;
    }
    if (!answer) {
        take_silently(s, pdu, &head);
    } else {
        int code = answer(s, pdu, head.len);
        if (code < 0 && pl_stream_send_error(s->stream, code) < 0)
            code = PL_STREAM_BROKEN;
        if (code == PL_STREAM_BROKEN)
            return PM_ERR_EOF; /* pmcd has gone in the middle of the reply */
    }
    if (s->done)
        s->done();
    return 0;
}
