/* SPDX-License-Identifier: MIT */
/* Answers about names and labels: PMNS_NAMES, PMNS_IDS, PMNS_CHILD, PMNS_TRAVERSE,
 * LABEL_REQ. */
#include "pcp/serve.h"

static bool
has_names(const struct pl_server *s)
{
    return s->version >= PMDA_INTERFACE_4;
}

int
pl_answer_pmid(struct pl_server *s, const uint8_t *pdu, size_t len)
{
    struct pl_names names;
    struct pl_name name;
    pmID pmid = PM_ID_NULL;

    if (pl_names_decode(pdu, len, &names) < 0)
        return PM_ERR_IPC;
    if (!has_names(s) || !s->dispatch->version.four.pmid)
        return PM_ERR_NAME;
    if (names.n != 1 || !pl_names_next(&names, &name))
        return PM_ERR_IPC;
    char *text = strndup(name.name ? name.name : "", name.len);
    if (!text)
        return -ENOMEM;
    int status = s->dispatch->version.four.pmid(text, &pmid, s->ext);
    free(text);
    if (status < 0)
        return status;
    enum { IDS_BYTES = 24 };
    uint8_t *room = pl_stream_room(s->stream, IDS_BYTES);
    if (!room)
        return -ENOMEM;
    struct wr w = wr_over(room, IDS_BYTES);
    pl_ids_encode(&w, PL_PMNS_IDS, 0, status, &pmid, 1);
    return pl_reply(s, wr_len(&w));
}

/* n names, with what they are when status is not NULL. */
static int
put_names(struct pl_server *s, char **names, const int *status, int n)
{
    size_t bytes = 24;

    for (int i = 0; i < n; i++) {
        if (!names || !names[i])
            return PM_ERR_GENERIC;
        bytes += 8 + pl_pad4(strlen(names[i]));
    }
    uint8_t *room = pl_stream_room(s->stream, bytes);
    if (!room)
        return -ENOMEM;
    struct wr w = wr_over(room, bytes);
    struct pl_list_wr list = pl_names_begin(&w, 0, status != NULL);
    for (int i = 0; i < n; i++)
        pl_names_add(&list, names[i], strlen(names[i]), status ? status[i] : 0);
    pl_names_end(&list);
    return w.bad ? PM_ERR_TOOBIG : pl_reply(s, wr_len(&w));
}

int
pl_answer_names(struct pl_server *s, const uint8_t *pdu, size_t len)
{
    struct pl_ids ids;
    char **names = NULL;

    if (pl_ids_decode(pdu, len, &ids) < 0 || ids.n != 1)
        return PM_ERR_IPC;
    if (ids.status < 0)
        return ids.status;
    if (!has_names(s) || !s->dispatch->version.four.name)
        return PM_ERR_PMID;
    int n = s->dispatch->version.four.name(rd_be32(ids.pmids), &names, s->ext);
    if (n < 0)
        return n;
    int sent = put_names(s, names, NULL, n);
    if (n > 0)
        free(names);
    return sent;
}

int
pl_answer_children(struct pl_server *s, const uint8_t *pdu, size_t len)
{
    struct pl_name req;
    char **names = NULL;
    int *status = NULL;
    bool traverse = rd_be32(pdu + 4) == PL_PMNS_TRAVERSE;

    if (pl_name_req_decode(pdu, len, &req) < 0)
        return PM_ERR_IPC;
    if (!has_names(s) || !s->dispatch->version.four.children)
        return PM_ERR_NAME;
    char *name = strndup(req.name ? req.name : "", req.len);
    if (!name)
        return -ENOMEM;
    int n = s->dispatch->version.four.children(name, traverse, &names, &status, s->ext);
    free(name);
    if (n < 0)
        return n;
    bool with_status = !traverse && req.status != 0 && status;
    static const int none = 0;
    int sent = put_names(s, names,
                         with_status                         ? status
                         : n == 0 && req.status && !traverse ? &none
                                                             : NULL,
                         n);
    if (n > 0) {
        free(names);
        free(status);
    }
    return sent;
}

/* Does every label stand within its set's text? */
static bool
is_sound(const pmLabelSet *set)
{
    if (set->nlabels > PL_MAX_LABELS ||
        (set->nlabels > 0 && (!set->json || !set->labels)))
        return false;
    for (int i = 0; i < set->nlabels; i++) {
        const pmLabel *l = &set->labels[i];
        if ((size_t)l->name + l->namelen > set->jsonlen ||
            (size_t)l->value + l->valuelen > set->jsonlen)
            return false;
    }
    return true;
}

static int
put_labels(struct pl_server *s, const struct pl_ident *req, const pmLabelSet *sets,
           int n)
{
    size_t n_labels = 0, bytes = 28, k = 0;

    for (int i = 0; i < n; i++) {
        bool any = is_sound(&sets[i]) && sets[i].nlabels > 0;
        n_labels += any ? (size_t)sets[i].nlabels : 0;
        bytes += 16 + (any ? (size_t)sets[i].nlabels * 8 + sets[i].jsonlen : 0);
    }
    struct pl_label_set *out = calloc((size_t)n + 1, sizeof(*out));
    struct pl_label *labels = calloc(n_labels + 1, sizeof(*labels));
    uint8_t *room = pl_stream_room(s->stream, bytes);
    int sent = -ENOMEM;
    if (!out || !labels || !room)
        goto done;
    for (int i = 0; i < n; i++) {
        const pmLabelSet *set = &sets[i];
        out[i].inst = req->kind & PM_LABEL_INSTANCES ? (int32_t)set->inst : -1;
        out[i].n = is_sound(set) ? set->nlabels : -EINVAL;
        out[i].json = "";
        if (out[i].n <= 0)
            continue;
        out[i].json = set->json;
        out[i].json_len = set->jsonlen;
        out[i].labels = &labels[k];
        for (int j = 0; j < set->nlabels; j++) {
            const pmLabel *l = &set->labels[j];
            labels[k++] =
                (struct pl_label){l->name, l->namelen, l->flags, l->value, l->valuelen};
        }
    }
    struct wr w = wr_over(room, bytes);
    pl_labels_encode(&w, 0, req->ident, req->kind, out, (uint32_t)n);
    sent = w.bad ? PM_ERR_TOOBIG : pl_reply(s, wr_len(&w));
done:
    free(out);
    free(labels);
    return sent;
}

int
pl_answer_label(struct pl_server *s, const uint8_t *pdu, size_t len)
{
    struct pl_ident req;
    pmLabelSet *sets = NULL;
    int n = 0;

    if (pl_label_req_decode(pdu, len, &req) < 0)
        return PM_ERR_IPC;
    if (s->version >= PMDA_INTERFACE_7 && s->dispatch->version.seven.label)
        n = s->dispatch->version.seven.label((int)req.ident, req.kind, &sets, s->ext);
    if (n < 0)
        return n;
    if (!sets)
        n = 0;
    int sent =
        put_labels(s, &req, sets, n > 1 && !(req.kind & PM_LABEL_INSTANCES) ? 1 : n);
    pmFreeLabelSets(sets, n);
    return sent;
}
